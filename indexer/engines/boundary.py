"""The boundary every engine stands behind: a reader answers a query tree, a writer puts and drops reports, a backend opens both.

Hit sets, totals, facets and the order of equals are the same on every engine; scores may differ.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Protocol

from indexer.analysis.fold import fold
from indexer.boilerplate import Commonest, Copies, read_key
from indexer.catalogue import Catalogue, Original
from indexer.declared import Value
from indexer.facets import Condition
from indexer.joined import JoinedTexts, Numbers
from indexer.model import Passage, Report
from indexer.query.tree import Query
from indexer.records import CountedFigure
from indexer.request import Mode, Novelty, SearchRequest, Sort
from indexer.results import Counts, FacetCount, IndexStats, ListedReport, Totals
from indexer.versions import History
from indexer.wordlists import WordCounts

OCCURRENCES_LIMIT = 20_000
"""Where more passages match, their occurrences are not counted."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A request made ready: the query read, the filters resolved."""

    query: Query
    conditions: list[Condition]
    sort: Sort = Sort.RELEVANCE
    skip: int = 0
    take: int = 20
    facets: tuple[str, ...] = ()
    collapse: bool = False
    same: str | None = None
    """The id of the passage whose text and kind the others must have."""
    counts_occurrences: bool = True
    """Whether `Totals.occurrences` is wanted; it is None where not."""
    sentence: int | None = None
    """The key of a sentence that the passages must hold, see `indexer.boilerplate`."""
    own: bool = False
    """Whether passages are left out whose first match stands in a common sentence."""

    @classmethod
    def of(cls, request: SearchRequest, query: Query, conditions: list[Condition]) -> Plan:
        """The plan for one page of a request."""
        return cls(
            query,
            conditions,
            request.sort,
            request.skip,
            request.per_page,
            request.facets,
            request.collapse,
            request.same,
            sentence=read_key(request.sentence) if request.sentence else None,
            own=request.novelty is Novelty.OWN,
        )

    @property
    def of_reports(self) -> bool:
        """Whether it says nothing of passages: every report that the filters pass then has some, its title for one."""
        asks = (self.query.tree, self.same, self.sentence)
        return all(each is None for each in asks) and not any(condition.field.of_passages for condition in self.conditions)


EVERYTHING = Plan(Query(None, Mode.EXACT), [])
"""All passages of all reports."""


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage of a page."""

    report: Report
    """Without passages."""
    passage: Passage
    score: float
    same: int = 0
    folded: str | None = None
    """The fold of its text where the engine holds it."""

    @property
    def folded_text(self) -> str:
        """The fold of its text; where the engine does not hold it the text is folded again."""
        return fold(self.passage.text) if self.folded is None else self.folded


@dataclass(frozen=True, slots=True)
class Found:
    """One page of an answer, with totals and facets over all of it."""

    total: Totals
    passages: list[FoundPassage]
    facets: dict[str, list[FacetCount]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FoundTexts:
    """The folded texts of passages, in order."""

    joined: JoinedTexts
    passages: Callable[[Sequence[int]], list[FoundPassage]]
    """The passages that some of the texts are of, by the texts' numbers."""
    reports: Numbers
    """Of each text a number that all texts of its report have."""


@dataclass(frozen=True, slots=True)
class FoundFigures:
    """The figures of passages, in order; a passage is read when one of them is wanted."""

    counts: Callable[[Set[str] | None], Numbers]
    """How many each passage states, of these indicators alone or of all that it states."""
    counted: Iterable[Sequence[CountedFigure]]
    """Of each passage what each of its figures counts, and its value."""
    passages: Callable[[Sequence[int]], list[FoundPassage]]
    """Some of these passages, by their numbers from 0."""
    reports: Callable[[], list[Report]]
    """Of each passage its report, without passages."""
    size: int
    """Bytes that stay in memory with `passages`, about."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage whose text is to be looked at before the rest of it is read."""

    folded: str
    """The fold of its text."""
    read: Callable[[], FoundPassage]

    @classmethod
    def of(cls, found: FoundPassage) -> Candidate:
        """One that was read already."""
        return cls(found.folded_text, lambda: found)


