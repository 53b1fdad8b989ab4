"""The figures of each unit by year, and which of them are far from those of other years."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from statistics import median
from typing import overload

from indexer.model import Report
from indexer.stated.figures import Figures, StatedFigure
from indexer.units import Unit

FAR = 5
"""A value is odd at this many times the median of the other years, or at this fraction of it."""
ENOUGH = 3
"""How many other years are needed to judge a value."""


FIGURES_SHOWN = 1_000
"""Most figures of several units on a page: one indicator for a hundred units over ten years. Each takes 700 bytes of a reply."""


@dataclass(frozen=True, slots=True)
class Series:
    """The figures of one unit, year by year."""

    unit: Unit | None
    name: str
    """The unit's name, or the issuer as printed; empty if neither is known."""
    years: dict[int | None, list[StatedFigure]]
    """By reported year, ascending, unknown last; several figures of a year are in the order of its reports."""

    def value(self, year: int | None) -> Decimal | None:
        """The value of a year if all its figures agree; None if they do not, if there is none, or only a ratio."""
        values = {(one.statistic.number, one.statistic.to, one.statistic.unit) for one in self.years.get(year, ())}
        return next(iter(values))[0] if len(values) == 1 else None

    @property
    def odd(self) -> set[int]:
        """The years whose value is at least `FAR` times the median of the other years, or at most that fraction of it."""
        known = {year: value for year in self.years if year is not None and (value := self.value(year)) is not None}
        found = set()
        for year, value in known.items():
            others = [other for at, other in known.items() if at != year]
            if len(others) >= ENOUGH and (middle := median(others)) > 0 and not middle / FAR < value < middle * FAR:
                found.add(year)
        return found


def series_of(figures: Iterable[StatedFigure]) -> list[Series]:
    """The figures by unit and year: units in the order of place codes, a government before its departments, unknown places last."""
    found: dict[tuple[str, str], Series] = {}
    for figure in figures:
        key = key_of(figure.report)
        series = found.setdefault(key, Series(figure.report.unit, key[1], {}))
        series.years.setdefault(figure.report.year, []).append(figure)
    ordered = [found[key] for key in sorted(found, key=unit_order)]
    return [replace(one, years=dict(sorted(one.years.items(), key=lambda entry: (entry[0] is None, entry[0] or 0)))) for one in ordered]


def key_of(report: Report) -> tuple[str, str]:
    """The key that groups a report's figures: the unit's id, empty if unknown, and its name or the issuer's."""
    return (report.unit.id, report.unit.name) if report.unit else ("", report.issuer or "")


def unit_order(key: tuple[str, str]) -> tuple[bool, tuple[str, str]]:
    """Sort key: by place code, a government before its departments, unknown places last."""
    return not key[0][:1].isdigit(), key


def series_pages(sizes: Sequence[int], most: int, most_figures: int) -> list[slice]:
    """Which series are on each page, given the number of figures of each.

    A page has at least one and at most `most` series, and takes no further one if that would exceed `most_figures`.
    """
    found = []
    first = figures = 0
    for number, own in enumerate(sizes):
        if number > first and (number - first == most or figures + own > most_figures):
            found.append(slice(first, number))
            first, figures = number, 0
        figures += own
    return [*found, slice(first, len(sizes))] if sizes else []


class ListedSeries(Sequence[Series]):
    """The series of `series_of`; the figures of a unit are read when its series is accessed."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures
        held: dict[tuple[str, str], list[int]] = {}
        # Figures of one report are mostly adjacent.
        for report, numbers in groupby(enumerate(figures.reports()), key=lambda entry: entry[1]):
            held.setdefault(key_of(report), []).extend(number for number, _ in numbers)
        self._held = [held[key] for key in sorted(held, key=unit_order)]

    def pages(self, most: int) -> list[slice]:
        """Which series are on each page, see `series_pages`: with at most `FIGURES_SHOWN` figures."""
        return series_pages([*map(len, self._held)], most, FIGURES_SHOWN)

    def __len__(self) -> int:
        return len(self._held)

    @overload
    def __getitem__(self, number: int) -> Series: ...
    @overload
    def __getitem__(self, number: slice) -> list[Series]: ...
    def __getitem__(self, number: int | slice) -> Series | list[Series]:
        """A series, or a list for a slice."""
        if isinstance(number, slice):
            return series_of(self._figures.some([figure for own in self._held[number] for figure in own]))
        (found,) = series_of(self._figures.some(self._held[number]))
        return found
