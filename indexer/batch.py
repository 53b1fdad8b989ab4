"""Many terms at once: how many reports of each year or place mention each term. Pure."""

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
    """Provinces; with a filter by place, the places directly below the wanted ones. A wanted place's own reports are under its own code."""


@dataclass(frozen=True, slots=True)
class BatchCell:
    """A term in the reports of a year or a place."""

    value: Value
    """The year, or the code of the place; None for unknown."""
    reports: int
    """How many reports have passages that match."""
    held: int
    """How many reports pass the filters; if it is 0, nothing is known about the term."""


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A term."""

    term: str
    cells: tuple[BatchCell, ...]
    """One cell for each of `Batch.columns`."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Terms by years or places."""

    request: SearchRequest
    """The filters."""
    by: BatchBy
    columns: tuple[Value, ...]
    """The years from the first to the last of which a report is held, or the codes of the places of which one is; unknown last."""
    own: frozenset[Value]
    """The columns that count only a place's own reports, not those of the places in it."""
    rows: tuple[BatchRow, ...]
    """In the order of the terms."""
    index: IndexStats


def numbered(lines: Iterable[str]) -> list[tuple[int, str]]:
    """The terms of a list with their line numbers, from 1; blank lines are skipped."""
    return [(number, line.strip()) for number, line in enumerate(lines, 1) if line.strip()]


def years_between(held: Collection[Value], passes: Callable[[int], bool]) -> tuple[Value, ...]:
    """The years of a batch: from the first held to the last, without those that the filters reject; unknown last."""
    known = sorted(year for year in held if isinstance(year, int))
    years = range(known[0], known[-1] + 1) if known else range(0)
    return (*filter(passes, years), *([None] if None in held else []))


def columns_for(wanted: Collection[Value]) -> Callable[[Value, Value], Value]:
    """A function that maps a report's place code and year to its column. The year matters because places have moved between provinces.

    Args:
        wanted: The codes of the wanted places; empty if all are.
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
