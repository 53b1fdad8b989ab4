"""The JSON API: the same calls as the pages, with replies as `shapes` declares them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar
from urllib.parse import quote

from flask import Blueprint, Response, current_app, jsonify, request

from indexer import ConcordanceLine, Context, Hit, ListedReport, Report, SearchRequest, YearShare, name_of, sources_of
from indexer import gettext as _
from webui import shapes, tables
from webui.addresses import public_root, published
from webui.citation import cite, cited_page
from webui.costly import costly
from webui.frame import annual
from webui.links import passage_url
from webui.live import current_index
from webui.mirror import changes
from webui.openapi import describe
from webui.params import CHANGED_SINCE, CONTEXT, MENTION, read_context, read_mention, read_request, refuse_arguments, write_args
from webui.replies import (
    common_spans,
    facet_value,
    hit_shape,
    index_info,
    link,
    paged_links,
    passage_shape,
    query_shape,
    report_info,
    report_name,
    required_shapes,
    rules,
)
from webui.tables import Column, Inquiry, Table
from webui.versions import in_json

bp = Blueprint("api", __name__, url_prefix="/api/v1")
bp.after_request(link)

Row = TypeVar("Row")
SEARCH, REPORTS, CONCORDANCE = "/api/v1/search", "/api/v1/reports", "/api/v1/concordance"


@bp.get("/search")
def search() -> Response:
    """Passages that match."""
    wanted = read_request(request.args)
    with costly().page(wanted.per_page):
        return jsonify(_search_result(wanted))


def _search_result(wanted: SearchRequest) -> shapes.SearchResult:
    read = current_index().read(wanted)
    page = current_index().run(read)
    total = page.total
    return {
        "query": query_shape(page),
        "total": {
            "reports": total.reports,
            "paragraphs": total.paragraphs,
            "occurrences": total.occurrences,
            "hits": total.hits,
        },
        "page": wanted.page,
        "per_page": wanted.per_page,
        "pages": page.pages,
        "index": index_info(page.index),
        "understood": [
            {"text": one.text, "as": one.values, "rest": one.rest, "total": one.total} for one in current_index().understood(read)
        ],
        "facets": {name: [facet_value(c.value, c.count, c.label) for c in counts] for name, counts in page.facets.items()},
        "hits": [hit_shape(hit) for hit in page.hits],
        "links": {
            **paged_links(SEARCH, wanted, page.pages),
            "html": f"/?{write_args(wanted, defaults={'collapse': True}, facets=(), page=wanted.page)}",
        },
    }


@bp.get(f"/search.{tables.FORM}")
def search_table(form: str) -> Response:
    """Every hit; equal passages become one hit only with `collapse`."""
    wanted = read_request(request.args)
    asked = Inquiry.of(wanted, f"/?{write_args(wanted, defaults={'collapse': True}, facets=(), page=1, per_page=20)}")
    columns: list[Column[Hit]] = [
        *tables.of_report(lambda hit: hit.report),
        Column(_("位置"), lambda hit: " ".join(section.text for section in hit.section)),
        *tables.of_passage(lambda hit: hit.passage),
        Column(_("项"), lambda hit: hit.item),
        Column(_("原文"), lambda hit: hit.text),
        Column(_("处数"), lambda hit: len(hit.matches)),
        Column(_("相同的另有"), lambda hit: hit.same),
        Column(_("句子另见单位"), lambda hit: hit.also.units if hit.also else None),
        Column(_("句子另见报告"), lambda hit: hit.also.reports if hit.also else None),
        *_where(lambda hit: (hit.report, hit.anchor, hit.passage.page, hit.passage.ocr)),
        Column(_("编号"), lambda hit: hit.id),
    ]
    return tables.reply(Table(_("检索结果"), "results", current_index().hits(wanted), columns, hit_shape, asked), form)


def _where(at: Callable[[Row], tuple[Report, str, int | None, bool]]) -> list[Column[Row]]:
    """The columns with a passage's address and citation; `at` gives its report, anchor, page and whether OCR read it."""
    root, public, day = public_root(), published(""), date.today()

    def url(row: Row) -> str:
        report, anchor, _page, _ocr = at(row)
        return root + passage_url(report.id, anchor)

    def citation(row: Row) -> str:
        report, _anchor, page, ocr = at(row)
        return cite(report, day, url(row) if public else "", cited_page(page, ocr))

    return [Column(_("网址"), url), Column(_("引文"), citation)]


