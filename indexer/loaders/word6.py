"""Reads Word 6 and 95 files: structures like Word 97's, but narrower and in one stream, with text in a language's code page.

After Microsoft's "Word 6.0 Binary File Format". Whatever both formats share is read by `word97`, for which properties are translated.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

import olefile

from indexer.loaders.inlaid import Inlaid
from indexer.loaders.word97 import CHARACTER_PAGES, ENDNOTES, PARAGRAPH_PAGES, PIECES, STYLES, OlderWord, WordFile
from indexer.loaders.word_lists import ListUse
from indexer.loaders.word_modifiers import SHORT, STYLE_OF_CHARACTERS, STYLE_OF_PARAGRAPH, changes_of
from indexer.loaders.word_structures import Piece, Style, piece_table, styles_of

_FIRST, _LAST = 0x65, 0x69
_PAIRS = 0x58
"""Where the header's pairs of offset and size begin."""
_ENDNOTES = {ENDNOTES[0]: 0x1D2, ENDNOTES[1]: 0x1DA}
"""Positions of pairs that are not in sequence."""
_PAGES = {CHARACTER_PAGES: (0x18A, 0x18E), PARAGRAPH_PAGES: (0x18C, 0x190)}
"""Where the number of the first page of properties and their count are stored, used if the list of pages is shorter."""
_COMPLEX, _WIDE = 0x0004, 0x1000
_ENCODINGS = {0x0804: "gb18030", 0x1004: "gb18030", 0x0404: "cp950", 0x0C04: "cp950", 0x0411: "cp932", 0x0412: "cp949"}
"""By the file's language; for any other, the characters decide between Chinese and Western."""
_SECOND = "\x1f"
"""Placeholder for the second byte of a character; an optional hyphen, which is never shown."""
_NUMBERED = 13
# Sizes of the operands of single property modifiers in bytes; -1: a length byte precedes them, -2: two length bytes do.
_SIZES: dict[int, int] = (
    dict.fromkeys((0, 83), 0)
    | dict.fromkeys((2, 16, 17, 18, 19, 21, 22, 26, 27, 28, *range(30, 37), *range(38, 44), *range(45, 50), 69, 72, 80, 93, 96, 97, 101), 2)
    | dict.fromkeys((107, 109, 110, *range(121, 125), 140, 141, 144, 145, 148, 149, *range(154, 158), 160, 161, *range(164, 172)), 2)
    | dict.fromkeys((182, 183, 184, 189, 195, 197, 198), 2)
    | dict.fromkeys((73, 95, 136, 137), 3)
    | dict.fromkeys((20, 70, 192, 194, 196, 200), 4)
    | dict.fromkeys((193, 199), 5)
    | {187: 12}
    | dict.fromkeys((3, 12, 15, 23, 52, 68, 74, 81, 82, 103, 105, 106, 108, 120, 133, 191), -1)
    | dict.fromkeys((188, 190), -2)
)
_TRANSLATED = {**SHORT, 2: STYLE_OF_PARAGRAPH, 80: STYLE_OF_CHARACTERS}


def open_word(content: bytes) -> WordFile:
    """Open an old Word file of any supported version.

    Raises:
        ValueError: It is not an old Word file, is older than Word 6, or is damaged or encrypted.
    """
    try:
        return WordFile(content)
    except OlderWord:
        return Word6File(content)


