"""Files that are broken, or made to do harm: each is read or rejected with a reason, within seconds, and the next one is read as ever."""

import io
import os
import random
import zipfile
import zlib

import pytest

from indexer import RejectedFile, Report, parse_file
from indexer.loaders import Limits
from indexer.workers import parse_files
from indexer.workers.files import Readers
from tests.support import ROOT

SAMPLES = ROOT / "tests" / "data" / "samples"
RTF = ROOT / "tests" / "data" / "saved" / "07-unstyled-table.rtf"
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
    press = zlib.compressobj(9)
    return b"".join(press.compress(b"0 0 m " * 100_000) for _ in range(size // 600_000)) + press.flush()


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
    for path, outcome in parse_files([*paths, DOCX, PDF], jobs=2):
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


def damaged(source, number):
    """A sample cut short, or with some of its bytes changed."""
    rng = random.Random(number)
    content = bytearray(source.read_bytes())
    if number % 2:
        return bytes(content[: rng.randrange(len(content))])
    for _ in range(rng.choice([1, 5, 50, 500])):
        content[rng.randrange(len(content))] = rng.randrange(256)
    return bytes(content)


@pytest.mark.parametrize("source", [DOCX, PDF, DOC, RTF, HTML], ids=lambda path: path.suffix)
def test_damaged_files_are_read_or_rejected_with_a_reason(tmp_path, source):
    paths = [tmp_path / f"{number}{source.suffix}" for number in range(40)]
    for number, path in enumerate(paths):
        path.write_bytes(damaged(source, number))
    for _, outcome in parse_files(paths, jobs=2):
        if isinstance(outcome, RejectedFile):
            assert outcome.reason
        else:
            assert outcome.passages[1:]


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
