"""What comes back from an index: hits, pages of them, lists, counts; the only nouns that engines share with pages and programs."""

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
    """Marked spans in all of them; None where more than 20,000 passages match."""
    hits: int
    """What pages count: passages, or groups of equal passages with `collapse`."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many passages match, and how many reports they stand in."""

    reports: int
    paragraphs: int
    """Of any kind."""


@dataclass(frozen=True, slots=True)
class FacetCount:
    """One value of a facet (None: unknown) and how many matching passages have it, the facet's own filter left aside."""

    value: str | int | None
    count: int
    label: str | None = None
    """The name of a value that is a code: a region's, a unit's."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a passage around its matches."""

    text: str
    marks: list[tuple[int, int]]
    """Half-open spans in code points of `text`."""
    cut_before: bool
    cut_after: bool
    item: int | None = None
    """The number of the 一是-item that it begins in; None where it begins with the words 一是 themselves."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One found passage."""

    id: str
    passage: Passage
    score: float
    """Comparable within one query only."""
    report: Report
    """Without passages: its metadata alone."""
    item: int | None
    """The number of the 一是-item that its first match stands in."""
    matches: list[tuple[int, int]]
    """Half-open spans in code points of `text`, in order, apart or touching."""
    snippet: Snippet
    same: int = 0
    """With `collapse`: how many other passages of the result have this text."""
    common: float = 0.0
    """The share of its characters that stand in common sentences, see `indexer.boilerplate`."""
    sentence: str | None = None
    """The key of the sentence that its first match stands in; None without a match, or where the sentence is too short."""
    also: Copies | None = None
    """In how many other units and reports that sentence stands; None where `sentence` is."""
    is_common: bool = False
    """Whether that sentence is everybody's."""

    @property
    def kind(self) -> Kind:
        """The passage's."""
        return self.passage.kind

    @property
    def anchor(self) -> str:
        """The passage's."""
        return self.passage.anchor

    @property
    def text(self) -> str:
        """As printed, whole."""
        return self.passage.text

    @property
    def section(self) -> tuple[Section, ...]:
        """The headings that the passage stands under, outermost first."""
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
    """Reported years that occur, rising."""
    issuers: int


class OnePage:
    """A page of a list."""

    __slots__ = ()
    request: SearchRequest
    total: int
    """Of all pages."""

    @property
    def pages(self) -> int:
        """How many pages there are; 0 for an empty list."""
        return self.request.pages_of(self.total)


@dataclass(frozen=True, slots=True)
class ResultPage:
    """One page of hits. Pages are numbered from 1; one past the end is empty."""

    request: SearchRequest
    parsed: str
    """The query as it was understood; reading it again gives the same query."""
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
    """A report in a list of reports, and how often it mentions the query."""

    report: Report
    """Without passages."""
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
    """The remarks of one code on one report that somebody should look at."""

    code: str
    report: Report
    """Without passages."""

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """They; at least one."""
        return tuple(remark for remark in self.report.remarks if remark.look and remark.code == self.code)

    @property
    def about(self) -> str:
        """What of the report they are about, see `RemarkKind.about`."""
        return KINDS[self.code].about


@dataclass(frozen=True, slots=True)
class DoubtPage(OnePage):
    """One page of what is to be looked at: by code in the order of `REMARK_KINDS`, then in the order of the request."""

    request: SearchRequest
    doubts: list[Doubt]
    total: int
    reports: int
    """On how many reports they are."""
    index: IndexStats
    facets: dict[str, list[FacetCount]] = field(default_factory=dict)
    """How many reports have each value; for `remark` how many have each code, None for those without a doubt."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a result is what it is."""

    alone: list[tuple[str, Counts]]
    """Each typed text (folded) and what it gives without the others and without filters."""
    without: list[tuple[str, Counts]]
    """Each facet that is filtered and what the request gives without that filter."""
    held: int
    """How many reports the filters of reports (not those of passages) let through; 0: no such report is in the index."""
    nearest: list[tuple[str, str, int]]
    """Each typed text that nothing holds, the nearest spelling that something holds, and how many passages do."""
    words: int = 0
    """How many passages hold some of the words, where the query was read exactly: a whole sentence was perhaps meant."""


@dataclass(frozen=True, slots=True)
class OtherWriting:
    """Another way to write something of a query, or the official word for it; it is offered, never applied."""

    text: str
    """Folded."""
    passages: int
    """Passages that match with it and did not match without; at least one."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What the text of a query names beside what is to be found, and what that gives; see `indexer.understood`."""

    text: str
    """The pieces that name something, as typed, with a space between."""
    values: Mapping[str, Value]
    """The value of each filter that is named: `unit`, `region`, `year`, `level`."""
    labels: Mapping[str, str]
    """The names of those values that are codes."""
    request: SearchRequest
    """The request that it may stand for: what is left of the query, with these filters."""
    total: int
    """Passages that this request finds."""

    @property
    def rest(self) -> str:
        """What is left of the query; empty where nothing is."""
        return self.request.query


@dataclass(frozen=True, slots=True)
class ConcordanceLine:
    """One occurrence with what stands around it, as printed."""

    id: str
    """The passage's id."""
    anchor: str
    report: Report
    """Without passages."""
    before: str
    match: str
    after: str
    page: int | None = None
    """Of the original, where the passage begins."""
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
    """Occurrences in all matching passages."""
    index: IndexStats


@dataclass(frozen=True, slots=True)
class Ranking:
    """What `rank` gives: evaluation alone."""

    total: int
    ids: list[str]
    scores: list[float]


@dataclass(frozen=True, slots=True)
class YearShare:
    """How many reports about a year mention a query."""

    year: int | None
    mentioning: int
    held: int
    """0: no report about this year is held, which says nothing of what it would mention."""
