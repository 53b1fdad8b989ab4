"""Word files: paragraphs with their automatic numbers, table rows, notes and text boxes, and what the styles call title and headings."""

from __future__ import annotations

import io
import posixpath
import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from xml.etree.ElementTree import Element

from olefile import OleFileIO
from selectolax.lexbor import LexborHTMLParser

from indexer.loaders.blocks import Frames, read_blocks
from indexer.loaders.document import Document, Line
from indexer.loaders.docx_charts import chart_texts
from indexer.loaders.docx_numbers import Numbering, is_on, value
from indexer.loaders.docx_package import Package, Relation
from indexer.loaders.docx_pictures import shown_size, shows_something
from indexer.loaders.encoding import decode
from indexer.loaders.equations import equation_text
from indexer.loaders.formulas import formula_text
from indexer.loaders.inlaid import Inlaid, Piece, word_document
from indexer.loaders.mtef import equation_native
from indexer.loaders.objects import unread_objects
from indexer.loaders.scanned import ScannedPage
from indexer.loaders.symbols import in_font, symbol
from indexer.model import LeftOut

_STYLE = re.compile(r"(?:heading|标题)\s*(\d)", re.IGNORECASE)
_TITLE_STYLES = frozenset({"title", "标题"})
_BESIDE = {"header": "running-head", "footer": "running-head", "comments": "note"}
"""By kind of part: why its text is left out."""
_NOTES = {"w.footnoteReference": "footnotes", "w.endnoteReference": "endnotes"}
_DELETED = frozenset({"w.del", "w.moveFrom"})
_SKIPPED = frozenset({"w.pPr", "w.rPr", "w.sectPr", "w.tblPr", "w.trPr", "w.tcPr", "w.sdtPr", "w.rubyPr"})
_SIGNS = {
    "w.tab": " ",
    "w.ptab": " ",
    "w.br": "\n",
    "w.cr": "\n",
    "w.noBreakHyphen": "-",
}
_MAX_CHUNKS = 3
"""Documents inside documents are read so deep."""


def load_docx(content: bytes, scanned: Mapping[int, ScannedPage] = MappingProxyType({})) -> Document:
    """A Word file's paragraphs and table rows, and what OCR read before in its pictures.

    Raises:
        NotYetRead: It did not read all of these.
        ValueError: It is no Word file, is damaged or encrypted, unpacks to more than any report holds, or is nothing but pictures that
            nothing reads.
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
        ValueError: It is no Word file, is damaged or encrypted.
    """
    reader, root = _opened(Package(content), _MAX_CHUNKS)
    yield from (piece.content for piece in reader.pieces(root) if isinstance(piece, Inlaid))


def _opened(package: Package, chunks: int) -> tuple[_Reader, Element]:
    """What reads the main part of a package, and that part."""
    relations = package.relations("").values()
    main = next((relation.target for relation in relations if relation.kind == "officeDocument"), "word/document.xml")
    if main not in package or (root := package.xml(main)).tag != "w.document":
        raise ValueError("it is no Word file: there is no word/document.xml in it")
    return _Reader(package, package.relations(main), chunks), root


@dataclass(slots=True)
class _Text:
    """What is shown of a paragraph, and what stands with it."""

    shown: str = ""
    bold: int = 0
    """So many characters at its start are bold."""
    left_out: list[LeftOut] = field(default_factory=list)
    behind: list[Element] = field(default_factory=list)
    """Text boxes and notes, which come after it."""

    def add(self, piece: str, *, bold: bool) -> None:
        if bold and self.bold == len(self.shown):
            self.bold += len(piece)
        self.shown += piece

    def leave_out(self, piece: str, reason: str) -> None:
        if text := " ".join(piece.split()):
            self.left_out.append(LeftOut(text, reason))


