"""Printed pages to paragraphs: characters with their positions to lines, columns, rows and paragraphs; PDF and OFD share it. Pure.

What is printed around the text is marked with the reason why it is left out: page numbers, running heads, watermarks.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, zip_longest
from statistics import median

from indexer.analysis.fold import fold
from indexer.loaders.columns import Piece, in_order
from indexer.loaders.document import Line
from indexer.loaders.encoding import refuse_garbled
from indexer.loaders.reflow import Row, join, paragraphs
from indexer.model import LeftOut
from indexer.remarks import Remark

_MARGIN_SHARE = 0.12
"""Page numbers and running heads stand in this share of a page's height at its top and bottom."""
_UNFINISHED = 8
"""A cell's text of so many characters without an end may go on on the next page; a shorter one is a figure or a name."""
_PROSE = re.compile("[。；]|，.*，|^[^，]{12,}，")
"""What a line of the text has and a running head has not, however often it repeats itself."""
_PAGE_NUMBER = re.compile(r"[-—–－·\s]*(?:第?\s*(\d{1,3})\s*页?(?:\s*[/，,共of]*\s*\d{1,3}\s*页?)?)[-—–－·\s]*")
_UNMAPPED = re.compile(r"\(cid:\d+\)|[\ue000-\uf8ff\ufffd]")
_UNMAPPED_SHARE = 0.05
"""Where more characters than this share of the Chinese ones are of no known meaning, the text is worth nothing."""
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_LEADERS = re.compile(r"[.…·‥・_]{3,}\s*\d{1,3}$")
"""How entries of a list of contents end."""
_NOTE = re.compile(r"[①-⑳*＊†]|\[\d+\]|〔\d+〕|注\d*[:：]|\d{1,2}\s*(?=[^\d.、．年月])")
_NOTE_SIZE = 0.9
"""Footnotes are set smaller than this share of the text's size."""
_CELL_GAP = 1.5
"""Between cells of a table without rules so many sizes are white."""
_MANY = 3
"""A watermark that tiles a page stands on it so often."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(slots=True)
class Char:
    """A character, or the value of a form's field, and where it is drawn (points, from the left and the top)."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float


@dataclass(slots=True)
class Sheet:
    """What is drawn on a page, or on it in one direction, turned so that lines run from left to right."""

    page: int
    """Counted from 1."""
    width: float
    height: float
    chars: list[Char] = field(default_factory=list)
    tables: list[list[list[Box | None]]] = field(default_factory=list)
    """What rules make that has rows of several cells, None for one that another spans; of a single row it may be no table."""
    pale: list[Char] = field(default_factory=list)
    """Characters in a light colour or of a size that text has not: watermarks, if they repeat themselves or lie across the text."""
    oblique: list[Char] = field(default_factory=list)
    """Characters at an angle, in the order in which they are drawn."""
    faint: bool = False
    """Whether those are in a light colour."""
    runs: list[list[Char]] | None = None
    """The lines, where the characters' positions do not tell them."""
    main: bool = True
    """Whether it is the direction in which most of the page is printed."""
    scanned: bool = False
    """Whether OCR read it in a picture."""
    aside: list[tuple[str, list[Char]]] = field(default_factory=list)
    """Lines that are no part of the text, each with the reason why."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed line, or a row of a table."""

    text: str
    page: int
    left: float
    right: float
    top: float
    size: float
    block: tuple[int, int] = (0, 0)
    """The page and the number of the block on it that the line belongs to."""
    measure: tuple[int, ...] = ()
    """Lines with equal ones are set to the same width: the page's size, and the column."""
    edge: str | None = None
    """"top" or "bottom" where it stands where page numbers and running heads do."""
    table: int | None = None
    """The number of the table whose row it is."""
    note: bool = False
    """Whether it is part of a footnote."""
    left_out: str | None = None
    """Why it is no part of the text."""
    cells: tuple[str, ...] = ()
    """Of a row of a ruled table."""
    until: int | None = None
    """The page that a row ends on, where that is another one."""
    scanned: bool = False
    """Whether OCR read it in a picture."""


@dataclass(slots=True)
class Text:
    """What is printed on the pages of a document."""

    lines: list[Line]
    left_out: list[tuple[int, LeftOut]]
    """Each with the number of the line that it stands before or in."""
    remarks: list[Remark]
    empty: list[int]
    """The pages without text."""


