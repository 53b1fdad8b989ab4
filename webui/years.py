"""年度趋势: the share of reports that mention a query, year by year, as a table with bars."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from webui.frame import FIND, annual, bars, frame
from webui.live import current_index
from webui.params import read_request, write_args

bp = Blueprint("years", __name__)


@bp.get("/years")
def years() -> str:
    """The table; each year is a link that filters. Unfinished years come last, apart from the others."""
    wanted = read_request(request.args, also=[FIND.name])
    narrowed = wanted.changed(years=(), year_from=None, year_to=None)
    index = current_index()
    shares = index.years(annual(narrowed))
    known = bars(shares)
    return render_template(
        "years.html",
        q=wanted.query,
        wanted=wanted,
        frame=frame(index.read(wanted), lambda **changes: f"/years?{write_args(wanted, **changes)}"),
        annual=annual(narrowed),
        by_year=narrowed != wanted,
        finished=[one for one in known if not one.unfinished],
        unfinished=[one for one in known if one.unfinished],
        unknown=next((share for share in shares if share.year is None), None),
    )
