"""Files that are broken, or made to do harm: each is read or rejected with a reason, within seconds, and the next one is read as ever."""

import io
import os
import random
import re
import zipfile
import zlib

import pytest

from indexer import RejectedFile, Report, parse_file
from indexer.loaders import Limits
from indexer.workers import parse_files
from indexer.workers.files import Readers
from tests.support import ROOT

SAMPLES = ROOT / "tests" / "data" / "samples"
DOCX, PDF, DOC, HTML = (SAMPLES / name for name in ("06-styled.docx", "08-pages.pdf", "09-old-word.doc", "03-div.html"))


def packed(parts):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return content.getvalue()


def word_with(xml):
    """The styled sample with another main part."""
    with zipfile.ZipFile(DOCX) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    return packed(parts | {"word/document.xml": xml})


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def entities(text, declarations):
    return f"<!DOCTYPE d [{declarations}]><w:document {W}><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"


def pdf_with_stream(data, filters="/FlateDecode"):
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<<>>>>",
        b"<</Length %d/Filter%s>>stream\n%s\nendstream" % (len(data), filters.encode(), data),
    ]
    content = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return content + b"xref\n0 5\n0000000000 65535 f \n" + table + b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(content)


def huge_stream(size):
    """So many bytes, compressed: one piece again and again, each time from the beginning."""
    piece, times = b"0 0 m " * 100_000, size // 600_000
    press = zlib.compressobj(9)
    head = press.compress(b"") + press.flush(zlib.Z_FULL_FLUSH)
    again = press.compress(piece) + press.flush(zlib.Z_FULL_FLUSH)
    check = 1
    for _ in range(times):
        check = zlib.adler32(piece, check)
    return head + again * times + b"\x03\x00" + check.to_bytes(4, "big")


def page(inner):
    return f"<html><body>{inner}</body></html>".encode()


HARMFUL = {
    "zip_bomb.docx": lambda: word_with(b"<w:x>" + b" " * 300_000_000),
    "many_parts.docx": lambda: packed({f"word/document{n}.xml": b"" for n in range(6000)}),
    "billion_laughs.docx": lambda: word_with(entities("&l9;", '<!ENTITY l0 "lol">' + LAUGHS)),
    "external_entity.docx": lambda: word_with(entities("&x;", '<!ENTITY x SYSTEM "file:///etc/passwd">')),
    "nested.docx": lambda: word_with(f"<w:document {W}><w:body>" + "<w:sdt>" * 100_000),
    "nested_and_closed.docx": lambda: word_with(f"<w:document {W}><w:body>{'<w:ins>' * 240}{'</w:ins>' * 240}</w:body></w:document>"),
    "no_word_part.docx": lambda: packed({"xl/workbook.xml": b"<x/>"}),
    "huge_stream.pdf": lambda: pdf_with_stream(huge_stream(1_000_000_000)),
    "stream_in_stream.pdf": lambda: pdf_with_stream(zlib.compress(huge_stream(300_000_000)), "[/FlateDecode/FlateDecode]"),
    "no_objects.pdf": lambda: b"%PDF-1.7\n%%EOF",
    "pages_in_a_circle.pdf": lambda: pdf_with_stream(b"").replace(b"/Kids[3 0 R]", b"/Kids[2 0 R]"),
    "nested.html": lambda: page("<div>" * 1_000_000 + "文字"),
    "nested_spans.html": lambda: page("<span>" * 300_000 + "文字"),
    "nested_tables.html": lambda: page("<table><tr><td>" * 50_000 + "文字"),
    "attributes.html": lambda: page("<p " + " ".join(f"a{n}=1" for n in range(200_000)) + ">文字报告" * 20),
    "endless_text.html": lambda: page("<p>" + "法治政府建设情况。" * 1_000_000),
    "only_script.html": lambda: page("<script>document.write('x')</script>"),
    "no_tag.html": lambda: "没有标记的文字。".encode() * 9,
    "nested_parts.mhtml": lambda: b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n" + b"--x\nContent-Type: multipart/mixed; boundary=x\n\n" * 20_000,
    "no_page.mhtml": lambda: b"MIME-Version: 1.0\nContent-Type: text/plain\n\nhello",
    "nul.txt": lambda: "某县报告".encode() + b"\x00" * 100,
    "binary.txt": lambda: bytes(range(256)) * 50,
    "random.doc": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + random.Random(1).randbytes(50_000),
    "empty.pdf": lambda: b"",
    "white.txt": lambda: b" \n\t\r\n",
    "mark_only.txt": lambda: b"\xef\xbb\xbf",
    "half_a_character.txt": lambda: "法治政府建设情况".encode()[:-1],
    "too_long.txt": lambda: "法治政府建设情况报告。\n".encode() * 400_000,
}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    for name, content in HARMFUL.items():
        (tmp_path / name).write_bytes(content())
    return tmp_path


