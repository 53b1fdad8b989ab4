"""Reads the structures of a binary Word file (Word 97 and later, WPS), after [MS-DOC]: its characters and their formatting."""

from __future__ import annotations

import io
import struct
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

import olefile

from indexer.loaders.inlaid import Inlaid
from indexer.loaders.mtef import equation_native
from indexer.loaders.word_drawings import shapes
from indexer.loaders.word_lists import ListUse, list_uses
from indexer.loaders.word_modifiers import OBJECT, PICTURE, changes_of, modifiers
from indexer.loaders.word_pictures import picture_in_line, pictures_of_shapes
from indexer.loaders.word_properties import Paragraph, Properties
from indexer.loaders.word_structures import DAMAGED, Piece, Style, piece_table, styles_of

_FIRST_OF_WORD_97 = 0x00C1
_MAX_CHARACTERS = 20_000_000
_MAX_OBJECTS = 10_000
# [MS-DOC] 2.5.6 FibRgFcLcb97: numbers of the header's pairs of offset and size in the table stream.
STYLES, CHARACTER_PAGES, PARAGRAPH_PAGES, _FONTS, PIECES, _DRAWINGS, _LISTS, _LIST_USES = 1, 12, 13, 15, 33, 50, 73, 74
FOOTNOTES, ENDNOTES = (2, 3), (46, 47)
"""For each kind of note, the pair for the references in the text, and the pair for the starts of the notes' texts."""
_SHAPES, _BOXES = 40, 56
_WINDOWS = bytes(range(256)).decode("cp1252", "replace")


class OlderWord(ValueError):
    """The file was written by a Word older than Word 97."""


class Run(NamedTuple):
    """Consecutive characters with the same formatting."""

    start: int
    end: int
    bold: bool
    hidden: bool
    """Whether they are hidden, or deleted while changes were tracked."""
    symbol: str | None
    """The symbol from another font that replaces each of the characters, if any."""
    font: str
    """The symbol font, "" for any other font."""


