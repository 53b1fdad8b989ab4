"""Reads Word files: paragraphs with their automatic numbers, table rows, notes and text boxes, and titles and headings by style."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from xml.etree.ElementTree import Element

from selectolax.lexbor import LexborHTMLParser

from indexer.loaders.blocks import Frames, read_blocks
from indexer.loaders.document import Document, Line
from indexer.loaders.docx_numbers import Numbering, value
from indexer.loaders.docx_package import Package, Part
from indexer.loaders.docx_pictures import shown_size
from indexer.loaders.docx_text import DELETED, NOTES, PROPERTIES, AttachedText, TextReader, is_set, read_children, shows
from indexer.loaders.encoding import decode
from indexer.loaders.inlaid import Inlaid, Piece, word_document
from indexer.loaders.objects import unread_objects
from indexer.loaders.paragraph_text import table_pieces
from indexer.loaders.scanned import ScannedPage
from indexer.model import LeftOut

_STYLE = re.compile(r"(?:heading|标题)\s*(\d)", re.IGNORECASE)
_TITLE_STYLES = frozenset({"title", "标题"})
_BESIDE = {"header": "running-head", "footer": "running-head", "comments": "note"}
"""By kind of part: why its text is left out."""
_MAX_CHUNKS = 3
"""How deep documents inside documents are read."""


def load_docx(content: bytes, scanned: Mapping[int, ScannedPage] = MappingProxyType({})) -> Document:
    """A Word file's paragraphs and table rows, with the text that OCR found in its pictures (`scanned`).

    Raises:
        NotYetRead: OCR has not read all of its pictures.
        ValueError: It is not a Word file, is damaged or encrypted, unpacks to more than any report has, or has only pictures that
            cannot be read.
    """
    package = Package(content)
    reader, root = _opened(package, _MAX_CHUNKS)
    read = word_document(reader.pieces(root), "docx", scanned)
    titles = [line.text for line in read.lines if line.heading == 0]
    for relation in package.relations("").values():
        if relation.kind == "core-properties" and relation.target in package:
            titles += [title.text for title in package.xml(relation.target).iter("dc.title") if title.text]
    return replace(read, titles=titles, remarks=[*read.remarks, *unread_objects(reader.objects)])


def pictures_in_docx(content: bytes) -> Iterator[bytes]:
    """The pictures in a Word file, in order.

    Raises:
        ValueError: It is not a Word file, or is damaged or encrypted.
    """
    reader, root = _opened(Package(content), _MAX_CHUNKS)
    yield from (piece.content for piece in reader.pieces(root) if isinstance(piece, Inlaid))


def _opened(package: Package, chunks: int) -> tuple[_Reader, Element]:
    """A reader for the main part of a package, and that part's root element."""
    relations = package.relations("").values()
    main = next((relation.target for relation in relations if relation.kind == "officeDocument"), "word/document.xml")
    if main not in package or (root := package.xml(main)).tag != "w.document":
        raise ValueError("it is no Word file: there is no word/document.xml in it")
    return _Reader(Part(package, main), chunks), root


