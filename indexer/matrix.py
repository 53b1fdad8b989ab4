"""Which units mention something in which year, and which never do: units by years, with counts of passages. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from indexer.declared import Value
from indexer.request import SearchRequest
from indexer.results import IndexStats
from indexer.units import Unit


class MatrixSort(StrEnum):
    """The order of the units in a matrix."""

    REGION = "region"
    """By place code, a government before its departments."""
    FIRST = "first"
    """By the first year that mentions it; units that never do last."""
    MOST = "most"
    """Most passages first."""


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One unit."""

    unit: Unit
    cells: tuple[int | None, ...]
    """The number of matching passages for each year; None if no report is held, so that nothing is known."""
    first: int | None
    """The first year with a match, None if there is none."""

    @property
    def paragraphs(self) -> int:
        """The number of matching passages over all years."""
        return sum(filter(None, self.cells))


@dataclass(frozen=True, slots=True)
class YearSum:
    """The sums of one year over all units of the matrix, not only those on the page."""

    year: int
    mentioning: int
    """How many units have a match."""
    held: int
    """How many units have a report."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Units by years."""

    years: tuple[int, ...]
    """Ascending, from the first to the last year of which a report is held, without those that the filters reject."""
    rows: tuple[MatrixRow, ...]
    sums: tuple[YearSum, ...]
    units: int
    """How many units have a report that passes the filters."""
    mentioning: int
    """How many units have a match."""

    @property
    def silent(self) -> int:
        """How many units have no match in any report."""
        return self.units - self.mentioning


@dataclass(frozen=True, slots=True)
class MatrixPage:
    """One page of a matrix."""

    request: SearchRequest
    matrix: Matrix
    """The whole matrix, with the rows of all pages."""
    rows: tuple[MatrixRow, ...]
    """The rows on this page."""
    index: IndexStats

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return self.request.pages_of(len(self.matrix.rows))


def matrix(
    held: Collection[tuple[Value, ...]],
    matching: Mapping[tuple[Value, ...], int],
    names: Mapping[str, Unit],
    passes: Callable[[int], bool],
    sort: MatrixSort,
    mention: bool | None = None,
) -> Matrix:
    """Build the matrix of a result.

    Args:
        held: The pairs of unit and year of which a report is held.
        matching: The number of matching passages by unit and year.
        names: The units by their ids.
        passes: Whether a year is wanted.
        sort: The order.
        mention: True to keep only units with a match, False only those without.
    """
    of_unit: dict[str, set[int]] = defaultdict(set)
    for id, year in held:
        if isinstance(id, str) and isinstance(year, int) and id in names:
            of_unit[id].add(year)
    known = {year for years in of_unit.values() for year in years}
    years = tuple(year for year in range(min(known), max(known) + 1) if passes(year)) if known else ()
    rows = [
        _row(names[id], [matching.get((id, year), 0) if year in of_year else None for year in years], years)
        for id, of_year in of_unit.items()
    ]
    sums = [
        YearSum(year, sum(bool(row.cells[at]) for row in rows), sum(row.cells[at] is not None for row in rows))
        for at, year in enumerate(years)
    ]
    shown = [row for row in rows if mention is None or (row.first is not None) == mention]
    mentioning = sum(row.first is not None for row in rows)
    return Matrix(years, tuple(sorted(shown, key=_ORDERS[sort])), tuple(sums), len(rows), mentioning)


def _row(unit: Unit, cells: list[int | None], years: tuple[int, ...]) -> MatrixRow:
    first = next((year for year, count in zip(years, cells, strict=True) if count), None)
    return MatrixRow(unit, tuple(cells), first)


_ORDERS: dict[MatrixSort, Callable[[MatrixRow], tuple[Any, ...]]] = {
    MatrixSort.REGION: lambda row: row.unit.order,
    MatrixSort.FIRST: lambda row: (row.first is None, row.first or 0, *row.unit.order),
    MatrixSort.MOST: lambda row: (-row.paragraphs, *row.unit.order),
}
