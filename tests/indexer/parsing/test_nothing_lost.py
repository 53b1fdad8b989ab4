"""Every character of a file's text is in a passage, in a value that the report knows, or left out with a reason."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer import RejectedFile
from indexer.loaders import Document, Limits, Line, read_document
from indexer.parsing import parse_report
from tests.indexer.parsing.conserved import check, lines_of, lost
from tests.indexer.parsing.generated import make, meta_lines
from tests.indexer.parsing.test_generated_reports import HTML_HABITS, METAS, TEXT_HABITS, page, paragraphs, save, text_file
from tests.indexer.parsing.test_generated_reports import body as body_of
from tests.support import ROOT

DATA = ROOT / "tests" / "data"
FILES = [path for folder in ("samples", "faults") for path in sorted((DATA / folder).iterdir()) if path.suffix != ".json"]


def read(path):
    return parse_report(read_document(path, Limits()), path.name)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_is_accounted_for(path):
    try:
        report = read(path)
    except RejectedFile:
        return
    # The parts of a packed file, and the characters of a PDF, may lie in any order.
    check(lines_of(path), report, ordered=path.suffix not in (".pdf", ".docx", ".doc", ".mhtml"))


@pytest.mark.parametrize("habit", TEXT_HABITS)
def test_text_in_any_habit_is_accounted_for(tmp_path, habit):
    path = save(tmp_path, "a.txt", TEXT_HABITS[habit](make(31, brief=habit == "all_in_one_block")))
    assert not lost(lines_of(path), read(path))


@pytest.mark.parametrize("habit", HTML_HABITS)
def test_a_page_in_any_habit_is_accounted_for(tmp_path, habit):
    path = save(tmp_path, "a.html", HTML_HABITS[habit](make(51, run_in=True)))
    assert not lost(lines_of(path), read(path))


@pytest.mark.parametrize("meta", METAS)
@pytest.mark.parametrize("name", ["a.txt", "a.html"])
def test_metadata_in_any_form_is_accounted_for(tmp_path, meta, name):
    truth = make(METAS.index(meta))
    content = text_file(truth, meta) if name == "a.txt" else page(truth, paragraphs(body_of(truth)), meta=meta)
    path = save(tmp_path, name, content)
    check(lines_of(path), read(path))


def test_what_is_left_out_has_its_reason(tmp_path):
    report = read(save(tmp_path, "a.txt", text_file(make(1))))
    assert [(piece.text, piece.reason) for piece in report.left_out] == [
        ("浏览量:154", "metadata"),
        ("文字大小:", "metadata"),
        ("打印", "furniture"),
        ("分享", "furniture"),
        ("返回列表", "furniture"),
    ]


PIECES = [
    *(line for lines in meta_lines(make(3)).values() for line in lines),
    *body_of(make(3))[:8],
    make(3).title,
    *("打印", "【关闭】", "上一篇：没有了", "— 3 —", "— 4 —", "相关报道：", "县人民政府：", "存在的不足", "一、", "（一）", "1.", "•", "|||", "附件：1.表.docx"),
    *("当前位置：首页 > 政务公开", "版权所有：青石县人民政府", "2023年", "312", "甲 | 乙", "现将2022年度法治政府建设情况报告如下："),
]  # fmt: skip
TEXTS = st.one_of(st.sampled_from(PIECES), st.text("一二三四（）()、。，：:1230年月日是的县 |abc\u3000\xa0", min_size=1, max_size=40))


@pytest.mark.unmeasured
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TEXTS.filter(str.strip), min_size=1, max_size=25), st.data())
def test_a_document_made_up_of_anything_is_accounted_for(texts, data):
    lines = [Line(text.strip(), data.draw(st.integers(0, len(text.strip())))) for text in texts]
    document = Document(
        lines,
        "txt",
        titles=data.draw(st.lists(st.sampled_from(PIECES), max_size=2)),
        body_start=data.draw(st.integers(0, len(lines))),
    )
    check([line.text for line in lines], parse_report(document, "a.txt"))


BLOCKS = st.recursive(
    TEXTS.map(lambda text: f"<p>{text}</p>"),
    lambda inner: st.tuples(
        st.sampled_from(["div", "ul", "td", "nav", "a href=1", "div class=footer", "div style='display:none'", "span", "b"]),
        st.lists(inner, max_size=4),
    ).map(lambda made: f"<{made[0]}>{''.join(made[1])}</{made[0].split()[0]}>"),
    max_leaves=12,
)


@pytest.mark.unmeasured
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(st.lists(BLOCKS, min_size=1, max_size=8))
def test_a_page_made_up_of_anything_is_accounted_for_or_refused(tmp_path, blocks):
    path = save(tmp_path, "a.html", "<html><head><meta charset=utf-8></head><body>法" + "".join(blocks) + "</body></html>")
    try:
        report = read(path)
    except RejectedFile:
        return
    assert not lost(lines_of(path), report)
