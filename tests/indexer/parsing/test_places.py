import pytest

from indexer.parsing.places import Page, region_of


def found(issuer, *, title="", publisher=None, source=None, address=None, opening="", year=2022):
    region, remark = region_of(issuer, Page(title, publisher, source, address, opening), year)
    return region and region.path, remark and remark.code


HAIZHOU = ("辽宁省", "阜新市", "海州区")


@pytest.mark.parametrize(
    ("page", "said"),
    [
        pytest.param({"title": "阜新市海州区人民政府2022年法治政府建设情况的报告"}, None, id="title"),
        pytest.param({"title": "阜新海州区2022年报告"}, None, id="title_for_short"),
        pytest.param({"publisher": "阜新市司法局"}, "region-from-page", id="publisher"),
        pytest.param({"source": "阜新日报"}, "region-from-page", id="source"),
        pytest.param({"source": "辽宁省人民政府"}, "region-from-page", id="province"),
        pytest.param({"address": "https://www.fuxin.gov.cn/2023/a.html"}, "region-from-host", id="host"),
        pytest.param({"address": "https://fxhz.gov.cn/"}, "region-from-host", id="initials"),
        pytest.param({"opening": "2022年，阜新市海州区坚持依法行政。"}, "region-from-text", id="first_lines"),
        pytest.param({"source": "阜新日报", "opening": "连云港市来访。", "title": "报告"}, "region-from-page", id="the_first_that_decides"),
    ],
)
def test_of_places_that_share_a_name_evidence_decides(page, said):
    assert found("海州区人民政府", **page) == (HAIZHOU, said)


@pytest.mark.parametrize(
    "page",
    [
        {},
        {"source": "海州区人民政府"},
        {"source": "新华网"},
        {"address": "https://www.haizhou.gov.cn/"},
        {"address": "https://www.gov.cn/fx/"},
        {"opening": "坚持依法行政，海州区持续发力。"},
        {"opening": "依法行政。" * 100 + "阜新市"},
    ],
)
def test_what_decides_nothing_leaves_it_open(page):
    region, remark = region_of(
        "海州区人民政府", Page("", page.get("publisher"), page.get("source"), page.get("address"), page.get("opening", "")), 2022
    )
    assert region is None
    assert remark.look
    assert remark.params == {"name": "海州区", "codes": "210902、320706"}


def test_the_year_says_which_places_there_were():
    assert found("桥东区人民政府", year=2022) == (("河北省", "张家口市", "桥东区"), None)
    assert found("桥东区人民政府", year=2012) == (None, "region-open")
    assert found("桥东区人民政府", year=2012, opening="石家庄市桥东区") == (("河北省", "石家庄市", "桥东区"), "region-from-text")
    assert found("巢湖市人民政府", year=2008) == (("安徽省", "巢湖市"), None)


def test_a_town_is_placed_by_what_names_its_county():
    dalengzhen = ("辽宁省", "阜新市", "彰武县", "大冷镇")
    assert found("彰武县大冷镇人民政府") == (dalengzhen, None)
    assert found("大冷镇人民政府", publisher="彰武县人民政府") == (dalengzhen, "region-from-page")
    assert found("大冷镇人民政府", title="彰武县大冷镇2022年报告") == (dalengzhen, None)
    # The only town of this name today; there may have been others.
    assert found("大冷镇人民政府") == (None, "region-open")
    assert found("大冷镇人民政府", source="辽宁省") == (("辽宁省",), None)
    assert found("城关镇人民政府", source="太和县政府网")[0] == ("安徽省", "阜阳市", "太和县", "城关镇")
    assert found("鼓楼区华侨路街道办事处")[0] == ("江苏省", "南京市", "鼓楼区", "华侨路街道")


def test_a_town_that_no_table_has_is_in_its_county():
    assert found("无此镇人民政府", publisher="彰武县人民政府") == (("辽宁省", "阜新市", "彰武县"), None)
    assert found("彰武县无此镇人民政府") == (("辽宁省", "阜新市", "彰武县"), None)


