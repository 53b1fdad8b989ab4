"""What an index knows beside a draft: last year's report, names of rules, what the unit is called."""

import random

import pytest

from indexer import NotFound, Report, build_index, open_index
from tests.indexer.drafts.made import Maker

LAST = [
    (("一、主要举措和成效",), "贯彻《重大行政决策程序暂行条例》，审查规范性文件78件。"),
    (("二、下一步工作安排",), "一是建设法治文化公园。二是完善行政复议听证制度。"),
]
NOW = [
    (("一、主要举措和成效",), "贯彻《重大行政决策程序暂行条列》，审查规范性文件78件。完善行政复议听证制度，听证12次。"),
    (("二、2024年工作安排",), "2024年，我县将继续加强执法监督。"),
]


def report(id, place, year, blocks):
    return Report.from_blocks(id=id, title=f"{place}{year}年法治政府建设情况报告", year=year, issuer=place, blocks=blocks)


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    place = tmp_path_factory.mktemp("drafts") / "index"
    others = [report(f"o{number}", other, 2022, LAST[:1]) for number, other in enumerate(["法库县", "昌图县", "康平县"])]
    build_index(place, [report("last", "彰武县", 2022, LAST), *others])
    with open_index(place) as index:
        yield index


def codes(found):
    return {one.code for one in found if one.code != "content-missing"}


def test_a_draft_is_held_against_last_years_report_and_what_others_name(index):
    draft = report("draft", "彰武县", 2023, NOW)
    found = index.check(draft)
    assert codes(found) == {"instrument-slip", "figure-same", "promise-not-met"}
    values = {one.code: dict(one.values) for one in found}
    assert values["instrument-slip"]["name"] == "重大行政决策程序暂行条例"
    assert values["promise-not-met"]["planned"] == "一是建设法治文化公园。"
    assert codes(index.check(draft, without=["figure-same", "promise-not-met"])) == {"instrument-slip"}
    assert index.stats.reports == 4


def test_the_edition_that_three_reports_name_is_known(tmp_path):
    newer = [((), "贯彻《法治政府建设实施纲要（2021—2025年）》。")]
    places = ["法库县", "昌图县", "康平县"]
    build_index(tmp_path / "index", [report(f"o{number}", other, 2022, newer) for number, other in enumerate(places)])
    draft = report("draft", "彰武县", 2023, [((), "贯彻《法治政府建设实施纲要（2015—2020年）》。")])
    with open_index(tmp_path / "index") as index:
        [one] = [one for one in index.check(draft) if one.code.startswith("instrument-")]
    assert (one.code, dict(one.values)["newer"], dict(one.values)["count"]) == (
        "instrument-older",
        "法治政府建设实施纲要（2021—2025年）",
        3,
    )


def test_of_another_year_or_unit_there_is_no_last_report(index):
    assert codes(index.check(report("draft", "彰武县", 2024, NOW[:1]))) == {"instrument-slip"}
    other = index.check(report("draft", "彰武县", 2023, NOW), unit="210124", year=2023)
    assert codes(other) == {"instrument-slip", "unit-other", "figure-same"}


def test_the_year_may_be_given(index):
    found = index.check(report("draft", "彰武县", 2022, NOW), year=2023)
    assert "year-left-over" in codes(found)
    assert "promise-not-met" in codes(found)


def test_there_must_be_such_a_unit(index):
    with pytest.raises(NotFound):
        index.check(report("draft", "彰武县", 2023, NOW), unit="999999")


def test_made_drafts_are_read_as_they_were_made():
    draft = Maker(random.Random(3)).draft()
    read = draft.report()
    assert (read.year, read.unit is not None, read.lacking) == (draft.year, True, ())