@dataclass(frozen=True, slots=True)
class Holding:
    """The passages that hold a text."""

    passages: int
    """How many there are."""
    reports: int
    """In how many reports."""
    newest: list[Candidate]
    """The first of them, of the newest years first."""
    units: Callable[[], Set[Value]]
    """The units whose reports they are in, by id, None for those of reports that say none."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Where a value of a field of passages stands."""

    passages: int
    years: dict[int | None, int]
    """How many reports of each reported year have passages with it."""


class Engine(Protocol):
    """A reader of one published state of an index; safe to share between threads."""

    @property
    def stats(self) -> IndexStats:
        """What this state holds."""
        ...

    def search(self, plan: Plan) -> Found:
        """One page of the passages that match, with exact totals.

        Raises:
            NotFound: No passage has the id of `Plan.same`.
        """
        ...

    def each(self, plan: Plan) -> Iterator[FoundPassage]:
        """Every passage that matches, in the order of the plan, collapsed where the plan says so; its page does not count.

        Raises:
            NotFound: No passage has the id of `Plan.same`; raised at once.
        """
        ...

    def years(self, plan: Plan) -> dict[int | None, tuple[int, int]]:
        """By reported year: how many reports have matching passages, and how many the filters on reports pass."""
        ...

    def spread(self, plan: Plan, name: str, same: Mapping[str, str]) -> dict[str, Spread]:
        """Where each value of a field of passages, its details too, stands among the passages that match.

        A value that is a key of `same` counts as what that names.
        """
        ...

    def cross(self, plan: Plan, name: str, values: Set[str], fields: Sequence[str]) -> dict[tuple[Value, ...], int]:
        """How many matching passages have each of these values of a field of passages, and each of their details, in the reports with
        each combination of values of `fields`: of several values the most exact one.

        The value or detail comes first in each key. No text is read for it; the plan's page does not count.
        """
        ...

    def rank(self, query: Query, top: int) -> tuple[int, list[str], list[float]]:
        """How many passages match, and the ids and scores of the best `top`."""
        ...

    def candidates(self, groups: Sequence[Sequence[str]], top: int) -> list[list[Candidate]]:
        """For each group of folded texts (at least one, none empty, all different) the best `top` passages that hold one of them.

        Best first, as `rank` has them for a query of these texts joined by OR. All are looked up together.
        """
        ...

    def holding_each(self, texts: Sequence[str], top: int) -> list[Holding]:
        """What holds each of some folded texts (none empty), with the first `top` passages of `Sort.NEWEST`. All are looked up together."""
        ...

    def list_reports(self, plan: Plan, mention: bool | None) -> tuple[int, list[ListedReport]]:
        """How many reports there are with matching passages, and a page of them.

        With `mention` False: the reports that the filters pass and that have none.
        """
        ...

    def each_listed(self, plan: Plan, mention: bool | None) -> Iterator[ListedReport]:
        """Every report of `list_reports`, in its order; the plan's page does not count."""
        ...

    def reports(self, plan: Plan) -> Iterator[Report]:
        """Every report with matching passages, in the order of `list_reports`, without passages; the plan's page does not count."""
        ...

    def tally(self, plan: Plan, fields: Sequence[str], *, passages: bool = False) -> dict[tuple[Value, ...], int]:
        """How many reports with matching passages have each combination of values of these fields: of several values the most exact one.

        With `passages` the matching passages of these reports are counted.

        No report is read for it; the plan's page does not count.
        """
        ...

    def report(self, id: str) -> Report:
        """A whole report.

        Raises:
            NotFound: No report has this id.
        """
        ...

    def earlier(self, id: str) -> list[Report]:
        """The versions of a report that were stored before others took their place, whole, each under the report's own id; in any order."""
        ...

    def examples(self, facet: str, values: Collection[Value]) -> dict[Value, Report]:
        """A report of each of these values of a field of reports that has one, without passages."""
        ...

    def counts(self, query: Query, filterings: Sequence[list[Condition]]) -> list[Counts]:
        """How many passages match a query under each of several sets of filters."""
        ...

    def texts(self, plan: Plan) -> FoundTexts | None:
        """The texts of all passages that match, in the order of the plan, its page left aside; None where there are too many.

        Too many are more than `OCCURRENCES_LIMIT`.
        """
        ...

    def figures(self, plan: Plan) -> FoundFigures:
        """The figures of all passages that match, in the order of the plan, which is not by relevance; its page does not count."""
        ...

    def copies(self, keys: Collection[int]) -> dict[int, Copies]:
        """In how many units and reports the sentences of these keys stand; those that stand nowhere are left out."""
        ...

    def commonest(self) -> Commonest:
        """All common sentences."""
        ...

    def suggest(self, prefix: str, limit: int) -> list[tuple[str, int]]:
        """Words and headings (folded, numbers left out) that go on from a folded prefix, and how many passages hold them, most first."""
        ...

    def texts_holding(self, alternatives: Sequence[Sequence[str]], most: int) -> JoinedTexts | None:
        """The texts of all passages that hold every folded piece (not empty) of one of the alternatives; None where more than `most` do."""
        ...

    def word_counts(self, plan: Plan) -> WordCounts:
        """How many passages hold each word that may be listed, of those that match and of all."""
        ...

    def holding(self, plan: Plan, words: Sequence[str]) -> list[tuple[Counts, Counts]]:
        """For each of these words how many of the passages that match hold it, and how many of all others."""
        ...

    def outdated(self) -> bool:
        """Whether a newer state has been published; cheap."""
        ...

    def close(self) -> None:
        """Give back what was opened; reading afterwards is an error."""
        ...


