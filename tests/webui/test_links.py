import pytest

from indexer import FILTERS, FacetCount, Report, SearchRequest, texts
from webui.links import (
    MORE,
    SHOWN,
    chips,
    cleared,
    contains,
    facet_links,
    named_filters,
    page_links,
    passage_url,
    place_name,
    place_path,
    places_in_view,
    unit_name,
    whose,
)

PLACES = [
    FacetCount("210000", 9, "辽宁省"),
    FacetCount("210900", 6, "阜新市"),
    FacetCount("210921", 5, "阜新蒙古族自治县"),
    FacetCount("110000", 4, "北京市"),
    FacetCount("110105", 4, "朝阳区"),
    FacetCount("211300", 3, "朝阳市"),
    FacetCount(None, 2),
]


def seen(chosen):
    return [(count.label, depth) for count, depth in places_in_view(PLACES, chosen)]


def test_places_below_stand_under_the_chosen_one_alone():
    assert seen([]) == [("辽宁省", 0), ("北京市", 0), (None, 0)]
    assert seen(["110000"]) == [("辽宁省", 0), ("北京市", 0), ("朝阳区", 1), (None, 0)]
    assert seen(["210900"]) == [("辽宁省", 0), ("阜新市", 1), ("阜新蒙古族自治县", 2), ("朝阳市", 1), ("北京市", 0), (None, 0)]
    assert seen(["阜新市"]) == seen(["210900"])


def test_an_only_place_is_open():
    assert [count.label for count, _ in places_in_view(PLACES[:3], [])] == ["辽宁省", "阜新市", "阜新蒙古族自治县"]


def test_a_place_contains_itself_and_those_below():
    assert [contains("210000", code) for code in ("210000", "210921", "110105")] == [True, True, False]
    assert [contains("210900", code) for code in ("210000", "210921", "211300")] == [False, True, False]


def changes(wanted, text):
    (facet,) = facet_links(wanted, {"region": PLACES})
    return next(link.changes["regions"] for link in facet.shown if link.text == text)


def test_choosing_a_city_lets_go_of_its_province():
    assert changes(SearchRequest.of("法治", regions=("210000", "110000")), "阜新市") == ("110000", "210900")
    assert changes(SearchRequest.of("法治", regions=("210900",)), "辽宁省") == ("210000",)
    assert changes(SearchRequest.of("法治", regions=("210900", None)), "阜新市") == (None,)
    assert changes(SearchRequest.of("法治", regions=("阜新市",)), "阜新市") == ()


def test_a_place_is_chosen_by_whatever_it_is_called():
    request = SearchRequest.of("法治", regions=("辽宁", "２１０９００", "阜蒙县"))
    (facet,) = facet_links(request, {"region": PLACES})
    assert [link.text for link in facet.shown if link.chosen] == ["辽宁省", "阜新市", "阜新蒙古族自治县"]
    assert [chip.text for chip in chips(request, {})] == ["地区：辽宁省", "地区：阜新市", "地区：阜新蒙古族自治县"]
    assert [chip.text for chip in chips(SearchRequest.of("法治", regions=("无此地",)), {})] == ["地区：无此地"]


def test_towns_stand_under_their_county_alone():
    places = [
        FacetCount("210922", 9, "彰武县"),
        FacetCount("210922100", 5, "彰武镇"),
        FacetCount("210922115", 4, "大冷镇"),
        FacetCount("210921", 3, "阜新蒙古族自治县"),
    ]
    assert [(count.label, depth) for count, depth in places_in_view(places, ["彰武镇"])] == [
        ("彰武县", 0),
        ("彰武镇", 1),
        ("大冷镇", 1),
        ("阜新蒙古族自治县", 0),
    ]
    assert not contains("210922100", "210922115")
    assert contains("210922", "210922100")


def test_many_values_are_a_click_away_and_counted():
    counts = [FacetCount(f"某{number}县", 100 - number) for number in range(100)]
    (facet,) = facet_links(SearchRequest.of("法治", issuers=("某99县",)), {"issuer": counts})
    assert [len(facet.shown), len(facet.more), facet.left] == [SHOWN + 1, MORE, 100 - SHOWN - 1 - MORE]
    assert facet.shown[0].chosen
    (facet,) = facet_links(SearchRequest.of("法治"), {"issuer": counts})
    assert [len(facet.shown), len(facet.more), facet.left] == [SHOWN, MORE, 100 - SHOWN - MORE]
    assert [link.text for link in facet.shown + facet.more] == [f"某{number}县" for number in range(SHOWN + MORE)]


