"""添加报告: upload reports and see how they were understood before they are kept; off unless the operator allows it."""

from __future__ import annotations

import hmac
import logging
import os
import threading
import time
from collections import deque
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, abort, current_app, jsonify, make_response, redirect, render_template, request, url_for

from indexer import (
    BadPath,
    IndexerError,
    InvalidRequest,
    Problem,
    Report,
    ReportType,
    SearchRequest,
    adding,
    name_of,
    renewal_of,
    shown_reason,
    start_renewing,
)
from indexer import gettext as _
from webui.addresses import is_from_here, is_of_another_site
from webui.bodies import expect_files
from webui.costly import costly
from webui.live import LiveIndex, current_index
from webui.replies import forbid_caches
from webui.tokens import LEAST_TOKEN, digest, is_same

log = logging.getLogger(__name__)
bp = Blueprint("adding", __name__)
bp.after_request(forbid_caches)
bp.add_app_template_global(shown_reason, "shown_reason")

COOKIE = "adding"
REMEMBERED = 8 * 3600
"""Seconds for which a browser that sent the token need not send it again."""
MOST_TRIES = 10
"""Wrong tokens that a worker tolerates within a minute, from all senders together."""
STARTS_WITHIN = 60.0
"""Seconds after which an update of the index that shows no sign of having started counts as failed."""
_BESIDE = 100_000
"""Bytes that a request may have besides the files."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the page: one file of a delivery."""

    number: int
    item: adding.Received
    values: dict[str, str]
    """The values of its form fields."""
    held: str | None
    """The id of the report in the index with the same bytes, None if there is none."""
    others: list[Report]
    """The annual reports in the index of the same unit and year."""
    wanted: bool
    """Whether its checkbox is ticked."""


class Gate:
    """Decides who may add reports: whoever has the token, or only this machine if the operator set none."""

    def __init__(self, folder: Path | None, token: str | None) -> None:
        self.folder = folder
        self.has_token = token is not None
        self._digest = digest(token or "")
        self._tries: deque[float] = deque(maxlen=MOST_TRIES)
        self._lock = threading.Lock()

    def corpus(self) -> Path:
        """The corpus folder; aborts with 403 if this request may not add to it."""
        if self.folder is None or not self.is_open():
            abort(403)
        return self.folder

    def is_open(self) -> bool:
        """Whether this request may add reports; a POST from a page of another site never may."""
        if self.folder is None or (request.method == "POST" and is_of_another_site(by_any_name=self.has_token)):
            return False
        return self._is_known() if self.has_token else _is_at_this_machine()

    def enter(self, token: str) -> bool:
        """Whether a token is the right one.

        Raises:
            InvalidRequest: Too many wrong tokens came within the last minute.
        """
        now = time.monotonic()
        with self._lock:
            if len(self._tries) == MOST_TRIES and now - self._tries[0] < 60:
                raise InvalidRequest(Problem("token", "too-many-tries"))
            if hmac.compare_digest(digest(token), self._digest):
                return True
            self._tries.append(now)
        log.warning("a wrong token was sent to /add")
        return False

    def pass_for(self, until: int) -> str:
        """The cookie's value that stands for the token until `until` (seconds since 1970)."""
        return f"{until}.{hmac.new(self._digest, str(until).encode(), 'sha256').hexdigest()}"

    def _is_known(self) -> bool:
        authorization = request.authorization
        if authorization is not None and authorization.type == "bearer":
            try:
                return self.enter(authorization.token or "")
            except InvalidRequest:
                return False
        shown = request.cookies.get(COOKIE, "")
        until = shown.partition(".")[0]
        if not (until.isascii() and until.isdecimal() and len(until) < 12 and int(until) > time.time()):
            return False
        return is_same(shown, self.pass_for(int(until)))


def _is_at_this_machine() -> bool:
    """Whether a program on this machine sent the request, and its Host is localhost or a loopback address.

    A proxy on this machine mostly passes on the Host it was asked for, so its requests do not count as local.
    """
    name = urlsplit(f"//{request.host}").hostname or ""
    try:
        return is_from_here() and (name == "localhost" or ip_address(name).is_loopback)
    except ValueError:
        return False