class Writer(Protocol):
    """Prepares the next state of an index; nothing shows before `commit`."""

    anew: bool
    """Whether it starts from nothing although something was published before, which is then replaced whole."""

    @property
    def generation(self) -> str | None:
        """The live generation's name, None where nothing was ever published."""
        ...

    @property
    def catalogue(self) -> Catalogue | None:
        """The catalogue of the last commit, None where there is none."""
        ...

    def report(self, id: str) -> Report | None:
        """The whole report of the live state with this id, None where there is none."""
        ...

    def lost(self, ids: Iterable[str]) -> set[str]:
        """Those of these reports that were published and were lost by damage; their files must be read again."""
        ...

    def put(self, report: Report) -> None:
        """Add a report, in place of the one that has its id."""
        ...

    def keep(self, report: Report) -> None:
        """Store a whole report of the live state as an earlier version, for another one is about to take its place.

        It is stored at once and for good, whatever becomes of this run: what has the content of the live one counts for nothing.
        """
        ...

    def drop(self, id: str) -> None:
        """Take a report out; nothing happens where there is none."""
        ...

    def commit(self, catalogue: Catalogue) -> str | None:
        """Publish, and store the catalogue with it; returns the name of the new generation."""
        ...

    def abort(self) -> None:
        """Leave everything as it was."""
        ...


class Backend(Protocol):
    """One index where it is stored: a folder, or a name on a cluster."""

    def open(self) -> Engine:
        """A reader of the live generation; see `indexer.open_index` for what it raises."""
        ...

    def writer(self, *, anew: bool = False, full: bool = False) -> Writer:
        """A writer on top of the live generation.

        With `anew` it starts from nothing. With `full` everything is to be put again, which a backend may use to write a
        whole new state; what is neither put nor dropped is taken over.

        Raises:
            IndexBusy: Another writer is at work.
            IndexOutdated, IndexCorrupt: The live generation cannot be built on, and `anew` is False.
        """
        ...

    def catalogue(self) -> tuple[str | None, Catalogue | None]:
        """The live generation's name and its catalogue, both None where there is no index; nothing is written."""
        ...

    def history(self) -> History:
        """What the index held before, as far as it is known."""
        ...

    def original(self, report: str) -> Original | None:
        """Where the file of the report with this id stands, None where the catalogue has none; takes no longer for a large catalogue."""
        ...

    def damaged_files(self) -> tuple[str, list[str]]:
        """The live generation's name and what of it is damaged; see `indexer.damaged_files`."""
        ...
