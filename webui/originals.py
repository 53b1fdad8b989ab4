"""The file that a report was read from, as it was received: to keep, never to be shown by this server."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from flask import Blueprint, Response, current_app, render_template, request

from indexer import N_, Original, original_file
from indexer import gettext as _
from webui.downloads import downloads
from webui.live import LiveIndex, current_index

bp = Blueprint("originals", __name__)

MOST = 50_000_000
"""Bytes; no larger file was ever read."""
_PIECE = 1 << 20


@bp.get("/reports/<id>/original")
def original(id: str) -> Response:
    """The file, as an attachment; what it is, is for the reader's own programs to find out."""
    report = current_index().report(id)
    live: LiveIndex = current_app.extensions["index"]
    name = (report.path or report.id).rpartition("/")[2]
    try:
        return downloads().reply(
            _content(original_file(live.location, report.id)), "application/octet-stream", name, f"report{Path(name).suffix}"
        )
    except _Gone:
        page = render_template("problem.html", title=_("原文件不在"), detail=_(_GONE), error=None, q=request.args.get("q", ""), mended=None)
        return Response(page, 404)


_GONE = N_("原来的文件已经移走、改动过，或者不在这台服务器上；网页上的文字是收录时读出的。")


class _Gone(Exception):
    """The file is away, or another one by now."""


def _content(original: Original | None) -> Iterator[bytes]:
    """The bytes that were read when the report was taken in.

    Raises:
        _Gone: They are no longer there.
    """
    if original is None or not original.is_there():
        raise _Gone
    digest = hashlib.sha256()
    try:
        with original.path.open("rb") as file:
            while file.tell() <= MOST and (piece := file.read(_PIECE)):
                digest.update(piece)
                yield piece
    except OSError as error:
        raise _Gone from error
    if digest.hexdigest() != original.sha256:
        raise _Gone
