import pytest

from indexer.loaders import Line
from indexer.model import Heading
from indexer.parsing.glue import unglued
from indexer.parsing.headings import read_lines
from indexer.parsing.lists import runs_of_numbers
from indexer.remarks import Remark

TEXT = "我县认真贯彻落实上级部署，全年办理案件35件，群众满意度进一步提高。"


def headings(*lines):
    """Level, number, words and whether it is run in, of each heading in these lines."""
    blocks, *_ = read_lines(unglued(line if isinstance(line, Line) else Line(line) for line in lines))
    return [(b.level, b.number, b.heading, b.run_in) for b in blocks if isinstance(b, Heading)]


def texts(*lines):
    blocks, *_ = read_lines(unglued(Line(line) for line in lines))
    return [block.text for block in blocks if not (isinstance(block, Heading) and block.run_in)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("一、主要举措和成效", [(1, "一、", "主要举措和成效", False)], id="own_line"),
        pytest.param("一、主要举措和成效。", [(1, "一、", "主要举措和成效", False)], id="own_line_closed"),
        pytest.param("一、主要举措和成效：", [(1, "一、", "主要举措和成效", False)], id="own_line_with_a_colon"),
        pytest.param(f"（一）规范执法。{TEXT}", [(2, "(一)", "规范执法", True)], id="run_in"),
        pytest.param(f"㈠规范执法。{TEXT}", [(2, "(一)", "规范执法", True)], id="number_in_one_character"),
        pytest.param(f"（一）坚持党的领导，全面推进依法行政。{TEXT}", [(2, "(一)", "坚持党的领导，全面推进依法行政", True)], id="comma_inside"),
        pytest.param(f"1.规范执法。{TEXT}", [(3, "1.", "规范执法", True)], id="third_level"),
        pytest.param(f"１．规范执法。{TEXT}", [(3, "1.", "规范执法", True)], id="full_width_figure"),
        pytest.param(f"⒈规范执法。{TEXT}", [(3, "1.", "规范执法", True)], id="figure_and_dot_in_one_character"),
        pytest.param(f"（1）规范执法。{TEXT}", [(4, "(1)", "规范执法", True)], id="fourth_level"),
        pytest.param(f"1）规范执法。{TEXT}", [(4, "(1)", "规范执法", True)], id="fourth_level_bracket_lost"),
        pytest.param(f"①规范执法。{TEXT}", [(5, "①", "规范执法", True)], id="fifth_level"),
        pytest.param(f"（ 一 ） 规范执法。{TEXT}", [(2, "(一)", "规范执法", True)], id="spaces_in_the_number"),
        pytest.param(f"（一规范执法。{TEXT}", [(2, "(一)", "规范执法", True)], id="closing_bracket_lost"),
        pytest.param(f"（一）规范执法：{TEXT}", [(2, "(一)", "规范执法", True)], id="colon"),
        pytest.param(f"（一）规范执法 {TEXT}", [(2, "(一)", "规范执法", True)], id="space"),
        pytest.param("（一）规范执法一是落实制度。二是开展培训。", [(2, "(一)", "规范执法", True)], id="glued_to_an_item"),
        pytest.param(f"二、存在的问题及下一步打算下一步，{TEXT}", [(1, "二、", "存在的问题及下一步打算", True)], id="glued_to_text"),
        pytest.param(f"一、主要举措和成效（一）规范执法。{TEXT}", [(1, "一、", "主要举措和成效", False), (2, "(一)", "规范执法", True)], id="two_in_a_line"),
        pytest.param(Line(f"一、规范执法{TEXT}", bold=6), [(1, "一、", "规范执法", True)], id="bold"),
        pytest.param(f"二、存在的问题，及下一步打算下一步，{TEXT}", [], id="glued_behind_a_comma"),
        pytest.param("1.办理法律援助案件35件，公证12件。", [], id="a_list_s_entry"),
        pytest.param("（1）行政处罚30件；", [], id="an_entry_with_a_semicolon"),
        pytest.param("1.清理行政规范性文件；", [], id="an_entry_without_a_figure"),
        pytest.param(f"1.全年办理案件35件。{TEXT}", [], id="a_figure_is_no_heading"),
        pytest.param("（一村一法律顾问）制度全面落实。" + TEXT, [], id="words_in_brackets"),
        pytest.param("一、二审案件共35件。", [], id="numbers_in_a_row"),
        pytest.param("2022年，全县办理案件。" + TEXT, [], id="a_year"),
    ],
)  # fmt: skip
def test_a_line_s_heading(line, expected):
    assert headings(line) == expected