@dataclass(slots=True)
class _Reader:
    package: Package
    relations: dict[str, Relation]
    chunks: int
    _numbering: Numbering = field(default_factory=Numbering)
    _roles: dict[str, int] = field(default_factory=dict)
    _hiding: set[str] = field(default_factory=set)
    """Styles whose text is hidden."""
    _notes: dict[tuple[str, str], Element] = field(default_factory=dict)
    _fields: list[str] = field(default_factory=list)
    """The instructions of the fields that are open."""
    objects: list[str] = field(default_factory=list)
    """What programs the objects are of that are embedded in it."""
    _carried: _Text | None = None
    """The text of paragraphs whose mark is hidden or deleted: the next one goes on with it."""

    def pieces(self, root: Element) -> Iterator[Piece]:
        """The lines of the document, and between them what is no text of it."""
        styles, numbering = self._part("styles"), self._part("numbering")
        self._numbering.read(numbering, styles)
        if styles is not None:
            self._read_styles(styles)
        for kind in _NOTES.values():
            notes = self._part(kind)
            self._notes |= {(kind, note.get("w.id") or ""): note for note in (notes if notes is not None else ())}
        yield from self._beside("header")
        for body in root.iter("w.body"):
            yield from self._story(body)
        # Notes that no text refers to.
        for note in list(self._notes.values()):
            yield from self._story(note)
        yield from self._beside("footer")
        yield from self._beside("comments")

    def _part(self, kind: str) -> Element | None:
        names = (relation.target for relation in self.relations.values() if relation.kind == kind)
        return next((self.package.xml(name) for name in names if name in self.package), None)

    def _beside(self, kind: str) -> Iterator[LeftOut]:
        """What is printed at the edges of pages, and comments; none of it stands in the paragraphs."""
        names = dict.fromkeys(relation.target for relation in self.relations.values() if relation.kind == kind)
        for name in names:
            for piece in self._story(self.package.xml(name)) if name in self.package else ():
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
            if _is_set(style, "w.vanish"):
                self._hiding.add(name)
        for _ in range(10):
            self._hiding |= {name for name, base in bases.items() if base in self._hiding}

    def _story(self, container: Element) -> Iterator[Piece]:
        """The lines of a part of the document."""
        outer, self._carried = self._carried, None
        yield from self._blocks(container)
        if self._carried is not None:
            yield from self._lines(self._carried, "", None)
        self._carried = outer

    def _blocks(self, container: Element) -> Iterator[Piece]:
        """The lines of paragraphs and tables in order, also of those inside wrappers."""
        for child in _read_children(container):
            if child.tag == "w.p":
                yield from self._paragraph(child)
            elif child.tag == "w.tbl":
                yield from self._table(child)
            elif child.tag == "w.altChunk":
                yield from self._chunk(child)
            elif child.tag not in _SKIPPED:
                yield from self._blocks(child)

    def _paragraph(self, paragraph: Element) -> Iterator[Piece]:
        style = value(paragraph, "w.pPr/w.pStyle")
        text, self._carried = self._carried or _Text(), None
        hidden = style in self._hiding
        self._collect(paragraph, text, bold=False, hidden=hidden)
        mark = paragraph.find("w.pPr/w.rPr")
        if mark is not None and (_shows(mark, "w.vanish") or any(mark.find(name) is not None for name in _DELETED)):
            self._carried = text
            return
        number = self._numbering.next_number(paragraph, style)
        yield from self._lines(text, number if text.shown.strip() else "", self._roles.get(style) if style else None)

    def _lines(self, text: _Text, number: str, role: int | None) -> Iterator[Piece]:
        """A paragraph's lines, more than one where it holds line breaks, and of what stands with it."""
        yield from text.left_out
        bold = text.bold + len(number) if text.bold else 0
        for line in (number + text.shown).split("\n"):
            if shown := line.strip():
                leading = len(line) - len(line.lstrip())
                yield Line(shown, min(max(0, bold - leading), len(shown)), role)
            bold = max(0, bold - len(line) - 1)
        for element in text.behind:
            if element.tag == "v.textpath":
                if art := " ".join((element.get("string") or "").split()):
                    yield Line(art)
            elif element.tag in _NOTES:
                note = self._notes.pop((_NOTES[element.tag], element.get("w.id") or ""), None)
                if note is not None:
                    yield from self._story(note)
            elif element.tag in ("pic", "v.shape"):
                yield from self._picture(element)
            elif element.tag == "txBody":
                yield from _drawn(element)
            elif element.tag == "relIds":
                # SmartArt, whose text is in a part of its own
                relation = self.relations.get(element.get("r.dm") or "")
                if relation is not None and relation.target in self.package:
                    yield from _drawn(self.package.xml(relation.target))
            else:
                yield from self._story(element)

    def _collect(self, element: Element, text: _Text, *, bold: bool, hidden: bool) -> None:
        """The text below an element as it is shown."""
        for child in _read_children(element):
            tag = child.tag
            if tag in _SKIPPED:
                continue
            if tag in _DELETED:
                text.leave_out(_all_text(child), "hidden")
            elif tag == "w.rt":
                text.leave_out(_all_text(child), "note")
            elif tag in ("w.t", "m.oMath") or tag in _SIGNS or tag == "w.sym":
                shown = self._shown(child)
                if re.search("[\uf020-\uf0ff]", shown) and (fonts := element.find("w.rPr/w.rFonts")) is not None:
                    shown = in_font(fonts.get("w.ascii") or fonts.get("w.hAnsi") or "", shown)
                if hidden:
                    text.leave_out(shown, "hidden")
                else:
                    text.add(shown, bold=bold)
            elif tag == "w.fldChar" or tag == "w.instrText":
                if formula := self._field(child):
                    text.add(formula, bold=bold)
            elif tag in ("w.txbxContent", "v.textpath", "txBody", "relIds") or tag in _NOTES:
                text.behind.append(child)
            elif tag == "chart" and "r.id" in child.attrib:
                relation = self.relations.get(child.get("r.id") or "")
                if relation is not None and relation.target in self.package:
                    for piece in chart_texts(self.package.xml(relation.target)):
                        text.leave_out(piece, "chart")
            elif tag == "OLEObject":
                if (formula := self._formula(child)) is None:
                    self.objects.append(child.get("ProgID") or "?")
                else:
                    text.add(formula, bold=bold)
            elif tag == "pic" and child.find(".//blip") is not None:
                if not hidden:
                    text.behind.append(child)
            elif tag == "v.shape" and element.tag != "w.object" and child.find("v.imagedata") is not None and not hidden:
                text.behind.append(child)
                self._collect(child, text, bold=bold, hidden=hidden)
            elif tag == "w.r":
                self._collect(child, text, bold=_is_set(child, "w.b"), hidden=hidden or self._is_hidden(child))
            else:
                self._collect(child, text, bold=bold, hidden=hidden)

    def _picture(self, element: Element) -> Iterator[Inlaid]:
        """The picture that a drawing shows, and how large it does."""
        shown = element.find(".//blip") if element.tag == "pic" else element.find("v.imagedata")
        relation = self.relations.get((shown.get("r.embed") or shown.get("r.id") or "") if shown is not None else "")
        if relation is not None and relation.target in self.package:
            yield Inlaid(self.package.read(relation.target), *shown_size(element))

    def _formula(self, element: Element) -> str | None:
        """The formula of an embedded object of the old equation editor or MathType, None where it is none or not understood."""
        relation = self.relations.get(element.get("r.id") or "")
        if relation is None or relation.target not in self.package or not (element.get("ProgID") or "").startswith("Equation"):
            return None
        try:
            with OleFileIO(io.BytesIO(self.package.read(relation.target))) as ole:
                return equation_native(ole.openstream("Equation Native").read()) if ole.exists("Equation Native") else None
        except (OSError, IndexError, KeyError, TypeError, AttributeError, struct.error, RecursionError):
            return None

    def _is_hidden(self, run: Element) -> bool:
        mark = run.find("w.rPr/w.vanish")
        return is_on(mark) if mark is not None else value(run, "w.rPr/w.rStyle") in self._hiding

    def _shown(self, element: Element) -> str:
        if element.tag == "w.t":
            return element.text or ""
        if element.tag == "m.oMath":
            return formula_text(element)
        if element.tag == "w.sym":
            code = element.get("w.char") or ""
            return symbol(element.get("w.font") or "", int(code, 16)) if re.fullmatch("[0-9A-Fa-f]{1,4}", code) else ""
        return _SIGNS[element.tag]

    def _field(self, element: Element) -> str | None:
        """What a field shows that has no result but its instruction; its result is ordinary text."""
        if element.tag == "w.instrText":
            if self._fields:
                self._fields[-1] += element.text or ""
            return None
        kind = element.get("w.fldCharType")
        if kind == "begin":
            self._fields.append("")
        elif self._fields and kind == "separate":
            self._fields[-1] = ""
        elif self._fields and kind == "end":
            return equation_text(self._fields.pop())
        return None

    def _table(self, table: Element) -> Iterator[Piece]:
        """A table's rows, cells joined; of a table of one column, which is a frame, the paragraphs."""
        rows = [list(_inside(row, "w.tc")) for row in _inside(table, "w.tr")]
        framed = all(len(cells) == 1 for cells in rows)
        for cells in rows:
            if framed:
                yield from self._story(cells[0])
                continue
            texts = []
            for cell in cells:
                pieces = list(self._story(cell))
                yield from (piece for piece in pieces if not isinstance(piece, Line))
                texts.append(" ".join(" ".join(piece.text for piece in pieces if isinstance(piece, Line)).split()))
            if any(texts):
                yield Line(" | ".join(texts).strip())

    def _chunk(self, chunk: Element) -> Iterator[Piece]:
        """The lines of a document inside this one."""
        relation = self.relations.get(chunk.get("r.id") or "")
        if relation is None or relation.target not in self.package:
            return
        content, extension = self.package.read(relation.target), posixpath.splitext(relation.target)[1].lower()
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


