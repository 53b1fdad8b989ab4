"""PDF files: printed lines joined to paragraphs; page numbers, running heads and watermarks left out; ruled tables as rows."""

from __future__ import annotations

import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfparser import PDFSyntaxError
from pdfminer.psparser import PSException
from pdfplumber.page import Page
from pdfplumber.utils.exceptions import PdfminerException

from indexer.analysis.fold import fold
from indexer.loaders.document import Document, Line
from indexer.loaders.reflow import Row, joined
from indexer.model import LeftOut
from indexer.remarks import Remark

_MAX_PAGES = 300
_MARGIN_SHARE = 0.12
"""Page numbers and running heads stand in this share of a page's height at its top and bottom."""
_PAGE_NUMBER = re.compile(r"[-—–－·\s]*(?:第?\s*\d{1,3}\s*页?(?:\s*[/，,共of]*\s*\d{1,3}\s*页?)?)[-—–－·\s]*")
_UNMAPPED = re.compile(r"\(cid:\d+\)|[\ue000-\uf8ff\ufffd]")


@dataclass(frozen=True, slots=True)
class _Printed:
    """A printed line and where it stands on its page (points, from the left and the top)."""

    text: str
    page: int
    left: float
    right: float
    top: float
    size: float
    edge: bool = False
    """Whether it stands where page numbers and running heads do."""
    table: bool = False
    left_out: str | None = None
    """Why it is no part of the text."""


def load_pdf(content: bytes) -> Document:
    """A PDF's paragraphs and table rows.

    Raises:
        ValueError: It is no PDF, is damaged, encrypted or a scan, or its fonts hide which characters they draw.
    """
    if b"%PDF-" not in content[:1024]:
        raise ValueError("it is no PDF; name it by what it is")
    try:
        with pdfplumber.open(io.BytesIO(content)) as pdf:
            if len(pdf.pages) > _MAX_PAGES:
                raise ValueError(f"{len(pdf.pages)} pages; expected at most {_MAX_PAGES}")
            printed: list[_Printed] = []
            empty = []
            pictures = False
            for page in pdf.pages:
                found = sorted(_printed(page), key=lambda line: line.top)
                printed += found
                if not any(line.left_out is None for line in found):
                    empty.append(page.page_number)
                    pictures = pictures or bool(page.images)
                page.close()
            title = pdf.metadata.get("Title")
    except (PDFPasswordIncorrect, PdfminerException, PDFSyntaxError, PSException) as error:
        raise ValueError(_why(error)) from error
    shown = [line for line in printed if line.left_out is None]
    if not shown:
        raise ValueError(
            "it is a scan: a PDF of pictures without text; run it through OCR first"
            if pictures
            else "no text in it although it is not empty"
        )
    text = "".join(line.text for line in shown)
    if len(_UNMAPPED.findall(text)) > 0.05 * len(text):
        raise ValueError("its fonts do not say which characters they draw; print it to a new PDF, or run it through OCR")
    remarks = [Remark("page-without-text", page=number) for number in empty]
    marked = list(_with_furniture(printed))
    lines = list(_lines([line for line in marked if line.left_out is None]))
    return Document(lines, "pdf", titles=[str(title)] if title else [], left_out=_beside(lines, marked), remarks=remarks)


def _beside(lines: list[Line], marked: list[_Printed]) -> list[tuple[int, LeftOut]]:
    """What was left out, each with the number of the paragraph that it stands before or in, counted by the characters before it."""
    found = []
    number = before = 0
    for line in marked:
        while number < len(lines) and before >= _size(lines[number].text):
            before -= _size(lines[number].text)
            number += 1
        if line.left_out is None:
            before += _size(line.text)
        else:
            found.append((number, LeftOut(line.text, line.left_out)))
    return found


def _size(text: str) -> int:
    return len("".join(text.split()))


def _why(error: Exception) -> str:
    cause = error.args[0] if error.args and isinstance(error.args[0], Exception) else error
    if isinstance(cause, MemoryError):
        raise cause
    if isinstance(cause, PDFPasswordIncorrect):
        return "it is encrypted; save it without a password"
    return f"it is damaged ({type(cause).__name__} {cause}); open it in a PDF reader and save it anew"


def _printed(page: Page) -> Iterator[_Printed]:
    """A page's table rows, then its other lines."""
    tables = [table for table in page.find_tables() if len(table.rows) > 1 and max(len(row.cells) for row in table.rows) > 1]
    drawn = [char for char in page.chars if char["upright"] and not _is_faint(char)]
    faint = [char for char in page.chars if char["upright"] and _is_faint(char)]
    turned = [char for char in page.chars if not char["upright"]]
    for line in _by_line(faint):
        if text := _text_of(line):
            yield _Printed(text, page.page_number, line[0]["x0"], line[-1]["x1"], line[0]["top"], 10, left_out="watermark")
    if text := "".join(char["text"] for char in turned).strip():
        yield _Printed(text, page.page_number, turned[0]["x0"], turned[0]["x1"], turned[0]["top"], 10, left_out="turned")
    for table in tables:
        for row in table.rows:
            shown = [_cell_text(drawn, cell) for cell in row.cells]
            if any(shown):
                left, top, right, _ = row.bbox
                yield _Printed(" | ".join(shown), page.page_number, left, right, top, 10, table=True)
    chars = [char for char in drawn if not _inside(char, [table.bbox for table in tables])]
    for line in _by_line(chars):
        text = _text_of(line)
        if text:
            top = line[0]["top"]
            edge = not _MARGIN_SHARE * page.height < top < (1 - _MARGIN_SHARE) * page.height
            size = median(char["size"] for char in line)
            yield _Printed(text, page.page_number, line[0]["x0"], line[-1]["x1"], top, size, edge)


