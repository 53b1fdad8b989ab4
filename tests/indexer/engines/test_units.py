"""The units of an index, on every engine: every report in its unit, every gap found and none invented; the truth is the generator's."""

import random
from dataclasses import dataclass, field, replace
from datetime import date

import pytest

from indexer import InvalidRequest, NotFound, Report, ReportType, SearchRequest, State
from indexer.holdings import is_due
from indexer.places import name_of_code, place_in, region_of_code

YEARS = range(2012, 2024)
PLACES = (
    "110105 110118 120119 130102 130121 130284 130521 140121 150102 150521 210102 210103 210921 210922 220102 230103 310104 320102"
    " 320706 210902 330102 340104 341204 350102 360102 370102 370103 371581 410102 420102 430102 440103 450103 450324 460105"
    " 500103 510104 520102 530102 530925 540102 610102 620102 630102 640104 650102"
)
"""Districts and counties all over the country: two called 海州区 and several 城关区; 密云县, 蓟县 and 滦县, which are 密云区, 蓟州区
and 滦州市 today; 邢台县, which was merged after 2019."""
LAST = {"130521": 2019}


@dataclass
class Truth:
    """A unit as the generator knows it."""

    id: str
    organ: str = ""
    held: set[int] = field(default_factory=set)
    reports: set[str] = field(default_factory=set)
    spellings: set[str] = field(default_factory=set)

    @property
    def code(self) -> str:
        return self.id[:6]

    @property
    def name(self) -> str:
        return name_of_code(self.code) + (self.organ or "人民政府")

    def spellings_in(self, year: int) -> list[str]:
        """Four, by the names of the year."""
        place = region_of_code(self.code, year)
        name, path = place.name, "".join(place.path)
        if self.organ:
            return [f"{name}{self.organ}", f"{path}卫生健康委", f"{name[-1]}卫健委", self.organ]
        return [name, f"{name}人民政府", f"中共{name}委 {name}人民政府", f"{path}人民政府"]


def units():
    codes = PLACES.split()
    return [*map(Truth, codes), *(Truth(f"{code}-卫生健康委员会", "卫生健康委员会") for code in codes[-14:])]


@pytest.fixture(scope="module")
def corpus():
    """60 units under four spellings each, twelve years with gaps."""
    chance = random.Random(7)
    truths = units()
    assert len(truths) == 60
    reports = []
    for number, truth in enumerate(truths):
        first = chance.choice([2012, 2012, 2015, 2018])
        for year in YEARS:
            if year < first or (year > first and chance.random() < 0.2) or year > LAST.get(truth.code, year):
                continue
            issuer = chance.choice(truth.spellings_in(year))
            # What names no place, or one that several are called, is told by the page alone.
            found = place_in("".join(issuer.removeprefix("中共").split()), year)
            region = truth.code if found is None or chance.random() < 0.5 else None
            title = f"{issuer}{year}年法治政府建设工作报告" if chance.random() < 0.7 else f"{year}年法治政府建设年度报告"
            report = Report.from_blocks(
                id=f"u{number}-{year}",
                title=title,
                year=year,
                issuer=issuer,
                region=region,
                blocks=[(("一、成效",), f"公开第{number}号。")],
            )
            truth.held.add(year)
            truth.reports.add(report.id)
            truth.spellings.add(issuer)
            reports.append(report)
    chance.shuffle(reports)
    return truths, reports


@pytest.fixture
def index(make_index, corpus):
    return make_index(corpus[1])


def states_of(truth):
    """Read plainly from the definition."""
    for year in YEARS:
        if year in truth.held:
            yield year, "held"
        elif year < min(truth.held):
            yield year, "before"
        elif year > LAST.get(truth.code, year):
            yield year, "ended"
        else:
            yield year, "missing" if is_due(year, date.today()) else "not_due"


def test_every_report_is_in_its_unit_and_every_gap_is_found(index, corpus):
    truths, _ = corpus
    first = index.units(per_page=100)
    assert (first.total, first.pages, first.years[0]) == (60, 1, 2012)
    assert {one.unit.id: one.unit.name for one in first.units} == {truth.id: truth.name for truth in truths}
    for truth in truths:
        found = index.unit(truth.id)
        assert {report.id for year in found.years for report in year.reports} == truth.reports
        assert [(year.year, year.state) for year in found.years if year.year in YEARS] == [*states_of(truth)]
        assert {year.state for year in found.years if year.year not in YEARS} <= {"missing", "not_due", "ended"}
        assert set(found.listed.issuers) == truth.spellings
        assert found.listed.reports == len(truth.reports)
        assert index.search("公开", units=[truth.id], kinds=["paragraph"]).total.reports == len(truth.reports)


def test_places_keep_their_reports_when_they_are_renamed_and_merged(index):
    renamed = index.unit("110118")
    assert {"密云县", "密云区"} <= {*renamed.listed.aliases, *renamed.listed.issuers}
    assert renamed == index.unit("110228")
    assert {one.unit.id for one in index.units("密云县").units} == {"110118"}
    merged = index.unit("130521")
    assert (merged.unit.name, [unit.name for unit in merged.successors]) == ("邢台县人民政府", ["信都区人民政府"])
    assert merged.unit in index.unit("130503").predecessors


