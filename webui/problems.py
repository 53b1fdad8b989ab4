"""Errors to replies: which status, and which text, as a page or as problem+json (RFC 9457)."""

from __future__ import annotations

import json
import logging
from urllib.parse import urlencode

from flask import Flask, Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException

from indexer import N_, ClusterAway, IndexCorrupt, IndexerError, IndexMissing, IndexOutdated, InvalidQuery, NotFound, UserError
from indexer import gettext as _
from webui.access import REQUEST_ID
from webui.costly import TooBusy
from webui.downloads import TooManyDownloads

log = logging.getLogger(__name__)

RETRY_AFTER = 10
"""Seconds after which a client may try again, if the status is 503."""
_TITLES = {
    400: N_("检索条件有误"),
    403: N_("不能上传"),
    404: N_("没有找到"),
    405: N_("只读"),
    413: N_("内容太长"),
    415: N_("读不了这种内容"),
    500: N_("出错了"),
    503: N_("还没有索引"),
}
_DETAILS = {
    403: N_("这台服务器不接受上传。"),
    404: N_("没有这个页面。"),
    405: N_("这里只能读取，请用 GET。"),
    413: N_("送来的内容太长。"),
    415: N_("这里只读 text/plain 或 JSON。"),
}
"""The text, by status, of an error that comes from Flask and not from the library."""


def register(app: Flask) -> None:
    """Turn every error into a reply: problem+json for the API, a page for all else."""
    app.register_error_handler(UserError, _user_error)
    app.register_error_handler(IndexerError, _operator_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(TooManyDownloads, _too_many)
    app.register_error_handler(TooBusy, _too_busy)
    app.register_error_handler(Exception, _unexpected)


def _user_error(error: Exception) -> Response:
    assert isinstance(error, UserError)
    return _reply(404 if isinstance(error, NotFound) else 400, str(error), error)


def _operator_error(error: Exception) -> Response:
    if isinstance(error, IndexMissing | IndexOutdated):
        log.warning("%s", error)
        return _reply(503, _("还没有可用的索引，请先运行 reindex。"))
    log.error("%s", error)
    if isinstance(error, IndexCorrupt):
        current_app.extensions["index"].note_damage(error.detail)
        return _reply(503, _("索引有损坏，请管理员运行 reindex 修复。"), title=_("暂时不能检索"))
    if isinstance(error, ClusterAway):
        return _reply(503, _("检索服务暂时连不上，请稍后再试。"), title=_("暂时不能检索"))
    return _reply(500, _("索引读不出来，请告诉管理员。"))


def _too_many(error: Exception) -> Response:
    return _reply(503, _("同时下载的人太多，请过一会儿再试。"), title=_("暂时不能下载"))


def _too_busy(error: Exception) -> Response:
    return _reply(503, _("同时要算的太多，请过一会儿再试。"), title=_("暂时算不过来"))


def _http_error(error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = error.code or 500
    if code < 400:
        return error.get_response()  # type: ignore[return-value]
    reply = _reply(code, _(_DETAILS.get(code, N_("服务器不接受这样的请求。"))))
    for name, value in error.get_headers(request.environ):
        if name == "Allow":
            reply.headers[name] = value
    return reply


def _unexpected(error: Exception) -> Response:
    log.exception("unexpected error for %r", request.path, extra={"id": request.environ.get(REQUEST_ID)})
    return _reply(500, _("出了意外的错误，已经记下。"))


def _reply(status: int, detail: str, error: UserError | None = None, title: str | None = None) -> Response:
    title = title or _(_TITLES.get(status, _TITLES[500]))
    if request.path.startswith("/api/"):
        body: dict[str, object] = {"type": "about:blank", "title": title, "status": status, "detail": detail}
        if error is not None:
            body["errors"] = [{"param": p.param, "code": p.code, "detail": p.detail, "position": p.position} for p in error.problems]
        reply = Response(json.dumps(body, ensure_ascii=False), status, mimetype="application/problem+json")
    else:
        title = _("检索式有误") if isinstance(error, InvalidQuery) else title
        right = _without_faults(error)
        # The form of a page of results keeps all arguments that were right; that of a page with an id, as a report's, keeps none.
        asks_again = error is not None and not request.view_args
        page = render_template(
            "problem.html",
            title=title,
            detail=detail,
            error=error,
            q=request.args.get("q", ""),
            mended=f"{request.path}?{urlencode(right)}" if right and len(right) < len([*request.args.items(multi=True)]) else None,
            action=request.path if asks_again else "/",
            hidden=[(name, value) for name, value in right if name not in ("q", "page")] if asks_again else [],
        )
        reply = Response(page, status)
    if status == 503:
        reply.headers["Retry-After"] = str(RETRY_AFTER)
    return reply


def _without_faults(error: UserError | None) -> list[tuple[str, str]]:
    """The arguments without those that are wrong."""
    faults = {problem.param for problem in error.problems} if error else set()
    return [(name, value) for name, value in request.args.items(multi=True) if name not in faults]
