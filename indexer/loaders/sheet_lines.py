"""Puts the lines and table rows of a page in reading order. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from statistics import median

from indexer.loaders.columns import Piece, in_order
from indexer.loaders.sheets import Box, Char, Printed, Sheet, by_line, text_of

_MARGIN_SHARE = 0.12
"""Page numbers and running heads are within this share of a page's height from its top or bottom."""
_CELL_GAP = 1.5
"""Least gap between cells of a table without rules, in font sizes."""


def keep_tables(sheets: Sequence[Sheet]) -> None:
    """Keep only the ruled tables with several rows, or with one that a page break separated from others with the same columns."""
    for sheet in sheets:
        sheet.tables.sort(key=lambda table: _bounds(table)[1])
    cut = set()
    for above, below in pairwise(sheets):
        if above.tables and below.tables and _goes_on(above.tables[-1], below.tables[0]):
            cut |= {id(above.tables[-1]), id(below.tables[0])}
    for sheet in sheets:
        sheet.tables = [table for table in sheet.tables if len(table) > 1 or id(table) in cut]


def _goes_on(above: Sequence[Sequence[Box | None]], below: Sequence[Sequence[Box | None]]) -> bool:
    """Whether two tables have the same columns, within five points; cells of one may span several of the other."""
    one, other = ({round(edge / 5) for row in table for cell in row if cell for edge in (cell[0], cell[2])} for table in (above, below))
    return (min(one), max(one)) == (min(other), max(other)) and (one <= other or other <= one)


@dataclass(frozen=True, slots=True)
class _Rows:
    """A table's non-empty rows, each with its box."""

    rows: list[tuple[Box, tuple[str, ...]]]


def printed_lines(sheet: Sheet, tables: int) -> Iterator[Printed]:
    """A page's lines and rows in reading order; its tables are numbered from `tables + 1`."""
    number = tables
    for at, block in enumerate(in_order(_pieces(sheet))):
        measure = (round(sheet.width / 5), round(sheet.height / 5), *block.slot)
        where = (sheet.page, at)
        open_table = False
        for line, is_row in zip(block.lines, _rows_without_rules(block.lines), strict=True):
            for piece in line:
                if isinstance(piece.content, _Rows):
                    number += 1
                    for (left, top, right, _), cells in piece.content.rows:
                        yield Printed(" | ".join(cells), sheet.page, left, right, top, 10, where, measure, table=number, cells=cells)
            parts = [piece.content for piece in line if not isinstance(piece.content, _Rows)]
            chars = [char for part in parts for char in part]
            text = " | ".join(filter(None, map(text_of, parts))) if is_row else text_of(chars)
            if not text:
                continue
            number += is_row and not open_table
            open_table = is_row
            top = line[0].top
            edge = "top" if top <= _MARGIN_SHARE * sheet.height else "bottom" if top >= (1 - _MARGIN_SHARE) * sheet.height else None
            size = median(char.size for char in chars)
            left, right = chars[0].left, chars[-1].right
            yield Printed(text, sheet.page, left, right, top, size, where, measure, edge, number if is_row else None)


def _pieces(sheet: Sheet) -> list[list[Piece[list[Char] | _Rows]]]:
    """Lines and tables from top to bottom."""
    if sheet.runs is not None:
        return [[_piece(run)] for run in sheet.runs]
    boxes = [_bounds(table) for table in sheet.tables]
    taken: list[Char] = []
    free: list[Char] = []
    for char in sheet.chars:
        (taken if _inside(char, boxes) else free).append(char)
    lines = [[_piece(part) for part in _parts(line)] for line in by_line(free)]
    for table, (left, top, right, bottom) in zip(sheet.tables, boxes, strict=True):
        own = [char for char in taken if _inside(char, [_bounds(table)])]
        columns = [min(cell[0] for cell in column if cell) if any(column) else 0.0 for column in zip_longest(*table)]
        texts = ((_bounds([row]), [_cell_text(own, cell) for cell in _single(row, columns)]) for row in table)
        rows = [(box, tuple(cells)) for box, cells in texts if any(cells)]
        if rows:
            lines.append([Piece(left, right, top, bottom, 10, sum(len(cell) for _, cells in rows for cell in cells), _Rows(rows))])
    return sorted(lines, key=lambda line: line[0].top)