def test_a_number_without_its_closing_bracket_follows_the_last_of_its_level():
    assert headings(f"（一）普法宣传。{TEXT}", f"（二规范执法。{TEXT}")[1:] == [(2, "(二)", "规范执法", True)]
    assert headings(f"（一）普法宣传。{TEXT}", f"（四规范执法。{TEXT}")[1:] == []


@pytest.mark.parametrize(("behind", "count"), [("全年共办理案件三百五十件整。", 2), ("全年办理案件三百五十件整。", 0)])
def test_behind_an_unnumbered_run_in_heading_stands_a_text(behind, count):
    found = headings("一、主要举措和成效", f"加强行政执法监督。{behind}", f"深化普法宣传教育。{behind}", "二、存在的问题", TEXT)
    assert len(found) == 2 + count


def test_where_nothing_is_numbered_short_lines_that_name_a_part_are_headings():
    found = headings("主要举措和成效", TEXT, "存在的问题", TEXT, "石岭县城区", TEXT)
    assert found == [(1, None, "主要举措和成效", False), (1, None, "存在的问题", False)]


def test_unnumbered_run_in_headings_stand_below_the_numbered_one():
    found = headings("一、主要举措和成效", f"加强行政执法监督。{TEXT}", f"深化普法宣传教育。{TEXT}", "二、存在的问题", TEXT)
    assert found[1:3] == [(2, None, "加强行政执法监督", True), (2, None, "深化普法宣传教育", True)]


def test_one_short_sentence_alone_is_no_heading():
    assert headings("一、主要举措和成效", f"法治意识不断增强。{TEXT}", TEXT) == [(1, "一、", "主要举措和成效", False)]


def test_a_bold_unnumbered_heading():
    assert headings("一、主要举措", Line(f"规范执法。{TEXT}", bold=5)) == [(1, "一、", "主要举措", False), (2, None, "规范执法", True)]


def test_styled_headings_need_no_number():
    assert headings(Line("工作成效", heading=1), TEXT, Line("存在问题", heading=1), TEXT) == [
        (1, None, "工作成效", False),
        (1, None, "存在问题", False),
    ]


def test_a_heading_printed_again_before_its_text_is_one():
    lines = ["（一）规范执法", f"（一）规范执法。{TEXT}"]
    assert headings(*lines) == [(2, "(一)", "规范执法", False)]
    assert texts(*lines) == lines


def test_nothing_is_lost_where_lines_are_cut():
    text = f"现将情况报告如下。一、主要举措和成效（一）规范执法。{TEXT}（二）加强普法。{TEXT}二、存在的不足当前，{TEXT}"
    assert "".join(texts(text)) == text
    assert [heading[:2] for heading in headings(text)] == [(1, "一、"), (2, "(一)"), (2, "(二)"), (1, "二、")]


def test_an_enumeration_inside_a_paragraph_stays_there():
    line = "一是落实制度；（一）甲部门牵头；（二）乙部门配合，共同推进。"
    assert texts("（一）规范执法", line, "（二）加强普法", TEXT)[1] == line


def test_what_is_repaired_or_odd_is_said():
    _, remarks, _ = read_lines([Line("一、甲"), Line("（一）乙"), Line("三）丙"), Line(TEXT), Line(TEXT)])
    assert remarks == [
        Remark("number-repaired", heading="(三)"),
        Remark("number-unexpected", heading="(三)", expected=2),
        Remark("line-repeated", line=TEXT[:12]),
    ]


def test_siblings_of_an_unnumbered_run_in_heading_are_headings_too():
    found = headings(
        "一、主要举措", f"加强行政执法监督。{TEXT}", f"深化普法宣传教育。{TEXT}", f"提升队伍素质。{TEXT}", "二、存在的问题", TEXT
    )
    assert [heading[2] for heading in found] == ["主要举措", "加强行政执法监督", "深化普法宣传教育", "提升队伍素质", "存在的问题"]


