"""The main pages: read the arguments, call `indexer`, render a template."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import quote

from flask import Blueprint, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from indexer import (
    STANDARD_PARTS,
    Context,
    Mode,
    Report,
    ReportType,
    SearchRequest,
    Sort,
    name_of,
    texts,
)
from webui.addresses import published
from webui.citation import cite, cited_page
from webui.costly import costly
from webui.facets import facet_values
from webui.facts import facts
from webui.frame import FACETS, FIND, frame, trend
from webui.hits import hits_html, trend_html
from webui.links import cleared, named, page_links, place_path, unit_name, whose
from webui.live import current_index
from webui.markup import passage_html
from webui.params import COMMON, CONTEXT, HIT, MENTION, read_context, read_mention, read_one, read_request, write_args
from webui.reading import paragraphs, reading_of
from webui.remarks import corrected_fields, doubtful_fields
from webui.statistics import named_series

bp = Blueprint("pages", __name__)
bp.add_app_template_global(write_args, "args")
bp.add_app_template_global(named)
bp.add_app_template_global(facet_values)
bp.add_app_template_global(place_path)
bp.add_app_template_global(unit_name)
bp.add_app_template_global(whose)

PAGE_DEFAULTS: dict[str, Any] = {"collapse": True}
"""On the page equal passages are one hit by default."""


@bp.app_template_global()
def today() -> date:
    """The day of access that a citation and a printed page give."""
    return date.today()


@bp.app_template_global()
def search_url(wanted: SearchRequest, **changes: Any) -> str:
    """The address of a page of results."""
    return f"/?{write_args(wanted, defaults=PAGE_DEFAULTS, **changes)}"


@bp.get("/")
def index() -> str | BaseResponse:
    """Home, or results."""
    if not request.args:
        return render_template("home.html", stats=current_index().stats, q="")
    wanted = read_request(request.args, also=["also", FIND.name], defaults=PAGE_DEFAULTS | {"facets": FACETS})
    index = current_index()
    if also := request.args.getlist("also"):
        return redirect(search_url(replace(wanted, facets=()), query=index.widened(wanted, also), mode=Mode.EXACT))
    if not wanted.query.strip() and not wanted.has_filter:
        return redirect(url_for("pages.index"))
    with costly().page(wanted.per_page):
        return _results(wanted)


def _results(wanted: SearchRequest) -> str:
    """The page of results, or if nothing was found the page that says what to do."""
    index = current_index()
    read = index.read(wanted)
    page = index.run(read)
    shown = replace(wanted, facets=())

    def url(**changes: Any) -> str:
        return search_url(shown, **changes)

    around = frame(read, url, page.facets)
    if not page.total.paragraphs:
        return render_template(
            "none.html",
            understood=index.understood(read),
            beside=named_series(shown),
            synonyms=index.synonyms(read),
            q=wanted.query,
            wanted=shown,
            frame=around,
            page=page,
            explained=index.explain(read),
            cleared=cleared,
        )
    return render_template(
        "results.html",
        q=wanted.query,
        wanted=shown,
        page=page,
        frame=around,
        trend=trend_html(trend(read), url),
        pages=page_links(page.page, page.pages),
        page_url=lambda number: search_url(shown, page=number),
        sorts=list(Sort),
        hits=hits_html(page, index.around(page.hits), _marking(wanted), url),
        understood=index.understood(read),
        beside=named_series(shown),
        synonyms=index.synonyms(read),
    )


@bp.app_template_global()
def reports_url(wanted: SearchRequest, mention: bool | None = None, **changes: Any) -> str:
    """The address of the reports that mention a query, or with `mention` False of those that do not."""
    args = write_args(replace(wanted, collapse=False, facets=()), **changes)
    return f"/reports?{args}{'&mention=no' if mention is False else ''}"


@bp.get("/reports")
def reports() -> str:
    """The reports that mention the query, how often, and those that do not."""
    wanted = read_request(request.args, also=[MENTION.name, FIND.name])
    mention = read_mention(request.args)
    index = current_index()
    read = index.read(wanted)
    page = index.list_reports(read, mention=mention)
    mentioning = silent = page.total
    if wanted.query.strip():
        other = index.list_reports(read.on_page(1, 1), mention=None if mention is False else False).total
        mentioning, silent = (other, page.total) if mention is False else (page.total, other)
    return render_template(
        "reports.html",
        q=wanted.query,
        marking=_marking(wanted),
        wanted=wanted,
        mention=mention,
        page=page,
        mentioning=mentioning,
        silent=silent,
        frame=frame(read, lambda **changes: reports_url(wanted, mention, **changes), counts=_counted(wanted, mention)),
        sorts=list(Sort),
        pages=page_links(wanted.page, page.pages),
        page_url=lambda number: reports_url(wanted, mention, page=number),
    )


def _counted(wanted: SearchRequest, mention: bool | None) -> str:
    """What the filters of a list of reports count (`Frame.counts`): empty if the list has the reports that do not match."""
    return "" if mention is False else "passages" if wanted.query.strip() else "reports"


def _marking(wanted: SearchRequest) -> dict[str, Any]:
    """The arguments that mark the query in a report."""
    return {"q": wanted.query or None, "mode": wanted.mode.value if wanted.mode is not Mode.EXACT else None}


@bp.get("/concordance")
def concordance() -> str:
    """Each occurrence on a line, sortable by the text before or after it."""
    wanted = read_request(request.args, also=[CONTEXT.name, FIND.name], defaults={"per_page": 100})
    context = read_context(request.args)
    page = current_index().concordance(wanted, context)

    def address(order: Context = context, **changes: Any) -> str:
        return f"/concordance?{write_args(wanted, defaults={'per_page': 100}, **changes)}&{CONTEXT.name}={order.value}"

    return render_template(
        "concordance.html",
        q=wanted.query,
        wanted=wanted,
        page=page,
        marking=_marking(wanted),
        frame=frame(current_index().read(wanted), address),
        address=address,
        orders=list(Context),
        pages=page_links(wanted.page, page.pages),
        page_url=lambda number: address(page=number),
    )


@bp.get("/reports/<id>")
def report(id: str) -> str:
    """One report with the matches of `q` marked; `hit` is the number of the current one."""
    wanted = read_request(request.args, only=["q", "mode"], also=[HIT.name, COMMON.name])
    now, chosen = read_one(HIT, request.args), read_one(COMMON, request.args)
    reading = reading_of(id)
    found, novelty = reading.report, reading.novelty
    marks = current_index().matches(wanted, found.passages, reading.folded)
    counts: Counter[str] = Counter()
    html, first, at = {}, 1, None
    quiet = {} if chosen else {anchor: [(span.start, span.end) for span in spans] for anchor, spans in novelty.common.items()}
    for passage in found.passages:
        spans = marks.get(passage.anchor, [])
        html[passage.anchor] = passage_html(passage, spans, first, now, reading.links[passage.anchor], quiet.get(passage.anchor, ()))
        first += len(spans)
        if now and at is None and now < first:
            at = passage.page
        for section in passage.section:
            counts[section.anchor] += len(spans)
    hits = first - 1
    marking = _marking(wanted) | {COMMON.name: chosen}

    def hit_url(number: int) -> str:
        """The address of a mark; the one after the last is the first."""
        number = (number - 1) % hits + 1
        return url_for("pages.report", id=id, **marking, hit=number, _anchor=f"hit-{number}")

    return render_template(
        "report.html",
        q=wanted.query,
        marking=marking,
        novelty=novelty,
        is_quiet=not chosen,
        report=found,
        title=html["t"],
        paragraphs=paragraphs(found, html, _turned_pages(found), _run_in_sections(found)),
        contents=reading.contents if found.type is ReportType.REPORT else [],
        hits=hits,
        now=now if now and now <= hits else None,
        hit_url=hit_url,
        hits_in=counts,
        others=other_years(found),
        doubts=doubtful_fields(found),
        corrections=corrected_fields(found),
        facts=list(facts(found)),
        citation=cite(found, today(), published(f"/reports/{quote(found.id)}{{anchor}}"), "{page}"),
        cited_page=cited_page,
        ocr_pages=_ranges([page.page for page in found.ocr.by_page]) if found.ocr else "",
        at=at,
    )


def _turned_pages(found: Report) -> set[str]:
    """The anchors of the passages that begin on another page of the original than the last passage before them with a known page."""
    anchors, last = set(), None
    for passage in found.passages:
        if passage.page is not None and passage.page != last:
            anchors.add(passage.anchor)
            last = passage.page
    return anchors


def _ranges(numbers: Sequence[int]) -> str:
    """Ascending numbers for people: 1, 3–5."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return texts.joined([str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs])


def _run_in_sections(found: Report) -> dict[str, list[str]]:
    """The anchors of sections whose heading has no line of its own, by the anchor of their first passage."""
    own = {passage.anchor for passage in found.passages}
    anchors: dict[str, list[str]] = {}
    for passage in found.passages:
        for section in passage.section:
            if section.anchor not in own:
                own.add(section.anchor)
                anchors.setdefault(passage.anchor, []).append(section.anchor)
    return anchors


def other_years(found: Report) -> list[Report]:
    """The annual reports of the same unit on other years, newest first."""
    if found.unit is None:
        return []
    wanted = SearchRequest.of(units=[found.unit.id], types=[ReportType.REPORT], sort=Sort.NEWEST, per_page=100)
    listed = (entry.report for entry in current_index().list_reports(wanted).reports)
    return [report for report in listed if report.id != found.id and report.year != found.year]


@bp.get("/help")
def help_page() -> str:
    """How to search."""
    return render_template("help.html", q="", part_names=tuple(map(_named_part, STANDARD_PARTS)))


def _named_part(part: str) -> str:
    """A standard part as a query names it, followed by its name in the language of the page if that is another."""
    called = name_of("section", part)
    return part if called == part else Markup("<code>{}</code> ({})").format(part, called)