def _read_children(element: Element) -> Iterator[Element]:
    """An element's children; of alternatives for old and new programs one."""
    for child in element:
        if child.tag != "mc.AlternateContent":
            yield child
            continue
        choices = [choice for choice in child if choice.tag in ("mc.Choice", "mc.Fallback")]
        yield from next((choice for choice in choices if _all_text(choice) or shows_something(choice)), ())


def _drawn(element: Element) -> Iterator[Line]:
    """The paragraphs of a drawing (DrawingML)."""
    for paragraph in element.iter("p"):
        if text := " ".join("".join(piece.text or "" for piece in paragraph.iter("t")).split()):
            yield Line(text)


def _inside(element: Element, tag: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row, also those inside wrappers."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag not in ("w.tbl", "w.tc") and child.tag not in _SKIPPED:
            yield from _inside(child, tag)


def _all_text(element: Element) -> str:
    """Whatever text is below an element."""
    return "".join(
        below.get("string") or "" if below.tag == "v.textpath" else below.text or "" for below in element.iter() if below.tag in _WITH_TEXT
    )


_WITH_TEXT = frozenset({"w.t", "w.delText", "m.t", "t", "v.textpath"})


def _is_set(element: Element, name: str) -> bool:
    """Whether a run or a style switches something on."""
    properties = element.find("w.rPr")
    return properties is not None and _shows(properties, name)


def _shows(properties: Element, name: str) -> bool:
    mark = properties.find(name)
    return mark is not None and is_on(mark)
