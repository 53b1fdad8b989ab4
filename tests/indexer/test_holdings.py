"""What is held, due and missing: the definition, and against a plain reading of made-up units."""

import random
from datetime import date

import pytest

from indexer import Level, Report, Unit, unit_of_id
from indexer.holdings import State, existed, expected_years, is_due, states, years_covered
from tests.support import one_report

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


@pytest.mark.parametrize(
    ("id", "last"),
    [("210900-工商行政管理局", 2018), ("310108", 2014), ("210921-司法局", None), ("x-000000000000", None)],
    ids=["a_department_of_before_the_reform", "a_district_that_went_to_another", "a_department", "of_no_known_place"],
)
def test_units_end_with_reforms_and_with_their_places(id, last):
    unit = unit_of_id(id) or Unit(id, "某集团")
    assert [existed(unit, year) for year in (2014, 2018, 2020)] == [last is None or year <= last for year in (2014, 2018, 2020)]


def test_every_engine_has_the_same_holdings(make_index):
    chance = random.Random(7)
    issuers = ["彰武县", "彰武县人民政府", "彰武县司法局", "阜新市工商行政管理局", "某某集团公司", None]
    reports = [
        Report.from_blocks(
            id=f"r{number}",
            title="报告",
            year=chance.choice([None, *range(2015, 2022)]),
            issuer=chance.choice(issuers),
            blocks=[((), "文")],
        )
        for number in range(40)
    ]
    found = make_index(reports).holdings(TODAY)
    held = {}
    for report in reports:
        held.setdefault(report.unit and report.unit.id, []).append(report)
    assert found.years == years_covered({report.year for report in reports if report.year}, TODAY)
    assert {unit.id: unit.count for unit in found.units} == {id: len(own) for id, own in held.items()}
    assert [unit.id for unit in found.units[:3]] == ["210900-工商行政管理局", "210922", "210922-司法局"]
    assert found.units[-1].id is None
    assert State.MISSING not in found.units[-1].states.values()
    for unit in found.units[:-1]:
        years = {report.year for report in held[unit.id] if report.year}
        assert unit.states == states(found.years, years, TODAY, existed=lambda year, unit=held[unit.id][0].unit: existed(unit, year))
        assert unit.level == held[unit.id][0].level
        assert [unit.in_year(year) for year in found.years] == [sum(one.year == year for one in held[unit.id]) for year in found.years]
        assert unit.others == sum(one.year is None for one in held[unit.id])


def test_what_is_expected_by_the_table_of_places_has_its_line(make_index):
    found = make_index([one_report("文", year=2022, issuer="彰武县")]).holdings(TODAY, expected_by_table=True)
    assert list(found.years) == [2022, 2023]
    by_id = {unit.id: unit for unit in found.units}
    assert len(by_id) == len(found.units) > 3_000
    assert by_id["210922"].states == {2022: State.HELD, 2023: State.MISSING}
    never = by_id["210905"]
    assert (never.count, never.level, never.states) == (0, Level.COUNTY, {2022: State.MISSING, 2023: State.MISSING})
