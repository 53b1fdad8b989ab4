"""What is trimmed from the edges of a text, and what stays between them."""

import pytest

from indexer import Remark
from indexer.loaders import Document, Line
from indexer.model import LeftOut
from indexer.parsing import parse_report, with_text
from indexer.parsing.chrome import is_button, is_chrome
from indexer.parsing.clean import clean
from indexer.parsing.left_out import remains

TITLE = "青石县2023年法治政府建设工作报告"
FIRST = "2023年，青石县坚持依法行政，现将有关情况报告如下。"
LAST = "下一步将继续推进各项工作，确保落到实处。"


def read(*lines):
    return parse_report(Document([Line(line) for line in lines], "txt"), "a.txt")


def body(report):
    return [passage.text for passage in report.passages[1:]]


@pytest.mark.parametrize(
    "line",
    [
        "在大厅张贴“办不成事”反映窗口二维码",
        "地址：县政务服务中心一楼",
        "来源：群众举报61条",
        "完成政府网站IPv6改造",
        "网站ICP备案核查",
        "打印",
        "发布日期：2023年6月1日",
        "相关链接：三项制度",
        "版权所有人的权益得到保护",
        "今天是国家宪法日",
    ],
)
def test_between_two_sentences_nothing_is_left_out_for_its_words(line):
    report = read(TITLE, FIRST, line, LAST)
    assert body(report) == [FIRST, line, LAST]
    assert report.left_out == ()


@pytest.mark.parametrize(
    "line", ["1.推行执法二维码", "（三）推广“扫一扫”亮证执法", "技术支持：组织专家上门指导27次。", "今天是国家宪法日，集体宣誓。"]
)
def test_a_heading_or_a_sentence_is_text_at_the_edges_too(line):
    assert body(read(TITLE, line, FIRST, line.replace("推", "再推"))) == [line, FIRST, line.replace("推", "再推")]


def test_buttons_that_nobody_has_heard_of_stand_among_those_that_are_known():
    report = read(TITLE, "2024-01-10", "来源：青石县司法局", "听一听", "【字号", "加大", "还原", "】", FIRST, LAST, "相关报道：")
    assert body(report) == [FIRST, LAST]
    assert (report.published, report.source, report.issuer) == ("2024-01-10", "青石县司法局", "青石县")
    assert [(piece.text, piece.reason) for piece in report.left_out if piece.reason == "furniture"] == [
        ("听一听", "furniture"),
        ("【字号", "furniture"),
        ("加大", "furniture"),
        ("还原", "furniture"),
        ("】", "furniture"),
        ("相关报道：", "furniture"),
    ]


def test_a_short_line_below_the_metadata_is_text():
    assert body(read(TITLE, "2024-01-10", "我县有关情况", FIRST)) == ["我县有关情况", FIRST]


@pytest.mark.parametrize("numbers", [["1", "2", "3"], ["— 4 —", "— 5 —"], ["第1页 共9页", "第2页 共9页"]])
def test_page_numbers_that_count_on_are_left_out(numbers):
    lines = [line for number in numbers for line in (FIRST + number, number)]
    report = read(TITLE, *lines, LAST)
    assert body(report) == [*(FIRST + number for number in numbers), LAST]
    assert [(piece.text, piece.reason) for piece in report.left_out] == [(number, "page-number") for number in numbers]


def test_a_number_alone_is_text():
    assert body(read(TITLE, FIRST, "312", LAST)) == [FIRST, "312", LAST]


def test_the_title_as_a_running_head_and_a_player_s_buttons_are_machinery():
    report = read(TITLE, "朗读", FIRST, TITLE, "朗读", FIRST + "又", TITLE, LAST)
    assert body(report) == [FIRST, FIRST + "又", LAST]
    assert [piece.reason for piece in report.left_out] == ["furniture", "running-head", "furniture", "running-head"]


def test_a_line_that_says_the_title_once_is_no_running_head():
    assert body(read("青石县2023年法治政府建设", "工作报告", FIRST, TITLE, LAST)) == [FIRST, TITLE, LAST]


def test_what_stands_below_the_last_buttons_is_the_page_s():
    foot = [
        "打印",
        "关闭",
        "上一篇：关于开展检查的通知",
        "我县召开会议，部署下一步重点任务，要求各单位抓好落实，确保完成全年目标任务，取得实效",
        "首页",
    ]
    report = read(TITLE, *(f"（{n}）{FIRST}" for n in "一二三四五六"), LAST, *foot)
    assert body(report)[-1] == LAST
    assert [piece.text for piece in report.left_out] == foot