def test_harmful_files_are_rejected_and_the_next_one_is_read(folder):
    paths = sorted(folder.iterdir())
    # Half of the time that there usually is: some of them take all of it.
    with Readers(2, Limits(seconds=4)) as readers:
        for path, outcome in readers.read([*paths, DOCX, PDF]):
            if path.parent == folder:
                assert isinstance(outcome, RejectedFile), path
                assert len(outcome.reason) > 10
            else:
                assert isinstance(outcome, Report), outcome


@pytest.mark.parametrize(
    ("source", "name", "reason"),
    [
        pytest.param(PDF, "a.docx", "it is a PDF", id="pdf_as_docx"),
        pytest.param(DOCX, "a.doc", "such as .docx", id="docx_as_doc"),
        pytest.param(DOC, "a.docx", "old Word", id="doc_as_docx"),
        pytest.param(DOC, "a.txt", "old Word", id="doc_as_txt"),
        pytest.param(HTML, "a.txt", "name it .html", id="html_as_txt"),
        pytest.param(HTML, "a.doc", "no old Word file", id="html_as_doc"),
        pytest.param(HTML, "a.pdf", "no PDF", id="html_as_pdf"),
        pytest.param(HTML, "a.mhtml", "name it .html", id="html_as_mhtml"),
        pytest.param(SAMPLES / "01-plain.txt", "a.html", "name it .txt", id="txt_as_html"),
    ],
)
def test_a_wrong_extension_is_named(tmp_path, source, name, reason):
    (tmp_path / name).write_bytes(source.read_bytes())
    with pytest.raises(RejectedFile, match=reason):
        parse_file(tmp_path / name)


def test_a_scan_is_rejected_as_one(tmp_path):
    image = (
        b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>stream\nx\nendstream\nendobj\n"
    )
    content = pdf_with_stream(zlib.compress(b"q 600 0 0 800 0 0 cm /I Do Q")).replace(
        b"/Resources<<>>", b"/Resources<</XObject<</I 5 0 R>>>>"
    )
    (tmp_path / "scan.pdf").write_bytes(content.replace(b"xref\n0 5", b"5 0 obj" + image + b"xref\n0 5"))
    with pytest.raises(RejectedFile, match="scan"):
        parse_file(tmp_path / "scan.pdf")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders here")
@pytest.mark.parametrize("name", ["pipe.txt", "pipe.html"])
def test_a_pipe_is_not_waited_for(tmp_path, name):
    os.mkfifo(tmp_path / name)
    with pytest.raises(RejectedFile, match="no ordinary file"):
        parse_file(tmp_path / name)


def test_a_link_to_itself_a_folder_and_a_missing_file_are_rejected(tmp_path):
    (tmp_path / "loop.html").symlink_to(tmp_path / "loop.html")
    (tmp_path / "folder.pdf").mkdir()
    for name in ("loop.html", "folder.pdf", "gone.docx", "gone.txt"):
        with pytest.raises(RejectedFile):
            parse_file(tmp_path / name)


