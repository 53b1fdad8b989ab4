"""What a search gives: hits, reports, occurrences, suggestions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, NotRequired, TypedDict

from indexer import Context
from webui.shapes.common import Address, FacetValue, ListLinks, Occurrences, Paged, PassageId, SearchLinks, Typed, shape
from webui.shapes.reports import Hit, ListedReport, ReportName


class Totals(TypedDict):
    """Exact counts over the whole result."""

    reports: int
    paragraphs: Annotated[int, "Passages of any kind."]
    occurrences: Occurrences
    hits: Annotated[int, "The number of hits on all pages: passages, or groups of equal ones with collapse."]


class Named(TypedDict):
    """Filters, with the value that a query names of each."""

    unit: NotRequired[Annotated[str, "A unit's id."]]
    region: NotRequired[Annotated[str, "A region's code."]]
    year: NotRequired[int]
    level: NotRequired[str]


if TYPE_CHECKING:
    Understood = dict[str, Any]
else:
    Understood = shape(
        "Understood",
        "What the text of a query names besides the words to find: offered, never applied.",
        {
            "text": Annotated[str, "The parts that name something, as typed, separated by spaces."],
            "as": Named,
            "rest": Annotated[str, "The rest of the query; with these filters it may be what is meant."],
            "total": Annotated[int, "Passages that the rest finds with these filters."],
        },
    )


class SearchResult(Paged):
    """Passages that match."""

    total: Totals
    understood: Annotated[
        list[Understood], "One entry for everything the query names, none if it names nothing; in exact mode only plain terms are read."
    ]
    facets: Annotated[dict[str, list[FacetValue]], "By descending count, then value."]
    hits: list[Hit]
    links: SearchLinks


class ReportCount(TypedDict):
    """How many reports the list has."""

    reports: int


class ReportList(Paged):
    """Reports that mention the query, or those that do not."""

    total: ReportCount
    reports: list[ListedReport]
    links: ListLinks


class Line(TypedDict):
    """One occurrence with up to 20 code points on either side."""

    id: PassageId
    url: Address
    report: ReportName
    before: str
    match: str
    after: str
    ocr: Annotated[bool, "Whether OCR read its passage from a scan; some characters may be wrong."]


class OccurrenceCount(TypedDict):
    """How many lines there are."""

    occurrences: int


class Concordance(Paged):
    """Each occurrence on a line."""

    context: Context
    total: OccurrenceCount
    lines: list[Line]
    links: ListLinks


class Suggestion(TypedDict):
    """A whole query that begins as typed."""

    q: str
    paragraphs: Annotated[int, "Passages that contain its last word."]


class Suggestions(TypedDict):
    """Completions of what is typed."""

    query: Typed
    suggestions: list[Suggestion]
