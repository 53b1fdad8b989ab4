"""Sentences that several passages contain: where their copies are, which are common, which matches are outside common ones."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.boilerplate import UNITS, Commonest, Copies, sentence_at
from indexer.engines.whoosh.arrays.columns import Mask
from indexer.engines.whoosh.arrays.files import buffer
from indexer.engines.whoosh.arrays.keyed import KeyedReader
from indexer.engines.whoosh.arrays.postings import Numbers
from indexer.engines.whoosh.evaluation.passages import Passages
from indexer.joined import run_starts
from indexer.matching import first_start
from indexer.query.tree import Query


class SentenceCopies:
    """The sentences of one generation."""

    def __init__(self, passages: Passages) -> None:
        self._passages = passages

    def holding(self, key: int) -> Numbers:
        """The passages that contain a sentence with this key, ascending."""
        passages = self._passages
        found = [
            ids.astype(np.int64) + base
            for base, segment in zip(passages.bases, passages.segments, strict=False)
            if len(ids := segment.sentences.at(key))
        ]
        numbers = np.concatenate(found) if found else np.empty(0, np.int64)
        return numbers[passages.live[numbers]] if passages.deletions else numbers

    def of(self, keys: Collection[int]) -> dict[int, Copies]:
        """The copies of each of these sentences; sentences that no passage contains are left out."""
        passages = self._passages
        wanted = np.array(sorted(keys), np.int64)
        if (compiled := passages.occurrences.compiled()) is not None:
            segments, which, ids = compiled.holding(wanted)
        else:
            segments, which, ids = KeyedReader.gathered([segment.sentences for segment in passages.segments], wanted)
        numbers = np.array(passages.bases)[segments] + ids
        if passages.deletions:
            alive = passages.live[numbers]
            which, numbers = which[alive], numbers[alive]
        reports = passages.report[numbers]
        units = self._units[reports]
        of_reports = _different(which, reports, len(wanted))
        of_units = _different(which[units >= 0], units[units >= 0], len(wanted))
        counted = list(zip(of_units.tolist(), of_reports.tolist(), strict=True))
        # Nearly all sentences are in one report of one unit, so few distinct objects are needed.
        made = {counts: Copies(*counts) for counts in set(counted)}
        return {key: made[counts] for key, counts in zip(wanted.tolist(), counted, strict=True) if counts[1]}

    @cached_property
    def _units(self) -> Numbers:
        """A number for the unit of each report, -1 where the unit is unknown."""
        column = self._passages.field("unit")
        known = np.array([-1 if value is None else code for code, value in enumerate(column.values)], np.int64)
        return known[column.last_codes()] if len(known) else column.last_codes()

    @cached_property
    def _common(self) -> tuple[Commonest, Numbers, Mask]:
        """The common sentences, their keys ascending, and which passages contain one. Reads the keys of all sentences."""
        passages = self._passages
        keys, numbers = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        for base, segment in zip(passages.bases, passages.segments, strict=False):
            lists = segment.sentences.all()
            keys.append(lists.keys)
            numbers.append(lists.ids + base)
        key, number = np.concatenate(keys), np.concatenate(numbers)
        if passages.deletions:
            alive = passages.live[number]
            key, number = key[alive], number[alive]
        # The keys of each segment are in order already, so a stable sort does little more than merge them.
        order = np.argsort(key, kind="stable")
        key, number = key[order], number[order]
        # Most sentences occur once only; drop them before counting.
        frequent = _runs_of_at_least(UNITS, key)
        key, number = key[frequent], number[frequent]
        reports = passages.report[number]
        by_report = _distinct(key, reports)
        units = self._units[reports]
        by_unit = _distinct(key[units >= 0], units[units >= 0])
        all_keys, of_reports = np.unique(by_report, return_counts=True)
        known, of_known = np.unique(by_unit, return_counts=True)
        of_units = np.zeros(len(all_keys), np.int64)
        of_units[np.searchsorted(all_keys, known)] = of_known
        common = of_units >= UNITS
        all_keys, of_units, of_reports = all_keys[common], of_units[common], of_reports[common]
        holds = np.zeros(passages.count, np.bool_)
        holds[number[np.isin(key, all_keys)]] = True
        first = np.lexsort((all_keys, -of_reports, -of_units))
        return Commonest(all_keys[first], of_units[first], of_reports[first]), all_keys, holds

    def commonest(self) -> Commonest:
        """All common sentences."""
        return self._common[0]

    def own(self, query: Query, numbers: Numbers) -> Numbers:
        """The passages whose first match is in no common sentence, out of `numbers`, all that a query matches."""
        if not (query.terms or query.nears):
            return numbers
        return self._passages.made.one(("own", repr(query.tree)), lambda: self._own(query, numbers))

    def _own(self, query: Query, numbers: Numbers) -> Numbers:
        _, keys, holds = self._common
        common = buffer(keys)
        doubtful = holds[numbers].nonzero()[0]
        left = np.ones(len(numbers), np.bool_)
        left[doubtful] = [not self._is_common(query, number, common) for number in numbers[doubtful].tolist()]
        return numbers[left]

    def _is_common(self, query: Query, number: int, common: memoryview) -> bool:
        folded = self._passages.folded(number)
        start = first_start(query, folded)
        if start is None:
            return False
        key = sentence_at(folded, start).key
        if key is None:
            return False
        at = bisect_left(common, key)
        return at < len(common) and common[at] == key


def _runs_of_at_least(count: int, ascending: Numbers) -> Mask:
    """Which of these numbers occur at least `count` times."""
    sizes = np.diff(run_starts(ascending), append=len(ascending))
    return np.repeat(sizes >= count, sizes)


def _different(which: Numbers, others: NDArray[np.int64], size: int) -> Numbers:
    """For each number from 0 to before `size`: with how many different `others` it is paired."""
    width = int(others.max(initial=0)) + 1
    pairs = which * width + others
    pairs.sort()
    return np.bincount(pairs[run_starts(pairs)] // width, minlength=size)


def _distinct(keys: Numbers, others: NDArray[np.int64]) -> Numbers:
    """The keys of the distinct pairs: each key as often as it has different `others`."""
    order = np.lexsort((others, keys))
    keys, others = keys[order], others[order]
    return keys[run_starts(keys, others)]
