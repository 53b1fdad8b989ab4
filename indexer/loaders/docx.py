"""Word files: paragraphs with their automatic numbers, table rows, and what the styles call title and headings."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

import docx
from docx.document import Document as WordDocument
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from indexer.loaders.document import Document, Line
from indexer.loaders.docx_numbers import Numbering
from indexer.model import LeftOut

_MAX_UNPACKED = 200_000_000
_MAX_PARTS = 5_000
_MAX_RATIO = 400
"""Word's XML shrinks by a factor of ten or twenty; a bomb by a thousand."""
_STYLE = re.compile(r"(?:heading|标题)\s*(\d)", re.IGNORECASE)
_TITLE_STYLES = frozenset({"title", "标题"})
# Paragraphs stand in the body, or wrapped in a content control, a tracked change or markup of older versions.
_WRAPPERS = frozenset(map(qn, ("w:sdt", "w:sdtContent", "w:ins", "w:moveTo", "w:customXml", "w:smartTag")))
_LOST = frozenset(map(qn, ("w:del", "w:moveFrom", "w:instrText", "w:delText", "w:pPr", "w:rPr", "w:txbxContent")))
_TEXT, _TAB, _RUN, _PARAGRAPH, _TABLE = map(qn, ("w:t", "w:tab", "w:r", "w:p", "w:tbl"))
_BREAKS = frozenset(map(qn, ("w:br", "w:cr")))
_BESIDE = {"header": "running-head", "footer": "running-head", "footnotes": "note", "endnotes": "note", "comments": "note"}
"""By kind of part: why its text is left out."""
_HYPHEN = qn("w:noBreakHyphen")


def load_docx(content: bytes) -> Document:
    """A Word file's paragraphs and table rows.

    Raises:
        ValueError: It is no Word file, is damaged, or unpacks to more than any report holds.
    """
    _check_package(content)
    try:
        word = docx.Document(io.BytesIO(content))
    except (PackageNotFoundError, KeyError, ValueError, SyntaxError, zipfile.BadZipFile, EOFError) as error:  # lxml's are SyntaxErrors
        raise ValueError(f"it is no Word file, or a damaged one ({error}); open it in Word and save it anew") from error
    if word.element.getroottree().docinfo.doctype:
        raise ValueError("it declares XML entities, which no Word file does")
    lines = list(_lines(word))
    titles = [line.text for line in lines if line.heading == 0] + [word.core_properties.title]
    return Document(lines, "docx", titles=[title for title in titles if title], left_out=list(_beside(word, len(lines))))


def _beside(word: WordDocument, end: int) -> Iterator[tuple[int, LeftOut]]:
    """What is printed at the edges of pages, and notes; none of it stands in the paragraphs."""
    for relation in word.part.rels.values():
        reason = _BESIDE.get(relation.reltype.rpartition("/")[2])
        if reason is None or relation.is_external:
            continue
        try:
            part = parse_xml(relation.target_part.blob)
        except SyntaxError as error:  # lxml's
            raise ValueError(f"it is damaged ({error}); open it in Word and save it anew") from error
        for paragraph in part.iter(_PARAGRAPH):
            if text := " ".join("".join(piece for piece, _ in _pieces(paragraph)).split()):
                yield (0 if relation.reltype.endswith("/header") else end), LeftOut(text, reason)


