import random
from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.places import (
    as_of,
    exists,
    find_region,
    governments,
    name_of_code,
    names_of,
    place_in,
    predecessors,
    region_of_code,
    successors,
)
from indexer.places.places_table import TOWNS
from indexer.places.table import FIRST_YEAR, THIS_YEAR, all_versions, place_of_code, region_of_place, town_name, towns_called, versions_of

NAMED = [(version, year) for version in all_versions() for year in sorted({version.since, version.until or THIS_YEAR})]
codes = st.sampled_from(sorted({version.place for version in all_versions()}))
years = st.integers(FIRST_YEAR, THIS_YEAR)


@pytest.mark.parametrize(("version", "year"), random.Random(18).sample(NAMED, 500), ids=lambda value: getattr(value, "code", None))
def test_every_name_of_any_year_is_found_with_its_path(version, year):
    region = region_of_code(version.code, year)
    assert (region.code, region.name) == (version.place, version.name)
    assert place_in("".join(region.path), year) == region
    assert place_in("".join(region.path) + "人民政府", year) == region


@pytest.mark.unmeasured
def test_today_s_places_are_found_by_path_and_code():
    for version, year in NAMED:
        if version.until is None and year == THIS_YEAR:
            assert find_region("".join(region_of_code(version.code).path)) == find_region(version.code) == region_of_code(version.code)


def test_the_table_has_the_places_there_are():
    """As the ministry counts them: 34 provinces, of which three report to nobody here, 333 cities, and the counties."""
    kinds = Counter("省" if code.endswith("0000") else "市" if code.endswith("00") else "县" for code in governments(2024))
    assert kinds == {"省": 31, "市": 333, "县": 2846}
    assert len(governments(2016)) == 3216
    assert set(governments(2010)) - set(governments(2011)) >= {"341400", "310103"}


def test_a_county_that_became_a_district_is_one_place_with_two_names():
    assert names_of("310151") == names_of("310230") == ("崇明区", "崇明县")
    assert region_of_code("310230") == region_of_code("310151")
    assert region_of_code("310151", 2015).path == ("上海市", "崇明县")
    assert region_of_code("310151", 2016).path == ("上海市", "崇明区")
    assert place_in("崇明县人民政府", 2012).code == place_in("崇明区人民政府", 2022).code == "310151"


def test_a_prefecture_that_became_a_city_keeps_what_lies_in_it():
    before, after = region_of_code("520621", 2010), region_of_code("520621", 2011)
    assert before.path == ("贵州省", "铜仁地区", "江口县")
    assert after.path == ("贵州省", "铜仁市", "江口县")
    assert before.codes == after.codes == ("520000", "520600", "520621")
    assert place_in("铜仁市人民政府", 2009).path == ("贵州省", "铜仁地区", "铜仁市")
    assert place_in("铜仁市人民政府", 2012).path == ("贵州省", "铜仁市")
    assert names_of("520602") == ("碧江区", "铜仁市", "铜仁县")


def test_a_code_that_two_places_had_at_once_is_that_of_both():
    """柳江县 and 市郊区 of 柳州市, until 2001; 450206 is 柳江区 today."""
    assert region_of_code("450221", 2015).path == (*region_of_code("450206", 1990).path[:2], "柳江县")
    assert region_of_code("450206", 1990).name == "市郊区"
    assert region_of_code("450206", 2015).name == "柳江县"


def test_a_county_that_went_to_another_city_was_in_the_former_before():
    assert region_of_code("510185", 2015).path == ("四川省", "资阳市", "简阳市")
    assert region_of_code("510185", 2016).path == ("四川省", "成都市", "简阳市")


