"""Whose reports belong together: units by all the names that titles and pages give them."""

from dataclasses import replace

import pytest

from indexer import Report
from indexer.organs import organ_name, organs_after, organs_before
from indexer.places import region_of_code
from indexer.units import Unit, read_unit, unit_of, unit_of_id

FUXIN = "210921"
GOVERNMENT = Unit(FUXIN, "阜新蒙古族自治县人民政府")


@pytest.mark.parametrize(
    "issuer",
    [
        "阜新蒙古族自治县",
        "阜新蒙古族自治县人民政府",
        "阜蒙县",
        "阜蒙县政府",
        "阜新 蒙古族自治县",
        "中共阜新蒙古族自治县委 阜新蒙古族自治县人民政府",
        "中共阜新蒙古族自治县委、阜新蒙古族自治县人民政府",
        "中共阜蒙县委、县政府",
        "中共阜新蒙古族自治县委员会",
        "辽宁省阜新市阜新蒙古族自治县人民政府",
        "中共阜新蒙古族自治县委全面依法治县委员会",
        "阜新蒙古族自治县法治政府建设工作领导小组",
        "阜新蒙古族自治縣人民政府",
    ],
)
def test_a_government_is_one_unit_by_all_its_names(issuer):
    assert unit_of(issuer, f"{issuer}2022年法治政府建设工作报告") == GOVERNMENT


@pytest.mark.parametrize(
    ("office", "id"),
    [
        ("阜新蒙古族自治县人民政府办公室", "210921-人民政府办公室"),
        ("阜蒙县政府办", "210921-人民政府办公室"),
        ("中共阜新蒙古族自治县委办公室", "210921-党委办公室"),
        ("中共阜新蒙古族自治县委全面依法治县委员会办公室", "210921-委全面依法治县委员会办公室"),
    ],
)
def test_an_office_speaks_for_its_government_unless_the_title_names_it(office, id):
    assert unit_of(office, "2022年法治政府建设工作报告") == GOVERNMENT
    assert unit_of(office, f"{office}2022年法治政府建设工作报告").id == id


@pytest.mark.parametrize(
    ("issuer", "region", "id", "name"),
    [
        ("阜新蒙古族自治县司法局", None, "210921-司法局", "阜新蒙古族自治县司法局"),
        ("县司法局", "210922", "210922-司法局", "彰武县司法局"),
        ("司法局", "210922", "210922-司法局", "彰武县司法局"),
        ("我县司法局", "210922", "210922-司法局", "彰武县司法局"),
        ("市司法局", "210922", "210900-司法局", "阜新市司法局"),
        ("区卫生健康委", "210902", "210902-卫生健康委员会", "海州区卫生健康委员会"),
        ("区卫健委", "210902", "210902-卫生健康委员会", "海州区卫生健康委员会"),
        ("市城乡规划局", "210922", "210900-城乡规划局", "阜新市城乡规划局"),
        ("市市场监管局", "210922", "210900-市场监督管理局", "阜新市市场监督管理局"),
        ("国家税务总局彰武县税务局", None, "210922-税务局", "彰武县税务局"),
        ("彰武县市场监督管理局（知识产权局）", None, "210922-市场监督管理局", "彰武县市场监督管理局"),
        ("阜新市公安局城区分局", None, "210900-公安局城区分局", "阜新市公安局城区分局"),
        ("阜新高新技术产业开发区管委会", "210900", "210900-高新技术产业开发区管理委员会", "阜新市高新技术产业开发区管理委员会"),
        ("我县", "210922", "210922", "彰武县人民政府"),
        ("县政府", "210922", "210922", "彰武县人民政府"),
        (None, "210922", "210922", "彰武县人民政府"),
    ],
)
def test_a_department_is_one_under_its_place(issuer, region, id, name):
    assert unit_of(issuer, "2022年法治政府建设工作报告", region_of_code(region) if region else None) == Unit(id, name)


@pytest.mark.parametrize(("region", "id"), [("210902", "210902"), ("210900", "210902"), ("320706", "320706"), ("320700", "320706")])
def test_of_places_with_one_name_that_of_the_page_is_meant(region, id):
    assert unit_of("海州区人民政府", "", region_of_code(region)).id == id
    assert unit_of("海州区司法局", "", region_of_code(region)).id == f"{id}-司法局"


