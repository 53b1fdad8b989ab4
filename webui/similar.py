"""相近段落: the paragraphs of other units that are similar to a paragraph or a pasted text, as a page, as JSON and as a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, render_template
from werkzeug.datastructures import MultiDict

from indexer import LONGEST_COMPARED, Report, SearchRequest, SimilarPassage, UserError, passage_id, texts
from indexer import gettext as _
from webui import shapes, tables
from webui.bodies import BYTES_A_CHARACTER, arguments, text_of_body
from webui.cited import cite_passage
from webui.costly import costly
from webui.links import chips, passage_url, short_enough
from webui.live import current_index
from webui.markup import marked
from webui.params import FILTERING, PASSAGE, TEXT, read_request, write_args
from webui.replies import index_info, report_name
from webui.tables import FORM, Column, Inquiry, Table

bp = Blueprint("similar", __name__)

API = "/api/v1/similar"
MOST_BYTES = BYTES_A_CHARACTER * LONGEST_COMPARED + 10_000


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The text or the passage to compare with, and the filters."""

    text: str
    passage: str | None
    filters: SearchRequest


@dataclass(frozen=True, slots=True)
class _Answer:
    """The similar paragraphs."""

    wanted: _Wanted
    text: str
    """What they were compared with: the text that was sent, or that of the passage."""
    report: Report | None
    """The report of the passage, None for a text that was sent."""
    found: list[SimilarPassage]


@bp.route("/similar", methods=["GET", "POST"])
def similar() -> str | tuple[str, int]:
    """A box for the text, and the similar paragraphs."""
    args = arguments(MOST_BYTES, _of_body)
    answer, error = None, None
    wanted = _Wanted(args.get(TEXT.name, ""), args.get(PASSAGE.name) or None, SearchRequest())
    try:
        wanted = _read(args)
        if wanted.text.strip() or wanted.passage:
            answer = _answer(wanted)
    except UserError as wrong:
        if wanted.passage and not wanted.text:
            raise
        error = wrong
    page = render_template(
        "similar.html",
        q="",
        wanted=wanted.filters,
        passage=wanted.passage,
        typed=wanted.text,
        answer=answer,
        error=error,
        most=LONGEST_COMPARED,
        chips=chips(wanted.filters, {}),
        shown=[(one, _url(one), marked(one.found.passage.text, one.shared), _citation(one)) for one in answer.found] if answer else [],
        source=passage_url(answer.report.id, str(wanted.passage).partition("~")[2]) if answer and answer.report else None,
        address=lambda **changes: _address(wanted, **changes),
    )
    return (page, 400) if error else page


@bp.route(API, methods=["GET", "POST"])
def similar_api() -> Response:
    """The similar paragraphs as JSON, for a passage or a text in the address, or a text in a form, in JSON or plain."""
    index = current_index()
    answer = _answer(_read(arguments(MOST_BYTES, _of_body)))
    reply: shapes.Similar = {
        "passage": answer.wanted.passage,
        "text": answer.text,
        "total": len(answer.found),
        "similar": [_shape(one) for one in answer.found],
        "index": index_info(index.stats),
    }
    return jsonify(reply)


@bp.route(f"{API}.{FORM}", methods=["GET", "POST"])
def as_file(form: str) -> Response:
    """A row for each paragraph that is listed."""
    answer = _answer(_read(arguments(MOST_BYTES, _of_body)))
    columns: list[Column[SimilarPassage]] = [
        Column(_("相似度（百分比）"), lambda one: percent(one)),
        *tables.of_report(lambda one: one.found.report),
        Column(_("位置"), lambda one: " ".join(section.text for section in one.found.passage.section)),
        Column(_("原文"), lambda one: one.found.passage.text),
        Column(_("相同的字句"), lambda one: texts.joined([one.found.passage.text[start:end] for start, end in one.shared])),
        Column(_("引文"), _citation),
        Column(_("编号"), lambda one: one.id),
    ]
    also = {"passage": answer.wanted.passage} if answer.wanted.passage else {"text": answer.text}
    asked = Inquiry.of(answer.wanted.filters, _address(answer.wanted), also, [answer.text])
    return tables.reply(Table(_("相近段落"), "similar", answer.found, columns, _shape, asked), form)


@bp.app_template_global()
def percent(one: SimilarPassage) -> int:
    """The similarity in percent, rounded down: 100 only if nothing but marks of punctuation differs."""
    return int(100 * one.similarity)


@bp.app_template_global()
def similar_url(report: Report, anchor: str) -> str:
    """The address of the list of paragraphs similar to this one."""
    return f"/similar?{urlencode({PASSAGE.name: passage_id(report.id, anchor)})}"


def _answer(wanted: _Wanted) -> _Answer:
    index = current_index()
    with costly().turn():
        found = index.similar_to(wanted.text, wanted.passage, wanted.filters)
    if wanted.passage is None:
        return _Answer(wanted, wanted.text, None, found)
    report, held = index.passage(wanted.passage)
    return _Answer(wanted, held.text, report, found)


def _address(wanted: _Wanted, **changes: Any) -> str:
    """The address of the list; a text that is too long for an address is left out."""
    filters = write_args(wanted.filters, **changes)
    asked = {PASSAGE.name: wanted.passage} if wanted.passage else {TEXT.name: wanted.text}
    return short_enough(f"/similar?{urlencode(asked)}{'&' if filters else ''}{filters}", f"/similar?{filters}")


def _read(args: MultiDict[str, str]) -> _Wanted:
    read = read_request(args, only=FILTERING, also=[TEXT.name, PASSAGE.name])
    return _Wanted(args.get(TEXT.name, ""), args.get(PASSAGE.name) or None, read)


def _of_body() -> MultiDict[str, str]:
    """The argument of a body that is not a form."""
    return MultiDict([(TEXT.name, text_of_body())])


def _shape(one: SimilarPassage) -> shapes.SimilarPassage:
    return {
        "passage": one.id,
        "report": report_name(one.found.report),
        "url": _url(one),
        "citation": _citation(one),
        "text": one.found.passage.text,
        "similarity": round(one.similarity, 4),
        "shared": list(one.shared),
    }


def _url(one: SimilarPassage) -> str:
    return passage_url(one.found.report.id, one.found.passage.anchor)


def _citation(one: SimilarPassage) -> str:
    return cite_passage(one.found.report, one.found.passage, date.today())
