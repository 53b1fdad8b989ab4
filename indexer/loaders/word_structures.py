"""Structures of binary Word files: the pieces in which a text is stored, and styles."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

DAMAGED = "it is damaged ({}); open it in Word and save it as .docx"
_MAX_STYLES = 4096


@dataclass(frozen=True, slots=True)
class Piece:
    """A range of the text, the offset of its bytes in the main stream, bytes per character, and the piece's own modifiers."""

    start: int
    end: int
    offset: int
    width: int
    changes: bytes

    def at(self, position: int) -> int:
        """The offset of a character in the main stream."""
        return self.offset + (position - self.start) * self.width


@dataclass(frozen=True, slots=True)
class Style:
    """A style: its modifiers for paragraphs and characters, and the style that it is based on."""

    kind: int
    role: int | None
    base: int
    paragraph: bytes
    characters: bytes


def piece_table(part: bytes) -> tuple[list[tuple[int, int, int, int]], list[bytes]]:
    """Each piece's start, end, offset and modifier as stored, and the sets of modifiers that pieces may use ([MS-DOC] 2.9.38 Clx)."""
    offset, changes = 0, []
    while part[offset : offset + 1] == b"\x01":
        (size,) = struct.unpack_from("<H", part, offset + 1)
        changes.append(part[offset + 3 : offset + 3 + size])
        offset += 3 + size
    if part[offset : offset + 1] != b"\x02":
        raise ValueError(DAMAGED.format("it has no piece table"))
    (size,) = struct.unpack_from("<I", part, offset + 1)
    table = part[offset + 5 : offset + 5 + size]
    count = (len(table) - 4) // 12
    positions = struct.unpack_from(f"<{count + 1}I", table)
    if positions[0] != 0 or any(start >= end for start, end in pairwise(positions)):
        raise ValueError(DAMAGED.format("its piece table is out of order"))
    stored = struct.iter_unpack("<2xIH", table[4 * (count + 1) :][: 8 * count])
    return [(*stretch, *piece) for stretch, piece in zip(pairwise(positions), stored, strict=True)], changes


def styles_of(part: bytes, *, wide: bool) -> Iterator[tuple[int, Style]]:
    """The styles by number ([MS-DOC] 2.9.271 STSH); with `wide`, their names have two bytes per character."""
    if len(part) < 8:
        return
    head, count, fixed = struct.unpack_from("<HHH", part)
    offset = 2 + head
    for number in range(min(count, _MAX_STYLES)):
        (size,) = struct.unpack_from("<H", part, offset)
        entry = part[offset + 2 : offset + 2 + size]
        offset += 2 + size + size % 2
        if len(entry) < fixed + 2 or fixed < 6:
            continue
        known, kind, updates = struct.unpack_from("<HHH", entry)
        known &= 0x0FFF
        # The offset after the name and its terminating zero.
        rest = fixed + 4 + 2 * int.from_bytes(entry[fixed : fixed + 2], "little") if wide else (fixed + 3 + entry[fixed]) // 2 * 2
        parts = []
        for _ in range(updates & 0x0F):
            length = int.from_bytes(entry[rest : rest + 2], "little")
            parts.append(entry[rest + 2 : rest + 2 + length])
            rest += 2 + length + length % 2
        parts += [b"", b""]
        role = 0 if known == 62 else known if 1 <= known <= 9 else None
        of_paragraph, of_characters = (parts[0][2:], parts[1]) if kind & 0x0F == 1 else (b"", parts[0])
        yield number, Style(kind & 0x0F, role, kind >> 4, of_paragraph, of_characters)
