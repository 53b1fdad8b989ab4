"""数据: the figures that reports give, by indicator or label, as a page, a chart, JSON and a table; each with its sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, render_template, request
from markupsafe import Markup

from indexer import (
    INDICATORS,
    Indicator,
    IndicatorCount,
    InvalidRequest,
    Mode,
    Problem,
    SearchRequest,
    Series,
    Sort,
    StatedFigure,
    Unit,
    fold,
    indicators_named,
    measures,
    name_of,
    series_of,
    texts,
)
from indexer import gettext as _
from webui import shapes, tables
from webui.addresses import public_root
from webui.charts import picture
from webui.costly import costly
from webui.figures import middle_of, view_of
from webui.links import chips, page_links, passage_url
from webui.live import current_index
from webui.markup import marked
from webui.measures import measured_in, median_shown, shown
from webui.params import BY_YEAR, LABEL, read_one, read_request, write_args
from webui.replies import link, paged_links, report_name, years_ascending
from webui.tables import FORM, Column, Inquiry, Table

bp = Blueprint("statistics", __name__)
bp.after_request(link)

API, INDICATORS_API = "/api/v1/statistics", "/api/v1/indicators"
UNITS_A_PAGE = 25
MOST_EVIDENCE = 100
"""Sentences shown below the table of one unit."""
REGULAR = 10
"""Indicators on the page of a unit."""
LONGEST_NAME = 40
"""Code points of a query that may name an indicator."""
_NOT_OF_NAMES = dict.fromkeys(map(ord, ' "“”「」'))
"""Characters that may be typed around and within the name of an indicator, and are ignored."""
MOST_BESIDE = 2
"""Indicators that are shown beside one search."""
_DEFAULTS = {"per_page": UNITS_A_PAGE}


@bp.get("/statistics")
def statistics() -> str:
    """The series of an indicator or a label by unit and year; without either of them all indicators."""
    wanted = read_request(request.args, also=[LABEL.name], defaults=_DEFAULTS)
    label = read_one(LABEL, request.args)
    if not label and not wanted.values("indicator"):
        return _indicators(wanted)
    view = view_of(wanted, label)
    rows = view.rows()
    held = current_index().tally(_of_reports(wanted), ["unit", "year"]) if rows else {}
    address = _addressed("/statistics", wanted, label)
    return render_template(
        "statistics.html",
        q="",
        wanted=wanted,
        label=label,
        view=view,
        rows=rows,
        is_held=lambda series, year: (series.unit.id if series.unit else None, year) in held,
        evidence=[figure for of_year in view.own.years.values() for figure in of_year][:MOST_EVIDENCE] if view.own else [],
        sentence=sentence_html,
        shown=shown,
        where=where,
        chips=chips(wanted, {}),
        address=address,
        unit_address=lambda unit: address(units=(unit.id,)),
        chart=_addressed("/statistics.svg", wanted, label)(),
        file_args=_arguments(wanted.changed(per_page=20, page=1), label),
        explained=[one for one in INDICATORS if one.name in wanted.values("indicator")],
        called=label or texts.joined([name_of("indicator", name) for name in wanted.values("indicator")]),
        page=wanted.page,
        last=len(view.pages),
        pages=page_links(wanted.page, len(view.pages)),
        page_address=lambda number: address(page=number),
    )


@bp.app_template_global()
def about(indicator: Indicator) -> str:
    """What an indicator counts and what not, in the language of the page."""
    return indicator.note if texts.spoken() == texts.CHINESE else indicator.about


def _indicators(wanted: SearchRequest) -> str:
    return render_template(
        "indicators.html",
        q="",
        wanted=wanted,
        counted_indicators=_counted(wanted),
        measured_in=measured_in,
        chips=chips(wanted, {}),
        address=_addressed("/statistics", wanted, None),
        file_args=write_args(wanted, page=1, per_page=20),
    )


def _counted(wanted: SearchRequest) -> list[IndicatorCount]:
    """The indicators that some report gives, those of most reports first."""
    found = [one for one in current_index().list_indicators(wanted) if one.reports]
    return sorted(found, key=lambda one: -one.reports)


@dataclass(frozen=True, slots=True)
class Beside:
    """The series of an indicator beside a search for a text that names it."""

    indicator: str
    years: list[tuple[int, int, str | None]]
    """Reported year, how many reports give it, and the median of the units' values with its unit of measure."""
    address: str


