"""Names of bodies: what is one, and which one a clause begins with."""

import pytest

from indexer.parsing.bodies import is_body, leading_body, short_name


@pytest.mark.parametrize(
    ("clause", "name"),
    [
        ("石岭县水利局深入推进法治政府建设", "石岭县水利局"),
        ("石岭县人力资源和社会保障局紧紧围绕区委、区政府中心工作", "石岭县人力资源和社会保障局"),
        ("石岭县城市管理综合行政执法局2022年度", "石岭县城市管理综合行政执法局"),
        ("石岭县坚持以人民为中心", "石岭县"),
        ("石岭县法治政府建设", "石岭县"),
        ("石岭县委、县政府高度重视", "石岭县委、县政府"),
        ("石岭县委全面依法治县委员会办公室认真履职", "石岭县委全面依法治县委员会办公室"),
        ("石岭县推进法治政府建设领导小组办公室", "石岭县推进法治政府建设领导小组办公室"),
        ("中共石岭县委、石岭县人民政府坚持", "中共石岭县委、石岭县人民政府"),
        ("北渡镇党委、政府", "北渡镇党委、政府"),
        ("长滩街道深入贯彻", "长滩街道"),
        ("石岭市青岚区长滩街道办事处", "石岭市青岚区长滩街道办事处"),
        ("石岭高新技术产业开发区管理委员会认真落实", "石岭高新技术产业开发区管理委员会"),
        ("国家税务总局石岭县税务局", "国家税务总局石岭县税务局"),
        ("双江拉祜族佤族布朗族傣族自治县司法局认真", "双江拉祜族佤族布朗族傣族自治县司法局"),
        ("石岭县水利局局长李某", "石岭县水利局"),
        ("石岭市民政局以", "石岭市民政局"),
        ("广州市坚持", "广州市"),
        ("无锡市司法局", "无锡市司法局"),
        ("全州县人民政府", "全州县人民政府"),
        ("和平区司法局认真", "和平区司法局"),
        ("全县上下", None),
        ("在石岭县委的坚强领导下", None),
        ("我县坚持", None),
        ("县水利局深入推进", None),
        ("法治政府建设", None),
    ],
)
def test_the_body_a_clause_begins_with(clause, name):
    assert leading_body(clause) == name


def test_a_name_without_its_place():
    assert short_name("县水利局深入推进") == "县水利局"
    assert short_name("县委、县政府") is None


@pytest.mark.parametrize("name", ["石岭县", "县司法局", "司法局", "北渡镇", "石岭街道办", "市政府", "新疆生产建设兵团", "石岭县残疾人联合会", "县委依法治县办", "本溪市司法局"])  # fmt: skip
def test_somebody(name):
    assert is_body(name)


@pytest.mark.parametrize("name", ["今年", "加大", "街道", "区五年", "乡镇镇长", "乡镇", "各部门", "我局", "办公室", "本站", "石岭日报", "县融媒体中心", "石岭市人民政府网", "管理员", "打印", "推进会", "社区"])  # fmt: skip
def test_nobody(name):
    assert not is_body(name)