@pytest.mark.parametrize(
    ("facet", "values", "is_listed"),
    [
        ("year", [2020], True),
        ("kind", ["paragraph"], True),
        ("section", [None], True),
        ("type", ["report"], False),
        ("type", ["report", "plan"], True),
        ("type", [], False),
        ("indicator", ["公证"], False),
        ("indicator", ["公证", "行政复议受理"], True),
        ("indicator", ["公证", None], False),
    ],
)
def test_what_could_narrow_nothing_is_not_listed(facet, values, is_listed):
    found = facet_links(SearchRequest("法治"), {facet: [FacetCount(value, 3) for value in values]})
    assert bool(found) == is_listed
    # What is chosen can be taken away.
    assert len(facet_links(SearchRequest.of("法治", **{FILTERS[facet].plural: values}), {facet: []})) == bool(values)


def test_units_are_looked_for_by_name_and_those_that_are_chosen_stay():
    units = [FacetCount("210922", 9, "彰武县人民政府"), FacetCount("210922-司法局", 5, "彰武县司法局"), FacetCount(None, 2)]
    (found,) = facet_links(SearchRequest("法治"), {"unit": units}, "司法")
    assert [link.text for link in found.shown] == ["彰武县司法局"]
    (found,) = facet_links(SearchRequest.of("法治", units=["210922"]), {"unit": units}, "司法")
    assert [(link.text, link.chosen) for link in found.shown] == [("彰武县人民政府", True), ("彰武县司法局", False)]
    (found,) = facet_links(SearchRequest("法治"), {"unit": units}, "没有")
    assert (found.name, found.label, found.shown, found.left) == ("unit", "报告单位", [], 0)


def test_years_stand_newest_first_and_unknown_last():
    counts = [FacetCount(None, 9), *(FacetCount(year, 1) for year in (2019, 2023, *range(1990, 2010)))]
    (found,) = facet_links(SearchRequest("法治"), {"year": counts})
    assert [link.changes["years"] for link in found.shown] == [(year,) for year in (2023, 2019, *range(2009, 1989, -1), None)]


def test_a_chip_takes_its_filter_away():
    wanted = SearchRequest.of(
        "法治", years=[2020, None], regions=["210922"], kinds=["paragraph"], year_from=2018, same="a~1", sentence="0" * 12, novelty="own"
    )
    found = {chip.text: wanted.changed(**chip.changes) for chip in chips(wanted, {"region": [FacetCount("210922", 3, "彰武县")]})}
    assert found == {
        "报告年度：2020": wanted.changed(years=(None,)),
        "报告年度：未标明": wanted.changed(years=(2020,)),
        "地区：彰武县": wanted.changed(regions=()),
        "段落：正文": wanted.changed(kinds=()),
        "相同的段落": wanted.changed(same=None, collapse=True),
        "同一句的各处": wanted.changed(sentence=None),
        "只看本单位表述": wanted.changed(novelty="all"),
        "2018 年起": wanted.changed(year_from=None),
    }
    assert [chip.text for chip in chips(SearchRequest.of("法", year_to=2020), {})] == ["2020 年止"]
    assert [chip.text for chip in chips(SearchRequest.of("法", year_from=2018, year_to=2020), {})] == ["2018–2020 年"]
    named = named_filters(wanted)
    assert [(name, value) for name, value, _ in named] == [
        ("year", "2020"), ("year", "unknown"), ("region", "210922"), ("kind", "paragraph"), ("same", "a~1"), ("sentence", "0" * 12),
        ("novelty", "own"),
    ]  # fmt: skip
    assert [text for *_, text in named] == [chip.text for chip in chips(wanted.changed(year_from=None), {})]


def test_a_filter_is_cleared_whole():
    assert cleared("year") == {"years": (), "year_from": None, "year_to": None}
    assert cleared("region") == {"regions": ()}


