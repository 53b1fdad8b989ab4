"""订阅: what is new as an Atom feed (RFC 4287): passages that match a query, or without one the reports that are new or were corrected."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, render_template, request

from indexer import Hit, Report, SearchRequest, name_of, texts
from indexer import gettext as _
from webui.addresses import public_root
from webui.links import chips, passage_url
from webui.live import current_index
from webui.params import FILTERING, read_request, write_args
from webui.texts import as_asked

bp = Blueprint("feed", __name__)

MEDIA = "application/atom+xml"
MOST = 100
"""Entries of a feed."""
UNKNOWN_TIME = "1970-01-01T00:00:00Z"
"""The time of entries that have none in the index; Atom requires one."""
_ARGUMENTS = ("q", "mode", *FILTERING)
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, even escaped."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a feed."""

    id: str
    title: str
    text: str
    url: str
    added: str
    changed: str
    author: str


@bp.get("/feed.atom")
def feed() -> Response:
    """The feed, newest first; what was held before does not appear again when the index is built anew."""
    wanted = read_request(request.args, only=_ARGUMENTS)
    index = current_index()
    if wanted.query.strip():
        entries = [_of_passage(hit) for hit in index.newest(wanted, MOST)]
        title = _("%(query)s 的新段落", query=wanted.query)
    else:
        entries = [_of_report(report) for report in index.latest(wanted, MOST)]
        title = _("新收录和更正的报告")
    arguments = _arguments(wanted)
    page = render_template(
        "feed.xml",
        id=f"urn:fazhi-search:feed:{_escaped(arguments)}",
        title=_clean(texts.joined([title, *(chip.text for chip in chips(wanted, {}))])),
        itself=as_asked(feed_url(wanted)),
        html=f"{'/' if wanted.query.strip() else '/reports'}{arguments and '?'}{arguments}",
        updated=max((entry.changed for entry in entries), default=UNKNOWN_TIME),
        site=_("法治政府建设报告检索"),
        entries=entries,
        root=public_root(),
    )
    return Response(page, content_type=f"{MEDIA}; charset=utf-8")


@bp.app_template_global()
def feed_url(wanted: SearchRequest | None = None) -> str:
    """The path of a request's feed, or of the feed of the whole corpus."""
    arguments = _arguments(wanted) if wanted else ""
    return f"/feed.atom{arguments and '?'}{arguments}"


def _arguments(wanted: SearchRequest) -> str:
    """The query string of a feed: a request's query and filters."""
    plain = SearchRequest(wanted.query if wanted.query.strip() else "")
    changes: Mapping[str, Any] = {"mode": plain.mode} if not plain.query else {}
    return write_args(wanted, sort=plain.sort, page=1, per_page=20, facets=(), collapse=False, same=None, query=plain.query, **changes)


def _of_passage(hit: Hit) -> Entry:
    report = hit.report
    return Entry(
        f"urn:fazhi-search:passage:{_escaped(hit.id)}",
        _clean(" ".join(filter(None, (report.title, *(section.text for section in hit.section[-1:]))))),
        _clean(hit.text),
        passage_url(report.id, hit.anchor),
        report.added or UNKNOWN_TIME,
        report.changed or UNKNOWN_TIME,
        _author(report),
    )


def _of_report(report: Report) -> Entry:
    known = [name_of("year", report.year), report.issuer, "".join(report.region.path) if report.region else None]
    # The entry of a corrected report keeps its id, with a later `updated`.
    corrected = report.changed != report.added
    return Entry(
        f"urn:fazhi-search:report:{_escaped(report.id)}",
        _clean(_("%(title)s（更正）", title=report.title) if corrected else report.title),
        _clean(texts.joined([str(one) for one in known if one])),
        f"/reports/{quote(report.id)}",
        report.added or UNKNOWN_TIME,
        report.changed or UNKNOWN_TIME,
        _author(report),
    )


def _author(report: Report) -> str:
    return _clean(report.issuer or "") or _("未标明")


def _escaped(text: str) -> str:
    """A text as part of a URN: letters, digits, `.`, `-` and `_` stay, all else is percent-encoded."""
    return quote(text, safe="").replace("~", "%7E")


def _clean(text: str) -> str:
    return _NO_XML.sub("", text)
