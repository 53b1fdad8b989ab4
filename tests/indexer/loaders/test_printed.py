"""Characters with their positions to paragraphs, as PDF and OFD share it."""

from itertools import pairwise

import pytest

from indexer.loaders.printed import read_sheets
from indexer.loaders.sheet_paragraphs import lines_of
from indexer.loaders.sheets import Char, Printed, Sheet

SENTENCES = "全县扎实推进依法行政，健全重大行政决策程序，清理规范性文件四十六件，废止七件，公平竞争审查全面落实。"
A4 = (595.0, 842.0)


def printed(text, left, top, size=12.0):
    return [Char(char, left + size * at, left + size * (at + 1), top, top + size, size) for at, char in enumerate(text)]


def column(text, left, top, width, size=12.0):
    """A paragraph with its first line indented, set to a width in characters."""
    lines = ["　　" + text[: width - 2], *(text[start : start + width] for start in range(width - 2, len(text), width))]
    return [char for at, line in enumerate(lines) for char in printed(line, left, top + 1.6 * size * at, size)]


def sheet(*chars, page=1, size=A4, **more):
    return Sheet(page, *size, chars=[char for part in chars for char in part], **more)


def texts(*sheets):
    return [line.text for line in read_sheets(sheets).lines]


def left_out(*sheets):
    return [(piece.text, piece.reason) for _, piece in read_sheets(sheets).left_out]


def test_two_columns_are_read_one_after_the_other():
    page = sheet(printed("某县报告", 240, 80), column(SENTENCES, 60, 120, 17), column(SENTENCES[::-1], 320, 124, 17))
    assert texts(page) == ["某县报告", SENTENCES, SENTENCES[::-1]]


def test_a_paragraph_goes_on_from_column_to_column_and_page_to_page():
    text = SENTENCES * 6
    parts = [text[:49], text[49:100], text[100:151], text[151:]]

    def rest(part, left):
        return [char for at in range(0, len(part), 17) for char in printed(part[at : at + 17], left, 120 + 1.12 * at)]

    first = sheet(column(parts[0], 60, 120, 17), rest(parts[1], 320))
    second = sheet(rest(parts[2], 60), rest(parts[3], 320), page=2)
    assert texts(first, second) == [text]
    assert [line.page for line in read_sheets([first, second]).lines] == [1]


def test_cells_beside_each_other_are_no_columns():
    rows = [printed(text, left, 120 + 20 * at) for at in range(6) for text, left in (("行政处罚", 60), (str(100 + at), 250), ("件", 400))]
    assert texts(sheet(*rows)) == [f"行政处罚 | {100 + at} | 件" for at in range(6)]


@pytest.mark.parametrize(
    "at",
    [
        pytest.param(lambda text: 250.0, id="set_left"),
        pytest.param(lambda text: 300.0 - 6 * len(text), id="centred"),
        pytest.param(lambda text: 400.0 - 12 * len(text), id="set_right"),
    ],
)
def test_three_lines_of_two_cells_that_stand_under_one_another_are_rows(at):
    cells = [("指标", "数量"), ("行政复议案件", "326件"), ("案卷评查", "1213份")]
    rows = [printed(text, left, 120 + 20 * n) for n, (one, two) in enumerate(cells) for text, left in ((one, 60.0), (two, at(two)))]
    assert texts(sheet(column(SENTENCES, 60, 60, 38), *rows))[1:] == [f"{one} | {two}" for one, two in cells]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([("1.", "加强领导"), ("2.", "健全制度"), ("3.", "强化监督")], id="numbers_of_a_list"),
        pytest.param([("①", "加强领导"), ("A.", "健全制度"), ("ii)", "强化监督"), ("壹、", "夯实基础")], id="other_numbers_of_a_list"),
        pytest.param([("一、加强领导", "1"), ("二、健全制度", "3"), ("三、强化监督", "9")], id="contents"),
        pytest.param([("联系人：王某", "电话：123"), ("地址：城关镇", "邮编：123000")], id="two_lines"),
    ],
)
def test_other_lines_with_white_in_them_are_no_rows(lines):
    rows = [printed(text, left, 120 + 20 * n) for n, pair in enumerate(lines) for text, left in zip(pair, (60.0, 250.0), strict=True)]
    assert not any(" | " in text for text in texts(sheet(*rows)))