def test_who_wrote_it_may_stand_below_the_text():
    report = read(TITLE, FIRST, LAST, "来源：青石县司法局", "编辑：张三", "打印", "来源：另一局")
    assert (report.source, report.editor, body(report)) == ("青石县司法局", "张三", [FIRST, LAST])
    assert [piece.text for piece in report.left_out] == ["打印", "来源：另一局"]


def test_a_clause_in_front_of_a_page_s_words_makes_them_text():
    assert body(read(TITLE, FIRST, "完成云平台升级，网站支持IPv6访问")) == [FIRST, "完成云平台升级，网站支持IPv6访问"]


def test_text_behind_buttons_is_text_where_it_is_more_than_a_bit():
    assert body(read(TITLE, FIRST, "打印", FIRST + "又", LAST)) == [FIRST, "打印", FIRST + "又", LAST]


def test_a_page_s_foot_does_not_begin_above_a_heading_of_the_text():
    assert body(read(TITLE, FIRST, "打印", "二、存在的不足", "执法力量不足")) == [FIRST, "打印", "二、存在的不足", "执法力量不足"]


def test_a_title_printed_again_is_no_text():
    report = read(TITLE, TITLE, FIRST, LAST)
    assert body(report) == [FIRST, LAST]
    assert "title-repeated" in {remark.code for remark in report.remarks}


def test_a_title_printed_again_over_two_lines_is_no_text():
    report = read(TITLE, TITLE[:8], TITLE[8:], FIRST, LAST)
    assert body(report) == [FIRST, LAST]
    assert "title-repeated-broken" in {remark.code for remark in report.remarks}
    assert "title-joined" not in {remark.code for remark in report.remarks}
    assert body(read(TITLE, TITLE[:8], TITLE[8:])) == []
    assert "title-joined" in {remark.code for remark in read(TITLE[:8], TITLE[8:], FIRST, LAST).remarks}


def test_no_line_of_more_than_300_characters_is_furniture():
    assert is_chrome("版权所有" + "字" * 296)
    assert is_chrome("版权所有" + "字" * 297) is False
    assert is_button("打印" + " " * 298)
    assert is_button("打印" + " " * 299) is False


def codes(report):
    return [remark.code for remark in report.remarks]


def test_a_year_far_from_its_publication_is_in_doubt():
    far = read(TITLE, "发布时间：2012-03-01", FIRST, LAST)
    assert far.remarks == (Remark("year-far-from-published", year=2023, published="2012-03-01"),)
    assert codes(read(TITLE, "发布时间：2025-03-01", FIRST, LAST)) == []
    assert codes(read(TITLE, "发布时间：2026-03-01", FIRST, LAST)) == ["year-far-from-published"]
    assert codes(read(TITLE, "发布时间：2023-03-01", FIRST, LAST)) == []
    assert codes(read(TITLE, "发布时间：2022-03-01", FIRST, LAST)) == ["year-far-from-published"]


def test_the_value_of_a_label_may_stand_on_the_next_line():
    report = read(TITLE, "来源：", "石岭县司法局", FIRST, LAST)
    assert (report.source, body(report)) == ("石岭县司法局", [FIRST, LAST])


def test_a_line_that_is_printed_twice_is_read_once():
    report = read(TITLE, FIRST, FIRST, LAST)
    assert body(report) == [FIRST, LAST]
    assert (report.left_out, codes(report)) == ((LeftOut(FIRST, "repeated"),), ["line-repeated", "published-missing"])


def test_a_title_alone_is_no_text():
    assert "text-missing" in codes(read(TITLE))
    assert "text-missing" not in codes(read(TITLE, FIRST))


@pytest.mark.parametrize(("length", "kept"), [(12, []), (13, ["相关工作的报道和说明如下："])])
def test_a_short_line_that_announces_nothing_is_left_out_at_the_end(length, kept):
    line = "相关工作的报道和说明如下"[: length - 1] + "："
    assert body(read(TITLE, FIRST, LAST, line)) == [FIRST, LAST, *kept]


