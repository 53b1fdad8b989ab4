"""PDF files: the characters of each page with their positions, ruled tables, values of forms; `printed` makes paragraphs of them."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import atan2, degrees
from statistics import median
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfparser import PDFSyntaxError
from pdfminer.pdftypes import resolve1
from pdfminer.psparser import PSException
from pdfminer.utils import decode_text
from pdfplumber.page import Page
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from indexer.loaders.document import Document
from indexer.loaders.printed import Char, Sheet, read_sheets
from indexer.remarks import Remark

_MAX_PAGES = 300
_MAX_FIELDS = 2_000
_OBLIQUE = 3.0
"""Degrees off the page's edges from which text is set at an angle."""
_HUGE = 2.5
"""Characters of more than so many times the usual size on a page may be a watermark."""
_VERTICAL_SHARE = 0.6
"""Of the steps from a character to the next so many go straight down where text is set in vertical lines."""


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
            sheets: list[Sheet] = []
            remarks: list[Remark] = []
            pictures = False
            for page in pdf.pages:
                found = _sheets(page)
                sheets += found
                pictures = pictures or (bool(page.images) and not any(sheet.chars for sheet in found))
                remarks += [Remark("text-vertical", page=sheet.page) for sheet in found if sheet.runs is not None]
                page.close()
            title = pdf.metadata.get("Title")
    except (PDFPasswordIncorrect, PdfminerException, MalformedPDFException, PDFSyntaxError, PSException) as error:
        raise ValueError(_why(error)) from error
    text = read_sheets(sheets)
    if not text.lines:
        raise ValueError(
            "it is a scan: a PDF of pictures without text; run it through OCR first"
            if pictures
            else "no text in it although it is not empty"
        )
    remarks = [*remarks, *text.remarks, *(Remark("page-without-text", page=number) for number in text.empty)]
    return Document(text.lines, "pdf", titles=[str(title)] if title else [], left_out=text.left_out, remarks=remarks)


def _why(error: Exception) -> str:
    cause = error.args[0] if error.args and isinstance(error.args[0], Exception) else error
    if isinstance(cause, MemoryError):
        raise cause
    if isinstance(cause, PDFPasswordIncorrect):
        return "it is encrypted; save it without a password"
    return f"it is damaged ({type(cause).__name__} {cause}); open it in a PDF reader and save it anew"


def _sheets(page: Page) -> list[Sheet]:
    """What is printed on a page, by direction: what most of it is printed in first."""
    by_turn: dict[int, list[dict[str, Any]]] = defaultdict(list)
    oblique = []
    for char in page.chars:
        turn = _turn(char)
        if turn is None:
            oblique.append(char)
        else:
            by_turn[turn].append(char)
    order = sorted(by_turn, key=lambda turn: -sum(not char["text"].isspace() for char in by_turn[turn])) or [0]
    found = [_sheet(page, by_turn[turn], turn, main=turn in (order[0], 0)) for turn in order]
    found[0].oblique = [_char(char, page, 0) for char in oblique]
    found[0].faint = bool(oblique) and all(map(_is_faint, oblique))
    upright = next((sheet for sheet, turn in zip(found, order, strict=True) if turn == 0), found[0])
    upright.chars += _filled_in(page)
    return found


def _turn(char: dict[str, Any]) -> int | None:
    """By how many quarters a character is turned anticlockwise, None for one at an angle."""
    a, b, *_ = char["matrix"]
    angle = degrees(atan2(b, a)) % 90
    return None if _OBLIQUE < angle < 90 - _OBLIQUE else round(degrees(atan2(b, a)) / 90) % 4