@dataclass(slots=True)
class _Reader:
    part: Part
    chunks: int
    objects: list[str] = field(default_factory=list)
    """The programs of embedded objects, which are not read."""
    _numbering: Numbering = field(default_factory=Numbering)
    _roles: dict[str, int] = field(default_factory=dict)
    """By style: 0 for a title, the level for a heading."""
    _hiding: set[str] = field(default_factory=set)
    """Styles whose text is hidden."""
    _texts: TextReader = field(init=False)
    _notes: dict[tuple[str, str], Element] = field(default_factory=dict)
    """Notes that no text has referred to yet, by kind and id."""
    _carried: AttachedText | None = None
    """The text of paragraphs whose mark is hidden or deleted: the next paragraph continues it."""

    def __post_init__(self) -> None:
        self._texts = TextReader(self.part, self._hiding, self.objects)

    def pieces(self, root: Element) -> Iterator[Piece]:
        """The lines of the document and, between them, pictures and text that is left out."""
        styles, numbering = self._only("styles"), self._only("numbering")
        self._numbering.read(numbering, styles)
        if styles is not None:
            self._read_styles(styles)
        for kind in NOTES.values():
            notes = self._only(kind)
            self._notes |= {(kind, note.get("w.id") or ""): note for note in (notes if notes is not None else ())}
        yield from self._beside("header")
        for body in root.iter("w.body"):
            yield from self._story(body)
        # Notes that no text refers to follow the text.
        for note in list(self._notes.values()):
            yield from self._story(note)
        yield from self._beside("footer")
        yield from self._beside("comments")

    def _only(self, kind: str) -> Element | None:
        """The root element of the only part of a kind, None if there is none."""
        return next(map(self.part.package.xml, self.part.of_kind(kind)), None)

    def _beside(self, kind: str) -> Iterator[LeftOut]:
        """Headers, footers or comments, which are not part of the text."""
        for name in self.part.of_kind(kind):
            for piece in self._story(self.part.package.xml(name)):
                if not isinstance(piece, Inlaid):
                    yield LeftOut(piece.text, _BESIDE[kind])

    def _read_styles(self, styles: Element) -> None:
        bases = {}
        for style in styles.iter("w.style"):
            name = style.get("w.styleId") or ""
            shown = (value(style, "w.name") or "").strip().lower()
            bases[name] = value(style, "w.basedOn")
            if shown in _TITLE_STYLES:
                self._roles[name] = 0
            elif match := _STYLE.fullmatch(shown):
                self._roles[name] = int(match[1])
            if is_set(style, "w.vanish"):
                self._hiding.add(name)
        for _ in range(10):
            self._hiding |= {name for name, base in bases.items() if base in self._hiding}

    def _story(self, container: Element) -> Iterator[Piece]:
        """The pieces of a part of the document."""
        outer, self._carried = self._carried, None
        yield from self._blocks(container)
        if self._carried is not None:
            yield from self._lines(self._carried, "", None)
        self._carried = outer

    def _blocks(self, container: Element) -> Iterator[Piece]:
        """The pieces of paragraphs and tables in order, including those inside wrapper elements."""
        for child in read_children(container):
            if child.tag == "w.p":
                yield from self._paragraph(child)
            elif child.tag == "w.tbl":
                yield from self._table(child)
            elif child.tag == "w.altChunk":
                yield from self._chunk(child)
            elif child.tag not in PROPERTIES:
                yield from self._blocks(child)

    def _paragraph(self, paragraph: Element) -> Iterator[Piece]:
        style = value(paragraph, "w.pPr/w.pStyle")
        text, self._carried = self._carried or AttachedText(), None
        hidden = style in self._hiding
        self._texts.read(paragraph, text, bold=False, hidden=hidden)
        mark = paragraph.find("w.pPr/w.rPr")
        if mark is not None and (shows(mark, "w.vanish") or any(mark.find(name) is not None for name in DELETED)):
            self._carried = text
            return
        number = self._numbering.next_number(paragraph, style)
        yield from self._lines(text, number if text.shown.strip() else "", self._roles.get(style) if style else None)

    def _lines(self, text: AttachedText, number: str, role: int | None) -> Iterator[Piece]:
        """A paragraph's lines (several if it has line breaks), and the pieces of what is attached to it."""
        yield from text.left_out
        yield from text.lines(number, role)
        for element in text.behind:
            if element.tag == "v.textpath":
                if art := " ".join((element.get("string") or "").split()):
                    yield Line(art)
            elif element.tag in NOTES:
                note = self._notes.pop((NOTES[element.tag], element.get("w.id") or ""), None)
                if note is not None:
                    yield from self._story(note)
            elif element.tag in ("pic", "v.shape"):
                yield from self._picture(element)
            elif element.tag == "txBody":
                yield from _drawn(element)
            elif element.tag == "relIds":
                # SmartArt, whose text is in a part of its own
                if (name := self.part.target(element, "r.dm")) is not None:
                    yield from _drawn(self.part.package.xml(name))
            else:
                yield from self._story(element)

    def _picture(self, element: Element) -> Iterator[Inlaid]:
        """The picture in a drawing, with the size at which it is shown."""
        shown = element.find(".//blip") if element.tag == "pic" else element.find("v.imagedata")
        if shown is not None and (name := self.part.target(shown, "r.embed", "r.id")) is not None:
            yield Inlaid(self.part.package.read(name), *shown_size(element))

    def _table(self, table: Element) -> Iterator[Piece]:
        return table_pieces([[list(self._story(cell)) for cell in _inside(row, "w.tc")] for row in _inside(table, "w.tr")])

    def _chunk(self, chunk: Element) -> Iterator[Piece]:
        """The pieces of a document embedded in this one."""
        name = self.part.target(chunk, "r.id")
        if name is None:
            return
        content, extension = self.part.package.read(name), posixpath.splitext(name)[1].lower()
        if extension in (".htm", ".html", ".xhtml"):
            for block in read_blocks([LexborHTMLParser(decode(content)[0])], Frames()).blocks:
                yield from block.lines
            return
        if extension == ".txt":
            yield from (Line(line.strip()) for line in decode(content)[0].splitlines() if line.strip())
            return
        if extension not in (".docx", ".docm", ".dotx") or not self.chunks:
            raise ValueError(f"there is a {extension or 'document'} inside it that cannot be read; open it in Word and save it anew")
        inner, root = _opened(Package(content), self.chunks - 1)
        yield from inner.pieces(root)
        self.objects += inner.objects


def _drawn(element: Element) -> Iterator[Line]:
    """The paragraphs of a drawing (DrawingML)."""
    for paragraph in element.iter("p"):
        if text := " ".join("".join(piece.text or "" for piece in paragraph.iter("t")).split()):
            yield Line(text)


def _inside(element: Element, tag: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row, including those inside wrapper elements."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag not in ("w.tbl", "w.tc") and child.tag not in PROPERTIES:
            yield from _inside(child, tag)
