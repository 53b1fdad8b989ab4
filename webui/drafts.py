"""文稿检查: what somebody should look at in a draft before it is published. It is read in the limited worker and never stored."""

from __future__ import annotations

import ipaddress
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, make_response, render_template, request
from markupsafe import Markup
from werkzeug.datastructures import FileStorage

from indexer import (
    FINDING_KINDS,
    Background,
    Finding,
    IndexMissing,
    InvalidRequest,
    NotFound,
    Passage,
    Problem,
    RejectedFile,
    Report,
    check_draft,
    parse_file,
    passage_id,
    read_unit,
)
from webui.addresses import is_of_another_site
from webui.costly import costly
from webui.live import current_index
from webui.markup import Span, layered

bp = Blueprint("drafts", __name__)

MOST_BYTES = 20_000_000
"""Of a draft."""
_BESIDE = 10_000
"""Bytes of a request beside the draft."""
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")
_WHOLE = frozenset({"content-missing", "promise-not-met"})
"""What concerns the whole draft, and is no word of its title."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """A passage on the page."""

    passage: Passage
    html: Markup
    numbers: list[int]
    """Of the findings that stand in it, from 1."""


@bp.get("/check")
def form() -> str:
    """The form for a draft, or why there is none."""
    return render_template("check.html", q="", allowed=_may_upload(), kinds=list(FINDING_KINDS), most=MOST_BYTES // 1_000_000)


@bp.post("/check")
def check() -> Response:
    """The draft beside what was found in it."""
    if not _may_upload():
        abort(403)
    request.max_content_length = MOST_BYTES + _BESIDE
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise InvalidRequest(Problem("file", "parameter-needed", name="file"))
    unit, year = _unit(request.form.get("unit", "").strip()), _year(request.form.get("year", "").strip())
    wanted = set(request.form.getlist("kind")) or set(FINDING_KINDS)
    with costly().turn():
        report = _read(upload)
        background = _background(report, unit, year)
        findings = check_draft(report, background, [code for code in FINDING_KINDS if code not in wanted])
    page = render_template(
        "check.html",
        q="",
        allowed=True,
        report=report,
        background=background,
        findings=findings,
        passages=_shown(report, findings),
        anchors=[one.passage.partition("~")[2] for one in findings],
        file=upload.filename,
    )
    reply = make_response(page)
    # Nobody between here and the reader is to hold a draft.
    reply.headers["Cache-Control"] = "no-store"
    return reply


def _may_upload() -> bool:
    """Whether the operator takes files from whoever asks: by default only from this machine, and not through a proxy on it.

    Never from a page of another site, which its reader's browser would send.
    """
    uploads: bool | None = current_app.config["UPLOADS"]
    if request.method == "POST" and is_of_another_site(by_any_name=uploads is True):
        return False
    if uploads is not None:
        return uploads
    try:
        local = ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
    return local and not any(name in request.headers for name in _FORWARDED)


def _read(upload: FileStorage) -> Report:
    """The report in an uploaded file, which lies in a folder for this user alone while it is read."""
    suffix = re.search(r"\.[A-Za-z0-9]{1,8}$", upload.filename or "")
    with tempfile.TemporaryDirectory(prefix="fazhi-draft-") as folder:
        path = Path(folder, f"draft{suffix[0] if suffix else ''}")
        upload.save(path)
        if path.stat().st_size > MOST_BYTES:
            abort(413)
        try:
            return parse_file(path)
        except RejectedFile as error:
            raise InvalidRequest(Problem("file", "draft-unreadable", reason=error.reason)) from error


def _background(report: Report, unit: str | None, year: int | None) -> Background:
    """What is known beside a draft; without an index what it says itself."""
    try:
        index = current_index()
    except IndexMissing:
        return Background.of(report, read_unit(unit) if unit else None, year)
    try:
        return index.background(report, unit, year)
    except NotFound as error:
        raise InvalidRequest(Problem("unit", "no-value", value=unit or "", name="unit")) from error


def _unit(text: str) -> str | None:
    try:
        return read_unit(text).id if text else None
    except ValueError as error:
        raise InvalidRequest(Problem("unit", "no-value", value=text, name="unit")) from error


def _year(text: str) -> int | None:
    if text and not re.fullmatch("(?:19|20)[0-9]{2}", text):
        raise InvalidRequest(Problem("year", "no-year", value=text))
    return int(text) if text else None


def _shown(report: Report, findings: Sequence[Finding]) -> list[_Shown]:
    by_passage: dict[str, list[tuple[int, Finding]]] = {}
    for number, one in enumerate(findings, 1):
        by_passage.setdefault(one.passage, []).append((number, one))
    shown = []
    for passage in report.passages:
        own = by_passage.get(passage_id(report.id, passage.anchor), [])
        spans = _united([(one.start, one.end) for _, one in own if one.code not in _WHOLE])
        shown.append(_Shown(passage, layered(passage.text, [("mark", spans)]), [number for number, _ in own]))
    return shown


def _united(spans: Sequence[Span]) -> list[Span]:
    """Spans that ascend and do not overlap, over the same characters."""
    united: list[Span] = []
    for start, end in sorted(spans):
        if united and start <= united[-1][1]:
            united[-1] = united[-1][0], max(end, united[-1][1])
        else:
            united.append((start, end))
    return united