def read_sheets(sheets: Sequence[Sheet]) -> Text:
    """The paragraphs and rows of all pages.

    Raises:
        ValueError: Its characters are not those that are drawn.
    """
    _keep_tables(sheets)
    aside, remarks = _watermarks(sheets)
    printed: list[Printed] = []
    tables = 0
    for sheet in sheets:
        found = list(_of_sheet(sheet, tables))
        tables = max((line.table for line in found if line.table is not None), default=tables)
        found += [_set_aside(sheet, chars, text, reason) for reason, chars in sheet.aside if (text := text_of(chars))]
        printed += [replace(line, scanned=sheet.scanned) for line in (*aside.get(id(sheet), ()), *found)]
    shown = {line.page for line in printed if line.left_out is None}
    empty = sorted({sheet.page for sheet in sheets} - shown)
    _check_characters("".join(line.text for line in printed if line.left_out is None))
    marked = _with_rows_whole(_without_repeated_heads(_with_furniture(_with_notes(printed))))
    lines = list(_lines([line for line in marked if line.left_out is None]))
    return Text(lines, _beside(lines, marked), remarks, empty)


def _keep_tables(sheets: Sequence[Sheet]) -> None:
    """Of what rules make keep the tables: of several rows, or of one that a page's end cut off from the others of its columns."""
    for sheet in sheets:
        sheet.tables.sort(key=lambda table: _bounds(table)[1])
    cut = set()
    for above, below in pairwise(sheets):
        if above.tables and below.tables and _goes_on(above.tables[-1], below.tables[0]):
            cut |= {id(above.tables[-1]), id(below.tables[0])}
    for sheet in sheets:
        sheet.tables = [table for table in sheet.tables if len(table) > 1 or id(table) in cut]


def _goes_on(above: Sequence[Sequence[Box | None]], below: Sequence[Sequence[Box | None]]) -> bool:
    """Whether two tables have the same columns, to five points; cells of one may span several of the other."""
    one, other = ({round(edge / 5) for row in table for cell in row if cell for edge in (cell[0], cell[2])} for table in (above, below))
    return (min(one), max(one)) == (min(other), max(other)) and (one <= other or other <= one)


def _check_characters(text: str) -> None:
    refuse_garbled(text, "print it to a new PDF, or run it through OCR")
    unmapped = len(_UNMAPPED.findall(text))
    if unmapped > _UNMAPPED_SHARE * (len(_HAN.findall(text)) + unmapped):
        raise ValueError("it is garbled: its fonts do not say which characters they draw; print it to a new PDF, or run it through OCR")


def _beside(lines: list[Line], marked: list[Printed]) -> list[tuple[int, LeftOut]]:
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


# What lies across the text.


