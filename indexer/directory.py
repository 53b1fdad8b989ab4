"""The units of which an index has reports: their names, what is held of each, and their predecessors and successors. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from indexer.analysis.fold import fold
from indexer.declared import Value
from indexer.holdings import State, existed, states
from indexer.levels import Level
from indexer.model import Report, ReportType
from indexer.organs import organs_after, organs_before
from indexer.places import Region, names_of, predecessors, region_of_code, short_names, successors
from indexer.units import Unit, unit_of_id


class UnitSort(StrEnum):
    """The order of a list of units."""

    REGION = "region"
    """By place code, a government before its departments."""
    NAME = "name"
    REPORTS = "-reports"
    """Most reports first."""


@dataclass(frozen=True)
class ListedUnit:
    """A unit of the list."""

    unit: Unit
    issuers: tuple[str, ...] = ()
    """Its name as its reports print it, most frequent first."""
    reports: int = 0
    """How many reports it has, of any type and year."""

    @cached_property
    def region(self) -> Region | None:
        """Its place, None if that is unknown."""
        return region_of_code(self.unit.place) if self.unit.place else None

    @property
    def level(self) -> Level | None:
        """The level of the government that it is or belongs to."""
        return self.unit.level

    @cached_property
    def aliases(self) -> tuple[str, ...]:
        """Its other names: in its reports, and from earlier and short names of its place; without `Unit.name`."""
        known = dict.fromkeys([*self.issuers, self.unit.short, *_other_names(self.unit)])
        return tuple(name for name in known if name != self.unit.name)

    @cached_property
    def searched(self) -> str:
        """All its names and those of the places it lies in, folded, to be searched."""
        path = "".join(self.region.path) if self.region else ""
        return "\n".join(map(fold, (self.unit.name, path + (self.unit.organ or ""), *self.aliases)))


@dataclass(frozen=True, slots=True)
class UnitYear:
    """A unit's annual reports on a year."""

    year: int
    state: State
    reports: tuple[Report, ...] = ()
    """Its annual reports, without passages."""


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """A unit with its reports."""

    listed: ListedUnit
    years: tuple[UnitYear, ...]
    """The years of the corpus, ascending."""
    others: tuple[Report, ...] = ()
    """Its plans, news and reports on an unknown year, without passages."""
    predecessors: tuple[Unit, ...] = ()
    """The units it followed: places merged into its own, departments that a reform ended."""
    successors: tuple[Unit, ...] = ()

    @property
    def unit(self) -> Unit:
        """Who it is."""
        return self.listed.unit


