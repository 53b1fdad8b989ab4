"""The JSON API: the same calls as the pages, in the shapes of the contract."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, jsonify, request

from indexer import Concordance, Hit, InvalidRequest, ListedReport, Passage, Problem, Report, ReportPage, ResultPage, SearchRequest, Section
from webui.live import current_index
from webui.markup import snippet_html
from webui.openapi import describe
from webui.params import CONTEXT, read_context, read_request, write_args

bp = Blueprint("api", __name__, url_prefix="/api/v1")

SEARCH, REPORTS, CONCORDANCE = "/api/v1/search", "/api/v1/reports", "/api/v1/concordance"


@bp.get("/search")
def search() -> Response:
    """Passages that match."""
    wanted = read_request(request.args)
    page = current_index().run(wanted)
    return jsonify(
        {
            "query": {"q": wanted.query, "mode": wanted.mode.value, "parsed": page.parsed},
            "total": {
                "reports": page.total.reports,
                "paragraphs": page.total.paragraphs,
                "occurrences": page.total.occurrences,
                "hits": page.total.hits,
            },
            **_paging(wanted, page.pages),
            "index": _index(page),
            "facets": {
                name: [{"value": c.value, "count": c.count} | ({"label": c.label} if c.label else {}) for c in counts]
                for name, counts in page.facets.items()
            },
            "hits": [_hit(hit) for hit in page.hits],
            "links": _links(SEARCH, wanted, page.pages) | {"html": f"/?{write_args(wanted, defaults={'collapse': True})}", "csv": None},
        }
    )


@bp.get("/suggest")
def suggest() -> Response:
    """How what is typed may go on."""
    typed = read_request(request.args).query
    return jsonify({"query": {"q": typed}, "suggestions": [{"q": q, "paragraphs": n} for q, n in current_index().suggest(typed)]})


@bp.get("/concordance")
def concordance() -> Response:
    """Each occurrence on a line."""
    wanted = read_request(request.args, also=[CONTEXT.name])
    page = current_index().concordance(wanted, read_context(request.args))
    suffix = f"&{CONTEXT.name}={page.context.value}"
    return jsonify(
        {
            "query": {"q": wanted.query, "mode": wanted.mode.value, "parsed": page.parsed},
            "total": {"occurrences": page.total},
            **_paging(wanted, page.pages),
            "index": _index(page),
            "lines": [
                {
                    "id": line.id,
                    "url": passage_url(line.report.id, line.place),
                    "report": _short(line.report),
                    "before": line.before,
                    "match": line.match,
                    "after": line.after,
                }
                for line in page.lines
            ],
            "links": {name: url + suffix if url else None for name, url in _links(CONCORDANCE, wanted, page.pages).items()},
        }
    )


@bp.get("/reports")
def reports() -> Response:
    """Reports that hold matches, or with `mention=no` those that hold none."""
    wanted = read_request(request.args, also=["mention"])
    mention = _mention(request.args.get("mention"))
    page = current_index().list_reports(wanted, mention=mention)
    suffix = "&mention=no" if mention is False else ""
    return jsonify(
        {
            "query": {"q": wanted.query, "mode": wanted.mode.value, "parsed": page.parsed},
            "total": {"reports": page.total},
            **_paging(wanted, page.pages),
            "index": _index(page),
            "reports": [_listed(listed) for listed in page.reports],
            "links": {name: url + suffix if url else None for name, url in _links(REPORTS, wanted, page.pages).items()},
        }
    )


@bp.get("/reports/<id>")
def report(id: str) -> Response:
    """One report with its passages."""
    found = current_index().report(id)
    return jsonify(
        _described(found)
        | {
            "sections": [
                {"level": s.level, "number": s.number, "heading": s.heading, "place": s.place, "part": s.part} for s in found.sections
            ],
            "passages": [_passage(found, passage) for passage in found.passages],
        }
    )


@bp.get("/paragraphs/<id>")
def paragraph(id: str) -> Response:
    """One passage."""
    found, passage = current_index().passage(id)
    return jsonify(_passage(found, passage) | {"report": _described(found)})


@bp.get("/openapi.json")
def openapi() -> Response:
    """What this API is."""
    return jsonify(describe())


def _mention(text: str | None) -> bool | None:
    if text in (None, ""):
        return None
    if text != "no":
        raise InvalidRequest(Problem("mention", f"mention 只能是 no，不能是“{text}”"))
    return False


def _paging(wanted: SearchRequest, pages: int) -> dict[str, int]:
    return {"page": wanted.page, "per_page": wanted.per_page, "pages": pages}


def _index(page: ResultPage | ReportPage | Concordance) -> dict[str, object]:
    return {"generation": page.index.generation, "reports": page.index.reports, "paragraphs": page.index.passages}


def _links(path: str, wanted: SearchRequest, pages: int) -> dict[str, str | None]:
    def url(number: int) -> str:
        return f"{path}?{write_args(wanted, page=number)}"

    return {
        "self": url(wanted.page),
        "next": url(wanted.page + 1) if wanted.page < pages else None,
        "prev": url(min(wanted.page - 1, pages)) if wanted.page > 1 and pages else None,
    }


def passage_url(report: str, place: str) -> str:
    """Where a passage is read."""
    return f"/reports/{quote(report)}#{place}"


def _hit(hit: Hit) -> dict[str, object]:
    return {
        "id": hit.id,
        "kind": hit.kind.value,
        "url": passage_url(hit.report.id, hit.place),
        "report": _short(hit.report),
        "section": _path(hit.section),
        "item": hit.item,
        "text": hit.text,
        "matches": hit.matches,
        "snippet_html": str(snippet_html(hit.snippet)),
        "score": hit.score,
        "same": hit.same,
    }


def _path(section: tuple[Section, ...]) -> list[dict[str, str | None]]:
    return [{"number": part.number, "heading": part.heading} for part in section]


def _short(report: Report) -> dict[str, object]:
    return {
        "id": report.id,
        "title": report.title,
        "issuer": report.issuer,
        "region": report.region.as_json() if report.region else None,
        "year": report.year,
        "published": report.published,
    }


def _described(report: Report) -> dict[str, object]:
    plain = ("source", "editor", "doc_number", "path", "encoding", "format", "stale")
    return (
        _short(report)
        | {"url": f"/reports/{quote(report.id)}", "type": report.type.value}
        | {name: getattr(report, name) for name in plain}
        | {"warnings": list(report.warnings)}
    )


def _listed(listed: ListedReport) -> dict[str, object]:
    return _described(listed.report) | {"paragraphs": listed.paragraphs, "occurrences": listed.occurrences}


def _passage(report: Report, passage: Passage) -> dict[str, object]:
    return {
        "id": f"{report.id}~{passage.place}",
        "kind": passage.kind.value,
        "url": passage_url(report.id, passage.place),
        "section": _path(passage.section),
        "part": passage.part,
        "text": passage.text,
        "items": [{"number": item.number, "start": item.start, "end": item.end} for item in passage.items],
    }
