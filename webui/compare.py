"""Two reports side by side, paragraph by paragraph: the page and its JSON."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from indexer import (
    N_,
    Comparison,
    ComparisonFigure,
    ComparisonRelation,
    ComparisonRow,
    ComparisonSide,
    InvalidRequest,
    Problem,
    Report,
    name_of,
    texts,
)
from indexer import gettext as _
from webui import shapes, tables
from webui.addresses import public_root
from webui.costly import costly
from webui.live import current_index
from webui.markup import layered
from webui.pages import other_years
from webui.params import DIFFERING, LEFT, RIGHT, UNITS_OF_SIDES, read_one, read_request
from webui.replies import report_name
from webui.tables import FORM, Column, Inquiry, Table
from webui.units import unit_named

bp = Blueprint("compare", __name__)


@bp.get("/compare")
def compare() -> str | BaseResponse:
    """The page, meant to have the earlier report on the left; `differing=1` leaves out equal rows; `q` is marked on both sides."""
    units = [param.name for param in UNITS_OF_SIDES]
    wanted = read_request(request.args, only=["q", "mode"], also=[LEFT.name, RIGHT.name, DIFFERING.name, *units])
    if (chosen := _with_other_unit()) is not None:
        return redirect(f"/compare?{urlencode(chosen)}")
    differing = bool(read_one(DIFFERING, request.args))
    compared = _compared()
    index = current_index()
    read = index.read(wanted, has_filter=True)
    marks = [index.matches(read, report.passages) for report in (compared.left, compared.right)]

    def url(**changes: Any) -> str:
        asked = {**request.args.to_dict(), LEFT.name: compared.left.id, RIGHT.name: compared.right.id}
        return url_for("compare.compare", **(asked | changes))

    def html(row: ComparisonRow) -> list[Markup | None]:
        sides = (row.left, "del", [pair.left for pair in row.numbers]), (row.right, "ins", [pair.right for pair in row.numbers])
        return [_html(side, name, figures, found) if side else None for (side, name, figures), found in zip(sides, marks, strict=True)]

    rows = [row for row in compared.rows if not (differing and row.relation is ComparisonRelation.EQUAL)]
    return render_template(
        "compare.html",
        q=wanted.query,
        compared=compared,
        sides=[(report, other_years(report)) for report in (compared.left, compared.right)],
        names=(LEFT.name, RIGHT.name),
        kept=[(name, value) for name, value in request.args.items() if value],
        differing=differing,
        parts=[(part, [(row, html(row)) for row in of_part]) for part, of_part in groupby(rows, key=lambda row: row.part)],
        url=url,
    )


@bp.get("/api/v1/compare")
def compare_api() -> Response:
    """The rows of the comparison."""
    read_request(request.args, only=[LEFT.name], also=[RIGHT.name])
    compared = _compared()
    reply: shapes.Compared = {
        "left": report_name(compared.left),
        "right": report_name(compared.right),
        "carried_over": {"sentences": compared.carried_over, "of": compared.sentences},
        "rows": [_row(row) for row in compared.rows],
    }
    return jsonify(reply)


@bp.get(f"/api/v1/compare.{FORM}")
def as_file(form: str) -> Response:
    """The rows as a table."""
    read_request(request.args, only=[LEFT.name], also=[RIGHT.name])
    compared = _compared()
    ids = {LEFT.name: compared.left.id, RIGHT.name: compared.right.id}
    columns: list[Column[ComparisonRow]] = [
        Column(name_of("field", "section"), lambda row: name_of("section", row.part) if row.part else None),
        Column(_("关系"), lambda row: _(_RELATIONS[row.relation])),
        Column(_("左：%(report)s", report=_called(compared.left)), lambda row: row.left.text if row.left else None),
        Column(_("右：%(report)s", report=_called(compared.right)), lambda row: row.right.text if row.right else None),
        Column(_("变化的数字"), lambda row: texts.joined([f"{pair.left.text} → {pair.right.text}" for pair in row.numbers])),
        Column(_("左段编号"), lambda row: row.left.id if row.left else None),
        Column(_("右段编号"), lambda row: row.right.id if row.right else None),
    ]
    asked = Inquiry(ids, "", texts.joined([compared.left.title, compared.right.title]), public_root() + f"/compare?{urlencode(ids)}")
    table = Table(_("报告对照"), "compare", compared.rows, columns, _row, asked)
    return tables.reply(table, form)


_RELATIONS = {
    ComparisonRelation.EQUAL: N_("相同"),
    ComparisonRelation.CHANGED: N_("有改动"),
    ComparisonRelation.LEFT: N_("仅左侧"),
    ComparisonRelation.RIGHT: N_("仅右侧"),
}


def _called(report: Report) -> str:
    year = report.year or _("年度未标明")
    return f"{report.issuer or report.title} {year}"


def _row(row: ComparisonRow) -> shapes.ComparedRow:
    return {
        "part": row.part,
        "relation": row.relation,
        "moved": row.moved,
        "left": _side(row.left),
        "right": _side(row.right),
        "numbers": [{"left": _figure(pair.left), "right": _figure(pair.right)} for pair in row.numbers],
    }


def _with_other_unit() -> dict[str, str] | None:
    """The arguments with one side's report replaced by one of the unit named for that side; None if no unit is named.

    Of the unit's reports the one is taken whose year is nearest to that of the replaced report.

    Raises:
        InvalidRequest: The name fits no unit, or several, or no report of the unit is held.
    """
    for side, param in zip((LEFT, RIGHT), UNITS_OF_SIDES, strict=True):
        if not (name := read_one(param, request.args)):
            continue
        now = current_index().report(request.args.get(side.name, ""))
        record = unit_named(str(name))
        held = [report for year in record.years for report in year.reports] if record else []
        if not held:
            raise InvalidRequest(Problem(param.name, "no-unit-with-reports", name=str(name)))
        nearest = min(held, key=lambda report: abs((report.year or 0) - (now.year or 0)))
        asked = {key: value for key, value in request.args.items() if key not in [one.name for one in UNITS_OF_SIDES]}
        return {**asked, side.name: nearest.id}
    return None


def _compared() -> Comparison:
    ids = {param.name: request.args.get(param.name) for param in (LEFT, RIGHT)}
    if missing := [Problem(name, "parameter-needed", name=name) for name, id in ids.items() if not id]:
        raise InvalidRequest(*missing)
    with costly().turn():
        return current_index().compare(*(str(id) for id in ids.values()))


def _html(side: ComparisonSide, name: str, figures: list[ComparisonFigure], marks: dict[str, list[tuple[int, int]]]) -> Markup:
    layers = [(name, side.spans), ("b", [(one.start, one.end) for one in figures]), ("mark", marks.get(side.passage.anchor, []))]
    return layered(side.passage.text, layers)


def _side(side: ComparisonSide | None) -> shapes.ComparedText | None:
    return None if side is None else {"id": side.id, "text": side.text, "spans": list(side.spans)}


def _figure(figure: ComparisonFigure) -> shapes.ComparedFigure:
    return {"text": figure.text, "start": figure.start, "end": figure.end}