def register(app: Flask, folder: Path | None, token: str | None) -> None:
    """Add the pages for adding reports to this folder; if it is None the pages say that adding is off.

    Raises:
        BadPath: This is no folder or not writable, or the token is too short, or missing on a site that others reach.
    """
    if folder is not None:
        adding.check_corpus(folder)
        if token is None and os.environ.get("FAZHI_PUBLIC_URL"):
            raise BadPath(
                "FAZHI_PUBLIC_URL says that others can reach this site; set --adding-token-file too, or anybody could add reports"
            )
        if token is not None and len(token) < LEAST_TOKEN:
            raise BadPath(f"the token for adding reports has {len(token)} characters; use {LEAST_TOKEN} or more random ones")
    app.extensions["gate"] = Gate(folder, token)
    app.register_blueprint(bp)


def _gate() -> Gate:
    found: Gate = current_app.extensions["gate"]
    return found


@bp.app_template_global()
def may_add() -> bool:
    """Whether to offer the page 添加报告 to whoever sent this request."""
    gate = _gate()
    return gate.folder is not None and (gate.has_token or _is_at_this_machine())


@bp.get("/add")
def form() -> Response:
    """The form for files or for the token, or why neither is offered."""
    return _form(200)


def _form(status: int, error: InvalidRequest | None = None) -> Response:
    gate = _gate()
    state = "form" if gate.is_open() else "token" if gate.folder is not None and gate.has_token else "closed"
    page = render_template(
        "add.html",
        q="",
        state=state,
        error=error,
        most=adding.MOST_FILES,
        most_mb=adding.MOST_BYTES // 1_000_000,
        most_of_file=adding.MOST_OF_FILE // 1_000_000,
    )
    return make_response(page, status)


@bp.post("/add/enter")
def enter() -> Response:
    """Check the token, and set a cookie that stands for it from then on."""
    gate = _gate()
    if gate.folder is None or not gate.has_token or is_of_another_site(by_any_name=True):
        abort(403)
    request.max_content_length = _BESIDE
    try:
        if not gate.enter(request.form.get("token", "")):
            return _form(403, InvalidRequest(Problem("token", "wrong-token")))
    except InvalidRequest as error:
        reply = _form(429, error)
        reply.headers["Retry-After"] = "60"
        return reply
    reply = _to(url_for("adding.form"))
    shown = gate.pass_for(int(time.time()) + REMEMBERED)
    reply.set_cookie(
        COOKIE,
        shown,
        max_age=REMEMBERED,
        path=f"{current_app.config['PREFIX']}/add",
        httponly=True,
        samesite="Strict",
        secure=request.is_secure,
    )
    return reply


