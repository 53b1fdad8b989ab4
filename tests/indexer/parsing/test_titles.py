"""Where the title stands: variants of pages as sites print them."""

import pytest

from indexer.loaders import Document, Line
from indexer.parsing import parse_report

TEXT = "2023年，我县认真贯彻落实上级部署，全年办理案件35件，群众满意度进一步提高。"


def parsed(*lines, titles=()):
    return parse_report(Document([Line(line) for line in (*lines, TEXT, "一、主要举措", TEXT)], "txt", None, list(titles)), "file.txt")


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["石岭县2022年法治政府建设工作报告 |", "||||||||||"], "石岭县2022年法治政府建设工作报告"),
        (["• 石岭县2022年法治政府建设工作报告"], "石岭县2022年法治政府建设工作报告"),
        (["关 于 石 岭 县 2 0 2 2 年 法 治 政 府 建 设 情 况 的 报 告"], "关于石岭县2022年法治政府建设情况的报告"),
        (["石岭县法治政府建设工作报告", "（2022年度）"], "石岭县法治政府建设工作报告（2022年度）"),
        (["石岭县法治政府建设工作报告", "二〇二二年度"], "石岭县法治政府建设工作报告二〇二二年度"),
        (["石岭县2022年法治政府建设工作报告", "——2023年1月15日在县人大常委会会议上"], "石岭县2022年法治政府建设工作报告"),
        (["石岭县2022年法治政府建设工作报告", "（2023年3月18日县政府第45次常务会议审议通过）"], "石岭县2022年法治政府建设工作报告"),
        (["石岭县2022年法治政府建设年度报告（2023年3月25日石岭县第十八届人大常委会第20次会议通过）"], "石岭县2022年法治政府建设年度报告（2023年3月25日石岭县第十八届人大常委会第20次会议通过）"),
        (["石岭县司法局2022年度法治政府建设工作总结及2023年工作思路"], "石岭县司法局2022年度法治政府建设工作总结及2023年工作思路"),
        (["石岭县委全面依法治县委员会办公室", "关于2022年度石岭县法治政府建设情况的报告"], "石岭县委全面依法治县委员会办公室关于2022年度石岭县法治政府建设情况的报告"),
        (["石岭县人民政府", "关于2022年度法治政府", "建设情况的报告"], "石岭县人民政府关于2022年度法治政府建设情况的报告"),
        (["青石", "法治政府建设工作报告"], "青石法治政府建设工作报告"),
        (["石岭日报", "法治之光", "法治政府建设工作报告"], "法治政府建设工作报告"),
        (["石岭县卫生健康局2023年度行业安全工作要点的通知"], "石岭县卫生健康局2023年度行业安全工作要点的通知"),
        (["石岭县司法局2023年部门预算公开", "发布日期：2023-02-10 来源：县司法局"], "石岭县司法局2023年部门预算公开"),
        (["石岭县教育局2022年工作总结", "2022-12-29 15:40"], "石岭县教育局2022年工作总结"),
        (["石岭县召开2023年安全生产推进会"], "石岭县召开2023年安全生产推进会"),
        (["我县多措并举优化营商环境", "2023-06-09 来源：石岭县融媒体中心"], "我县多措并举优化营商环境"),
        (["首页 > 政务公开 > 法治政府建设年度报告", "关于命名第一批示范项目的决定"], "关于命名第一批示范项目的决定"),
        (["石岭县2022年法治政府", "2023-01-15", "建设工作报告"], "石岭县2022年法治政府"),
    ],
)  # fmt: skip
def test_a_title_among_the_first_lines(lines, title):
    assert parsed(*lines).title == title


