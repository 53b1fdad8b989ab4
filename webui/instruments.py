"""法规文件: the rules and documents that reports name, as a page, as JSON and as a table."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template, request

from indexer import Instrument, SearchRequest, name_of, texts
from indexer import gettext as _
from webui import shapes, tables
from webui.links import chips, page_links, span
from webui.live import current_index
from webui.params import read_request, write_args
from webui.replies import link, paged_links, years_ascending
from webui.tables import FORM, Column, Inquiry, Table

bp = Blueprint("instruments", __name__)
bp.after_request(link)

API = "/api/v1/instruments"
A_PAGE = 50
_DEFAULTS = {"per_page": A_PAGE}


@bp.get("/instruments")
def instruments() -> str:
    """All rules and documents, or those whose names contain `q`, with the years in which reports name each."""
    wanted = read_request(request.args, defaults=_DEFAULTS)
    page = current_index().list_instruments(wanted)
    years = span(current_index().stats.years)
    narrowed = wanted.changed(query="", page=1, per_page=20)
    return render_template(
        "instruments.html",
        q=wanted.query,
        wanted=wanted,
        page=page,
        years=years,
        years_ascending=years_ascending,
        most=max((count for one in page.instruments for count in one.years.values()), default=1),
        chips=chips(wanted, {}),
        search_args=lambda one: write_args(narrowed, instruments=(one.key,), defaults={"collapse": True}),
        address=lambda **changes: f"/instruments?{write_args(wanted, defaults=_DEFAULTS, **changes)}",
        file_args=write_args(wanted, page=1, per_page=20),
        pages=page_links(wanted.page, page.pages),
        page_address=lambda number: f"/instruments?{write_args(wanted, defaults=_DEFAULTS, page=number)}",
    )


@bp.get(API)
def instruments_api() -> Response:
    """One page of them as JSON."""
    wanted = read_request(request.args)
    page = current_index().list_instruments(wanted)
    reply: shapes.Instruments = {
        "query": {"q": wanted.query},
        "total": page.total,
        "page": wanted.page,
        "per_page": wanted.per_page,
        "pages": page.pages,
        "instruments": [_shape(one, wanted) for one in page.instruments],
        "links": paged_links(API, wanted, page.pages),
    }
    return jsonify(reply)


@bp.get(f"{API}.{FORM}")
def as_file(form: str) -> Response:
    """All of them as a table."""
    wanted, unknown = read_request(request.args), _("未标明")
    columns: list[Column[Instrument]] = [
        Column(_("名称"), lambda one: one.name),
        Column(_("文号"), lambda one: one.number),
        Column(_("类别"), lambda one: name_of("instrument_kind", one.kind)),
        Column(_("其他写法"), lambda one: texts.joined(list(one.aliases))),
        Column(_("最早年度"), lambda one: one.first),
        Column(_("报告份数"), lambda one: one.reports),
        Column(_("段数"), lambda one: one.passages),
        Column(_("历年份数"), lambda one: texts.joined([f"{year or unknown} {count}" for year, count in years_ascending(one.years)])),
        Column(_("疑为"), lambda one: one.slip_of),
        Column(_("取代它的"), lambda one: one.ending.by if one.ending else one.later),
    ]
    asked = Inquiry.of(wanted, f"/instruments?{write_args(wanted, page=1, per_page=20)}")
    found = current_index().all_instruments(wanted)
    return tables.reply(Table(_("法规文件"), "instruments", found, columns, lambda one: _shape(one, wanted), asked), form)


def _shape(one: Instrument, wanted: SearchRequest) -> shapes.Instrument:
    narrowed = wanted.changed(query="", page=1, per_page=20, facets=())
    return {
        "name": one.name,
        "number": one.number,
        "kind": one.kind,
        "aliases": list(one.aliases),
        "first": one.first,
        "reports": one.reports,
        "passages": one.passages,
        "years": [{"year": year, "reports": count} for year, count in years_ascending(one.years)],
        "slip_of": one.slip_of,
        "replaced_by": one.ending.by if one.ending else one.later,
        "url": f"/?{write_args(narrowed, instruments=(one.key,))}",
    }
