"""Damaged pictures in .doc files: the text around them is read all the same."""

import struct

from indexer.loaders.word_pictures import picture_in_line


def in_line(record):
    head = struct.pack("<IHH20xhhHH", 68 + len(record), 68, 0x64, 14_400, 7_200, 1_000, 1_000).ljust(68, b"\0")
    return head + record


def record(kind, body):
    return struct.pack("<HHI", 0, kind, len(body)) + body


def bitmap(colors):
    return struct.pack("<IiiHHIIiiII", 40, 1, 1, 1, 24, 0, 0, 0, 0, colors, 0) + bytes(20)


def test_a_bitmap_has_the_head_of_a_file():
    found = picture_in_line(in_line(record(0xF01F, bytes(17) + bitmap(0))), 0)
    assert found.content[:2] == b"BM"
    assert struct.unpack_from("<I", found.content, 10) == (54,)
    assert (found.width, found.height) == (720.0, 360.0)


def test_a_bitmap_that_claims_more_colours_than_a_file_can_hold_stays_as_it_is():
    found = picture_in_line(in_line(record(0xF01F, bytes(17) + bitmap(0xFFFFFFFF))), 0)
    assert found.content == bitmap(0xFFFFFFFF)


def test_entries_within_entries_hold_no_picture():
    nested = record(0xF01E, bytes(17) + b"\x89PNG")
    assert picture_in_line(in_line(record(0xF007, bytes(36) + nested)), 0).content == b"\x89PNG"
    for _ in range(3_000):
        nested = record(0xF007, bytes(36) + nested)
    assert picture_in_line(in_line(nested), 0) is None