@pytest.mark.parametrize(
    ("lines", "titles", "title"),
    [
        (["法治政府建设年度报告", "石岭县2022年法治政府建设年度报告"], ["法治政府建设年度报告", "石岭县2022年法治政府建设年度报告"], "石岭县2022年法治政府建设年度报告"),
        (["石岭县2022年法治政府建设工作报告"], ["法治政府建设年度报告", "石岭县人民政府"], "石岭县2022年法治政府建设工作报告"),
        (["石岭县人民政府门户网站", "我县多措并举优化营商环境"], ["石岭县人民政府门户网站", "我县多措并举优化营商环境"], "我县多措并举优化营商环境"),
        ([], ["石岭县人民政府门户网站", "石岭县2022年普法工作总结"], "石岭县2022年普法工作总结"),
        ([], ["石岭县人民政府门户网站", "关于优化营商环境的若干意见"], "关于优化营商环境的若干意见"),
    ],
)  # fmt: skip
def test_a_title_that_the_page_names(lines, titles, title):
    assert parsed(*lines, titles=titles).title == title


def test_a_meeting_below_the_title_names_no_year():
    report = parsed("石岭县人民政府关于法治政府建设情况的报告", "——2025年1月15日在石岭县人民代表大会常务委员会会议上")
    assert (report.year, report.issuer, report.type) == (2023, "石岭县人民政府", "report")


@pytest.mark.parametrize(
    ("title", "issuer", "type"),
    [
        ("石岭县2022年法治政府建设年度报告（2023年3月25日县人大常委会审议通过）", "石岭县", "report"),
        ("石岭县司法局2022年度法治政府建设工作总结及2023年工作计划", "石岭县司法局", "report"),
        ("石岭县自然资源和规划局2022年法治政府建设工作报告", "石岭县自然资源和规划局", "report"),
        ("石岭县推进法治政府建设领导小组办公室关于2018年法治政府建设工作情况的报告", "石岭县推进法治政府建设领导小组办公室", "report"),
        ("中共石岭县委依法治县办关于2018年法治政府建设工作情况的报告", "中共石岭县委依法治县办", "report"),
        ("【政策解读】关于《石岭县人民政府关于2023年度法治政府建设工作总结的报告》的政策解读", "石岭县人民政府", "interpretation"),
        ("关于《石岭县人民政府2023年度法治政府建设工作报告", "石岭县人民政府", "report"),
        ("2022年度法治政府建设工作报告（石岭县水利局）", "石岭县水利局", "report"),
        ("石岭县人民政府办公室转发县司法局关于2021年度法治政府建设情况报告的通知", "石岭县人民政府办公室", "report"),
        ("石岭县五年来法治政府建设情况报告", "石岭县", "report"),
        ("石岭县司法局积极推进法治政府建设工作总结", "石岭县司法局", "report"),
        ("今年法治政府建设情况报告", None, "report"),
        ("街道法治政府建设情况报告", None, "report"),
        ("乡镇镇长2022年法治政府建设情况报告", None, "report"),
        ("石岭县司法局2023年部门预算公开", "石岭县司法局", "other"),
        ("石岭县卫生健康委关于印发 2023年全县卫生健康工作要点的通知", "石岭县卫生健康委", "plan"),
    ],
)  # fmt: skip
def test_whose_a_title_is_and_what_it_stands_over(title, issuer, type):
    report = parsed(title)
    assert (report.issuer, report.type) == (issuer, type)


@pytest.mark.parametrize(
    "imprint",
    [
        pytest.param(["（此件公开发布）"], id="published"),
        pytest.param(
            ["(此件主动公开)", "抄送：县委各部门，县人大常委会办公室。", "石岭县人民政府办公室　　2024年2月9日印发", "共印50份"], id="whole"
        ),
        pytest.param(["信息公开选项：主动公开", "（联系人：王某；电话：1234567）"], id="whom_to_ask"),
    ],
)
def test_what_stands_below_a_signature_hides_it_not(imprint):
    lines = ["关于2023年度法治政府建设情况的报告", TEXT, "一、主要举措", TEXT, "石岭县水利局", "2024年2月8日", *imprint]
    report = parse_report(Document([Line(line) for line in lines], "txt"), "file.txt")
    assert (report.published, report.issuer) == ("2024-02-08", "石岭县水利局")
    assert {*imprint} <= {piece.text for piece in report.left_out}
    assert report.paragraphs[-1].text == TEXT