def test_a_wide_page_cuts_no_other_page_s_lines():
    narrow = sheet(column(SENTENCES, 60, 120, 38))
    wide = sheet(column(SENTENCES[::-1] * 3, 60, 120, 60), page=2, size=A4[::-1])
    assert texts(narrow, wide) == [SENTENCES, SENTENCES[::-1] * 3]


@pytest.mark.parametrize(
    ("numbers", "kept"),
    [
        pytest.param(["312", None], True, id="alone"),
        pytest.param(["3", "4"], False, id="counting"),
        pytest.param(["312", "98"], True, id="not_counting"),
        pytest.param(["— 1 —", None], False, id="dressed"),
    ],
)
def test_numbers_at_the_top_are_page_numbers_where_they_count(numbers, kept):
    sheets = [sheet(printed(number or "", 290, 60), column(SENTENCES, 60, 120, 38), page=page) for page, number in enumerate(numbers, 1)]
    assert (numbers[0] in texts(*sheets)) is kept
    assert left_out(*sheets) == ([] if kept else [(number, "page-number") for number in numbers if number])


def test_pale_text_is_text_unless_it_repeats_itself_or_lies_over_other_text():
    body = column(SENTENCES, 60, 120, 38)
    alone = sheet(body, pale=printed("浅色的说明", 60, 300))
    assert texts(alone) == [SENTENCES, "浅色的说明"]
    over = sheet(body, pale=printed("内部资料", 80, 121, 40.0))
    assert (texts(over), left_out(over)) == ([SENTENCES], [("内部资料", "watermark")])
    pages = [sheet(column(SENTENCES[page:], 60, 120, 38), pale=printed("内部资料", 80, 500), page=page) for page in (1, 2, 3)]
    assert left_out(*pages) == [("内部资料", "watermark")] * 3


def test_words_at_an_angle_are_a_watermark_where_they_are_large_and_else_remarked_on():
    large = sheet(column(SENTENCES, 60, 120, 38), oblique=printed("内部资料", 80, 300, 50.0))
    assert left_out(large) == [("内部资料", "watermark")]
    small = sheet(column(SENTENCES, 60, 120, 38), oblique=printed("草稿", 80, 300))
    read = read_sheets([small])
    assert [(piece.text, piece.reason) for _, piece in read.left_out] == [("草稿", "turned")]
    assert [remark.code for remark in read.remarks] == ["text-turned"]


def test_a_footnote_stands_behind_its_paragraph_and_is_marked():
    text = (SENTENCES * 4)[:190] + "好。"
    first = sheet(column(text[:120], 60, 120, 38), printed("①数据截至年底。", 60, 700, 9.0))
    read = read_sheets([first, sheet(printed(text[120:158], 60, 120), printed(text[158:], 60, 139), page=2)])
    assert [(line.text, line.note) for line in read.lines] == [(text, False), ("①数据截至年底。", True)]


def test_the_head_of_a_table_that_goes_on_is_read_once():
    def page(number, *names):
        rows = [
            [(60.0, 100.0 + 20 * at, 200.0, 120.0 + 20 * at), (200.0, 100.0 + 20 * at, 300.0, 120.0 + 20 * at)] for at in range(len(names))
        ]
        cells = [printed(text, left, 104 + 20 * at) for at, name in enumerate(names) for text, left in ((name, 64), ("件数", 210))]
        return sheet(*cells, page=number, tables=[rows])

    pages = [page(1, "单位", "司法局"), page(2, "单位", "公安局")]
    assert texts(*pages) == ["单位 | 件数", "司法局 | 件数", "公安局 | 件数"]
    assert left_out(*pages) == [("单位 | 件数", "repeated")]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\ue001\ue002\ue003" + "案件" * 20 + "0123456789" * 30, id="private_use_among_digits"),
        pytest.param("ÇàÊ¯ÏØÄê·¨ÖÎÕþ¸®½¨Éè¹¤×÷±¨¸æ", id="gbk_as_latin"),
    ],
)
def test_text_of_wrong_characters_is_refused_with_what_to_do(text):
    with pytest.raises(ValueError, match=r"garbled.*OCR"):
        texts(sheet(*(printed(text[at : at + 40], 20, 60 + at) for at in range(0, len(text), 40))))


