"""The interface of every engine: a reader answers a query tree, a writer puts and drops reports, a backend opens both.

Hit sets, totals, facets and the order of ties are the same on every engine; scores may differ.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from indexer.analysis.fold import fold
from indexer.boilerplate import Commonest, Copies, read_key
from indexer.catalogue import Catalogue, Original
from indexer.declared import Value
from indexer.facets import Condition
from indexer.facts import FigureValue
from indexer.joined import JoinedTexts, Numbers
from indexer.model import Passage, Report
from indexer.neighbours import WordBegins
from indexer.query.tree import Query
from indexer.request import Mode, Novelty, SearchRequest, Sort
from indexer.results import Counts, FacetCount, IndexStats, ListedReport, Totals
from indexer.versions import History
from indexer.wordlists import WordCounts

OCCURRENCES_LIMIT = 20_000
"""Occurrences are not counted when more passages than this match."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A request ready to run: the query is parsed and the filters are resolved."""

    query: Query
    conditions: list[Condition]
    sort: Sort = Sort.RELEVANCE
    skip: int = 0
    take: int = 20
    facets: tuple[str, ...] = ()
    collapse: bool = False
    same: str | None = None
    """The id of a passage; only passages with its text and kind match."""
    counts_occurrences: bool = True
    """Whether `Totals.occurrences` is wanted; otherwise it is None."""
    sentence: int | None = None
    """The key of a sentence that the passages must contain, see `indexer.boilerplate`."""
    own: bool = False
    """Whether to leave out passages whose first match is in a common sentence."""

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
        """Whether the plan restricts reports only: then every report that passes the filters has a matching passage, at least its title."""
        asks = (self.query.tree, self.same, self.sentence)
        return all(each is None for each in asks) and not any(condition.field.of_passages for condition in self.conditions)


EVERYTHING = Plan(Query(None, Mode.EXACT), [])
"""All passages of all reports."""


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """One passage on a page of results."""

    report: Report
    """The passage's report, without passages."""
    passage: Passage
    score: float
    same: int = 0
    folded: str | None = None
    """The folded text, where the engine has it."""

    @property
    def folded_text(self) -> str:
        """The folded text; folded here when the engine did not supply it."""
        return fold(self.passage.text) if self.folded is None else self.folded