@pytest.mark.parametrize(("length", "is_text"), [(45, False), (46, True)])
def test_a_date_beside_a_name_is_no_text(length, is_text):
    line = ("推进执法规范化" * 6)[: length - 10] + "2024-02-08"
    report = read(TITLE, line, FIRST, LAST)
    assert body(report) == ([line] if is_text else []) + [FIRST, LAST]
    assert report.published == (None if is_text else "2024-02-08")


SIGNED = ["石岭县水利局", "青石县司法局", "青石县公安局", "青石县民政局", "青石县财政局", "青石县教育局"]


@pytest.mark.parametrize(("names", "kept"), [(5, []), (6, SIGNED[:1])])
def test_six_lines_at_the_end_may_be_a_signature(names, kept):
    report = read(TITLE, FIRST, LAST, *SIGNED[:names], "2024年2月8日")
    assert body(report) == [FIRST, LAST, *kept]
    assert report.published == "2024-02-08"


@pytest.mark.parametrize(("lines", "published"), [(8, "2024-02-08"), (9, None)])
def test_eight_lines_may_stand_below_a_signature(lines, published):
    report = read(TITLE, FIRST, LAST, "石岭县水利局", "2024年2月8日", *(f"共印{number}份" for number in range(lines)))
    assert report.published == published
    assert (body(report) == [FIRST, LAST]) is (published is not None)


@pytest.mark.parametrize(
    ("of", "period", "remarks"),
    [
        ("2023年上半年", "2023-H1", ["year-half", "published-missing"]),
        ("2023年1-6月", "2023-H1", ["year-half", "published-missing"]),
        ("2023年下半年", "2023-H2", ["year-half", "published-missing"]),
        ("2023年7-12月", "2023-H2", ["year-half", "published-missing"]),
        ("2021-2022年", "2021/2022", ["years-several", "published-missing"]),
        ("2023年", None, ["published-missing"]),
    ],
)
def test_what_time_a_report_is_about(of, period, remarks):
    report = read(f"石岭县{of}法治政府建设工作总结", FIRST)
    assert (report.period, codes(report)) == (period, remarks)


def test_lines_are_read_without_what_nobody_sees():
    lines = [
        Line("甲\u200b乙", bold=2),
        Line("\u200b"),
        Line("规范执法。　　一是落实。", bold=5),
        Line("规 范 执 法 一 二 三 四", bold=7),
        Line("规 范 执 法 一 二 三", bold=7),
    ]
    assert [(line.text, line.number, line.bold) for line in clean(lines, 5)] == [
        ("甲乙", 5, 1),
        ("规范执法。", 7, 5),
        ("一是落实。", 7, 0),
        ("规范执法一二三四", 8, 4),
        ("规 范 执 法 一 二 三", 9, 7),
    ]


@pytest.mark.parametrize(
    "title",
    [
        pytest.param([TITLE], id="one_line"),
        pytest.param(["青石县法治政府建设工作报告", "（2023年度）"], id="a_year_below"),
        pytest.param(["青石县2023年法治政府建设", "情况的报告"], id="its_last_words_below"),
        pytest.param(["青石县2023年法治政府建设情况", "的报告"], id="its_last_word_below"),
    ],
)
def test_every_line_of_a_title_belongs_to_it(title):
    report = read("首页", *title, FIRST, LAST)
    assert (report.title, body(report)) == ("".join(title), [FIRST, LAST])
    assert [piece.text for piece in report.left_out] == ["首页"]


def test_a_report_of_nobody_known_is_remarked():
    assert "issuer-missing" in codes(read("关于2023年度法治政府建设情况的报告", "坚持依法行政，各项工作取得新成效。", LAST))
    assert "issuer-missing" not in codes(read(TITLE, FIRST, LAST))


@pytest.mark.parametrize(
    ("of_file", "of_text", "title"),
    [
        pytest.param([TITLE], [], TITLE, id="the_file_s_where_the_text_has_none"),
        pytest.param([TITLE], ["青石县法治政府建设工作总结"], "青石县法治政府建设工作总结", id="the_text_s"),
        pytest.param([], ["青石县法治政府建设工作总结"], "青石县法治政府建设工作总结", id="the_text_s_alone"),
        pytest.param([], [], "a", id="no_one_s"),
    ],
)
def test_which_title_a_text_set_right_has(of_file, of_text, title):
    whole = "全县深入推进依法行政，各项工作取得新成效。"
    report = with_text(read(*of_file, whole, LAST), read(*of_text, whole, LAST + "又"), "a.set.txt")
    assert (report.title, report.passages[0].text) == (title, title)


