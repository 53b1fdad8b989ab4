"""The whole result as a file: CSV for Excel and WPS, NDJSON for programs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date

from flask import Blueprint, Response, request
from msgspec import json

from indexer import FIELDS, FILTERS, Hit, Region, SearchRequest, name_of, texts
from indexer import gettext as _
from webui.addresses import public_root
from webui.api import hit_shape
from webui.citation import cite, cited_page
from webui.downloads import downloads
from webui.links import passage_url
from webui.live import current_index
from webui.params import read_request

bp = Blueprint("export", __name__, url_prefix="/api/v1")

_OF_REPORT = [field for field in FIELDS.values() if field.brief and field.name != "id"]
_OF_PASSAGE = [field for field in FILTERS.values() if field.of_passages]
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠﹢﹣﹦﹫]|[\t\r\n]")


@bp.get("/search.csv")
def as_csv() -> Response:
    """Every hit as a row; what a spreadsheet would run as a formula begins with an apostrophe."""
    wanted = read_request(request.args)
    hits = current_index().hits(wanted)
    return _download(_csv(hits, wanted, public_root()), "text/csv; charset=utf-8", wanted, "csv")


@bp.get("/search.ndjson")
def as_ndjson() -> Response:
    """Every hit as a line of JSON, in the shape of `/search`, with the query and the day."""
    wanted = read_request(request.args)
    search = {"query": {"q": wanted.query, "mode": wanted.mode}, "date": date.today().isoformat()}
    hits = current_index().hits(wanted)
    lines = (f"{json.encode({**hit_shape(hit), **search}).decode()}\n" for hit in hits)
    return _download(lines, "application/x-ndjson", wanted, "ndjson")


def _download(lines: Iterator[str], media: str, wanted: SearchRequest, extension: str) -> Response:
    """The lines as a file to keep."""
    typed = re.sub(r"\W+", " ", wanted.query).strip()[:40]
    name = _("检索结果 %(query)s %(day)s", query=typed, day=date.today().isoformat()) + f".{extension}"
    return downloads().reply((line.encode() for line in lines), media, name, f"results.{extension}")


def columns() -> tuple[str, ...]:
    """The heads of the table's columns."""
    return (
        *(name_of("field", field.name) for field in _OF_REPORT),
        *(_("位置"), *(name_of("field", field.name) for field in _OF_PASSAGE), _("项"), _("原文"), _("处数"), _("相同的另有")),
        *(_("网址"), _("引文"), _("检索式"), _("检索日期"), _("编号")),
    )


def _csv(hits: Iterator[Hit], wanted: SearchRequest, root: str) -> Iterator[str]:
    # With the mark Excel takes the file for UTF-8.
    yield "\ufeff" + _row(columns())
    today = date.today()
    for hit in hits:
        report = hit.report
        url = root + passage_url(report.id, hit.anchor)
        cells = (
            *(_cell(getattr(report, field.name)) for field in _OF_REPORT),
            " ".join(section.text for section in hit.section),
            *(
                texts.joined([name_of(field.name, value) for value in field.values_of(hit.passage) if value is not None])
                for field in _OF_PASSAGE
            ),
            hit.item,
            hit.text,
            len(hit.matches),
            hit.same,
            url,
            cite(report, today, url, cited_page(hit.passage.page)),
            wanted.query,
            today.isoformat(),
            hit.id,
        )
        yield _row(tuple(defused(cell) if isinstance(cell, str) else cell for cell in cells))


def _cell(value: object) -> object:
    return "".join(value.path) if isinstance(value, Region) else value


def defused(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: with an apostrophe before what would begin one (OWASP, CSV injection)."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _row(cells: tuple[object, ...]) -> str:
    out = io.StringIO()
    # Where a list is separated by semicolons, one in a cell without quotes would begin another cell.
    csv.writer(out, quoting=csv.QUOTE_ALL).writerow(cells)
    return out.getvalue()