def _watermarks(sheets: Sequence[Sheet]) -> tuple[dict[int, list[Printed]], list[Remark]]:
    """What lies across the text, by sheet; pale characters that do not are put back among the others.

    A watermark is told by what it does: it stands on page after page or many times on one, lies over the text, or is set at an angle.
    """
    pages = len({sheet.page for sheet in sheets})
    pale = {id(sheet): [(line, text) for line in by_line(sheet.pale) if (text := text_of(line))] for sheet in sheets}
    oblique = {id(sheet): text_of(sheet.oblique) for sheet in sheets}
    on_pages = Counter(text for sheet in sheets for text in {text for _, text in pale[id(sheet)]} | {oblique[id(sheet)]})
    aside: dict[int, list[Printed]] = defaultdict(list)
    remarks = []
    for sheet in sheets:
        size = median(char.size for char in sheet.chars) if sheet.chars else 0.0
        dark = _by_height(sheet.chars)
        on_sheet = Counter(text for _, text in pale[id(sheet)])
        for line, text in pale[id(sheet)]:
            repeats = on_pages[text] > max(1, pages // 2) or on_sheet[text] >= _MANY
            if repeats or _lies_over(line, dark):
                aside[id(sheet)].append(_set_aside(sheet, line, text, "watermark"))
            else:
                sheet.chars += line
        if text := oblique[id(sheet)]:
            large = median(char.size for char in sheet.oblique) > 1.5 * size
            marks = sheet.faint or large or on_pages[text] > 1
            aside[id(sheet)].append(_set_aside(sheet, sheet.oblique, text, "watermark" if marks else "turned"))
            if not marks:
                remarks.append(Remark("text-turned", page=sheet.page))
        if not sheet.main and _size(text_of(sheet.chars)) < _TURNED_TEXT and sheet.chars:
            text = " ".join(filter(None, map(text_of, by_line(sheet.chars))))
            aside[id(sheet)].append(_set_aside(sheet, sheet.chars, text, "turned"))
            remarks.append(Remark("text-turned", page=sheet.page))
            sheet.chars = []
    return aside, remarks


_TURNED_TEXT = 20
"""So many characters set sideways are text; fewer are a mark at the page's edge, left out and remarked on."""


def _set_aside(sheet: Sheet, line: list[Char], text: str, reason: str) -> Printed:
    return Printed(text, sheet.page, line[0].left, line[-1].right, line[0].top, line[0].size, left_out=reason)


def _by_height(chars: list[Char]) -> dict[int, list[Char]]:
    found: dict[int, list[Char]] = defaultdict(list)
    for char in chars:
        found[int(char.top // 20)].append(char)
    return found


def _lies_over(line: list[Char], dark: dict[int, list[Char]]) -> bool:
    over = 0
    for char in line:
        # Not step by step: a damaged file may have characters that are kilometres high.
        near = (other for step, others in dark.items() if char.top // 20 - 2 <= step <= char.bottom // 20 for other in others)
        over += any(
            min(char.right, other.right) - max(char.left, other.left) > 0.2 * min(char.size, other.size)
            and min(char.bottom, other.bottom) - max(char.top, other.top) > 0.2 * min(char.size, other.size)
            for other in near
        )
    return over > 0.3 * len(line)


# A page's lines.


@dataclass(frozen=True, slots=True)
class _Rows:
    """A table's rows that hold something, with the box of each."""

    rows: list[tuple[Box, tuple[str, ...]]]


def _of_sheet(sheet: Sheet, tables: int) -> Iterator[Printed]:
    """A page's lines and rows as they are read; its tables are numbered from `tables`."""
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
    """A row's cells without the columns that one of them spans besides its first."""
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
    """Which lines are rows of a table without rules: three parts and more, and so the line above or below."""
    wide = [len(line) >= 3 for line in lines]
    return [is_wide and (any(wide[max(0, at - 1) : at]) or any(wide[at + 1 : at + 2])) for at, is_wide in enumerate(wide)]


def _bounds(rows: Sequence[Sequence[Box | None]]) -> Box:
    cells = [cell for row in rows for cell in row if cell]
    if not cells:
        return (0.0, 0.0, 0.0, 0.0)
    return (min(c[0] for c in cells), min(c[1] for c in cells), max(c[2] for c in cells), max(c[3] for c in cells))


def _cell_text(chars: list[Char], cell: Box | None) -> str:
    """What stands in a cell of a table, its lines joined; empty for one that another spans."""
    own = [char for char in chars if cell and _inside(char, [cell])]
    return "".join(map(text_of, by_line(own)))


def _inside(char: Char, boxes: Sequence[Box]) -> bool:
    x, y = (char.left + char.right) / 2, (char.top + char.bottom) / 2
    return any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in boxes)


def by_line(chars: Sequence[Char]) -> Iterator[list[Char]]:
    """Characters whose middles are level, from left to right."""
    line: list[Char] = []
    for char in sorted(chars, key=lambda char: (char.top + char.bottom) / 2):
        middle = (char.top + char.bottom) / 2
        if line and middle - (line[-1].top + line[-1].bottom) / 2 > 0.4 * char.size:
            yield sorted(line, key=lambda char: char.left)
            line = []
        line.append(char)
    if line:
        yield sorted(line, key=lambda char: char.left)


def text_of(line: Sequence[Char]) -> str:
    """A line's text; spaces only where they are wide or stand between Latin letters."""
    text = ""
    previous: Char | None = None
    for char in line:
        if char.text.isspace():
            continue
        if previous is not None:
            level = abs(char.top - previous.top) < 0.1 * char.size
            if level and abs(char.left - previous.left) < 0.1 * char.size and char.text == previous.text:
                continue  # drawn twice to look bold
            space = char.left - previous.right
            both = previous.text + char.text
            latin = both.isascii() and both.isalnum() and not both.isdigit()
            if space > 0.9 * char.size or (latin and space > 0.15 * char.size):
                text += " "
        text += _unified(char.text)
        previous = char
    return text.strip()


def _unified(text: str) -> str:
    """A character as it is written: fonts that draw 生 and ⽣ with one shape let the file say the radical."""
    if "\u2f00" <= text <= "\u2fdf":
        return unicodedata.normalize("NFKC", text)
    return fold(text) if "\u2e80" <= text <= "\u2eff" else text


# What is printed around the text.


def _with_notes(lines: Sequence[Printed]) -> list[Printed]:
    """The lines, with footnotes marked: set small, below everything else of their block, from a mark on."""
    sizes = [line.size for line in lines if line.left_out is None and line.table is None for _ in line.text]
    if not sizes:
        return list(lines)
    limit = _NOTE_SIZE * median(sizes)
    marked = list(lines)
    by_page: dict[int, list[int]] = defaultdict(list)
    for at, line in enumerate(lines):
        if line.left_out is None and not (line.edge and _PAGE_NUMBER.fullmatch(line.text)):
            by_page[line.page].append(at)
    for own in by_page.values():
        foot: list[int] = []
        for at in sorted(own, key=lambda at: -lines[at].top):
            if lines[at].table is not None or lines[at].size > limit:
                break
            foot.append(at)
        if len(foot) < len(own) and foot:
            first = next((at for at in reversed(foot) if _NOTE.match(lines[at].text)), None)
            for at in foot:
                if first is not None and lines[at].top >= lines[first].top:
                    marked[at] = replace(lines[at], note=True)
    return marked


def _with_furniture(lines: Sequence[Printed]) -> Iterator[Printed]:
    """The lines, with page numbers and what is printed at the edge of most pages marked as left out."""
    pages = len({line.page for line in lines})
    edges = {(line.page, _pattern(line.text)) for line in lines if line.edge}
    repeated = Counter(pattern for _, pattern in edges)
    anywhere = Counter((line.text, round(line.top), round(line.left)) for line in lines if line.table is None)
    counted = Counter((line.edge, count[1]) for line in lines if (count := _counted(line)))
    for line in lines:
        count = _counted(line)
        if line.left_out is not None:
            yield line
        elif count and (count[0] or counted[line.edge, count[1]] > 1 or (line.edge == "bottom" and count[1] == 0)):
            yield replace(line, left_out="page-number")
        elif not _PROSE.search(line.text) and (
            (line.edge and pages > 1 and repeated[_pattern(line.text)] > max(1, pages // 2) and not count)
            or (pages > 2 and anywhere[line.text, round(line.top), round(line.left)] == pages)
        ):
            yield replace(line, left_out="running-head")
        else:
            yield line


def _counted(line: Printed) -> tuple[bool, int] | None:
    """Of a line that may be a page number: whether it is dressed as one, and by how much it differs from the page's."""
    number = _PAGE_NUMBER.fullmatch(line.text) if line.edge and line.left_out is None else None
    return (not line.text.strip().isdigit(), int(number[1]) - line.page) if number else None


def _pattern(text: str) -> str:
    return re.sub(r"\d+", "0", text)


def _without_repeated_heads(lines: Iterator[Printed]) -> Iterator[Printed]:
    """The lines, with the first row of a table that goes on from the page before marked as left out where it is the table's head again."""
    head: Printed | None = None
    previous: Printed | None = None
    for line in lines:
        if line.left_out is None:
            begins = line.table is not None and (previous is None or previous.table != line.table)
            goes_on = begins and previous is not None and previous.table is not None and line.page == previous.page + 1
            previous = line
            if goes_on and head is not None and line.text == head.text:
                yield replace(line, left_out="repeated")
                continue
            if begins and not goes_on:
                head = line
        yield line


def _with_rows_whole(lines: Iterable[Printed]) -> list[Printed]:
    """The lines, with a row that goes on on the next page joined: some of its cells are empty there, the others go on in mid-sentence."""
    found: list[Printed] = []
    last: int | None = None
    for line in lines:
        if line.left_out is None:
            above = found[last] if last is not None else None
            if above is not None and last is not None and line.table is not None and line.table != above.table and _goes_on_in(above, line):
                cells = tuple(join(one, other) for one, other in zip(above.cells, line.cells, strict=True))
                found[last] = replace(above, text=" | ".join(cells), cells=cells, until=line.page, scanned=above.scanned or line.scanned)
                continue
            last = len(found)
        found.append(line)
    return found


def _goes_on_in(above: Printed, row: Printed) -> bool:
    """Whether the first row of a page's table is the rest of the last one of the page before."""
    if row.page != (above.until or above.page) + 1 or len(row.cells) != len(above.cells):
        return False
    begun = [one for one, other in zip(above.cells, row.cells, strict=True) if other]
    return len(begun) < len(row.cells) and all(len(one) >= _UNFINISHED and one[-1] not in "。；！？" for one in begun)


# Lines to paragraphs.


@dataclass(frozen=True, slots=True)
class _Measure:
    """To what width lines are set."""

    left: float
    right: float


def _lines(printed: Sequence[Printed]) -> Iterator[Line]:
    """Paragraphs and rows in order; footnotes behind the paragraph that they stand in or below."""
    prose = [line for line in printed if line.table is None and not line.note]
    size = median(line.size for line in prose) if prose else 10.0
    measures = _measures(prose, size)
    pitch = {key: _pitch([line for line in prose if line.measure == key], size) for key in {line.measure for line in prose}}
    run: list[Printed] = []
    notes: list[tuple[int, Printed]] = []
    for line in printed:
        if line.note:
            notes.append((len(run), line))
        elif line.table is not None:
            yield from _paragraphs(run, notes, measures, pitch, size)
            run, notes = [], []
            yield Line(line.text.strip(), page=line.page, turns=line.until is not None, ocr=line.scanned)
        else:
            run.append(line)
    yield from _paragraphs(run, notes, measures, pitch, size)


def _paragraphs(
    run: Sequence[Printed],
    notes: Sequence[tuple[int, Printed]],
    measures: dict[tuple[int, int], _Measure],
    pitch: dict[tuple[int, ...], float],
    size: float,
) -> Iterator[Line]:
    """The paragraphs of lines without a table between them, with the footnotes that stand before so many of them."""
    waiting = list(notes)
    if run:
        widest = max((measures[line.block].right - measures[line.block].left) / size for line in run)
        rows = []
        previous: Printed | None = None
        for line in run:
            measure = measures[line.block]
            end = widest - (measure.right - line.right) / size
            rows.append(
                Row(line.text, (line.left - measure.left) / size, end, _is_apart(previous, line, pitch, size), _turns(previous, line))
            )
            previous = line
        starts = paragraphs(rows, widest)
        for (start, text), after in zip(starts, [*(start for start, _ in starts[1:]), len(rows)], strict=True):
            ocr = any(line.scanned for line in run[start:after])
            yield Line(text, page=run[start].page, turns=run[after - 1].page != run[start].page, ocr=ocr)
            while waiting and waiting[0][0] <= after:
                yield from _note(waiting)
    while waiting:
        yield from _note(waiting)


def _note(waiting: list[tuple[int, Printed]]) -> Iterator[Line]:
    """The first footnote of these, which are taken from the list: up to the next that begins with a mark."""
    _, line = waiting.pop(0)
    text = line.text
    while waiting and waiting[0][1].page == line.page and not _NOTE.match(waiting[0][1].text):
        text = join(text, waiting.pop(0)[1].text)
    yield Line(text, page=line.page, note=True, ocr=line.scanned)


def _is_apart(previous: Printed | None, line: Printed, pitch: dict[tuple[int, ...], float], size: float) -> bool:
    """Whether a line does not go on with the one before: a gap, another size, another width, an entry of a list of contents."""
    if previous is None:
        return True
    if previous.measure != line.measure and (len(previous.measure), previous.measure[:2]) != (len(line.measure), line.measure[:2]):
        return True
    gap = line.block == previous.block and line.top - previous.top > 1.3 * pitch[line.measure]
    return gap or abs(line.size - previous.size) > 0.1 * size or _LEADERS.search(previous.text) is not None


def _turns(previous: Printed | None, line: Printed) -> bool:
    return previous is not None and previous.block != line.block


def _measures(prose: Sequence[Printed], size: float) -> dict[tuple[int, int], _Measure]:
    """The width of each block: its own where its lines show it, else that of all that are set alike."""
    alike: dict[tuple[int, ...], list[Printed]] = defaultdict(list)
    own: dict[tuple[int, int], list[Printed]] = defaultdict(list)
    for line in prose:
        alike[line.measure].append(line)
        own[line.block].append(line)
    common = {measure: _common(measure, lines, size) for measure, lines in alike.items()}
    found = {}
    for block, lines in own.items():
        measure = _measure(lines)
        flush = sum(measure.right - line.right < size for line in lines)
        found[block] = measure if flush >= 3 and flush >= 0.2 * len(lines) else common[lines[0].measure]
    return found


def _common(measure: tuple[int, ...], lines: Sequence[Printed], size: float) -> _Measure:
    """The width of all that is set alike; where no line over the page is full, it ends as far from the edge as it begins."""
    found = _measure(lines)
    opposite = 5.0 * measure[0] - found.left
    full = sum(found.right - line.right < size for line in lines)
    return _Measure(found.left, opposite) if len(measure) == 2 and full < 3 and found.right < opposite - 3 * size else found


def _measure(lines: Sequence[Printed]) -> _Measure:
    widest = max(line.right - line.left for line in lines)
    wide = [line for line in lines if line.right - line.left > 0.5 * widest]
    return _Measure(min(line.left for line in wide), max(line.right for line in wide))


def _pitch(lines: Sequence[Printed], size: float) -> float:
    """The usual distance from line to line."""
    steps = [
        below.top - above.top
        for above, below in pairwise(lines)
        if above.block == below.block and 0.5 * size < below.top - above.top < 5 * size
    ]
    return Counter(round(step, 0) for step in steps).most_common(1)[0][0] if steps else 1.5 * size