def test_a_street_is_not_placed_by_its_own_name():
    """There is a 海州街道 in 海州区 of 连云港市, and one in 海城市."""
    assert found("海州街道办事处") == (None, "region-open")
    assert found("海州街道办事处", source="连云港市海州区人民政府")[0] == ("江苏省", "连云港市", "海州区", "海州街道")


def test_an_issuer_called_by_its_kind_is_where_the_first_lines_say():
    assert found("县人民政府", opening="2022年，阜新市彰武县坚持") == (("辽宁省", "阜新市", "彰武县"), "region-from-text")
    assert found("市司法局", opening="阜新市彰武县和阜新市") == (("辽宁省", "阜新市"), "region-from-text")
    assert found("县司法局", opening="彰武县和昌图县") == (None, None)
    assert found("县司法局", source="彰武县人民政府", opening="昌图县") == (("辽宁省", "阜新市", "彰武县"), None)
    assert found("石岭县人民政府") == (None, None)
    assert found(None) == (None, None)


@pytest.mark.parametrize(
    ("issuer", "opening", "place"),
    [
        ("省人民政府", "辽宁省和沈阳市", ("辽宁省",)),
        ("市司法局", "沈阳市和辽宁省", ("辽宁省", "沈阳市")),
        ("县司法局", "阜新市彰武县", ("辽宁省", "阜新市", "彰武县")),
        ("县司法局", "鄂温克族自治旗", ("内蒙古自治区", "呼伦贝尔市", "鄂温克族自治旗")),
        ("旗人民政府", "鄂温克族自治旗", ("内蒙古自治区", "呼伦贝尔市", "鄂温克族自治旗")),
        ("旗人民政府", "阜新市彰武县", None),
        ("区司法局", "北京市朝阳区", ("北京市", "朝阳区")),
        ("州人民政府", "黔东南苗族侗族自治州", ("贵州省", "黔东南苗族侗族自治州")),
        ("盟行政公署", "锡林郭勒盟", ("内蒙古自治区", "锡林郭勒盟")),
        ("我县", "彰武县", ("辽宁省", "阜新市", "彰武县")),
        ("本县", "彰武县", ("辽宁省", "阜新市", "彰武县")),
        ("全县", "彰武县", ("辽宁省", "阜新市", "彰武县")),
        ("该县", "彰武县", ("辽宁省", "阜新市", "彰武县")),
    ],
)
def test_each_kind_of_place_is_found_by_its_own_kind(issuer, opening, place):
    assert found(issuer, opening=opening) == (place, "region-from-text" if place else None)


def test_the_only_town_of_its_name_in_a_municipality_needs_evidence_too():
    assert found("潭柘寺镇人民政府") == (None, "region-open")
    assert found("潭柘寺镇人民政府", address="https://www.example.org/") == (None, "region-open")
    assert found("潭柘寺镇人民政府", title="北京市潭柘寺镇报告") == (("北京市", "门头沟区", "潭柘寺镇"), None)


@pytest.mark.parametrize(("before", "said"), [(397, "region-from-text"), (398, "region-open")])
def test_the_first_four_hundred_characters_say_whose_it_is(before, said):
    assert found("海州区人民政府", opening="，" * before + "阜新市")[1] == said


@pytest.mark.parametrize(
    ("host", "city"),
    [
        ("www.lianyungang.gov.cn", "连云港市"),
        ("www.lyg.gov.cn", "连云港市"),
        ("lyghz.gov.cn", "连云港市"),
        ("hz-lyg.gov.cn", "连云港市"),
        ("fuxinhaizhou.gov.cn", "阜新市"),
        ("fx.gov.cn", None),
        ("hz.gov.cn", None),
    ],
)
def test_which_hosts_spell_a_place(host, city):
    place, said = found("海州区人民政府", address=f"https://{host}/a.html")
    assert (place and place[1], said) == (city, "region-from-host" if city else "region-open")
