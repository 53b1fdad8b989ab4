"""The shapes of the JSON replies: `api` fills them, mypy checks that it does, `openapi` describes them.

A text in `Annotated` is what a reader of the description sees.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, NotRequired, TypedDict, get_args, get_origin

from indexer import FIELDS, BatchBy, ComparisonRelation, Content, Context, DifferenceOp, Field, Level, Mode, State, Verdict
from indexer import Ocr as ReportOcr
from indexer import Region as Place
from indexer import Remark as ReportRemark
from indexer import Section as ReportSection
from indexer import Unit as ReportUnit

Year = Annotated[int | None, FIELDS["year"].meaning]
Spans = Annotated[list[tuple[int, int]], "Half-open spans in code points of `text`, in order, apart or touching."]
Occurrences = Annotated[int | None, "Marked places; null where more than 20,000 passages match."]
Part = Annotated[str | None, "Standard part; null for a title and before any heading."]
PassageId = Annotated[str, "<report>~<place>; survives reindexing."]
Address = Annotated[str, "Path on this server, with the passage's anchor."]


class Region(TypedDict):
    """A province, city or county."""

    code: Annotated[str, "GB/T 2260 code, six digits."]
    name: str
    path: Annotated[list[str], "Names from the province down, its own last."]


class UnitName(TypedDict):
    """A government or department as whose a report counts."""

    id: Annotated[str, "Six digits: a government; nine: a town; 210921-司法局: a department; x- and a hash: of no known place."]
    name: str


class Heading(TypedDict):
    """A heading above a passage."""

    number: Annotated[str | None, "Repaired, with ASCII brackets: 一、 (七) 1."]
    heading: str


def _shape(name: str, about: str, keys: dict[str, Any]) -> Any:
    made = TypedDict(name, keys)  # type: ignore[misc]
    made.__doc__ = about
    return made


class Remark(TypedDict):
    """Something that was guessed, repaired, odd or missing when a report was read."""

    code: str
    look: Annotated[bool, "Whether somebody should look at it, and nobody has."]
    closed: Annotated[bool, "Whether somebody looked at it, or set right what it is about."]
    text: Annotated[str, "In English."]


class Ocr(TypedDict):
    """What OCR read of a report."""

    pages: Annotated[int, "Pages that are pictures."]
    confidence: Annotated[float | None, "In the mean, from 0 to 1; null where it found no text."]


_SHAPES = {ReportOcr: Ocr, Place: Region, ReportRemark: Remark, ReportSection: Heading, ReportUnit: UnitName}


def _printed(kind: Any) -> Any:
    """What is printed of a type of `Report`."""
    if get_origin(kind) is tuple:
        return list[_printed(get_args(kind)[0])]  # type: ignore[misc]
    if isinstance(kind, UnionType):
        return reduce(or_, map(_printed, get_args(kind)))
    return _SHAPES.get(kind, kind)


def _described(field: Field) -> Any:
    kind = _printed(field.hint)
    return Annotated[kind, field.meaning] if field.meaning else kind


BRIEF = {field.name: _described(field) for field in FIELDS.values() if field.brief}
LISTED = {field.name: _described(field) for field in FIELDS.values() if field.listed and not field.of_passages}
OF_PASSAGE = {field.name: _described(field) for field in FIELDS.values() if field.of_passages and field.listed}
# Not declared, for reports have a field of this name.
OF_PASSAGE["ocr"] = Annotated[bool, "Whether OCR read it, or a part of it, in a scan: some of its characters may be wrong."]
_MORE = {"url": str, "warnings": Annotated[list[str], "The texts of its remarks."]}


class RequiredContent(TypedDict):
    """One of the contents that a report must have, or may have (`other`)."""

    code: Content
    state: Annotated[Literal["found", "not_found"], "By headings and usual words; not found is not absent."]
    passages: Annotated[list[str], "Ids of the passages where it begins."]


if TYPE_CHECKING:
    # Their keys are known only when the program runs.
    ReportName = dict[str, Any]
    ReportInfo = dict[str, Any]
    ListedReport = dict[str, Any]
    Report = dict[str, Any]
    PassageText = dict[str, Any]
    Passage = dict[str, Any]
    Hit = dict[str, Any]
else:
    ReportName = _shape("ReportName", "Whose report it is, and of which year.", BRIEF)
    ReportInfo = _shape("ReportInfo", "What is known of a report.", LISTED | _MORE)
    ListedReport = _shape(
        "ListedReport",
        "A report, and how often it mentions the query.",
        {**LISTED, **_MORE, "paragraphs": Annotated[int, "Passages that match."], "occurrences": Occurrences},
    )


class Item(TypedDict):
    """A 一是-item of a paragraph."""

    number: int
    start: Annotated[int, "Code points from 0."]
    end: Annotated[int, "Code points, exclusive."]


class Section(Heading):
    """A section of a report."""

    level: int
    place: Annotated[str, "Ordinals from the outermost section: 1.7; its anchor."]
    part: str


if not TYPE_CHECKING:
    PassageText = _shape(
        "PassageText",
        "A paragraph, a heading on its own line, or the title.",
        {"id": PassageId, "url": Address, **OF_PASSAGE, "part": Part, "text": Annotated[str, "As printed."], "items": list[Item]},
    )
    Passage = _shape("Passage", "A passage with its report.", {**PassageText.__annotations__, "report": ReportInfo})
    Report = _shape(
        "Report",
        "A report, whole.",
        {
            **LISTED,
            **_MORE,
            "required": list[RequiredContent],
            "published_on_time": Annotated[bool | None, "Public before 1 April of the next year; null where one of the days is unknown."],
            "sections": list[Section],
            "passages": Annotated[list[PassageText], "Title first, then headings and paragraphs in the order of the text."],
        },
    )
    Hit = _shape(
        "Hit",
        "A passage that matches.",
        {
            "id": PassageId,
            "url": Address,
            "report": ReportName,
            **OF_PASSAGE,
            "item": Annotated[int | None, "Number of the 一是-item that the first match stands in."],
            "text": Annotated[str, "As printed, whole."],
            "matches": Spans,
            "snippet_html": Annotated[str, "Escaped except for <mark>."],
            "score": Annotated[float, "Comparable within one query only."],
            "same": Annotated[int, "With collapse: how many other passages of the result have this text."],
        },
    )


class Query(TypedDict):
    """The query as received and as it was understood."""

    q: str
    mode: Mode
    parsed: Annotated[str, "Reading this again gives the same query."]


class IndexInfo(TypedDict):
    """The index that answered."""

    generation: str
    reports: int
    paragraphs: Annotated[int, "Passages of any kind."]


class Links(TypedDict):
    """Addresses of this page and of those beside it."""

    self: str
    next: str | None
    prev: str | None


class Paged(TypedDict):
    """One page of an answer."""

    query: Query
    page: Annotated[int, "From 1."]
    per_page: int
    pages: Annotated[int, "0 when nothing was found."]
    index: IndexInfo


class Totals(TypedDict):
    """Exact counts over the whole result."""

    reports: int
    paragraphs: Annotated[int, "Passages of any kind."]
    occurrences: Occurrences
    hits: Annotated[int, "What pages count: passages, or groups of equal ones with collapse."]


class FacetValue(TypedDict):
    """A value of a facet, the facet's own filter left aside."""

    value: Annotated[str | int | None, "null: unknown."]
    count: Annotated[int, "Passages."]
    label: NotRequired[Annotated[str, "The name of a value that is a code: of a region, a unit."]]