def test_places_and_units_are_called_in_latin_letters_too_where_english_is_spoken():
    report = Report.from_blocks(title="题", issuer="彰武县人民政府", region="210922", blocks=[])
    named = (place_name("210922", "彰武县"), unit_name("210922", "彰武县人民政府"), whose(report), place_path(report.region))
    assert named == ("彰武县", "彰武县人民政府", "彰武县人民政府", "辽宁省 › 阜新市 › 彰武县")
    with texts.speaking(texts.ENGLISH):
        assert place_name("210922", "彰武县") == "Zhangwu County 彰武县"
        assert unit_name("210922", "彰武县人民政府") == whose(report) == "Zhangwu County 彰武县人民政府"
        assert place_path(report.region).endswith(" › Zhangwu County 彰武县")
        assert whose(Report.from_blocks(title="题", issuer="某局", blocks=[])) == "某局"
    assert whose(Report.from_blocks(title="题", blocks=[])) == "题"


def test_a_passage_is_read_in_its_report():
    assert passage_url("a b", "1.2.p3") == "/reports/a%20b#1.2.p3"
    assert passage_url("a", "t", "q=%E6%B3%95") == "/reports/a?q=%E6%B3%95#t"


def test_page_numbers_leave_out_the_middle():
    assert page_links(1, 1) == []
    assert page_links(1, 3) == [1, 2, 3]
    assert page_links(9, 20) == [1, None, 7, 8, 9, 10, 11, None, 20]
    assert page_links(99, 5) == [1, None, 5]


@pytest.mark.parametrize(
    ("facet", "chosen", "counts"),
    [
        ("issuer", "某99县", [FacetCount(f"某{number}县", 100 - number) for number in range(100)]),
        ("issuer", "没有的县", [FacetCount("某县", 3)]),
        ("type", "plan", [FacetCount("report", 5)]),
        ("year", 2015, [FacetCount(2023, 5), FacetCount(2022, 4)]),
        ("region", "210921", [FacetCount("130000", 9, "河北省"), FacetCount("130100", 9, "石家庄市")]),
        ("region", "彰武县", [FacetCount("130000", 9), FacetCount("210000", 2), FacetCount("210900", 2), FacetCount("210922", 2)]),
        ("unit", "210922-司法局", [FacetCount("210921", 9, "阜新蒙古族自治县人民政府")]),
    ],
)
def test_a_chosen_value_stands_first_and_ticked_whether_anything_has_it(facet, chosen, counts):
    wanted = SearchRequest.of("法治", **{FILTERS[facet].plural: (chosen,)})
    (found,) = facet_links(wanted, {facet: counts})
    assert [link.chosen for link in found.shown] == [True, *[False] * (len(found.shown) - 1)]
    assert found.shown[0].depth == 0
    assert found.shown[0].changes == {FILTERS[facet].plural: ()}
    held = {count.value for count in counts}
    values = {FILTERS[facet].value_of(chosen) if isinstance(chosen, str) else chosen}
    assert len(found.shown) + len(found.more) + found.left <= len(held | values)
    if not held & values:
        assert found.shown[0].count == 0


def test_what_lies_in_a_chosen_place_stands_below_it():
    codes = {"130000": 9, "210000": 5, "210900": 3, "210921": 2, "210922": 1, "210100": 2}
    wanted = SearchRequest.of("法治", regions=("210900",))
    (found,) = facet_links(wanted, {"region": [FacetCount(code, count) for code, count in codes.items()]})
    shown = [(link.count, link.depth) for link in found.shown]
    assert shown[:3] == [(3, 0), (2, 1), (1, 1)]
    assert {(9, 0), (5, 0), (2, 1)} <= set(shown[3:])


def test_chosen_values_are_folded_once_and_not_for_each_value_listed(monkeypatch):
    folded = []
    monkeypatch.setattr("webui.links.fold", lambda text: folded.append(text) or text)
    chosen = tuple(f"《办法{number}》" for number in range(20))
    counts = [FacetCount(f"《规定{number}》", 1) for number in range(200)]
    facet_links(SearchRequest.of("法治", instruments=chosen), {"instrument": counts})
    assert len(folded) <= 3 * (len(chosen) + len(counts))
