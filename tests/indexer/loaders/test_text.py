"""Lines of plain text and Markdown, also those made to take long."""

import pytest

from indexer.loaders.text import load_markdown, load_text
from indexer.parsing import parse_report

TITLE, FIRST = "青石县2023年法治政府建设工作报告", "2023年，青石县坚持依法行政，现将有关情况报告如下。"


@pytest.mark.parametrize("load", [load_text, load_markdown])
@pytest.mark.parametrize("blank", [" ", "\t", "\u3000", " \t\u3000"])
@pytest.mark.parametrize("begin", ["2023-03-01", "# 标题", "|", "|--", "甲", "2023", "附件1", "浏览次数", "当前位置", "您是第"])
def test_a_line_with_a_long_run_of_white_space_is_read(load, blank, begin):
    line = begin + blank * (100_000 // len(blank)) + "乙"
    report = parse_report(load(f"{TITLE}\n\n{line}\n\n{FIRST}".encode()), "a.txt")
    assert any(FIRST in passage.text for passage in report.passages)


@pytest.mark.parametrize(
    ("line", "text", "heading"),
    [
        ("# 甲", "甲", 0),
        ("### 甲 ##  ", "甲", 2),
        ("## 甲#", "甲", 1),
        ("## ##", "## ##", 1),
        ("##甲", "##甲", None),
        ("- 甲", "甲", None),
        ("  * - 甲", "甲", None),
        ("甲 - 乙", "甲 - 乙", None),
        ("2020 + 2021", "2020 + 2021", None),
    ],
)
def test_only_the_marks_of_a_line_of_markdown_are_left_out(line, text, heading):
    (found,) = load_markdown(line.encode()).lines
    assert (found.text, found.heading) == (text, heading)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("见[甲](http://a/(1))和![乙](b.png)", "见甲和乙"),
        ("[甲[乙](b)", "甲[乙"),
        ("[甲][乙](b)[丙](c d)", "[甲]乙[丙](c d)"),
        ("甲**乙**丙__丁__", "甲乙丙丁"),
        ("**甲__乙__", "**甲乙"),
        ("** 甲**乙**", "** 甲乙"),
        ("__甲**乙", "__甲**乙"),
    ],
)
def test_the_text_of_links_and_bold_parts_of_a_line_of_markdown_is_kept(line, text):
    assert [found.text for found in load_markdown(line.encode()).lines] == [text]


@pytest.mark.parametrize("mark", ["[", "![", "[甲", "[甲](", "**甲 ", "__甲 ** "])
def test_a_line_of_markdown_with_many_marks_without_an_end_is_read(mark):
    line = mark * (100_000 // len(mark))
    assert [found.text for found in load_markdown(f"{FIRST}\n\n{line}".encode()).lines] == [FIRST, line.strip()]
