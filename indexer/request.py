"""What is asked of an index and what comes back: `SearchRequest` in, `ResultPage` out.

The only nouns that pages and programs share with engines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from indexer.errors import InvalidRequest, Problem
from indexer.model import Kind, Report, ReportType, Section
from indexer.outline import STANDARD_PARTS

FACETS = ("year", "region", "issuer", "section", "type", "kind")
MAX_PER_PAGE = 100


class Mode(StrEnum):
    """How the query text is read."""

    EXACT = "exact"
    ALL = "all"
    ANY = "any"
    LITERAL = "literal"


class Sort(StrEnum):
    """The order of hits; equals go by newer year, report id, place in the report."""

    RELEVANCE = "relevance"
    NEWEST = "-year"
    OLDEST = "year"
    REGION = "region"


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search with its filters; values of one filter are ORed, filters are ANDed. None in a filter stands for unknown.

    Raises:
        InvalidRequest: A value is impossible or contradicts another; every such problem is named.
    """

    query: str = ""
    mode: Mode = Mode.EXACT
    years: tuple[int | None, ...] = ()
    year_from: int | None = None
    year_to: int | None = None
    regions: tuple[str | None, ...] = ()
    """GB/T 2260 codes, or names that mean one place."""
    issuers: tuple[str | None, ...] = ()
    sections: tuple[str | None, ...] = ()
    """Standard parts."""
    types: tuple[ReportType, ...] = ()
    kinds: tuple[Kind, ...] = ()
    same: str | None = None
    """A passage's id: only passages of its kind with its folded text, itself among them."""
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    per_page: int = 20
    facets: tuple[str, ...] = ()
    collapse: bool = False

    def __post_init__(self) -> None:
        problems = list(self._problems())
        if problems:
            raise InvalidRequest(*problems)

    @classmethod
    def of(cls, query: str = "", **wanted: Any) -> SearchRequest:
        """A request from plain values: strings for choices, any sequence for filters and facets.

        Raises:
            InvalidRequest: A name is unknown or a value impossible.
        """
        problems = []
        for name, value in wanted.items():
            if name not in cls.__dataclass_fields__:
                problems.append(Problem(name, f"没有“{name}”这个参数"))
            elif choice := _CHOICES.get(name):
                wanted[name], wrong = _read_choices(name, value, choice)
                problems += wrong
            elif isinstance(cls.__dataclass_fields__[name].default, tuple):
                wanted[name] = tuple(value)
        if problems:
            raise InvalidRequest(*problems)
        return cls(query, **wanted)

    def _problems(self) -> Sequence[Problem]:
        problems = []
        if self.page < 1:
            problems.append(Problem("page", f"页码从 1 开始，不能是 {self.page}"))
        if not 1 <= self.per_page <= MAX_PER_PAGE:
            problems.append(Problem("per_page", f"每页 1 到 {MAX_PER_PAGE} 条，不能是 {self.per_page}"))
        if self.year_from is not None and self.year_to is not None and self.year_from > self.year_to:
            problems.append(Problem("year_from", f"起始年份 {self.year_from} 晚于截止年份 {self.year_to}"))
        for name in self.facets:
            if name not in FACETS:
                problems.append(Problem("facets", f"没有“{name}”这个分面，可用：{'、'.join(FACETS)}"))
        for part in self.sections:
            if part is not None and part not in STANDARD_PARTS:
                problems.append(Problem("section", f"没有“{part}”这个部分，可用：{'、'.join(STANDARD_PARTS)}"))
        return problems

    @property
    def has_filter(self) -> bool:
        """Whether anything but the kind of passage is filtered; such a request may go without a query."""
        bounded = self.year_from is not None or self.year_to is not None
        return bounded or any((self.years, self.regions, self.issuers, self.sections, self.types, self.same))


_CHOICES: dict[str, type[StrEnum]] = {"mode": Mode, "types": ReportType, "kinds": Kind, "sort": Sort}


