"""Texts beside texts: verified quotations, compared reports, plans beside the next report, checked drafts, similar paragraphs."""

from __future__ import annotations

from typing import Annotated, NotRequired, TypedDict

from indexer import ComparisonRelation, DifferenceOp, Severity, Verdict
from webui.shapes.common import Address, IndexInfo, Part, PassageId, UnitName, Year
from webui.shapes.reports import ReportName


class Difference(TypedDict):
    """An edit that turns the typed text into the held one."""

    op: Annotated[DifferenceOp, "insert: what is held and was not typed; delete: the reverse."]
    typed: Annotated[tuple[int, int], "Half-open span in code points of the whole typed text."]
    held: Annotated[tuple[int, int], "Half-open span in code points of the passage's text."]


class FoundPlace(TypedDict):
    """A place where a piece occurs, or a passage like it."""

    passage: PassageId
    report: Annotated[str, "The report's id."]
    title: str
    year: Year
    url: Address
    citation: str
    text: Annotated[str, "The passage's, as printed, whole."]
    start: Annotated[int, "Code points of `text`."]
    end: int
    similarity: Annotated[float, "0 to 1: twice the characters that both have in order, of those of both, marks of punctuation aside."]
    differences: list[Difference]


class VerifiedPiece(TypedDict):
    """A quotation of the typed text, or a sentence of one that quotes nothing."""

    start: Annotated[int, "Code points of the typed text."]
    end: int
    text: str
    verdict: Annotated[
        Verdict,
        "exact: equal as folded, marks of punctuation aside; near: at least 0.7 alike; absent: neither; unchecked: too short to tell.",
    ]
    reports: Annotated[int | None, "How many reports hold it exactly; null where an engine cannot say."]
    places: Annotated[list[FoundPlace], "At most ten: exact ones newest first, near ones the most alike first."]


class Verified(TypedDict):
    """The verdicts on all pieces of a text."""

    pieces: list[VerifiedPiece]
    index: IndexInfo


class ToVerify(TypedDict):
    """A text whose quotations are to be verified."""

    text: Annotated[str, "At most 20,000 code points."]


class ComparedText(TypedDict):
    """A paragraph of one of two reports."""

    id: PassageId
    text: str
    spans: Annotated[list[tuple[int, int]], "What the other paragraph lacks: half-open spans in code points of `text`."]


class ComparedFigure(TypedDict):
    """A figure of a paragraph, with its unit."""

    text: Annotated[str, "As printed."]
    start: Annotated[int, "Code points of the paragraph's text."]
    end: int


class ComparedFigures(TypedDict):
    """A figure that both paragraphs have, with another value."""

    left: ComparedFigure
    right: ComparedFigure


class ComparedRow(TypedDict):
    """A paragraph that only one report has, or two that belong together."""

    part: Part
    relation: Annotated[ComparisonRelation, "left, right: only that report has it."]
    moved: Annotated[bool, "Whether the two stand in different parts."]
    left: ComparedText | None
    right: ComparedText | None
    numbers: list[ComparedFigures]


class CarriedOver(TypedDict):
    """How many sentences of the right report occur unchanged in the left one."""

    sentences: int
    of: Annotated[int, "Sentences of the right report."]


class Compared(TypedDict):
    """Two reports side by side, in the order of the right one; a paragraph that was split or merged has several rows."""

    left: ReportName
    right: ReportName
    carried_over: CarriedOver
    rows: list[ComparedRow]


class TakenUp(TypedDict):
    """A sentence of the next report on the same matter; it does not say that anything was done."""

    passage: PassageId
    start: Annotated[int, "Code points of the passage's text."]
    end: int
    text: str
    score: Annotated[float, "0 to 1."]


class Promise(TypedDict):
    """An item of a report's plans."""

    passage: PassageId
    item: Annotated[int | None, "Number of the 一是-item; null for a paragraph without any."]
    start: Annotated[int, "Code points of the passage's text."]
    end: int
    text: str
    taken_up: Annotated[list[TakenUp] | None, "Best first, at most three; empty: nothing like it found; null: no next report held."]


class Promises(TypedDict):
    """The plans of a report beside the next report of its unit."""

    report: ReportName
    next: Annotated[str | None, "The id of that report; null where none is held."]
    items: list[Promise]


class DraftFinding(TypedDict):
    """Something to look at before a draft is published; no verdict."""

    code: Annotated[str, "What kind of finding it is."]
    severity: Severity
    passage: Annotated[str, "The passage of the draft; the title's where the whole draft is meant."]
    start: Annotated[int, "Code points of the passage's text."]
    end: int
    text: Annotated[str, "What was found."]
    because: Annotated[str, "Why it is said."]
    see: Annotated[str, "What would settle it."]


class CheckedDraft(TypedDict):
    """What was found in a draft, the most serious first; nothing of it is stored."""

    file: Annotated[str, "The name of the file that was sent."]
    unit: Annotated[UnitName | None, "Whose report it is."]
    year: Year
    findings: list[DraftFinding]


class DraftToCheck(TypedDict):
    """A draft, sent as a form."""

    file: Annotated[str, "The file, at most 20 MB with at most 60,000 characters of text, in any format that reports are read from."]
    unit: NotRequired[Annotated[str, "The unit's id or whole name, if it is not the one that the draft names."]]
    year: NotRequired[Annotated[int, "The year it is about, if it is not the one that the draft says."]]
    without: NotRequired[Annotated[list[str], "Codes of findings that are not wanted."]]


class SimilarPassage(TypedDict):
    """A paragraph that is like a text."""

    passage: PassageId
    report: ReportName
    url: Address
    citation: str
    text: Annotated[str, "The paragraph's, as printed, whole."]
    similarity: Annotated[
        float,
        "0 to 1: the shorter text beside the stretch of the other that is most like it, twice the characters that both have in order, of "
        "those of both, marks of punctuation aside.",
    ]
    shared: Annotated[list[tuple[int, int]], "Runs that both have: half-open spans in code points of `text`."]


class Similar(TypedDict):
    """The paragraphs of other units most like a text, the most alike first."""

    passage: Annotated[str | None, "The id of the passage that they are like; null for a text that was sent."]
    text: Annotated[str, "What they are like."]
    total: Annotated[int, "Paragraphs listed: at most 30, each text once."]
    similar: list[SimilarPassage]
    index: IndexInfo


class ToCompare(TypedDict):
    """A text to find similar paragraphs for."""

    text: Annotated[str, "At most 2,000 code points."]
