import pytest

from indexer.errors import InvalidRequest
from indexer.regions import find_region, place_in, region_of_code


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


@pytest.mark.parametrize("text", ["东泽旗", "云溪自治县交通运输局", "北渡镇人民政府", "司法局", "", "鼓楼区司法局"])
def test_invented_and_ambiguous_places_are_none(text):
    assert place_in(text) is None


def test_a_place_knows_what_is_above_it():
    assert region_of_code("210921").path == ("辽宁省", "阜新市", "阜新蒙古族自治县")
    assert region_of_code("110108").path == ("北京市", "海淀区")
    assert region_of_code("999999") is None


def test_a_name_of_several_places_names_them():
    with pytest.raises(InvalidRequest, match=r"有 4 个.*320106"):
        find_region("鼓楼区")
