"""Filters and facet values: which values a passage has, and which passages a request lets through. The same for every engine."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache

from indexer.analysis.fold import fold
from indexer.model import Passage, Report
from indexer.regions import find_region
from indexer.request import FacetCount, SearchRequest

Value = str | int | None


def facet_values(name: str, report: Report, passage: Passage) -> tuple[Value, ...]:
    """The values that a passage counts for in a facet: one, or for region its place and all that contain it."""
    match name:
        case "year":
            return (report.year,)
        case "region":
            return report.region.codes if report.region else (None,)
        case "issuer":
            return (report.issuer,)
        case "section":
            return (passage.part,)
        case "type":
            return (report.type.value,)
        case "kind":
            return (passage.kind.value,)
    raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Condition:
    """One filter of a request: the facet it narrows, and the values it lets through (years by range as well)."""

    facet: str
    values: frozenset[Value] = frozenset()
    year_from: int | None = None
    year_to: int | None = None

    def accepts(self, value: Value) -> bool:
        """Whether a facet value passes."""
        if self.values and _comparable(value) not in self.values:
            return False
        if self.year_from is None and self.year_to is None:
            return True
        return isinstance(value, int) and (self.year_from or 0) <= value <= (self.year_to or 9999)

    def accepts_any(self, values: tuple[Value, ...]) -> bool:
        """Whether one of a passage's values passes."""
        return any(self.accepts(value) for value in values)


@lru_cache(maxsize=4096)
def _comparable(value: Value) -> Value:
    return fold(value) if isinstance(value, str) else value


def conditions(request: SearchRequest) -> list[Condition]:
    """The filters of a request.

    Raises:
        InvalidRequest: A region is unknown, or its name is that of several places.
    """
    regions = [find_region(region).code if region is not None else None for region in request.regions]
    filters: list[tuple[str, tuple[Value, ...] | list[Value]]] = [
        ("region", [*regions]),
        ("issuer", request.issuers),
        ("section", request.sections),
        ("type", tuple(type_.value for type_ in request.types)),
        ("kind", tuple(kind.value for kind in request.kinds)),
    ]
    wanted = [Condition(facet, frozenset(map(_comparable, values))) for facet, values in filters if values]
    if request.years or request.year_from is not None or request.year_to is not None:
        wanted.append(Condition("year", frozenset(request.years), request.year_from, request.year_to))
    return wanted


def sorted_counts(counts: dict[Value, int], labels: dict[str, str]) -> list[FacetCount]:
    """A facet's counts by falling count, then value, unknown last among equals; zero counts left out."""

    def order(entry: tuple[Value, int]) -> tuple[Hashable, ...]:
        value, count = entry
        return (-count, value is None, value if value is not None else 0)

    return [
        FacetCount(value, count, labels.get(value) if isinstance(value, str) else None)
        for value, count in sorted(counts.items(), key=order)
        if count
    ]
