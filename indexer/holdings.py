"""Which reports are held, due and missing, unit by unit and year by year: the one definition that pages, lists and files go by. Pure.

Due and missing speak of annual reports alone: a plan or a piece of news about a year is no report on it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date
from enum import StrEnum


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
