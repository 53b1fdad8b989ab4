import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import InvalidRequest
from indexer.outline import plain
from indexer.places import bare_name, find_region, names, names_of, place_in, places_in, region_of_code, short_names


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("阜蒙县司法局", "210921"),
        ("阜新蒙古族自治县", "210921"),
        ("辽宁省阜新市阜蒙县", "210921"),
        ("阜新市人民政府", "210900"),
        ("延边州司法局", "222400"),
        ("恩施土家族苗族自治州", "422800"),
        ("前郭县人民政府", "220721"),
        ("南京市鼓楼区人民政府", "320106"),
        ("北京市海淀区", "110108"),
        ("广西壮族自治区", "450000"),
    ],
)
def test_a_text_begins_with_a_place(text, code):
    assert place_in(text).code == code


def test_whatever_is_read_as_a_place_begins_as_a_name_does():
    written = set(names._by_name())
    for places in names._by_name().values():
        written |= {above for place in places for level in names._names_above(place) for above in level if len(above) > 1}
    assert len(written) > 4_000
    assert {name[:2] for name in written} == names._starts()


@pytest.mark.parametrize("text", ["东泽旗", "云溪自治县交通运输局", "北渡镇人民政府", "司法局", "", "鼓楼区司法局"])
def test_invented_and_ambiguous_places_are_none(text):
    assert place_in(text) is None


@pytest.mark.parametrize(
    ("name", "bare"),
    [("万柏林区", "万柏林"), ("清新区", "清新"), ("碑林区", "碑林"), ("浦东新区", "浦东"), ("神农架林区", "神农架"), ("六枝特区", "六枝"),
     ("井陉矿区", "井陉"), ("管城回族区", "管城"), ("涉县", "涉县"), ("广西壮族自治区", "广西")],
)  # fmt: skip
def test_a_name_without_its_kind(name, bare):
    assert bare_name(name) == bare


def test_a_place_knows_what_is_above_it():
    assert region_of_code("210921").path == ("辽宁省", "阜新市", "阜新蒙古族自治县")
    assert region_of_code("110108").path == ("北京市", "海淀区")
    assert region_of_code("999999") is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("科左中旗人民政府", "150521"),
        ("东乌旗人民政府", "152525"),
        ("喀左县司法局", "211324"),
        ("聊城临清市人民政府", "371581"),
        ("山东聊城市临清市", "371581"),
        ("乾县人民政府", "610424"),
        ("乾安縣人民政府", "220723"),
        ("湘西州人民政府", "433100"),
        ("襄樊市人民政府", "420600"),
        ("大同市南郊区人民政府", "140211"),
    ],
)
def test_short_and_former_names_are_known(text, code):
    assert place_in(text).code == code


@pytest.mark.parametrize("text", ["城区人民政府", "郊区水务局", "矿区政府"])
def test_what_is_part_of_many_cities_says_nothing_alone(text):
    assert place_in(text, 2010) is None
    assert place_in(text) is None


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ("辽宁", "210000"),
        ("吉林", "220000"),
        ("阜新", "210900"),
        ("延边", "222400"),
        ("内蒙古", "150000"),
        ("香港", "810000"),
        ("２１０９２１", "210921"),
        ("辽宁省 阜新市", "210900"),
        ("阜新蒙古族自治縣", "210921"),
        ("铜仁地区", "520600"),
        ("110103", "110103"),
        ("110102001", "110102001"),
        ("安徽省巢湖市", "341400"),
        ("南通市港闸区", "320611"),
    ],
)
def test_somebody_who_filters_may_write_it_in_many_ways(wanted, code):
    assert find_region(wanted).code == code


@pytest.mark.parametrize("wanted", ["", "省", "石岭县", "210921999", "99", "辽宁省" * 20])
def test_what_is_no_place_is_refused(wanted):
    with pytest.raises(InvalidRequest, match="没有"):
        find_region(wanted)


def test_a_name_of_several_places_names_them():
    with pytest.raises(InvalidRequest, match=r"有 4 个.*320106"):
        find_region("鼓楼区")
    with pytest.raises(InvalidRequest, match="有 4 个"):
        find_region("鼓楼")
    assert len(places_in("鼓楼区人民政府")) == 4


@given(st.text(alphabet="辽宁省阜新市蒙古族自治县海州区大冷镇街道人民政府１2 ", max_size=45), st.none() | st.integers(1970, 2040))
def test_a_place_in_a_text_is_one_it_begins_with(text, year):
    region = place_in(text, year)
    found = places_in(text, year)
    assert (region is not None) == (len(found) == 1)
    for place in found:
        assert place.path[-1] == place.name
        assert any(
            plain(text).startswith(plain(name)[0]) for code in place.codes for own in names_of(code) for name in (own, *short_names(own))
        )
