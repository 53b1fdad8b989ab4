"""公文常用表述: the sentences that occur in the reports of many units, as a page, as JSON and as a table."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, jsonify, render_template, request

from indexer import CommonSentence, SearchRequest, name_of, texts
from indexer import gettext as _
from webui import shapes, tables
from webui.addresses import public_root
from webui.costly import costly
from webui.links import page_links, passage_url
from webui.live import current_index
from webui.params import read_request, write_args
from webui.replies import link, paged_links
from webui.tables import FORM, Column, Inquiry, Table

bp = Blueprint("common", __name__)
bp.after_request(link)

API = "/api/v1/common"
A_PAGE = 50
TAKEN = ("page", "per_page")
_DEFAULTS = {"per_page": A_PAGE}


@bp.app_template_global()
def copies_url(sentence: str) -> str:
    """The address of the list of all copies of the sentence with this key."""
    return f"/?sentence={quote(sentence)}&collapse=0"


@bp.get("/common")
def common() -> str:
    """One page of common sentences, those of most units first."""
    wanted = read_request(request.args, only=TAKEN, defaults=_DEFAULTS)
    with costly().turn():
        page = current_index().list_common_sentences(wanted)

    def address(number: int) -> str:
        return f"/common?{write_args(wanted, defaults=_DEFAULTS, page=number)}"

    return render_template(
        "common.html",
        q="",
        wanted=wanted,
        page=page,
        passage_url=lambda one: passage_url(one.report.id, one.passage.partition("~")[2]),
        pages=page_links(wanted.page, page.pages),
        page_address=address,
    )


@bp.get(API)
def common_api() -> Response:
    """One page of common sentences as JSON."""
    wanted = read_request(request.args, only=TAKEN)
    with costly().turn():
        page = current_index().list_common_sentences(wanted)
    reply: shapes.CommonSentences = {
        "total": page.total,
        "page": wanted.page,
        "per_page": wanted.per_page,
        "pages": page.pages,
        "sentences": [_shape(one) for one in page.sentences],
        "links": paged_links(API, wanted, page.pages),
    }
    return jsonify(reply)


@bp.get(f"{API}.{FORM}")
def as_file(form: str) -> Response:
    """All common sentences."""
    read_request(request.args, only=TAKEN)
    root = public_root()
    columns: list[Column[CommonSentence]] = [
        Column(_("句子"), lambda one: one.text),
        Column(_("单位"), lambda one: one.units),
        Column(_("报告份数"), lambda one: one.reports),
        Column(_("最早年度"), lambda one: one.first),
        Column(_("最近年度"), lambda one: one.last),
        Column(_("历年份数"), lambda one: texts.joined([f"{name_of('year', year)} {count}" for year, count in one.years])),
        Column(_("省级地区"), lambda one: len(one.provinces)),
        Column(_("各省级地区单位"), lambda one: texts.joined([f"{name} {count}" for _code, name, count in one.provinces])),
        Column(_("全部出处"), lambda one: root + copies_url(one.key)),
        Column(_("编号"), lambda one: one.key),
    ]
    with costly().turn():
        found = current_index().all_common_sentences()
    asked = Inquiry.of(SearchRequest(), "/common")
    return tables.reply(Table(_("公文常用表述"), "common", found, columns, _shape, asked), form)


def _shape(one: CommonSentence) -> shapes.CommonSentence:
    return {
        "sentence": one.key,
        "text": one.text,
        "passage": one.passage,
        "units": one.units,
        "reports": one.reports,
        "first": one.first,
        "last": one.last,
        "years": [{"year": year, "reports": count} for year, count in one.years],
        "provinces": [{"code": code, "name": name, "units": count} for code, name, count in one.provinces],
        "url": copies_url(one.key),
    }
