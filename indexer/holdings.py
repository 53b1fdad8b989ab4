"""Which reports are held, due and missing, by unit and year: the one definition used by pages, lists and files. Pure.

Due and missing refer to annual reports alone: a plan or a piece of news about a year is not a report on it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache

from indexer.declared import Value
from indexer.levels import Level
from indexer.model import ReportType
from indexer.organs import last_year_of
from indexer.places import exists
from indexer.units import Unit


class State(StrEnum):
    """Whether a unit's annual report on a year is held, and if not, why."""

    HELD = "held"
    MISSING = "missing"
    """Due but not held, although an earlier one is held or one is expected of this unit in any case."""
    NOT_DUE = "not_due"
    BEFORE = "before"
    """Before the first year held: nothing suggests that the unit had to report."""
    ENDED = "ended"
    """The place or the organ no longer existed."""


def is_due(year: int, today: date) -> bool:
    """Whether the 1 April after a year is past, the date by which its report must be public (法治政府建设与责任落实督察工作规定, 2019)."""
    return (today.year, today.month, today.day) > (year + 1, 4, 1)


def years_covered(held: Collection[int], today: date) -> range:
    """The years from the first of which a corpus holds a report to the last one due or held, ascending; empty if none is held."""
    if not held:
        return range(0)
    last_due = today.year - 1 if is_due(today.year - 1, today) else today.year - 2
    return range(min(held), max(last_due, *held, min(held)) + 1)


def states(
    years: Iterable[int],
    held: Collection[int],
    today: date,
    *,
    existed: Callable[[int], bool] = lambda year: True,
    expected: Callable[[int], bool] = lambda year: False,
) -> dict[int, State]:
    """The state of each year for one unit, in the order of the years.

    Args:
        years: The years of the corpus, see `years_covered`.
        held: The years of which the corpus holds an annual report of the unit.
        today: The day as of which reports are due.
        existed: Whether the place or organ existed in a year.
        expected: Whether a report on a year is expected even though no earlier one is held.
    """
    first, last = (min(held), max(held)) if held else (None, None)
    found: dict[int, State] = {}
    was_there = False
    years = tuple(years)
    for year in sorted(years):
        there = existed(year)
        if year in held:
            state = State.HELD
        elif not there and (was_there if last is None else year > last):
            state = State.ENDED
        elif not (there and expected(year)) and (first is None or year < first):
            state = State.BEFORE
        else:
            state = State.MISSING if is_due(year, today) else State.NOT_DUE
        was_there = was_there or there
        found[year] = state
    return {year: found[year] for year in years}


def expected_years(years: Iterable[int], governments: Callable[[int], Iterable[str]]) -> dict[str, frozenset[int]]:
    """The years for which each government's report is expected, by its code: those of the given years in which it existed.

    Args:
        years: The years of the corpus.
        governments: Maps a year to the codes of all provinces, cities and counties that existed then.
    """
    found: dict[str, set[int]] = {}
    for year in years:
        for code in governments(year):
            found.setdefault(code, set()).add(year)
    return {code: frozenset(of_code) for code, of_code in found.items()}


@dataclass(frozen=True, slots=True)
class UnitHoldings:
    """Which reports of one unit are held."""

    id: str | None
    """The unit's id. None for the reports of unknown units, of which none counts as missing."""
    level: Level | None
    """The level of most of its reports; without reports, that of its place."""
    reports: Mapping[int | None, Mapping[str, int]]
    """The number of reports by reported year (None: unknown) and type."""
    states: Mapping[int, State]
    """The state by year of the corpus, ascending; units with equal states share one object."""
    count: int
    """The number of its reports."""
    others: int
    """How many of these are of an unknown year, or of a year outside the corpus's years."""

    def in_year(self, year: int) -> int:
        """The number of reports on a year, of any type."""
        return sum(self.reports[year].values()) if year in self.reports else 0


@dataclass(frozen=True, slots=True)
class Holdings:
    """Which reports of all units are held."""

    years: range
    units: list[UnitHoldings]
    """By place and organ; then units of unknown places; the reports of unknown units last."""


TALLIED = ("unit", "level", "year", "type")
"""The fields of each report that `holdings` needs."""


