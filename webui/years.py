"""历年: the share of reports that mention a query, year by year, as a chart and a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, Response, render_template, request

from indexer import ReportType, SearchRequest, YearShare
from indexer import gettext as _
from webui.links import chips
from webui.live import current_index
from webui.params import read_request, write_args

bp = Blueprint("years", __name__)

_STYLE = {
    "background": "transparent",
    "plot_background": "transparent",
    "colors": ("#5f7fa6", "#b4654a"),
    "font_family": "sans-serif",
    "label_font_size": 15,
    "major_label_font_size": 15,
    "legend_font_size": 15,
    "value_font_size": 15,
    "opacity": "1",
}
_INK = "inline:.text-overlay text, .axis text, .legend text {fill: #4a5260 !important} .axis path {display: none}"
_DARK = "inline:@media (prefers-color-scheme: dark) {.text-overlay text, .axis text, .legend text {fill: #a3a9b3 !important}}"
"""A picture has its own look at what its reader prefers."""


def annual(wanted: SearchRequest) -> SearchRequest:
    """What is counted: where no type is chosen annual reports alone, for a plan that mentions something has not reported it."""
    return wanted if wanted.values("type") else wanted.changed(types=[ReportType.REPORT])


@bp.get("/years")
def years() -> str:
    """The chart and its table; a year is a link that filters."""
    wanted = read_request(request.args)
    narrowed = wanted.changed(years=(), year_from=None, year_to=None)
    return render_template(
        "years.html",
        q=wanted.query,
        wanted=wanted,
        annual=annual(narrowed),
        by_year=narrowed != wanted,
        chips=chips(wanted, {}),
        shares=current_index().years(annual(narrowed)),
        chart_url=f"/years.svg?{write_args(narrowed)}",
    )


@bp.get("/years.svg")
def chart() -> Response:
    """The chart alone, a picture."""
    shares = current_index().years(annual(read_request(request.args)))
    return picture(lambda options: _bars(shares, options))


def picture(draw: Callable[[dict[str, Any]], Any]) -> Response:
    """A chart as a page of its own, for a page that shows it as a picture; `draw` makes it with the options that all have in common."""
    reply = Response(rendered(draw), mimetype="image/svg+xml")
    # Opened alone it is a page of its own, and its look stands in it.
    reply.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'self'"
    return reply


def drawn(shares: Sequence[YearShare]) -> str:
    """Bars of per cent by year; a year of which nothing is held has no bar and says so."""
    return rendered(lambda options: _bars(shares, options))


def rendered(draw: Callable[[dict[str, Any]], Any]) -> str:
    """A chart as SVG without script."""
    # A seventh of a second, a third of what a server takes to start.
    from pygal.style import Style

    chart = draw(
        {
            "style": Style(**_STYLE),
            "js": [],
            "no_prefix": True,
            "disable_xml_declaration": True,
            "css": ["file://style.css", "file://graph.css", _INK, _DARK],
            "width": 760,
            "margin": 4,
        }
    )
    chart.add_xml_filter(_without_script)
    return str(chart.render(is_unicode=True))


def _bars(shares: Sequence[YearShare], options: dict[str, Any]) -> Any:
    import pygal

    known = [share for share in shares if share.year is not None]
    bars = pygal.Bar(
        **options,
        show_legend=False,
        height=200,
        # Room for what stands on the bars; the figures are on them and in the table, so no axis says them again.
        range=(0, 115),
        show_y_labels=False,
        show_y_guides=False,
        value_formatter=lambda value: f"{value:.0f}%",
        print_values=True,
        print_values_position="top",
        no_data_text=_("没有标明年度的报告"),
    )
    bars.x_labels = [f"{share.year}" if share.held else _("%(year)s 缺", year=str(share.year)) for share in known]
    bars.add("", [100 * share.mentioning / share.held if share.held else None for share in known])
    return bars


def _without_script(root: Any) -> Any:
    """The picture without its settings for pygal's script, which is not served."""
    for parent in list(root.iter()):
        for child in list(parent):
            if str(child.tag).rpartition("}")[2] == "script":
                parent.remove(child)
    return root
