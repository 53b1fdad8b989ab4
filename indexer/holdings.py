"""Which reports are held, due and missing, unit by unit and year by year: the one definition that pages, lists and files go by. Pure.

Due and missing speak of annual reports alone: a plan or a piece of news about a year is no report on it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache, partial

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
    reports: Mapping[int | None, Counter[str]]
    """How many of each type there are, by reported year (None: unknown)."""
    states: Mapping[int, State]
    """By year of the corpus, rising."""

    @property
    def count(self) -> int:
        """How many reports there are of it."""
        return sum(of_year.total() for of_year in self.reports.values())


@dataclass(frozen=True, slots=True)
class Holdings:
    """What there is of all units."""

    years: range
    units: list[UnitHoldings]
    """By place and organ, those of unknown places behind them, what is nobody's last."""
    by_id: Mapping[str | None, UnitHoldings] = field(default_factory=dict)


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
    by_unit: dict[str | None, dict[int | None, Counter[str]]] = {}
    levels: dict[str | None, Counter[Value]] = {}
    for (unit, level, year, kind), count in tally.items():
        id = None if unit is None else str(unit)
        levels.setdefault(id, Counter())[level] += count
        of_unit = by_unit.setdefault(id, {})
        of_unit.setdefault(None if year is None else int(year), Counter())[str(kind)] += count
    held = {id: _years_held(of_unit) for id, of_unit in by_unit.items()}
    years = years_covered(set().union(*held.values()), today)
    expected = expected_years(years, governments) if governments else {}
    for code in expected:
        by_unit.setdefault(code, {})

    def of(id: str | None) -> UnitHoldings:
        if id is None:
            found = {year: State.HELD if year in held[None] else State.BEFORE for year in years}
        else:
            unit, known = unit_of_id(id) or Unit(id, ""), expected.get(id, frozenset())
            found = states(years, held.get(id, ()), today, existed=partial(existed, unit), expected=known.__contains__)
        level = levels[id].most_common(1)[0][0] if id in levels else unit.level
        return UnitHoldings(id, Level(str(level)) if level is not None else None, by_unit[id], found)

    units = [of(id) for id in sorted(by_unit, key=unit_order)]
    return Holdings(years, units, {unit.id: unit for unit in units})


def _years_held(reports: Mapping[int | None, Counter[str]]) -> set[int]:
    return {year for year, kinds in reports.items() if year is not None and kinds[ReportType.REPORT]}


def unit_order(id: str | None) -> tuple[bool, bool, str]:
    """Sorts units by place, then organ; those of unknown places come behind them, None is last."""
    return id is None, (id or "").startswith("x-"), id or ""


def existed(unit: Unit, year: int) -> bool:
    """Whether there was such a unit in a year, as far as the tables of places and reforms know."""
    if unit.place is not None and not _place_existed(unit.place, year):
        return False
    ended = last_year_of(unit.organ) if unit.organ else None
    return ended is None or year <= ended


_place_existed = lru_cache(maxsize=1 << 16)(exists)
