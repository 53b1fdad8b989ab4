"""The units that an index has reports of: by which names each is called, what is held of it, and who came before and after. Pure."""

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
    """By the code of the place, a government before its departments."""
    NAME = "name"
    REPORTS = "-reports"
    """Those with most reports first."""


@dataclass(frozen=True)
class ListedUnit:
    """A unit of the list."""

    unit: Unit
    issuers: tuple[str, ...] = ()
    """As its reports print it, most frequent first."""
    reports: int = 0
    """Of any type and year."""

    @cached_property
    def region(self) -> Region | None:
        """Its place, None where that is unknown."""
        return region_of_code(self.unit.place) if self.unit.place else None

    @property
    def level(self) -> Level | None:
        """Of the government that it is, or a department's."""
        return self.unit.level

    @cached_property
    def aliases(self) -> tuple[str, ...]:
        """What else it is called: by its reports, and by the names that its place had; without the name itself."""
        known = dict.fromkeys([*self.issuers, self.unit.short, *_other_names(self.unit)])
        return tuple(name for name in known if name != self.unit.name)

    @cached_property
    def searched(self) -> str:
        """All its names, and those of the places that it lies in, folded."""
        path = "".join(self.region.path) if self.region else ""
        return "\n".join(map(fold, (self.unit.name, path + (self.unit.organ or ""), *self.aliases)))


@dataclass(frozen=True, slots=True)
class UnitYear:
    """What there is of a unit in a year."""

    year: int
    state: State
    reports: tuple[Report, ...] = ()
    """Its annual reports, without passages."""


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """A unit with what is held of it."""

    listed: ListedUnit
    years: tuple[UnitYear, ...]
    """Those of the corpus, rising."""
    others: tuple[Report, ...] = ()
    """Its plans, news and reports on an unknown year, without passages."""
    predecessors: tuple[Unit, ...] = ()
    """Those that it followed: places that were merged into its own, departments that a reform ended."""
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
    """Those of the corpus."""

    @property
    def pages(self) -> int:
        """How many pages the list has."""
        return -(-self.total // self.per_page)


class Directory:
    """All units of one state of an index."""

    def __init__(self, counts: Mapping[tuple[Value, ...], int], names: Mapping[str, Unit]) -> None:
        """From how many reports each pair of unit and issuer has, and from the units by their ids."""
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
        """The units that are called so, in order.

        Args:
            query: Words, each of which stands in a name of the unit or of a place it lies in.
            regions: Codes of places in one of which it lies; None: of no known place.
            levels: Of which it is of one; None: of no known one.
            sort: The order.
            also: Units to be listed although nothing is held of them.
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
        """The unit with this id, today's or that of an earlier year: one with reports, or a government; None where there is none."""
        if id in self.units:
            return self.units[id]
        unit = unit_of_id(id)
        if unit is None or (unit.id not in self.units and unit.organ is not None):
            return None
        return self.units.get(unit.id) or ListedUnit(unit)

    def before(self, unit: Unit) -> tuple[Unit, ...]:
        """The units that this one followed: places that went to its own, departments with reports that a reform ended."""
        if unit.place is None:
            return ()
        places = [found for code in predecessors(unit.place) if (found := _under(unit, code))]
        held = [one for one in places if unit.organ is None or one.id in self.units]
        return (*held, *self._held(unit, organs_before(unit.organ) if unit.organ else ()))

    def after(self, unit: Unit) -> tuple[Unit, ...]:
        """The units that followed this one: where there are several that it may have been, those with reports, else the likeliest."""
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
            years: Of the corpus.
            today: The day as of which something is due.
            expected: The years in which a report is expected although none was held before.
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
    """The unit of another place that this one is of its own."""
    return unit_of_id(f"{code}-{unit.organ}" if unit.organ else code)


def _other_names(unit: Unit) -> Iterator[str]:
    """What its place was called, and is called for short; a department with that before it."""
    if unit.place is None:
        return
    today, *earlier = names_of(unit.place)
    for name in dict.fromkeys((*earlier, *short_names(today))):
        yield name + (unit.organ or "")


def _lies_in(listed: ListedUnit, region: Value) -> bool:
    return listed.region is None if region is None else listed.region is not None and region in listed.region.codes


_ORDERS: dict[UnitSort, Callable[[ListedUnit], tuple[Any, ...]]] = {
    UnitSort.REGION: lambda listed: (listed.unit.place or "~", listed.unit.organ is not None, listed.unit.name, listed.unit.id),
    UnitSort.NAME: lambda listed: (listed.unit.name, listed.unit.id),
    UnitSort.REPORTS: lambda listed: (-listed.reports, listed.unit.place or "~", listed.unit.name, listed.unit.id),
}