class ListLinks(Links):
    """Addresses of all of it too."""

    csv: Annotated[str, "All of it as a table."]
    xlsx: Annotated[str, "All of it as a table for Excel and WPS, numbers as numbers."]
    ndjson: Annotated[str, "All of it, one of this shape a line."]


class SearchLinks(ListLinks):
    """Addresses of this result in other forms too."""

    html: Annotated[str, "The page for people."]


class Named(TypedDict):
    """Filters, with the value that a query names of each."""

    unit: NotRequired[Annotated[str, "A unit's id."]]
    region: NotRequired[Annotated[str, "A code."]]
    year: NotRequired[int]
    level: NotRequired[str]


if TYPE_CHECKING:
    Understood = dict[str, Any]
else:
    Understood = _shape(
        "Understood",
        "What the text of a query names beside what is to be found: offered, never applied.",
        {
            "text": Annotated[str, "The pieces that name something, as typed, with a space between."],
            "as": Named,
            "rest": Annotated[str, "What is left of the query; with these filters it may be what is meant."],
            "total": Annotated[int, "Passages that it finds with these filters."],
        },
    )


class SearchResult(Paged):
    """Passages that match."""

    total: Totals
    understood: Annotated[list[Understood], "One for all that the query names, none where it names nothing; in exact mode, of plain terms."]
    facets: Annotated[dict[str, list[FacetValue]], "By falling count, then value."]
    hits: list[Hit]
    links: SearchLinks


