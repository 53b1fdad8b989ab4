"""Reads old Word and WPS files: paragraphs with their automatic numbers, table rows, notes and text boxes in place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from indexer.loaders.document import Document, Line
from indexer.loaders.equations import equation_text
from indexer.loaders.inlaid import Inlaid, Piece, word_document
from indexer.loaders.numbering import Counters
from indexer.loaders.objects import unread_objects
from indexer.loaders.paragraph_text import ParagraphText, table_pieces, whole
from indexer.loaders.scanned import ScannedPage
from indexer.loaders.symbols import in_font
from indexer.loaders.word6 import Word6File, open_word
from indexer.loaders.word97 import ENDNOTES, FOOTNOTES, WordFile
from indexer.loaders.word_properties import Paragraph
from indexer.model import LeftOut
from indexer.remarks import Remark

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZEROS = 4
_PICTURE, _CELL, _BREAK = "\x01", "\x07", "\x0c"
_EMBEDDED = re.compile(r"\s*EMBED\b\s*(\S*)")
_ENDS = re.compile("[\r\x07\x0c]")
_SHOWN = {"\t": " ", "\x0b": "\n", "\x0e": " ", "\x0c": "\n", "\x1e": "-", "\xa0": " "}
_FIELD_MARKS = _FIELD, _RESULT, _FIELD_END = "\x13", "\x14", "\x15"


def load_doc(content: bytes, scanned: Mapping[int, ScannedPage] = MappingProxyType({})) -> Document:
    """An old Word file's paragraphs and table rows, with the text that OCR found in its pictures (`scanned`).

    Raises:
        NotYetRead: OCR has not read all of its pictures.
        ValueError: It is not an old Word file, is older than Word 6, damaged or encrypted, or has only pictures that cannot be read.
    """
    if not content.startswith(_OLE):
        raise ValueError("it is no old Word file; name it by what it is, or save it as .docx")
    word = open_word(content)
    reader = _Reader(word)
    read = word_document(reader.pieces(), "doc", scanned)
    # No program writes zeros as text; they are where a disk lost a part of the file.
    remarks = [*unread_objects(reader.objects), *([Remark("file-damaged")] if "\0" * _ZEROS in word.text else [])]
    if isinstance(word, Word6File) and word.numbered:
        remarks.append(Remark("numbers-unread"))
    return replace(read, titles=[line.text for line in read.lines if line.heading == 0], remarks=[*read.remarks, *remarks])


def pictures_in_doc(content: bytes) -> Iterator[bytes]:
    """The pictures in an old Word file, in order.

    Raises:
        ValueError: It is not an old Word file, or is damaged or encrypted.
    """
    yield from (piece.content for piece in _Reader(open_word(content)).pieces() if isinstance(piece, Inlaid))


@dataclass(slots=True)
class _Text(ParagraphText):
    hidden: str = ""
    anchors: list[int] = field(default_factory=list)
    """Positions in the file's text where something is anchored."""


@dataclass(slots=True)
class _Table:
    """A table that is being read: rows of cells, each with its content."""

    rows: list[list[list[Piece]]] = field(default_factory=list)
    cells: list[list[Piece]] = field(default_factory=list)
    cell: list[Piece] = field(default_factory=list)

    def end_cell(self) -> None:
        self.cells.append(self.cell)
        self.cell = []

    def end_row(self) -> None:
        if self.cell:
            self.end_cell()
        if self.cells:
            self.rows.append(self.cells)
        self.cells = []

    def pieces(self) -> Iterator[Piece]:
        self.end_row()
        return table_pieces(self.rows)


@dataclass(slots=True)
class _Field:
    instruction: str = ""
    in_result: bool = False
    mark: int = 0
    """The position of the mark before its result."""


