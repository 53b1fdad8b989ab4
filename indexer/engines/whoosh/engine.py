"""The engine of one machine: a plan to a page of passages, with totals and facets, from one generation."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache, partial, reduce
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.boilerplate import Commonest, Copies
from indexer.declared import DETAIL, Value
from indexer.engines.boundary import OCCURRENCES_LIMIT, Candidate, Found, FoundFigures, FoundPassage, FoundTexts, Holding, Plan, Spread
from indexer.engines.common import ORDERS, best_suggestions, fingerprint
from indexer.engines.whoosh.arrays.columns import Column, Mask
from indexer.engines.whoosh.arrays.postings import Numbers
from indexer.engines.whoosh.earlier import kept
from indexer.engines.whoosh.evaluation.copies import SentenceCopies
from indexer.engines.whoosh.evaluation.evaluate import Evaluation, floor
from indexer.engines.whoosh.evaluation.filters import Filters
from indexer.engines.whoosh.evaluation.lookup import among
from indexer.engines.whoosh.evaluation.passages import Passages, parts
from indexer.engines.whoosh.evaluation.standing import standing
from indexer.engines.whoosh.generations import Generation, current_name, open_current
from indexer.engines.whoosh.segment.codec import TABLE
from indexer.engines.whoosh.segment.schema import SCHEMA_VERSION
from indexer.errors import NotFound
from indexer.facets import Condition, sorted_counts
from indexer.fields import FILTERS
from indexer.joined import JoinedTexts
from indexer.matching import overlapping
from indexer.model import Report
from indexer.query.tree import Query, holding_one_of
from indexer.request import Mode, Sort
from indexer.results import Counts, FacetCount, IndexStats, ListedReport, Totals
from indexer.wordlists import WordCounts

SUGGESTED_FROM = 40
"""Words and headings whose passages are counted for one completion: the most frequent, so that it stays within milliseconds."""

CHECKED_EVERY = 50
"""Passages of a long answer after which it is looked again whether the files are unchanged: who reads it may take minutes."""

LISTED_TOGETHER = 2_000
"""Reports of a long list whose occurrences are counted together: each time the passages that match are gone through."""

MANY = 8
"""Times as many passages as are wanted from which on the best are looked for before they are sorted."""

_NO_SCORES = np.empty(0)


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a plan shows, in order, as far as it was wanted."""

    hits: int
    """How many there are in all."""
    numbers: Numbers
    scores: NDArray[np.float64]
    same: Numbers
    """How many others each stands for."""

    def part(self, first: int, last: int) -> Iterator[tuple[int, float, int]]:
        """Number, score and others from one index to another."""
        parts = (self.numbers[first:last].tolist(), self.scores[first:last].tolist(), self.same[first:last].tolist())
        return zip(*parts, strict=True)


@dataclass(frozen=True, slots=True)
class _Listing:
    """The reports that a plan lists."""

    evaluation: Evaluation
    chosen: Numbers
    """The passages that match."""
    counts: Numbers
    """How many of these each report of the index has."""
    total: int
    """How many reports are listed."""
    rows: Numbers
    """The reports in order, as far as they were wanted."""


def _passages_of(generation: Generation) -> Passages:
    passages = Passages(generation.folder, generation.content(TABLE))
    # What every search reads is read here: a generation in which that is damaged is passed over.
    passages.norm  # noqa: B018
    return passages