def named_series(wanted: SearchRequest) -> list[Beside]:
    """The series of the indicators that a query names, in the reports that pass the filters; empty for any other query."""
    named = fold(wanted.query).translate(_NOT_OF_NAMES)
    names = indicators_named(named) if wanted.page == 1 and len(wanted.query) <= LONGEST_NAME else ()
    index = current_index()
    found = []
    for name in names[:MOST_BESIDE]:
        narrowed = wanted.changed(query="", mode=Mode.EXACT, facets=(), indicators=(name,), sort=Sort.RELEVANCE, same=None, per_page=20)
        (count,) = [one for one in index.list_indicators(narrowed) if one.indicator.name == name]
        if not count.reports:
            continue
        held = index.overview(narrowed)
        years = sorted(year for year in count.years if year is not None)
        middles = [middle_of(held.values(year)) for year in years]
        shown_middles = [None if middle is None else median_shown(middle, count.indicator) for middle in middles]
        rows = [(year, count.years[year], middle) for year, middle in zip(years, shown_middles, strict=True)]
        found.append(Beside(name, rows, _addressed("/statistics", narrowed, None)()))
    return found


@dataclass(frozen=True, slots=True)
class Regular:
    """An indicator of one unit, year by year."""

    indicator: str
    series: Series
    address: str


def regular(unit: Unit) -> list[Regular]:
    """The indicators that a unit gives in most years, those of most years first, with their figures."""
    index = current_index()
    wanted = SearchRequest.of(units=[unit.id])
    counts = sorted((one for one in index.list_indicators(wanted) if one.reports), key=lambda one: (-len(one.years), -one.reports))
    found = []
    for count in counts[:REGULAR]:
        narrowed = wanted.changed(indicators=[count.indicator.name])
        (series,) = series_of(index.all_statistics(narrowed))
        found.append(Regular(count.indicator.name, series, _addressed("/statistics", narrowed, None)()))
    return found


@bp.get("/statistics.svg")
def chart() -> Response:
    """The chart as an SVG: the chosen unit's values beside the median of the units shown with it, or only the median of all."""
    wanted, label = read_request(request.args, also=[LABEL.name], defaults=_DEFAULTS), read_one(LABEL, request.args)
    if not label and not wanted.values("indicator"):
        # Medians of figures of all kinds together would say nothing; the page lists the indicators then.
        raise InvalidRequest(Problem("indicator", "parameter-needed", name="indicator"))
    view = view_of(wanted, label)
    lines: list[tuple[str, list[Decimal | None]]] = [(_("各单位中位数"), [view.middle(year) for year in view.years])]
    if view.own:
        lines.insert(0, (view.own.name, [view.own.value(year) for year in view.years]))
    return picture(lambda style: _drawn(view.years, lines, style))


def _drawn(years: Iterable[int], lines: Sequence[tuple[str, list[Decimal | None]]], options: dict[str, Any]) -> Any:
    # Imported late: it takes a seventh of a second, a third of what a server takes to start.
    import pygal

    # The line is interrupted where a year has no value.
    drawn = pygal.Line(**options, legend_at_bottom=True, include_x_axis=True, allow_interruptions=True, height=260)
    drawn.x_labels = [str(year) for year in years]
    for name, values in lines:
        drawn.add(name, [None if value is None else float(value) for value in values])
    return drawn


@bp.get(API)
def statistics_api() -> Response:
    """Figures in the order of their reports, newest first; with by=year the series of each unit."""
    wanted = read_request(request.args, also=[LABEL.name, BY_YEAR.name])
    label, by_year = read_one(LABEL, request.args), read_one(BY_YEAR, request.args)
    with costly().turn():
        found = current_index().all_statistics(wanted, label)
        series = current_index().all_series(wanted, label) if by_year else None
    also = "".join(f"&{urlencode({name: value})}" for name, value in ((LABEL.name, label), (BY_YEAR.name, by_year)) if value)
    paged = None if series is None else series.pages(wanted.per_page)
    pages = wanted.pages_of(len(found)) if paged is None else len(paged)
    reply: shapes.Statistics = {
        "query": {"q": wanted.query},
        "total": len(found),
        "page": wanted.page,
        "per_page": wanted.per_page,
        "pages": pages,
        "links": paged_links(API, wanted, pages, also),
    }
    if series is not None and paged is not None:
        reply["series"] = [_series(one) for at in paged[wanted.page - 1 : wanted.page] for one in series[at]]
    else:
        reply["statistics"] = [statistic_shape(one) for one in wanted.page_of(found)]
    return jsonify(reply)