@dataclass(frozen=True, slots=True)
class UnitPage:
    """One page of the list of units."""

    units: list[UnitRecord]
    total: int
    page: int
    per_page: int
    years: range = field(default_factory=lambda: range(0))
    """The years of the corpus."""

    @property
    def pages(self) -> int:
        """How many pages the list has."""
        return -(-self.total // self.per_page)


class Directory:
    """All units of one generation of an index."""

    def __init__(self, counts: Mapping[tuple[Value, ...], int], names: Mapping[str, Unit]) -> None:
        """Take the number of reports by unit id and issuer, and the units by id."""
        issuers: dict[str, Counter[str]] = defaultdict(Counter)
        totals: Counter[str] = Counter()
        for (id, issuer), count in counts.items():
            if id is not None:
                totals[str(id)] += count
                if issuer is not None:
                    issuers[str(id)][str(issuer)] += count
        self.units: dict[str, ListedUnit] = {
            id: ListedUnit(names[id], tuple(name for name, _ in sorted(issuers[id].items(), key=lambda one: (-one[1], one[0]))), count)
            for id, count in totals.items()
            if id in names
        }

    def find(
        self,
        query: str = "",
        *,
        regions: Collection[Value] = (),
        levels: Collection[Value] = (),
        sort: UnitSort = UnitSort.REGION,
        also: Iterable[Unit] = (),
    ) -> list[ListedUnit]:
        """The units that match, in order.

        Args:
            query: Words, each of which must occur in a name of the unit or of a place it lies in.
            regions: Codes of places, in one of which it must lie; None: its place is unknown.
            levels: The levels it may have; None: its level is unknown.
            sort: The order.
            also: Units to list although no reports of them are held.
        """
        words = [fold(word) for word in query.split()]
        unheld = (ListedUnit(unit) for unit in also if unit.id not in self.units)
        found = [
            listed
            for listed in (*self.units.values(), *unheld)
            if (not regions or any(_lies_in(listed, region) for region in regions))
            and (not levels or listed.level in levels)
            and all(word in listed.searched for word in words)
        ]
        return sorted(found, key=_ORDERS[sort])

    def unit(self, id: str) -> ListedUnit | None:
        """The unit with this current or former id, if it has reports or is a government; otherwise None."""
        if id in self.units:
            return self.units[id]
        unit = unit_of_id(id)
        if unit is None or (unit.id not in self.units and unit.organ is not None):
            return None
        return self.units.get(unit.id) or ListedUnit(unit)

    def before(self, unit: Unit) -> tuple[Unit, ...]:
        """The units that this one followed: places merged into its own, and departments with reports that a reform ended."""
        if unit.place is None:
            return ()
        places = [found for code in predecessors(unit.place) if (found := _under(unit, code))]
        held = [one for one in places if unit.organ is None or one.id in self.units]
        return (*held, *self._held(unit, organs_before(unit.organ) if unit.organ else ()))

    def after(self, unit: Unit) -> tuple[Unit, ...]:
        """The units that followed this one. Of several possible departments, those with reports; if none has any, the likeliest."""
        if unit.place is None:
            return ()
        places = tuple(found for code in successors(unit.place) if (found := _under(unit, code)))
        organs = organs_after(unit.organ) if unit.organ else []
        likeliest = unit_of_id(f"{unit.place}-{organs[0]}") if organs else None
        return (*places, *(tuple(self._held(unit, organs)) or ((likeliest,) if likeliest else ())))

    def _held(self, unit: Unit, organs: Iterable[str]) -> Iterator[Unit]:
        ids = (f"{unit.place}-{organ}" for organ in organs)
        return (self.units[id].unit for id in ids if id in self.units)

    def record(self, listed: ListedUnit, reports: Iterable[Report], years: range, today: date, *, expected: Collection[int]) -> UnitRecord:
        """A unit with its reports, year by year.

        Args:
            listed: The unit.
            reports: All of its reports.
            years: The years of the corpus.
            today: The day as of which reports are due.
            expected: The years for which a report is expected even though none was held before.
        """
        reports = tuple(reports)
        annual: dict[int, list[Report]] = defaultdict(list)
        for report in reports:
            if report.year is not None and report.type is ReportType.REPORT:
                annual[report.year].append(report)
        unit = listed.unit
        found = states(years, annual.keys(), today, existed=lambda year: existed(unit, year), expected=lambda year: year in expected)
        counted = {report.id for of_year in annual.values() for report in of_year}
        return UnitRecord(
            listed,
            tuple(UnitYear(year, state, tuple(annual.get(year, ()))) for year, state in found.items()),
            tuple(report for report in reports if report.id not in counted),
            self.before(unit),
            self.after(unit),
        )


def _under(unit: Unit, code: str) -> Unit | None:
    """The counterpart of a unit in another place: the government, or the same department."""
    return unit_of_id(f"{code}-{unit.organ}" if unit.organ else code)


def _other_names(unit: Unit) -> Iterator[str]:
    """Earlier and short names of its place, each followed by the department's name for a department."""
    if unit.place is None:
        return
    today, *earlier = names_of(unit.place)
    for name in dict.fromkeys((*earlier, *short_names(today))):
        yield name + (unit.organ or "")


def _lies_in(listed: ListedUnit, region: Value) -> bool:
    return listed.region is None if region is None else listed.region is not None and region in listed.region.codes


_ORDERS: dict[UnitSort, Callable[[ListedUnit], tuple[Any, ...]]] = {
    UnitSort.REGION: lambda listed: listed.unit.order,
    UnitSort.NAME: lambda listed: (listed.unit.name, listed.unit.id),
    UnitSort.REPORTS: lambda listed: (-listed.reports, listed.unit.place or "~", listed.unit.name, listed.unit.id),
}
