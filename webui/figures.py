"""What a page of figures shows: units with their values over years; for one unit its series and those of its neighbours."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from statistics import median

from indexer import Overview, SearchRequest, Series, Unit, series_of, series_pages
from webui.costly import costly
from webui.links import span
from webui.live import current_index

FIGURES_A_PAGE = 600
"""Figures on a page of several units: 25 units with one a year over 24 years. Each takes 0.1 ms to read with its passage and to show."""


@dataclass(frozen=True)
class FiguresView:
    """What the page and its chart show for a request."""

    wanted: SearchRequest
    sizes: Sequence[int]
    """How many figures each unit has, in the order of the list."""
    reported: Collection[int | None]
    """The reported years of all figures."""
    values: Callable[[int], Iterable[Decimal | None]]
    """The values of a year: one for each unit that has one, or None."""
    read: Callable[[slice], Sequence[Series]]
    """Some of the units with their figures; only the reports of these units are read."""
    own: Series | None = None
    """The series of the one unit that was chosen."""

    @cached_property
    def pages(self) -> list[slice]:
        """The units of each page, as slices of the list."""
        return series_pages(self.sizes, self.wanted.per_page, FIGURES_A_PAGE)

    @property
    def total(self) -> int:
        """How many units there are."""
        return len(self.sizes)

    @property
    def figures(self) -> int:
        """How many figures there are."""
        return sum(self.sizes)

    @property
    def years(self) -> range:
        """All years from the first to the last with a figure."""
        return span(self.reported)

    @property
    def undated(self) -> bool:
        """Whether some figures are from reports of an unknown year."""
        return None in self.reported

    def middle(self, year: int) -> Decimal | None:
        """The median of the units' values of a year."""
        return middle_of(self.values(year))

    def rows(self) -> Sequence[Series]:
        """The units of the requested page with their figures."""
        return self.read(self.pages[self.wanted.page - 1]) if self.wanted.page <= len(self.pages) else []


def middle_of(values: Iterable[Decimal | None]) -> Decimal | None:
    """The median of those values that are known; None if none is."""
    known = [value for value in values if value is not None]
    return Decimal(median(known)) if known else None


def view_of(wanted: SearchRequest, label: str | None) -> FiguresView:
    """What is shown for a request: if one unit is chosen, its series, followed by those of its neighbours."""
    index = current_index()
    units = wanted.values("unit")
    if not label and wanted.values("indicator") and len(units) != 1:
        return _of_many(wanted, index.overview(wanted), None)
    with costly().turn():
        if label and len(units) != 1:
            return _of_many(wanted, index.overview(wanted, label), label)
        found = series_of(index.all_statistics(wanted, label))
        if len(units) != 1 or len(found) != 1 or (unit := found[0].unit) is None:
            return _of_few(wanted, found)
        neighbours = [one for one in series_of(index.all_statistics(beside(wanted, unit), label)) if _is_beside(one.unit, unit)]
    return _of_few(wanted, [found[0], *neighbours], found[0])


def _of_few(wanted: SearchRequest, held: list[Series], own: Series | None = None) -> FiguresView:
    """The view of units whose figures are read already."""
    sizes = [sum(map(len, series.years.values())) for series in held]
    years = {year for series in held for year in series.years}
    return FiguresView(wanted, sizes, years, lambda year: [series.value(year) for series in held], held.__getitem__, own)


def _of_many(wanted: SearchRequest, held: Overview, label: str | None) -> FiguresView:
    """The view of all units with their values, whose figures are read for the requested page alone."""

    def read(own: slice) -> Sequence[Series]:
        index = current_index()
        if label:
            with costly().turn():
                return index.all_series(wanted, label)[own]
        shown = list(held.units)[own]
        units = tuple(dict.fromkeys(unit or None for unit, _ in shown))
        with costly().turn():
            found = series_of(index.all_statistics(wanted.changed(units=units, page=1)))
        return [one for one in found if (one.unit.id if one.unit else "", "" if one.unit else one.name) in shown]

    return FiguresView(wanted, [*held.counts.values()], held.years, held.values, read)


def beside(wanted: SearchRequest, unit: Unit) -> SearchRequest:
    """The request for the units around one: those of its level in its city, for a city those in its province."""
    place = unit.place or ""
    above = f"{place[:2]}0000" if place.endswith("00") and not unit.organ else f"{place[:4]}00"
    around = (above,) if len(place) >= 6 and not place.endswith("0000") else ()
    return wanted.changed(units=(), regions=around, levels=(unit.level,) if unit.level else ())


def _is_beside(other: Unit | None, unit: Unit) -> bool:
    return other is not None and other.id != unit.id and (other.organ == unit.organ or unit.organ is None)
