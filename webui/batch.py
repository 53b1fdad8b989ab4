"""批量检索: how many reports of each year or place mention each of many terms, as a page, as JSON and as a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import msgspec
from flask import Blueprint, Response, jsonify, render_template, request
from werkzeug.datastructures import MultiDict

from indexer import (
    FILTERS,
    MAX_QUERY_LENGTH,
    MOST_TERMS,
    Batch,
    BatchBy,
    BatchCell,
    BatchRow,
    InvalidRequest,
    Problem,
    SearchRequest,
    UserError,
    name_of,
)
from indexer import gettext as _
from webui import shapes, tables
from webui.bodies import BYTES_A_CHARACTER, NO_JSON, arguments, plain_text
from webui.costly import costly
from webui.links import named_filters, place_name, short_enough
from webui.live import current_index
from webui.params import BATCH_BY, FILTERING, TERMS, UNKNOWN, read_one, read_request, write_args
from webui.replies import index_info
from webui.tables import FORM, Column, Inquiry, Table

bp = Blueprint("batch", __name__)

API = "/api/v1/batch"
MOST_BYTES = BYTES_A_CHARACTER * MOST_TERMS * MAX_QUERY_LENGTH + 10_000


@dataclass(frozen=True, slots=True)
class _Typed:
    """What is to be counted."""

    text: str
    """The terms, one per line."""
    by: BatchBy
    filters: SearchRequest


@bp.route("/batch", methods=["GET", "POST"])
def batch() -> str | tuple[str, int]:
    """A box for the terms, and the table."""
    args = arguments(MOST_BYTES, _of_body)
    typed, table, error = "\n".join(args.getlist(TERMS.name)), None, None
    by, wanted = BatchBy.YEAR, SearchRequest()
    try:
        read = _read(args)
        by, wanted = read.by, read.filters
        table = _counted(read) if typed.strip() else None
    except UserError as wrong:
        error = wrong
    page = render_template(
        "batch.html",
        q="",
        typed=typed,
        by=by,
        ways=list(BatchBy),
        wanted=wanted,
        error=error,
        most=MOST_TERMS,
        table=table,
        filters=named_filters(wanted),
        heads=[_head(by, value) for value in table.columns] if table else [],
        rows=[(row, _all(table, row), [(cell, _address(table, row, cell)) for cell in row.cells]) for row in table.rows] if table else [],
    )
    return (page, 400) if error else page


@bp.route(API, methods=["GET", "POST"])
def batch_api() -> Response:
    """All terms, from the address, a form, JSON or plain text."""
    found = _counted(_read(arguments(MOST_BYTES, _of_body)))
    reply: shapes.Batch = {
        "by": found.by,
        "terms": [_shape(found, row) for row in found.rows],
        "index": index_info(found.index),
    }
    return jsonify(reply)


@bp.route(f"{API}.{FORM}", methods=["GET", "POST"])
def as_file(form: str) -> Response:
    """A row for each term, a column for each year or place."""
    read = _read(arguments(MOST_BYTES, _of_body))
    found = _counted(read)
    columns: list[Column[BatchRow]] = [
        Column(_("检索词"), lambda row: row.term),
        *(_column(_head(found.by, value), at) for at, value in enumerate(found.columns)),
    ]
    beside = "&".join(filter(None, (f"by={found.by.value}", write_args(found.request))))
    address = short_enough(f"/batch?{urlencode({TERMS.name: read.text})}&{beside}", f"/batch?{beside}")
    asked = Inquiry.of(found.request, address, {"by": found.by})
    return tables.reply(Table(_("批量检索"), "batch", found.rows, columns, lambda row: _shape(found, row), asked), form)


def _column(head: str, at: int) -> Column[BatchRow]:
    """The number of reports; 未收录 if none is held, since an empty cell would be read as zero."""
    return Column(head, lambda row: row.cells[at].reports if row.cells[at].held else _("未收录"))


def _counted(read: _Typed) -> Batch:
    with costly().turn():
        return current_index().batch_of(read.text.splitlines(), read.by, read.filters)


def _read(args: MultiDict[str, str]) -> _Typed:
    return _Typed(
        "\n".join(args.getlist(TERMS.name)),
        BatchBy(read_one(BATCH_BY, args) or BatchBy.YEAR),
        read_request(args, only=FILTERING, also=[TERMS.name, BATCH_BY.name]),
    )


def _of_body() -> MultiDict[str, str]:
    """The arguments of a body that is not a form: JSON or plain text."""
    if request.mimetype == "application/json":
        return _of_json(request.get_data(cache=False))
    return MultiDict([(TERMS.name, plain_text(TERMS.name))])


_Value = str | int | None


def _of_json(body: bytes) -> MultiDict[str, str]:
    try:
        read: Mapping[str, _Value | list[_Value]] = msgspec.json.decode(body, type=dict[str, _Value | list[_Value]])
    except NO_JSON as error:
        raise InvalidRequest(Problem(TERMS.name, "no-terms-in-json")) from error
    found: MultiDict[str, str] = MultiDict()
    for name, value in read.items():
        for one in value if isinstance(value, list) else [value]:
            found.add(name, UNKNOWN if one is None else str(one))
    return found


def _shape(found: Batch, row: BatchRow) -> shapes.BatchTerm:
    return {
        "term": row.term,
        "url": _all(found, row),
        "cells": [_cell(found.by, cell) for cell in row.cells],
    }


def _cell(by: BatchBy, cell: BatchCell) -> shapes.BatchCell:
    counts: shapes.BatchCell = {"reports": cell.reports, "held": cell.held}
    named: Any = {by.value: cell.value}
    return named | counts  # type: ignore[no-any-return]


def _head(by: BatchBy, value: str | int | None) -> str:
    if by is BatchBy.YEAR:
        return name_of("year", None) if value is None else str(value)
    label = FILTERS["region"].label
    known = label(value) if label and isinstance(value, str) else None
    return place_name(str(value), known) if known else name_of("region", value)


def _all(found: Batch, row: BatchRow) -> str:
    """The address of the list of all reports that mention a term."""
    return f"/reports?{write_args(found.request, query=row.term)}"


def _address(found: Batch, row: BatchRow, cell: BatchCell) -> str | None:
    """The address of the list of a cell's reports; None if there are none, or no filter selects exactly these."""
    if cell.value in found.own or not cell.reports:
        return None
    narrowed: dict[str, Any] = {"years": (cell.value,), "year_from": None, "year_to": None}
    if found.by is BatchBy.REGION:
        narrowed = {"regions": (cell.value,)}
    return f"/reports?{write_args(found.request, query=row.term, **narrowed)}"