def test_a_short_sentence_among_paragraphs_is_no_sibling():
    found = headings(
        "一、主要举措", f"加强行政执法监督。{TEXT}", f"深化普法宣传教育。{TEXT}", TEXT, TEXT, TEXT, f"成效很好啊。{TEXT}", TEXT
    )
    assert [heading[2] for heading in found] == ["主要举措", "加强行政执法监督", "深化普法宣传教育"]


def test_lines_without_a_number_above_the_second_level_are_the_first():
    found = headings(
        "2025年主要工作成效", "（一）健全制度", TEXT, "（二）规范执法", TEXT, "面临的形势", "（一）力量不足", TEXT, "下一步打算", TEXT
    )
    assert [heading[:3] for heading in found] == [
        (1, None, "2025年主要工作成效"),
        (2, "(一)", "健全制度"),
        (2, "(二)", "规范执法"),
        (1, None, "面临的形势"),
        (2, "(一)", "力量不足"),
        (1, None, "下一步打算"),
    ]


@pytest.mark.parametrize(("below", "found"), [("继续抓落实", False), ("继续再抓落实", True)])
def test_a_line_that_names_a_part_stands_for_a_heading_above_a_longer_line_alone(below, found):
    named = (1, None, "下一步打算", False)
    assert (named in headings("2025年主要工作成效", "（一）健全制度", TEXT, "下一步打算", below)) is found


def test_numbers_that_are_none_hide_no_heading_that_is_glued_to_a_text():
    found = headings(f"近年来{TEXT}一、主要举措。第二三、四季度{TEXT}二、下步打算。{TEXT}")
    assert [heading[1] for heading in found] == ["一、", "二、"]


@pytest.mark.parametrize(
    "amid", [pytest.param("深入推进统一、规范执法。", id="amid_a_sentence"), pytest.param("三、其他事项。", id="that_does_not_count_on")]
)
def test_no_text_is_cut_before_a_number(amid):
    found = headings(f"近年来{TEXT}{amid}{TEXT}一、主要举措。{TEXT}{amid}{TEXT}二、下步打算。{TEXT}")
    assert [heading[1] for heading in found] == ["一、", "二、"]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("1.推进改革落实责任", True),
        ("1.推进改革，落实责任。", False),
        ("1.办理行政复议案件30件", False),
        ("（一）推进改革，落实责任。", True),
        ("（一）办理行政复议案件30件", True),
    ],
)
def test_on_the_third_level_what_reads_as_a_sentence_or_counts_something_is_an_entry(line, found):
    assert (len(headings("一、主要举措", line, TEXT)) == 2) is found


def test_second_levels_that_begin_anew_below_an_unnumbered_heading_are_not_odd():
    remarks = read_lines([Line(text) for text in ("工作成效", "（一）甲", TEXT, "存在问题", "（一）乙", TEXT)])[1]
    assert remarks == []


@pytest.mark.parametrize("above", ["现将有关情况报告如下：", TEXT, "一是落实制度"])
def test_what_ends_a_sentence_above_the_second_level_is_no_heading(above):
    assert headings(above, "（一）健全制度", TEXT) == [(2, "(一)", "健全制度", False)]


def test_a_long_heading_on_its_own_line():
    long = (
        "深入学习贯彻上级全会精神和历次重要讲话重要指示精神，充分发挥审计监督在推动法治政府建设中的积极作用，不断提升依法履职的能力和水平"
    )
    assert headings(f"一、{long}", TEXT) == [(1, "一、", long, False)]
    assert headings(f"一、{long}。", "（一）健全制度", TEXT)[0] == (1, "一、", long, False)
    assert headings(f"（一）{long}。", TEXT) == []


@pytest.mark.parametrize("page", ["1", "……3", " 12", ""])
def test_a_list_of_contents_is_none(page):
    names = ["一、主要举措", "（一）健全制度", "二、存在的不足"]
    found = headings("目录", *(name + page for name in names), names[0], names[1], TEXT, names[2], TEXT)
    assert [heading[2] for heading in found] == ["主要举措", "健全制度", "存在的不足"]
    assert texts("目录", *(name + page for name in names), names[0], names[1], TEXT, names[2], TEXT)[1:4] == [name + page for name in names]


