"""Tables to download: all that a view shows, as CSV for Excel and WPS, as XLSX, or as lines of JSON for programs.

A view gives its columns and the JSON of a row; query, filters, day and address are added to every row here. Nothing is collapsed, summed
up or cut into pages.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from tempfile import SpooledTemporaryFile, TemporaryDirectory
from typing import Any, Generic, TypeVar

from flask import Response
from msgspec import json

from indexer import FIELDS, FILTERS, Mode, Novelty, Region, Report, SearchRequest, name_of, texts
from indexer import gettext as _
from webui.addresses import public_root
from webui.downloads import IN_MEMORY, PIECE, downloads
from webui.links import chips

Row = TypeVar("Row")
Cell = str | int | float | Decimal | None

FORMS = ("csv", "xlsx", "ndjson")
FORM = f"<any({', '.join(FORMS)}):form>"
"""The end of a table's address: `@bp.get(f"/units.{FORM}")`."""
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ndjson": "application/x-ndjson",
}
LONGEST_CELL = 32_767
"""UTF-16 units that a cell of XLSX can hold."""
MOST_ROWS = 1_048_575
"""Rows that a sheet of XLSX can hold below its heads; more rows go to further sheets."""
_FIRST_WORD = re.compile(r"^[a-z]+(?![\w.])")
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠﹢﹣﹦﹫]|[\t\r\n]")


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A column of CSV and XLSX."""

    head: str
    cell: Callable[[Row], Cell]
    """The value in a row: a number stays one in a spreadsheet, None is an empty cell."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What a table answers, which is written into every row of it."""

    query: Any
    """Query and filters as a mapping, for lines of JSON."""
    typed: str
    """The query as it was typed."""
    filters: str
    """All else that narrows the result, in words."""
    address: str
    """The absolute address of the view."""
    day: str = field(default_factory=lambda: date.today().isoformat())

    @classmethod
    def of(cls, wanted: SearchRequest, path: str, also: Mapping[str, Any] | None = None, words: Sequence[str] = ()) -> Inquiry:
        """The inquiry of a request.

        Args:
            wanted: The request.
            path: The path of the view, with its arguments.
            also: The given arguments of the view besides those of a search.
            words: The same in words.
        """
        filters: dict[str, Any] = {name: list(values) for name, values in wanted.filters}
        for name in ("year_from", "year_to", "same", "sentence"):
            if getattr(wanted, name) is not None:
                filters[name] = getattr(wanted, name)
        if wanted.novelty is not Novelty.ALL:
            filters["novelty"] = wanted.novelty.value
        mode = [_("匹配方式：%(mode)s", mode=name_of("mode", wanted.mode))] if wanted.mode is not Mode.EXACT else []
        query = {"q": wanted.query, "mode": wanted.mode, "filters": filters, **(also or {})}
        return cls(query, wanted.query, texts.joined([*mode, *(chip.text for chip in chips(wanted, {})), *words]), public_root() + path)


@dataclass(frozen=True, slots=True)
class Table(Generic[Row]):
    """All rows of a view."""

    title: str
    """The file's name, which the query and the day follow."""
    name: str
    """The same in ASCII, for clients that read nothing else."""
    rows: Iterable[Row]
    """Iterated once, while the request is answered: names in them may depend on its language."""
    columns: Sequence[Column[Row]]
    shape: Callable[[Row], Mapping[str, Any]]
    """A row in JSON, as the view's own JSON has it."""
    inquiry: Inquiry

    @property
    def heads(self) -> tuple[str, ...]:
        """The heads of all columns; in English each begins with a capital, except names of files."""
        heads = (*(column.head for column in self.columns), _("检索式"), _("筛选"), _("检索日期"), _("检索网址"))
        return tuple(_FIRST_WORD.sub(lambda word: word[0].capitalize(), head) for head in heads)

    def cells(self) -> Iterator[tuple[Cell, ...]]:
        """The cells of each row."""
        asked = self.inquiry
        about = (asked.typed, asked.filters, asked.day, asked.address)
        for row in self.rows:
            yield (*(column.cell(row) for column in self.columns), *about)


def reply(table: Table[Any], form: str) -> Response:
    """The table as a file to keep, in one of `FORMS`."""
    typed = re.sub(r"\W+", " ", table.inquiry.typed).strip()[:40]
    name = " ".join(filter(None, (table.title, typed, table.inquiry.day)))
    return downloads().reply(_WRITERS[form](table), MEDIA[form], f"{name}.{form}", f"{table.name}.{form}")