@bp.get("/suggest")
def suggest() -> Response:
    """Completions of what is typed."""
    typed = read_request(request.args, only=["q"]).query
    reply: shapes.Suggestions = {
        "query": {"q": typed},
        "suggestions": [{"q": q, "paragraphs": n} for q, n in current_index().suggest(typed)],
    }
    return jsonify(reply)


@bp.get("/concordance")
def concordance() -> Response:
    """Each occurrence on a line."""
    wanted = read_request(request.args, also=[CONTEXT.name])
    page = current_index().concordance(wanted, read_context(request.args))
    reply: shapes.Concordance = {
        "query": query_shape(page),
        "context": page.context,
        "total": {"occurrences": page.total},
        "page": wanted.page,
        "per_page": wanted.per_page,
        "pages": page.pages,
        "index": index_info(page.index),
        "lines": [_line(line) for line in page.lines],
        "links": paged_links(CONCORDANCE, wanted, page.pages, f"&{CONTEXT.name}={page.context.value}"),
    }
    return jsonify(reply)


@bp.get(f"/concordance.{tables.FORM}")
def concordance_table(form: str) -> Response:
    """Every occurrence, with its report."""
    wanted, context = read_request(request.args, also=[CONTEXT.name]), read_context(request.args)
    suffix = f"&{CONTEXT.name}={context.value}" if context is not Context.NONE else ""
    asked = Inquiry.of(wanted, f"/concordance?{_whole(wanted)}{suffix}")
    columns: list[Column[ConcordanceLine]] = [
        *tables.of_report(lambda line: line.report),
        Column(_("前文"), lambda line: line.before),
        Column(_("检索词"), lambda line: line.match),
        Column(_("后文"), lambda line: line.after),
        *_where(lambda line: (line.report, line.anchor, line.page, line.ocr)),
        Column(_("编号"), lambda line: line.id),
    ]
    return tables.reply(Table(_("逐处列出"), "concordance", current_index().lines(wanted, context), columns, _line, asked), form)


def _line(line: ConcordanceLine) -> shapes.Line:
    return {
        "id": line.id,
        "url": passage_url(line.report.id, line.anchor),
        "report": report_name(line.report),
        "before": line.before,
        "match": line.match,
        "after": line.after,
        "ocr": line.ocr,
    }


@bp.get("/years")
def years() -> Response:
    """How many reports of each year mention a query, and how many are held; only annual reports unless a type is chosen, as on the page."""
    wanted = annual(read_request(request.args))
    reply: shapes.Years = {
        "query": {"q": wanted.query},
        "types": [str(type) for type in wanted.values("type")],
        "years": [_share(share) for share in current_index().years(wanted)],
    }
    return jsonify(reply)


@bp.get(f"/years.{tables.FORM}")
def years_table(form: str) -> Response:
    """Every year."""
    wanted = annual(read_request(request.args)).changed(years=(), year_from=None, year_to=None)
    columns: list[Column[YearShare]] = [
        Column(_("年度"), lambda share: share.year if share.year is not None else name_of("year", None)),
        Column(_("提及"), lambda share: share.mentioning),
        Column(_("已收录"), lambda share: share.held),
        Column(_("未提及"), lambda share: share.held - share.mentioning),
        Column(_("占比"), lambda share: share.mentioning / share.held if share.held else None),
    ]
    asked = Inquiry.of(wanted, f"/years?{_whole(wanted)}")
    return tables.reply(Table(_("年度趋势"), "years", current_index().years(wanted), columns, _share, asked), form)


