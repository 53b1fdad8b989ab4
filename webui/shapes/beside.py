"""Texts beside texts: quotations checked, reports compared, plans beside the next report."""

from __future__ import annotations

from typing import Annotated, TypedDict

from indexer import ComparisonRelation, DifferenceOp, Verdict
from webui.shapes.common import Address, IndexInfo, Part, PassageId, Year
from webui.shapes.reports import ReportName


class Difference(TypedDict):
    """What makes the text that is held of the one that was typed."""

    op: Annotated[DifferenceOp, "insert: what is held and was not typed; delete: the reverse."]
    typed: Annotated[tuple[int, int], "Half-open span in code points of the whole typed text."]
    held: Annotated[tuple[int, int], "Half-open span in code points of the passage's text."]


class FoundPlace(TypedDict):
    """Where a piece stands, or something like it."""

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
    """A text whose quotations are looked for."""

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
    """A paragraph that one report alone has, or two that belong together."""

    part: Part
    relation: Annotated[ComparisonRelation, "left, right: only that report has it."]
    moved: Annotated[bool, "Whether the two stand in different parts."]
    left: ComparedText | None
    right: ComparedText | None
    numbers: list[ComparedFigures]


class CarriedOver(TypedDict):
    """How many sentences of the right report stand in the left one as they are."""

    sentences: int
    of: Annotated[int, "Sentences of the right report."]


class Compared(TypedDict):
    """Two reports side by side, in the order of the right one; a paragraph that was split or merged has several rows."""

    left: ReportName
    right: ReportName
    carried_over: CarriedOver
    rows: list[ComparedRow]


class TakenUp(TypedDict):
    """A sentence of the next report that speaks of the same matter; not that anything was done."""

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
