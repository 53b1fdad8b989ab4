"""The JSON API: the same calls as the pages, in the shapes of the contract."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, g, jsonify, request

from indexer import Concordance, Hit, Passage, Report, ReportPage, ResultPage, SearchRequest, as_json, passage_id
from webui import shapes
from webui.links import passage_url
from webui.live import current_index
from webui.markup import snippet_html
from webui.openapi import describe
from webui.params import CONTEXT, MENTION, read_context, read_mention, read_request, refuse_arguments, write_args

bp = Blueprint("api", __name__, url_prefix="/api/v1")

SEARCH, REPORTS, CONCORDANCE = "/api/v1/search", "/api/v1/reports", "/api/v1/concordance"


@bp.get("/search")
def search() -> Response:
    """Passages that match."""
    wanted = read_request(request.args)
    page = current_index().run(wanted)
    total = page.total
    whole = write_args(wanted, facets=(), page=1, per_page=20)
    reply: shapes.SearchResult = {
        "query": _query(page),
        "total": {
            "reports": total.reports,
            "paragraphs": total.paragraphs,
            "occurrences": total.occurrences,
            "hits": total.hits,
        },
        "page": wanted.page,
        "per_page": wanted.per_page,
        "pages": page.pages,
        "index": _index(page),
        "facets": {name: [_facet_value(c.value, c.count, c.label) for c in counts] for name, counts in page.facets.items()},
        "hits": [hit_shape(hit) for hit in page.hits],
        "links": {
            **_links(SEARCH, wanted, page.pages),
            "html": f"/?{write_args(wanted, defaults={'collapse': True}, facets=(), page=wanted.page)}",
            "csv": f"{SEARCH}.csv?{whole}",
            "ndjson": f"{SEARCH}.ndjson?{whole}",
        },
    }
    return jsonify(reply)


@bp.get("/suggest")
def suggest() -> Response:
    """How what is typed may go on."""
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
        "query": _query(page),
        "context": page.context,
        "total": {"occurrences": page.total},
        "page": wanted.page,
        "per_page": wanted.per_page,
        "pages": page.pages,
        "index": _index(page),
        "lines": [
            {
                "id": line.id,
                "url": passage_url(line.report.id, line.anchor),
                "report": _name(line.report),
                "before": line.before,
                "match": line.match,
                "after": line.after,
            }
            for line in page.lines
        ],
        "links": _links(CONCORDANCE, wanted, page.pages, f"&{CONTEXT.name}={page.context.value}"),
    }
    return jsonify(reply)


@bp.get("/years")
def years() -> Response:
    """How many reports of each year mention a query, of how many held."""
    wanted = read_request(request.args)
    reply: shapes.Years = {
        "query": {"q": wanted.query},
        "years": [{"year": s.year, "mentioning": s.mentioning, "held": s.held} for s in current_index().years(wanted)],
    }
    return jsonify(reply)


@bp.get("/reports")
def reports() -> Response:
    """Reports that hold matches, or with `mention=no` those that hold none."""
    wanted = read_request(request.args, also=[MENTION.name])
    mention = read_mention(request.args)
    page = current_index().list_reports(wanted, mention=mention)
    reply: shapes.ReportList = {
        "query": _query(page),
        "total": {"reports": page.total},
        "page": wanted.page,
        "per_page": wanted.per_page,
        "pages": page.pages,
        "index": _index(page),
        "reports": [
            {**_info(listed.report), "paragraphs": listed.paragraphs, "occurrences": listed.occurrences} for listed in page.reports
        ],
        "links": _links(REPORTS, wanted, page.pages, "&mention=no" if mention is False else ""),
    }
    return jsonify(reply)


@bp.get("/reports/<id>")
def report(id: str) -> Response:
    """One report with its passages."""
    refuse_arguments(request.args)
    found = current_index().report(id)
    reply: shapes.Report = {
        **_info(found),
        "sections": [
            {"level": s.level, "number": s.number, "heading": s.heading, "place": s.anchor, "part": s.part} for s in found.sections
        ],
        "passages": [_passage(found, passage) for passage in found.passages],
    }
    return jsonify(reply)


@bp.get("/paragraphs/<id>")
def paragraph(id: str) -> Response:
    """One passage."""
    refuse_arguments(request.args)
    found, passage = current_index().passage(id)
    reply: shapes.Passage = {**_passage(found, passage), "report": _info(found)}
    return jsonify(reply)


@bp.get("/openapi.json")
def openapi() -> Response:
    """What this API is."""
    return jsonify(describe())


def _query(page: ResultPage | ReportPage | Concordance) -> shapes.Query:
    return {"q": page.request.query, "mode": page.request.mode, "parsed": page.parsed}


def _index(page: ResultPage | ReportPage | Concordance) -> shapes.IndexInfo:
    return {"generation": page.index.generation, "reports": page.index.reports, "paragraphs": page.index.passages}


def _links(path: str, wanted: SearchRequest, pages: int, suffix: str = "") -> shapes.Links:
    def url(number: int) -> str:
        return f"{path}?{write_args(wanted, page=number)}{suffix}"

    links: shapes.Links = {
        "self": url(wanted.page),
        "next": url(wanted.page + 1) if wanted.page < pages else None,
        "prev": url(min(wanted.page - 1, pages)) if wanted.page > 1 and pages else None,
    }
    ends = {"first": url(1), "last": url(pages)} if pages else {}
    g.links = {relation: target for relation, target in {**links, **ends}.items() if target}
    return links


@bp.after_request
def link(reply: Response) -> Response:
    """The links of a reply in its head too (RFC 8288)."""
    for relation, target in g.get("links", {}).items():
        reply.headers.add("Link", f'<{target}>; rel="{relation}"')
    return reply


def _facet_value(value: str | int | None, count: int, label: str | None) -> shapes.FacetValue:
    return {"value": value, "count": count, "label": label} if label else {"value": value, "count": count}


def hit_shape(hit: Hit) -> shapes.Hit:
    """A hit as every reply has it."""
    return {
        "id": hit.id,
        "url": passage_url(hit.report.id, hit.anchor),
        "report": _name(hit.report),
        **_fields(hit.passage),
        "item": hit.item,
        "text": hit.text,
        "matches": hit.matches,
        "snippet_html": str(snippet_html(hit.snippet)),
        "score": hit.score,
        "same": hit.same,
    }


def _fields(passage: Passage) -> dict[str, Any]:
    return {name: as_json(getattr(passage, name)) for name in shapes.OF_PASSAGE}


def _name(report: Report) -> shapes.ReportName:
    return {name: as_json(getattr(report, name)) for name in shapes.BRIEF}


def _info(report: Report) -> shapes.ReportInfo:
    info = {name: as_json(getattr(report, name)) for name in shapes.LISTED}
    return info | {"url": f"/reports/{quote(report.id)}", "warnings": list(report.warnings)}


def _passage(report: Report, passage: Passage) -> shapes.PassageText:
    return {
        "id": passage_id(report.id, passage.anchor),
        "url": passage_url(report.id, passage.anchor),
        **_fields(passage),
        "part": passage.part,
        "text": passage.text,
        "items": [{"number": item.number, "start": item.start, "end": item.end} for item in passage.items],
    }
