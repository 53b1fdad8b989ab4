"""Reads pictures in binary Word files: inline ([MS-DOC] 2.9.190 PICF) and anchored shapes ([MS-ODRAW])."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from indexer.loaders.inlaid import Inlaid

_TWIPS = 20.0
"""Twips per point."""
_PICTURE_OF_SHAPE = 0x0104
_ENTRY, _BITMAPS, _METAFILES = 0xF007, range(0xF01D, 0xF02B), range(0xF01A, 0xF01D)
_MOST = 2_000


def picture_in_line(data: bytes, offset: int) -> Inlaid | None:
    """The picture at an offset of the data stream, None if there is none."""
    if offset < 0 or offset + 68 > len(data):
        return None
    size, head, kind = struct.unpack_from("<IHH", data, offset)
    width, height, across, down = struct.unpack_from("<hhHH", data, offset + 0x1C)
    part = data[offset + head : offset + size]
    if kind == 0x66 and part:
        part = part[1 + part[0] :]
    found = next((content for content in _blips(part) if content is not None), None)
    return Inlaid(found, width * across / 1000 / _TWIPS, height * down / 1000 / _TWIPS) if found is not None else None


def pictures_of_shapes(drawings: bytes, main: bytes) -> dict[int, bytes]:
    """The pictures by the numbers of the shapes that show them; each is stored once, possibly in the main stream."""
    kept: list[bytes | None] = []
    shown: dict[int, int] = {}
    for kind, _, body in _records(drawings):
        if kind == 0xF001:
            for inner, _, entry in _children(body):
                kept.append(_kept(entry, main) if inner == _ENTRY else None)
        elif kind == 0xF004:
            number = picture = 0
            for inner, count, part in _children(body):
                if inner == 0xF00A and len(part) >= 4:
                    (number,) = struct.unpack_from("<I", part)
                elif inner == 0xF00B:
                    picture = _picture_number(part, count)
            if picture:
                shown[number] = picture
    return {shape: content for shape, picture in shown.items() if picture <= len(kept) and (content := kept[picture - 1])}


def _records(drawings: bytes) -> Iterator[tuple[int, int, bytes]]:
    """The kind, instance and body of each record, outer ones first; a byte before each drawing says which document part it belongs to."""
    todo = [drawings]
    count = 0
    while todo and count < _MOST:
        part, at = todo.pop(), 0
        outermost = part is drawings
        while at + 8 <= len(part) and count < _MOST:
            head, kind, size = struct.unpack_from("<HHI", part, at)
            if outermost and kind not in (0xF000, 0xF002):
                at += 1
                continue
            count += 1
            body = part[at + 8 : at + 8 + size]
            yield kind, head >> 4, body
            if head & 15 == 15 and kind not in (0xF001, 0xF004):
                todo.append(body)
            at += 8 + size


def _children(body: bytes) -> Iterator[tuple[int, int, bytes]]:
    at = 0
    for _ in range(_MOST):
        if at + 8 > len(body):
            return
        head, kind, size = struct.unpack_from("<HHI", body, at)
        yield kind, head >> 4, body[at + 8 : at + 8 + size]
        at += 8 + size


def _picture_number(properties: bytes, count: int) -> int:
    for at in range(0, min(6 * count, len(properties) - 5), 6):
        code, value = struct.unpack_from("<HI", properties, at)
        if code & 0x3FFF == _PICTURE_OF_SHAPE:
            return int(value)
    return 0


def _kept(entry: bytes, main: bytes) -> bytes | None:
    """The picture of an entry of the store: inside the entry, or at the offset it gives in the main stream."""
    if len(entry) < 36:
        return None
    size, _, where = struct.unpack_from("<III", entry, 20)
    inside = entry[36 + entry[33] :]
    return next(_blips(inside if len(inside) > 8 else main[where : where + size], in_entry=True), None)


def _blips(part: bytes, *, in_entry: bool = False) -> Iterator[bytes | None]:
    """The pictures among records, one by one; empty for a metafile. Entries are not nested."""
    for kind, instance, body in _children(part):
        if kind == _ENTRY and len(body) >= 36 and not in_entry:
            yield from _blips(body[36 + body[33] :], in_entry=True)
        elif kind in _BITMAPS:
            # One or two checksums of 16 bytes and a mark ([MS-ODRAW] 2.2.27 and 2.2.28).
            content = body[17 + 16 * (instance & 1) :]
            yield _with_head(content) if kind == 0xF01F else content
        elif kind in _METAFILES:
            yield b""


def _with_head(content: bytes) -> bytes:
    """A bitmap with the file header added; unchanged if its own header is damaged."""
    if len(content) < 40:
        return content
    depth, colors = struct.unpack_from("<H16xI", content, 14)
    start = 14 + int.from_bytes(content[:4], "little") + 4 * (colors or (1 << depth if depth <= 8 else 0))
    if start > 14 + len(content):
        return content
    return struct.pack("<2sIHHI", b"BM", 14 + len(content), 0, 0, start) + content
