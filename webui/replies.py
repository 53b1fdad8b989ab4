"""What replies of the API have in common, in the shapes of `shapes`: hits, reports, passages, links from page to page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from flask import Response, g

from indexer import (
    Concordance,
    Content,
    Copies,
    Hit,
    IndexStats,
    Passage,
    Report,
    ReportNovelty,
    ReportPage,
    ResultPage,
    SearchRequest,
    Source,
    as_json,
    passage_id,
)
from webui import shapes
from webui.links import passage_url
from webui.markup import snippet_html
from webui.params import write_args


def query_shape(page: ResultPage | ReportPage | Concordance) -> shapes.Query:
    """How the query of a page was read."""
    return {"q": page.request.query, "mode": page.request.mode, "parsed": page.parsed}


def index_info(index: IndexStats) -> shapes.IndexInfo:
    """The index that a reply was made from."""
    return {"generation": index.generation, "reports": index.reports, "paragraphs": index.passages}


def paged_links(path: str, wanted: SearchRequest, pages: int, suffix: str = "") -> shapes.ListLinks:
    """The addresses of a page, of the pages beside it, and of the whole list as files; `link` repeats those of pages as headers."""

    def url(number: int) -> str:
        return f"{path}?{write_args(wanted, page=number)}{suffix}"

    whole = f"{write_args(wanted, facets=(), page=1, per_page=20)}{suffix}"
    near: shapes.Links = {
        "self": url(wanted.page),
        "next": url(wanted.page + 1) if wanted.page < pages else None,
        "prev": url(min(wanted.page - 1, pages)) if wanted.page > 1 and pages else None,
    }
    ends = {"first": url(1), "last": url(pages)} if pages else {}
    g.links = {relation: target for relation, target in {**near, **ends}.items() if target}
    return {**near, "csv": f"{path}.csv?{whole}", "xlsx": f"{path}.xlsx?{whole}", "ndjson": f"{path}.ndjson?{whole}"}


def link(reply: Response) -> Response:
    """Add the links that `paged_links` made to the reply's headers (RFC 8288)."""
    for relation, target in g.get("links", {}).items():
        reply.headers.add("Link", f'<{target}>; rel="{relation}"')
    return reply


def forbid_caches(reply: Response) -> Response:
    """Forbid caches to keep the reply."""
    reply.headers["Cache-Control"] = "no-store"
    return reply


def facet_value(value: str | int | None, count: int, label: str | None) -> shapes.FacetValue:
    """A value of a facet, with its name if it is a code."""
    return {"value": value, "count": count, "label": label} if label else {"value": value, "count": count}


def years_ascending(counts: Mapping[int | None, int]) -> list[tuple[int | None, int]]:
    """The counts of reported years, ascending, unknown last."""
    return sorted(counts.items(), key=lambda entry: (entry[0] is None, entry[0] or 0))


def hit_shape(hit: Hit) -> shapes.Hit:
    """A hit as every reply has it."""
    return {
        "id": hit.id,
        "url": passage_url(hit.report.id, hit.anchor),
        "report": report_name(hit.report),
        **_fields(hit.passage),
        "item": hit.item,
        "text": hit.text,
        "matches": hit.matches,
        "snippet_html": str(snippet_html(hit.snippet)),
        "score": hit.score,
        "same": hit.same,
        "common": round(hit.common, 4),
        "sentence": hit.sentence,
        "also": also_shape(hit.also) if hit.also else None,
    }


def also_shape(also: Copies) -> shapes.Also:
    """How many other units and reports contain a sentence."""
    return {"units": also.units, "reports": also.reports}


def _fields(passage: Passage) -> dict[str, Any]:
    return {name: as_json(getattr(passage, name)) for name in shapes.OF_PASSAGE}


def report_name(report: Report) -> shapes.ReportName:
    """A report as hits and comparisons name it."""
    return {name: as_json(getattr(report, name)) for name in shapes.BRIEF}


def report_info(report: Report) -> shapes.ReportInfo:
    """A report as lists have it."""
    info = {name: as_json(getattr(report, name)) for name in shapes.LISTED}
    return info | {"url": f"/reports/{quote(report.id)}", "warnings": list(report.warnings)}


def common_spans(novelty: ReportNovelty, passage: Passage) -> list[shapes.CommonSpan]:
    """The common sentences of a passage."""
    return [
        {
            "start": span.start,
            "end": span.end,
            "sentence": span.sentence,
            "also": also_shape(span.also),
        }
        for span in novelty.common.get(passage.anchor, ())
    ]


def passage_shape(report: Report, passage: Passage) -> shapes.PassageText:
    """A passage, whole."""
    return {
        "id": passage_id(report.id, passage.anchor),
        "url": passage_url(report.id, passage.anchor),
        **_fields(passage),
        "part": passage.part,
        "text": passage.text,
        "items": [{"number": item.number, "start": item.start, "end": item.end} for item in passage.items],
    }


def required_shapes(report: Report) -> list[shapes.RequiredContent]:
    """Each content that reports must have, and where a report has it."""
    found = report.contents
    return [
        {
            "code": content,
            "state": "found" if content in found else "not_found",
            "passages": [passage_id(report.id, anchor) for anchor in found.get(content, ())],
        }
        for content in Content
    ]


def rules(sources: Iterable[Source]) -> list[shapes.RequiredBy]:
    """The rules that ask something of annual reports, as JSON."""
    return [
        {
            "asks": one.asks,
            "rule": one.rule,
            "number": one.number,
            "article": one.article,
            "first_year": one.first_year,
            "last_year": one.last_year,
        }
        for one in sources
    ]
