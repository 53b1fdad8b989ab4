"""单位: whose reports are held, as a list and a page for each, as JSON and as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, render_template, request, url_for

from indexer import NotFound, Report, SearchRequest, State, Unit, UnitPage, UnitRecord, UnitSort, as_json, name_of, texts
from indexer import gettext as _
from webui import shapes, tables
from webui.links import chips, page_links, place_names, span
from webui.live import current_index
from webui.measures import shown
from webui.params import BESIDE, EXPECTED, UNIT_SORT, read_one, read_request, write_args
from webui.replies import link, paged_links
from webui.statistics import regular, where
from webui.tables import FORM, Column, Inquiry, Table

bp = Blueprint("units", __name__)
bp.after_request(link)

API = "/api/v1/units"
A_PAGE = 50
_DEFAULTS = {"per_page": A_PAGE}
_FILTERS = ("q", "region", "level", "page", "per_page")
WHOLE = 100
"""Units that are read at a time for a table of all units."""


def _wanted(defaults: dict[str, Any] | None = None) -> tuple[SearchRequest, UnitSort, bool]:
    """The request, the order of units, and whether reports are expected of every government in the table of places."""
    wanted = read_request(request.args, only=_FILTERS, also=[UNIT_SORT.name, EXPECTED.name], defaults=defaults)
    return wanted, UnitSort(read_one(UNIT_SORT, request.args) or UnitSort.REGION), read_one(EXPECTED, request.args) is not None


def _listed(wanted: SearchRequest, sort: UnitSort, expected: bool) -> UnitPage:
    return current_index().units(
        wanted.query,
        regions=[None if value is None else str(value) for value in wanted.values("region")],
        levels=[None if value is None else str(value) for value in wanted.values("level")],
        sort=sort,
        page=wanted.page,
        per_page=wanted.per_page,
        expected=expected,
    )


def _args(wanted: SearchRequest, sort: UnitSort, expected: bool, defaults: dict[str, Any] | None = None, **changes: Any) -> str:
    """The query string for these, with some changes."""
    more = {UNIT_SORT.name: sort.value if sort is not UnitSort.REGION else "", EXPECTED.name: "table" if expected else ""}
    return "&".join(filter(None, (write_args(wanted, defaults=defaults, **changes), urlencode({k: v for k, v in more.items() if v}))))


@bp.get("/units")
def units() -> str:
    """All units, or those whose names contain `q`."""
    wanted, sort, expected = _wanted(_DEFAULTS)
    page = _listed(wanted, sort, expected)

    def address(order: UnitSort = sort, **changes: Any) -> str:
        return f"/units?{_args(wanted, order, expected, _DEFAULTS, **changes)}"

    return render_template(
        "units.html",
        q=wanted.query,
        wanted=wanted,
        sort=sort,
        sorts=[(UnitSort.REGION, _("按地区")), (UnitSort.NAME, _("按名称")), (UnitSort.REPORTS, _("按份数"))],
        page=page,
        chips=chips(wanted, {}),
        address=address,
        file_args=_args(wanted, sort, expected, page=1, per_page=20),
        missing=lambda record: [year.year for year in record.years if year.state is State.MISSING],
        held=lambda record: [year.year for year in record.years if year.state is State.HELD],
        joined=lambda years: texts.joined([*map(str, years)]),
        pages=page_links(wanted.page, page.pages),
        page_address=lambda number: address(page=number),
    )


@bp.get("/units/<id>")
def unit(id: str) -> str:
    """One unit: its names, its years, its reports and their sections; `beside` names another one to compare it with."""
    named = read_request(request.args, only=["q"], also=[BESIDE.name])
    index = current_index()
    record = index.unit(id)
    beside = str(read_one(BESIDE, request.args) or "")
    other = unit_named(beside) if beside else None
    return render_template(
        "unit.html",
        q=named.query,
        record=record,
        beside=beside,
        other=other,
        above=_places_above(record),
        before=dict(zip(*_neighbours(record), strict=True)),
        regular=(found := regular(record.unit)),
        figured=span(year for one in found for year in one.series.years),
        held_years={year.year for year in record.years if year.reports},
        shown=shown,
        where=where,
    )


def unit_named(name: str) -> UnitRecord | None:
    """The unit meant by an id, a name, or words that only one unit's names contain; None if there is no such unit."""
    index = current_index()
    try:
        return index.unit(name)
    except NotFound:
        found = index.units(name, per_page=2)
        same = [record for record in found.units if name in (record.unit.name, record.unit.short, *record.listed.aliases)]
        return same[0] if len(same) == 1 else found.units[0] if found.total == 1 else None


