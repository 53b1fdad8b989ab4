"""Counts that are made without reading a passage: reports and passages by value or word, and completions of a prefix."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Mapping, Sequence, Set
from functools import reduce
from itertools import pairwise

import numpy as np

from indexer.declared import DETAIL, Value
from indexer.engines.boundary import Plan, Spread
from indexer.engines.common import best_suggestions
from indexer.engines.whoosh.arrays.columns import Column, Mask
from indexer.engines.whoosh.arrays.postings import Numbers
from indexer.engines.whoosh.evaluation.evaluate import Evaluation
from indexer.engines.whoosh.evaluation.filters import Filters
from indexer.engines.whoosh.evaluation.threads import parts
from indexer.engines.whoosh.opened import OpenedIndex
from indexer.facets import Condition, sorted_counts
from indexer.fields import FILTERS
from indexer.model import Report
from indexer.query.tree import Query
from indexer.request import Mode
from indexer.results import Counts, FacetCount
from indexer.wordlists import WordCounts

SUGGESTED_FROM = 40
"""How many of the most frequent words, and how many headings, have their passages counted for one completion, which takes milliseconds."""


class Counting(OpenedIndex):
    """The engine's counting methods."""

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
            # A passage with two names of one value counts once.
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
            numbers = self._passages.occurrences.postings("words", word)[0]
            passed = matching[numbers]
            found.append((self._combined(numbers[passed]), self._combined(numbers[~passed])))
        return found

    def passages_holding(self, plan: Plan, words: Sequence[str]) -> Numbers:
        """See `Engine.passages_holding`."""
        matching, bases = self._matching(plan), self._passages.bases
        encoded = [word.encode("utf-8", "surrogatepass") for word in words]
        found = np.zeros(len(words), np.int64)
        for segment, (first, last) in zip(self._passages.segments, pairwise(bases), strict=True):
            numbers = [(at, number) for at, word in enumerate(encoded) if (number := segment.words.find(word)) is not None]
            if numbers:
                held, terms = np.array(numbers).T
                found[held] += segment.lists("words").counted_in(terms, matching[first:last])
        return found

    def _matching(self, plan: Plan) -> Mask:
        """Which passages match."""
        _, matching, filters = self._evaluated(plan)
        mask = np.zeros(self._passages.count, np.bool_)
        mask[filters.passed(matching)] = True
        return mask

    def _combined(self, numbers: Numbers) -> Counts:
        """How many passages these are (numbers ascending), and how many reports they belong to."""
        return Counts(self._reports_of(numbers), len(numbers))

    def _reports_of(self, numbers: Numbers) -> int:
        reports = self._passages.report[numbers]
        return int(np.count_nonzero(reports[1:] != reports[:-1])) + bool(len(reports))

    def _facet(self, name: str, chosen: Numbers, of_reports: Numbers | None) -> list[FacetCount]:
        """A facet's counts over these passages; `of_reports` is how many of them each report has, if already known."""
        column = self._passages.field(name)
        if FILTERS[name].of_passages:
            counts = reduce(np.add, self._passages.threads.each(lambda part: column.counts_in(chosen[part]), parts(len(chosen))))
        else:
            counts = column.counts(self._counts(chosen) if of_reports is None else of_reports)
        codes = np.flatnonzero(counts)
        return sorted_counts(name, dict(zip([column.values[code] for code in codes.tolist()], counts[codes].tolist(), strict=True)))


def _combined(columns: Sequence[Column], codes: Sequence[Numbers], weights: Numbers | None = None) -> dict[tuple[Value, ...], int]:
    """How often each combination of values of some columns occurs, or the sum of its weights."""
    sizes = [len(column.values) for column in columns]
    different, of_row = np.unique(np.ravel_multi_index(codes, sizes), return_inverse=True)
    counts = np.bincount(of_row, weights).astype(np.int64)
    found = zip(columns, np.unravel_index(different, sizes), strict=True)
    values = [[column.values[code] for code in of_column.tolist()] for column, of_column in found]
    return dict(zip(zip(*values, strict=True), counts.tolist(), strict=True))


def _distinct(left: Numbers, right: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """The distinct pairs from two parallel arrays of non-negative numbers, ascending, and how often each occurs."""
    width = int(right.max()) + 1 if len(right) else 1
    pairs, counts = np.unique(left * width + right, return_counts=True)
    return pairs // width, pairs % width, counts
