"""引用格式: the citation of a report or a passage, to copy or as a file for a reference manager."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote as quoted

from flask import Blueprint, Response, render_template, request

from indexer import Passage, Report, passage_id
from webui.addresses import published
from webui.citation import FORMATS, cite, page_of, quote
from webui.links import passage_url
from webui.live import current_index
from webui.params import refuse_arguments

bp = Blueprint("cited", __name__)


@dataclass(frozen=True, slots=True)
class _Source:
    """What is cited."""

    report: Report
    passage: Passage | None
    """None: the report as a whole."""
    path: str
    """The path of its page on this site."""


@bp.get("/cite/<id>")
def citation(id: str) -> str:
    """The citation of the report or passage with this id, and a passage's text as a quotation."""
    refuse_arguments(request.args)
    source = _source(id)
    passage = source.passage
    text = cite(source.report, date.today(), published(source.path), page_of(source.report, passage))
    return render_template("cited.html", q="", id=id, source=source, citation=text, quotation=quote(passage.text) if passage else None)


@bp.get(f"/cite/<id>.<any({', '.join(FORMATS)}):form>")
def as_file(id: str, form: str) -> Response:
    """The same as a file: `bib` or `ris`."""
    refuse_arguments(request.args)
    source = _source(id)
    media, write = FORMATS[form]
    reply = Response(write(source.report, source.passage, date.today(), published(source.path)), content_type=media)
    reply.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quoted(f'{source.report.title}.{form}')}"
    return reply


def cite_passage(report: Report, passage: Passage, today: date) -> str:
    """The citation of a passage, with its published address."""
    return cite(report, today, published(passage_url(report.id, passage.anchor)), page_of(report, passage))


@bp.app_template_global()
def cite_url(report: Report, anchor: str | None = None) -> str:
    """The address of the citation of a report or of one of its passages."""
    return f"/cite/{quoted(passage_id(report.id, anchor) if anchor else report.id)}"


def _source(id: str) -> _Source:
    """The report or passage with this id.

    Raises:
        NotFound: There is none.
    """
    index = current_index()
    if "~" not in id:
        report = index.report(id)
        return _Source(report, None, f"/reports/{quoted(report.id)}")
    report, passage = index.passage(id)
    return _Source(report, passage, passage_url(report.id, passage.anchor))