@pytest.mark.parametrize(("length", "is_text"), [(10, False), (11, True)])
def test_a_tenth_of_all_prose_may_stand_behind_the_buttons(length, is_text):
    text, behind = "推进执法规范化，" * 11 + "好。", "推进执法规范化工作和培训"[: length - 1] + "。"
    assert len(text) == 90
    assert body(read(TITLE, text, "打印", behind)) == ([text, "打印", behind] if is_text else [text])


def test_right_behind_the_text_a_page_s_words_begin_what_is_the_page_s():
    assert body(read(TITLE, FIRST, LAST, "版权所有：石岭县", "某某字样")) == [FIRST, LAST]


def test_invisible_characters_are_counted():
    report = read(TITLE, FIRST + "\u200b\u200b", LAST + "\u00ad")
    assert report.remarks[0] == Remark("invisible-removed", count=3)
    assert body(report) == [FIRST, LAST]


def test_over_how_many_lines_a_title_was_broken_is_said():
    assert Remark("title-joined", lines=2) in read(TITLE[:8], TITLE[8:], FIRST, LAST).remarks
    assert Remark("title-joined", lines=3) in read(TITLE[:3], TITLE[3:8], TITLE[8:], FIRST, LAST).remarks


@pytest.mark.parametrize(
    ("line", "issuer"),
    [
        ("发布机构：青石县水利局 来源：青石县司法局", "青石县水利局"),
        ("发布机构：青石日报 来源：青石县司法局", "青石县司法局"),
        ("来源：青石日报", "县交通局"),
    ],
)
def test_the_page_says_whose_a_report_is_before_a_name_without_its_place(line, issuer):
    opening = "2023年，县交通局认真履职，现将我局2023年法治政府建设情况报告如下："
    assert read("关于2023年法治政府建设情况的报告", line, opening, LAST).issuer == issuer


def test_what_a_page_shows_of_itself_goes_before_what_its_file_says_out_of_sight():
    hidden = {"published": "2024-03-05", "source": "青石日报", "editor": "李四"}

    def labelled(*lines):
        report = parse_report(Document([Line(line) for line in lines], "html", labels=hidden), "a.html")
        return report.published, report.source, report.editor

    assert labelled(TITLE, FIRST, LAST) == ("2024-03-05", "青石日报", "李四")
    shown = "发布时间：2024-01-02 来源：县司法局 责任编辑：张三"
    assert labelled(TITLE, shown, FIRST, LAST) == ("2024-01-02", "县司法局", "张三")


@pytest.mark.parametrize(("before", "year"), [(5, 2021), (6, None)])
def test_six_paragraphs_are_the_opening(before, year):
    lines = [f"全县认真推进第{number}项工作。" for number in range(before)]
    report = read("关于法治政府建设情况的报告", *lines, "现将青石县水利局2021年法治政府建设情况报告如下：", "一、主要举措", LAST)
    assert report.year == year


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("来源：青石县司法局", []),
        ("来源： 青 石 县 司 法 局", []),
        ("来源：青石县司法局办公室", ["来源：青石县司法局办公室"]),
        ("来源：原青石县司法局", ["来源：原青石县司法局"]),
        ("来源：青石县司法局 编辑：张三", ["编辑：张三"]),
        ("发布时间：2024-01-02 09:30 浏览量：12", ["浏览量：12"]),
        ("发布时间：2024-01-03", ["发布时间：2024-01-03"]),
        ("||", ["||"]),
    ],
)
def test_what_is_left_of_a_line_beside_the_values_of_its_report(line, left):
    found = remains([Line(line, number=7)], ["青石县司法局"], "2024-01-02", "metadata")
    assert found == [(7, LeftOut(text, "metadata")) for text in left]


def test_a_title_that_names_nobody_leaves_a_text_its_own_issuer():
    whole = "2023年，全县深入推进依法行政，各项工作取得新成效。"
    file = read("关于2023年法治政府建设情况的报告", whole, LAST)
    text = read(whole, LAST + "又", "青石县司法局", "2024年2月8日")
    assert (file.issuer, text.issuer) == (None, "青石县司法局")
    report = with_text(file, text, "a.set.txt")
    assert (report.title, report.issuer, report.level) == (file.title, "青石县司法局", text.level)