@pytest.mark.parametrize(
    ("code", "last", "went_to"),
    [
        pytest.param("110103", 2009, ("110101",), id="into_one_that_was_there"),
        pytest.param("320502", 2011, ("320508",), id="into_a_new_one"),
        pytest.param("341400", 2010, ("340100", "340200", "340500"), id="divided"),
        pytest.param("330103", 2020, ("330105",), id="since_the_changes_were_counted_by_hand"),
        pytest.param("500112", 2024, ("500157",), id="last_year"),
    ],
)
def test_a_place_that_is_no_more_keeps_its_code_and_names_its_successors(code, last, went_to):
    assert exists(code, last)
    assert not exists(code, last + 1)
    assert code in governments(last)
    assert code not in governments(last + 1)
    assert set(went_to) <= set(successors(code))
    assert all(code in predecessors(successor) for successor in went_to)
    assert region_of_code(code, THIS_YEAR).code == code


def test_a_place_whose_name_another_took_is_told_by_the_year():
    assert place_in("巢湖市人民政府", 2008).path == ("安徽省", "巢湖市")
    assert place_in("巢湖市人民政府", 2020).path == ("安徽省", "合肥市", "巢湖市")
    assert place_in("桥东区人民政府", 2012) is None
    assert place_in("桥东区人民政府", 2022).path == ("河北省", "张家口市", "桥东区")


def test_a_code_of_an_earlier_year_is_that_of_today_s_place():
    assert region_of_code("522222").code == find_region("522222").code == "520621"
    assert name_of_code("522222") == "江口县"
    assert region_of_code("999999") is None
    assert name_of_code("2109") is None


@given(codes, years)
def test_a_place_is_what_its_path_ends_in(code, year):
    region = region_of_place(code, year)
    assert region.code == region.codes[-1] == code
    assert region.name == region.path[-1]
    assert region.name in names_of(code)
    assert len(region.path) == len(region.codes) == len(set(region.codes))
    assert all(any(version.holds(year) or not exists(code, year) for version in versions_of(above)) for above in region.codes[:-1])
    assert as_of(region, None) == region_of_code(code)


@given(codes, years)
@example("362302", 1990)
def test_what_ended_went_to_places_that_were_there(code, year):
    ended = versions_of(code)[-1].until
    assert (ended is None) <= (successors(code) == ())
    assert all(exists(successor, ended + 1) for successor in successors(code))
    # Another place may have had the code: 362302 was 鹰潭市, which is listed under it, and from 1990 to 1999 德兴市, now 361181.
    listed = not {code, place_of_code(code, year)}.isdisjoint(governments(year))
    assert listed == (exists(code, year) and code[0] not in "78")


def test_towns_and_streets_are_places_below_their_county():
    town = place_in("阜新市彰武县大冷镇人民政府")
    assert town.code == "210922115"
    assert town.path == ("辽宁省", "阜新市", "彰武县", "大冷镇")
    assert town.codes == ("210000", "210900", "210922", "210922115")
    assert town == region_of_code("210922115") == find_region("大冷镇") == find_region("彰武县大冷镇") == find_region("210922115")
    assert place_in("崇文区东花市街道办事处", 2008).codes == ("110000", "110103", "110101013")
    assert place_in("崇明县城桥镇", 2013).path == ("上海市", "崇明县", "城桥镇")
    assert place_in("彰武县无此镇").code == "210922"


def test_a_town_of_a_city_is_found_where_only_one_of_its_counties_has_it():
    assert place_in("阜新市彰武县大冷镇").code == "210922115"
    assert place_in("阜新市大冷镇").code == "210922115"


def test_every_town_is_found_below_its_county():
    """Of names drawn at random; an extension of the Han characters and characters that `plain` changes are among them."""
    names = ["𬇕", "乾"]
    lines = TOWNS.read_text("utf-8").splitlines()
    drawn = random.Random(18).sample(lines, 100) + [line for line in lines if any(char in line for char in names)]
    for code in (code for line in drawn for code in line.split("\t")[1].split()):
        region = region_of_code(code)
        assert region.name == town_name(code)
        assert code in towns_called(region.name)
        assert place_in("".join(region.path)) == region
    assert town_name("000000000") is None
    assert town_name("abcdefghi") is None