def _sheet(page: Page, chars: list[dict[str, Any]], turn: int, *, main: bool) -> Sheet:
    sideways = turn % 2 == 1
    width, height = (page.height, page.width) if sideways else (page.width, page.height)
    sheet = Sheet(page.page_number, float(width), float(height), main=main)
    drawn = [_char(char, page, turn) for char in chars]
    if main:
        tables = [table for table in page.find_tables() if len(table.rows) > 1 and max(len(row.cells) for row in table.rows) > 1]
        sheet.tables = [[[cell and _turned(cell, page, turn) for cell in row.cells] for row in table.rows] for table in tables]
        if turn:
            sheet.tables = [_upright(rows) for rows in sheet.tables]
    usual = median(char.size for char in drawn) if drawn else 0.0
    boxes = [_turned(table.bbox, page, turn) for table in tables] if main else []
    for source, char in zip(chars, drawn, strict=True):
        pale = _is_faint(source) or char.size > _HUGE * usual
        in_table = any(left <= char.left <= right and top <= char.top <= bottom for left, top, right, bottom in boxes)
        (sheet.pale if pale and not in_table else sheet.chars).append(char)
    if turn == 0 and _is_vertical(drawn):
        sheet.runs = _vertical(drawn, sheet)
    return sheet


def _char(char: dict[str, Any], page: Page, turn: int) -> Char:
    left, top, right, bottom = _turned((char["x0"], char["top"], char["x1"], char["bottom"]), page, turn)
    return Char(char["text"], left, right, top, bottom, float(char["size"]))


def _turned(box: Sequence[float], page: Page, turn: int) -> tuple[float, float, float, float]:
    """A box on the page turned by so many quarters clockwise, that is, as its text is read."""
    left, top, right, bottom = box
    width, height = float(page.width), float(page.height)
    if turn == 1:
        return (height - bottom, left, height - top, right)
    if turn == 2:
        return (width - right, height - bottom, width - left, height - top)
    if turn == 3:
        return (top, width - right, bottom, width - left)
    return (left, top, right, bottom)


def _upright(rows: list[list[Any]]) -> list[list[Any]]:
    """The cells of a turned table by the rows that are read."""
    by_row: dict[int, list[Any]] = defaultdict(list)
    for cell in (cell for row in rows for cell in row if cell):
        by_row[round(cell[1])].append(cell)
    return [sorted(by_row[top]) for top in sorted(by_row)]


def _is_faint(char: dict[str, Any]) -> bool:
    """Whether a character is drawn in a light colour, as watermarks are."""
    color = char["non_stroking_color"]
    if not isinstance(color, tuple | list) or not color or not all(isinstance(part, int | float) for part in color):
        return False
    if len(color) == 4:
        return bool(max(color[:3]) < 0.35 and color[3] < 0.35)
    return bool(min(color) > 0.6)


# Vertical lines.


def _is_vertical(chars: list[Char]) -> bool:
    steps = [_goes_down(before, after) for before, after in pairwise(chars)]
    return len(steps) > 5 and sum(steps) > _VERTICAL_SHARE * len(steps)


def _goes_down(before: Char, after: Char) -> bool:
    """Whether a character stands right below the one drawn before it."""
    return abs(after.left - before.left) < 0.3 * before.size and 0.5 * before.size < after.top - before.top < 2.5 * before.size


def _vertical(chars: list[Char], sheet: Sheet) -> list[list[Char]]:
    """Vertical lines from right to left, as if the page were turned; as they are drawn where they lie upon each other."""
    runs: list[list[Char]] = []
    for char in chars:
        if runs and _goes_down(runs[-1][-1], char):
            runs[-1].append(char)
        else:
            runs.append([char])
    if len({round(run[0].left) for run in runs}) > len(runs) // 2:
        runs.sort(key=lambda run: (-round(run[0].left), run[0].top))
    return [[_sideways(char, sheet.width) for char in run] for run in runs]


def _sideways(char: Char, width: float) -> Char:
    return Char(char.text, char.top, char.bottom, width - char.right, width - char.left, char.size)


# Forms.


def _filled_in(page: Page) -> Iterator[Char]:
    """What is filled in on the page: values of the form's text fields, and text laid on it."""
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