@bp.get(f"{API}.{FORM}")
def as_file(form: str) -> Response:
    """All figures as a table, a row each."""
    wanted = read_request(request.args, also=[LABEL.name, BY_YEAR.name])
    label = read_one(LABEL, request.args)
    root = public_root()
    columns: list[Column[StatedFigure]] = [
        *tables.of_report(lambda one: one.report),
        Column(_("指标"), lambda one: name_of("indicator", one.statistic.indicator) if one.statistic.indicator else None),
        Column(_("统计事项"), lambda one: one.statistic.label),
        Column(_("数值"), lambda one: one.statistic.value if one.statistic.number is None else one.statistic.number),
        Column(_("至"), lambda one: Decimal(one.statistic.to) if one.statistic.to else None),
        Column(_("计量单位"), lambda one: one.statistic.unit),
        Column(_("约数"), lambda one: one.statistic.approximate),
        *_translated(),
        Column(_("原句"), lambda one: one.sentence),
        Column(_("网址"), lambda one: root + where(one)),
        Column(_("编号"), lambda one: one.statistic.passage),
    ]
    words = [_("统计事项：%(label)s", label=label)] if label else []
    also = {LABEL.name: label} if label else {}
    asked = Inquiry.of(wanted, f"/statistics?{_arguments(wanted.changed(page=1, per_page=20), label)}", also, words)
    return tables.reply(
        Table(_("数据"), "statistics", current_index().all_statistics(wanted, label), columns, statistic_shape, asked), form
    )


def _translated() -> list[Column[StatedFigure]]:
    """The columns with the words of reports in the language of the page, if that is not Chinese."""
    if texts.spoken() == texts.CHINESE:
        return []
    return [
        Column(_("计量单位的译名"), lambda one: measures.measure_of(one.statistic)),
        Column(_("约数的译名"), lambda one: measures.inexact(one.statistic.approximate) if one.statistic.approximate else None),
    ]


@bp.get(INDICATORS_API)
def indicators_api() -> Response:
    """The reviewed indicators, and how many of the reports that pass the filters give each."""
    found = current_index().list_indicators(read_request(request.args))
    reply: shapes.Indicators = {
        "total": len(found),
        "indicators": [
            {
                "name": one.indicator.name,
                "unit": one.indicator.unit,
                "unit_english": measures.called(one.indicator.unit, one.indicator.name, language=texts.ENGLISH),
                "about": one.indicator.about,
                "reports": one.reports,
                "passages": one.passages,
                "years": [{"year": year, "reports": count} for year, count in years_ascending(one.years)],
            }
            for one in found
        ],
    }
    return jsonify(reply)


def _of_reports(wanted: SearchRequest) -> SearchRequest:
    """The request for the reports that could give a figure: without conditions on passages, and without the unit (neighbours count)."""
    return wanted.changed(query="", page=1, sections=(), kinds=(), indicators=(), instruments=(), units=(), same=None)


def _arguments(wanted: SearchRequest, label: str | None, **changes: Any) -> str:
    args = write_args(wanted, defaults=_DEFAULTS, **changes)
    return "&".join(filter(None, (urlencode({LABEL.name: label}) if label else "", args)))


def _addressed(path: str, wanted: SearchRequest, label: str | None) -> Callable[..., str]:
    return lambda **changes: f"{path}?{_arguments(wanted, label, **changes)}"


def sentence_html(figure: StatedFigure) -> Markup:
    """The sentence of a figure with the figure marked."""
    start = figure.statistic.sentence[0]
    return marked(figure.sentence, [(figure.statistic.start - start, figure.statistic.end - start)])


def where(figure: StatedFigure) -> str:
    """The address of the passage that states a figure."""
    return passage_url(figure.report.id, figure.passage.anchor)


def _unit(unit: Unit | None) -> shapes.UnitName | None:
    return {"id": unit.id, "name": unit.name} if unit else None


def _series(series: Series) -> shapes.StatisticSeries:
    odd = series.odd
    return {
        "unit": _unit(series.unit),
        "name": series.name,
        "years": [
            {"year": year, "statistics": [statistic_shape(one) for one in figures], "odd": year in odd}
            for year, figures in series.years.items()
        ],
    }


def statistic_shape(figure: StatedFigure) -> shapes.Statistic:
    """A figure as every reply has it."""
    one = figure.statistic
    return {
        "label": one.label,
        "value": one.value,
        "to": one.to,
        "unit": one.unit,
        "unit_english": measures.measure_of(one, texts.ENGLISH),
        "approximate": one.approximate,
        "indicator": one.indicator,
        "passage": one.passage,
        "start": one.start,
        "end": one.end,
        "sentence": one.sentence,
        "text": figure.sentence,
        "year": figure.report.year,
        "report": report_name(figure.report),
        "reported_by": _unit(figure.report.unit),
        "url": where(figure),
    }