@dataclass(slots=True)
class Word6File(WordFile):
    """Like `WordFile`, for Word 6 or 95. A character of two bytes is followed by `_SECOND` in `text`."""

    _paragraph_entry: ClassVar[int] = 7
    numbered: int = 0
    """How many sets of properties have automatic numbering, which is not read."""

    def _check_version(self) -> None:
        if self._word(0) != 0xA5DC or not _FIRST <= self._word(2) <= _LAST:
            raise ValueError("it was written by a Word older than Word 6; open it in LibreOffice and save it as .docx")
        self._check_encryption()

    def _table_of(self, ole: olefile.OleFileIO) -> bytes:
        return self._main

    def _part(self, number: int) -> bytes:
        offset, size = struct.unpack_from("<II", self._main, _ENDNOTES.get(number, _PAIRS + 8 * number))
        return self._main[offset : offset + size]

    def _read_text(self) -> None:
        flags = self._word(0x0A)
        width = 2 if flags & _WIDE else 1
        (start, end) = struct.unpack_from("<II", self._main, 0x18)
        pieces = [*self._stored_pieces(width)] if flags & _COMPLEX else [Piece(0, max(0, end - start) // width, start, width, b"")]
        stored = [self._stored(piece) for piece in pieces]
        encoding = self._encoding(b"".join(stored))
        self.text = "".join(_wide(raw, encoding) if width == 2 else _narrow(raw, encoding) for raw in stored)
        self._pieces += pieces
        self._read_stories(0x34)

    def _stored_pieces(self, width: int) -> Iterator[Piece]:
        table, changes = piece_table(self._part(PIECES))
        translated = [_translated(part) for part in changes]
        for start, end, offset, change in table:
            yield Piece(start, end, offset, width, changes_of(change, translated))

    def _encoding(self, raw: bytes) -> str:
        if (encoding := _ENCODINGS.get(self._word(0x06))) is not None:
            return encoding
        pairs = re.findall(rb"[\x81-\xfe][\x40-\xfe]", raw)
        common = sum(0xB0 <= pair[0] <= 0xD7 and pair[1] >= 0xA1 for pair in pairs)
        return "gb18030" if common >= 4 and common > 0.6 * len(pairs) else "cp1252"

    def _read_fonts(self) -> Iterator[str]:
        return iter(())

    def _read_lists(self) -> Iterator[ListUse]:
        return iter(())

    def _read_styles(self) -> Iterator[tuple[int, Style]]:
        for number, style in styles_of(self._part(STYLES), wide=False):
            yield number, replace(style, paragraph=self._changed_by(style.paragraph), characters=_translated(style.characters))

    def _pages(self, number: int) -> Iterable[int]:
        _, entries = self._plex(number, 2)
        first, count = (self._word(place) for place in _PAGES[number])
        pages = [int.from_bytes(entry, "little") for entry in entries]
        if count > len(pages):
            pages += range(first, first + count)
        return dict.fromkeys(pages)

    def _of_characters(self, page: bytes, at: int) -> bytes:
        return _translated(WordFile._of_characters(self, page, at))

    def _of_paragraph(self, page: bytes, at: int) -> bytes:
        stored = page[at + 1 : at + 1 + 2 * page[at]] if at else b"\0\0"
        return stored[:2].ljust(2, b"\0") + self._changed_by(stored[2:])

    def _changed_by(self, changes: bytes) -> bytes:
        self.numbered += any(code == _NUMBERED and operand != b"\0" for code, operand in _modifiers(changes))
        return _translated(changes)

    def boxes(self) -> Iterator[tuple[int | None, int, int]]:
        """All text boxes as one without an anchor; anchors are not read."""
        begin, end = self.stories["boxes"]
        if begin < end:
            yield None, begin, end

    def art_beside(self) -> Iterator[str]:
        """Empty, see `word_art`."""
        return iter(())

    def picture(self, position: int) -> Inlaid | None:
        """Always None: pictures in these files are not read."""
        return None

    def pictures_beside(self) -> Iterator[tuple[int, Inlaid]]:
        """Empty, see `picture`."""
        return iter(())

    def word_art(self) -> Iterator[tuple[int, str]]:
        """Empty: WordArt is a picture in these files."""
        return iter(())


def _narrow(raw: bytes, encoding: str) -> str:
    """Decode bytes to text with one character per byte."""
    if encoding == "cp1252":
        return raw.decode("cp1252", "replace")
    text = []
    for match in re.finditer(rb"([\x81-\xfe][\x40-\xfe])|(.)", raw, re.DOTALL):
        text.append(match[1].decode(encoding, "replace")[:1] + _SECOND if match[1] else match[2].decode("cp1252", "replace"))
    return "".join(text)


def _wide(raw: bytes, encoding: str) -> str:
    """Decode pairs of bytes: each is a Western character, or the two bytes of a character in the code page, high byte first."""
    units = struct.unpack(f"<{len(raw) // 2}H", raw)
    return "".join(
        bytes([unit]).decode("cp1252", "replace") if unit < 0x100 else unit.to_bytes(2, "big").decode(encoding, "replace")[:1]
        for unit in units
    )


def _modifiers(changes: bytes) -> Iterator[tuple[int, bytes]]:
    offset = 0
    while offset < len(changes):
        code = changes[offset]
        offset += 1
        size = _SIZES.get(code, 1)
        if size == -1:
            if code == 23 and changes[offset : offset + 1] == b"\xff":
                return
            size = 1 + int.from_bytes(changes[offset : offset + 1], "little")
        elif size == -2:
            size = 1 + int.from_bytes(changes[offset : offset + 2], "little")
        operand = changes[offset : offset + size]
        if len(operand) == size:
            yield code, operand
        offset += size


def _translated(changes: bytes) -> bytes:
    """The supported modifiers in the format of Word 97."""
    return b"".join(struct.pack("<H", _TRANSLATED[code]) + operand for code, operand in _modifiers(changes) if code in _TRANSLATED)