def _read_choices(name: str, value: Any, choice: type[StrEnum]) -> tuple[Any, list[Problem]]:
    """One choice or a tuple of them from strings, and what was wrong with them."""
    several = not isinstance(value, str)
    known = {member.value: member for member in choice}
    wrong = [word for word in (value if several else [value]) if word not in known]
    if wrong:
        return value, [Problem(name, f"没有“{word}”这个取值，可用：{'、'.join(known)}") for word in wrong]
    return (tuple(known[word] for word in value) if several else known[value]), []


def read_mode(value: str) -> Mode:
    """The mode of this name.

    Raises:
        InvalidRequest: There is none.
    """
    try:
        return Mode(value)
    except ValueError:
        raise InvalidRequest(*_read_choices("mode", value, Mode)[1]) from None


@dataclass(frozen=True, slots=True)
class Totals:
    """Exact counts over the whole result."""

    reports: int
    paragraphs: int
    """Matching passages of any kind."""
    occurrences: int | None
    """Marked places in all of them; None where more than 20,000 passages match."""
    hits: int
    """What pages count: passages, or groups of equal passages with `collapse`."""


@dataclass(frozen=True, slots=True)
class FacetCount:
    """One value of a facet (None: unknown) and how many matching passages have it, the facet's own filter left aside."""

    value: str | int | None
    count: int
    label: str | None = None
    """A region's name."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a passage around its matches."""

    text: str
    marks: list[tuple[int, int]]
    """Half-open spans in code points of `text`."""
    cut_before: bool
    cut_after: bool
    item: int | None = None
    """The number of the 一是-item that its first mark stands in."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One found passage."""

    id: str
    kind: Kind
    anchor: str
    text: str
    """As printed, whole."""
    score: float
    """Comparable within one query only."""
    report: Report
    """Without passages: its metadata alone."""
    section: tuple[Section, ...]
    item: int | None
    """The number of the 一是-item that its first match stands in."""
    matches: list[tuple[int, int]]
    """Half-open spans in code points of `text`, in order, apart or touching."""
    snippet: Snippet
    same: int = 0
    """With `collapse`: how many other passages of the result have this text."""


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
        return -(-self.total.hits // self.request.per_page)


@dataclass(frozen=True, slots=True)
class ListedReport:
    """A report in a list of reports, and how often it mentions the query."""

    report: Report
    """Without passages."""
    paragraphs: int
    occurrences: int | None


@dataclass(frozen=True, slots=True)
class ReportPage:
    """One page of a list of reports, in the order of the request."""

    request: SearchRequest
    parsed: str
    reports: list[ListedReport]
    total: int
    index: IndexStats

    @property
    def pages(self) -> int:
        """How many pages the list has."""
        return -(-self.total // self.request.per_page)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a result is what it is."""

    alone: list[tuple[str, Totals]]
    """Each typed text (folded) and what it gives without the others and without filters."""
    without: list[tuple[str, Totals]]
    """Each facet that is filtered and what the request gives without that filter."""
    held: int
    """How many reports the filters let through; 0: no such report is in the index."""
    nearest: list[tuple[str, str, int]]
    """Each typed text that nothing holds, the nearest spelling that something holds, and how many passages do."""
    words: int = 0
    """How many passages hold some of the words, where the query was read exactly: a whole sentence was perhaps meant."""


class Context(StrEnum):
    """What the lines of a concordance are sorted by."""

    NONE = "none"
    """The order of the passages, then the place in the text."""
    LEFT = "left"
    """What stands before, read from the match outwards."""
    RIGHT = "right"
    """What stands after."""


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


@dataclass(frozen=True, slots=True)
class Concordance:
    """One page of the occurrences of a query."""

    request: SearchRequest
    parsed: str
    context: Context
    lines: list[ConcordanceLine]
    total: int
    """Occurrences in all matching passages."""
    index: IndexStats

    @property
    def pages(self) -> int:
        """How many pages the concordance has."""
        return -(-self.total // self.request.per_page)


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
