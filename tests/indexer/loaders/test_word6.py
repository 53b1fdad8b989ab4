"""Word 6 and 95 files, made here byte by byte; LibreOffice reads those made so too, as far as it knows the code page."""

import re
import struct

import pytest

from indexer.loaders.doc import load_doc
from tests.indexer.loaders.test_doc import SECTOR, compound

HEAD = 0x300
IN_TABLE, ROW_END, OUTSIDE = b"\0\0\x18\1", b"\0\0\x18\1\x19\1", b"\0\0"
CHINESE, ENGLISH = 0x0804, 0x0409


def pages(entries, size):
    """A page of what is set for runs (size 1) or paragraphs (7): (first byte, byte behind, modifiers)."""
    page = bytearray(SECTOR)
    count = len(entries)
    struct.pack_into(f"<{count + 1}I", page, 0, *[start for start, _, _ in entries], entries[-1][1])
    free = 510
    for number, (_, _, modifiers) in enumerate(entries):
        data = bytes([len(modifiers)]) + modifiers if size == 1 else bytes([(len(modifiers) + 1) // 2]) + modifiers
        free = (free - len(data)) // 2 * 2 - 2
        page[free : free + len(data)] = data
        page[4 * (count + 1) + size * number] = free // 2
    page[511] = count
    return bytes(page)


def stored(text, wide):
    if not wide:
        return text.encode("gbk" if not text.isascii() else "ascii")
    return b"".join(struct.pack("<H", int.from_bytes(char.encode("gbk"), "big")) for char in text)


def word6(
    text, *, wide=False, language=CHINESE, version=0x65, identifier=0xA5DC, runs=(), paragraphs=(), raw=None, flags=0, clx=b"", styles=b""
):
    """A file whose text is stored in one stretch, or as the pieces of `clx` say; runs and paragraphs are (text, modifiers) in order."""
    raw = stored(text, wide) if raw is None else raw
    main = bytearray(HEAD) + raw
    struct.pack_into("<HHHHHH", main, 0, identifier, version, 0, language, 0, flags | (0x1000 if wide else 0))
    struct.pack_into("<II", main, 0x18, HEAD, HEAD + len(raw))
    struct.pack_into("<I", main, 0x34, len(raw) // (2 if wide else 1))
    for number, entries, size in ((12, runs, 1), (13, paragraphs, 7)):
        main += bytes(-len(main) % SECTOR)
        if entries:
            at, stretches = HEAD, []
            for part, modifiers in entries:
                stretches.append((at, at + len(stored(part, wide)), modifiers))
                at = stretches[-1][1]
            page = len(main) // SECTOR
            main += pages(stretches, size)
            struct.pack_into("<II", main, 0x58 + 8 * number, len(main), 10)
            main += struct.pack("<IIH", HEAD, at, page)
    for number, part in ((1, styles), (33, clx)):
        struct.pack_into("<II", main, 0x58 + 8 * number, len(main), len(part))
        main += part
    return compound({"WordDocument": bytes(main)})


def texts(content):
    return [line.text for line in load_doc(content).lines]


def split(text):
    """Its paragraphs and cells with their ends, each as what is set for it says it: two ends in a row end a row."""
    parts = re.findall("[^\r\x07]*[\r\x07]", text)
    return [(part, ROW_END if part == "\x07" else IN_TABLE if part[-1] == "\x07" else OUTSIDE) for part in parts]


TEXT = "青石县1997年工作报告\r一、总体情况\r办理复议案件128件，PM2.5 OK。\r类别\x07件数\x07\x07行政处罚\x07128\x07\x07二、打算\r"
LINES = ["青石县1997年工作报告", "一、总体情况", "办理复议案件128件，PM2.5 OK。", "类别 | 件数", "行政处罚 | 128", "二、打算"]


@pytest.mark.parametrize(
    ("wide", "language", "version"),
    [(False, CHINESE, 0x65), (False, ENGLISH, 0x65), (False, 0, 0x65), (True, CHINESE, 0x68)],
    ids=["bytes", "bytes_of_an_english_program", "bytes_of_an_unknown_language", "pairs"],
)
def test_paragraphs_and_rows_in_the_code_page_of_china(wide, language, version):
    assert texts(word6(TEXT, wide=wide, language=language, version=version, paragraphs=split(TEXT))) == LINES


def test_a_western_text_is_read_in_its_code_page():
    assert texts(word6("", raw="Straße – “naïve”, 12 £\r".encode("cp1252"), language=ENGLISH)) == ["Straße – “naïve”, 12 £"]


def test_pieces_stand_in_the_order_of_the_text_and_not_of_the_file():
    last, first = "后半段。\r".encode("gbk"), "前半段，".encode("gbk")
    positions = struct.pack("<3I", 0, len(first), len(first) + len(last))
    plex = positions + struct.pack("<HIH", 0, HEAD + len(last), 0) + struct.pack("<HIH", 0, HEAD, 0)
    content = word6("", raw=last + first, flags=0x0004, clx=b"\x02" + struct.pack("<I", len(plex)) + plex)
    assert texts(content) == ["前半段，后半段。"]


@pytest.mark.parametrize("modifiers", [b"\x5c\1", b"\x41\1", b"\x60\0\0\x44\3abc\x5c\1"], ids=["hidden", "deleted", "behind_others"])
def test_hidden_and_deleted_text_is_left_out_and_listed(modifiers):
    document = load_doc(word6("正文不看续\r", runs=[("正文", b""), ("不看", modifiers), ("续\r", b"\x55\1")]))
    assert [line.text for line in document.lines] == ["正文续"]
    assert [(piece.text, piece.reason) for _, piece in document.left_out] == [("不看", "hidden")]


def test_a_style_says_what_is_a_heading():
    style = struct.pack("<HHHH", 1, 1 | 0xFFF << 4, 1, 0) + b"\x09heading 1\0" + struct.pack("<HH", 2, 0)
    styles = struct.pack("<HHH14x", 18, 2, 8)[:20] + struct.pack("<H", 0) + struct.pack("<H", len(style)) + style
    content = word6("总体情况\r正文\r", styles=styles, paragraphs=[("总体情况\r", b"\1\0"), ("正文\r", b"\0\0")])
    assert [(line.text, line.heading) for line in load_doc(content).lines] == [("总体情况", 1), ("正文", None)]


def test_automatic_numbers_are_said_to_be_unread():
    content = word6("甲\r乙\r", paragraphs=[("甲\r", b"\0\0\x0d\x0a"), ("乙\r", b"\0\0\x0d\0")])
    assert [remark.code for remark in load_doc(content).remarks] == ["numbers-unread"]
    assert load_doc(word6("甲\r", paragraphs=[("甲\r", b"\0\0\x0d\0")])).remarks == []


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"identifier": 0xA5DB, "version": 0x2D}, "older than Word 6.*save it as .docx"),
        ({"flags": 0x0100}, "encrypted"),
        ({"flags": 0x0004, "clx": b"\x03"}, "piece table"),
        ({"flags": 0x0004, "clx": b"\x02\x10\0\0\0" + struct.pack("<IIHIH", 0, 9, 0, 90_000, 0)}, "ends before its text"),
    ],
    ids=["word_2", "encrypted", "no_pieces", "pieces_beyond_the_end"],
)
def test_what_cannot_be_read_says_why(options, reason):
    with pytest.raises(ValueError, match=reason):
        load_doc(word6("甲\r", **options))