def test_numbered_paragraphs_whose_headings_come_again_are_no_list_of_contents():
    found = headings("一、主要举措。成效明显。", "二、存在的不足。力量不够。", "一、主要举措", TEXT, "二、存在的不足", TEXT)
    assert [heading[1] for heading in found] == ["一、", "二、", "一、", "二、"]


def test_entries_of_a_list_are_all_none():
    assert headings("一、主要举措", "1.行政处罚30件；", "2.行政许可办理；", "3.行政检查。", TEXT) == [(1, "一、", "主要举措", False)]
    assert headings("一、主要举措", "1.办理行政处罚案件", "2.办理法律援助35件，公证12件。", "3.开展检查") == [
        (1, "一、", "主要举措", False)
    ]


def test_headings_one_below_the_other_stay():
    assert len(headings("一、主要举措", "1.规范执法", TEXT, "2.加强普法", TEXT)) == 3


@pytest.mark.parametrize(("length", "found"), [(45, True), (46, False)])
def test_how_long_a_run_in_heading_may_be(length, found):
    first = ("全面推进依法行政" * 6)[:length]
    assert headings(f"（一）{first}。{TEXT}") == ([(2, "(一)", first, True)] if found else [])


@pytest.mark.parametrize(("length", "found"), [(15, True), (14, False)])
def test_how_much_text_must_stand_behind_a_heading_that_it_is_glued_to(length, found):
    text = "下一步，" + "推进依法行政体系建设"[: length - 5] + "。"
    assert len(text) == length
    assert ((1, "二、", "存在的问题及下一步打算", True) in headings(f"二、存在的问题及下一步打算{text}")) is found


def test_parts_in_words_stand_above_the_numbered_ones():
    assert headings(
        "第一部分 2021年度工作开展情况", "一、强化行政执法", TEXT, "（一）规范执法。" + TEXT, "第二部分：存在的不足", TEXT, "二、原因", TEXT
    ) == [
        (-2, "第一部分", "2021年度工作开展情况", False),
        (1, "一、", "强化行政执法", False),
        (2, "(一)", "规范执法", True),
        (-2, "第二部分", "存在的不足", False),
        (1, "二、", "原因", False),
    ]  # fmt: skip


def test_what_stands_below_a_part_in_words_without_a_number_is_below_it():
    bold = Line("培训执法人员", bold=6)
    assert headings("第一章 主要举措", bold, TEXT) == [(-1, "第一章", "主要举措", False), (1, None, "培训执法人员", False)]


@pytest.mark.parametrize(
    "line", ["第二部分的工作由县司法局牵头，各乡镇配合，全年完成任务35项。", "第一章规定了行政处罚的种类和设定，我县组织学习。"]
)
def test_a_sentence_about_a_part_is_no_heading(line):
    assert headings(TEXT, line, TEXT) == []


WORDS = "推进执法规范化" * 40
"""Of any length, without a mark."""


@pytest.mark.parametrize(
    ("line", "found"),
    [
        pytest.param("1." + WORDS[:58], True, id="60_on_its_own_line"),
        pytest.param("1." + WORDS[:59], False, id="61_on_its_own_line"),
        pytest.param("一、" + WORDS[:148], True, id="150_of_the_upper_levels"),
        pytest.param("一、" + WORDS[:149], False, id="151_of_the_upper_levels"),
        pytest.param("1." + WORDS[:4] + "：" + TEXT, True, id="4_before_a_colon"),
        pytest.param("1." + WORDS[:3] + "：" + TEXT, False, id="3_before_a_colon"),
        pytest.param("1." + WORDS[:35] + "：" + TEXT, True, id="35_before_a_colon"),
        pytest.param("1." + WORDS[:36] + "：" + TEXT, False, id="36_before_a_colon"),
        pytest.param("（一）" + WORDS[:45] + "一是落实制度，开展培训。二是推进。", True, id="45_before_an_item"),
        pytest.param("（一）" + WORDS[:46] + "一是落实制度，开展培训。二是推进。", False, id="46_before_an_item"),
        pytest.param(Line("1." + WORDS[:60] + TEXT, bold=62), True, id="60_in_bold"),
        pytest.param(Line("1." + WORDS[:61] + TEXT, bold=63), False, id="61_in_bold"),
        pytest.param(Line("一、规范执法", note=True), False, id="a_note"),
        pytest.param(Line(WORDS[:60], bold=60), True, id="60_in_bold_without_a_number"),
        pytest.param(Line(WORDS[:61], bold=61), False, id="61_in_bold_without_a_number"),
    ],
)
def test_how_long_a_heading_may_be(line, found):
    assert bool(headings(line)) is found