def test_a_pale_character_of_any_height_takes_no_longer_than_another():
    far = 1e12
    page = sheet(column(SENTENCES, 60, 120, 17), [Char("远", 0, 12, far, far + 12, 12.0)], pale=[Char("高", 0, 12, 0, far, 12.0)])
    assert SENTENCES in texts(page)


def ruled(left, top, widths, rows):
    """The boxes of a table's cells, twenty points high."""
    edges = [left + sum(widths[:at]) for at in range(len(widths) + 1)]
    return [[(x0, top + 20 * row, x1, top + 20 * row + 20) for x0, x1 in pairwise(edges)] for row in range(rows)]


def row(words, left, top, widths):
    return [char for at, word in enumerate(words) for char in printed(word, left + sum(widths[:at]) + 4, top + 4)]


@pytest.mark.parametrize("first", [1, 2, 3])
def test_a_row_that_a_page_s_end_cuts_off_is_one_of_the_table(first):
    widths, words = [200, 120], [("类别", "件数"), ("行政处罚", "128"), ("行政许可", "36"), ("行政强制", "2")]
    pages = [
        sheet(
            *(row(cells, 60, top + 20 * at, widths) for at, cells in enumerate(part)), page=page, tables=[ruled(60, top, widths, len(part))]
        )
        for page, part, top in ((1, words[:first], 700), (2, words[first:], 60))
    ]
    assert texts(*pages) == [" | ".join(cells) for cells in words]


def test_a_row_alone_is_no_table():
    widths = [200, 120]
    alone = sheet(row(("发文", "机关"), 60, 60, widths), tables=[ruled(60, 60, widths, 1)])
    other = sheet(row(("类别", "件数"), 60, 60, [90, 90]), page=2, tables=[ruled(60, 60, [90, 90], 1)])
    assert not [text for text in texts(alone, other) if " | " in text]


def test_a_row_that_goes_on_on_the_next_page_is_one():
    widths, text = [120, 240, 120], SENTENCES[:40]
    first = [char for at in (0, 1) for char in printed(text[15 * at : 15 * at + 15], 184, 704 + 20 * at)]
    rest = [*printed(text[30:], 184, 84), *row(("普法", "行政复议", "二所"), 60, 100, widths)]
    pages = [
        sheet(
            row(("监督", "", "一所"), 60, 700, widths),
            first,
            tables=[[[*ruled(60, 680, widths, 1)[0]], [(*cell[:3], 750.0) for cell in ruled(60, 700, widths, 1)[0]]]],
        ),
        sheet(rest, page=2, tables=[ruled(60, 80, widths, 2)]),
    ]
    lines = read_sheets(pages).lines
    assert [(line.text, line.page, line.turns) for line in lines] == [
        (f"监督 | {text} | 一所", 1, True),
        ("普法 | 行政复议 | 二所", 2, False),
    ]


def test_a_cell_that_spans_columns_is_one():
    head = [[(60.0, 60.0, 380.0, 80.0), None]]
    page = sheet(printed("完成情况", 64, 64), row(("任务", "件数"), 60, 80, [200, 120]), tables=[head + ruled(60, 80, [200, 120], 1)])
    assert texts(page) == ["完成情况", "任务 | 件数"]


@pytest.mark.parametrize("sign", ["甲、", "1.", "（1）", "①"])
def test_the_lines_of_an_entry_that_hangs_are_one_paragraph(sign):
    def entry(number, top):
        lines = [SENTENCES[at : at + 16] for at in range(0, len(SENTENCES), 16)]
        return [*printed(sign, 84, top), *(char for at, line in enumerate(lines) for char in printed(line, 120, top + 20 * at))]

    page = sheet(printed("具体措施", 60, 60), column(SENTENCES, 60, 80, 21), entry(1, 180), entry(2, 260), size=(372.0, 842.0))
    found = [text.replace(" ", "") for text in texts(page)]
    assert found[-2:] == [f"{sign}{SENTENCES}"] * 2