@bp.post("/add")
def add() -> Response:
    """Receive and read files, then redirect to the page that shows how they were understood."""
    corpus = _gate().corpus()
    if (request.content_length or 0) > expect_files(adding.MOST_BYTES, _BESIDE):
        return _form(413, InvalidRequest(Problem("files", "files-too-large", most=adding.MOST_BYTES // 1_000_000)))
    files = [(file.filename, file.stream) for file in request.files.getlist("files") if file.filename]
    try:
        if not files:
            raise InvalidRequest(Problem("files", "parameter-needed", name="files"))
        if len(files) > adding.MOST_FILES:
            raise InvalidRequest(Problem("files", "files-too-many", count=len(files), most=adding.MOST_FILES))
        delivery = adding.receive(corpus, files, costly().turn)
    except InvalidRequest as error:
        return _form(400, error)
    except OSError as error:
        return _form(500, _unsaved(error))
    return _to(url_for("adding.delivery", name=delivery.name))


@bp.get("/add/<name>")
def delivery(name: str) -> Response:
    """How a delivery was understood; once it was kept, where its reports are."""
    found = adding.open_delivery(_gate().corpus(), name)
    return _kept(found) if found.kept is not None else _understood(found, 200)


@bp.post("/add/<name>")
def settle(name: str) -> Response:
    """Keep the ticked files of a delivery, or discard all of them."""
    corpus = _gate().corpus()
    request.max_content_length = _BESIDE
    found = adding.open_delivery(corpus, name)
    if request.form.get("do") == "discard":
        adding.throw_away(found)
        return _to(url_for("adding.form"))
    try:
        choices = [
            adding.Choice(
                number, {field: request.form[f"{field}-{number}"] for field in adding.CORRECTABLE if f"{field}-{number}" in request.form}
            )
            for number in range(len(found.items))
            if f"keep-{number}" in request.form
        ]
        if not choices:
            raise InvalidRequest(Problem("keep", "nothing-chosen"))
        kept = adding.keep(found, choices)
    except InvalidRequest as error:
        return _understood(found, 400, error)
    except (IndexerError, OSError) as error:
        return _understood(found, 500, _unsaved(error))
    for one in kept.kept or ():
        log.info("%s to the corpus: %s", "not added again" if one.same else "added", one.path)
    try:
        start_renewing(corpus, _location())
    except OSError as error:
        log.error("reindex could not be started: %s", error)
    return _to(url_for("adding.delivery", name=name))


@bp.get("/add/<name>/progress")
def progress(name: str) -> Response:
    """The progress of indexing the kept files of a delivery, as JSON."""
    return jsonify(_progress(adding.open_delivery(_gate().corpus(), name)))


def _understood(found: adding.Delivery, status: int, error: InvalidRequest | None = None) -> Response:
    held = adding.held_by_content(_location(), [item.sha256 for item in found.items])
    rows = [_row(number, item, held) for number, item in enumerate(found.items)]
    return make_response(render_template("added.html", q="", delivery=found, rows=rows, error=error), status)


def _row(number: int, item: adding.Received, held: dict[str, str]) -> _Row:
    report = item.report
    sent = request.method == "POST"
    values = {}
    others: list[Report] = []
    if report is not None:
        read = {"title": report.title, "year": str(report.year or ""), "unit": adding.called_unit(report)}
        values = {name: request.form.get(f"{name}-{number}", value) if sent else value for name, value in read.items()}
        others = _of_same_year(report)
    known = held.get(item.sha256)
    wanted = f"keep-{number}" in request.form if sent else report is not None and known is None
    return _Row(number, item, values, known, others, wanted)


def _of_same_year(report: Report) -> list[Report]:
    """The annual reports that the index holds of the same unit and year."""
    if report.unit is None or report.year is None or report.type is not ReportType.REPORT:
        return []
    try:
        return list(current_index().reports(SearchRequest.of(units=[report.unit.id], years=[report.year], types=[ReportType.REPORT])))
    except IndexerError:
        # There is no index yet, or it cannot be read.
        return []


def _kept(found: adding.Delivery) -> Response:
    state = _progress(found)
    paths = {one.number: found.corpus / one.path for one in found.kept or ()}
    over = state["state"] in ("done", "failed")
    ids = adding.held_by_path(_location(), paths.values()) if over else {}
    rejected = dict(renewal_of(found.corpus).rejected) if over else {}
    rows = [
        (
            one,
            found.items[one.number],
            ids.get(paths[one.number]),
            next((shown_reason(why) for key, why in rejected.items() if key.endswith("/" + one.path)), None),
            tuple(name_of("field", field) for field in one.right),
        )
        for one in found.kept or ()
    ]
    return make_response(render_template("added.html", q="", delivery=found, kept=rows, progress=state, over=over))


def _progress(found: adding.Delivery) -> dict[str, Any]:
    """The state of the index's update ("waiting", "reading", "done" or "failed"), its text for the page, and the files read and in all."""
    run = renewal_of(found.corpus)
    state, text = "waiting", _("正在等待更新索引…")
    if run.started >= found.kept_at > 0:
        if run.failed:
            state, text = "failed", _("索引没有更新成功。文件已经保存，请管理员运行 reindex。")
        elif run.is_over:
            state, text = "done", _("索引已经更新。")
        else:
            state = "reading"
            text = _("正在更新索引：已读 %(read)s / %(total)s 个文件", read=run.read, total=run.total) if run.total else _("正在更新索引…")
    elif run.is_over and time.time() - found.kept_at > STARTS_WITHIN:
        state, text = "failed", _("索引没有更新成功。文件已经保存，请管理员运行 reindex。")
    return {"state": state, "text": text, "read": run.read, "total": run.total}


def _unsaved(error: Exception) -> InvalidRequest:
    log.error("nothing was added: %s", error)
    reason = (error.strerror or type(error).__name__) if isinstance(error, OSError) else str(error)
    return InvalidRequest(Problem("files", "not-saved", reason=reason))


def _location() -> str:
    live: LiveIndex = current_app.extensions["index"]
    return live.location


def _to(address: str) -> Response:
    reply = redirect(address, 303)
    assert isinstance(reply, Response)
    return reply
