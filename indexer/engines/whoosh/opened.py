"""The generation that was live when the engine was opened: its counts, and the evaluation of a plan on it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.boilerplate import Commonest, Copies
from indexer.engines.boundary import Plan
from indexer.engines.common import fingerprint
from indexer.engines.whoosh.arrays.postings import Numbers
from indexer.engines.whoosh.evaluation.copies import SentenceCopies
from indexer.engines.whoosh.evaluation.evaluate import Evaluation
from indexer.engines.whoosh.evaluation.filters import Filters
from indexer.engines.whoosh.evaluation.lookup import among
from indexer.engines.whoosh.evaluation.passages import Passages
from indexer.engines.whoosh.evaluation.threads import parts
from indexer.engines.whoosh.generations import Generation, current_name, open_current
from indexer.engines.whoosh.segment.codec import TABLE
from indexer.engines.whoosh.segment.schema import SCHEMA_VERSION
from indexer.results import IndexStats


def _passages_of(generation: Generation) -> Passages:
    passages = Passages(generation.folder, generation.content(TABLE))
    # Read here what every search reads, so that a generation in which it is damaged is skipped.
    passages.norm  # noqa: B018
    return passages


class OpenedIndex:
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
        # The mapped files are closed with the last array that views them.
        vars(self).pop("_passages", None)
        vars(self).pop("_copies", None)

    def copies(self, keys: Collection[int]) -> dict[int, Copies]:
        """See `Engine.copies`."""
        self._passages.check_unchanged()
        return self._copies.of(keys)

    def commonest(self) -> Commonest:
        """See `Engine.commonest`."""
        self._passages.check_unchanged()
        return self._copies.commonest()

    def _evaluated(self, plan: Plan) -> tuple[Evaluation, Numbers, Filters]:
        """The evaluation of the plan's query, the passages it matches, and the filters, not yet applied."""
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


def _counted_from(numbers: NDArray[Any]) -> tuple[int, Numbers]:
    """The first of these numbers (ascending), and how often it and each following number occurs."""
    first = int(numbers[0])
    return first, np.bincount(numbers - first)