def _cell_text(chars: list[dict[str, Any]], cell: tuple[float, float, float, float] | None) -> str:
    """What stands in a cell of a table, its lines joined; empty for one that another spans."""
    own = [char for char in chars if cell and _inside(char, [cell])]
    return "".join(map(_text_of, _by_line(own)))


def _inside(char: dict[str, Any], boxes: list[tuple[float, float, float, float]]) -> bool:
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in boxes)


def _is_faint(char: dict[str, Any]) -> bool:
    """Whether a character is drawn in a light grey, as watermarks are."""
    color = char["non_stroking_color"]
    if not isinstance(color, tuple | list) or not color or not all(isinstance(part, int | float) for part in color):
        return False
    if len(color) == 4:
        return bool(max(color[:3]) < 0.35 and color[3] < 0.35)
    return bool(min(color) > 0.6)


def _by_line(chars: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Characters whose middles are level, from left to right."""
    line: list[dict[str, Any]] = []
    for char in sorted(chars, key=lambda char: (char["top"] + char["bottom"]) / 2):
        middle = (char["top"] + char["bottom"]) / 2
        if line and middle - (line[-1]["top"] + line[-1]["bottom"]) / 2 > 0.4 * char["size"]:
            yield sorted(line, key=lambda char: char["x0"])
            line = []
        line.append(char)
    if line:
        yield sorted(line, key=lambda char: char["x0"])


def _text_of(line: list[dict[str, Any]]) -> str:
    """A line's text; spaces only where they are wide or stand between Latin letters."""
    text = ""
    previous: dict[str, Any] | None = None
    for char in line:
        if char["text"].isspace():
            continue
        if previous is not None:
            if abs(char["x0"] - previous["x0"]) < 0.1 * char["size"] and char["text"] == previous["text"]:
                continue  # drawn twice to look bold
            space = char["x0"] - previous["x1"]
            latin = previous["text"].isascii() and char["text"].isascii() and previous["text"].isalpha() and char["text"].isalpha()
            if space > 0.9 * char["size"] or (latin and space > 0.15 * char["size"]):
                text += " "
        text += _unified(char["text"])
        previous = char
    return text


def _unified(text: str) -> str:
    """A character as it is written: fonts that draw 生 and ⽣ with one shape let the PDF say the radical."""
    if "\u2f00" <= text <= "\u2fdf":
        return unicodedata.normalize("NFKC", text)
    return fold(text) if "\u2e80" <= text <= "\u2eff" else text


def _with_furniture(lines: list[_Printed]) -> Iterator[_Printed]:
    """The lines, with page numbers and what is printed at the edge of most pages marked as left out."""
    pages = len({line.page for line in lines})
    edges = Counter(key for key in {(line.page, _pattern(line.text)) for line in lines if line.edge})
    repeated = Counter(pattern for _, pattern in edges)
    anywhere = Counter((line.text, round(line.top), round(line.left)) for line in lines if not line.table)

    for line in lines:
        if line.left_out is None and line.edge and _PAGE_NUMBER.fullmatch(line.text):
            yield replace(line, left_out="page-number")
        elif line.left_out is None and (
            (line.edge and pages > 1 and repeated[_pattern(line.text)] > max(1, pages // 2))
            or (pages > 2 and anywhere[line.text, round(line.top), round(line.left)] == pages)
        ):
            yield replace(line, left_out="running-head")
        else:
            yield line


def _pattern(text: str) -> str:
    return re.sub(r"\d+", "0", text)


def _lines(printed: list[_Printed]) -> Iterator[Line]:
    """Paragraphs and rows in order."""
    prose = [line for line in printed if not line.table]
    if not prose:
        yield from (Line(line.text) for line in printed)
        return
    size = median(line.size for line in prose)
    left = min(line.left for line in prose if len(line.text) > 20 or line is prose[0])
    right = max(line.right for line in prose if len(line.text) > 10) if any(len(line.text) > 10 for line in prose) else 0
    pitch = _pitch(prose, size)
    rows: list[Row] = []
    previous: _Printed | None = None
    for line in printed:
        if line.table:
            yield from _paragraphs(rows, (right - left) / size)
            rows = []
            yield Line(line.text)
        else:
            gap = previous is None or previous.table or (line.page == previous.page and line.top - previous.top > 1.3 * pitch)
            resized = previous is not None and abs(line.size - previous.size) > 0.1 * size
            rows.append(Row(line.text, (line.left - left) / size, (line.right - left) / size, gap or resized))
        previous = line
    yield from _paragraphs(rows, (right - left) / size)


def _paragraphs(rows: list[Row], right: float) -> Iterator[Line]:
    for text in joined(rows, right):
        yield Line(text)


def _pitch(lines: list[_Printed], size: float) -> float:
    """The usual distance from line to line."""
    steps = [
        below.top - above.top
        for above, below in pairwise(lines)
        if above.page == below.page and 0.5 * size < below.top - above.top < 5 * size
    ]
    return Counter(round(step, 0) for step in steps).most_common(1)[0][0] if steps else 1.5 * size
