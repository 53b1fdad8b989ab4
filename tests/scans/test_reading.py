"""Scans end to end: four pages are read by the real engine, indexed, found and shown."""

import contextlib
import difflib
import hashlib
import io
import json
import re
import unicodedata
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from indexer import open_index
from indexer.cli import main
from indexer.loaders import engine_name
from indexer.workers.remembered import PageMemory
from tests.indexer.parsing.conserved import check
from tests.support import ROOT
from webui import create_app

SCANS = ROOT / "tests" / "data" / "scans"
EXPECTED = json.loads((SCANS / "expected.json").read_text("utf-8"))
PRINTED = ROOT / "tests" / "data" / "samples" / "08-pages.pdf"


def mixed_pdf(path):
    """The first page of a printed report, a scanned one in two columns behind it, then an empty one."""
    with pypdfium2.PdfDocument.new() as made, pypdfium2.PdfDocument(PRINTED) as printed:
        made.import_pages(printed, [0])
        page = made.new_page(595, 842)
        picture = pypdfium2.PdfImage.new(made)
        picture.load_jpeg(str(SCANS / "columns.jpg"), inline=True)
        picture.set_matrix(pypdfium2.PdfMatrix().scale(595, 842))
        page.insert_obj(picture)
        page.gen_content()
        made.new_page(595, 842)
        made.save(str(path))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """A letter as .jpg, a table and a page with a seal as one .tif, and a PDF of which one page is a scan."""
    folder = tmp_path_factory.mktemp("scans") / "corpus"
    folder.mkdir()
    (folder / "letter.jpg").write_bytes((SCANS / "letter.jpg").read_bytes())
    pages = [Image.open(SCANS / f"{name}.jpg") for name in ("table", "seal")]
    pages[0].save(folder / "annex.tif", save_all=True, append_images=pages[1:], compression="jpeg")
    mixed_pdf(folder / "mixed.pdf")
    return folder


