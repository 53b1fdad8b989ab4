"""What is found in drafts of reports of others."""

import pytest

from indexer import Report, fold
from indexer.drafts import Background, Copy, EndedIn, check
from indexer.search.beside_drafts import BesideDrafts
from tests.scan import ScanEngine

RULE = "殡葬管理办法"


def said(place, year, line, number=""):
    title = f"{place}{year}年法治政府建设情况报告"
    return Report.from_blocks(id=f"{place}{year}{number}", title=title, year=year, issuer=place, blocks=[((), line)])


def test_what_everybody_says_or_the_unit_itself_is_nobody_elses():
    sentence = "全面落实行政执法公示、执法全过程记录和重大执法决定法制审核制度。"
    places = ["彰武县", "法库县", "昌图县", "建平县", "康平县", "兴城市"]

    def made(place, year):
        blocks = [((), sentence)]
        return Report.from_blocks(id=f"{place}{year}", title=f"{place}{year}年法治政府建设情况报告", year=year, issuer=place, blocks=blocks)

    def found(*held):
        draft = made("彰武县", 2024)
        beside = BesideDrafts(ScanEngine([made(place, 2022) for place in held]), draft.unit.id)
        return [
            dict(one.values) for one in check(draft, Background(draft.unit, copies_of=beside.copies_of)) if one.code == "other-unit-same"
        ]

    [one] = found("法库县", "昌图县")
    assert (one["copied"], one["sentences"], one["share"], one["unit"]) == (1, 1, 100, "昌图县人民政府")
    assert found("法库县", "彰武县") == []
    assert found(*places[1:]) == []
    assert found() == []


def ended(*held, year=2023, unit="210922"):
    return BesideDrafts(ScanEngine(held), unit).ended_in(RULE, year)


def test_a_rule_was_ended_where_the_own_unit_or_three_others_said_so_before():
    line = f"废止《{RULE}》。"
    own, same_year = said("彰武县", 2021, line), said("彰武县", 2023, line)
    assert ended(own) == EndedIn(2021, own.title, 0)
    assert ended(own, same_year) == EndedIn(2021, own.title, 0)
    assert ended(same_year) is None
    assert ended(own, said("法库县", 2020, line)) == EndedIn(2020, "法库县2020年法治政府建设情况报告", 1)
    others = [said("法库县", 2022, line), said("昌图县", 2020, line), said("康平县", 2021, line)]
    assert ended(*others) == EndedIn(2020, "昌图县2020年法治政府建设情况报告", 2)
    assert ended(*others[:2], said("昌图县", 2021, line)) is None
    assert ended(*others, year=2022) is None
    assert ended(*others, unit=None) is not None
    assert ended(said("法库县", None, line), *others[:2]) is None


@pytest.mark.parametrize(
    ("line", "is_ended"),
    [
        (f"废止《{RULE}》。", True),
        (f"废止了《{RULE}》等3件。", True),
        (f"废止《甲办法》（2019年）、《乙办法》和《{RULE}》。", True),
        (f"《{RULE}》同时废止。", True),
        (f"《{RULE}》、《甲办法》（2019年）予以废止。", True),
        (f"《{RULE}》施行。废止《甲办法》。", False),
        (f"废止《甲办法》。修订《{RULE}》。", False),
        (f"废止文件5件，公布《{RULE}实施细则》；《{RULE}》有效。", False),
    ],
)
def test_how_it_is_said_that_a_rule_was_ended(line, is_ended):
    assert (ended(said("彰武县", 2021, line)) is not None) == is_ended


def test_a_copy_is_of_the_newest_report_of_another_unit():
    sentence = fold("全面落实行政执法公示、执法全过程记录和重大执法决定法制审核制度。")
    held = [said(place, year, sentence) for place, year in (("法库县", 2020), ("法库县", 2022), ("昌图县", 2021))]
    nameless = Report.from_blocks(id="nameless", title="某报告", year=2023, blocks=[((), sentence)])
    assert nameless.unit is None
    right = Copy("法库县人民政府", "法库县2022年法治政府建设情况报告")
    assert BesideDrafts(ScanEngine(held), "210922").copies_of([sentence]) == {sentence: right}
    assert BesideDrafts(ScanEngine([*held, nameless]), "210922").copies_of([sentence]) == {sentence: right}
    assert BesideDrafts(ScanEngine([nameless]), None).copies_of([sentence]) == {}
    assert BesideDrafts(ScanEngine(held), "211224").copies_of([sentence]) == {}
    # Five have it in common.
    places = ["法库县", "昌图县", "建平县", "康平县", "兴城市"]
    for count, is_found in ((4, True), (5, False)):
        beside = BesideDrafts(ScanEngine([said(place, 2020, sentence) for place in places[:count]]), None)
        assert (sentence in beside.copies_of([sentence])) == is_found
