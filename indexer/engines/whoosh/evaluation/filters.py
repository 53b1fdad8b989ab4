"""The filters of a request: which reports or passages pass each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from indexer.engines.whoosh.arrays.columns import Mask
from indexer.engines.whoosh.arrays.postings import Numbers
from indexer.engines.whoosh.evaluation.passages import Passages
from indexer.facets import Condition


@dataclass(frozen=True, slots=True)
class _Filter:
    of_reports: bool
    mask: Mask
    """A value for each report, or else for each passage."""


class Filters:
    """The filters of one request on one generation, by facet."""

    def __init__(self, passages: Passages, conditions: list[Condition]) -> None:
        self._passages = passages
        self._filters = {condition.facet: self._made(condition) for condition in conditions}

    def _made(self, condition: Condition) -> _Filter:
        column = self._passages.field(condition.facet)
        accepted = np.fromiter((condition.accepts(value) for value in column.values), np.bool_, len(column.values))
        return _Filter(not condition.field.of_passages, column.holding(accepted))

    def passed(self, numbers: Numbers, leave_out: str | None = None) -> Numbers:
        """The passages that pass all filters, except the one on the facet `leave_out`."""
        for facet, filter_ in self._filters.items():
            if facet != leave_out:
                numbers = numbers[filter_.mask[self._passages.report[numbers] if filter_.of_reports else numbers]]
        return numbers

    def allowed(self) -> Mask:
        """Which live reports pass the filters on reports."""
        passages = self._passages
        allowed = passages.live_reports()
        for filter_ in self._filters.values():
            if filter_.of_reports:
                allowed &= filter_.mask
        return allowed