def of_report(report_of: Callable[[Row], Report]) -> list[Column[Row]]:
    """The columns that identify the report of each row, with its unit's name and id."""

    def column(name: str) -> Column[Row]:
        return Column(name_of("field", name), lambda row: _printed(name, getattr(report_of(row), name)))

    return [
        *(column(field.name) for field in FIELDS.values() if field.brief and field.name != "id"),
        Column(name_of("field", "unit"), lambda row: unit.name if (unit := report_of(row).unit) else None),
        Column(_("单位编号"), lambda row: unit.id if (unit := report_of(row).unit) else None),
    ]


def of_passage(passage_of: Callable[[Row], Any]) -> list[Column[Row]]:
    """The columns with the fields that passages are filtered by."""

    def column(name: str) -> Column[Row]:
        known = FILTERS[name]
        return Column(
            name_of("field", name),
            lambda row: texts.joined([name_of(name, value) for value in known.values_of(passage_of(row)) if value is not None]),
        )

    return [column(field.name) for field in FILTERS.values() if field.of_passages]


def _printed(name: str, value: Any) -> Cell:
    if isinstance(value, Region):
        return "".join(value.path)
    return value if isinstance(value, int | None) else name_of(name, value)


def _csv(table: Table[Any]) -> Iterator[bytes]:
    """Every cell is quoted, since a spreadsheet that separates by semicolons would split a cell that has one."""
    # With the byte order mark Excel reads the file as UTF-8.
    yield "\ufeff".encode() + _line(table.heads)
    for cells in table.cells():
        yield _line([defused(cell) if isinstance(cell, str) else cell for cell in cells])


def _line(cells: Sequence[Cell]) -> bytes:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerow(cells)
    return out.getvalue().encode()


def defused(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: with an apostrophe before what would begin one (OWASP, CSV injection)."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _ndjson(table: Table[Any]) -> Iterator[bytes]:
    asked = table.inquiry
    about = {"query": asked.query, "date": asked.day, "address": asked.address}
    for row in table.rows:
        yield json.encode({**table.shape(row), **about}) + b"\n"


def _xlsx(table: Table[Any]) -> Iterator[bytes]:
    # Imported late: it takes a tenth of a second of the time in which a server starts.
    from xlsxwriter import Workbook

    with TemporaryDirectory() as folder, SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        # No text becomes a formula or a link; rows go to a file of the folder as they come.
        options = {"constant_memory": True, "tmpdir": folder, "strings_to_formulas": False, "strings_to_urls": False}
        book = Workbook(file, options)
        bold = book.add_format({"bold": True})
        sheet = _sheet(book, table, bold)
        for number, cells in enumerate(table.cells()):
            if number and number % MOST_ROWS == 0:
                sheet = _sheet(book, table, bold)
            _write(sheet, number % MOST_ROWS + 1, cells)
        _about(book, table.inquiry, bold)
        book.close()
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def _sheet(book: Any, table: Table[Any], bold: Any) -> Any:
    """A new sheet with the heads."""
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(table.heads) - 1, 14)
    for column, head in enumerate(table.heads):
        sheet.write_string(0, column, head, bold)
    return sheet


def _write(sheet: Any, row: int, cells: Iterable[Cell]) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, str):
            sheet.write_string(row, column, cut(cell))
        elif cell is not None:
            sheet.write_number(row, column, cell)


def _about(book: Any, asked: Inquiry, bold: Any) -> None:
    """Add the last sheet: query, filters, date and address, which a table without rows has nowhere else."""
    sheet = book.add_worksheet(_("检索条件"))
    sheet.set_column(0, 0, 14)
    named = ((_("检索式"), asked.typed), (_("筛选"), asked.filters), (_("检索日期"), asked.day), (_("检索网址"), asked.address))
    for row, (head, value) in enumerate(named):
        sheet.write_string(row, 0, head, bold)
        sheet.write_string(row, 1, cut(value))


def cut(text: str) -> str:
    """A text, shortened to what a cell of XLSX can hold, with a note that it was; xlsxwriter would leave out a longer one."""
    if len(text) <= LONGEST_CELL // 2 or len(text.encode("utf-16-le")) // 2 <= LONGEST_CELL:
        return text
    left_out = _("…（一格放不下，全文见网址或 CSV）")
    held = text.encode("utf-16-le")[: 2 * (LONGEST_CELL - len(left_out))]
    return held.decode("utf-16-le", "ignore") + left_out


_WRITERS: Mapping[str, Callable[[Table[Any]], Iterator[bytes]]] = {"csv": _csv, "xlsx": _xlsx, "ndjson": _ndjson}
