"""Reads PDF files: each page's characters with positions, ruled tables and form values, which `printed` turns into paragraphs."""

from __future__ import annotations

import io
import logging
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from math import atan2, degrees
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect, PDFXRefFallback
from pdfminer.pdfparser import PDFSyntaxError
from pdfminer.pdftypes import PDFStream, resolve1
from pdfminer.psparser import LIT, PSException
from pdfminer.utils import decode_text
from pdfplumber.page import Page
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from indexer.loaders.directions import Drawn, quarters, sheets_of
from indexer.loaders.document import Document
from indexer.loaders.ocr import engine_name
from indexer.loaders.printed import read_sheets
from indexer.loaders.scanned import A_SCAN, NotYetRead, ScannedPage, Unread, no_text_because, ocr_of, remarks_on
from indexer.loaders.scanned_sheet import sheet_of
from indexer.loaders.sheets import Char, Sheet, by_line
from indexer.loaders.symbols import in_font
from indexer.remarks import Remark

_MAX_PAGES = 300
_MAX_FIELDS = 2_000
_END = 4096
"""The end mark of a PDF is within so many bytes of its end; readers look for it in the last 1,024."""
_LOSSES = ("Data-loss", "Cannot render", "Could not set text")
"""Beginnings of pdfminer 20260107's warnings when it skips what it cannot read; its other warnings do not affect the text."""


def load_pdf(content: bytes, scanned: Mapping[int, ScannedPage]) -> Document:
    """A PDF's paragraphs and table rows; pages that are pictures are taken from the results of OCR (`scanned`).

    Raises:
        NotYetRead: OCR has not read all pages that are pictures.
        ValueError: It is not a PDF, is damaged or encrypted, its fonts do not say which characters they draw, or it is a scan and no OCR
            engine is installed.
    """
    if b"%PDF-" not in content[:1024]:
        raise ValueError("it is no PDF; name it by what it is")
    try:
        with _noticing_losses() as losses, pdfplumber.open(io.BytesIO(content)) as pdf:
            if len(pdf.pages) > _MAX_PAGES:
                raise ValueError(f"{len(pdf.pages)} pages; expected at most {_MAX_PAGES}")
            read = _Pages()
            for page in pdf.pages:
                read.add(page, scanned)
            title = pdf.metadata.get("Title")
            damaged = read.damaged or any(isinstance(table, PDFXRefFallback) for table in pdf.doc.xrefs)
            declared = _declared_pages(pdf)
            if declared > len(pdf.pages):
                read.remarks.append(Remark("pages-missing", declared=declared, read=len(pdf.pages)))
    except (PDFPasswordIncorrect, PdfminerException, MalformedPDFException, PDFSyntaxError, PSException) as error:
        raise ValueError(_why(error)) from error
    if read.pictures and engine_name():
        raise NotYetRead([Unread(page, page) for page in read.pictures])
    text = read_sheets(read.sheets)
    if not text.lines:
        raise ValueError(A_SCAN if read.pictures else no_text_because(scanned) if scanned else "no text in it although it is not empty")
    if damaged or losses:
        read.remarks.append(Remark("file-damaged"))
    if b"%%EOF" not in content[-_END:]:
        read.remarks.append(Remark("file-cut-short"))
    empty = (Remark("page-without-text", page=number) for number in text.empty if number not in scanned)
    return Document(
        text.lines,
        "pdf",
        titles=[str(title)] if title else [],
        left_out=text.left_out,
        remarks=[*read.remarks, *text.remarks, *remarks_on(scanned), *empty],
        ocr=ocr_of(scanned),
    )


@dataclass(slots=True)
class _Pages:
    """What was read of the pages of a file."""

    sheets: list[Sheet] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)
    """The numbers of pages that are pictures which OCR has not read."""
    remarks: list[Remark] = field(default_factory=list)
    damaged: bool = False

    def add(self, page: Page, scanned: Mapping[int, ScannedPage]) -> None:
        """Read the next page and close it."""
        number = page.page_number
        self.damaged |= _mended(page)
        found, vertical = _sheets(page)
        if number in scanned:
            found, vertical = [_read_by_ocr(scanned[number], found)], False
        elif _is_picture(page, found):
            self.pictures.append(number)
        self.sheets += found
        self.remarks += [Remark("text-vertical", page=number)] * vertical
        page.close()


_MARK = 40
"""A page that is filled by a picture and has fewer characters than this is a scan: scanner programs print their name over it."""
_FILLS = 0.6
"""A picture fills a page if it covers this share of its area."""
_SHAPES = 20
"""A page without text but with so many curves has words drawn as shapes."""


def _is_picture(page: Page, found: Sequence[Sheet]) -> bool:
    """Whether a page is a picture of text."""
    count = sum(not char.text.isspace() for sheet in found for char in _on(sheet))
    if count == 0:
        return bool(page.images) or len(page.curves) >= _SHAPES
    area = sum(max(0.0, float(image["x1"] - image["x0"])) * max(0.0, float(image["bottom"] - image["top"])) for image in page.images)
    return count < _MARK and area >= _FILLS * float(page.width) * float(page.height)


def _on(sheet: Sheet) -> Iterator[Char]:
    yield from sheet.chars
    yield from sheet.pale
    yield from sheet.oblique
    yield from (char for run in sheet.runs or () for char in run)


