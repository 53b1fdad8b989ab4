"""Many terms at once: how many reports of each year or place mention each. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from indexer.declared import Value
from indexer.places import region_of_code
from indexer.request import SearchRequest
from indexer.results import IndexStats

MOST_TERMS = 200


class BatchBy(StrEnum):
    """What the columns of a batch are."""

    YEAR = "year"
    """Reported years."""
    REGION = "region"
    """Provinces; where places are wanted, those right below them. The reports of a wanted place itself stand under its own code."""


@dataclass(frozen=True, slots=True)
class BatchCell:
    """A term in the reports of a year or a place."""

    value: Value
    """The year, or the code of the place; None: unknown."""
    reports: int
    """With passages that match."""
    held: int
    """All that the filters pass; 0 says nothing of whether the term would be mentioned."""


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A term."""

    term: str
    cells: tuple[BatchCell, ...]
    """One for each of `Batch.columns`."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Terms by years or places."""

    request: SearchRequest
    """The filters."""
    by: BatchBy
    columns: tuple[Value, ...]
    """The years from the first of which a report is held to the last, or the codes of the places of which any is; unknown last."""
    own: frozenset[Value]
    """Of the columns those that have a place's own reports alone, not those of what lies in it."""
    rows: tuple[BatchRow, ...]
    """In the order of the terms."""
    index: IndexStats


def numbered(lines: Iterable[str]) -> list[tuple[int, str]]:
    """The terms of a list with the numbers of their lines, from 1; blank lines are none."""
    return [(number, line.strip()) for number, line in enumerate(lines, 1) if line.strip()]


def years_between(held: Collection[Value], passes: Callable[[int], bool]) -> tuple[Value, ...]:
    """The years of a batch: from the first held to the last, as far as they are wanted; unknown last."""
    known = sorted(year for year in held if isinstance(year, int))
    years = range(known[0], known[-1] + 1) if known else range(0)
    return (*filter(passes, years), *([None] if None in held else []))


def columns_for(wanted: Collection[Value]) -> Callable[[Value, Value], Value]:
    """Which column reports belong to by the code of their place and their year, for places lay elsewhere in other years.

    Args:
        wanted: The codes of the places that are wanted, none where all are.
    """

    @cache
    def column(code: Value, year: Value) -> Value:
        region = region_of_code(code, year if isinstance(year, int) else None) if isinstance(code, str) else None
        if region is None:
            return code
        inside = max((depth for depth, above in enumerate(region.codes, 1) if above in wanted), default=0)
        return region.codes[min(inside, len(region.codes) - 1)]

    return column


def rows_of(terms: Iterable[tuple[str, Mapping[Value, int]]], columns: Sequence[Value], held: Mapping[Value, int]) -> tuple[BatchRow, ...]:
    """A row for each term, with the counts of its reports."""
    return tuple(
        BatchRow(term, tuple(BatchCell(value, counts.get(value, 0), held.get(value, 0)) for value in columns)) for term, counts in terms
    )
