"""Who mentions something in which year, and who never does: units by years, with counts of passages. Pure."""

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
    """The order of the units."""

    REGION = "region"
    """By the code of the place, a government before its departments."""
    FIRST = "first"
    """Those that mentioned it first; those that never did last."""
    MOST = "most"
    """Those with most passages first."""


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One unit."""

    unit: Unit
    cells: tuple[int | None, ...]
    """For each year how many passages of its reports match; None where no report is held, which says nothing of what it would hold."""
    first: int | None
    """The first year with a match, None where there is none."""

    @property
    def paragraphs(self) -> int:
        """Passages of all years."""
        return sum(filter(None, self.cells))


@dataclass(frozen=True, slots=True)
class YearSum:
    """One year over all units of the matrix, whatever page is shown."""

    year: int
    mentioning: int
    """Units with a match."""
    held: int
    """Units with a report."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Units by years."""

    years: tuple[int, ...]
    """Rising; those that the filters pass, from the first of which a report is held to the last."""
    rows: tuple[MatrixRow, ...]
    sums: tuple[YearSum, ...]
    units: int
    """All that have a report that the filters pass."""
    mentioning: int
    """Those with a match."""

    @property
    def silent(self) -> int:
        """The units of whose reports none has a match."""
        return self.units - self.mentioning


@dataclass(frozen=True, slots=True)
class MatrixPage:
    """One page of a matrix."""

    request: SearchRequest
    matrix: Matrix
    """Whole: its rows are those of all pages."""
    rows: tuple[MatrixRow, ...]
    """Of this page."""
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
    """The matrix of an answer.

    Args:
        held: The pairs of unit and year of which a report is held.
        matching: How many passages match, by unit and year.
        names: The units by their ids.
        passes: Whether a year is one of those that are wanted.
        sort: The order.
        mention: True for the units with a match alone, False for those without.
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


def _place(row: MatrixRow) -> tuple[Any, ...]:
    return (row.unit.place or "~", row.unit.organ is not None, row.unit.name, row.unit.id)


_ORDERS: dict[MatrixSort, Callable[[MatrixRow], tuple[Any, ...]]] = {
    MatrixSort.REGION: _place,
    MatrixSort.FIRST: lambda row: (row.first is None, row.first or 0, *_place(row)),
    MatrixSort.MOST: lambda row: (-row.paragraphs, *_place(row)),
}
