"""Whether a text file's lines are paragraphs, or lines of paragraphs wrapped at a width."""

import pytest

from indexer.loaders.text import paragraphs

LONG = "2022年，我局以制度建设为重点，全年组织学习十二次，参加人员一百二十人次，相关材料均已归档备查。"
TITLE = "东湖市教育局关于2022年法治政府建设工作情况的报告"


def texts(*lines):
    return [line.text for line in paragraphs(lines)]


def wrapped(text, width):
    return [text[start : start + width] for start in range(0, len(text), width)]


@pytest.mark.parametrize("width", [20, 32, 38])
def test_wrapped_lines_are_joined(width):
    lines = [*wrapped("　　" + LONG * 2, width), *wrapped("　　" + LONG, width)]
    assert texts(*lines) == [LONG * 2, LONG]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([TITLE, "来源：东湖市教育局  时间：2023-02-16 17:34", LONG, "一、强化思想引领，深入抓好全员的法治培训工作", LONG * 2, "二、加强组织领导，扎实落实法治建设的各项任务", LONG], id="a_short_report"),
        pytest.param([LONG, LONG, LONG, LONG], id="equal_paragraphs"),
        pytest.param([TITLE, TITLE[2:] + "再", TITLE[3:] + "再来", LONG * 3], id="short_lines_before_a_long_one"),
    ],
)  # fmt: skip
def test_paragraphs_stay_apart(lines):
    assert texts(*lines) == lines


def test_a_long_label_above_a_wrapped_text_is_a_line_of_its_own():
    label = "日期：2019-03-28 浏览量：154 来源：北渡镇 责任编辑：李某 文字大小：大 中 小 打印 分享 收藏 返回列表"
    assert texts(label, *wrapped("　　" + LONG * 2, 30)) == [label, LONG * 2]
