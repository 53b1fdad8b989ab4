"""The file that a report was read from, as it was received: to keep, never to be shown by this server."""

from __future__ import annotations

import hashlib
from pathlib import Path
from urllib.parse import quote

from flask import Blueprint, Response, current_app, render_template, request

from indexer import N_, original_file
from indexer import gettext as _
from webui.live import LiveIndex, current_index

bp = Blueprint("originals", __name__)

MOST = 50_000_000
"""Bytes; no larger file was ever read."""


@bp.get("/reports/<id>/original")
def original(id: str) -> Response:
    """The file, as an attachment; what it is, is for the reader's own programs to find out."""
    report = current_index().report(id)
    live: LiveIndex = current_app.extensions["index"]
    content = _content(original_file(live.location, report.id))
    if content is None:
        page = render_template("problem.html", title=_("原文件不在"), detail=_(_GONE), error=None, q=request.args.get("q", ""), mended=None)
        return Response(page, 404)
    name = quote((report.path or report.id).rpartition("/")[2])
    reply = Response(content, mimetype="application/octet-stream")
    reply.headers["Content-Disposition"] = f"attachment; filename=\"report{Path(name).suffix}\"; filename*=UTF-8''{name}"
    return reply


_GONE = N_("原来的文件已经移走、改动过，或者不在这台服务器上；网页上的文字是收录时读出的。")


def _content(found: tuple[Path, str] | None) -> bytes | None:
    """The bytes that were read when the report was taken in, None where the file is gone or another one by now."""
    if found is None:
        return None
    path, digest = found
    try:
        with path.open("rb") as file:
            content = file.read(MOST + 1)
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == digest else None
