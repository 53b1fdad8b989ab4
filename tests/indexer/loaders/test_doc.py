"""Old Word files, made here byte by byte after [MS-DOC], so that each test says what is in one."""

import struct
from itertools import accumulate

import pytest

from indexer.loaders.doc import load_doc
from tests.support import ROOT

FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SECTOR = 512


def compound(streams):
    """A compound file with these streams, each of at least 4,096 bytes, which is where the small ones end ([MS-CFB])."""
    sectors, chain, entries = [], [], []
    for name, data in streams.items():
        data = data.ljust(4096, b"\0")
        count = -(-len(data) // SECTOR)
        first = len(sectors)
        sectors += [data[number * SECTOR : (number + 1) * SECTOR].ljust(SECTOR, b"\0") for number in range(count)]
        chain += [*range(first + 1, first + count), END]
        entries.append((name, 2, first, len(data)))
    entries.insert(0, ("Root Entry", 5, END, 0))
    directory = b""
    for number, (name, kind, first, size) in enumerate(entries):
        text = name.encode("utf-16-le") + b"\0\0"
        right = number + 1 if 0 < number < len(entries) - 1 else FREE
        below = 1 if number == 0 else FREE
        directory += struct.pack("<64sHBBIII16sI8s8sIQ", text, len(text), kind, 1, FREE, right, below, b"", 0, b"", b"", first, size)
    directory = directory.ljust(-(-len(directory) // SECTOR) * SECTOR, b"\0")
    first_directory = len(sectors)
    count = len(directory) // SECTOR
    sectors += [directory[number * SECTOR : (number + 1) * SECTOR] for number in range(count)]
    chain += [*range(first_directory + 1, first_directory + count), END]
    tables = 1
    while (len(sectors) + tables) > tables * 128:
        tables += 1
    first_table = len(sectors)
    chain += [FAT] * tables
    chain += [FREE] * (tables * 128 - len(chain))
    table = struct.pack(f"<{len(chain)}I", *chain)
    difat = [*range(first_table, first_table + tables)] + [FREE] * (109 - tables)
    head = struct.pack(
        "<8s16sHHHHH6sIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        b"",
        0,
        tables,
        first_directory,
        0,
        4096,
        END,
        0,
        END,
        0,
    )
    return head + struct.pack("<109I", *difat) + b"".join(sectors) + table


def pages(entries, width):
    """A page of what is set for runs or paragraphs: (first byte, byte behind, modifiers)."""
    page = bytearray(SECTOR)
    count = len(entries)
    struct.pack_into(f"<{count + 1}I", page, 0, *[start for start, _, _ in entries], entries[-1][1])
    free = 510
    for number, (_, _, modifiers) in enumerate(entries):
        data = bytes([len(modifiers)]) + modifiers if width == 1 else bytes([0, len(modifiers) // 2]) + modifiers
        free = (free - len(data)) // 2 * 2
        page[free : free + len(data)] = data
        page[4 * (count + 1) + width * number] = free // 2
    page[511] = count
    return bytes(page)


def word(pieces, *, flags=0, version=0xC1, runs=(), paragraphs=(), sizes=None):
    """A Word file whose text is in these pieces, bytes being compressed ones; the last is stored first, as after a fast save.

    Runs are (first character, character behind, modifiers) and so are paragraphs; with them there is one piece only.
    """
    main = bytearray(2048)
    offsets = {}
    for number, piece in reversed([*enumerate(pieces)]):
        offsets[number] = len(main)
        main += piece if isinstance(piece, bytes) else piece.encode("utf-16-le")
    while len(main) % SECTOR:
        main.append(0)
    table = b""
    for place, entries, width in ((0xFA, runs, 1), (0x102, paragraphs, 13)):
        if entries:
            stretches = [(2048 + 2 * start, 2048 + 2 * end, modifiers) for start, end, modifiers in entries]
            struct.pack_into("<II", main, place, len(table), 12)
            table += struct.pack("<III", stretches[0][0], stretches[-1][1], len(main) // SECTOR)
            main += pages(stretches, width)
    lengths = [len(piece) for piece in pieces]
    positions = [sum(lengths[:number]) for number in range(len(pieces) + 1)]
    plex = struct.pack(f"<{len(positions)}I", *positions)
    for number, piece in enumerate(pieces):
        narrow = isinstance(piece, bytes)
        plex += struct.pack("<HIH", 0, offsets[number] * 2 | 0x40000000 if narrow else offsets[number], 0)
    clx = b"\x02" + struct.pack("<I", len(plex)) + plex
    struct.pack_into("<HH", main, 0, 0xA5EC, version)
    struct.pack_into("<H", main, 0x0A, 0x0200 | flags)
    struct.pack_into("<8i", main, 0x4C, *(sizes or [positions[-1], 0, 0, 0, 0, 0, 0, 0]))
    struct.pack_into("<H", main, 0x98, 0x5D)
    struct.pack_into("<II", main, 0x1A2, len(table), len(clx))
    return compound({"WordDocument": bytes(main), "1Table": table + clx})


def texts(content):
    return [line.text for line in load_doc(content).lines]


def test_pieces_stand_in_the_order_of_the_text_and_not_of_the_file():
    content = word(["一、总体情况\r今年受理", b"PM2.5 \x93air\x94 cases\r", "共41件\U00020000。\r".replace("\U00020000", "")])
    assert texts(content) == ["一、总体情况", "今年受理PM2.5 “air” cases", "共41件。"]


def test_a_field_shows_its_result_and_not_its_instruction():
    content = word(['见\x13 HYPERLINK "http://a.gov.cn" \x14县政府网站\x15，第\x13 PAGE \x15页\x0b另起一行\r'])
    assert texts(content) == ["见县政府网站，第页", "另起一行"]


def test_a_field_that_never_ends_hides_nothing():
    assert texts(word(["前\x13 PAGE 后\r", "下一段\r"])) == ["前 PAGE 后", "下一段"]


@pytest.mark.parametrize(
    ("instruction", "shown"),
    [
        (r'EQ \* jc2 \* "Font:宋体" \* hps10 \o\ad(\s\up 9(qí),亓)', "亓家庄"),
        (r"eq \o\ac(○,1)", "1家庄"),
        (r"EQ \f(1,2)", "1/2家庄"),
        (r"EQ \r(,16)", "√16家庄"),
        (r"EQ \b(\f(3,4))", "(3/4)家庄"),
        (r"EQ \f(1", "1家庄"),
        (r"eq \o" + r"\al10" * 60 + "(a,1)", "1家庄"),
        (r"eq \o" + r"\al10" * 60 + "x", r"\o" + r"\al10" * 60 + "x家庄"),
    ],
)
def test_ruby_is_read_by_its_base_and_a_formula_as_text(instruction, shown):
    assert texts(word([f"\x13 {instruction}\x15家庄\r"])) == [shown]


IN_CELL, ROW_END, OUTSIDE = b"\0\0\x16\x24\x01\0", b"\0\0\x16\x24\x01\x17\x24\x01", b"\0\0"


def in_tables(*paragraphs):
    """A file of paragraphs, each with what is set for it."""
    ends = list(accumulate(len(text) for text, _ in paragraphs))
    entries = [(end - len(text), end, kind) for end, (text, kind) in zip(ends, paragraphs, strict=True)]
    return word(["".join(text for text, _ in paragraphs)], paragraphs=entries)


def test_rows_are_whole():
    head = [("单位\x07", IN_CELL), ("受理\x07", IN_CELL), ("\x07", ROW_END)]
    row = [("司法\r", IN_CELL), ("所\x07", IN_CELL), ("2\x07", IN_CELL), ("\x07", ROW_END)]
    assert texts(in_tables(*head, *row, *row, ("正文\r", OUTSIDE))) == ["单位 | 受理", "司法 所 | 2", "司法 所 | 2", "正文"]


def test_a_table_of_one_cell_is_a_frame_around_paragraphs():
    assert texts(in_tables(("框内甲\r", IN_CELL), ("框内乙\x07", IN_CELL), ("\x07", ROW_END), ("正文\r", OUTSIDE))) == [
        "框内甲",
        "框内乙",
        "正文",
    ]


def test_hidden_and_deleted_text_is_left_out_and_listed():
    content = word(
        ["办结率密件九成旧文。\r"],
        runs=[(0, 3, b""), (3, 5, b"\x3c\x08\x01"), (5, 7, b"\x35\x08\x01"), (7, 9, b"\x00\x08\x01"), (9, 11, b"")],
    )
    document = load_doc(content)
    assert [line.text for line in document.lines] == ["办结率九成。"]
    assert [(piece.text, piece.reason) for _, piece in document.left_out] == [("密件旧文", "hidden")]


def test_what_stands_at_the_edges_of_pages_is_left_out():
    document = load_doc(word(["正文\r", "内部资料\r"], sizes=[3, 0, 5, 0, 0, 0, 0, 0]))
    assert [line.text for line in document.lines] == ["正文"]
    assert document.left_out[0][1].reason == "running-head"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (lambda: word(["甲\r"], flags=0x0100), "encrypted"),
        (lambda: compound({"EncryptedPackage": b"x"}), "encrypted"),
        (lambda: compound({"Workbook": b"x"}), "no Word file"),
        (lambda: word(["甲\r"], version=0x65), "older than Word 6"),
        (lambda: word(["甲\r"], sizes=[900, 0, 0, 0, 0, 0, 0, 0]), "shorter"),
        (lambda: compound({"WordDocument": bytes(32)}), "older than Word 6"),
        (lambda: word(["甲" * 5000])[:6000], "damaged"),
    ],
)
def test_what_cannot_be_read_says_why(content, reason):
    with pytest.raises(ValueError, match=reason):
        load_doc(content())


def test_objects_of_other_programs_are_said_to_be_unread():
    document = load_doc(word(["办结率\x13 EMBED Equation.3 \x14\x01\x15，见\x13EMBED Excel.Sheet.8\x14\x01\x15。\r"]))
    assert [line.text for line in document.lines] == ["办结率，见。"]
    assert [(remark.code, remark.params) for remark in document.remarks] == [
        ("objects-unread", {"count": 2, "kinds": "Equation.3, Excel.Sheet.8"})
    ]


def test_a_watermark_drawn_in_the_header_is_left_out_and_listed():
    document = load_doc((ROOT / "tests" / "data" / "same" / "watermark.doc").read_bytes())
    assert [(piece.text, piece.reason) for _, piece in document.left_out] == [("内部资料", "watermark")]
    assert "内部资料" not in "".join(line.text for line in document.lines)
