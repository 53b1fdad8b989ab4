import pytest

from indexer import FILTERS, FacetCount, SearchRequest
from webui.links import MORE, SHOWN, chips, contains, facet_links, page_links, places_in_view

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