@dataclass(slots=True)
class _Fields:
    """The fields of a story. A field is a mark, its instruction, a mark, the displayed result, a mark."""

    ended: frozenset[int]
    """The positions where complete fields begin; text after any other begin mark is ordinary text."""
    open: list[_Field] = field(default_factory=list)

    @property
    def in_instruction(self) -> bool:
        return not all(around.in_result for around in self.open)

    @property
    def in_object(self) -> bool:
        """Whether the text here is the displayed form of an embedded object."""
        return any(_EMBEDDED.match(around.instruction) for around in self.open)

    objects: list[str] = field(default_factory=list)
    """The programs of the embedded objects."""

    def mark(self, char: str, position: int, word: WordFile) -> str:
        """Process a mark. Returns the formula of a field that ends here without a result, or with a picture of it as result; else ""."""
        if char == _FIELD:
            if position in self.ended:
                self.open.append(_Field())
        elif char == _RESULT and self.open:
            self.open[-1].in_result, self.open[-1].mark = True, position
        elif self.open:
            ended = self.open.pop()
            formula = None if ended.in_result else equation_text(ended.instruction)
            if embedded := _EMBEDDED.match(ended.instruction):
                formula = word.formula(ended.mark) if ended.in_result else None
                if formula is None:
                    self.objects.append(embedded[1] or "?")
            if formula and not self.in_instruction:
                return formula
            if formula:
                self.open[-1].instruction += formula
        return ""