@dataclass(slots=True)
class WordFile:
    """The characters of a file in one text, one per position, and their formatting.

    Raises:
        ValueError: It is not a Word file of version 97 or later, or is encrypted or damaged.
    """

    content: bytes
    text: str = ""
    """All stories, concatenated; a character beyond the first plane is two surrogates."""
    stories: dict[str, tuple[int, int]] = field(default_factory=dict)
    """The half-open ranges of main, footnotes, headers, comments, endnotes, boxes and header-boxes."""
    lists: list[ListUse] = field(default_factory=list)
    _paragraph_entry: ClassVar[int] = 13
    """Bytes that a page of formatting has for each paragraph."""
    _main: bytes = b""
    _table: bytes = b""
    _data: bytes = b""
    _equations: dict[int, bytes] = field(default_factory=dict)
    """The formulas of embedded objects, by the number of the object."""
    _pieces: list[Piece] = field(default_factory=list)
    _properties: Properties = field(default_factory=Properties)
    _paragraph_bounds: list[tuple[int, int, bytes]] = field(default_factory=list)
    _character_bounds: list[tuple[int, int, bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._open()
        try:
            self._read_text()
            self._properties = Properties(dict(self._read_styles()), dict(enumerate(self._read_fonts())), self._data)
            self._paragraph_bounds = sorted(self._bounds(PARAGRAPH_PAGES, self._paragraph_entry), key=lambda bound: bound[:2])
            self._character_bounds = sorted(self._bounds(CHARACTER_PAGES, 1), key=lambda bound: bound[:2])
            self.lists = list(self._read_lists())
        except (struct.error, IndexError) as error:
            raise ValueError(DAMAGED.format("a table of it ends too early")) from error

    def _open(self) -> None:
        try:
            with olefile.OleFileIO(io.BytesIO(self.content)) as ole:
                if ole.exists("EncryptedPackage"):
                    raise ValueError("it is encrypted with a password; open it in Word and save it without one")
                if not ole.exists("WordDocument"):
                    raise ValueError("it is no Word file, though packed like one; open it with its own program and save it as .docx")
                self._main = ole.openstream("WordDocument").read()
                self._check_version()
                self._table = self._table_of(ole)
                self._data = ole.openstream("Data").read() if ole.exists("Data") else b""
                self._equations = dict(_equations(ole))
        except (OSError, IndexError, KeyError, TypeError, AttributeError, struct.error, RecursionError) as error:
            raise ValueError(DAMAGED.format(" ".join(str(error).split())[:100] or type(error).__name__)) from error

    def _check_version(self) -> None:
        if len(self._main) < 0x200:
            raise ValueError(DAMAGED.format("it has no header"))
        if self._word(0) != 0xA5EC or self._word(2) < _FIRST_OF_WORD_97:
            raise OlderWord("it was written by a Word older than Word 97; open it in Word or LibreOffice and save it as .docx")
        self._check_encryption()

    def _check_encryption(self) -> None:
        if self._word(0x0A) & 0x0100:
            raise ValueError("it is encrypted with a password; open it in Word and save it without one")

    def _table_of(self, ole: olefile.OleFileIO) -> bytes:
        """The stream that the header's pairs point into."""
        stream: bytes = ole.openstream("1Table" if self._word(0x0A) & 0x0200 else "0Table").read()
        return stream

    def _word(self, offset: int) -> int:
        return int.from_bytes(self._main[offset : offset + 2], "little")

    def _part(self, number: int) -> bytes:
        """A structure in the table stream."""
        offset, size = self._pair(number)
        return self._table[offset : offset + size]

    def _pair(self, number: int) -> tuple[int, int]:
        """Offset and size of a structure in the table stream; 0 and 0 if the header is too short to have it."""
        offset, size = struct.unpack_from("<II", self._main, 0x9A + 8 * number) if number < self._word(0x98) else (0, 0)
        return offset, size

    def _plex(self, number: int, size: int) -> tuple[Sequence[int], list[bytes]]:
        """The positions (one more than there are entries) and the entries of a PLC ([MS-DOC] 2.2.2)."""
        part = self._part(number)
        count = max(0, (len(part) - 4) // (4 + size))
        if not count:
            return (), []
        positions = struct.unpack_from(f"<{count + 1}I", part)
        rest = part[4 * (count + 1) :]
        return positions, [rest[entry * size : (entry + 1) * size] for entry in range(count)]

    def _read_text(self) -> None:
        table, changes = piece_table(self._part(PIECES))
        if table and (characters := table[-1][1]) > _MAX_CHARACTERS:
            raise ValueError(f"{characters:,} characters; no report has so many")
        texts = []
        for start, end, where, change in table:
            narrow = bool(where & 0x4000_0000)
            begin = (where & 0x3FFF_FFFF) // (2 if narrow else 1)
            piece = Piece(start, end, begin, 1 if narrow else 2, changes_of(change, changes))
            raw = self._stored(piece)
            # One character per position, also for surrogates.
            texts.append("".join(map(_WINDOWS.__getitem__, raw)) if narrow else "".join(map(chr, memoryview(raw).cast("H"))))
            self._pieces.append(piece)
        self.text = "".join(texts)
        self._read_stories(0x4C)

    def _stored(self, piece: Piece) -> bytes:
        """The bytes of a piece's text."""
        raw = self._main[piece.offset : piece.at(piece.end)]
        if len(raw) != piece.at(piece.end) - piece.offset:
            raise ValueError(DAMAGED.format("it ends before its text does"))
        return raw

    def _read_stories(self, offset: int) -> None:
        """Set the range of each story from the lengths in the header."""
        sizes = struct.unpack_from("<8i", self._main, offset)
        names = ("main", "footnotes", "headers", "", "comments", "endnotes", "boxes", "header-boxes")
        end = 0
        for name, length in zip(names, sizes, strict=True):
            if not 0 <= length <= len(self.text) - end:
                raise ValueError(DAMAGED.format("its text is shorter than it says"))
            self.stories[name] = (end, end + length)
            end += length

    def _read_fonts(self) -> Iterator[str]:
        """The names of the fonts, in order ([MS-DOC] 2.9.286 SttbfFfn)."""
        part, offset = self._part(_FONTS), 4
        while offset + 40 < len(part):
            end = offset + 1 + part[offset]
            yield part[offset + 40 : end].decode("utf-16-le", "replace").partition("\0")[0]
            offset = end

    def _read_styles(self) -> Iterator[tuple[int, Style]]:
        return styles_of(self._part(STYLES), wide=True)

    def _bounds(self, number: int, size: int) -> Iterator[tuple[int, int, bytes]]:
        """Begin and end of runs or paragraphs in the main stream, and their formatting ([MS-DOC] 2.9.112, 2.9.33).

        `size` is how many bytes a page has for each, beside its begin and end.
        """
        for page_number in self._pages(number):
            page = self._main[page_number * 512 :][:512]
            if len(page) < 512:
                continue
            count = min(page[511], (511 - 4) // (4 + size))
            offsets = struct.unpack_from(f"<{count + 1}I", page)
            for order in range(count):
                at = 2 * page[4 * (count + 1) + size * order]
                set_here = self._of_characters(page, at) if number == CHARACTER_PAGES else self._of_paragraph(page, at)
                yield offsets[order], offsets[order + 1], set_here

    def _pages(self, number: int) -> Iterable[int]:
        """The numbers of the pages with the formatting of paragraphs or characters."""
        _, entries = self._plex(number, 4)
        return (int.from_bytes(entry, "little") & 0x3FFFFF for entry in dict.fromkeys(entries))

    def _of_characters(self, page: bytes, at: int) -> bytes:
        """The formatting of characters at an offset of a page; 0 if there is none."""
        return page[at + 1 : at + 1 + page[at]] if at else b""

    def _of_paragraph(self, page: bytes, at: int) -> bytes:
        """The style and formatting of a paragraph at an offset of a page; 0 if there is none."""
        if not at:
            return b"\0\0"
        return page[at + 1 : at + 2 * page[at]] if page[at] else page[at + 2 : at + 2 + 2 * page[at + 1]]

    def _read_lists(self) -> Iterator[ListUse]:
        return list_uses(self._table, self._pair(_LISTS), self._pair(_LIST_USES))

    def role(self, style: int) -> int | None:
        """0 for the style of the title, 1 and up for styles of headings, None for others."""
        return self._properties.role(style)

    def ends_paragraph(self, position: int) -> bool:
        """Whether a page break at this position also ends a paragraph."""
        piece = self._piece(position)
        bound = _find(self._paragraph_bounds, piece.at(position))
        return bound is None or bound[1] == piece.at(position) + piece.width

    def paragraph(self, position: int) -> Paragraph:
        """The properties of the paragraph that ends with the character at this position."""
        piece = self._piece(position)
        bound = _find(self._paragraph_bounds, piece.at(position))
        return self._properties.paragraph(bound[2] if bound else b"\0\0", piece.changes)

    def runs(self, start: int, end: int, style: int) -> Iterator[Run]:
        """The runs of characters from `start` to before `end`, in a paragraph with this style."""
        while start < end:
            piece = self._piece(start)
            offset = piece.at(start)
            bound = _find(self._character_bounds, offset)
            stop = min(end, piece.end)
            if bound is not None:
                stop = min(stop, start + max(1, (bound[1] - offset) // piece.width))
            set_here = (bound[2] if bound else b"") + piece.changes
            yield Run(start, stop, *self._properties.characters(style, set_here))
            start = stop

    def picture(self, position: int) -> Inlaid | None:
        """The picture that the character at this position represents, None if there is none."""
        where, embedded = self._located(position)
        return None if where is None or embedded else picture_in_line(self._data, where)

    def formula(self, position: int) -> str | None:
        """The formula of the object whose field has its mark at this position; None if there is none or it cannot be read."""
        where, _ = self._located(position)
        stream = None if where is None else self._equations.get(where)
        return equation_native(stream) if stream else None

    def _located(self, position: int) -> tuple[int | None, bool]:
        """The offset of a character's picture, or the number of its object; and whether it represents an object."""
        piece = self._piece(position)
        bound = _find(self._character_bounds, piece.at(position))
        where, embedded = None, False
        for code, operand in modifiers((bound[2] if bound else b"") + piece.changes):
            if code == PICTURE and len(operand) == 4:
                where = int.from_bytes(operand, "little")
            elif code in OBJECT:
                embedded = bool(operand[:1] > b"\0")
        return where, embedded

    def pictures_beside(self) -> Iterator[tuple[int, Inlaid]]:
        """Each picture that is anchored in the main text, with the position of its anchor."""
        positions, placed = self._plex(_SHAPES, 26)
        shown = pictures_of_shapes(self._part(_DRAWINGS), self._main)
        for position, shape in zip(positions, placed, strict=False):
            number, left, top, right, bottom = struct.unpack_from("<I4i", shape)
            if content := shown.get(number):
                yield position, Inlaid(content, (right - left) / 20, (bottom - top) / 20)

    def _piece(self, position: int) -> Piece:
        return self._pieces[bisect_right(self._pieces, position, key=lambda piece: piece.start) - 1]

    def notes(self, pairs: tuple[int, int], story: str) -> Iterator[tuple[int, int, int]]:
        """Each note's reference position, and the start and end of its text."""
        references, _ = self._plex(pairs[0], 2)
        starts, _ = self._plex(pairs[1], 0)
        begin, end = self.stories[story]
        for reference, start, stop in zip(references, starts, starts[1:], strict=False):
            if start < stop <= end - begin:
                yield reference, begin + start, begin + stop

    def boxes(self) -> Iterator[tuple[int | None, int, int]]:
        """Each text box's anchor, None if unknown, and the start and end of its text."""
        anchors = self._anchors()
        starts, boxes = self._plex(_BOXES, 22)
        begin, end = self.stories["boxes"]
        for start, stop, box in zip(starts, starts[1:], boxes, strict=False):
            shape_id = int.from_bytes(box[14:18], "little")
            reusable = int.from_bytes(box[8:10], "little")
            if start < stop <= end - begin and not reusable:
                yield anchors.get(shape_id), begin + start, begin + stop

    def word_art(self) -> Iterator[tuple[int, str]]:
        """Each WordArt text with the position of its anchor."""
        anchors = self._anchors()
        for shape, _, text in shapes(self._part(_DRAWINGS)):
            if text and shape in anchors:
                yield anchors[shape], text

    def art_beside(self) -> Iterator[str]:
        """The WordArt texts without an anchor in the main text, such as watermarks, which are in headers."""
        anchors = self._anchors()
        yield from (text for shape, _, text in shapes(self._part(_DRAWINGS)) if text and shape not in anchors)

    def _anchors(self) -> dict[int, int]:
        """By shape: the position in the main text of its own anchor or its group's."""
        positions, placed = self._plex(_SHAPES, 26)
        anchors = {int.from_bytes(shape[:4], "little"): position for position, shape in zip(positions, placed, strict=False)}
        inner = {shape: anchors[group] for shape, group, _ in shapes(self._part(_DRAWINGS)) if group in anchors}
        return inner | anchors


def _equations(ole: olefile.OleFileIO) -> Iterator[tuple[int, bytes]]:
    """The formulas among the embedded objects, with the object's number, which is in the name of its folder."""
    for path in ole.listdir()[:_MAX_OBJECTS]:
        if len(path) == 3 and path[0] == "ObjectPool" and path[2] == "Equation Native" and path[1][1:].isdecimal():
            yield int(path[1][1:]), ole.openstream(path).read()


def _find(bounds: list[tuple[int, int, bytes]], offset: int) -> tuple[int, int, bytes] | None:
    number = bisect_right(bounds, offset, key=lambda bound: bound[0]) - 1
    return bounds[number] if number >= 0 and offset < bounds[number][1] else None
