"""Single property modifiers, the formatting of characters and paragraphs in a binary Word file ([MS-DOC] 2.6)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

# [MS-DOC] 2.6: codes of single property modifiers.
STYLE_OF_PARAGRAPH, IN_TABLE, ROW_END, DEPTH, INNER_CELL, INNER_ROW = 0x4600, 0x2416, 0x2417, 0x6649, 0x244B, 0x244C
LEVEL, USE, IN_DATA_STREAM = 0x260A, 0x460B, (0x6645, 0x6646)
DELETED, HIDDEN, BOLD, STYLE_OF_CHARACTERS, SYMBOL = 0x0800, 0x083C, 0x0835, 0x4A30, 0x6A09
FONTS_OF_CHARACTERS = (0x4A4F, 0x4A50, 0x4A51)
PICTURE, OBJECT = 0x6A03, (0x080A, 0x0856)
# Prm0, the short form in a piece, has other codes for them.
SHORT = {0x41: DELETED, 0x55: BOLD, 0x5C: HIDDEN, 0x18: IN_TABLE, 0x19: ROW_END}
_OPERAND_SIZES = (1, 1, 2, 4, 2, 2, 0, 3)


def changes_of(change: int, parts: list[bytes]) -> bytes:
    """The modifiers of a piece ([MS-DOC] 2.9.215 Prm)."""
    if change & 1:
        return parts[change >> 1] if change >> 1 < len(parts) else b""
    code = SHORT.get(change >> 1 & 0x7F)
    return struct.pack("<HB", code, change >> 8) if code else b""


def modifiers(changes: bytes) -> Iterator[tuple[int, bytes]]:
    """The code and operand of each modifier."""
    offset = 0
    while offset + 2 < len(changes):
        code = changes[offset] | changes[offset + 1] << 8
        offset += 2
        size = _OPERAND_SIZES[code >> 13]
        if not size:
            if code == 0xD608:
                size = 1 + int.from_bytes(changes[offset : offset + 2], "little")
            elif code == 0xC615 and changes[offset] == 255:
                return
            else:
                size = 1 + changes[offset]
        yield code, changes[offset : offset + size]
        offset += size


def toggle(found: dict[int, bool], changes: bytes, base: dict[int, bool]) -> None:
    """Apply the modifiers that switch a property in `found` off (0), on (1), as in the style `base` (0x80) or opposite to it (0x81)."""
    for code, operand in modifiers(changes):
        if code in found and operand:
            value = operand[0]
            found[code] = base[code] if value == 0x80 else not base[code] if value == 0x81 else bool(value)
