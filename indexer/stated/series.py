"""The figures of each unit, year by year, and which of them are far from those of other years."""

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
"""Times the median of the other years that a value is to be looked at."""
ENOUGH = 3
"""Other years, at least, that say what is usual."""


FIGURES_SHOWN = 2_000
"""Figures of several units on a page: one indicator of a hundred units over twenty years. Each takes 700 bytes of a reply."""


@dataclass(frozen=True, slots=True)
class Series:
    """The figures of one unit, year by year."""

    unit: Unit | None
    name: str
    """The unit's, else that of the issuer as printed; empty where neither is known."""
    years: dict[int | None, list[StatedFigure]]
    """By reported year, rising and unknown last; several figures of a year stand in the order of its reports."""

    def value(self, year: int | None) -> Decimal | None:
        """The value of a year where all its figures agree on one; None too where there is none, or only a ratio."""
        values = {(one.statistic.number, one.statistic.to, one.statistic.unit) for one in self.years.get(year, ())}
        return next(iter(values))[0] if len(values) == 1 else None

    @property
    def odd(self) -> set[int]:
        """Years whose value is far from those of the other years: `FAR` times their median, or as small a part of it."""
        known = {year: value for year in self.years if year is not None and (value := self.value(year)) is not None}
        found = set()
        for year, value in known.items():
            others = [other for at, other in known.items() if at != year]
            if len(others) >= ENOUGH and (middle := median(others)) > 0 and not middle / FAR < value < middle * FAR:
                found.add(year)
        return found


def series_of(figures: Iterable[StatedFigure]) -> list[Series]:
    """The figures of each unit, year by year: in the order of their places' codes, each before its departments; of no known place last."""
    found: dict[tuple[str, str], Series] = {}
    for figure in figures:
        key = key_of(figure.report)
        series = found.setdefault(key, Series(figure.report.unit, key[1], {}))
        series.years.setdefault(figure.report.year, []).append(figure)
    ordered = [found[key] for key in sorted(found, key=unit_order)]
    return [replace(one, years=dict(sorted(one.years.items(), key=lambda entry: (entry[0] is None, entry[0] or 0)))) for one in ordered]


def key_of(report: Report) -> tuple[str, str]:
    """Whose figures its own stand beside: the unit's id, empty where none is known, and its name or that of the issuer."""
    return (report.unit.id, report.unit.name) if report.unit else ("", report.issuer or "")


def unit_order(key: tuple[str, str]) -> tuple[bool, tuple[str, str]]:
    """In the order of their places' codes, each before its departments; of no known place last."""
    return not key[0][:1].isdigit(), key


def series_pages(sizes: Sequence[int], most: int, most_figures: int) -> list[slice]:
    """Which series stand on each page, by how many figures each has.

    At most so many, one at least, and no further one once that were more than `most_figures`.
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
    """What `series_of` makes of figures; those of a unit are read when its series is wanted."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures
        held: dict[tuple[str, str], list[int]] = {}
        # Those of a report mostly stand together.
        for report, numbers in groupby(enumerate(figures.reports()), key=lambda entry: entry[1]):
            held.setdefault(key_of(report), []).extend(number for number, _ in numbers)
        self._held = [held[key] for key in sorted(held, key=unit_order)]

    def pages(self, most: int) -> list[slice]:
        """Which series stand on each page, see `series_pages`: with at most `FIGURES_SHOWN` figures."""
        return series_pages([*map(len, self._held)], most, FIGURES_SHOWN)

    def __len__(self) -> int:
        return len(self._held)

    @overload
    def __getitem__(self, number: int) -> Series: ...
    @overload
    def __getitem__(self, number: slice) -> list[Series]: ...
    def __getitem__(self, number: int | slice) -> Series | list[Series]:
        """A series, or several."""
        if isinstance(number, slice):
            return series_of(self._figures.some([figure for own in self._held[number] for figure in own]))
        (found,) = series_of(self._figures.some(self._held[number]))
        return found
