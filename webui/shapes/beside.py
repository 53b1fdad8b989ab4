"""Texts beside texts: verified quotations, compared reports, plans beside the next report, checked drafts, similar paragraphs."""

from __future__ import annotations

from typing import Annotated, NotRequired, TypedDict

from indexer import ComparisonRelation, DifferenceOp, Severity, Verdict
from webui.shapes.common import Address, IndexInfo, Part, PassageId, UnitName, Year
from webui.shapes.reports import ReportName


class Difference(TypedDict):
    """An edit that turns the typed text into the held one."""

    op: Annotated[DifferenceOp, "insert: in the held text but not typed; delete: the reverse."]
    typed: Annotated[tuple[int, int], "Half-open span in code points of the whole typed text."]
    held: Annotated[tuple[int, int], "Half-open span in code points of the passage's text."]


class FoundPlace(TypedDict):
    """A place where a piece occurs, or a similar passage."""

    passage: PassageId
    report: Annotated[str, "The report's id."]
    title: str
    year: Year
    url: Address
    citation: str
    text: Annotated[str, "The full text of the passage, as printed."]
    start: Annotated[int, "Offset in `text`, in code points."]
    end: int
    similarity: Annotated[
        float, "From 0 to 1: twice the number of characters in common, in order, divided by the characters of both; punctuation is ignored."
    ]
    differences: list[Difference]


class VerifiedPiece(TypedDict):
    """A quotation of the typed text, or a sentence of one that quotes nothing."""

    start: Annotated[int, "Offset in the typed text, in code points."]
    end: int
    text: str
    verdict: Annotated[
        Verdict,
        "exact: equal after folding, ignoring punctuation; near: similarity at least 0.7; absent: neither; unchecked: too short to tell.",
    ]
    reports: Annotated[int | None, "How many reports contain it exactly; null if the engine cannot tell."]
    places: Annotated[list[FoundPlace], "At most ten: exact ones newest first, near ones most similar first."]


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
    spans: Annotated[list[tuple[int, int]], "Text that the other paragraph lacks: half-open spans in code points of `text`."]


class ComparedFigure(TypedDict):
    """A figure of a paragraph, with its unit."""

    text: Annotated[str, "As printed."]
    start: Annotated[int, "Offset in the paragraph's text, in code points."]
    end: int


class ComparedFigures(TypedDict):
    """A figure that both paragraphs have, with another value."""

    left: ComparedFigure
    right: ComparedFigure


class ComparedRow(TypedDict):
    """A paragraph that only one report has, or two that belong together."""

    part: Part
    relation: Annotated[ComparisonRelation, "left, right: only that report has it."]
    moved: Annotated[bool, "Whether the two are in different parts."]
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
    start: Annotated[int, "Offset in the passage's text, in code points."]
    end: int
    text: str
    score: Annotated[float, "0 to 1."]


class Promise(TypedDict):
    """An item of a report's plans."""

    passage: PassageId
    item: Annotated[int | None, "Number of the 一是-item; null for a paragraph without items."]
    start: Annotated[int, "Offset in the passage's text, in code points."]
    end: int
    text: str
    taken_up: Annotated[list[TakenUp] | None, "Best first, at most three; empty: nothing similar was found; null: no next report is held."]


class Promises(TypedDict):
    """The plans of a report beside the next report of its unit."""

    report: ReportName
    next: Annotated[str | None, "The id of the next report; null if none is held."]
    items: list[Promise]


class DraftFinding(TypedDict):
    """Something to look at before a draft is published; no verdict."""

    code: Annotated[str, "The kind of finding."]
    severity: Severity
    passage: Annotated[str, "The passage of the draft; the title if the finding is about the whole draft."]
    start: Annotated[int, "Offset in the passage's text, in code points."]
    end: int
    text: Annotated[str, "What was found."]
    because: Annotated[str, "The reason for the finding."]
    see: Annotated[str, "How to settle it."]


class CheckedDraft(TypedDict):
    """What was found in a draft, the most serious first; nothing of it is stored."""

    file: Annotated[str, "The name of the file that was sent."]
    unit: Annotated[UnitName | None, "Whose report it is."]
    year: Year
    findings: list[DraftFinding]


class DraftToCheck(TypedDict):
    """A draft, sent as a form."""

    file: Annotated[str, "The file, at most 20 MB with at most 60,000 characters of text, in any format that reindex reads."]
    unit: NotRequired[Annotated[str, "The unit's id or full name, if it is not the one named in the draft."]]
    year: NotRequired[Annotated[int, "The year it is about, if it is not the one stated in the draft."]]
    without: NotRequired[Annotated[list[str], "Codes of findings to leave out."]]


class SimilarPassage(TypedDict):
    """A paragraph that is like a text."""

    passage: PassageId
    report: ReportName
    url: Address
    citation: str
    text: Annotated[str, "The full text of the paragraph, as printed."]
    similarity: Annotated[
        float,
        "From 0 to 1, of the shorter text and the most similar stretch of the other: twice the number of characters in common, in "
        "order, divided by the characters of both; punctuation is ignored.",
    ]
    shared: Annotated[list[tuple[int, int]], "Text that both share: half-open spans in code points of `text`."]


class Similar(TypedDict):
    """The paragraphs of other units most like a text, the most alike first."""

    passage: Annotated[str | None, "The id of the passage they are similar to; null for a text that was sent."]
    text: Annotated[str, "The text they are similar to."]
    total: Annotated[int, "Number of paragraphs listed, at most 30; each text is listed once."]
    similar: list[SimilarPassage]
    index: IndexInfo


class ToCompare(TypedDict):
    """A text to find similar paragraphs for."""

    text: Annotated[str, "At most 2,000 code points."]
