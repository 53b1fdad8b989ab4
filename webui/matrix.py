"""提及情况: which units mention a query in which year, and which never do, as a page, as JSON and as a table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request

from indexer import Matrix, MatrixRow, MatrixSort, SearchRequest, name_of
from indexer import gettext as _
from webui import shapes, tables
from webui.frame import FIND, annual, frame
from webui.links import page_links
from webui.live import current_index
from webui.params import MATRIX_SORT, MENTION, read_mention, read_one, read_request, write_args
from webui.replies import link, paged_links
from webui.tables import FORM, Column, Inquiry, Table

bp = Blueprint("matrix", __name__)
bp.after_request(link)

API = "/api/v1/matrix"
A_PAGE, A_REPLY = 30, 100
"""Units of a page and of a reply; a larger page would be slow to load."""
MOST_CELLS = 800
"""Cells of a page, which has fewer units where there are many years."""


@bp.get("/matrix")
def matrix() -> str:
    """Units by years; a number leads to its passages, `mention=no` shows only the units that never mention the query."""
    wanted, sort, mention = _read(A_PAGE, FIND.name)
    if "per_page" not in request.args:
        wanted = replace(wanted, per_page=min(A_PAGE, max(1, MOST_CELLS // max(1, len(current_index().stats.years)))))
    page = current_index().matrix_page(wanted, sort, mention)

    def address(**changes: Any) -> str:
        return f"/matrix?{write_args(wanted, defaults={'per_page': A_PAGE}, **changes)}{_suffix(sort, mention)}"

    return render_template(
        "matrix.html",
        q=wanted.query,
        wanted=wanted,
        annual=annual(wanted),
        page=page,
        table=page.matrix,
        sort=sort,
        sorts=list(MatrixSort),
        mention=mention,
        frame=frame(current_index().read(wanted), address),
        address=address,
        ordered=lambda other: f"/matrix?{write_args(wanted, defaults={'per_page': A_PAGE}, page=1)}{_suffix(other, mention)}",
        mentioning=lambda other: f"/matrix?{write_args(wanted, defaults={'per_page': A_PAGE}, page=1)}{_suffix(sort, other)}",
        file_args=write_args(wanted, page=1, per_page=20) + _suffix(sort, mention),
        pages=page_links(wanted.page, page.pages),
        page_address=lambda number: address(page=number),
    )


@bp.get(API)
def matrix_api() -> Response:
    """One page of units as JSON."""
    wanted, sort, mention = _read(A_REPLY)
    page = current_index().matrix_page(wanted, sort, mention)
    table = page.matrix
    reply: shapes.Matrix = {
        "query": {"q": wanted.query},
        "years": list(table.years),
        "units": [_shape(table, row) for row in page.rows],
        "sums": [{"year": one.year, "mentioning": one.mentioning, "held": one.held} for one in table.sums],
        "total": {"units": table.units, "mentioning": table.mentioning, "silent": table.silent},
        "page": wanted.page,
        "per_page": wanted.per_page,
        "pages": page.pages,
        "links": paged_links(API, wanted, page.pages, _suffix(sort, mention)),
    }
    return jsonify(reply)


@bp.get(f"{API}.{FORM}")
def as_file(form: str) -> Response:
    """All units, a column for each year."""
    wanted, sort, mention = _read(A_REPLY)
    table = current_index().whole_matrix(wanted, sort, mention)
    columns: list[Column[MatrixRow]] = [
        Column(_("单位"), lambda row: row.unit.name),
        Column(_("单位编号"), lambda row: row.unit.id),
        Column(name_of("field", "level"), lambda row: name_of("level", row.unit.level) if row.unit.level else None),
        Column(_("首次提及"), lambda row: row.first),
        *(_of_year(year, at) for at, year in enumerate(table.years)),
    ]
    also = {"mention": "no"} if mention is False else {}
    words = [_("只列从未提及的单位")] if mention is False else []
    asked = Inquiry.of(wanted, f"/matrix?{write_args(wanted, page=1, per_page=20)}{_suffix(sort, mention)}", also, words)
    return tables.reply(Table(_("提及情况"), "matrix", table.rows, columns, lambda row: _shape(table, row), asked), form)


def _of_year(year: int, at: int) -> Column[MatrixRow]:
    """The number of passages; 未收录 if no report is held, since an empty cell would be read as zero."""
    return Column(str(year), lambda row: _("未收录") if (count := row.cells[at]) is None else count)


def _read(per_page: int, *also: str) -> tuple[SearchRequest, MatrixSort, bool | None]:
    sort = read_one(MATRIX_SORT, request.args) or MatrixSort.REGION
    # `sort` orders units here, by other values than for passages.
    wanted = read_request(request.args, also=[MATRIX_SORT.name, MENTION.name, *also], defaults={"per_page": per_page})
    return wanted, MatrixSort(sort), read_mention(request.args)


def _suffix(sort: MatrixSort, mention: bool | None) -> str:
    ordered = f"&{MATRIX_SORT.name}={sort.value}" if sort is not MatrixSort.REGION else ""
    return ordered + (f"&{MENTION.name}=no" if mention is False else "")


def _shape(table: Matrix, row: MatrixRow) -> shapes.MatrixUnit:
    return {
        "unit": {"id": row.unit.id, "name": row.unit.name},
        "first": row.first,
        "cells": [{"year": year, "paragraphs": count} for year, count in zip(table.years, row.cells, strict=True)],
    }