def _places_above(record: UnitRecord) -> list[tuple[str, str]]:
    region = record.listed.region
    return list(zip(region.codes, place_names(region), strict=True)) if region else []


def _neighbours(record: UnitRecord) -> tuple[list[str], list[Report]]:
    """The ids of a unit's annual reports after the first, and for each the report before it."""
    annual = [report for year in record.years for report in year.reports[:1]]
    return [report.id for report in annual[1:]], annual[:-1]


@bp.get(API)
def units_api() -> Response:
    """One page of units as JSON."""
    wanted, sort, expected = _wanted()
    page = _listed(wanted, sort, expected)
    reply: shapes.Units = {
        "query": {"q": wanted.query},
        "total": page.total,
        "page": page.page,
        "per_page": page.per_page,
        "pages": page.pages,
        "units": [_shape(record) for record in page.units],
        "links": paged_links(API, wanted, page.pages, _more(sort, expected)),
    }
    return jsonify(reply)


def _more(sort: UnitSort, expected: bool) -> str:
    more = _args(SearchRequest(), sort, expected)
    return f"&{more}" if more else ""


@bp.get(f"{API}/<id>")
def unit_api(id: str) -> Response:
    """One unit as JSON."""
    read_request(request.args, only=["q"], also=[EXPECTED.name])
    return jsonify(_shape(current_index().unit(id, expected=read_one(EXPECTED, request.args) is not None)))


@bp.get(f"{API}.{FORM}")
def as_file(form: str) -> Response:
    """All units as a table."""
    wanted, sort, expected = _wanted()

    def years(record: UnitRecord, state: State) -> str:
        return texts.joined([str(year.year) for year in record.years if year.state is state])

    columns: list[Column[UnitRecord]] = [
        Column(_("代码"), lambda one: one.unit.id),
        Column(name_of("field", "unit"), lambda one: one.unit.name),
        Column(_("其他名称"), lambda one: texts.joined(list(one.listed.aliases))),
        Column(name_of("field", "region"), lambda one: "".join(one.listed.region.path) if one.listed.region else None),
        Column(name_of("field", "level"), lambda one: name_of("level", one.listed.level) if one.listed.level else None),
        Column(_("报告份数"), lambda one: one.listed.reports),
        Column(_("已收录年度"), lambda one: years(one, State.HELD)),
        Column(_("未收录年度"), lambda one: years(one, State.MISSING)),
        Column(_("前身"), lambda one: texts.joined([unit.name for unit in one.predecessors])),
        Column(_("后继"), lambda one: texts.joined([unit.name for unit in one.successors])),
    ]
    words = [_("以行政区划为准")] if expected else []
    also = {"sort": sort.value, **({EXPECTED.name: "table"} if expected else {})}
    asked = Inquiry.of(wanted, f"/units?{_args(wanted, sort, expected, page=1, per_page=20)}", also, words)
    _listed(wanted, sort, expected)  # errors of the request must show before the file begins
    return tables.reply(Table(_("报告单位"), "units", _all(wanted, sort, expected), columns, _shape, asked), form)


def _all(wanted: SearchRequest, sort: UnitSort, expected: bool) -> Iterator[UnitRecord]:
    number, pages = 1, 1
    while number <= pages:
        page = _listed(wanted.changed(page=number, per_page=WHOLE), sort, expected)
        yield from page.units
        number, pages = number + 1, page.pages


def _shape(record: UnitRecord) -> shapes.Unit:
    def names(units: tuple[Unit, ...]) -> list[shapes.UnitName]:
        return [{"id": unit.id, "name": unit.name} for unit in units]

    listed = record.listed
    return {
        "id": listed.unit.id,
        "name": listed.unit.name,
        "short": listed.unit.short,
        "aliases": list(listed.aliases),
        "region": as_json(listed.region),
        "level": listed.level,
        "reports": listed.reports,
        "years": [
            {"year": year.year, "state": year.state, "reports": [{"id": one.id, "title": one.title} for one in year.reports]}
            for year in record.years
        ],
        "others": [{"id": one.id, "title": one.title} for one in record.others],
        "predecessors": names(record.predecessors),
        "successors": names(record.successors),
        "url": url_for("units.unit", id=listed.unit.id),
    }