def holdings(tally: Mapping[tuple[Value, ...], int], today: date, governments: Callable[[int], Iterable[str]] | None = None) -> Holdings:
    """Which reports are held of every unit that has any.

    Args:
        tally: The number of reports by `TALLIED`.
        today: The day as of which reports are due.
        governments: Maps a year to the codes of all provinces, cities and counties that existed then, where reports are expected of them
            all; governments without any reports are then listed too.
    """
    by_unit, levels = _by_unit(tally)
    held = {id: frozenset(_years_held(reports)) for id, reports in by_unit.items()}
    years = years_covered(frozenset().union(*held.values()), today)
    expected = expected_years(years, governments) if governments else {}
    never: frozenset[int] = frozenset()

    @cache
    def states_of(of_unit: frozenset[int], there: frozenset[int], due: frozenset[int]) -> dict[int, State]:
        """Computed once for all units with the same held, existing and expected years: most units are alike."""
        return states(years, of_unit, today, existed=there.__contains__, expected=due.__contains__)

    units = []
    for id in sorted(by_unit.keys() | expected.keys(), key=_order):
        if id is None:
            # None of the reports of unknown units counts as missing.
            by_year = {year: State.HELD if year in held[None] else State.BEFORE for year in years}
        else:
            by_year = states_of(held.get(id, never), _years_existed(Unit(id, ""), years), expected.get(id, never))
        reports = by_unit.get(id, {})
        counts = {year: sum(kinds.values()) for year, kinds in reports.items()}
        others = sum(count for year, count in counts.items() if year not in years)
        units.append(UnitHoldings(id, _level(id, levels.get(id)), reports, by_year, sum(counts.values()), others))
    return Holdings(years, units)


_Reports = dict[int | None, Mapping[str, int]]
"""The number of a unit's reports by reported year and type, as in `UnitHoldings.reports`."""


def _by_unit(tally: Mapping[tuple[Value, ...], int]) -> tuple[dict[str | None, _Reports], dict[str | None, Counter[Value]]]:
    """The reports of each unit, and the number of its reports by level."""
    by_unit: dict[str | None, _Reports] = {}
    levels: dict[str | None, Counter[Value]] = {}
    # One object for all years with the same type and number of reports: mostly a single report.
    shared: dict[tuple[Value, int], Mapping[str, int]] = {}
    for (unit, level, year, kind), count in tally.items():
        id = None if unit is None else str(unit)
        if id not in by_unit:
            by_unit[id], levels[id] = {}, Counter()
        levels[id][level] += count
        year = None if year is None else int(year)
        alone, others = shared.setdefault((kind, count), {str(kind): count}), by_unit[id].get(year)
        by_unit[id][year] = alone if others is None else {**others, str(kind): others.get(str(kind), 0) + count}
    return by_unit, levels


def _years_held(reports: Mapping[int | None, Mapping[str, int]]) -> Iterator[int]:
    return (year for year, kinds in reports.items() if year is not None and ReportType.REPORT in kinds)


def _level(id: str | None, levels: Counter[Value] | None) -> Level | None:
    if levels is None:
        return Unit(id, "").level if id else None
    level = levels.most_common(1)[0][0]
    return Level(str(level)) if level is not None else None


def _order(id: str | None) -> tuple[bool, bool, str]:
    """Sort key for unit ids: by place, then organ; then units of unknown places; None last."""
    return id is None, (id or "").startswith("x-"), id or ""


def existed(unit: Unit, year: int) -> bool:
    """Whether a unit existed in a year, as far as the tables of places and reforms know."""
    return year in _years_existed(unit, range(year, year + 1))


def _years_existed(unit: Unit, years: range) -> frozenset[int]:
    place, organ = unit.place, unit.organ
    there = frozenset(years) if place is None else _years_of_place(place, years)
    last = _last_year_of(organ) if organ else None
    return there if last is None else frozenset(year for year in there if year <= last)


@lru_cache(maxsize=1 << 14)
def _years_of_place(place: str, years: range) -> frozenset[int]:
    return frozenset(year for year in years if exists(place, year))


_last_year_of = lru_cache(maxsize=1 << 12)(last_year_of)
