"""The page that a passage begins on, from the lines of a file to the passages of its report."""

from dataclasses import replace

from indexer.loaders.document import Document, Line
from indexer.parsing import parse_report
from indexer.parsing.pieces import LONGEST

DONE = "全年组织学习十二次，参加人员一百二十人次，相关材料均已归档备查。"


def pages(*lines):
    """The page of every passage by how its text begins."""
    report = parse_report(Document([Line("某县2022年法治政府建设情况报告", page=1), *lines], "pdf"), "a.pdf")
    return {passage.text[:4]: passage.page for passage in report.passages}


def test_title_headings_and_paragraphs_have_the_page_of_their_line():
    found = pages(Line("一、举措", page=1), Line(f"（一）严格执法。{DONE}", page=2), Line("二、打算", page=3), Line(DONE, page=3))
    assert found == {"某县20": 1, "一、举措": 1, "（一）严": 2, "二、打算": 3, "全年组织": 3}


def test_a_sentence_broken_by_a_page_is_a_paragraph_of_the_first():
    found = pages(
        Line("一、举措", page=1), Line(f"近年{DONE}不断加强制度建设，切实提高广", page=1), Line("大干部的法律素质，推进工作。", page=2)
    )
    assert found["近年全年"] == 1
    assert len(found) == 3


def test_headings_inside_a_line_have_its_page_where_it_has_one_alone():
    glued = f"近年{DONE}一、主要举措{DONE}二、下步打算{DONE}三、其他事项{DONE}"
    assert pages(Line(glued, page=2)) == {"某县20": 1, "近年全年": 2, "一、主要": 2, "二、下步": 2, "三、其他": 2}
    assert pages(Line(glued, page=2, turns=True)) == {"某县20": 1, "近年全年": 2, "一、主要": None, "二、下步": None, "三、其他": None}


def test_later_pieces_of_what_is_too_long_may_begin_on_any_page():
    report = parse_report(Document([Line("某县2022年法治政府建设情况报告", page=1), Line(DONE * (LONGEST // 20), page=1)], "pdf"), "a.pdf")
    assert [passage.page for passage in report.paragraphs] == [1, *[None] * (len(report.paragraphs) - 1)]
    assert len(report.paragraphs) > 1


def test_an_indent_inside_a_line_that_turns_begins_on_an_unknown_page():
    line = Line(f"近年{DONE}　　目前{DONE}", page=4)
    assert pages(line) == {"某县20": 1, "近年全年": 4, "目前全年": 4}
    assert pages(replace(line, turns=True)) == {"某县20": 1, "近年全年": 4, "目前全年": None}