def _single(row: Sequence[Box | None], columns: Sequence[float]) -> Iterator[Box | None]:
    """A row's cells, without the further columns that a spanning cell covers."""
    right = 0.0
    for cell, left in zip(row, columns, strict=False):
        if cell:
            right = cell[2]
        if cell or left > right - 1:
            yield cell


def _piece(chars: list[Char]) -> Piece[list[Char] | _Rows]:
    return Piece(
        chars[0].left,
        chars[-1].right,
        min(char.top for char in chars),
        max(char.bottom for char in chars),
        chars[0].size,
        len(chars),
        chars,
    )


def _parts(line: list[Char]) -> Iterator[list[Char]]:
    """A line's parts between wide gaps."""
    part: list[Char] = []
    for char in line:
        if char.text.isspace():
            continue
        if part and char.left - part[-1].right > _CELL_GAP * char.size:
            yield part
            part = []
        part.append(char)
    if part:
        yield part


def _rows_without_rules(lines: Sequence[list[Piece[list[Char] | _Rows]]]) -> list[bool]:
    """Which lines are rows of a table without rules: of three or more parts, like a neighbouring line; or of two, in three such lines."""
    wide = [len(line) >= 3 for line in lines]
    found = [is_wide and (any(wide[max(0, at - 1) : at]) or any(wide[at + 1 : at + 2])) for at, is_wide in enumerate(wide)]
    start = 0
    for at in range(1, len(lines) + 1):
        if at == len(lines) or not _are_alike(lines[at - 1], lines[at]):
            if at - start >= _ROWS_OF_TWO:
                found[start:at] = [True] * (at - start)
            start = at
    return found


_ROWS_OF_TWO = 3
_MARKER = re.compile(r"[(（]?\w{1,4}[)）.．、]|\d{1,3}|[一二三四五六七八九十]{1,3}|[①-⓿㈠-㈩㊀-㊉•·●▪■◆★○-]")
"""The number or bullet before a list item, separated from it by a gap."""
_ENTRY = re.compile(r"[(（]?[一二三四五六七八九十]{1,3}[)）、]|第[一二三四五六七八九十]{1,3}[章节]|.*[…·.]{3}$")
"""How lines of a table of contents begin, or end before the page number."""


def _are_alike(above: Sequence[Piece[list[Char] | _Rows]], below: Sequence[Piece[list[Char] | _Rows]]) -> bool:
    """Whether two lines have two parts each that are aligned like cells: at their left edges, middles or right edges."""
    for line in (above, below):
        if len(line) != 2 or any(isinstance(piece.content, _Rows) for piece in line):
            return False
        first = text_of([char for piece in line[:1] if not isinstance(piece.content, _Rows) for char in piece.content])
        if _MARKER.fullmatch(first) or _ENTRY.match(first):
            return False
    return all(_set_alike(one, other) for one, other in zip(above, below, strict=True))


def _set_alike(one: Piece[list[Char] | _Rows], other: Piece[list[Char] | _Rows]) -> bool:
    left, right = one.left - other.left, one.right - other.right
    return min(abs(left), abs(right), abs(left + right) / 2) < 0.3 * one.size


def _bounds(rows: Sequence[Sequence[Box | None]]) -> Box:
    cells = [cell for row in rows for cell in row if cell]
    if not cells:
        return (0.0, 0.0, 0.0, 0.0)
    return (min(c[0] for c in cells), min(c[1] for c in cells), max(c[2] for c in cells), max(c[3] for c in cells))


def _cell_text(chars: list[Char], cell: Box | None) -> str:
    """The text of a table cell, with its lines joined; empty for a cell covered by a spanning one."""
    own = [char for char in chars if cell and _inside(char, [cell])]
    return "".join(map(text_of, by_line(own)))


def _inside(char: Char, boxes: Sequence[Box]) -> bool:
    x, y = (char.left + char.right) / 2, (char.top + char.bottom) / 2
    return any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in boxes)
