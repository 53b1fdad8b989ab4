"""Filters and facet values: which values a passage has, and which passages pass. Shared by all engines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from indexer.analysis.fold import fold
from indexer.declared import Field, Value, is_detail
from indexer.errors import InvalidRequest
from indexer.fields import FILTERS
from indexer.problems import Problem
from indexer.request import SearchRequest
from indexer.results import FacetCount


@dataclass(frozen=True, slots=True)
class Condition:
    """One filter of a request: the facet it narrows, and the values that pass (years also by range)."""

    facet: str
    values: frozenset[Value] = frozenset()
    year_from: int | None = None
    year_to: int | None = None

    @property
    def field(self) -> Field:
        """The field that is filtered."""
        return FILTERS[self.facet]

    def accepts(self, value: Value) -> bool:
        """Whether a facet value passes."""
        if is_detail(value):
            # A column may hold thousands of details beside a few hundred values; they pass no filter and take long to compare.
            return False
        if self.values and comparable(self.field, value) not in self.values:
            return False
        if self.year_from is None and self.year_to is None:
            return True
        if not isinstance(value, int):
            return False
        return (self.year_from is None or value >= self.year_from) and (self.year_to is None or value <= self.year_to)


def comparable(field: Field, value: Value) -> Value:
    """A value of a field in the form in which it is compared: folded, unless the field is closed."""
    if not isinstance(value, str) or field.closed:
        return value
    return _folded(value) if len(value) <= LONGEST_CACHED else fold(value)


LONGEST_CACHED = 100
"""Longest text, in code points, whose fold is cached, so that the cache never holds more than a few megabytes."""
_folded = lru_cache(maxsize=4096)(fold)


def conditions(request: SearchRequest) -> list[Condition]:
    """The filters of a request.

    Raises:
        InvalidRequest: A region is unknown or its name ambiguous, or a text is not a possible value.
    """
    found = []
    for name, field in FILTERS.items():
        wanted = [_read(field, value) if isinstance(value, str) else value for value in request.values(name)]
        bounds = (request.year_from, request.year_to) if field.ranged else (None, None)
        if wanted or bounds != (None, None):
            found.append(Condition(name, frozenset(comparable(field, value) for value in wanted), *bounds))
    return found


def _read(field: Field, text: str) -> Value:
    try:
        return field.value_of(text)
    except ValueError as error:
        raise InvalidRequest(Problem(field.name, "no-value", value=text, name=field.name)) from error


def sorted_counts(name: str, counts: Mapping[Value, int]) -> list[FacetCount]:
    """A facet's counts with the names of codes: by falling count, then by value, unknown last among equals; zero counts left out."""
    label = FILTERS[name].label
    held = [(value, count) for value, count in counts.items() if count and not is_detail(value)]
    # Two sorts by what stands in the entries take a fifth of the time of one by a key that is made of each.
    ordered = sorted((entry for entry in held if entry[0] is not None), key=itemgetter(0))
    ordered += [entry for entry in held if entry[0] is None]
    ordered.sort(key=itemgetter(1), reverse=True)
    return [FacetCount(value, count, label(value) if label and isinstance(value, str) else None) for value, count in ordered]