@dataclass(frozen=True, slots=True)
class Found:
    """One page of results, with totals and facets over the whole result."""

    total: Totals
    passages: list[FoundPassage]
    facets: dict[str, list[FacetCount]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FoundTexts:
    """The folded texts of passages, in order."""

    joined: JoinedTexts
    passages: Callable[[Sequence[int]], list[FoundPassage]]
    """Returns the passages of some of the texts, given the texts' numbers."""
    reports: Numbers
    """For each text, a number shared by all texts of the same report."""
    word_begins: Callable[[], WordBegins | None] = lambda: None
    """Returns where the words of the texts begin, None if the engine does not know."""

    @classmethod
    def of(cls, found: Sequence[FoundPassage]) -> FoundTexts:
        """The texts of passages that were already read."""
        ids = {id: number for number, id in enumerate(dict.fromkeys(one.report.id for one in found))}
        joined = JoinedTexts.of([one.folded_text for one in found])
        reports = np.array([ids[one.report.id] for one in found], np.int64)
        return cls(joined, lambda numbers: [found[number] for number in numbers], reports)


@dataclass(frozen=True, slots=True)
class FoundFigures:
    """The figures of passages, in order; a passage is read only when it is asked for."""

    counts: Callable[[Set[str] | None], Numbers]
    """Returns how many figures each passage states, counting only the given indicators, or all figures for None."""
    labelled: Callable[[str, Set[str] | None], tuple[Numbers, list[FigureValue]]]
    """Given a folded label, returns how many figures of each passage have it, and the values of all these, in order; counting only the
    given indicators, or all figures for None."""
    passages: Callable[[Sequence[int]], list[FoundPassage]]
    """Returns some of these passages, given their numbers from 0."""
    reports: Callable[[], list[Report]]
    """Returns the report of each passage, without passages."""
    size: int
    """Approximate bytes that `passages` keeps in memory."""


@dataclass(frozen=True, slots=True)
class FoundGroups:
    """Passages in groups, with their texts."""

    groups: list[list[int]]
    """For each group, its passages in order, as the numbers of their texts in `texts`."""
    texts: FoundTexts
    """The texts of the passages of all groups, each passage once."""

    @classmethod
    def of(cls, groups: Sequence[Sequence[FoundPassage]]) -> FoundGroups:
        """Groups of passages that were already read."""
        read = {(one.report.id, one.passage.anchor): one for group in groups for one in group}
        number_of = {key: number for number, key in enumerate(read)}
        numbers = [[number_of[one.report.id, one.passage.anchor] for one in group] for group in groups]
        return cls(numbers, FoundTexts.of(list(read.values())))


@dataclass(frozen=True, slots=True)
class Holdings:
    """The passages that contain each of several texts."""

    counts: list[Counts]
    """How many reports and passages contain each text."""
    newest: FoundGroups
    """For each text, the first passages that contain it, the newest years first."""
    units: Callable[[int], Set[Value]]
    """Given the index of a text, returns the ids of the units whose reports contain it, with None for reports of an unknown unit."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How many passages and reports have one value of a passage field."""

    passages: int
    years: dict[int | None, int]
    """By reported year: how many reports have passages with the value."""


class Engine(Protocol):
    """A reader of one published state of an index; safe to share between threads."""

    @property
    def stats(self) -> IndexStats:
        """Counts of what this state holds."""
        ...

    def search(self, plan: Plan) -> Found:
        """One page of the passages that match, with exact totals.

        Raises:
            NotFound: No passage has the id of `Plan.same`.
        """
        ...

    def each(self, plan: Plan) -> Iterator[FoundPassage]:
        """Every passage that matches, in the order of the plan, collapsed if the plan says so; `skip` and `take` are ignored.

        Raises:
            NotFound: No passage has the id of `Plan.same`; raised by the call itself, not by the iterator.
        """
        ...

    def years(self, plan: Plan) -> dict[int | None, tuple[int, int]]:
        """By reported year: how many reports have matching passages, and how many pass the filters on reports."""
        ...

    def spread(self, plan: Plan, name: str, same: Mapping[str, str]) -> dict[str, Spread]:
        """For each value of a passage field, and each of its details, how it is spread over the passages that match.

        A value that is a key of `same` is counted under the value it maps to.
        """
        ...

    def cross(self, plan: Plan, name: str, values: Set[str], fields: Sequence[str]) -> dict[tuple[Value, ...], int]:
        """Count the matching passages by value of the passage field `name` and by their report's values of `fields`.

        Only `values` and their details are counted. Each key is the value or detail, then one value per field in `fields`:
        the most specific where a report has several. No text is read; `skip` and `take` are ignored.
        """
        ...

    def rank(self, query: Query, top: int) -> tuple[int, list[str], list[float]]:
        """How many passages match, and the ids and scores of the best `top`."""
        ...

    def candidates(self, groups: Sequence[Sequence[str]], top: int) -> FoundGroups:
        """For each group of folded texts (at least one, none empty, all different), the best `top` passages that contain one of them.

        The best come first, in the order of `rank` for a query of these texts joined by OR. All groups are looked up together.
        """
        ...

    def holding_each(self, texts: Sequence[str], top: int) -> Holdings:
        """For each of several folded texts (none empty), what contains it, with the first `top` passages in the order of `Sort.NEWEST`.

        All texts are looked up together.
        """
        ...

    def holding_all(self, groups: Sequence[Sequence[str]]) -> tuple[FoundTexts, list[bool]]:
        """The texts of all passages that contain every text of one of these groups of folded texts (at least one, none empty).

        Each passage comes once, in the order of `Sort.NEWEST`. The list says for each group whether its passages are included: they are
        left out where there are more than `OCCURRENCES_LIMIT`. All groups are looked up together.
        """
        ...

    def list_reports(self, plan: Plan, mention: bool | None) -> tuple[int, list[ListedReport]]:
        """How many reports have matching passages, and one page of these reports.

        With `mention` False: the reports that pass the filters and have no matching passage.
        """
        ...

    def each_listed(self, plan: Plan, mention: bool | None) -> Iterator[ListedReport]:
        """Every report of `list_reports`, in its order; `skip` and `take` are ignored."""
        ...

    def reports(self, plan: Plan) -> Iterator[Report]:
        """Every report with matching passages, in the order of `list_reports`, without passages; `skip` and `take` are ignored."""
        ...

    def tally(self, plan: Plan, fields: Sequence[str], *, passages: bool = False) -> dict[tuple[Value, ...], int]:
        """Count the reports with matching passages by combination of values of `fields`: the most specific value where there are several.

        With `passages`, count their matching passages instead. No report is read; `skip` and `take` are ignored.
        """
        ...

    def report(self, id: str) -> Report:
        """A whole report.

        Raises:
            NotFound: No report has this id.
        """
        ...

    def earlier(self, id: str) -> list[Report]:
        """The replaced versions of a report, whole, each under the report's own id; in any order."""
        ...

    def examples(self, facet: str, values: Collection[Value]) -> dict[Value, Report]:
        """For each of these values of a report field, a report that has it, without passages; values that no report has are left out."""
        ...

    def counts(self, query: Query, filterings: Sequence[list[Condition]]) -> list[Counts]:
        """For each set of filters, how many reports and passages match the query."""
        ...

    def texts(self, plan: Plan) -> FoundTexts | None:
        """The texts of all passages that match, in the order of the plan; None where there are more than `OCCURRENCES_LIMIT`.

        `skip` and `take` are ignored.
        """
        ...

    def figures(self, plan: Plan) -> FoundFigures:
        """The figures of all passages that match, in the order of the plan, which must not be by relevance.

        `skip` and `take` are ignored.
        """
        ...

    def copies(self, keys: Collection[int]) -> dict[int, Copies]:
        """By key of a sentence: how many units and reports contain it; sentences that none contains are left out."""
        ...

    def commonest(self) -> Commonest:
        """All common sentences."""
        ...

    def suggest(self, prefix: str, limit: int) -> list[tuple[str, int]]:
        """Words and headings (folded, no numbers) that start with a folded prefix, and how many passages contain them, most first."""
        ...

    def texts_holding(self, alternatives: Sequence[Sequence[str]], most: int) -> JoinedTexts | None:
        """The texts of all passages that contain every folded piece (not empty) of one alternative; None where more than `most` do."""
        ...

    def word_counts(self, plan: Plan) -> WordCounts:
        """How many passages contain each word that may be listed, among the matching passages and among all."""
        ...

    def holding(self, plan: Plan, words: Sequence[str]) -> list[tuple[Counts, Counts]]:
        """For each word, the counts of the matching passages that contain it, and of all other passages that contain it."""
        ...

    def passages_holding(self, plan: Plan, words: Sequence[str]) -> Numbers:
        """For each word, how many of the matching passages contain it."""
        ...

    def outdated(self) -> bool:
        """Whether a newer state has been published; cheap."""
        ...

    def close(self) -> None:
        """Release files and connections; reading afterwards is an error."""
        ...


class Writer(Protocol):
    """Prepares the next state of an index; readers see nothing of it before `commit`."""

    anew: bool
    """Whether the writer starts from nothing and will replace a published state as a whole."""

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
        """Which of these reports were published but are lost to damage; their files must be read again."""
        ...

    def put(self, report: Report) -> None:
        """Add a report, replacing the one with its id."""
        ...

    def keep(self, report: Report) -> None:
        """Store a whole report of the live state as an earlier version, before another one replaces it.

        It is stored at once and stays even if this run is aborted: readers ignore an earlier version with the content of the live one.
        """
        ...

    def drop(self, id: str) -> None:
        """Remove a report; nothing happens where there is none."""
        ...

    def commit(self, catalogue: Catalogue) -> str | None:
        """Publish the new state together with the catalogue; return the name of the new generation."""
        ...

    def abort(self) -> None:
        """Discard everything; the live state stays as it was."""
        ...


class Backend(Protocol):
    """One index and where it is stored: in a folder, or under a name on a cluster."""

    def open(self) -> Engine:
        """A reader of the live generation; see `indexer.open_index` for what it raises."""
        ...

    def writer(self, *, anew: bool = False, full: bool = False) -> Writer:
        """A writer on top of the live generation.

        With `anew` it starts from nothing. With `full` the caller will put everything again, so a backend may write a
        whole new state; reports that are neither put nor dropped are taken over.

        Raises:
            IndexBusy: Another writer is running.
            IndexOutdated, IndexCorrupt: The live generation cannot be built on, and `anew` is False.
        """
        ...

    def catalogue(self) -> tuple[str | None, Catalogue | None]:
        """The live generation's name and its catalogue, both None where there is no index; nothing is written."""
        ...

    def history(self) -> History:
        """What is known of the index's earlier generations."""
        ...

    def original(self, report: str) -> Original | None:
        """Where the file of the report with this id is, None where the catalogue has none; takes no longer for a large catalogue."""
        ...

    def damaged_files(self) -> tuple[str, list[str]]:
        """The live generation's name and a list of what is damaged in it; see `indexer.damaged_files`."""
        ...
