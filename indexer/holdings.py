"""Which reports are held, due and missing, unit by unit and year by year: the one definition that pages, lists and files go by. Pure.

Due and missing speak of annual reports alone: a plan or a piece of news about a year is no report on it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from indexer.declared import Value
from indexer.levels import Level
from indexer.model import ReportType
from indexer.organs import last_year_of
from indexer.places import exists
from indexer.units import Unit, unit_of_id


class State(StrEnum):
    """What there is of a unit's annual report on a year."""

    HELD = "held"
    MISSING = "missing"
    """Due, and not held although one was held before, or although it is expected of this unit in any case."""
    NOT_DUE = "not_due"
    BEFORE = "before"
    """Before the first one held: nothing says that the unit ought to have reported."""
    ENDED = "ended"
    """The place or the organ was no more."""


def is_due(year: int, today: date) -> bool:
    """Whether the 1 April after a year is past, by which its report has to be public (法治政府建设与责任落实督察工作规定, 2019)."""
    return (today.year, today.month, today.day) > (year + 1, 4, 1)


def years_covered(held: Collection[int], today: date) -> range:
    """From the first year of which a corpus holds a report to the last one that is due or held, rising; empty where none is held."""
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
        years: Of the corpus, see `years_covered`.
        held: Those of which the corpus holds an annual report of the unit.
        today: The day as of which something is due.
        existed: Whether the place or organ was there in a year.
        expected: Whether a report on a year is expected though none was held before.
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
    """By the code of each government that there was in one of these years: in which of them it was, so that its report is expected.

    Args:
        years: Of the corpus.
        governments: The codes of all provinces, cities and counties that there were in a year.
    """
    found: dict[str, set[int]] = {}
    for year in years:
        for code in governments(year):
            found.setdefault(code, set()).add(year)
    return {code: frozenset(of_code) for code, of_code in found.items()}


@dataclass(frozen=True, slots=True)
class UnitHoldings:
    """What there is of one unit."""

    id: str | None
    """None: reports of which nobody knows whose they are; of them nothing is missing."""
    level: Level | None
    """That of most of its reports; of a unit without any, that of its place."""
    reports: Mapping[int | None, Mapping[str, int]]
    """How many of each type there are, by reported year (None: unknown)."""
    states: Mapping[int, State]
    """By year of the corpus, rising; one object for all units that have the same."""
    count: int
    """How many reports there are of it."""
    others: int
    """How many of these are of an unknown year, or of one that is not among those of the corpus."""

    def in_year(self, year: int) -> int:
        """How many reports on a year there are, of any type."""
        return sum(self.reports[year].values()) if year in self.reports else 0


@dataclass(frozen=True, slots=True)
class Holdings:
    """What there is of all units."""

    years: range
    units: list[UnitHoldings]
    """By place and organ, those of unknown places behind them, what is nobody's last."""


TALLIED = ("unit", "level", "year", "type")
"""The fields that `holdings` needs to know of each report."""


def holdings(tally: Mapping[tuple[Value, ...], int], today: date, governments: Callable[[int], Iterable[str]] | None = None) -> Holdings:
    """What there is of every unit that has reports.

    Args:
        tally: How many reports there are by `TALLIED`.
        today: The day as of which something is due.
        governments: The codes of all provinces, cities and counties that there were in a year, where reports are expected of them all;
            those without any have a place in the list then.
    """
    by_unit: dict[str | None, dict[int | None, Mapping[str, int]]] = {}
    # One object for all years of which as many reports are held: mostly one.
    shared: dict[tuple[Value, int], Mapping[str, int]] = {}
    levels: dict[str | None, Counter[Value]] = {}
    for (unit, level, year, kind), count in tally.items():
        id = None if unit is None else str(unit)
        if id not in by_unit:
            by_unit[id], levels[id] = {}, Counter()
        levels[id][level] += count
        year = None if year is None else int(year)
        alone, others = shared.setdefault((kind, count), {str(kind): count}), by_unit[id].get(year)
        by_unit[id][year] = alone if others is None else {**others, str(kind): others.get(str(kind), 0) + count}
    held = {id: frozenset(_years_held(of_unit)) for id, of_unit in by_unit.items()}
    years = years_covered(frozenset().union(*held.values()), today)
    expected = expected_years(years, governments) if governments else {}
    never: frozenset[int] = frozenset()
    found: dict[tuple[frozenset[int], ...], dict[int, State]] = {}

    def states_of(id: str | None) -> dict[int, State]:
        """Worked out once for all units of which the same years are held and due: most are alike."""
        if id is None:
            # Nothing is missing of what is nobody's.
            return {year: State.HELD if year in held[None] else State.BEFORE for year in years}
        of_unit, there, due = held.get(id, never), _years_existed(Unit(id, ""), years), expected.get(id, never)
        if (of_unit, there, due) not in found:
            found[of_unit, there, due] = states(years, of_unit, today, existed=there.__contains__, expected=due.__contains__)
        return found[of_unit, there, due]

    def of(id: str | None) -> UnitHoldings:
        reports = by_unit.get(id, {})
        counts = {year: sum(kinds.values()) for year, kinds in reports.items()}
        return UnitHoldings(
            id,
            _level(id, levels.get(id)),
            reports,
            states_of(id),
            sum(counts.values()),
            sum(count for year, count in counts.items() if year not in years),
        )

    return Holdings(years, [of(id) for id in sorted(by_unit.keys() | expected.keys(), key=unit_order)])


def _years_held(reports: Mapping[int | None, Mapping[str, int]]) -> Iterator[int]:
    return (year for year, kinds in reports.items() if year is not None and ReportType.REPORT in kinds)


def _level(id: str | None, levels: Counter[Value] | None) -> Level | None:
    if levels is None:
        unit = unit_of_id(id) if id else None
        return unit.level if unit else None
    level = levels.most_common(1)[0][0]
    return Level(str(level)) if level is not None else None


def unit_order(id: str | None) -> tuple[bool, bool, str]:
    """Sorts units by place, then organ; those of unknown places come behind them, None is last."""
    return id is None, (id or "").startswith("x-"), id or ""


def existed(unit: Unit, year: int) -> bool:
    """Whether there was such a unit in a year, as far as the tables of places and reforms know."""
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
