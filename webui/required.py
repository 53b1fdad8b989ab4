"""必备内容: which of the required contents reports have, and whether they were published in time, as a page, as JSON and as a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, Response, jsonify, render_template, request

from indexer import REQUIRED, SOURCES, Content, Report, SearchRequest, name_of
from indexer import gettext as _
from webui import shapes, tables
from webui.frame import annual
from webui.links import chips, page_links
from webui.live import current_index
from webui.params import read_request, write_args
from webui.replies import link, paged_links, report_name, rules
from webui.tables import FORM, Column, Inquiry, Table

bp = Blueprint("required", __name__)
bp.after_request(link)

API = "/api/v1/required"
A_PAGE = 50


@dataclass(frozen=True, slots=True)
class FoundContent:
    """One of the contents of a report."""

    content: Content
    anchors: tuple[str, ...]
    """The anchors of the passages where it begins; empty if it was not found."""


@bp.app_template_global()
def contents_of(report: Report) -> list[FoundContent]:
    """The required contents, found or not, and the optional ones that were found; the report must have its passages."""
    found = report.contents
    return [FoundContent(content, found.get(content, ())) for content in Content if content in found or content in REQUIRED]


@bp.get("/required")
def required() -> str:
    """Annual reports, each with what it has and lacks, newest first."""
    wanted = read_request(request.args, defaults={"per_page": A_PAGE})
    index = current_index()
    page = index.list_reports(annual(wanted))
    return render_template(
        "required.html",
        q=wanted.query,
        wanted=wanted,
        page=page,
        required=REQUIRED,
        lacking=[(content, _count_lacking(wanted, content)) for content in REQUIRED],
        chips=chips(wanted, {}),
        address=lambda **changes: f"/required?{write_args(wanted, defaults={'per_page': A_PAGE}, **changes)}",
        file_args=write_args(wanted, page=1, per_page=20),
        pages=page_links(wanted.page, page.pages),
        page_address=lambda number: f"/required?{write_args(wanted, defaults={'per_page': A_PAGE}, page=number)}",
    )


def _count_lacking(wanted: SearchRequest, content: Content) -> int:
    narrowed = annual(wanted).changed(lacking=(content.value,), page=1, per_page=1)
    return current_index().list_reports(narrowed).total


@bp.get(API)
def required_api() -> Response:
    """One page of the reports as JSON."""
    wanted = read_request(request.args)
    page = current_index().list_reports(annual(wanted))
    reply: shapes.RequiredOfReports = {
        "query": {"q": wanted.query},
        "total": page.total,
        "lacking": {content.value: _count_lacking(wanted, content) for content in REQUIRED},
        "sources": rules(SOURCES),
        "page": wanted.page,
        "per_page": wanted.per_page,
        "pages": page.pages,
        "reports": [_shape(listed.report) for listed in page.reports],
        "links": paged_links(API, wanted, page.pages),
    }
    return jsonify(reply)


@bp.get(f"{API}.{FORM}")
def as_file(form: str) -> Response:
    """All reports."""
    wanted = read_request(request.args)
    columns: list[Column[Report]] = [
        *tables.of_report(lambda report: report),
        *(_column(content) for content in REQUIRED),
        Column(_("按时公开"), lambda report: on_time_in_words(report)),
    ]
    asked = Inquiry.of(wanted, f"/required?{write_args(wanted, page=1, per_page=20)}")
    return tables.reply(Table(_("必备内容"), "required", _reports(wanted), columns, _shape, asked), form)


def _reports(wanted: SearchRequest) -> Iterator[Report]:
    return (listed.report for listed in current_index().listed(annual(wanted)))


def _column(content: Content) -> Column[Report]:
    return Column(name_of("content", content), lambda report: _("未见") if content in report.lacking else _("有"))


@bp.app_template_global()
def on_time_in_words(report: Report) -> str:
    """Whether a report was published in time: 按时, 逾期, or 未标明 if it is not known."""
    if report.published_on_time is None:
        return _("未标明")
    return _("按时") if report.published_on_time else _("逾期")


def _shape(report: Report) -> shapes.RequiredOfReport:
    return {
        "report": report_name(report),
        "found": [content for content in REQUIRED if content not in report.lacking],
        "not_found": list(report.lacking),
        "published_on_time": report.published_on_time,
    }
