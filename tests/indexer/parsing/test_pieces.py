"""Paragraphs that are too long for one passage."""

import pytest

from indexer.loaders.document import Document, Line
from indexer.model import Body, Heading
from indexer.parsing import parse_report
from indexer.parsing.pieces import LONGEST, in_pieces

SENTENCE = "坚持依法行政，推进行政复议。"


def cut(text, start=0):
    remarks = []
    return list(in_pieces([Body(text, start)], remarks)), remarks


def test_what_fits_is_left_as_it_is():
    heading, body = Heading(1, "一、", "好", "一、好"), Body("法" * LONGEST, 3)
    remarks = []
    assert list(in_pieces([heading, body], remarks)) == [heading, body]
    assert remarks == []


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        pytest.param(SENTENCE * 5_000, "。", id="sentences"),
        pytest.param("一项，" * 20_000, "，", id="clauses"),
        pytest.param("法" * 45_000, "法", id="no_mark"),
        pytest.param("法" * 15_000 + "。" + "治，" * 30_000, "。，", id="a_sentence_rather_than_a_clause"),
    ],
)
def test_pieces_end_at_marks_and_give_back_the_text(text, ends):
    pieces, remarks = cut(text, 7)
    assert "".join(piece.text for piece in pieces) == text
    assert all(0 < len(piece.text) <= LONGEST for piece in pieces)
    assert {piece.text[-1] for piece in pieces[:-1]} <= set(ends)
    assert pieces[0].text[-1] == ends[0]
    assert [piece.piece for piece in pieces] == list(range(1, len(pieces) + 1))
    assert [piece.start for piece in pieces] == [7] + [0] * (len(pieces) - 1)
    assert [remark.params for remark in remarks] == [{"length": len(text), "pieces": len(pieces)}]


def test_the_anchors_of_others_stay():
    lines = ["某县2022年法治政府建设情况报告", "一、主要成效", "第一段。", SENTENCE * 3_000, "第三段。"]
    report = parse_report(Document([Line(line) for line in lines], "txt"), "a.txt")
    assert [passage.anchor for passage in report.passages] == ["t", "1", "1.p1", "1.p2", "1.p2-2", "1.p2-3", "1.p3"]
    assert report.passages[-1].text == "第三段。"
    assert "paragraph-cut" in {remark.code for remark in report.remarks}
