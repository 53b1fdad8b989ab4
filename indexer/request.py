"""Requests to an index and what comes back: `SearchRequest` in, `ResultPage` out.

The only nouns that pages and programs share with engines.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, TypeVar

from indexer.boilerplate import Copies, read_key
from indexer.declared import Value
from indexer.errors import InvalidRequest
from indexer.fields import FILTERS
from indexer.model import Kind, Passage, Report, Section
from indexer.problems import Problem
from indexer.remarks import KINDS, Remark

FACETS = tuple(FILTERS)
MAX_PER_PAGE = 100

T = TypeVar("T")


class Mode(StrEnum):
    """How the query text is read."""

    EXACT = "exact"
    ALL = "all"
    ANY = "any"
    LITERAL = "literal"


class Sort(StrEnum):
    """The order of hits; equals go by newer year, report id, position in the report."""

    RELEVANCE = "relevance"
    NEWEST = "-year"
    OLDEST = "year"
    REGION = "region"


class Novelty(StrEnum):
    """Which passages count, by the sentence that the first match stands in."""

    ALL = "all"
    OWN = "own"
    """Those in which it is not common, see `indexer.boilerplate`; passages without a match too."""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search with its filters; values of one filter are ORed, filters are ANDed. None in a filter stands for unknown.

    Raises:
        InvalidRequest: A value is impossible or contradicts another; every such problem is named.
    """

    query: str = ""
    mode: Mode = Mode.EXACT
    filters: tuple[tuple[str, tuple[Value, ...]], ...] = ()
    """The names of fields (see `indexer.fields.FILTERS`) with the values wanted of each, in the order of the fields, none empty.
    Made by `of`; of a region a code, or a name that means one place."""
    year_from: int | None = None
    year_to: int | None = None
    same: str | None = None
    """A passage's id: only passages of its kind with its folded text, itself among them."""
    sentence: str | None = None
    """The printed key of a sentence (`Hit.sentence`): only passages that hold a copy of it, figures aside."""
    novelty: Novelty = Novelty.ALL
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
        """A request from plain values: strings for choices, any sequence for facets and for filters, which go by their plurals (`years`).

        Raises:
            InvalidRequest: A name is unknown or a value impossible.
        """
        return cls(query).changed(**wanted)

    def changed(self, **wanted: Any) -> SearchRequest:
        """The request with other values, which go by the same names as in `of`.

        Raises:
            InvalidRequest: A name is unknown or a value impossible.
        """
        values = dict(self.filters)
        values |= {name: _several(wanted.pop(field.plural)) for name, field in FILTERS.items() if field.plural in wanted}
        problems = []
        for name, value in wanted.items():
            if name not in type(self).__dataclass_fields__ or name == "filters":
                problems.append(Problem(name, "no-parameter", name=name))
            elif choice := _CHOICES.get(name):
                wanted[name], wrong = _read_choice(name, value, choice)
                problems += wrong
            elif name == "facets":
                wanted[name] = _several(value)
        if problems:
            raise InvalidRequest(*problems)
        return replace(self, **wanted, filters=tuple((name, values[name]) for name in FILTERS if values.get(name)))

    def values(self, name: str) -> tuple[Value, ...]:
        """The values wanted of a field; none: it is not filtered by values."""
        return dict(self.filters).get(name, ())

    def argument(self, name: str) -> Any:
        """The value that `of` takes by this name."""
        filtered = _FILTERED.get(name)
        return self.values(filtered) if filtered else getattr(self, name)

    @property
    def skip(self) -> int:
        """How many come before its page."""
        return (self.page - 1) * self.per_page

    def page_of(self, all_of_them: Sequence[T]) -> Sequence[T]:
        """Those of its page; none where it is past the end."""
        return all_of_them[self.skip : self.skip + self.per_page]

    def pages_of(self, total: int) -> int:
        """How many pages so many make."""
        return -(-total // self.per_page)

    def _problems(self) -> Sequence[Problem]:
        problems = []
        if self.page < 1:
            problems.append(Problem("page", "page-below-one", value=self.page))
        if not 1 <= self.per_page <= MAX_PER_PAGE:
            problems.append(Problem("per_page", "out-of-range", name="per_page", least=1, most=MAX_PER_PAGE, value=self.per_page))
        if self.year_from is not None and self.year_to is not None and self.year_from > self.year_to:
            problems.append(Problem("year_from", "years-reversed", first=self.year_from, last=self.year_to))
        if self.sentence is not None and read_key(self.sentence) is None:
            problems.append(Problem("sentence", "no-value", value=self.sentence, name="sentence"))
        for name in self.facets:
            if name not in FILTERS:
                problems.append(Problem("facets", "no-choice", value=name, known=FILTERS))
        for name, values in self.filters:
            field = FILTERS[name]
            for value in values:
                if not field.may_be_unknown if value is None else field.choices and value not in field.choices:
                    problems.append(Problem(name, "no-choice", value=str(value), known=field.choices))
        return problems

    @property
    def has_filter(self) -> bool:
        """Whether anything but the kind of passage is filtered; such a request may go without a query."""
        bounded = self.year_from is not None or self.year_to is not None
        return bounded or self.same is not None or self.sentence is not None or any(not FILTERS[name].aside for name, _ in self.filters)


def _several(values: Any) -> tuple[Any, ...]:
    """Several values; a text is one value and not the characters it consists of, and so is a number, a choice or None."""
    return tuple(values) if isinstance(values, Iterable) and not isinstance(values, str) else (values,)


_FILTERED = {field.plural: name for name, field in FILTERS.items()}
_CHOICES: dict[str, type[StrEnum]] = {"mode": Mode, "sort": Sort, "novelty": Novelty}


def _read_choice(name: str, value: str, choice: type[StrEnum]) -> tuple[Any, list[Problem]]:
    """A choice from its text, or what was wrong with it."""
    try:
        return choice(value), []
    except ValueError:
        return value, [Problem(name, "no-choice", value=value, known=choice)]


def read_mode(value: str) -> Mode:
    """The mode of this name.

    Raises:
        InvalidRequest: There is none.
    """
    return read_choice("mode", value, Mode)


Choice = TypeVar("Choice", bound=StrEnum)


def read_choice(name: str, value: str, choice: type[Choice]) -> Choice:
    """The choice of this name.

    Raises:
        InvalidRequest: There is none; the parameter is called `name`.
    """
    read, problems = _read_choice(name, value, choice)
    if problems:
        raise InvalidRequest(*problems)
    return read  # type: ignore[no-any-return]


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


class Context(StrEnum):
    """What the lines of a concordance are sorted by."""

    NONE = "none"
    """The order of the passages, then the offset in the text."""
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
