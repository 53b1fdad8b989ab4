"""What the first sentences say of a report without a title."""

import pytest

from indexer.loaders import Document, Line
from indexer.parsing import parse_report
from indexer.parsing.opening import read_opening, year_in_opening

LED = "在县委、县政府的坚强领导下，"
DONE = "认真落实上级部署，各项工作取得新成效。"


@pytest.mark.parametrize(
    ("text", "issuer", "title"),
    [
        (f"2023年，{LED}石岭县水利局{DONE}现将石岭县水利局2023年法治政府建设工作报告如下：", "石岭县水利局", "石岭县水利局2023年法治政府建设工作报告"),
        (f"2025年，石岭县公安局{LED}{DONE}现将今年法治政府建设情况报告如下：", "石岭县公安局", "石岭县公安局2025年法治政府建设情况报告"),
        (f"石岭县民政局2022年度{LED}深入推进法治政府建设，{DONE}现将有关情况报告如下：", "石岭县民政局", "石岭县民政局2022年法治政府建设情况报告"),
        ("现将石岭县卫生健康局2021年度法治政府建设情况汇报如下：", "石岭县卫生健康局", "石岭县卫生健康局2021年度法治政府建设情况报告"),
        (f"二〇二〇年，青岚镇人民政府{DONE}现将我镇法治政府建设工作总结如下。", "青岚镇人民政府", "青岚镇人民政府2020年法治政府建设工作总结"),
        (f"2023年，在区委、区政府的领导下，长滩街道{DONE}现就2023年度法治政府建设情况作如下报告：", "长滩街道", "长滩街道2023年度法治政府建设情况报告"),
        ("按照《法治政府建设与责任落实督察工作规定》要求，石岭县审计局对2019年度法治政府建设工作进行了总结，现将有关情况报告如下：", "石岭县审计局", "石岭县审计局2019年度法治政府建设工作总结"),
        (f"2024年，石岭县{DONE}现将石岭县2024年法治政府建设情况予以公布：", "石岭县", "石岭县2024年法治政府建设情况报告"),
        (f"2024年，石岭县{DONE}现将石岭县法治政府建设情况予以公布：", "石岭县", "石岭县法治政府建设情况报告"),
        (f"2022年以来，我局{DONE}现将法治政府建设情况报告如下：", None, "2022年法治政府建设情况报告"),
        ("主任、各位副主任：受石岭县人民政府委托，现向大会报告2022年法治政府建设情况，请予审议。", None, "2022年法治政府建设情况报告"),
        (f"2022年以来，我局{DONE}现将2022年法治政府建设情况报告如下：", None, "2022年法治政府建设情况报告"),
        (f"2022年，县水利局{DONE}现将我局2022年法治政府建设情况报告如下：", None, "2022年法治政府建设情况报告"),
        (f"2022年，石岭县委、县政府高度重视法治建设，我局{DONE}现将我局2022年依法行政工作情况报告如下：", None, "2022年依法行政工作情况报告"),
        (f"2023年以来，石岭县大石镇{DONE}现将大石镇2023年法治政府建设情况报告如下：", "石岭县大石镇", "石岭县大石镇2023年法治政府建设情况报告"),
        (f"石岭乡人民政府2023年在法治政府建设中{DONE}具体情况如下：", "石岭乡人民政府", "石岭乡人民政府2023年法治政府建设情况报告"),
        (f"石岭县粮食局扎实推进法治政府建设，{DONE}现将2022年工作情况报告如下：", "石岭县粮食局", "石岭县粮食局2022年法治政府建设情况报告"),
        (f"2022年，石岭县水利局{DONE}现将县水利局2022年法治政府建设情况报告如下：", "石岭县水利局", "石岭县水利局2022年法治政府建设情况报告"),
        (f"2022年，我局{DONE}石岭县水利局现将石岭县2022年法治政府建设情况报告如下：", "石岭县水利局", "石岭县水利局石岭县2022年法治政府建设情况报告"),
        ("根据石岭县委全面依法治县委员会办公室的要求，现将我局2022年法治政府建设情况报告如下：", None, "2022年法治政府建设情况报告"),
    ],
)  # fmt: skip
def test_an_opening_names_the_report_and_whose_it_is(text, issuer, title):
    opening = read_opening(text)
    assert (opening.issuer, opening.title, opening.type) == (issuer, title, "report")


def test_a_body_that_cannot_call_itself_so_is_not_whose_it_is():
    assert read_opening(f"2022年，石岭县公安局{DONE}现将我镇2022年法治政府建设情况报告如下：").issuer is None


@pytest.mark.parametrize("kind", ["省", "市", "县", "区", "旗", "州", "镇", "乡"])
def test_a_government_calls_itself_by_the_kind_of_its_place(kind):
    assert read_opening(f"2022年，石岭{kind}人民政府{DONE}现将我{kind}2022年法治政府建设情况报告如下：").issuer == f"石岭{kind}人民政府"


def test_a_name_without_its_place_is_remembered_apart():
    assert read_opening("2022年，县水利局认真履职，现将我局2022年法治政府建设情况报告如下：").short == "县水利局"


