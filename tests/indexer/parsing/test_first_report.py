"""The first report, field by field."""

import pytest

from indexer import Remark, parse_file
from tests.support import FIRST_REPORT


@pytest.fixture(scope="module")
def report():
    return parse_file(FIRST_REPORT)


def test_the_first_report_has_its_metadata(report):
    assert report.title == "阜新蒙古族自治县2022年法治政府建设工作报告"
    assert report.year == 2022
    assert report.published == "2023-03-01"
    assert report.issuer == "阜新蒙古族自治县"
    assert report.source == "阜蒙县司法局"
    assert report.editor == "胡凯"
    assert report.region.code == "210921"
    assert (report.format, report.encoding) == ("txt", "utf-8")


def test_the_first_report_has_its_sections(report):
    assert [(s.level, s.number, s.heading) for s in report.sections] == [
        (1, "一、", "2022年法治政府建设情况"),
        (2, "(一)", "依法全面履行政府职能"),
        (2, "(二)", "切实提高行政决策水平"),
        (2, "(三)", "扎实推进严格规范公正文明执法"),
        (2, "(四)", "持续优化法治化营商环境"),
        (2, "(五)", "强化行政权力制约监督"),
        (2, "(六)", "积极依法化解社会矛盾纠纷"),
        (2, "(七)", "加速推进数字赋能政府治理"),
        (2, "(八)", "夯实法治政府建设保障"),
        (1, "二、", "存在的问题及下步工作打算"),
    ]


def test_every_paragraph_stands_in_a_standard_part(report):
    assert [passage.part for passage in report.paragraphs] == [
        None,
        "政府职能",
        "行政决策",
        "行政执法",
        "营商环境",
        "权力监督",
        "矛盾纠纷化解",
        "数字法治",
        "组织保障",
        "问题与安排",
        "问题与安排",
    ]


def test_the_lost_bracket_is_repaired_in_the_number_and_kept_in_the_text(report):
    passage = next(p for p in report.paragraphs if "数字赋能" in p.text)
    assert passage.section[-1].number == "(七)"
    assert passage.text.startswith("七)加速推进数字赋能政府治理。")
    assert report.remarks == (Remark("number-repaired", heading="(七)"), Remark("figures-agree", count=1))


def test_paragraphs_and_items_are_counted(report):
    assert len(report.paragraphs) == 11
    assert len(report.items) == 23
    for passage in report.paragraphs:
        for item in passage.items:
            assert passage.text[item.start :].split("是")[0] in "一二三四五"
        ends = [item.end for item in passage.items]
        assert ends == [item.start for item in passage.items[1:]] + [len(passage.text)] * bool(ends)


def test_the_passages_in_order_give_back_the_text(report):
    lines = [line.strip() for line in FIRST_REPORT.read_text(encoding="utf-8").split("\n")]
    text = [line for line in lines if line and line not in ("打印", "分享", "返回列表") and not line.startswith("日期:")]
    assert [passage.text for passage in report.passages] == text


def test_no_page_furniture(report):
    text = "\n".join(passage.text for passage in report.passages)
    for chrome in ("浏览量", "打印", "分享", "返回列表", "责任编辑", "文字大小"):
        assert chrome not in text