def test_an_item_right_behind_a_number_ends_no_heading():
    assert headings("（一）推进执一是落实制度。二是开展培训。") == [(2, "(一)", "推进执", True)]
    assert headings("（一）推进一是落实制度。二是开展培训。") == [(2, "(一)", "推进一是落实制度", True)]


def read(*lines):
    """The texts of the blocks, the codes of the remarks, and what was left out."""
    blocks, remarks, left_out = read_lines([Line(line) for line in lines])
    return [block.text for block in blocks], [remark.code for remark in remarks], [piece.text for _, piece in left_out]


def test_only_of_the_upper_levels_a_number_is_remarked_that_does_not_count_on():
    assert read("一、甲乙丙", "（一）规范执法", TEXT, "（三）加强普法")[1] == ["number-unexpected"]
    assert read("一、甲乙丙", "1.规范执法", TEXT, "3.加强普法")[1] == []


def test_a_heading_printed_twice_is_left_out_and_its_text_is_not():
    assert read("（一）规范执法", "（一）规范执法。", TEXT) == (["（一）规范执法", TEXT], ["heading-repeated"], ["（一）规范执法。"])
    run_in = f"（一）规范执法。{TEXT}"
    assert read("（一）规范执法", run_in) == (["（一）规范执法", run_in], ["heading-repeated"], [])


@pytest.mark.parametrize("line", [pytest.param("行政复议", id="short"), pytest.param("甲 | 乙 | 丙", id="row_of_a_table")])
def test_short_lines_and_rows_of_tables_may_be_equal(line):
    assert read(line, line) == ([line, line], [], [])
    assert read(TEXT[:5], TEXT[:5]) == ([TEXT[:5]], ["line-repeated"], [TEXT[:5]])


@pytest.mark.parametrize(("length", "found"), [(24, 2), (25, 0)])
def test_how_long_a_run_in_heading_without_a_number_may_be(length, found):
    first = ("加强行政执法监督" + WORDS)[:length]
    assert len(headings("一、主要举措", f"{first}。{TEXT}", f"深化普法宣传教育。{TEXT}", "二、问题", TEXT)) == 2 + found


@pytest.mark.parametrize(("length", "found"), [(40, True), (41, False)])
def test_how_long_a_heading_right_above_the_second_level_may_be(length, found):
    assert ((1, None, WORDS[:length], False) in headings(WORDS[:length], "（一）健全制度", TEXT)) is found


@pytest.mark.parametrize(("length", "found"), [(24, True), (25, False)])
def test_how_long_a_heading_that_nothing_marks_may_be(length, found):
    line = ("主要举措和成效" + WORDS)[:length]
    assert bool(headings(line, TEXT * 3)) is found


@pytest.mark.parametrize(("length", "found"), [(43, ["一、", "(一)", "(二)"]), (44, ["一、", "(一)"])])
def test_how_long_a_heading_may_be_behind_which_the_next_level_is_counted(length, found):
    text = f"一、{WORDS[:length]}（一）健全制度。{TEXT}（二）规范执法。{TEXT}"
    assert [heading[1] for heading in headings(text)] == found


@pytest.mark.parametrize(("length", "found"), [(78, 2), (79, 4)])
def test_how_long_an_entry_of_a_list_of_contents_may_be(length, found):
    lines = ["一、" + WORDS[:length], "二、" + WORDS[3 : length + 3]]
    assert len(headings(*lines, lines[0], TEXT, lines[1], TEXT)) == found


def test_of_a_list_of_contents_only_what_stands_below_is_looked_for():
    names = ["一、甲乙丙丁", "二、戊己庚辛", "三、壬癸子丑", "四、寅卯辰巳"]
    found = headings(*names, "总体情况如下文所述", *(line for name in names[:3] for line in (name, TEXT + name)))
    assert [heading[1] for heading in found] == ["四、", "一、", "二、", "三、"]


