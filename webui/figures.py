"""What a page of figures shows: units with their values over years; for one unit its series and those of its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
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
class View:
    """What the page and its chart show for a request."""

    wanted: SearchRequest
    held: Overview | list[Series]
    """All units with their values; if one unit was chosen, the series of a few units with their figures."""
    own: Series | None = None
    """The series of the one unit that was chosen."""
    label: str | None = None

    @cached_property
    def pages(self) -> list[slice]:
        """The units of each page, as slices of `held`."""
        sizes = self.held.counts.values() if isinstance(self.held, Overview) else map(_size, self.held)
        return series_pages([*sizes], self.wanted.per_page, FIGURES_A_PAGE)

    @property
    def total(self) -> int:
        """How many units there are."""
        return len(self.held.units if isinstance(self.held, Overview) else self.held)

    @property
    def figures(self) -> int:
        """How many figures there are."""
        if isinstance(self.held, Overview):
            return self.held.figures
        return sum(map(_size, self.held))

    @property
    def years(self) -> range:
        """All years from the first to the last with a figure."""
        return span(self._years())

    @property
    def undated(self) -> bool:
        """Whether some figures are from reports of an unknown year."""
        return None in self._years()

    def _years(self) -> set[int | None]:
        return self.held.years if isinstance(self.held, Overview) else {year for series in self.held for year in series.years}

    def middle(self, year: int) -> Decimal | None:
        """The median of the units' values of a year."""
        return middle_of(self.held, year)

    def rows(self) -> Sequence[Series]:
        """The units of the requested page with their figures; only the reports of these units are read."""
        if self.wanted.page > len(self.pages):
            return []
        own = self.pages[self.wanted.page - 1]
        if not isinstance(self.held, Overview):
            return self.held[own]
        if self.label:
            with costly().turn():
                return current_index().all_series(self.wanted, self.label)[own]
        shown = list(self.held.units)[own]
        units = tuple(dict.fromkeys(unit or None for unit, _ in shown))
        with costly().turn():
            found = series_of(current_index().all_statistics(self.wanted.changed(units=units, page=1)))
        return [one for one in found if (one.unit.id if one.unit else "", "" if one.unit else one.name) in shown]


def _size(series: Series) -> int:
    return sum(map(len, series.years.values()))


def middle_of(held: Overview | list[Series], year: int) -> Decimal | None:
    """The median of the units' values of a year."""
    found = held.values(year) if isinstance(held, Overview) else [series.value(year) for series in held]
    values = [value for value in found if value is not None]
    return Decimal(median(values)) if values else None


def view_of(wanted: SearchRequest, label: str | None) -> View:
    """What is shown for a request: if one unit is chosen, its series, followed by those of its neighbours."""
    index = current_index()
    units = wanted.values("unit")
    if not label and wanted.values("indicator") and len(units) != 1:
        return View(wanted, index.overview(wanted))
    with costly().turn():
        if label and len(units) != 1:
            return View(wanted, index.overview(wanted, label), label=label)
        found = series_of(index.all_statistics(wanted, label))
        if len(units) != 1 or len(found) != 1 or (unit := found[0].unit) is None:
            return View(wanted, found)
        neighbours = [one for one in series_of(index.all_statistics(beside(wanted, unit), label)) if _is_beside(one.unit, unit)]
    return View(wanted, [found[0], *neighbours], found[0])


def beside(wanted: SearchRequest, unit: Unit) -> SearchRequest:
    """The request for the units around one: those of its level in its city, for a city those in its province."""
    place = unit.place or ""
    above = f"{place[:2]}0000" if place.endswith("00") and not unit.organ else f"{place[:4]}00"
    around = (above,) if len(place) >= 6 and not place.endswith("0000") else ()
    return wanted.changed(units=(), regions=around, levels=(unit.level,) if unit.level else ())


def _is_beside(other: Unit | None, unit: Unit) -> bool:
    return other is not None and other.id != unit.id and (other.organ == unit.organ or unit.organ is None)