@pytest.fixture(scope="module")
def summary(corpus):
    """What `reindex --json` said of it."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with contextlib.redirect_stdout(out):
        assert main([str(corpus), "--index", str(corpus.parent / "index"), "--json"]) == 0
    out.flush()
    return {report["path"].partition("/")[2]: report for report in json.loads(out.buffer.getvalue())["reports"]}


@pytest.fixture(scope="module")
def reports(corpus, summary):
    with open_index(corpus.parent / "index") as index:
        return {name: index.report(report["id"]) for name, report in summary.items()}


def plain(text):
    """Without white space and the width of marks, for engines take ( for （."""
    return "".join(unicodedata.normalize("NFKC", text).split()).replace("|", "").replace("—", "-")


def errors(wanted, found):
    """Characters that were inserted, deleted or replaced."""
    steps = difflib.SequenceMatcher(None, wanted, found, autojunk=False).get_opcodes()
    return sum(max(b - a, d - c) for step, a, b, c, d in steps if step != "equal")


def everything(report):
    return [*(passage.text for passage in report.passages), *(piece.text for piece in report.left_out)]


def test_fewer_than_one_character_in_two_hundred_is_wrong(reports):
    texts = {
        "letter": "".join(passage.text for passage in reports["letter.jpg"].passages),
        "table": "".join(passage.text for passage in reports["annex.tif"].passages if passage.page == 1 and passage.kind != "title"),
        "seal": "".join(passage.text for passage in reports["annex.tif"].passages if passage.page == 2),
        "columns": "".join(passage.text for passage in reports["mixed.pdf"].passages if passage.page == 2),
    }
    # The red head is left out, the number and the signature are values.
    values = {"letter": 2, "seal": -2}
    total = wrong = 0
    for name, found in texts.items():
        at = values.get(name, 0)
        wanted = "".join(EXPECTED[name][at:] if at >= 0 else EXPECTED[name][:at])
        total += len(plain(wanted))
        signed = "".join(EXPECTED[name][at:]) if at < 0 else ""
        wrong += errors(plain(wanted), plain(found).removesuffix(plain(signed)))
    assert total > 1300
    assert wrong <= total / 200


def test_what_a_letter_says_of_itself_is_read(reports):
    letter = reports["letter.jpg"]
    assert letter.title == "彰武县司法局关于2022年度法治政府建设情况的报告"
    assert (letter.year, letter.issuer, letter.doc_number) == (2022, "彰武县司法局", "彰司发〔2023〕7号")
    assert reports["annex.tif"].published == "2023-03-28"


def test_rows_of_a_table_have_their_cells(reports):
    rows = [passage.text for passage in reports["annex.tif"].passages if " | " in passage.text]
    assert [plain(row) for row in rows] == [plain(row) for row in EXPECTED["table"] if " | " in row]
    assert [row.count(" | ") for row in rows] == [3] * 6


def test_columns_are_read_one_after_the_other(reports):
    scanned = [passage for passage in reports["mixed.pdf"].passages if passage.page == 2]
    assert [plain(passage.text) for passage in scanned] == [plain(text) for text in EXPECTED["columns"]]


def test_numbers_of_pages_are_left_out(reports):
    assert ("page-number", "1") in {(piece.reason, re.sub(r"\D", "", piece.text)) for piece in reports["letter.jpg"].left_out}


def test_a_passage_says_whether_it_was_scanned(reports):
    assert {passage.ocr for passage in reports["letter.jpg"].passages} == {True}
    assert {(passage.page, passage.ocr) for passage in reports["mixed.pdf"].passages} == {(1, False), (2, True)}
    assert {passage.page for passage in reports["annex.tif"].passages if passage.kind != "title"} == {1, 2}


def test_reindex_says_how_many_pages_and_how_surely(summary):
    assert {name: report["ocr"]["pages"] for name, report in summary.items()} == {"letter.jpg": 1, "annex.tif": 2, "mixed.pdf": 1}
    assert all(0.9 < report["ocr"]["confidence"] <= 1 and report["ocr"].keys() == {"pages", "confidence"} for report in summary.values())
    assert {report["format"] for report in summary.values()} == {"jpeg", "tiff", "pdf"}


def test_every_recognized_character_is_accounted_for(corpus, reports):
    memory = PageMemory(corpus.parent / "index" / "ocr", engine_name(), writes=False)
    for name, pages in (("letter.jpg", (1,)), ("annex.tif", (1, 2))):
        digest = hashlib.sha256((corpus / name).read_bytes()).hexdigest()
        lines = [line.text for page in pages for line in memory.get(digest, page).lines]
        check(lines, reports[name], ordered=False)


def test_hits_and_pages_say_that_they_are_scanned(corpus, reports):
    client = create_app(str(corpus.parent / "index")).test_client(use_cookies=False)
    hits = client.get("/api/v1/search?q=放管服").get_json()["hits"]
    assert hits
    assert all(hit["ocr"] == (hit["page"] == 2 or hit["report"]["id"] != reports["mixed.pdf"].id) for hit in hits)
    assert any(hit["ocr"] for hit in hits)
    said = "由扫描件识别，文字可能有误"
    assert said in client.get("/?q=彰武县").get_data(as_text=True)
    whole = client.get(f"/reports/{reports['letter.jpg'].id}").get_data(as_text=True)
    partly = client.get(f"/reports/{reports['mixed.pdf'].id}").get_data(as_text=True)
    assert said in whole
    assert f"第 2 页{said}" in partly
    table = client.get("/api/v1/search.csv?q=彰武县").get_data(as_text=True)
    assert f"（{said}）" in table
    assert client.get(f"/api/v1/reports/{reports['letter.jpg'].id}").get_json()["ocr"]["pages"] == 1


def test_the_sample_files_are_small():
    assert sum(path.stat().st_size for path in Path(SCANS).iterdir()) < 500_000


def test_nothing_is_read_twice(corpus, summary, capsys):
    known = {path: path.read_bytes() for path in (corpus.parent / "index" / "ocr").glob("*/*")}
    assert len(known) == 4
    for path, content in known.items():
        body = content[64:].replace("司法局".encode(), "水利局".encode())
        path.write_bytes(hashlib.sha256(body).hexdigest().encode() + body)
    main([str(corpus), "--index", str(corpus.parent / "index"), "--json", "--full"])
    letter = next(report for report in json.loads(capsys.readouterr().out)["reports"] if report["path"].endswith("letter.jpg"))
    assert letter["issuer"] == "彰武县水利局"
