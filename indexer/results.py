"""What an index returns: hits, pages of hits, lists, counts; the only types that engines share with pages and programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from indexer.boilerplate import Copies
from indexer.declared import Value
from indexer.model import Kind, Passage, Report, Section
from indexer.remarks import KINDS, Remark
from indexer.request import Context, SearchRequest


@dataclass(frozen=True, slots=True)
class Totals:
    """Exact counts over the whole result."""

    reports: int
    paragraphs: int
    """Matching passages of any kind."""
    occurrences: int | None
    """Marked spans in all matching passages; None if more than 20,000 passages match."""
    hits: int
    """What pages count: passages or, with `collapse`, groups of passages with equal text."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many passages match, and in how many reports."""

    reports: int
    paragraphs: int
    """Passages of any kind."""


@dataclass(frozen=True, slots=True)
class FacetCount:
    """A facet value (None: unknown) and how many matching passages have it; the facet's own filter is not applied."""

    value: str | int | None
    count: int
    label: str | None = None
    """The name, if the value is a code: a region's, a unit's."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a passage around its matches."""

    text: str
    marks: list[tuple[int, int]]
    """Half-open spans in code points of `text`."""
    cut_before: bool
    cut_after: bool
    item: int | None = None
    """The number of the 一是-item in which it begins; None if it begins with the words 一是 themselves."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One found passage."""

    id: str
    passage: Passage
    score: float
    """Comparable within one query only."""
    report: Report
    """The report without its passages."""
    item: int | None
    """The number of the 一是-item that holds the first match."""
    matches: list[tuple[int, int]]
    """Half-open spans in code points of `text`, in order, apart or touching."""
    snippet: Snippet
    same: int = 0
    """With `collapse`: how many other passages of the result have this text."""
    common: float = 0.0
    """The share of its characters that are in common sentences, see `indexer.boilerplate`."""
    sentence: str | None = None
    """The key of the sentence that holds the first match; None without a match, or if the sentence is too short."""
    also: Copies | None = None
    """How many other units and reports have that sentence; None if `sentence` is None."""
    is_common: bool = False
    """Whether that sentence is common."""

    @property
    def kind(self) -> Kind:
        """The passage's kind."""
        return self.passage.kind

    @property
    def anchor(self) -> str:
        """The passage's anchor."""
        return self.passage.anchor

    @property
    def text(self) -> str:
        """The whole passage as printed."""
        return self.passage.text

    @property
    def section(self) -> tuple[Section, ...]:
        """The sections that hold the passage, outermost first."""
        return self.passage.section


@dataclass(frozen=True, slots=True)
class IndexStats:
    """What an index holds."""

    generation: str
    reports: int
    paragraphs: int
    """Body paragraphs."""
    passages: int
    years: tuple[int, ...]
    """The reported years that occur, ascending."""
    issuers: int


class OnePage:
    """A page of a list."""

    __slots__ = ()
    request: SearchRequest
    total: int
    """The length of the whole list."""

    @property
    def pages(self) -> int:
        """How many pages there are; 0 for an empty list."""
        return self.request.pages_of(self.total)


@dataclass(frozen=True, slots=True)
class ResultPage:
    """One page of hits. Pages are numbered from 1; one past the end is empty."""

    request: SearchRequest
    parsed: str
    """The query as it was understood, as text; parsing it gives the same query."""
    total: Totals
    hits: list[Hit]
    index: IndexStats
    facets: dict[str, list[FacetCount]] = field(default_factory=dict)

    @property
    def page(self) -> int:
        """This page's number."""
        return self.request.page

    @property
    def pages(self) -> int:
        """How many pages the result has; 0 when nothing was found."""
        return self.request.pages_of(self.total.hits)


@dataclass(frozen=True, slots=True)
class ListedReport:
    """A report in a list of reports, with the number of matches in it."""

    report: Report
    """The report without its passages."""
    paragraphs: int
    occurrences: int | None


@dataclass(frozen=True, slots=True)
class ReportPage(OnePage):
    """One page of a list of reports, in the order of the request."""

    request: SearchRequest
    parsed: str
    reports: list[ListedReport]
    total: int
    index: IndexStats


@dataclass(frozen=True, slots=True)
class Doubt:
    """The remarks of one code on one report that should be checked."""

    code: str
    report: Report
    """The report without its passages."""

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """These remarks; at least one."""
        return tuple(remark for remark in self.report.remarks if remark.look and remark.code == self.code)

    @property
    def about(self) -> str:
        """What part of the report they are about, see `RemarkKind.about`."""
        return KINDS[self.code].about


@dataclass(frozen=True, slots=True)
class DoubtPage(OnePage):
    """One page of remarks to look at: by code in the order of `REMARK_KINDS`, then in the order of the request."""

    request: SearchRequest
    doubts: list[Doubt]
    total: int
    reports: int
    """How many reports have such remarks."""
    index: IndexStats
    facets: dict[str, list[FacetCount]] = field(default_factory=dict)
    """The number of reports with each value; for `remark`, with each code, and None for reports without a doubt."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a result is as it is."""

    alone: list[tuple[str, Counts]]
    """Each typed text (folded) and what it finds alone, without filters."""
    without: list[tuple[str, Counts]]
    """Each filtered facet and what the request finds without that filter."""
    held: int
    """How many reports pass the filters on reports (not those on passages); 0: the index has no such report."""
    nearest: list[tuple[str, str, int]]
    """Each typed text that occurs nowhere, its nearest spelling that does occur, and how many passages have that."""
    words: int = 0
    """How many passages contain some of the words, if the query was read exactly: perhaps a whole sentence was meant."""


@dataclass(frozen=True, slots=True)
class OtherWriting:
    """A synonym or another spelling of a term, or the official word for it; offered, never applied."""

    text: str
    """Folded."""
    passages: int
    """How many more passages match with it; at least one."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What filters a query's text names besides what to search for, and what they would find; see `indexer.understood`."""

    text: str
    """The pieces that name something, as typed, joined by spaces."""
    values: Mapping[str, Value]
    """The value for each filter that is named: `unit`, `region`, `year`, `level`."""
    labels: Mapping[str, str]
    """The names of the values that are codes."""
    request: SearchRequest
    """The suggested request: what is left of the query, with these filters."""
    total: int
    """How many passages that request finds."""

    @property
    def rest(self) -> str:
        """What is left of the query; empty if nothing is left."""
        return self.request.query


@dataclass(frozen=True, slots=True)
class ConcordanceLine:
    """One occurrence with its context, as printed."""

    id: str
    """The passage's id."""
    anchor: str
    report: Report
    """The report without its passages."""
    before: str
    match: str
    after: str
    page: int | None = None
    """The page of the original on which the passage begins."""
    ocr: bool = False
    """As `Passage.ocr`."""


@dataclass(frozen=True, slots=True)
class Concordance(OnePage):
    """One page of the occurrences of a query."""

    request: SearchRequest
    parsed: str
    context: Context
    lines: list[ConcordanceLine]
    total: int
    """The number of occurrences in all matching passages."""
    index: IndexStats


@dataclass(frozen=True, slots=True)
class Ranking:
    """What `rank` returns: ids and scores alone, for evaluation."""

    total: int
    ids: list[str]
    scores: list[float]


@dataclass(frozen=True, slots=True)
class YearShare:
    """How many reports on a year mention a query."""

    year: int | None
    mentioning: int
    held: int
    """How many reports on the year are held; if it is 0, nothing is known about the year."""