@pytest.mark.parametrize(("bold", "parts"), [(0, [0, 0, 0]), (3, [3, 0, 0]), (12, [9, 3, 0])])
def test_what_is_bold_in_a_line_is_bold_in_its_parts(bold, parts):
    line = f"现将情况报告如下。一、主要举措。{TEXT}二、存在的不足。{TEXT}"
    assert [part.bold for part in unglued([Line(line, bold=bold)])] == parts


@pytest.mark.parametrize("mark", list("。；;：:，,"))
def test_a_long_line_that_ends_as_a_sentence_is_no_heading(mark):
    assert headings(f"一、{WORDS[:70]}") == [(1, "一、", WORDS[:70], False)]
    assert headings(f"一、{WORDS[:70]}{mark}") == []
    assert headings(f"一、{WORDS[:70]}{mark}{WORDS[:10]}") == (
        [(1, "一、", WORDS[:70] + mark + WORDS[:10], False)] if mark in "，," else []
    )


@pytest.mark.parametrize("mark", list("；;，,"))
def test_a_numbered_line_that_ends_amid_a_sentence_is_an_entry(mark):
    assert headings(f"1.规范执法行为{mark}") == []


@pytest.mark.parametrize(
    ("first", "found"),
    [
        ("全年办理案件35件", True),
        (("全年办理案件35件" + WORDS)[:30], True),
        (("全年办理案件35件" + WORDS)[:31], False),
        ("全年办理，案件35件", False),
    ],
)
def test_a_short_heading_of_the_upper_levels_may_hold_a_figure(first, found):
    assert headings(f"（一）{first}。{TEXT}") == ([(2, "(一)", first, True)] if found else [])


@pytest.mark.parametrize(("others", "count"), [(3, 3), (4, 2)])
def test_half_of_the_paragraphs_under_a_heading_make_the_others_siblings(others, count):
    texts = [TEXT + str(number) for number in range(others)]
    found = headings("一、主要举措", f"加强行政执法监督。{TEXT}", f"深化普法宣传教育。{TEXT}", *texts, f"成效很好啊。{TEXT}")
    assert len(found) == 1 + count


@pytest.mark.parametrize(("length", "found"), [(7, False), (8, True)])
def test_below_a_heading_that_nothing_marks_stands_a_longer_line(length, found):
    assert bool(headings("主要举措和成效", TEXT[:length])) is found
    assert bool(headings(TEXT, "主要举措和成效", TEXT[:length])) is found


def test_of_a_bold_number_alone_the_sentence_is_the_heading():
    for bold in (3, 4):
        assert headings(Line(f"（一）：规范执法。{TEXT}", bold=bold)) == headings(f"（一）：规范执法。{TEXT}")


@pytest.mark.parametrize(("first", "count"), [("规范执", 0), ("规范执法", 2)])
def test_how_short_a_run_in_heading_without_a_number_may_be(first, count):
    assert len(headings("一、主要举措", f"{first}。{TEXT}", f"深化普法宣传教育。{TEXT}")) == 1 + count


@pytest.mark.parametrize(("bold", "found"), [(2, False), (3, True), (5, True), (6, False)])
def test_bold_letters_must_end_where_the_heading_does(bold, found):
    assert (len(headings("一、主要举措", Line(f"规范执法。{TEXT}", bold=bold))) == 2) is found


def test_runs_of_numbers_are_of_two_lines_and_more():
    def runs(*lines):
        return [[index for index, _ in run] for run in runs_of_numbers([Line(line) for line in lines])]

    assert runs("一、甲") == runs("一、甲", "乙") == runs("一、甲", "三、乙") == runs("一、甲", "（二）乙") == runs("甲") == []
    assert runs("一、甲", "二、乙") == [[0, 1]]
    assert runs("甲", "一、甲", "二、乙", "丙", "1.甲", "2.乙", "3.丙", "5.丁") == [[1, 2], [4, 5, 6]]


@pytest.mark.parametrize("mark", ["；", ";"])
def test_right_beside_an_entry_that_ends_amid_a_sentence_stand_entries(mark):
    assert headings(f"（一）办理案件{mark}", "（二）开展检查") == []
    assert headings("（一）办理案件35件。", "（二）开展检查") == [(2, "(二)", "开展检查", False)]