def test_governments_of_the_table_are_expected_whether_anything_is_held_of_them(index, corpus):
    listed = index.units(regions=["河北省"], levels=["县"], expected=True, per_page=100)
    assert listed.total > 160
    by_id = {one.unit.id: one for page in (1, 2) for one in index.units(regions=["130000"], expected=True, page=page, per_page=100).units}
    assert {year.state for year in by_id["130123"].years if year.year in YEARS} == {State.MISSING}
    held = next(truth for truth in corpus[0] if truth.id == "130102")
    assert {year.year for year in by_id["130102"].years if year.state is State.HELD} == held.held
    assert {year.state for year in by_id["130102"].years if year.year in YEARS} <= {State.HELD, State.MISSING}
    assert State.BEFORE in {year.state for year in index.units(regions=["130102"]).units[0].years} or min(held.held) == YEARS[0]
    assert index.unit("130521", expected=True).years[-1].state is State.ENDED


def test_the_list_is_searched_sorted_and_filtered(index, corpus):
    truths, _ = corpus
    by_place = [one.unit.id for one in index.units(per_page=100).units]
    assert by_place == sorted(by_place, key=lambda id: (id[:6], "-" in id))
    names = [one.unit.name for one in index.units(per_page=100, sort="name").units]
    assert names == sorted(names)
    counts = [one.listed.reports for one in index.units(per_page=100, sort="-reports").units]
    assert counts == sorted((len(truth.reports) for truth in truths), reverse=True)
    pages = [[one.unit.id for one in index.units(page=page, per_page=25).units] for page in (1, 2, 3, 4)]
    assert [id for page in pages for id in page] == by_place
    assert [len(page) for page in pages] == [25, 25, 10, 0]
    assert {one.unit.id for one in index.units("海州区").units} == {"210902", "320706"}
    assert {one.unit.id for one in index.units("辽宁 海州").units} == {"210902"}
    assert {one.unit.id for one in index.units(regions=["辽宁省"], per_page=100).units} == {t.id for t in truths if t.id[:2] == "21"}
    departments = index.units(levels=["部门"], per_page=100)
    assert {one.unit.id for one in departments.units} == {truth.id for truth in truths if "-" in truth.id}
    assert index.units("没有").total == index.units(regions=["540000"], levels=["省"]).total == 0
    with pytest.raises(InvalidRequest, match="size"):
        index.units(sort="size")
    with pytest.raises(InvalidRequest):
        index.units(levels=["镇"])


def test_only_annual_reports_are_held_and_nothing_is_lost(make_index):
    def report(id, issuer, year, type=ReportType.REPORT):
        made = Report.from_blocks(id=id, title=f"{issuer}报告", issuer=issuer, year=year, blocks=[((), "依法行政。")])
        return replace(made, type=type)

    index = make_index(
        [
            report("a", "彰武县工商局", 2016),
            report("b", "彰武县工商局", 2018, ReportType.PLAN),
            report("c", "彰武县工商局", None),
            report("d", "彰武县市场监督管理局", 2020),
            report("e", "青石县", 2020),
        ]
    )
    before, after = index.unit("210922-工商行政管理局"), index.unit("210922-市场监督管理局")
    assert [(year.year, year.state, [one.id for one in year.reports]) for year in before.years][:5] == [
        (2016, State.HELD, ["a"]),
        (2017, State.MISSING, []),
        (2018, State.MISSING, []),
        (2019, State.ENDED, []),
        (2020, State.ENDED, []),
    ]
    assert sorted(one.id for one in before.others) == ["b", "c"]
    assert (before.successors, after.predecessors) == ((after.unit,), (before.unit,))
    assert (before.predecessors, after.successors) == ((), ())
    # Of no known place, and named by its reports alone.
    unknown = index.units("青石").units[0]
    assert (unknown.unit.name, unknown.listed.region, unknown.listed.level) == ("青石县人民政府", None, "县")
    assert index.unit(unknown.unit.id) == unknown
    assert index.units(regions=[None]).units == [unknown]
    # A government of the table without a report is a unit; a department without one is none.
    assert index.unit("210921").listed.reports == 0
    assert {year.state for year in index.unit("210921").years} == {State.BEFORE}
    for id in ("210921-司法局", "x-0123456789ab", "999999"):
        with pytest.raises(NotFound):
            index.unit(id)


def test_units_are_named_in_what_is_understood_of_a_query(make_index):
    index = make_index(
        [
            Report.from_blocks(id=f"r{n}", title="报告", issuer=issuer, year=2022, blocks=[((), "行政复议一件。")])
            for n, issuer in enumerate(["彰武县司法局", "彰武县", "海州区司法局"])
        ]
    )
    (offered,) = index.understood(SearchRequest("彰武县司法局 行政复议"))
    assert (offered.values, offered.total) == ({"unit": "210922-司法局"}, 1)