def test_a_plan_says_so():
    opening = read_opening("为推进法治政府建设，结合我县实际，制定本方案。")
    assert (opening.type, opening.title) == ("plan", None)


def test_a_text_that_reports_nothing_is_called_nothing():
    opening = read_opening("近日，石岭县开展了普法宣传活动。")
    assert (opening.type, opening.title) == (None, None)


def parsed(*lines, name="03.txt"):
    return parse_report(Document([Line(line) for line in lines], "txt"), name)


def test_without_a_title_the_first_sentence_goes_before_the_source():
    report = parsed(
        "发布时间：2023-01-09 来源：县交通局", f"2022年，石岭县交通运输局{DONE}现将2022年法治政府建设情况报告如下：", "一、主要举措", DONE
    )
    assert (report.issuer, report.title) == ("石岭县交通运输局", "石岭县交通运输局2022年法治政府建设情况报告")
    assert [remark.code for remark in report.remarks] == ["title-from-sentence"]


def test_of_a_text_that_its_file_calls_a_report_the_first_sentence_goes_before_the_source_too():
    lines = ["发布时间：2023-01-09 来源：石岭县交通局", f"石岭县交通运输局{DONE}", "一、主要举措", DONE]
    assert parsed(*lines, name="2022年法治政府建设情况报告.txt").issuer == "石岭县交通运输局"
    assert parsed(*lines, name="03.txt").issuer == "石岭县交通局"


def test_the_file_s_name_comes_last():
    report = parsed("全县深入推进法治建设。", "一、主要举措", DONE, name="2022/石岭县2022年法治政府建设工作报告.txt")
    assert (report.title, report.issuer, report.year, report.type) == (
        "石岭县2022年法治政府建设工作报告",
        "石岭县",
        2022,
        "report",
    )


def test_the_first_heading_may_name_whose_it_is():
    report = parsed("一、2022年石岭县自然资源局法治政府建设工作情况", DONE, "二、存在的不足", DONE)
    assert (report.issuer, report.year) == ("石岭县自然资源局", 2022)


@pytest.mark.parametrize("source", ["石岭日报", "本站", "街道", "管理员", "加大"])
def test_nobody_is_no_issuer(source):
    assert parsed("关于2022年度法治政府建设情况的报告", f"发布时间：2023-01-09 来源：{source}", f"2022年，我县{DONE}").issuer is None


def test_a_text_without_a_title_is_of_the_kind_that_its_opening_says_unless_its_file_says_another():
    lines = ["为推进法治政府建设，结合我县实际，制定本方案。", "一、主要举措", DONE]
    assert parsed(*lines, name="03.txt").type == "plan"
    assert parsed(*lines, name="2022年法治政府建设情况报告.txt").type == "report"


def test_whom_news_are_about_has_not_issued_them():
    assert parsed("多措并举优化营商环境", "2023-06-09 15:40", f"近日，石岭县青岚公司{DONE}").issuer is None
    assert parsed("多措并举优化营商环境", "2023-06-09 15:40", f"石岭县司法局{DONE}").issuer is None


@pytest.mark.parametrize(("clauses", "issuer"), [(29, "石岭县水利局"), (30, None)])
def test_whose_it_is_stands_in_the_first_thirty_clauses(clauses, issuer):
    text = "认真，" * clauses + "石岭县水利局法治政府建设。现将我局2022年法治政府建设情况报告如下："
    assert read_opening(text).issuer == issuer


def test_the_first_two_thousand_characters_are_the_opening():
    assert year_in_opening("法" * 1_993 + "，2022年度") == (2022, 2022)
    assert year_in_opening("法" * 1_995 + "，2022年度") is None


@pytest.mark.parametrize(
    ("body", "own", "can"),
    [
        ("锡林郭勒盟", "盟", True),
        ("石岭县青山街道", "街道", True),
        ("石岭县青山街道办事处", "街道", True),
        ("石岭县青山街道", "镇", False),
        ("石岭县", "局", False),
        ("石岭县水利局", "局", True),
        ("石岭县水利局", "县", False),
        ("石岭县水利局", "厅", False),
        ("石岭县卫生健康委员会", "委", True),
        ("石岭县卫生健康委", "委", True),
        ("石岭县人民政府办公室", "办", True),
        ("石岭县人民检察院", "院", True),
    ],
)
def test_what_a_body_can_call_itself(body, own, can):
    assert (read_opening(f"2022年，{body}{DONE}现将我{own}2022年法治政府建设情况报告如下：").issuer == body) is can


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("到2021年底，我县推进工作。2019年开始", (2021, 2021)),
        ("我县推进工作。2019年以来，成效明显。2018年以来，", (2019, 2019)),
        ("我县推进工作。到2019年，成效明显。", None),
        ("受委托，向大会报告2022年度法治政府建设情况，2021年", (2022, 2022)),
        ("2020年，我县推进，现将2021年法治建设情况报告如下", (2021, 2021)),
    ],
)
def test_which_year_an_opening_is_about(text, years):
    assert year_in_opening(text) == years
