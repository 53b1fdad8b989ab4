"""Reads the numbered lists of a binary Word file, after [MS-DOC]: their levels, and how paragraphs use them."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.loaders.numbering import Level

# [MS-OSHARED] 2.2.1.3 MSONFC
_NUMBER_FORMATS = (
    "decimal upperRoman lowerRoman upperLetter lowerLetter ordinal cardinalText ordinalText hex chicago ideographDigital japaneseCounting"
    " aiueo iroha decimalFullWidth decimalHalfWidth japaneseLegal japaneseDigitalTenThousand decimalEnclosedCircle decimalFullWidth aiueo"
    " iroha decimalZero bullet ganada chosung decimalEnclosedFullstop decimalEnclosedParen decimalEnclosedCircleChinese"
    " ideographEnclosedCircle ideographTraditional ideographZodiac ideographZodiacTraditional taiwaneseCounting ideographLegalTraditional"
    " taiwaneseCountingThousand taiwaneseDigital chineseCounting chineseLegalSimplified chineseCountingThousand"
).split()


@dataclass(frozen=True, slots=True)
class ListUse:
    """A use of a list, to which paragraphs refer; see `Counters.next_number`."""

    counted: str
    levels: dict[int, Level]
    starts: dict[int, int]


def list_uses(table: bytes, lists_at: tuple[int, int], uses_at: tuple[int, int]) -> Iterator[ListUse]:
    """The uses of a file's lists, in order ([MS-DOC] 2.9.130 PlfLst, which its levels follow, and 2.9.131 PlfLfo).

    Args:
        table: The table stream.
        lists_at: Offset and size of the lists in it.
        uses_at: Offset and size of their uses.

    Raises:
        struct.error, IndexError: The stream ends too early.
    """
    lists: dict[int, dict[int, Level]] = {}
    offset, size = lists_at
    if size < 2:
        return
    (count,) = struct.unpack_from("<H", table, offset)
    end = offset + 2 + 28 * count
    for number in range(count):
        name, simple = struct.unpack_from("<I22xB", table, offset + 2 + 28 * number)
        levels = lists.setdefault(name, {})
        for depth in range(1 if simple & 1 else 9):
            levels[depth], end = _level(table, end)
    offset, size = uses_at
    uses = table[offset : offset + size]
    (count,) = struct.unpack_from("<I", uses)
    # In some files the part's size counts only the uses themselves; their changes follow them.
    end = offset + 4 + 16 * count
    for number in range(min(count, len(uses) // 16)):
        name, changed = struct.unpack_from("<I8xB", uses, 4 + 16 * number)
        levels, starts = dict(lists.get(name, {})), {}
        end += 4
        for _ in range(changed):
            start, flags = struct.unpack_from("<iI", table, end)
            end += 8
            if flags & 0x20:
                levels[flags & 0x0F], end = _level(table, end)
                start = levels[flags & 0x0F].start
            if flags & 0x10:
                starts[flags & 0x0F] = start
        yield ListUse(str(name), levels, starts)


def _level(table: bytes, offset: int) -> tuple[Level, int]:
    """A level ([MS-DOC] 2.9.150 LVL) and the offset after it."""
    start, number_format, flags = struct.unpack_from("<iBB", table, offset)
    restart = table[offset + 26]
    behind = offset + 28 + table[offset + 24] + table[offset + 25]
    (size,) = struct.unpack_from("<H", table, behind)
    shown = table[behind + 2 : behind + 2 + 2 * size].decode("utf-16-le", "replace")
    text = "".join(f"%{ord(char) + 1}" if ord(char) < 9 else char for char in shown.replace("%", "％"))
    name = _NUMBER_FORMATS[number_format] if number_format < len(_NUMBER_FORMATS) else "none"
    return Level(start, name, text, restart if flags & 8 else None, bool(flags & 4)), behind + 2 + 2 * size