def _read_by_ocr(page: ScannedPage, printed: Sequence[Sheet]) -> Sheet:
    """A page as OCR read it; text printed over its picture is left out, since it is in the picture as well."""
    sheet = sheet_of(printed[0].page, page)
    sheet.aside += [("laid-over", line) for other in printed for line in by_line(list(_on(other)))]
    return sheet


class _Losses(logging.Handler):
    """Counts pdfminer's warnings about data that it skipped."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Count a record."""
        self.count += str(record.msg).startswith(_LOSSES)

    def __bool__(self) -> bool:
        return self.count > 0


@contextmanager
def _noticing_losses() -> Iterator[_Losses]:
    losses, log = _Losses(), logging.getLogger("pdfminer")
    log.addHandler(losses)
    try:
        yield losses
    finally:
        log.removeHandler(losses)


def _mended(page: Page) -> bool:
    """Whether a page's content is damaged. If so, it is unpacked up to the damage; pdfminer would silently return nothing."""
    damaged = False
    for stream in map(resolve1, page.page_obj.contents):
        if not isinstance(stream, PDFStream) or not stream.rawdata or [name for name, _ in stream.get_filters()] != [LIT("FlateDecode")]:
            continue
        raw = stream.rawdata if stream.decipher is None else b""
        if not stream.get_data() and raw:
            unpacker, unpacked = zlib.decompressobj(), b""
            with suppress(zlib.error):
                for at in range(len(raw)):
                    unpacked += unpacker.decompress(raw[at : at + 1])
            stream.data = unpacked
            damaged |= not unpacker.eof
    return damaged


def _declared_pages(pdf: PDF) -> int:
    """How many pages the file says it has, 0 if it does not say."""
    pages = resolve1(pdf.doc.catalog.get("Pages"))
    count = resolve1(pages.get("Count")) if isinstance(pages, dict) else None
    return count if isinstance(count, int) and count <= _MAX_PAGES else 0


def _why(error: Exception) -> str:
    cause = error.args[0] if error.args and isinstance(error.args[0], Exception) else error
    if isinstance(cause, MemoryError):
        raise cause
    if isinstance(cause, PDFPasswordIncorrect):
        return "it is encrypted; save it without a password"
    return f"it is damaged ({type(cause).__name__} {cause}); open it in a PDF reader and save it anew"


def _sheets(page: Page) -> tuple[list[Sheet], bool]:
    """The text of a page as one sheet per direction; and whether any has vertical lines."""
    tables = [table for table in page.find_tables() if max(len(row.cells) for row in table.rows) > 1]
    return sheets_of(
        page.page_number,
        float(page.width),
        float(page.height),
        [Drawn(_char(char), _turn(char), _is_faint(char)) for char in page.chars],
        [[row.cells for row in table.rows] for table in tables],
        _filled_in(page),
    )


def _turn(char: dict[str, Any]) -> int | None:
    a, b, *_ = char["matrix"]
    return quarters(degrees(atan2(b, a)))


def _char(char: dict[str, Any]) -> Char:
    text = char["text"]
    if "\uf020" <= text <= "\uf0ff":
        # The name of an embedded font is prefixed by a tag; OpenSymbol has Symbol's characters at the same codes.
        text = in_font(char["fontname"].rpartition("+")[2].removeprefix("Open"), text)
    return Char(text, char["x0"], char["x1"], char["top"], char["bottom"], float(char["size"]))


def _is_faint(char: dict[str, Any]) -> bool:
    """Whether a character has a light colour, as watermarks do."""
    color = char["non_stroking_color"]
    if not isinstance(color, tuple | list) or not color or not all(isinstance(part, int | float) for part in color):
        return False
    if len(color) == 4:
        return bool(max(color[:3]) < 0.35 and color[3] < 0.35)
    return bool(min(color) > 0.6)


# Forms.


def _filled_in(page: Page) -> Iterator[Char]:
    """Text that was filled in on a page: values of text fields, and free-text annotations."""
    for annotation in page.annots[:_MAX_FIELDS]:
        data = annotation["data"]
        text = _value(data)
        size = min(12.0, 0.8 * float(annotation["bottom"] - annotation["top"]))
        for number, line in enumerate(filter(None, map(str.strip, text.splitlines()))):
            top = float(annotation["top"]) + 1.2 * size * number
            left = float(annotation["x0"])
            yield Char(line, left, left + size * len(line), top, top + size, size)


def _value(data: dict[str, Any]) -> str:
    subtype = getattr(resolve1(data.get("Subtype")), "name", None)
    if subtype == "FreeText":
        return _decoded(data.get("Contents"))
    if subtype != "Widget":
        return ""
    for _ in range(5):
        kind = getattr(resolve1(data.get("FT")), "name", None)
        if data.get("V") is not None:
            return "" if kind in ("Btn", "Sig") else _decoded(data["V"])
        parent = resolve1(data.get("Parent"))
        if not isinstance(parent, dict):
            break
        data = parent
    return ""


def _decoded(value: object) -> str:
    value = resolve1(value)
    if isinstance(value, bytes):
        return decode_text(value)
    return value if isinstance(value, str) else ""