class ReportCount(TypedDict):
    """How many reports the list has."""

    reports: int


class ReportList(Paged):
    """Reports that mention the query, or none of it."""

    total: ReportCount
    reports: list[ListedReport]
    links: ListLinks


class Doubt(TypedDict):
    """The remarks of one code on one report that somebody should look at."""

    code: str
    about: Annotated[str, "A field's name, or heading, page, text, file."]
    report: ReportName
    url: str
    path: Annotated[str | None, "Of the report's file, below the corpus folder."]
    value: Annotated[str | None, "What the report has of the field now."]
    texts: Annotated[list[str], "Why, in English; a text for each remark."]
    lines: Annotated[dict[str, str], "What closes it, by the name of the file beside the reports that the line is for."]


class Doubts(TypedDict):
    """One page of what somebody should look at, by code, then newest first."""

    total: int
    reports: Annotated[int, "On how many reports it is."]
    page: Annotated[int, "From 1."]
    per_page: int
    pages: Annotated[int, "0 where there is nothing."]
    index: IndexInfo
    kinds: Annotated[list[FacetValue], "How many reports have each code; the filter by codes left aside."]
    remarks: list[Doubt]
    links: ListLinks


class Line(TypedDict):
    """One occurrence with up to 20 code points on either side."""

    id: PassageId
    url: Address
    report: ReportName
    before: str
    match: str
    after: str
    ocr: Annotated[bool, "Whether OCR read its passage in a scan: some characters may be wrong."]


class OccurrenceCount(TypedDict):
    """How many lines there are."""

    occurrences: int


class Concordance(Paged):
    """Each occurrence on a line."""

    context: Context
    total: OccurrenceCount
    lines: list[Line]
    links: ListLinks


class HeldReport(TypedDict):
    """A report that is held."""

    id: str
    title: str


class HeldYear(TypedDict):
    """What there is of a unit's annual report on a year."""

    year: int
    state: Annotated[State, "missing: due, and not held from the first held year on; ended: place or organ was no more."]
    count: Annotated[int, "Reports of any type; annual reports alone count as held."]
    reports: NotRequired[
        Annotated[list[HeldReport] | None, "Not in files; null where there are more than 200 of the unit, or the unit is null."]
    ]


class UnitHoldings(TypedDict):
    """A unit and its years."""

    unit: Annotated[UnitName | None, "null: reports of which nobody knows whose they are; of them nothing is missing."]
    level: Level | None
    region: Annotated[str | None, "Code of its place."]
    years: Annotated[list[HeldYear], "Newest first."]
    others: Annotated[int, "Reports of an unknown year, or of one that is not among these."]


class YearHoldings(TypedDict):
    """A year over all units."""

    year: int
    due: bool
    held: int
    missing: int


class HoldingsTotal(TypedDict):
    """Over all units, not those of this page alone."""

    units: int
    reports: Annotated[int, "Of any type."]
    held: Annotated[int, "Years of units with an annual report."]
    missing: Annotated[int, "Years of units without one that is due."]
    doubtful: Annotated[int, "Reports that somebody should look at."]


class HoldingsQuery(TypedDict):
    """What was asked."""

    q: str
    mode: Mode
    filters: Annotated[dict[str, list[str | int | None] | int], "By name."]
    expected: NotRequired[str]
    state: NotRequired[State]


class Corpus(TypedDict):
    """Of which years each unit's report is held, due and missing."""

    query: HoldingsQuery
    date: Annotated[str, "As of which something is due."]
    years: Annotated[list[YearHoldings], "Newest first."]
    total: HoldingsTotal
    page: Annotated[int, "From 1."]
    per_page: int
    pages: int
    index: IndexInfo
    units: list[UnitHoldings]
    links: ListLinks


class Suggestion(TypedDict):
    """A whole query that begins as typed."""

    q: str
    paragraphs: Annotated[int, "Passages that hold its last word."]