class WhooshEngine:
    """Reads the generation that was live when it was opened."""

    def __init__(self, index: Path) -> None:
        self._index = index
        self._generation, self._passages = open_current(index, fingerprint(SCHEMA_VERSION), _passages_of)
        self._copies = SentenceCopies(self._passages)
        self._live_name = current_name(index)

    @property
    def stats(self) -> IndexStats:
        """See `Engine.stats`."""
        held = self._generation.manifest.held
        return IndexStats(generation=self._generation.name, **{**held, "years": tuple(held["years"])})

    def outdated(self) -> bool:
        """See `Engine.outdated`."""
        return current_name(self._index) != self._live_name

    def close(self) -> None:
        """See `Engine.close`."""
        if "_passages" in vars(self):
            self._passages.threads.close()
        # The mapped files are given back with the last array that views them.
        vars(self).pop("_passages", None)
        vars(self).pop("_copies", None)

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
        """The first `wanted` of what a plan shows of the passages that match."""
        if not plan.collapse and ORDERS[plan.sort][0].field != "score":
            # What has no part in the order is worked out for those that are shown.
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

    def years(self, plan: Plan) -> dict[int | None, tuple[int, int]]:
        """See `Engine.years`."""
        passages = self._passages
        _, matching, filters = self._evaluated(plan)
        mentioning = np.zeros(passages.reports, np.bool_)
        mentioning[passages.report[filters.passed(matching)]] = True
        held = filters.allowed()
        years, of_years = np.unique(passages.year[held], return_counts=True)
        mentioned = np.bincount(years.searchsorted(passages.year[held & mentioning]), minlength=len(years))
        return {
            year or None: (mentions, of_year)
            for year, mentions, of_year in zip(years.tolist(), mentioned.tolist(), of_years.tolist(), strict=True)
        }

    def spread(self, plan: Plan, name: str, same: Mapping[str, str]) -> dict[str, Spread]:
        """See `Engine.spread`."""
        passages = self._passages
        _, matching, filters = self._evaluated(plan)
        chosen = filters.passed(matching)
        column = passages.field(name)
        values = [same.get(value, value) if isinstance(value, str) else value for value in column.values]
        code_of = {value: code for code, value in enumerate(values)}
        codes, at = column.pairs(chosen)
        if same:
            # A passage that has a value under two names has it once.
            codes, at, _ = _distinct(np.array([code_of[value] for value in values])[codes], at)
        of_values = np.bincount(codes, minlength=len(values))
        codes, reports, _ = _distinct(codes, passages.report[chosen[at]])
        codes, years, counts = _distinct(codes, passages.year[reports].astype(np.int64))
        found: dict[str, Spread] = {}
        for code, year, count in zip(codes.tolist(), years.tolist(), counts.tolist(), strict=True):
            if (value := values[code]) is not None:
                if (own := found.get(key := str(value))) is None:
                    own = found[key] = Spread(int(of_values[code]), {})
                own.years[year or None] = count
        return found

    def cross(self, plan: Plan, name: str, values: Set[str], fields: Sequence[str]) -> dict[tuple[Value, ...], int]:
        """See `Engine.cross`."""
        _, matching, filters = self._evaluated(plan)
        chosen = filters.passed(matching)
        column = self._passages.field(name)
        wanted = np.array([isinstance(value, str) and value.partition(DETAIL)[0] in values for value in column.values], np.bool_)
        codes, at = column.pairs(chosen)
        codes, at = codes[wanted[codes]], at[wanted[codes]]
        if not len(codes):
            return {}
        columns = [self._passages.field(of_report) for of_report in fields]
        rows = self._passages.report[chosen[at]]
        return _combined([column, *columns], [codes, *(of_report.last_codes()[rows] for of_report in columns)])

    def rank(self, query: Query, top: int) -> tuple[int, list[str], list[float]]:
        """See `Engine.rank`."""
        total, numbers, scores = self._best(query, top)
        return total, [*map(self._passages.id, numbers.tolist())], scores.tolist()

    def candidates(self, groups: Sequence[Sequence[str]], top: int) -> list[list[Candidate]]:
        """See `Engine.candidates`."""
        self._passages.check_unchanged()
        distinct = {text: None for group in groups for text in group}
        evaluation = Evaluation(self._passages, Query(None, Mode.LITERAL))
        terms = dict(zip(distinct, standing(self._passages, list(distinct)).scored(self._passages), strict=True))
        read = cache(self._passages.folded)
        found = []
        for group in groups:
            _, numbers, scores = evaluation.leading_of_any([terms[text] for text in group], top)
            best = self._first(numbers, scores, top)[:top]
            found.append(self._candidates(numbers[best], scores[best], read))
        return found

    def holding_each(self, texts: Sequence[str], top: int) -> list[Holding]:
        """See `Engine.holding_each`."""
        self._passages.check_unchanged()
        found = []
        for numbers, _ in standing(self._passages, texts).postings():
            newest = numbers[self._ordered(numbers, _NO_SCORES, Sort.NEWEST, top)[:top]]
            candidates = self._candidates(newest, np.zeros(len(newest)), self._passages.folded)
            found.append(Holding(len(numbers), self._reports_of(numbers), candidates))
        return found

    def _candidates(self, numbers: Numbers, scores: NDArray[np.float64], read: Callable[[int], str]) -> list[Candidate]:
        found = zip(numbers.tolist(), scores.tolist(), strict=True)
        return [Candidate(read(number), partial(self._found, number, score, 0)) for number, score in found]

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
        """The reports from one index to another."""
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

    def tally(self, plan: Plan, fields: Sequence[str], *, passages: bool = False) -> dict[tuple[Value, ...], int]:
        """See `Engine.tally`."""
        if plan.of_reports and not passages:
            # Every report has a title, which matches.
            self._passages.check_unchanged()
            rows, weights = np.flatnonzero(Filters(self._passages, plan.conditions).allowed()), None
        else:
            _, matching, filters = self._evaluated(plan)
            matched = self._counts(filters.passed(matching))
            rows = np.flatnonzero(matched)
            weights = matched[rows] if passages else None
        if not len(rows):
            return {}
        columns = [self._passages.field(name) for name in fields]
        return _combined(columns, [column.last_codes()[rows] for column in columns], weights)

    def _counts(self, chosen: Numbers) -> Numbers:
        """How many of these passages each report has."""
        passages = self._passages
        some = parts(len(chosen))
        if len(some) < 2:
            return np.bincount(passages.report[chosen], minlength=passages.reports)
        counts = np.zeros(passages.reports, np.int64)
        for first, own in passages.threads.each(lambda part: _counted_from(passages.report[chosen[part]]), some):
            counts[first : first + len(own)] += own
        return counts

    def _listing(self, plan: Plan, mention: bool | None, wanted: int | None = None) -> _Listing:
        """The reports that are listed, the first `wanted` of them in order, or all."""
        evaluation, matching, filters = self._evaluated(plan)
        chosen = filters.passed(matching)
        counts = self._counts(chosen)
        rows = np.flatnonzero(filters.allowed() & (counts == 0)) if mention is False else np.flatnonzero(counts)
        titles = self._passages.firsts[rows]
        by_mentions = plan.sort is Sort.RELEVANCE and plan.query.tree is not None
        sort = plan.sort if by_mentions or plan.sort is not Sort.RELEVANCE else Sort.NEWEST
        ordered = self._ordered(titles, counts[rows].astype(np.float64), sort, len(rows) if wanted is None else min(wanted, len(rows)))
        return _Listing(evaluation, chosen, counts, len(rows), rows[ordered])

    def _evaluated(self, plan: Plan) -> tuple[Evaluation, Numbers, Filters]:
        """The plan's query at work, what it matches, and the filters."""
        passages = self._passages
        passages.check_unchanged()
        evaluation = Evaluation(passages, plan.query)
        matching = self._copies.holding(plan.sentence) if plan.sentence is not None and plan.query.tree is None else evaluation.matching()
        if plan.own:
            matching = self._copies.own(plan.query, matching)
        if plan.sentence is not None and plan.query.tree is not None:
            matching = matching[among(matching, self._copies.holding(plan.sentence), passages.count)]
        if plan.same is not None:
            matching = matching[passages.same[matching] == passages.same[passages.number(plan.same)]]
        return evaluation, matching, Filters(passages, plan.conditions)

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

    def examples(self, facet: str, values: Collection[Value]) -> dict[Value, Report]:
        """See `Engine.examples`."""
        self._passages.check_unchanged()
        column = self._passages.field(facet)
        rows = np.flatnonzero(self._passages.live_reports())
        row_of = np.full(len(column.values), -1)
        row_of[column.codes[rows]] = rows
        held = [(column.values[code], row) for code, row in enumerate(row_of.tolist()) if row >= 0]
        return {value: self._passages.bare_report(row) for value, row in held if value in values}

    def counts(self, query: Query, filterings: Sequence[list[Condition]]) -> list[Counts]:
        """See `Engine.counts`."""
        passages = self._passages
        passages.check_unchanged()
        matching = Evaluation(passages, query).matching()
        found = [Filters(passages, conditions).passed(matching) for conditions in filterings]
        return [Counts(int(np.count_nonzero(self._counts(chosen))), len(chosen)) for chosen in found]

    def texts(self, plan: Plan) -> FoundTexts | None:
        """See `Engine.texts`."""
        evaluation, matching, filters = self._evaluated(plan)
        chosen = filters.passed(matching)
        if len(chosen) > OCCURRENCES_LIMIT:
            return None
        ordered = chosen[self._ordered(chosen, evaluation.scores(chosen), plan.sort, len(chosen))]
        passages = self._passages
        return FoundTexts(passages.joined(ordered), lambda texts: list(self._read_in_turn(ordered[list(texts)])), passages.report[ordered])

    def figures(self, plan: Plan) -> FoundFigures:
        """See `Engine.figures`."""
        _, matching, filters = self._evaluated(plan)
        chosen = filters.passed(matching)
        ordered = chosen[self._ordered(chosen, _NO_SCORES, plan.sort, len(chosen))]
        rows = self._passages.report[ordered]
        return FoundFigures(
            partial(self._counts_of_figures, ordered),
            self._counted(ordered),
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

    def _counted(self, numbers: Numbers) -> Iterator[list[tuple[str, str | None]]]:
        """What the figures of passages count, passage by passage."""
        for first in range(0, len(numbers), CHECKED_EVERY):
            self._passages.check_unchanged()
            yield from self._passages.counted(numbers[first : first + CHECKED_EVERY])

    def _read_in_turn(self, numbers: Numbers) -> Iterator[FoundPassage]:
        for at, number in enumerate(numbers.tolist()):
            if at % CHECKED_EVERY == 0:
                self._passages.check_unchanged()
            yield self._found(number, 0.0, 0)

    def copies(self, keys: Collection[int]) -> dict[int, Copies]:
        """See `Engine.copies`."""
        self._passages.check_unchanged()
        return self._copies.of(keys)

    def commonest(self) -> Commonest:
        """See `Engine.commonest`."""
        self._passages.check_unchanged()
        return self._copies.commonest()

    def suggest(self, prefix: str, limit: int) -> list[tuple[str, int]]:
        """See `Engine.suggest`."""
        self._passages.check_unchanged()
        words: Counter[str] = Counter()
        begins = prefix.encode("utf-8", "surrogatepass")
        for segment in self._passages.segments:
            words.update({word.decode(): segment.lists("words").size(number) for number, word in segment.words.beginning(begins)})
        headings = self._passages.headings
        candidates = {word for word, _ in words.most_common(SUGGESTED_FROM)}
        for heading in headings[bisect_left(headings, prefix) :][:SUGGESTED_FROM]:
            if not heading.startswith(prefix):
                break
            candidates.add(heading)
        evaluation = Evaluation(self._passages, Query(None, Mode.LITERAL))
        counts = {text: len(evaluation.postings(text)[0]) for text in candidates if text != prefix}
        return best_suggestions({text: count for text, count in counts.items() if count}, limit)

    def texts_holding(self, alternatives: Sequence[Sequence[str]], most: int) -> JoinedTexts | None:
        """See `Engine.texts_holding`."""
        self._passages.check_unchanged()
        numbers = Evaluation(self._passages, Query(holding_one_of(alternatives), Mode.LITERAL)).matching()
        return None if len(numbers) > most else self._passages.joined(numbers)

    def word_counts(self, plan: Plan) -> WordCounts:
        """See `Engine.word_counts`."""
        passages = self._passages
        matching = self._matching(plan)
        others = passages.live & ~matching
        subset, rest = (Counts(self._reports_of(mask.nonzero()[0]), int(np.count_nonzero(mask))) for mask in (matching, others))
        lists = passages.word_lists
        return WordCounts(lists.words, lists.counts(matching), lists.every, subset, rest)

    def holding(self, plan: Plan, words: Sequence[str]) -> list[tuple[Counts, Counts]]:
        """See `Engine.holding`."""
        matching = self._matching(plan)
        found = []
        for word in words:
            numbers = self._passages.postings("words", word)[0]
            passed = matching[numbers]
            found.append((self._combined(numbers[passed]), self._combined(numbers[~passed])))
        return found

    def _matching(self, plan: Plan) -> Mask:
        """Which passages match."""
        _, matching, filters = self._evaluated(plan)
        mask = np.zeros(self._passages.count, np.bool_)
        mask[filters.passed(matching)] = True
        return mask

    def _combined(self, numbers: Numbers) -> Counts:
        """How many these passages (ascending) are, and how many reports they stand in."""
        return Counts(self._reports_of(numbers), len(numbers))

    def _reports_of(self, numbers: Numbers) -> int:
        reports = self._passages.report[numbers]
        return int(np.count_nonzero(reports[1:] != reports[:-1])) + bool(len(reports))

    def _found(self, number: int, score: float, same: int) -> FoundPassage:
        report = self._passages.bare_report(int(self._passages.report[number]))
        folded = self._passages.folded(number)
        return FoundPassage(report, self._passages.passage(number, report, folded), score, same, folded)

    def _ordered(self, chosen: Numbers, scores: NDArray[np.float64], sort: Sort, wanted: int) -> Numbers:
        """Where in `chosen` the first `wanted` in this order stand."""
        passages = self._passages
        leading = ORDERS[sort][0].field
        if leading == "score":
            return self._first(chosen, scores, wanted)
        keys = passages.tie(chosen) if sort is Sort.NEWEST else passages.field(leading).ranks()[passages.report[chosen]]
        return self._first(chosen, -keys, wanted)

    def _first(self, chosen: Numbers, keys: NDArray[Any], wanted: int) -> Numbers:
        """Where in `chosen` the `wanted` of the greatest keys stand, equals in their order, and some others behind them."""
        passages = self._passages
        if not wanted:
            return np.empty(0, np.int64)
        if len(chosen) < MANY * wanted:
            return np.lexsort((passages.tie(chosen), -keys))
        # All that are as good as the last wanted one stay: the tie order decides between equals.
        leading = (keys >= floor(keys, wanted)).nonzero()[0]
        return leading[np.lexsort((passages.tie(chosen[leading]), -keys[leading]))]

    def _occurrences(self, evaluation: Evaluation, query: Query, chosen: Numbers) -> Numbers:
        """How many occurrences each of these passages has."""
        if query.nears:
            return evaluation.occurrences(query.terms, query.nears, chosen)
        total = np.zeros(len(chosen), np.int64)
        for alike in overlapping(query.terms):
            counts = [evaluation.counts(term.text, chosen) for term in alike]
            # Where only one of them occurs nothing overlaps, and the lists say how often.
            several = np.count_nonzero(counts, axis=0) > 1
            for own in counts:
                total += np.where(several, 0, own).astype(np.int64)
            if several.any():
                total[several] += evaluation.occurrences(alike, (), chosen[several])
        return total

    def _facet(self, name: str, chosen: Numbers, of_reports: Numbers | None) -> list[FacetCount]:
        """A facet's counts over these passages; `of_reports` says how many of them each report has, where that is known."""
        column = self._passages.field(name)
        if FILTERS[name].of_passages:
            counts = reduce(np.add, self._passages.threads.each(lambda part: column.counts_in(chosen[part]), parts(len(chosen))))
        else:
            counts = column.counts(self._counts(chosen) if of_reports is None else of_reports)
        return sorted_counts(name, {column.values[code]: int(counts[code]) for code in np.flatnonzero(counts).tolist()})


def _counted_from(numbers: NDArray[Any]) -> tuple[int, Numbers]:
    """The first of these numbers (ascending), and how often it and each number after it stands there."""
    first = int(numbers[0])
    return first, np.bincount(numbers - first)


def _combined(columns: Sequence[Column], codes: Sequence[Numbers], weights: Numbers | None = None) -> dict[tuple[Value, ...], int]:
    """How often each combination of values of some columns stands there, or what those weigh together."""
    sizes = [len(column.values) for column in columns]
    different, of_row = np.unique(np.ravel_multi_index(codes, sizes), return_inverse=True)
    counts = np.bincount(of_row, weights).astype(np.int64)
    found = zip(columns, np.unravel_index(different, sizes), strict=True)
    values = [[column.values[code] for code in of_column.tolist()] for column, of_column in found]
    return dict(zip(zip(*values, strict=True), counts.tolist(), strict=True))


def _distinct(left: Numbers, right: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """The different pairs of two rows of numbers from 0, ascending, and how often each stands there."""
    width = int(right.max()) + 1 if len(right) else 1
    pairs, counts = np.unique(left * width + right, return_counts=True)
    return pairs // width, pairs % width, counts
