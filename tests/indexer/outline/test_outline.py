import pytest

from indexer.outline import find_items, item_label, part_of, read_number
from indexer.outline.items import chinese_number


@pytest.mark.parametrize(
    ("line", "level", "shown", "rest"),
    [
        pytest.param("一、2022年法治政府建设情况", 1, "一、", "2022年法治政府建设情况", id="first_level"),
        pytest.param("(一)依法全面履行政府职能。", 2, "(一)", "依法全面履行政府职能。", id="ascii_brackets"),
        pytest.param("（十二）营商环境", 2, "(十二)", "营商环境", id="full_width_brackets"),
        pytest.param("(三）营商环境", 2, "(三)", "营商环境", id="mixed_brackets"),
        pytest.param("七)加速推进数字赋能政府治理。", 2, "(七)", "加速推进数字赋能政府治理。", id="opening_bracket_lost"),
        pytest.param("1.加强公共法律服务", 3, "1.", "加强公共法律服务", id="third_level"),
        pytest.param("2、加强公共法律服务", 3, "2、", "加强公共法律服务", id="third_level_with_a_comma"),
        pytest.param("(3)加强公共法律服务", 4, "(3)", "加强公共法律服务", id="fourth_level"),
        pytest.param("第一部分　存在的不足", -2, "第一部分", "存在的不足", id="part"),
        pytest.param("第 二 部 分：存在的不足", -2, "第二部分", "存在的不足", id="part_with_spaces_and_a_colon"),
        pytest.param("第三部分存在的问题及原因", -2, "第三部分", "存在的问题及原因", id="part_right_before_its_words"),
        pytest.param("第2部分、存在的不足", -2, "第2部分", "存在的不足", id="part_in_digits"),
        pytest.param("第一章 主要举措和成效", -1, "第一章", "主要举措和成效", id="chapter"),
        pytest.param("第十二节 规范执法", 0, "第十二节", "规范执法", id="section_of_a_chapter"),
        pytest.param("（第一）主要举措", 2, "(第一)", "主要举措", id="ordinal_in_brackets"),
        pytest.param("①加强公共法律服务", 5, "①", "加强公共法律服务", id="fifth_level"),
    ],
)
def test_a_heading_number_has_its_level_and_the_form_it_is_shown_in(line, level, shown, rest):
    number = read_number(line)
    assert (number.level, number.shown, line[number.length :]) == (level, shown, rest)


@pytest.mark.parametrize(
    "line",
    [
        *("一是落实权责清单。", "1.2亿元", "2022年,阜蒙县", "十分重视", "法治", "第一部分", "第一节课后", "第一章至第三章"),
        *("第二部分的不足已经补上。", "第一章规定了处罚的种类", "第二部分主要存在以下问题："),
    ],
)
def test_a_number_that_a_sentence_begins_with_is_no_heading_number(line):
    assert read_number(line) is None


def test_items_end_where_the_next_begins():
    text = "总述。一是落实清单。二是简政放权；三是提质"
    assert find_items(text) == [(1, 3, 10), (2, 10, 17), (3, 17, len(text))]


@pytest.mark.parametrize("text", ["其一是落实", "统一是关键", "，一是落实", ""])
def test_items_begin_a_paragraph_or_a_clause(text):
    assert find_items(text) == []


@pytest.mark.parametrize("number", [1, 9, 10, 11, 19, 20, 35, 99])
def test_item_labels_are_chinese_numerals(number):
    assert chinese_number(item_label(number).removesuffix("是")) == number


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("2022年法治政府建设情况", "主要举措和成效"),
        ("存在的问题及下步工作打算", "问题与安排"),
        ("存在的不足和原因", "存在的不足"),
        ("2024年工作安排", "下一步安排"),
        ("党政主要负责人履行推进法治建设第一责任人职责情况", "第一责任人履职"),
        ("加速推进数字赋能政府治理", "数字法治"),
        ("夯实法治政府建设保障", "组织保障"),
        ("其他事项", None),
    ],
)
def test_headings_stand_for_standard_parts(heading, part):
    assert part_of(heading) == part