def _share(share: YearShare) -> shapes.YearShare:
    return {"year": share.year, "mentioning": share.mentioning, "held": share.held}


@bp.get("/reports")
def reports() -> Response:
    """Reports that hold matches, or with `mention=no` those that hold none."""
    wanted = read_request(request.args, also=[MENTION.name])
    mention = read_mention(request.args)
    page = current_index().list_reports(wanted, mention=mention)
    reply: shapes.ReportList = {
        "query": query_shape(page),
        "total": {"reports": page.total},
        "page": wanted.page,
        "per_page": wanted.per_page,
        "pages": page.pages,
        "index": index_info(page.index),
        "reports": [_listed(listed) for listed in page.reports],
        "links": paged_links(REPORTS, wanted, page.pages, "&mention=no" if mention is False else ""),
    }
    return jsonify(reply)


@bp.get(f"/reports.{tables.FORM}")
def reports_table(form: str) -> Response:
    """Every report of the list; with `changed_since`, as lines of JSON, the whole reports that changed."""
    if form == "ndjson" and request.args.get(CHANGED_SINCE.name):
        return changes(request.args)
    wanted, mention = read_request(request.args, also=[MENTION.name]), read_mention(request.args)
    silent = mention is False
    also = {MENTION.name: "no"} if silent else {}
    asked = Inquiry.of(wanted, f"/reports?{_whole(wanted)}{'&mention=no' if silent else ''}", also, [_("未提及")] if silent else [])
    root, public, day = public_root(), published(""), date.today()

    def url(listed: ListedReport) -> str:
        return f"{root}/reports/{quote(listed.report.id)}"

    columns: list[Column[ListedReport]] = [
        *tables.of_report(lambda listed: listed.report),
        Column(name_of("field", "type"), lambda listed: name_of("type", listed.report.type)),
        Column(_("段数"), lambda listed: listed.paragraphs),
        Column(_("处数"), lambda listed: listed.occurrences),
        Column(_("网址"), url),
        Column(_("引文"), lambda listed: cite(listed.report, day, url(listed) if public else "")),
        Column(_("编号"), lambda listed: listed.report.id),
    ]
    listed = current_index().listed(wanted, mention=mention)
    return tables.reply(Table(_("报告清单"), "reports", listed, columns, _listed, asked), form)


def _listed(listed: ListedReport) -> shapes.ListedReport:
    return {**report_info(listed.report), "paragraphs": listed.paragraphs, "occurrences": listed.occurrences}


def _whole(wanted: SearchRequest) -> str:
    """The query string of a view's first page."""
    return write_args(wanted, facets=(), collapse=False, page=1, per_page=20)


@bp.get("/reports/<id>")
def report(id: str) -> Response:
    """One report with its passages."""
    refuse_arguments(request.args)
    found = current_index().report(id)
    novelty = current_index().novelty(found)
    newest, earlier = in_json(found)
    reply: shapes.Report = {
        **report_info(found),
        "newest": newest,
        "earlier": earlier,
        "required": required_shapes(found),
        "sources": rules(sources_of(found.year)),
        "published_on_time": found.published_on_time,
        "own": round(novelty.own, 4),
        "sections": [
            {"level": s.level, "number": s.number, "heading": s.heading, "place": s.anchor, "part": s.part} for s in found.sections
        ],
        "passages": [passage_shape(found, passage) | {"common_sentences": common_spans(novelty, passage)} for passage in found.passages],
    }
    return jsonify(reply)


@bp.get("/paragraphs/<id>")
def paragraph(id: str) -> Response:
    """One passage."""
    refuse_arguments(request.args)
    found, passage = current_index().passage(id)
    reply: shapes.Passage = {**passage_shape(found, passage), "report": report_info(found)}
    return jsonify(reply)


@bp.get("/openapi.json")
def openapi() -> Response:
    """The OpenAPI description; it names a server only if the site has a prefix."""
    prefix = current_app.config["PREFIX"]
    return jsonify({**describe(), "servers": [{"url": prefix}]} if prefix else describe())