def test_a_name_that_is_no_text_is_no_obstacle(tmp_path):
    path = tmp_path / os.fsdecode(b"\xff\xfe.html")
    path.write_bytes(HTML.read_bytes())
    ((_, outcome),) = parse_files([path], jobs=1)
    assert isinstance(outcome, Report)


def test_a_reader_that_takes_too_long_is_ended(tmp_path):
    with Readers(1, Limits(seconds=0.0001)) as readers:
        ((_, outcome),) = readers.read([PDF])
    # So little on the clock that there is no time to start.
    assert "more than 0.002 seconds" in outcome.reason


def test_a_reader_keeps_its_limit_on_memory(tmp_path):
    pytest.importorskip("resource")
    with Readers(1, Limits(memory=300_000_000)) as readers:
        (tmp_path / "a.pdf").write_bytes(pdf_with_stream(huge_stream(600_000_000)))
        ((_, outcome),) = readers.read([tmp_path / "a.pdf"])
        assert "memory" in outcome.reason or "ended" in outcome.reason


def codes(path, content):
    path.write_bytes(content)
    return {remark.code for remark in parse_file(path).remarks} & {"file-damaged", "file-cut-short", "pages-missing"}


SAVED = ROOT / "tests" / "data" / "saved"
RTF, MHT = SAVED / "07-unstyled-table.rtf", ROOT / "tests" / "data" / "faults" / "F04a-frame-with-script.mhtml"


def without_a_page(pdf):
    """The sample, of whose two pages one is no longer named."""
    return re.sub(
        rb"/Kids ?\[ ?(\d+ 0 R) \d+ 0 R ?\]", lambda found: b"/Kids[" + found[1] + b"]" + b" " * (len(found[0]) - len(found[1]) - 7), pdf
    )


@pytest.mark.parametrize(
    ("source", "damage", "said"),
    [
        pytest.param(RTF, lambda file: file, set(), id="rtf_whole"),
        pytest.param(RTF, lambda file: file + b"\r\n\0", set(), id="rtf_with_a_zero_at_its_end"),
        pytest.param(RTF, lambda file: file[:20_000] + b"}}}}" + file[20_000:], {"file-damaged"}, id="rtf_closed_too_early"),
        pytest.param(RTF, lambda file: file.replace(b"\\par ", b"\\par \0\0\0", 5), {"file-damaged"}, id="rtf_with_zeros"),
        pytest.param(DOC, lambda file: file, set(), id="doc_whole"),
        pytest.param(DOC, lambda file: file.replace("法治政府".encode("utf-16-le"), bytes(8)), {"file-damaged"}, id="doc_with_zeros"),
        pytest.param(MHT, lambda file: file, set(), id="mht_whole"),
        pytest.param(MHT, lambda file: file[: file.rindex(b"</p>")], {"file-cut-short"}, id="mht_cut_short"),
        pytest.param(PDF, lambda file: file, set(), id="pdf_whole"),
        pytest.param(PDF, lambda file: file[: file.rindex(b"startxref")], {"file-cut-short", "file-damaged"}, id="pdf_cut_short"),
        pytest.param(PDF, without_a_page, {"pages-missing"}, id="pdf_without_a_page"),
    ],
)  # fmt: skip
def test_what_is_read_of_a_damaged_file_is_said_to_be_damaged(tmp_path, source, damage, said):
    content = damage(source.read_bytes())
    assert codes(tmp_path / f"a{source.suffix}", content) == said


def test_a_pdf_of_whose_text_a_part_is_lost_is_said_to_be_damaged(tmp_path):
    content = PDF.read_bytes()
    (number,) = re.findall(rb"/Contents (\d+) 0 R", content)[:1]
    start = content.index(b"stream", content.index(b"\n%s 0 obj" % number))
    assert codes(tmp_path / "a.pdf", content[: start + 2000] + b"\xff" * 40 + content[start + 2040 :]) == {"file-damaged"}