class Typed(TypedDict):
    """What was typed so far."""

    q: str


class Suggestions(TypedDict):
    """How what is typed may go on."""

    query: Typed
    suggestions: list[Suggestion]


class YearShare(TypedDict):
    """How many reports about a year mention a query."""

    year: Year
    mentioning: Annotated[int, "Reports that mention it."]
    held: Annotated[int, "Reports that the filters let through; 0: none is held, which says nothing of what it would mention."]


class Years(TypedDict):
    """The years of a query, from the first to the last held; unknown last."""

    query: Typed
    years: list[YearShare]


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
    """What is to be said of a text."""

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


class InstrumentYear(TypedDict):
    """How many reports about a year name an instrument."""

    year: Year
    reports: int


class Instrument(TypedDict):
    """A rule or a document that reports name."""

    name: Annotated[str | None, "null where only its number is known."]
    number: Annotated[str | None, "〔2022〕 in brackets of this kind; null where none is known."]
    kind: Annotated[str, "As far as its name tells: law, regulation, rule, normative, plan or other."]
    aliases: Annotated[list[str], "How else it is printed, most frequent first."]
    first: Annotated[int | None, "The first reported year that names it."]
    reports: int
    passages: int
    years: Annotated[list[InstrumentYear], "Rising; unknown last."]
    slip_of: Annotated[str | None, "The name, of many more reports, that this one is perhaps a slip of."]
    url: Annotated[str, "The passages that name it, for people."]


class Instruments(TypedDict):
    """Rules and documents, those of most reports first."""

    query: Typed
    total: int
    page: Annotated[int, "From 1."]
    per_page: int
    pages: Annotated[int, "0 when there is none."]
    instruments: list[Instrument]
    links: ListLinks


class Statistic(TypedDict):
    """A figure with its evidence."""

    label: Annotated[str, "What is counted."]
    value: Annotated[str, "A decimal with 万 and 亿 resolved, - before a fall; the first value of a range."]
    to: Annotated[str | None, "The last value of a range."]
    unit: Annotated[str, "件, 人次, %, 元; 比 for 3:1."]
    approximate: Annotated[str | None, "The word that makes it inexact: 余, 近, 超, 约."]
    indicator: Annotated[str | None, "The reviewed indicator that it is a value of."]
    passage: PassageId
    start: Annotated[int, "Code points of the passage's text, of the number with its unit."]
    end: int
    sentence: Annotated[tuple[int, int], "Half-open span in code points of the passage's text."]
    text: Annotated[str, "The sentence, as printed."]
    year: Year
    report: ReportName
    reported_by: Annotated[UnitName | None, "The unit whose report it is."]
    url: Address


class StatisticYear(TypedDict):
    """The figures of a unit in its reports about a year."""

    year: Year
    statistics: list[Statistic]
    odd: Annotated[bool, "Whether the value is far from those of the other years: somebody should look at it."]


class StatisticSeries(TypedDict):
    """The figures of one unit."""

    unit: UnitName | None
    name: str
    years: Annotated[list[StatisticYear], "Rising; unknown last."]


class Statistics(TypedDict):
    """Figures, newest years first; with by=year as series, of which `pages` counts the units."""

    query: Typed
    total: Annotated[int, "Figures."]
    page: Annotated[int, "From 1."]
    per_page: int
    pages: Annotated[int, "0 when there is none."]
    statistics: NotRequired[Annotated[list[Statistic], "Without by=year."]]
    series: NotRequired[Annotated[list[StatisticSeries], "With by=year."]]
    links: ListLinks


class IndicatorYear(TypedDict):
    """How many reports about a year give an indicator."""

    year: Year
    reports: int


class Indicator(TypedDict):
    """A reviewed indicator, and who gives it."""

    name: str
    unit: Annotated[str, "Of its values."]
    about: Annotated[str, "What it counts and what not, with the standard that it follows."]
    reports: int
    passages: int
    years: list[IndicatorYear]


class Indicators(TypedDict):
    """The reviewed list."""

    total: int
    indicators: list[Indicator]


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


class RequiredOfReport(TypedDict):
    """What a report has of the contents that it must have."""

    report: ReportName
    found: list[Content]
    not_found: Annotated[list[Content], "By headings and usual words; they may be there in others."]
    published_on_time: Annotated[bool | None, "Public before 1 April of the next year; null where one of the days is unknown."]


