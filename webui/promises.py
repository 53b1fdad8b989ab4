"""承诺与表述: the plans of a report beside what its unit's next report says of them, as a page, as JSON and as a table."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, render_template, request

from indexer import InvalidRequest, Problem, Promise, Promises
from indexer import gettext as _
from webui import shapes, tables
from webui.addresses import public_root
from webui.costly import costly
from webui.live import current_index
from webui.params import REPORT, read_request
from webui.replies import report_name
from webui.tables import FORM, Column, Inquiry, Table

bp = Blueprint("promises", __name__)


@bp.get("/promises")
def promises() -> str:
    """Each item of the plans on the left, the sentences that take it up on the right."""
    return render_template("promises.html", q="", found=_read())


@bp.get("/api/v1/promises")
def promises_api() -> Response:
    """The items as JSON."""
    found = _read()
    reply: shapes.Promises = {
        "report": report_name(found.report),
        "next": found.next.id if found.next else None,
        "items": [_shape(one) for one in found.items],
    }
    return jsonify(reply)


@bp.get(f"/api/v1/promises.{FORM}")
def as_file(form: str) -> Response:
    """The items as a table."""
    found = _read()
    columns: list[Column[Promise]] = [
        Column(_("下一步安排"), lambda one: one.text),
        Column(_("项"), lambda one: one.item),
        Column(_("次年报告的表述"), _in_words),
        Column(_("相近程度"), lambda one: one.taken_up[0].score if one.taken_up else None),
        Column(_("安排所在段落"), lambda one: one.passage),
        Column(_("表述所在段落"), lambda one: _SEVERAL.join(taken.passage for taken in one.taken_up or ()) or None),
    ]
    ids = {REPORT.name: found.report.id}
    asked = Inquiry(ids, "", found.report.title, public_root() + f"/promises?{urlencode(ids)}")
    return tables.reply(Table(_("安排与表述"), "promises", found.items, columns, _shape, asked), form)


_SEVERAL = " | "
"""Separates several statements, or their passages, in one cell, as it separates the cells of a table's row in a passage."""


def _in_words(one: Promise) -> str:
    if one.taken_up is None:
        return _("未收录")
    return _SEVERAL.join(taken.text for taken in one.taken_up) or _("未见对应表述")


def _read() -> Promises:
    read_request(request.args, only=[REPORT.name])
    id = request.args.get(REPORT.name)
    if not id:
        raise InvalidRequest(Problem(REPORT.name, "parameter-needed", name=REPORT.name))
    with costly().turn():
        return current_index().promises(id)


def _shape(one: Promise) -> shapes.Promise:
    return {
        "passage": one.passage,
        "item": one.item,
        "start": one.start,
        "end": one.end,
        "text": one.text,
        "taken_up": None
        if one.taken_up is None
        else [
            {"passage": taken.passage, "start": taken.start, "end": taken.end, "text": taken.text, "score": taken.score}
            for taken in one.taken_up
        ],
    }