def _check_package(content: bytes) -> None:
    """Refuse what would not fit into memory, before it is unpacked. zipfile never unpacks more than a part declares."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise ValueError(f"it is no Word file, or a damaged one ({error}); open it in Word and save it anew") from error
    unpacked = sum(part.file_size for part in parts)
    bombs = any(part.file_size > 10_000_000 and part.file_size > _MAX_RATIO * part.compress_size for part in parts)
    if unpacked > _MAX_UNPACKED or len(parts) > _MAX_PARTS or bombs:
        raise ValueError(f"it unpacks to {unpacked:,} bytes in {len(parts):,} parts; no report does")
    if not any(part.filename.startswith("word/document") for part in parts):
        raise ValueError("it is no Word file: there is no word/document.xml in it")


def _lines(word: WordDocument) -> Iterator[Line]:
    numbering = Numbering(word)
    roles = _style_roles(word)
    for block in _blocks(word.element.body):
        if block.tag == _TABLE:
            yield from _rows(block)
        else:
            yield from _paragraph(block, numbering, roles)


def _blocks(parent: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    """Paragraphs and tables in order, also those inside wrappers."""
    for child in parent:
        if child.tag in (_PARAGRAPH, _TABLE):
            yield child
        elif child.tag in _WRAPPERS:
            yield from _blocks(child)


def _style_roles(word: WordDocument) -> dict[str, int]:
    """By style: 0 for the title's, 1 and up for headings'."""
    roles = {}
    for style in word.styles.element.iter(qn("w:style")):
        name = style.find(qn("w:name"))
        shown = (name.get(qn("w:val")) or "").strip().lower() if name is not None else ""
        if shown in _TITLE_STYLES:
            roles[style.get(qn("w:styleId"))] = 0
        elif match := _STYLE.fullmatch(shown):
            roles[style.get(qn("w:styleId"))] = int(match[1])
    return roles


def _paragraph(paragraph: BaseOxmlElement, numbering: Numbering, roles: dict[str, int]) -> Iterator[Line]:
    """A paragraph's lines; more than one where it holds line breaks. Text boxes anchored in it come after it."""
    style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    name = style.get(qn("w:val")) if style is not None else None
    number = numbering.next_number(paragraph, name)
    text, bold = "", 0
    for piece, heavy in _pieces(paragraph):
        if heavy and bold == len(text):
            bold += len(piece)
        text += piece
    text, bold = number + text, bold + len(number) if bold else 0
    for line in text.split("\n"):
        shown = line.strip()
        if shown:
            leading = len(line) - len(line.lstrip())
            yield Line(shown, min(max(0, bold - leading), len(shown)), roles.get(name) if name else None)
        bold = max(0, bold - len(line) - 1)
    for box in paragraph.iter(qn("w:txbxContent")):
        if not any(ancestor.tag.endswith("}Fallback") for ancestor in box.iterancestors()):
            for inner in _blocks(box):
                yield from _paragraph(inner, numbering, roles) if inner.tag == _PARAGRAPH else _rows(inner)


def _pieces(element: BaseOxmlElement, *, bold: bool = False) -> Iterator[tuple[str, bool]]:
    """The text below an element as it is shown, in pieces that are bold or not."""
    for child in element:
        tag = child.tag
        if not isinstance(tag, str) or tag in _LOST or tag.endswith("}Fallback"):
            continue
        if tag == _TEXT:
            yield child.text or "", bold
        elif tag == _TAB:
            yield " ", bold
        elif tag in _BREAKS:
            yield "\n", bold
        elif tag == _HYPHEN:
            yield "-", bold
        else:
            yield from _pieces(child, bold=_is_bold(child) if tag == _RUN else bold)


def _is_bold(run: BaseOxmlElement) -> bool:
    mark = run.find(f"{qn('w:rPr')}/{qn('w:b')}")
    return mark is not None and mark.get(qn("w:val")) not in ("0", "false", "off")


def _rows(table: BaseOxmlElement) -> Iterator[Line]:
    """A table's rows, cells joined; a table of one column gives its paragraphs."""
    for row in table.iter(qn("w:tr")):
        cells = [" ".join(_cell_text(cell).split()) for cell in row.iter(qn("w:tc")) if _table_of(cell) is table]
        if _table_of(row) is table and any(cells):
            yield Line(" | ".join(cells))


def _table_of(element: BaseOxmlElement) -> BaseOxmlElement | None:
    return next((above for above in element.iterancestors() if above.tag == _TABLE), None)


def _cell_text(cell: BaseOxmlElement) -> str:
    return " ".join("".join(text for text, _ in _pieces(paragraph)) for paragraph in cell.iter(_PARAGRAPH))
