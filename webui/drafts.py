"""文稿检查: what somebody should look at in a draft before it is published, as a page, as JSON and as a Word file; nothing is stored."""

from __future__ import annotations

import io
import re
import tempfile
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, jsonify, make_response, render_template, request, send_file
from markupsafe import Markup
from werkzeug.datastructures import FileStorage, MultiDict

from indexer import (
    FINDING_KINDS,
    LONGEST_REPORT,
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
    commented_draft,
    is_too_long,
    parse_file,
    passage_id,
    read_unit,
    shown_reason,
)
from indexer import gettext as _
from webui.addresses import is_from_here, is_of_another_site
from webui.bodies import expect_files
from webui.costly import costly
from webui.live import current_index
from webui.markup import Span, layered
from webui.replies import forbid_caches

bp = Blueprint("drafts", __name__)

MOST_BYTES = 20_000_000
"""The most bytes of a draft."""
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MOST_IN_PAGE = 1_500_000
"""Bytes of a Word file that the page itself carries: the draft is not stored, so there is no address to fetch it from."""
_BESIDE = 10_000
"""Bytes that a request may have besides the draft."""
_WHOLE = frozenset({"content-missing", "promise-not-met"})
"""Kinds of findings about the whole draft, for which no words are marked."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """A passage on the page."""

    passage: Passage
    html: Markup
    numbers: list[int]
    """The numbers of the findings in the passage, from 1."""


@dataclass(frozen=True, slots=True)
class _Checked:
    """A draft and what was found in it."""

    file: str
    """The name of its file."""
    original: bytes | None
    """The content of the file if it is a .docx."""
    report: Report
    background: Background
    findings: list[Finding]

    def as_docx(self) -> bytes:
        """The draft with the findings as comments."""
        return commented_draft(self.report, self.findings, self.original)

    @property
    def docx_name(self) -> str:
        """The name of the Word file with comments."""
        return _("%(name)s（批注）.docx", name=Path(self.file).stem)


@bp.get("/check")
def form() -> str:
    """The form for a draft, or why there is none."""
    most = {"most": MOST_BYTES // 1_000_000, "longest": LONGEST_REPORT}
    return render_template("check.html", q="", allowed=_may_upload(), kinds=list(FINDING_KINDS), **most)


@bp.post("/check")
def check() -> Response:
    """The draft beside what was found in it, or as a Word file with the findings as comments."""
    wanted = _kinds("kind") or list(FINDING_KINDS)
    checked = _checked([code for code in FINDING_KINDS if code not in wanted])
    with costly().turn():
        docx = checked.as_docx()
    if request.form.get("as") == "docx":
        return forbid_caches(send_file(io.BytesIO(docx), DOCX, as_attachment=True, download_name=checked.docx_name))
    return forbid_caches(
        make_response(
            render_template(
                "check.html",
                q="",
                allowed=True,
                report=checked.report,
                background=checked.background,
                findings=checked.findings,
                passages=_shown(checked.report, checked.findings),
                anchors=[one.passage.partition("~")[2] for one in checked.findings],
                file=checked.file,
                docx_name=checked.docx_name,
                docx=f"data:{DOCX};base64,{b64encode(docx).decode()}" if len(docx) <= _MOST_IN_PAGE else None,
            )
        )
    )


@bp.post("/api/v1/check")
def check_api() -> Response:
    """What was found in a draft, as `draftcheck --json` prints it."""
    checked = _checked(_kinds("without"))
    return forbid_caches(jsonify(checked.background.as_json(checked.file, checked.findings)))


def _kinds(name: str) -> list[str]:
    """The kinds of findings in an argument; an unknown one is refused, or a draft might look clean because it was not checked."""
    codes = _form().getlist(name)
    for code in codes:
        if code not in FINDING_KINDS:
            raise InvalidRequest(Problem(name, "no-value", value=code, name=name))
    return codes


def _form() -> MultiDict[str, str]:
    """The fields that were sent with the draft; aborts with 403, before the body is read, if nobody may send one."""
    if not _may_upload():
        abort(403)
    expect_files(MOST_BYTES, _BESIDE)
    return request.form


def _checked(without: Sequence[str]) -> _Checked:
    """The draft that was sent, checked for all kinds of findings but these."""
    fields, upload = _form(), request.files.get("file")
    if upload is None or not upload.filename:
        raise InvalidRequest(Problem("file", "parameter-needed", name="file"))
    unit, year = _unit(fields.get("unit", "").strip()), _year(fields.get("year", "").strip())
    with costly().turn():
        report, original = _read(upload)
        if is_too_long(report):
            raise InvalidRequest(Problem("file", "draft-too-long", most=LONGEST_REPORT))
        background = _background(report, unit, year)
        return _Checked(upload.filename, original, report, background, check_draft(report, background, without))


def _may_upload() -> bool:
    """Whether this request may send a file: by default only from this machine, and not through a proxy on it.

    A request that a page of another site made its reader's browser send never may.
    """
    uploads: bool | None = current_app.config["UPLOADS"]
    if request.method == "POST" and is_of_another_site(by_any_name=uploads is True):
        return False
    return is_from_here() if uploads is None else uploads


def _read(upload: FileStorage) -> tuple[Report, bytes | None]:
    """The report in an uploaded file, and the content of the file if it is a .docx.

    While it is read the file is in a temporary folder that only this user can open.
    """
    suffix = re.search(r"\.[A-Za-z0-9]{1,8}$", upload.filename or "")
    with tempfile.TemporaryDirectory(prefix="fazhi-draft-") as folder:
        path = Path(folder, f"draft{suffix[0] if suffix else ''}")
        upload.save(path)
        if path.stat().st_size > MOST_BYTES:
            abort(413)
        try:
            report = parse_file(path)
        except RejectedFile as error:
            raise InvalidRequest(Problem("file", "draft-unreadable", reason=shown_reason(error.reason))) from error
        return report, path.read_bytes() if path.suffix.lower() == ".docx" else None


def _background(report: Report, unit: str | None, year: int | None) -> Background:
    """What a draft is checked against; without an index, what the draft itself says."""
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
    """The same characters as spans that ascend and do not overlap."""
    united: list[Span] = []
    for start, end in sorted(spans):
        if united and start <= united[-1][1]:
            united[-1] = united[-1][0], max(end, united[-1][1])
        else:
            united.append((start, end))
    return united
