"""Turns printed pages into paragraphs: positioned characters into lines, columns, rows and paragraphs, for PDF, OFD and scans. Pure.

Page numbers, running heads, watermarks and the like are left out and marked with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from indexer.loaders.around_text import with_furniture, with_notes, with_rows_whole, without_repeated_heads
from indexer.loaders.document import Line
from indexer.loaders.encoding import refuse_garbled
from indexer.loaders.note_marks import set_marks_aside
from indexer.loaders.sheet_lines import keep_tables, printed_lines
from indexer.loaders.sheet_paragraphs import lines_of
from indexer.loaders.sheets import Printed, Sheet, size_of, text_of
from indexer.loaders.watermarks import set_aside, watermarks
from indexer.model import LeftOut
from indexer.remarks import Remark

_UNMAPPED = re.compile(r"\(cid:\d+\)|[\ue000-\uf8ff\ufffd]")
_UNMAPPED_SHARE = 0.05
"""A text is useless if more than this share of its Chinese and unmapped characters are unmapped."""
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")


@dataclass(slots=True)
class Text:
    """The text of all pages of a document."""

    lines: list[Line]
    left_out: list[tuple[int, LeftOut]]
    """Each with the number of the line before which or in which it appears."""
    remarks: list[Remark]
    empty: list[int]
    """The pages without text."""


def read_sheets(sheets: Sequence[Sheet]) -> Text:
    """The paragraphs and rows of all pages.

    Raises:
        ValueError: The text is garbled: its fonts do not say which characters they draw.
    """
    keep_tables(sheets)
    set_marks_aside(sheets)
    aside, remarks = watermarks(sheets)
    printed: list[Printed] = []
    tables = 0
    for sheet in sheets:
        found = list(printed_lines(sheet, tables))
        tables = max((line.table for line in found if line.table is not None), default=tables)
        found += [set_aside(sheet, chars, text, reason) for reason, chars in sheet.aside if (text := text_of(chars))]
        printed += [replace(line, scanned=sheet.scanned) for line in (*aside.get(id(sheet), ()), *found)]
    shown = {line.page for line in printed if line.left_out is None}
    empty = sorted({sheet.page for sheet in sheets} - shown)
    _check_characters("".join(line.text for line in printed if line.left_out is None))
    marked = with_rows_whole(without_repeated_heads(with_furniture(with_notes(printed))))
    lines = list(lines_of([line for line in marked if line.left_out is None]))
    return Text(lines, _beside(lines, marked), remarks, empty)


def _check_characters(text: str) -> None:
    refuse_garbled(text, "print it to a new PDF, or run it through OCR")
    unmapped = len(_UNMAPPED.findall(text))
    if unmapped > _UNMAPPED_SHARE * (len(_HAN.findall(text)) + unmapped):
        raise ValueError("it is garbled: its fonts do not say which characters they draw; print it to a new PDF, or run it through OCR")


def _beside(lines: list[Line], marked: list[Printed]) -> list[tuple[int, LeftOut]]:
    """The lines left out, each with the number of the paragraph before which or in which it appears, found by counting characters."""
    found = []
    number = before = 0
    for line in marked:
        while number < len(lines) and before >= size_of(lines[number].text):
            before -= size_of(lines[number].text)
            number += 1
        if line.left_out is None:
            before += size_of(line.text)
        else:
            found.append((number, LeftOut(line.text, line.left_out)))
    return found