def test_without_a_signature_above_it_an_imprint_is_text():
    lines = ["关于2023年度法治政府建设情况的报告", TEXT, "一、主要举措", TEXT, "抄送：县委各部门，县人大常委会办公室。"]
    report = parse_report(Document([Line(line) for line in lines], "txt"), "file.txt")
    assert report.passages[-1].text.startswith("抄送")


@pytest.mark.parametrize(
    "signature",
    [
        ["石岭县水利局", "2024年1月12日"],
        ["石岭县水利局2024年1月12日"],
        ["石岭县水利局  2024年1月12日"],
        ["石岭县水利局　二〇二四年一月十二日"],
        ["2024-01-12"],
    ],
)
def test_who_signed_and_when(signature):
    lines = ["关于2023年度法治政府建设情况的报告", TEXT, "一、主要举措", TEXT, *signature]
    report = parse_report(Document([Line(line) for line in lines], "txt"), "file.txt")
    assert report.published == "2024-01-12"
    assert report.issuer == ("石岭县水利局" if len("".join(signature)) > 10 else None)
    assert [passage.text for passage in report.paragraphs] == [TEXT, TEXT]


@pytest.mark.parametrize(("length", "found"), [(5, False), (6, True), (90, True), (91, False)])
def test_how_long_the_title_of_another_text_may_be(length, found):
    line = ("全县推进执法规范化" * 11)[: length - 3] + "推进会"
    assert parsed(line).title == (line if found else "file")


def test_a_date_above_a_line_makes_it_no_title():
    assert parsed("2023-06-09 来源：石岭县融媒体中心", "我县多措并举优化营商环境").title == "file"


@pytest.mark.parametrize(("name", "title"), [("关于优化营商环境", "关于优化营商环境"), ("优化营商环境好", "file")])
def test_a_page_s_own_name_of_eight_characters_may_be_a_title(name, title):
    assert parsed(titles=[name]).title == title


PARTS = ["关于表扬", "全县优秀", "普法讲师", "名单的决定"]


@pytest.mark.parametrize("first", [0, 1, 2])
def test_a_title_that_the_page_names_may_be_broken_over_four_lines(first):
    report = parsed(*PARTS[first:], titles=["".join(PARTS[first:])])
    assert (report.title, report.left_out) == ("".join(PARTS[first:]), ())
    assert [remark.params["lines"] for remark in report.remarks if remark.code == "title-joined"] == [4 - first]


def test_a_title_that_the_page_names_is_not_looked_for_in_five_lines():
    parts = ["关于", "表扬", *PARTS[1:]]
    assert [piece.text for piece in parsed(*parts, titles=["".join(parts)]).left_out] == ["关于", "表扬", "全县优秀"]


def test_over_how_many_lines_a_title_may_be_broken():
    report = parsed("石岭县人民政府", "2022年度", "法治政府", "建设", "情况的报告")
    assert report.title == "石岭县人民政府2022年度法治政府建设情况的报告"
    assert [remark.params for remark in report.remarks if remark.code == "title-joined"] == [{"lines": 5}]
    report = parsed("石岭县人民政府", "关于", "2022年度", "法治政府", "建设", "情况的报告")
    assert report.title == "关于2022年度法治政府建设情况的报告"
    assert [piece.text for piece in report.left_out] == ["石岭县人民政府"]


@pytest.mark.parametrize("site", ["网", "网站", "门户", "平台", "首页", "主页", "详情", "正文"])
def test_a_site_s_name_is_no_title(site):
    assert parsed(f"石岭县政务信息{site}", titles=[f"石岭县政务信息{site}"]).left_out[0].text == f"石岭县政务信息{site}"
    assert parsed("石岭县政务信息栏目", titles=["石岭县政务信息栏目"]).left_out == ()


@pytest.mark.parametrize(
    ("above", "belongs"),
    [("石岭县2022年", True), ("石岭县2022", True), ("石岭县年度", True), ("石岭县关于", True), ("石岭县的", True), ("石岭县和", True), ("石岭县在", False)],
)  # fmt: skip
def test_what_a_line_above_the_title_may_end_with(above, belongs):
    report = parsed("首页", above, "法治政府建设情况的报告")
    assert report.title == (above if belongs else "") + "法治政府建设情况的报告"