@pytest.mark.parametrize(
    "line", ["今天是2025年5月6日", "今天 2025-05-06", "2025年5月6日 星期二", "农历 2025年5月6日", "现在是 2025-05-06 9:00"]
)
def test_the_day_on_which_a_page_was_saved_is_not_that_of_its_publication(line):
    assert read(TITLE, line, FIRST, LAST).published is None
    assert read(TITLE, line, "2024-01-02", FIRST, LAST).published == "2024-01-02"


EDGE = "推进执法规范化和法治宣传教育工作" * 3
"""Of any length, without a mark."""


@pytest.mark.parametrize(
    ("line", "is_text"),
    [
        pytest.param(EDGE[:38] + "，" + EDGE[0], False, id="40_with_a_comma"),
        pytest.param(EDGE[:39] + "，" + EDGE[0], True, id="41_with_a_comma"),
        pytest.param(EDGE[:41], False, id="41_without_a_mark"),
        pytest.param("推进执法。", True, id="a_short_sentence"),
        pytest.param("各代表：", False, id="4_before_a_colon"),
        pytest.param("各位代表：", True, id="5_before_a_colon"),
        pytest.param("各，位代表：", False, id="a_comma_before_a_colon"),
        pytest.param(("主要举措和成效" + EDGE)[:24], True, id="24_that_name_a_part"),
        pytest.param(("主要举措和成效" + EDGE)[:25], False, id="25_that_name_a_part"),
        pytest.param("一、推进执法", True, id="a_numbered_heading"),
        pytest.param("甲 | 乙", True, id="a_row_of_a_table"),
    ],
)
def test_what_is_certainly_text_above_a_button(line, is_text):
    report = read(TITLE, line, "打印", FIRST, LAST)
    assert body(report)[0] == (line if is_text else FIRST)
    assert ([piece.text for piece in report.left_out] == [line, "打印"]) is not is_text


@pytest.mark.parametrize(("length", "is_value"), [(30, True), (31, False)])
def test_how_long_a_value_below_its_label_may_be(length, is_value):
    report = read(TITLE, "来源：", EDGE[:length], FIRST, LAST)
    assert (report.source, body(report)[0]) == ((EDGE[:length], FIRST) if is_value else (None, EDGE[:length]))


@pytest.mark.parametrize("mark", list("。，,：:"))
def test_a_line_with_a_mark_is_no_value_of_the_label_above(mark):
    assert read(TITLE, "来源：", f"甲{mark}乙局", FIRST, LAST).source is None


@pytest.mark.parametrize(("menu", "title"), [(79, TITLE), (80, "a")])
def test_the_title_stands_among_the_first_eighty_lines(menu, title):
    assert read(*(f"菜单{number}" for number in range(menu)), TITLE, FIRST, LAST).title == title


@pytest.mark.parametrize(("length", "is_title"), [(45, True), (46, False)])
def test_how_long_a_line_with_a_date_below_a_headline_may_be(length, is_title):
    headline = "我县多措并举优化营商环境"
    report = read(headline, ("2023-06-09 " + EDGE)[:length], "全县工作取得新成效。", LAST)
    assert report.title == (headline if is_title else "a")


@pytest.mark.parametrize(
    ("heading", "stands_below"),
    [("一、主要举措", False), ("（一）主要举措", False), ("二、主要举措", True), ("（二）主要举措", True), ("1.主要举措", True)],
)
def test_the_title_stands_above_the_first_heading(heading, stands_below):
    assert (read(heading, TITLE, FIRST, LAST).title == TITLE) is stands_below


def test_whose_a_file_s_report_is_goes_to_a_text_set_right_that_does_not_say():
    lines = ["关于2023年度法治政府建设情况的报告", "全县深入推进依法行政，各项工作取得新成效。", LAST]
    file, text = read(lines[0], "来源：青石县司法局", *lines[1:]), read(*lines)
    assert (file.issuer, text.issuer) == ("青石县司法局", None)
    report = with_text(file, text, "a.set.txt")
    assert (report.title, report.issuer, report.level) == (lines[0], "青石县司法局", file.level)
    assert "issuer-missing" not in codes(report)
