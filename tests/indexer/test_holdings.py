"""What is held, due and missing: the definition, and against a plain reading of made-up units."""

import random
from datetime import date

import pytest

from indexer.holdings import State, expected_years, is_due, states, years_covered

TODAY = date(2024, 6, 1)
SIGNS = {State.HELD: "#", State.MISSING: "!", State.NOT_DUE: "?", State.BEFORE: ".", State.ENDED: "x"}


def shown(held, years=range(2018, 2025), **more):
    return "".join(SIGNS[state] for state in states(years, set(held), TODAY, **more).values())


@pytest.mark.parametrize(("day", "due"), [((2024, 3, 31), False), ((2024, 4, 1), False), ((2024, 4, 2), True), ((2023, 12, 31), False)])
def test_a_year_is_due_when_the_first_of_april_after_it_is_past(day, due):
    assert is_due(2023, date(*day)) is due


def test_any_year_may_be_asked_about():
    assert not is_due(9999, TODAY)


@pytest.mark.parametrize(
    ("held", "day", "years"),
    [
        ([2019, 2021], (2024, 6, 1), range(2019, 2024)),
        ([2019, 2021], (2024, 4, 1), range(2019, 2023)),
        ([2019, 2024], (2024, 6, 1), range(2019, 2025)),
        ([2024], (2024, 6, 1), range(2024, 2025)),
        ([2030], (2024, 6, 1), range(2030, 2031)),
        ([], (2024, 6, 1), range(0)),
    ],
)
def test_years_run_from_the_first_held_to_the_last_due_or_held(held, day, years):
    assert years_covered(set(held), date(*day)) == years


def test_missing_is_what_is_due_from_the_first_held_year_on():
    assert shown([2020, 2022]) == "..#!#!?"
    assert shown([]) == "......."
    assert shown([2024]) == "......#"
    assert shown([2018, 2023]) == "#!!!!#?"


def test_what_is_no_more_owes_nothing():
    assert shown([2019], existed=lambda year: year < 2021) == ".#!xxxx"
    # A report that is held says more than a table of places.
    assert shown([2019, 2022], existed=lambda year: year < 2021) == ".#!!#xx"
    assert shown([], existed=lambda year: year < 2021) == "...xxxx"


def test_what_is_not_yet_there_owes_nothing():
    assert shown([2022], existed=lambda year: year >= 2021) == "....#!?"
    assert shown([], existed=lambda year: year >= 2021, expected=lambda year: year >= 2021) == "...!!!?"


def test_what_is_expected_is_missing_though_none_was_ever_held():
    assert shown([], expected=lambda year: True) == "!!!!!!?"
    assert shown([2021], expected=lambda year: True) == "!!!#!!?"
    assert shown([2019], existed=lambda year: year < 2021, expected=lambda year: year < 2021) == "!#!xxxx"


def test_the_order_is_that_of_the_years():
    assert list(states(range(2021, 2017, -1), {2019}, TODAY)) == [2021, 2020, 2019, 2018]


def test_expected_are_the_governments_of_each_year():
    table = {2019: ["210000", "210921"], 2020: ["210000", "210922"], 2021: ["210000"]}
    assert expected_years(range(2019, 2022), table.__getitem__) == {
        "210000": {2019, 2020, 2021},
        "210921": {2019},
        "210922": {2020},
    }


def test_every_gap_is_found_and_none_invented():
    chance = random.Random(5)
    years = range(2010, 2022)
    for _ in range(500):
        first = chance.choice(years)
        gaps = {year for year in years if year > first and chance.random() < 0.3}
        held = {year for year in years if year >= first} - gaps
        today = date(chance.choice(years) + 1, chance.randint(1, 12), 15)
        found = {year for year, state in states(years, held, today).items() if state is State.MISSING}
        assert found == {year for year in gaps if year + 1 < today.year or (year + 1 == today.year and today.month >= 4)}
