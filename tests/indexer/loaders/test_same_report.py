"""One report in six formats gives the same passages: tests/data/same holds what LibreOffice made of its .docx, the .ofd is made here."""

import shutil
import subprocess

import docx
import pytest
from docx.table import Table
from docx.text.paragraph import Paragraph

from indexer import parse_file
from tests.indexer.loaders.ofd_files import content, make_ofd, paragraph, table, text
from tests.support import ROOT

SAME = ROOT / "tests" / "data" / "same"
WORD = SAME / "report.docx"
WIDTH, LEFT, TOP, BOTTOM = 30, 30, 30, 270
"""Of an OFD page: characters a line, and millimetres."""


def understood(path):
    """All that a report says, and how it stands."""
    report = parse_file(path)
    passages = [
        (passage.kind, passage.anchor, passage.text, passage.part, [(item.number, item.start, item.end) for item in passage.items])
        for passage in report.passages
    ]
    return report.title, report.year, report.issuer, report.published, passages, report.left_out


def printed_as_ofd():
    """The .docx as an OFD: its lines by their positions, the table ruled, over several pages."""
    pages, objects, y = [], [], TOP
    for block in docx.Document(str(WORD)).iter_inner_content():
        if isinstance(block, Table):
            rows = [[cell.text for cell in row.cells] for row in block.rows]
            drawn, below = table(rows, LEFT, y, [60, 40]), y + 8 * len(rows) + 10
        elif isinstance(block, Paragraph) and block.alignment is not None:
            size = 7 if not objects else 5
            drawn, below = text(block.text, 105 - size * len(block.text) / 2, y, size), y + 12
        else:
            drawn, below = paragraph(block.text, LEFT, y, WIDTH)
        if below > BOTTOM:
            pages.append(objects)
            objects, y, below = [], TOP, below - y + TOP
            drawn = table(rows, LEFT, y, [60, 40]) if isinstance(block, Table) else paragraph(block.text, LEFT, y, WIDTH)[0]
        objects.append(drawn)
        y = below
    return make_ofd([content(*page) for page in [*pages, objects]])


@pytest.mark.parametrize("extension", ["doc", "rtf", "pdf", "html", "ofd"])
def test_the_same_report_is_understood_alike(tmp_path, extension):
    path = SAME / f"report.{extension}"
    if extension == "ofd":
        path = tmp_path / "report.ofd"
        path.write_bytes(printed_as_ofd())
    assert understood(path) == understood(WORD)


def test_pages_are_counted_where_there_are_pages(tmp_path):
    (tmp_path / "report.ofd").write_bytes(printed_as_ofd())
    for path in (SAME / "report.pdf", tmp_path / "report.ofd"):
        pages = [passage.page for passage in parse_file(path).passages]
        assert pages == sorted(pages)
        assert (pages[0], pages[-1]) == (1, 3)
    assert {passage.page for passage in parse_file(WORD).passages} == {None}


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.slow
@pytest.mark.parametrize("extension", ["doc", "rtf", "pdf", "html"])
def test_a_file_made_now_is_understood_alike(tmp_path, extension):
    profile = f"-env:UserInstallation={tmp_path.as_uri()}/profile"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", extension, "--outdir", tmp_path, WORD], check=True, capture_output=True
    )
    assert understood(tmp_path / f"report.{extension}") == understood(WORD)