def test_what_nothing_places_has_an_id_of_its_own():
    names = ["青石县", "青石县人民政府", "中共青石县委 青石县人民政府", "阜新市青石县政府"]
    units = {unit_of(name, name) for name in names}
    assert [(unit.id[:2], unit.name, unit.place) for unit in units] == [("x-", "青石县人民政府", None)]
    assert unit_of("青石县水利局").name == "青石县水利局"
    assert unit_of("青石县水利局").id != unit_of("青石县水务局").id
    assert unit_of("某1县人民政府", "", region_of_code(FUXIN)) == GOVERNMENT
    assert unit_of("某1县").name == "某1县人民政府"
    # The other 海州区 is not this one, so it is neither.
    assert unit_of("海州区人民政府").id.startswith("x-")


def test_the_title_says_who_is_meant_by_our_bureau():
    assert unit_of("我局", "关于彰武县司法局2022年度法治政府建设情况的报告").id == "210922-司法局"
    assert unit_of(None, "2022年彰武县法治政府建设工作报告").id == "210922"
    assert unit_of("我局", "2022年法治政府建设工作报告") is None
    assert unit_of(None, "法治政府建设工作报告") is None


def test_levels_follow_from_units():
    found = {
        issuer: unit_of(issuer, issuer).level
        for issuer in (
            "辽宁省人民政府",
            "阜新市",
            "彰武县",
            "彰武县司法局",
            "青石县",
            "青石县水利局",
            "青石县大石镇",
            "彰武县人民政府办公室",
        )
    }
    assert [*found.values()] == ["省", "市", "县", "部门", "县", "部门", "乡镇", "部门"]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("卫健委", "卫生健康委员会"),
        ("人力资源社会保障局", "人力资源和社会保障局"),
        ("发改局", "发展和改革局"),
        ("工商局", "工商行政管理局"),
        ("残联", "残疾人联合会"),
        ("水利局", "水利局"),
        ("老干部局", "老干部局"),
        ("管委会", "管理委员会"),
    ],
)
def test_one_spelling_of_a_department(written, name):
    assert organ_name(written) == name
    assert organ_name(name) == name


def test_reforms_link_departments_and_do_not_merge_them():
    assert organs_after("工商行政管理局")[0] == "市场监督管理局"
    assert "卫生健康局" in organs_after("卫生和计划生育委员会")
    assert "环境保护局" in organs_before("生态环境局")
    assert organs_after("人民政府法制办公室") == ["司法局", "司法厅"]
    assert organs_after("公安局") == organs_before("公安局") == []
    assert unit_of("彰武县工商局").id != unit_of("彰武县市场监管局").id


def test_each_step_of_a_reform_leads_back():
    for organ in ("国土资源局", "环境保护厅", "安全生产监督管理局", "人口和计划生育委员会", "扶贫开发办公室", "农业委员会"):
        assert all(organ in organs_before(after) for after in organs_after(organ)), organ


def test_reports_from_blocks_have_units_and_levels():
    report = Report.from_blocks(title="2022年报告", issuer="彰武县司法局", blocks=[((), "依法行政。")])
    assert (report.unit, report.level) == (Unit("210922-司法局", "彰武县司法局"), "部门")
    assert Report.from_blocks(title="2022年报告", blocks=[((), "依法行政。")]).unit is None


def test_a_unit_is_read_from_its_id_or_its_name():
    assert read_unit("210922-司法局") == read_unit("彰武县司法局") == Unit("210922-司法局", "彰武县司法局")
    assert read_unit("阜蒙县") == read_unit(FUXIN) == GOVERNMENT
    assert replace(read_unit("x-0123456789ab"), name="") == Unit("x-0123456789ab", "")
    with pytest.raises(ValueError, match="whole name"):
        read_unit("我局")


@pytest.mark.parametrize(
    ("code", "issuer"),
    [("130103", "桥东区人民政府"), ("341400", "巢湖市人民政府"), ("210922115", "大冷镇人民政府"), ("320706", "海州区人民政府")],
)
def test_the_page_s_place_and_the_year_say_which_place_is_meant(code, issuer):
    assert unit_of(issuer, f"{issuer}2010年法治政府建设情况报告", region_of_code(code), 2010).id == code


@pytest.mark.parametrize("issuer", ["大兴安岭地区行政公署", "大兴安岭地区行署", "大兴安岭地区"])
def test_the_government_of_a_prefecture_is_called_an_office(issuer):
    unit = unit_of(issuer)
    assert (unit.id, unit.name, unit.level) == ("232700", "大兴安岭地区行政公署", "市")


def test_an_id_as_long_as_no_department_s_names_none():
    assert unit_of_id("210921-" + "局" * 100) is not None
    assert unit_of_id("210921-" + "局" * 101) is None
