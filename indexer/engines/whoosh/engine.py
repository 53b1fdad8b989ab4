"""The engine for one machine: turns a plan into a page of passages with totals and facets, from one generation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.declared import DETAIL, Value
from indexer.engines.boundary import OCCURRENCES_LIMIT, Found, FoundFigures, FoundGroups, FoundPassage, FoundTexts, Holdings, Plan
from indexer.engines.common import ORDERS
from indexer.engines.whoosh.arrays.postings import Numbers
from indexer.engines.whoosh.counting import Counting
from indexer.engines.whoosh.earlier import kept
from indexer.engines.whoosh.evaluation.borders import word_begins
from indexer.engines.whoosh.evaluation.evaluate import Evaluation, floor
from indexer.engines.whoosh.evaluation.lookup import among
from indexer.engines.whoosh.evaluation.standing import standing
from indexer.errors import NotFound
from indexer.facts import FigureValue
from indexer.joined import JoinedTexts
from indexer.matching import overlapping
from indexer.model import Report
from indexer.query.tree import Query, holding_one_of
from indexer.request import Mode, Sort
from indexer.results import Counts, ListedReport, Totals

CHECKED_EVERY = 50
"""In a long answer, check that the files are unchanged every so many passages: a slow client may take minutes to read it."""

LISTED_TOGETHER = 2_000
"""Reports of a long list whose occurrences are counted together, since each count goes through all matching passages."""

MANY = 8
"""With at least so many times as many passages as are wanted, the best are selected first and only those are sorted."""

_NO_SCORES = np.empty(0)


@dataclass(frozen=True, slots=True)
class _Shown:
    """The hits of a plan in order: at least the first ones that were asked for."""

    hits: int
    """How many hits there are in all."""
    numbers: Numbers
    """The numbers of the passages."""
    scores: NDArray[np.float64]
    same: Numbers
    """How many other passages each hit stands for."""

    def part(self, first: int, last: int) -> Iterator[tuple[int, float, int]]:
        """Number, score and `same` of the hits from `first` to before `last`."""
        parts = (self.numbers[first:last].tolist(), self.scores[first:last].tolist(), self.same[first:last].tolist())
        return zip(*parts, strict=True)


@dataclass(frozen=True, slots=True)
class _Listing:
    """The reports that a plan lists."""

    evaluation: Evaluation
    chosen: Numbers
    """The matching passages."""
    counts: Numbers
    """How many of these passages each report of the index has."""
    total: int
    """How many reports are listed in all."""
    rows: Numbers
    """The rows of the reports in order: at least the first ones that were asked for."""


class WhooshEngine(Counting):
    """See `Engine`."""

    def search(self, plan: Plan) -> Found:
        """See `Engine.search`."""
        evaluation, matching, filters = self._evaluated(plan)
        chosen = filters.passed(matching)
        shown = self._shown(plan, evaluation, chosen, plan.skip + plan.take)
        counted = plan.counts_occurrences and len(chosen) <= OCCURRENCES_LIMIT
        counts = self._counts(chosen)
        passed = {name: filters.passed(matching, leave_out=name) for name in plan.facets}
        return Found(
            total=Totals(
                reports=int(np.count_nonzero(counts)),
                paragraphs=len(chosen),
                occurrences=int(self._occurrences(evaluation, plan.query, chosen).sum()) if counted else None,
                hits=shown.hits,
            ),
            passages=[self._found(*one) for one in shown.part(plan.skip, plan.skip + plan.take)],
            facets={name: self._facet(name, own, counts if own is chosen else None) for name, own in passed.items()},
        )

    def each(self, plan: Plan) -> Iterator[FoundPassage]:
        """See `Engine.each`."""
        evaluation, matching, filters = self._evaluated(plan)
        chosen = filters.passed(matching)
        shown = self._shown(plan, evaluation, chosen, len(chosen))
        return self._found_in_turn(shown)

    def _found_in_turn(self, shown: _Shown) -> Iterator[FoundPassage]:
        for at, one in enumerate(shown.part(0, shown.hits)):
            if at % CHECKED_EVERY == 0:
                self._passages.check_unchanged()
            yield self._found(*one)

    def _shown(self, plan: Plan, evaluation: Evaluation, chosen: Numbers, wanted: int) -> _Shown:
        """At least the first `wanted` hits of a plan, among the passages that match."""
        if not plan.collapse and ORDERS[plan.sort][0].field != "score":
            # The order does not depend on scores, so only the hits that are shown are scored.
            shown = chosen[self._ordered(chosen, _NO_SCORES, plan.sort, wanted)[:wanted]]
            at = np.argsort(shown)
            scores = np.empty(len(shown))
            scores[at] = evaluation.scores(shown[at])
            return _Shown(len(chosen), shown, scores, np.zeros(len(shown), np.int64))
        scores = evaluation.scores(chosen)
        if not plan.collapse:
            ordered = self._ordered(chosen, scores, plan.sort, wanted)
            return _Shown(len(chosen), chosen[ordered], scores[ordered], np.zeros(len(ordered), np.int64))
        ordered = self._ordered(chosen, scores, plan.sort, len(chosen))
        _, firsts, counts = np.unique(self._passages.same[chosen[ordered]], return_index=True, return_counts=True)
        in_order = np.argsort(firsts)
        ordered = ordered[firsts[in_order]]
        return _Shown(len(ordered), chosen[ordered], scores[ordered], counts[in_order] - 1)

    def rank(self, query: Query, top: int) -> tuple[int, list[str], list[float]]:
        """See `Engine.rank`."""
        total, numbers, scores = self._best(query, top)
        return total, [*map(self._passages.id, numbers.tolist())], scores.tolist()

    def candidates(self, groups: Sequence[Sequence[str]], top: int) -> FoundGroups:
        """See `Engine.candidates`."""
        self._passages.check_unchanged()
        distinct = {text: None for group in groups for text in group}
        evaluation = Evaluation(self._passages, Query(None, Mode.LITERAL))
        terms = dict(zip(distinct, standing(self._passages, list(distinct)).scored(self._passages), strict=True))
        found = []
        for group in groups:
            _, numbers, scores = evaluation.leading_of_any([terms[text] for text in group], top)
            found.append(numbers[self._first(numbers, scores, top)[:top]])
        return self._grouped(found)

    def holding_each(self, texts: Sequence[str], top: int) -> Holdings:
        """See `Engine.holding_each`."""
        self._passages.check_unchanged()
        found = {}
        distinct = list(dict.fromkeys(texts))
        for text, (numbers, _) in zip(distinct, standing(self._passages, distinct).postings(), strict=True):
            newest = numbers[self._ordered(numbers, _NO_SCORES, Sort.NEWEST, top)[:top]]
            found[text] = Counts(self._reports_of(numbers), len(numbers)), newest, numbers
        counts, groups, _ = zip(*(found[text] for text in texts), strict=True) if texts else ((), (), ())
        return Holdings(list(counts), self._grouped(groups), lambda text: self._units_of(found[texts[text]][2]))

    def _units_of(self, numbers: Numbers) -> set[Value]:
        column = self._passages.field("unit")
        return {column.values[code] for code in np.unique(column.codes[self._passages.report[numbers]]).tolist()}

    def holding_all(self, groups: Sequence[Sequence[str]]) -> tuple[FoundTexts, list[bool]]:
        """See `Engine.holding_all`."""
        passages = self._passages
        passages.check_unchanged()
        distinct = {text: None for group in groups for text in group}
        lists = dict(zip(distinct, (numbers for numbers, _ in standing(passages, list(distinct)).postings()), strict=True))
        few, held = [], np.zeros(passages.count, np.bool_)
        for group in groups:
            numbers, *others = sorted((lists[text] for text in dict.fromkeys(group)), key=len)
            for other in others:
                numbers = numbers[among(numbers, other, passages.count)]
            few.append(len(numbers) <= OCCURRENCES_LIMIT)
            if few[-1]:
                held[numbers] = True
        chosen = held.nonzero()[0]
        return self._texts(chosen[self._ordered(chosen, _NO_SCORES, Sort.NEWEST, len(chosen))]), few

    def _grouped(self, groups: Sequence[Numbers]) -> FoundGroups:
        """Groups of passages, with their texts."""
        distinct, at = np.unique(np.concatenate([np.empty(0, np.int64), *groups]), return_inverse=True)
        bounds = pairwise([0, *np.cumsum([len(group) for group in groups]).tolist()])
        numbers = at.tolist()
        return FoundGroups([numbers[first:last] for first, last in bounds], self._texts(distinct))

    def _best(self, query: Query, top: int) -> tuple[int, Numbers, NDArray[np.float64]]:
        """How many passages match, and the best `top` of them with their scores."""
        self._passages.check_unchanged()
        total, numbers, scores = Evaluation(self._passages, query).leading(top)
        best = self._first(numbers, scores, top)[:top]
        return total, numbers[best], scores[best]

    def list_reports(self, plan: Plan, mention: bool | None) -> tuple[int, list[ListedReport]]:
        """See `Engine.list_reports`."""
        listing = self._listing(plan, mention, plan.skip + plan.take)
        return listing.total, list(self._some_listed(plan, listing, plan.skip, plan.skip + plan.take))

    def each_listed(self, plan: Plan, mention: bool | None) -> Iterator[ListedReport]:
        """See `Engine.each_listed`."""
        listing = self._listing(plan, mention)
        return self._listed_in_turn(plan, listing)

    def _listed_in_turn(self, plan: Plan, listing: _Listing) -> Iterator[ListedReport]:
        for first in range(0, len(listing.rows), LISTED_TOGETHER):
            yield from self._some_listed(plan, listing, first, first + LISTED_TOGETHER)

    def _some_listed(self, plan: Plan, listing: _Listing, first: int, last: int) -> Iterator[ListedReport]:
        """The listed reports from `first` to before `last`."""
        rows, counts, chosen = listing.rows[first:last], listing.counts, listing.chosen
        listed = np.zeros(len(counts), np.bool_)
        listed[rows] = counts[rows] <= OCCURRENCES_LIMIT
        shown = chosen[listed[self._passages.report[chosen]]]
        occurrences = np.bincount(self._passages.report[shown], self._occurrences(listing.evaluation, plan.query, shown), len(counts))
        for at, row in enumerate(rows.tolist()):
            if at % CHECKED_EVERY == 0:
                self._passages.check_unchanged()
            yield ListedReport(self._passages.bare_report(row), int(counts[row]), int(occurrences[row]) if listed[row] else None)

    def reports(self, plan: Plan) -> Iterator[Report]:
        """See `Engine.reports`."""
        return self._reports_in_turn(self._listing(plan, None).rows)

    def _reports_at(self, rows: Numbers) -> list[Report]:
        """The report of each row, each read once."""
        different, at = np.unique(rows, return_inverse=True)
        reports = list(self._reports_in_turn(different))
        return [reports[number] for number in at.tolist()]

    def _reports_in_turn(self, rows: Numbers) -> Iterator[Report]:
        for at, row in enumerate(rows.tolist()):
            if at % CHECKED_EVERY == 0:
                self._passages.check_unchanged()
            yield self._passages.bare_report(row)

    def _listing(self, plan: Plan, mention: bool | None, wanted: int | None = None) -> _Listing:
        """The listed reports; at least the first `wanted` of them in order, or all."""
        evaluation, matching, filters = self._evaluated(plan)
        chosen = filters.passed(matching)
        counts = self._counts(chosen)
        rows = np.flatnonzero(filters.allowed() & (counts == 0)) if mention is False else np.flatnonzero(counts)
        titles = self._passages.firsts[rows]
        by_mentions = plan.sort is Sort.RELEVANCE and plan.query.tree is not None
        sort = plan.sort if by_mentions or plan.sort is not Sort.RELEVANCE else Sort.NEWEST
        ordered = self._ordered(titles, counts[rows].astype(np.float64), sort, len(rows) if wanted is None else min(wanted, len(rows)))
        return _Listing(evaluation, chosen, counts, len(rows), rows[ordered])

    def report(self, id: str) -> Report:
        """See `Engine.report`."""
        self._passages.check_unchanged()
        row = self._passages.row(id)
        if row is None:
            raise NotFound(id)
        return self._passages.whole_report(row)

    def earlier(self, id: str) -> list[Report]:
        """See `Engine.earlier`."""
        return kept(self._index, id)

    def texts(self, plan: Plan) -> FoundTexts | None:
        """See `Engine.texts`."""
        evaluation, matching, filters = self._evaluated(plan)
        chosen = filters.passed(matching)
        if len(chosen) > OCCURRENCES_LIMIT:
            return None
        ordered = chosen[self._ordered(chosen, evaluation.scores(chosen), plan.sort, len(chosen))]
        return self._texts(ordered)

    def _texts(self, numbers: Numbers) -> FoundTexts:
        """The texts of passages."""
        passages = self._passages
        joined = passages.joined(numbers)
        return FoundTexts(
            joined,
            lambda texts: list(self._read_in_turn(numbers[list(texts)])),
            passages.report[numbers],
            lambda: word_begins(passages, numbers, joined),
        )

    def figures(self, plan: Plan) -> FoundFigures:
        """See `Engine.figures`."""
        _, matching, filters = self._evaluated(plan)
        chosen = filters.passed(matching)
        ordered = chosen[self._ordered(chosen, _NO_SCORES, plan.sort, len(chosen))]
        rows = self._passages.report[ordered]
        return FoundFigures(
            partial(self._counts_of_figures, ordered),
            partial(self._labelled, ordered),
            lambda texts: list(self._read_in_turn(ordered[list(texts)])),
            lambda: self._reports_at(rows),
            ordered.nbytes + rows.nbytes,
        )

    def _counts_of_figures(self, numbers: Numbers, indicators: Set[str] | None) -> Numbers:
        """How many figures these passages state, see `FoundFigures.counts`."""
        self._passages.check_unchanged()
        if indicators is None:
            return self._passages.figures[numbers]
        column = self._passages.field("indicator")
        details = [str(value).partition(DETAIL) for value in column.values]
        counts = [int(detail.partition("|")[0]) if detail and name in indicators else 0 for name, _, detail in details]
        codes, at = column.pairs(numbers)
        return np.bincount(at, np.array(counts, np.int64)[codes], len(numbers)).astype(np.int64)

    def _labelled(self, numbers: Numbers, label: str, indicators: Set[str] | None) -> tuple[Numbers, list[FigureValue]]:
        """The figures with a label in these passages, see `FoundFigures.labelled`."""
        self._passages.check_unchanged()
        return self._passages.labelled(numbers, label, indicators)

    def _read_in_turn(self, numbers: Numbers) -> Iterator[FoundPassage]:
        for at, number in enumerate(numbers.tolist()):
            if at % CHECKED_EVERY == 0:
                self._passages.check_unchanged()
            yield self._found(number, 0.0, 0)

    def texts_holding(self, alternatives: Sequence[Sequence[str]], most: int) -> JoinedTexts | None:
        """See `Engine.texts_holding`."""
        self._passages.check_unchanged()
        numbers = Evaluation(self._passages, Query(holding_one_of(alternatives), Mode.LITERAL)).matching()
        return None if len(numbers) > most else self._passages.joined(numbers)

    def _found(self, number: int, score: float, same: int, folded: str | None = None) -> FoundPassage:
        report = self._passages.bare_report(int(self._passages.report[number]))
        folded = self._passages.folded(number) if folded is None else folded
        return FoundPassage(report, self._passages.passage(number, report, folded), score, same, folded)

    def _ordered(self, chosen: Numbers, scores: NDArray[np.float64], sort: Sort, wanted: int) -> Numbers:
        """The indices into `chosen` of the first `wanted` passages in this order, possibly followed by some more."""
        passages = self._passages
        leading = ORDERS[sort][0].field
        if leading == "score":
            return self._first(chosen, scores, wanted)
        keys = passages.tie(chosen) if sort is Sort.NEWEST else passages.field(leading).ranks()[passages.report[chosen]]
        return self._first(chosen, -keys, wanted)

    def _first(self, chosen: Numbers, keys: NDArray[Any], wanted: int) -> Numbers:
        """The indices into `chosen` of the `wanted` greatest keys, ties in their order, possibly followed by some more."""
        passages = self._passages
        if not wanted:
            return np.empty(0, np.int64)
        if len(chosen) < MANY * wanted:
            return np.lexsort((passages.tie(chosen), -keys))
        # Keep everything as good as the last wanted one: the tie order decides among equals.
        leading = (keys >= floor(keys, wanted)).nonzero()[0]
        return leading[np.lexsort((passages.tie(chosen[leading]), -keys[leading]))]

    def _occurrences(self, evaluation: Evaluation, query: Query, chosen: Numbers) -> Numbers:
        """How many occurrences each of these passages has."""
        if query.nears:
            return evaluation.occurrences(query.terms, query.nears, chosen)
        total = np.zeros(len(chosen), np.int64)
        for alike in overlapping(query.terms):
            counts = [evaluation.counts(term.text, chosen) for term in alike]
            # Where only one of these terms occurs nothing overlaps, and the posting lists give the count.
            several = np.count_nonzero(counts, axis=0) > 1
            for own in counts:
                total += np.where(several, 0, own).astype(np.int64)
            if several.any():
                total[several] += evaluation.occurrences(alike, (), chosen[several])
        return total
