"""待核对: what somebody should look at, with the lines that correct or close it, as a page, as JSON and as a table."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, jsonify, render_template, request

from indexer import FILTERS, Doubt, SearchRequest, held_text, lines_for, name_of
from indexer import gettext as _
from webui import shapes, tables
from webui.api import bp as api
from webui.links import chips, facet_links, page_links
from webui.live import current_index
from webui.params import OF_REPORTS, read_request, write_args
from webui.replies import index_info, paged_links, report_name
from webui.tables import FORM, Column, Inquiry, Table

bp = Blueprint("doubts", __name__)
bp.add_app_template_global(lines_for)

_FILTERS = [field for field in FILTERS.values() if not field.of_passages]
ADDRESS = "/api/v1/remarks"


@bp.app_template_global()
def doubts_url(wanted: SearchRequest, **changes: Any) -> str:
    """The address of what is to be looked at in the reports that pass the filters."""
    args = write_args(wanted.changed(query="", mode="exact", same=None, facets=(), collapse=False), **changes)
    return f"/remarks?{args}" if args else "/remarks"


@bp.get("/remarks")
def doubts() -> str:
    """What is to be looked at, by kind."""
    facets = tuple(field.name for field in _FILTERS if field.name == "remark" or not field.aside)
    wanted = read_request(request.args, only=OF_REPORTS, defaults={"facets": facets})
    page = current_index().doubts(wanted)
    counts = {name: [count for count in page.facets.get(name, []) if name != "remark" or count.value is not None] for name in facets}
    of_each = {count.value: count.count for count in counts["remark"]}
    return render_template(
        "remarks.html",
        q="",
        wanted=wanted,
        page=page,
        kinds=[(code, of_each[code], list(of_code)) for code, of_code in groupby(page.doubts, key=lambda doubt: doubt.code)],
        held=held,
        chips=chips(wanted, page.facets),
        facets=facet_links(wanted, {"remark": counts.pop("remark"), **counts}),
        pages=page_links(wanted.page, page.pages),
        page_url=lambda number: doubts_url(wanted, page=number),
        taken=write_args(wanted, page=1, per_page=20, facets=()),
    )


@api.get("/remarks")
def doubts_api() -> Response:
    """The same as JSON."""
    wanted = read_request(request.args, only=OF_REPORTS)
    page = current_index().doubts(wanted)
    reply: shapes.Doubts = {
        "total": page.total,
        "reports": page.reports,
        "page": wanted.page,
        "per_page": wanted.per_page,
        "pages": page.pages,
        "index": index_info(page.index),
        "kinds": [
            {"value": count.value, "count": count.count, "label": name_of("remark", count.value)}
            for count in page.facets.get("remark", [])
            if count.value is not None
        ],
        "remarks": [_shape(doubt) for doubt in page.doubts],
        "links": paged_links(ADDRESS, wanted, page.pages),
    }
    return jsonify(reply)


@api.get(f"/remarks.{FORM}")
def as_file(form: str) -> Response:
    """The whole result as a table."""
    wanted = read_request(request.args, only=OF_REPORTS)
    columns: list[Column[Doubt]] = [
        Column(_("代码"), lambda doubt: doubt.code),
        Column(_("待核对"), lambda doubt: name_of("remark", doubt.code)),
        Column(_("说明"), lambda doubt: "；".join(remark.shown for remark in doubt.remarks)),
        Column(_("现为"), lambda doubt: held(doubt)),
        *tables.of_report(lambda doubt: doubt.report),
        Column(_("文件"), lambda doubt: doubt.report.path),
        *(Column(name, _line_for(name)) for name in ("corrections.csv", "units.csv", "checked.csv")),
    ]
    rows = current_index().each_doubt(wanted)
    return tables.reply(Table(_("待核对"), "remarks", rows, columns, _shape, Inquiry.of(wanted, doubts_url(wanted))), form)


def _line_for(name: str) -> Any:
    return lambda doubt: lines_for(doubt.report, doubt.code).get(name)


def _shape(doubt: Doubt) -> shapes.Doubt:
    return {
        "code": doubt.code,
        "about": doubt.about,
        "report": report_name(doubt.report),
        "url": f"/reports/{quote(doubt.report.id)}",
        "path": doubt.report.path,
        "value": held_text(doubt.report, doubt.about) or None,
        "texts": [remark.text for remark in doubt.remarks],
        "lines": lines_for(doubt.report, doubt.code),
    }


def held(doubt: Doubt) -> str | None:
    """The report's present value of what is in doubt, in words; None if it has none or the doubt is not about a value."""
    if doubt.about == "region" and doubt.report.region is not None:
        return "".join(doubt.report.region.path)
    text = held_text(doubt.report, doubt.about)
    return name_of(doubt.about, text) if text else None