def test_a_sentence_that_repeats_itself_at_the_edge_of_pages_is_no_running_head():
    pages = [
        sheet(column(SENTENCES, 60, 40, 30), column(f"第{page}页的正文，各有不同。" * 9, 60, 140, 30), page=page) for page in (1, 2, 3)
    ]
    assert sum(SENTENCES in text for text in texts(*pages)) == 3


def test_short_lines_are_a_paragraph_each_though_one_of_them_is_the_longest():
    lines = [
        "青石县2023年法治政府建设工作报告",
        "一、主要举措",
        "全年受理行政复议申请41件，办结39件。",
        "三、下一步安排",
        "持续加强司法所建设，推进督察。",
    ]
    page = sheet(printed(lines[0], 200, 60), *(printed(line, 90, 80 + 20 * at) for at, line in enumerate(lines[1:])))
    assert texts(page) == lines


def test_a_block_of_lines_that_are_all_set_in_is_a_paragraph():
    lines = [SENTENCES[at : at + 18] for at in range(0, len(SENTENCES) - 1, 18)]
    block = [char for at, line in enumerate(lines) for char in printed(line, 120, 180 + 20 * at)]
    page = sheet(printed("具体措施", 60, 60), column(SENTENCES, 60, 80, 23), block, size=(396.0, 842.0))
    assert texts(page) == ["具体措施", SENTENCES, "".join(lines)]


def test_an_entry_begins_where_the_one_before_it_began_though_that_ended_with_a_full_line():
    lines = [SENTENCES[:17], SENTENCES[17:33] + "。"]
    entries = [
        [
            *printed(f"{n}.", 72, 180 + 40 * n, 12)[:2],
            *(char for at, line in enumerate(lines) for char in printed(line, 108, 180 + 40 * n + 20 * at)),
        ]
        for n in (1, 2, 3)
    ]
    page = sheet(printed("具体措施", 60, 60), column(SENTENCES, 60, 80, 21), *entries, size=(372.0, 842.0))
    assert [text.replace(" ", "") for text in texts(page)][-3:] == [f"{n}.{''.join(lines)}" for n in (1, 2, 3)]


def raised(text, left, top):
    return printed(text, left, top, 7.0)


@pytest.mark.parametrize("mark", ["1", "ii", "①", "[2]"])
def test_marks_of_notes_stand_in_no_word(mark):
    before, behind = "全年办理行政复议案件三百二", "十六件，全部按期办结，群众满意度继续提高。"
    end = 60 + 12 * len(before)
    line = [*printed(before, 60, 100), *raised(mark, end, 99), *printed(behind, end + 7 * len(mark), 100)]
    page = sheet(line, printed(mark + "数据来自年报。", 60, 780, 9.0))
    assert texts(page) == [before + behind, mark + "数据来自年报。"]
    assert left_out(page) == [(mark, "note")]


@pytest.mark.parametrize(
    ("before", "mark", "notes"),
    [
        pytest.param("全县耕地面积为三万平方米", "2", ["2数据来自年报。"], id="square"),
        pytest.param("数据量为10", "4", ["4数据来自年报。"], id="power"),
        pytest.param("全年办理案件三百", "1", [], id="no_note"),
    ],
)
def test_what_is_raised_for_another_reason_stays(before, mark, notes):
    page = sheet(
        printed(before, 60, 100), raised(mark, 60 + 12 * len(before), 99), printed("，继续提高。", 67 + 12 * len(before), 100),
        *(printed(note, 60, 780, 9.0) for note in notes),
    )  # fmt: skip
    assert texts(page)[0] == f"{before}{mark}，继续提高。"


@pytest.mark.parametrize("piece", [".", "... ", "…_"])
def test_a_printed_line_of_many_dots_is_read(piece):
    line = piece * (100_000 // len(piece))
    printed_lines = [Printed(text, 1, 60.0, 300.0, top, 12.0, measure=(119, 168)) for text, top in ((line, 60.0), ("主要做法", 76.0))]
    assert "主要做法" in "".join(found.text for found in lines_of(printed_lines))
