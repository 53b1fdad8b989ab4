"""The file that a report was read from, as it was received, to keep; a PDF or one of several pictures may be shown in a browser."""

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

    Of a report that is made of several pictures `page` names the one that is wanted, the first without it.
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
        # Browsers show it with an object of their own; what is in it reaches nothing outside.
        reply.headers["Content-Security-Policy"] = (
            "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
        )
    return reply


_SHOWN = {".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
"""What browsers show by themselves, by the end of its name."""


def _page_files(report: Report) -> dict[str, str]:
    """The names of the files of a report's pages by their numbers, none where it is one file."""
    return {str(page.page): page.file for page in report.ocr.by_page if page.file} if report.ocr else {}


@bp.app_template_global()
def opens_at_pages(report: Report) -> bool:
    """Whether the original can be opened at a page: a PDF that was read as one (RFC 8118), or pages of a file each."""
    return report.path is not None and (report.format == "pdf" or bool(_page_files(report)))


@bp.app_template_global()
def original_url(report: Report, page: int | None = None) -> str:
    """The address of a report's original, at this page where it can be opened there."""
    if page is not None and str(page) in _page_files(report):
        return url_for("originals.original", id=report.id, page=page)
    anchor = f"page={page}" if page is not None and opens_at_pages(report) else None
    return url_for("originals.original", id=report.id, _anchor=anchor)


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
