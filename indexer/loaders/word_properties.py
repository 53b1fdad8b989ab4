"""The effective formatting of paragraphs and characters in a binary Word file: its styles with the modifiers applied."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import NamedTuple

from indexer.loaders.symbols import is_symbol_font, symbol
from indexer.loaders.word_modifiers import (
    BOLD,
    DELETED,
    DEPTH,
    FONTS_OF_CHARACTERS,
    HIDDEN,
    IN_DATA_STREAM,
    IN_TABLE,
    INNER_CELL,
    INNER_ROW,
    LEVEL,
    ROW_END,
    STYLE_OF_CHARACTERS,
    SYMBOL,
    USE,
    modifiers,
    toggle,
)
from indexer.loaders.word_structures import Style


class Paragraph(NamedTuple):
    """The properties of a paragraph."""

    style: int
    in_table: bool = False
    row_end: bool = False
    depth: int = 0
    """How many tables it is nested in."""
    inner_cell: bool = False
    """Whether it ends a cell of a table inside a table."""
    inner_row: bool = False
    level: int = 0
    use: int = 0
    """The use of a list, from 1; 0 if it is not numbered."""


@dataclass(slots=True)
class Properties:
    """Applies modifiers to the styles of a file; results are cached."""

    styles: dict[int, Style] = field(default_factory=dict)
    fonts: dict[int, str] = field(default_factory=dict)
    data: bytes = b""
    """The stream with further modifiers of some paragraphs."""
    _of_paragraph: dict[tuple[bytes, bytes], Paragraph] = field(default_factory=dict)
    _of_characters: dict[tuple[int, bytes], tuple[bool, bool, str | None, str]] = field(default_factory=dict)

    def role(self, style: int) -> int | None:
        """0 for the style of the title, 1 and up for styles of headings, None for others."""
        found = self.styles.get(style)
        return found.role if found else None

    def paragraph(self, set_here: bytes, changes: bytes) -> Paragraph:
        """The properties of a paragraph, from its own modifiers and those of its piece of the text."""
        if (known := self._of_paragraph.get((set_here, changes))) is None:
            style = int.from_bytes(set_here[:2], "little")
            known = Paragraph(style)
            for above in reversed(self._line_of(style)):
                known = self._changed(known, above.paragraph)
            known = self._changed(self._changed(known, set_here[2:]), changes)
            if known.in_table and not known.depth:
                known = known._replace(depth=1)
            self._of_paragraph[set_here, changes] = known
        return known

    def _changed(self, paragraph: Paragraph, changes: bytes, *, nested: bool = False) -> Paragraph:
        for code, operand in modifiers(changes):
            value = int.from_bytes(operand, "little")
            if code == IN_TABLE:
                paragraph = paragraph._replace(in_table=bool(value))
            elif code == ROW_END:
                paragraph = paragraph._replace(row_end=bool(value))
            elif code == DEPTH:
                paragraph = paragraph._replace(depth=min(value, 99))
            elif code == INNER_CELL:
                paragraph = paragraph._replace(inner_cell=bool(value))
            elif code == INNER_ROW:
                paragraph = paragraph._replace(inner_row=bool(value))
            elif code == LEVEL:
                paragraph = paragraph._replace(level=value)
            elif code == USE:
                paragraph = paragraph._replace(use=value if value < 0x07FF else 0)
            elif code in IN_DATA_STREAM and not nested:
                size = int.from_bytes(self.data[value : value + 2], "little")
                paragraph = self._changed(paragraph, self.data[value + 2 : value + 2 + size], nested=True)
        return paragraph

    def _line_of(self, style: int) -> list[Style]:
        """A style and the styles that it is based on, nearest first."""
        line: list[Style] = []
        while (found := self.styles.get(style)) is not None and found not in line and len(line) < 20:
            line.append(found)
            style = found.base
        return line

    def characters(self, style: int, set_here: bytes) -> tuple[bool, bool, str | None, str]:
        """Bold, hidden, symbol and font, as in `Run`, of characters with these modifiers in a paragraph of this style."""
        if (known := self._of_characters.get((style, set_here))) is None:
            known = self._of_characters[style, set_here] = self._characters_of(style, set_here)
        return known

    def _characters_of(self, style: int, set_here: bytes) -> tuple[bool, bool, str | None, str]:
        base = {BOLD: False, HIDDEN: False, DELETED: False}
        for above in reversed(self._line_of(style)):
            toggle(base, above.characters, base)
        for code, operand in modifiers(set_here):
            if code == STYLE_OF_CHARACTERS:
                for above in reversed(self._line_of(int.from_bytes(operand, "little"))):
                    if above.kind == 2:
                        toggle(base, above.characters, base)
        found = dict(base)
        toggle(found, set_here, base)
        shown, symbols = None, ""
        for code, operand in modifiers(set_here):
            if code == SYMBOL:
                font, char = struct.unpack_from("<HH", operand.ljust(4, b"\0"))
                shown = symbol(self.fonts.get(font, ""), char)
            elif code in FONTS_OF_CHARACTERS and is_symbol_font(name := self.fonts.get(int.from_bytes(operand, "little"), "")):
                symbols = name
        return found[BOLD], found[HIDDEN] or found[DELETED], shown, symbols