@dataclass(slots=True)
class _Reader:
    word: WordFile
    objects: list[str] = field(default_factory=list)
    """The programs of the embedded objects."""
    _counters: Counters = field(default_factory=Counters)
    _anchored: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    """By position in the text: notes and text boxes anchored there."""
    _drawn: dict[int, list[str]] = field(default_factory=dict)
    """By position in the text: the texts of WordArt drawn there."""
    _beside_text: dict[int, list[Inlaid]] = field(default_factory=dict)
    """By position in the text: pictures anchored there."""

    def pieces(self) -> Iterator[Piece]:
        """The lines of the file and, between them, pictures and text that is left out."""
        word = self.word
        yield from self._beside("headers", "running-head")
        yield from self._beside("header-boxes", "running-head")
        for mark in word.art_beside():
            if shown := " ".join(mark.split()):
                yield LeftOut(shown, "watermark")
        for pairs, story in ((FOOTNOTES, "footnotes"), (ENDNOTES, "endnotes")):
            for anchor, start, end in word.notes(pairs, story):
                self._anchored.setdefault(anchor, []).append((start, end))
        for box_anchor, start, end in word.boxes():
            self._anchored.setdefault(-1 if box_anchor is None else box_anchor, []).append((start, end))
        for anchor, picture in word.pictures_beside():
            self._beside_text.setdefault(anchor, []).append(picture)
        for anchor, art in word.word_art():
            self._drawn.setdefault(anchor, []).append(art)
        yield from self._story(*word.stories["main"])
        # Notes and boxes that are not anchored in a paragraph follow the text.
        for stretches in self._anchored.values():
            for start, end in stretches:
                yield from self._story(start, end)
        yield from self._beside("comments", "note")

    def _beside(self, story: str, reason: str) -> Iterator[LeftOut]:
        for _, _, text in self._paragraphs(*self.word.stories[story]):
            if shown := " ".join(whole(text.shown + text.hidden).split()):
                yield LeftOut(shown, reason)

    def _story(self, start: int, end: int) -> Iterator[Piece]:
        """The pieces of a part of the text."""
        tables: list[_Table] = []
        for mark, paragraph, text in self._paragraphs(start, end):
            depth = paragraph.depth if paragraph.in_table else 0
            while len(tables) > depth:
                yield from _closed(tables)
            tables += [_Table() for _ in range(depth - len(tables))]
            found = [*self._found(paragraph, text)]
            if not tables:
                yield from found
                continue
            tables[-1].cell += found
            if paragraph.row_end or paragraph.inner_row:
                tables[-1].end_row()
            elif mark == _CELL or paragraph.inner_cell:
                tables[-1].end_cell()
        while tables:
            yield from _closed(tables)

    def _paragraphs(self, start: int, end: int) -> Iterator[tuple[str, Paragraph, _Text]]:
        """Each paragraph's mark, its properties, and its text."""
        fields = _Fields(_ended_fields(self.word.text, start, end), objects=self.objects)
        begin = start
        for match in _ENDS.finditer(self.word.text, start, end):
            position = match.start()
            if match[0] == _BREAK and not self.word.ends_paragraph(position):
                continue
            paragraph = self.word.paragraph(position)
            (mark,) = self.word.runs(position, position + 1, paragraph.style)
            if mark.hidden and match[0] == "\r" and position + 1 < end:
                continue  # a hidden mark: the next paragraph continues this one
            yield match[0], paragraph, self._text(begin, position, paragraph.style, fields)
            begin = position + 1
        if begin < end:
            paragraph = self.word.paragraph(end - 1)
            yield "", paragraph, self._text(begin, end, paragraph.style, fields)

    def _text(self, start: int, end: int, style: int, fields: _Fields) -> _Text:
        text = _Text()
        for run in self.word.runs(start, end, style):
            for position in range(run.start, run.end):
                if position in self._anchored or position in self._drawn or position in self._beside_text:
                    text.anchors.append(position)
                char = self.word.text[position]
                if char in _FIELD_MARKS:
                    if formula := fields.mark(char, position, self.word):
                        text.add(formula, bold=run.bold)
                elif fields.in_instruction:
                    fields.open[-1].instruction += char
                elif char == _PICTURE:
                    if not run.hidden and not fields.in_object and (picture := self.word.picture(position)):
                        self._beside_text.setdefault(position, []).append(picture)
                        text.anchors.append(position)
                elif run.symbol is not None and char == "(":
                    text.add(run.symbol, bold=run.bold)
                elif char >= " " or char in _SHOWN:
                    char = in_font(run.font, char) if run.font else _SHOWN.get(char, char)
                    if run.hidden:
                        text.hidden += char
                    else:
                        text.add(char, bold=run.bold)
        return text

    def _found(self, paragraph: Paragraph, text: _Text) -> Iterator[Piece]:
        """The lines of a paragraph (several if it has line breaks) and the pieces anchored in it."""
        if hidden := " ".join(whole(text.hidden).split()):
            yield LeftOut(hidden, "hidden")
        number = ""
        if text.shown.strip():
            number = self._number(paragraph)
        elif not hidden:
            self._number(paragraph)  # an empty paragraph is counted, a hidden or deleted one is not
        yield from text.lines(number, self.word.role(paragraph.style))
        for anchor in text.anchors:
            yield from self._beside_text.pop(anchor, ())
            yield from (Line(art) for drawn in self._drawn.pop(anchor, ()) if (art := " ".join(drawn.split())))
            for stretch in self._anchored.pop(anchor, ()):
                yield from self._story(*stretch)

    def _number(self, paragraph: Paragraph) -> str:
        if not 0 < paragraph.use <= len(self.word.lists):
            return ""
        used = self.word.lists[paragraph.use - 1]
        return self._counters.next_number(used.counted, used.levels, paragraph.level, str(paragraph.use), used.starts)


def _closed(tables: list[_Table]) -> Iterator[Piece]:
    """End the innermost table: its pieces go into the cell around it, or are yielded if there is none."""
    inner = [*tables.pop().pieces()]
    if tables:
        tables[-1].cell += inner
    else:
        yield from inner


def _ended_fields(text: str, start: int, end: int) -> frozenset[int]:
    """The positions where complete fields begin."""
    begun: list[int] = []
    ended = set()
    for match in re.finditer(f"[{_FIELD}{_FIELD_END}]", text[start:end]):
        if match[0] == _FIELD:
            begun.append(start + match.start())
        elif begun:
            ended.add(begun.pop())
    return frozenset(ended)
