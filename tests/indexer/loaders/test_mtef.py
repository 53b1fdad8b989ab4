"""Formulas of the old equation editor and MathType: what LibreOffice writes, and records after the published format."""

import struct
import zipfile

import pytest

from indexer.loaders.doc import load_doc
from indexer.loaders.docx import load_docx
from indexer.loaders.mtef import equation_native
from tests.support import ROOT

FORMULAS = ROOT / "tests" / "data" / "word" / "formulas.doc"
HEAD = bytes(28)
V3 = b"\x03\x01\x01\x03\x00"
V5 = b"\x05\x01\x00\x05\x00DSMT5\x00\x00"


def old(*records):
    return equation_native(HEAD + V3 + b"\x0a" + line(*records) + b"\x00")


def line(*records):
    return b"\x01" + b"".join(records) + b"\x00"


def chars(text, face=0x83):
    return b"".join(b"\x02" + struct.pack("<BH", face, ord(char)) for char in text)


def template(selector, variation, *parts):
    return bytes([3, selector, variation, 0]) + b"".join(parts) + b"\x00"


def test_formulas_that_libreoffice_wrote_stand_in_their_sentences():
    document = load_doc(FORMULAS.read_bytes(), {})
    assert [line.text for line in document.lines][1:] == [
        "全年办结率为5762/5785=99.6%，比上年提高。",
        "计算方法为x^2+y_1≤√16。",
        "合计为∑i=1na(b+c)件。",
    ]
    assert document.remarks == []


@pytest.mark.parametrize(
    ("records", "text"),
    [
        pytest.param([chars("5762÷5785=99.6%")], "5762÷5785=99.6%", id="plain"),
        pytest.param([chars("办结率="), template(14, 0, line(chars("a+b")), line(chars("c")))], "办结率=(a+b)/c", id="fraction"),
        pytest.param([chars("x"), template(15, 0, b"\x11", line(chars("2")))], "x^2", id="superscript_behind_an_empty_line"),
        pytest.param([chars("x"), template(15, 1, line(chars("i")), b"\x11")], "x_i", id="subscript"),
        pytest.param([chars("x"), template(15, 2, line(chars("i")), line(chars("2")))], "x_i^2", id="both"),
        pytest.param([template(1, 0, line(chars("a+b")), chars("()"))], "(a+b)", id="brackets"),
        pytest.param([template(2, 1, line(chars("a")))], "{a", id="left_bracket_alone"),
        pytest.param([template(13, 1, line(chars("8")), line(chars("3")))], "3√8", id="root"),
        pytest.param([template(29, 1, line(chars("a")), line(chars("i")), line(chars("n")), chars("∑"))], "∑ina", id="sum"),
        pytest.param([b"\x04\x01\x01" + line(chars("a")) + line(chars("b")) + b"\x00"], "a b", id="pile"),
        pytest.param([b"\x05\x01\x01\x01\x01\x02\x00\x00" + line(chars("a")) + line(chars("b")) + b"\x00"], "a b", id="matrix"),
        pytest.param([b"\x22\x83a\x00\x06\x02\x00", chars("b")], "ab", id="accent"),
        pytest.param([b"\x82\x80\x80\x01\x00\x02\x00\x83a\x00", chars("b")], "ab", id="moved"),
        pytest.param([b"\x08\x83\x00Arial\x00\x09\x65\x0c\x00\x07\x01\x00\x10\x00", chars("a")], "a", id="font_size_ruler"),
    ],
)
def test_records_of_version_3(records, text):
    assert old(*records) == text


def new_char(char):
    return struct.pack("<BBBH", 2, 0, 0x83, ord(char))


def new_line(text):
    return b"\x01\x00" + b"".join(map(new_char, text)) + b"\x00"


def test_records_of_version_5():
    settings = b"\x13WinAllBasicCodePages\x00\x11\x05Times New Roman\x00\x08\x01\x00\x12\x00\x02\xc4\xf2\x5f\x01\x1f\x01\x01\x00\x0a"
    fraction = b"\x03\x00\x0b\x00\x00" + new_line("5762") + new_line("5785") + b"\x00"
    power = b"\x03\x00\x1c\x00\x00\x01\x01" + new_line("2") + b"\x00"
    fence = b"\x03\x00\x01\x03\x00" + new_line("a") + new_char("(") + new_char(")") + b"\x00"
    body = b"\x01\x00" + fraction + new_char("=") + fence + power + b"\x00\x00"
    assert equation_native(HEAD + V5 + settings + body) == "5762/5785=(a)^2"


@pytest.mark.parametrize(
    "stream",
    [
        pytest.param(b"", id="empty"),
        pytest.param(HEAD + b"\x07\x01\x01\x03\x00", id="another_version"),
        pytest.param(HEAD + V3 + b"\x01" + chars("a")[:2], id="cut_short"),
        pytest.param(HEAD + V3 + b"\x01" * 500, id="nested"),
        pytest.param(HEAD + V3 + line(chars("\ue123")), id="a_character_of_the_makers_own"),
        pytest.param(HEAD + V3 + line(chars("퇽")), id="two_bytes_of_an_old_code"),
        pytest.param(HEAD + V3 + b"\x0f\x00" * 9, id="an_unknown_record"),
    ],
)
def test_what_is_not_understood_is_no_formula(stream):
    assert equation_native(stream) is None


def compound(name, stream):
    """A compound file ([MS-CFB]) with one stream."""
    stream = stream.ljust(4096, b"\x00")
    names = (("Root Entry", 5, 1, 0xFFFFFFFE, 0), (name, 2, 0xFFFFFFFF, 2, len(stream)))
    entries = b""
    for text, kind, child, start, size in names:
        raw = text.encode("utf-16-le")
        entries += raw.ljust(64, b"\x00") + struct.pack("<HBBIII36xIQ", len(raw) + 2, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child, start, size)
    fat = struct.pack("<10I", 0xFFFFFFFD, 0xFFFFFFFE, *range(3, 10), 0xFFFFFFFE).ljust(512, b"\xff")
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    )
    return head.ljust(512, b"\xff") + fat + entries.ljust(512, b"\x00") + stream


@pytest.mark.parametrize(
    ("stream", "text", "remarks"),
    [
        pytest.param(HEAD + V3 + line(chars("5762÷5785=99.6%")), "办结率为5762÷5785=99.6%。", [], id="understood"),
        pytest.param(HEAD + b"\x09", "办结率为。", ["objects-unread"], id="not_understood"),
    ],
)
def test_a_formula_embedded_in_a_docx_stands_in_its_sentence(tmp_path, stream, text, remarks):
    path = tmp_path / "a.docx"
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:o="urn:schemas-microsoft-com:office:office"'
    names += ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    body = (
        '<w:r><w:t>办结率为</w:t></w:r><w:r><w:object><o:OLEObject ProgID="Equation.3" r:id="o"/></w:object></w:r><w:r><w:t>。</w:t></w:r>'
    )
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", f"<w:document {names}><w:body><w:p>{body}</w:p></w:body></w:document>")
        package.writestr(
            "word/_rels/document.xml.rels",
            '<Relationships><Relationship Id="o" Type="x/oleObject" Target="embeddings/o.bin"/></Relationships>',
        )
        package.writestr("word/embeddings/o.bin", compound("Equation Native", stream))
    document = load_docx(path.read_bytes(), {})
    assert [line.text for line in document.lines] == [text]
    assert [remark.code for remark in document.remarks] == remarks