class RequiredOfReports(TypedDict):
    """Annual reports with what they have and lack."""

    query: Typed
    total: int
    lacking: Annotated[dict[str, int], "How many of all do not have each content."]
    page: Annotated[int, "From 1."]
    per_page: int
    pages: int
    reports: list[RequiredOfReport]
    links: ListLinks


class MatrixCell(TypedDict):
    """A unit in a year."""

    year: int
    paragraphs: Annotated[int | None, "Passages that match; 0: a report is held and none does; null: none is held, which says nothing."]


class MatrixUnit(TypedDict):
    """A unit over the years."""

    unit: UnitName
    first: Annotated[int | None, "The first year with a match."]
    cells: Annotated[list[MatrixCell], "One for each of `years`."]


class MatrixSum(TypedDict):
    """One year over all units."""

    year: int
    mentioning: Annotated[int, "Units with a match."]
    held: Annotated[int, "Units with a report."]


class MatrixTotal(TypedDict):
    """How many units there are."""

    units: Annotated[int, "With a report that the filters let through."]
    mentioning: int
    silent: Annotated[int, "Of whose reports none has a match."]


class Matrix(TypedDict):
    """Which units mention a query in which year."""

    query: Typed
    years: Annotated[list[int], "Rising, from the first of which a report is held to the last."]
    units: list[MatrixUnit]
    sums: list[MatrixSum]
    total: MatrixTotal
    page: Annotated[int, "From 1."]
    per_page: Annotated[int, "Units."]
    pages: int
    links: ListLinks


class BatchCell(TypedDict):
    """A term in the reports of a year (`by=year`) or a place (`by=region`)."""

    year: NotRequired[int | None]
    region: NotRequired[Annotated[str | None, "Code of the place."]]
    reports: Annotated[int, "Reports that mention the term."]
    held: Annotated[int, "Reports that the filters let through; 0 says nothing of whether the term would be mentioned."]


class BatchTerm(TypedDict):
    """A term of a list."""

    term: str
    url: Annotated[str, "The reports that mention it."]
    cells: Annotated[list[BatchCell], "The same years or places for every term, unknown last."]


class Batch(TypedDict):
    """Many terms, and how many reports mention each."""

    by: BatchBy
    terms: Annotated[list[BatchTerm], "As they were typed."]
    index: IndexInfo


class ToBatch(TypedDict):
    """A list of terms; filters go beside it under the names of their parameters, several values as a list."""

    terms: Annotated[list[str] | str, "The terms, or a text with one on each line."]
    by: NotRequired[BatchBy]


class UnitYear(TypedDict):
    """What there is of a unit's annual report on a year."""

    year: int
    state: Annotated[
        State, "before: before the first one held; missing: due, and not held; not_due: 1 April after it is not past; ended: no more there."
    ]
    reports: Annotated[list[HeldReport], "Its annual reports."]


class Unit(TypedDict):
    """A unit, and what is held of it."""

    id: Annotated[str, "Six digits: a government; nine: a town; 210921-司法局: a department; x- and a hash: of no known place."]
    name: str
    short: Annotated[str, "What it is called where its place is clear."]
    aliases: Annotated[list[str], "What its reports call it, and names that its place went by."]
    region: Annotated[Region | None, "Its place."]
    level: Level | None
    reports: Annotated[int, "Of any type and year."]
    years: Annotated[list[UnitYear], "Those of the corpus, rising."]
    others: Annotated[list[HeldReport], "Plans, news and reports on an unknown year."]
    predecessors: Annotated[list[UnitName], "Places that went to its own, departments that a reform ended."]
    successors: list[UnitName]
    url: Annotated[str, "Path of its page on this server."]


class Units(TypedDict):
    """Units, by place, by name or those of most reports first."""

    query: Typed
    total: int
    page: Annotated[int, "From 1."]
    per_page: int
    pages: Annotated[int, "0 when there is none."]
    units: list[Unit]
    links: ListLinks


class Fault(TypedDict):
    """One thing that is wrong with a request."""

    param: str
    code: Annotated[str, "What is wrong, for programs; the same in every language."]
    detail: str
    position: Annotated[int | None, "Code points from 0 in the parameter's value."]


class Problem(TypedDict):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    errors: NotRequired[list[Fault]]
