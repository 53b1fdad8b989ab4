"""The file that a report was read from, as it was received, as a download; browsers may show a PDF or a picture."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from flask import Blueprint, Response, current_app, render_template, request, url_for

from indexer import N_, Original, Report, original_file
from indexer import gettext as _
from webui.downloads import downloads
from webui.live import LiveIndex, current_index

bp = Blueprint("originals", __name__)

MOST = 50_000_000
"""Bytes; no larger file was ever read."""
_PIECE = 1 << 20


@bp.get("/reports/<id>/original")
def original(id: str) -> Response:
    """The file: a PDF for the browser to open at a page, any other as an attachment for the reader's own programs.

    Where a report consists of several pictures, `page` selects one, by default the first.
    """
    report = current_index().report(id)
    live: LiveIndex = current_app.extensions["index"]
    name = (report.path or report.id).rpartition("/")[2]
    files = _page_files(report)
    if files:
        name = files.get(request.args.get("page", "1"), name)
    media = _SHOWN.get(Path(name).suffix.lower(), "") if files or opens_at_pages(report) else ""
    shown = bool(media)
    media = media or "application/octet-stream"
    try:
        found = original_file(live.location, report.id)
        content = _content(found.page(name) if found and files else found)
        reply = downloads().reply(content, media, name, f"report{Path(name).suffix}", shown=shown)
    except _Gone:
        page = render_template("problem.html", title=_("原文件不在"), detail=_(_GONE), error=None, q=request.args.get("q", ""), mended=None)
        return Response(page, 404)
    if shown:
        # Browsers show the file in an object of their own; nothing in the file can reach outside.
        reply.headers["Content-Security-Policy"] = (
            "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
        )
    return reply


_SHOWN = {".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
"""The media types that browsers show, by file name extension."""


def _page_files(report: Report) -> dict[str, str]:
    """The file name of each page of a report by its number, empty if the report is one file."""
    return {str(page.page): page.file for page in report.ocr.by_page if page.file} if report.ocr else {}


@bp.app_template_global()
def opens_at_pages(report: Report) -> bool:
    """Whether the original can be opened at a page: it was read as a PDF (RFC 8118), or each page is a file."""
    return report.path is not None and (report.format == "pdf" or bool(_page_files(report)))


@bp.app_template_global()
def original_url(report: Report, page: int | None = None) -> str:
    """The address of a report's original, at this page if it can be opened there."""
    if page is not None and str(page) in _page_files(report):
        return url_for("originals.original", id=report.id, page=page)
    anchor = f"page={page}" if page is not None and opens_at_pages(report) else None
    return url_for("originals.original", id=report.id, _anchor=anchor)


_GONE = N_("原来的文件已经移走、改动过，或者不在这台服务器上；网页上的文字是收录时读出的。")


class _Gone(Exception):
    """The file is gone, or has changed."""


def _content(original: Original | None) -> Iterator[bytes]:
    """The bytes that were read when the report was taken in.

    Raises:
        _Gone: The file is gone or too large, or its bytes have changed.
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
