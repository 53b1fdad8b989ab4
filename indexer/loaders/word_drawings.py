"""Reads the shapes of a binary Word file and their WordArt texts ([MS-ODRAW])."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_DRAWN_TEXT = 0x00C0


def shapes(drawings: bytes) -> Iterator[tuple[int, int | None, str]]:
    """Each shape's number, its outermost group and its WordArt text, "" for none ([MS-ODRAW] 2.2.13 and following)."""
    todo: list[tuple[int, int, int | None, int]] = [(0, len(drawings), None, 0)]
    while todo:
        offset, end, group, depth = todo.pop()
        while offset + 8 <= end:
            kind, size = struct.unpack_from("<2xHI", drawings, offset)
            if depth == 0 and kind not in (0xF000, 0xF002):
                offset += 1  # the byte before each drawing that says which document part it belongs to
                continue
            inner, stop = offset + 8, min(end, offset + 8 + size)
            if kind in (0xF000, 0xF002, 0xF003):
                if kind == 0xF003 and depth > 1 and group is None:
                    todo.append((inner, stop, _shape(drawings, inner)[0], depth + 1))
                elif depth < 20:
                    todo.append((inner, stop, group, depth + 1))
            elif kind == 0xF004:
                number, text = _shape(drawings, offset)
                yield number, group, text
            offset = stop


def _shape(drawings: bytes, offset: int) -> tuple[int, str]:
    """The number of the shape whose container begins at this offset, -1 for none, and its WordArt text."""
    number, text = -1, ""
    if offset + 16 > len(drawings):
        return number, text
    at = offset + 8
    end = min(len(drawings), at + int(struct.unpack_from("<I", drawings, offset + 4)[0]))
    while at + 12 <= end:
        head, kind, size = struct.unpack_from("<HHI", drawings, at)
        if kind == 0xF00A:
            (number,) = struct.unpack_from("<I", drawings, at + 8)
        elif kind == 0xF00B:
            text = _drawn_text(drawings[at + 8 : at + 8 + size], head >> 4)
        at += 8 + size
    return number, text


def _drawn_text(properties: bytes, count: int) -> str:
    """The WordArt text among the properties of a shape, whose long values follow all properties."""
    behind = 6 * count
    for number in range(min(count, len(properties) // 6)):
        code, value = struct.unpack_from("<HI", properties, 6 * number)
        if code & 0x8000:
            if code & 0x3FFF == _DRAWN_TEXT:
                return properties[behind : behind + value].decode("utf-16-le", "replace").partition("\0")[0]
            behind += value
    return ""
