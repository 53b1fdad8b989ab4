"""Reads web archives as browsers save them: a MIME message whose parts are the page and the pages in its frames."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from email import message_from_bytes, policy
from email.errors import CloseBoundaryNotFoundDefect
from email.message import Message

from indexer.loaders.addresses import saved_from
from indexer.loaders.document import Document
from indexer.loaders.encoding import decode
from indexer.loaders.html import document_of
from indexer.remarks import Remark

_PAGES = ("text/html", "application/xhtml+xml")


def load_mhtml(content: bytes) -> Document:
    """The archive's page, with the pages in its frames.

    Raises:
        ValueError: It is not a web archive, or has no readable page, or none with a report.
    """
    message = message_from_bytes(content, policy=policy.compat32)
    if "MIME-Version" not in message and "Content-Type" not in message:
        raise ValueError("it is no web archive: it has no MIME header; name it .html if it is a page")
    parts = [part for part in message.walk() if part.get_content_type() in _PAGES]
    pages = [(part, page) for part in parts if isinstance(page := part.get_payload(decode=True), bytes) and page.strip()]
    if not pages:
        raise ValueError("there is no page in this web archive; save it anew from the browser")
    # RFC 2557: the page is the first part, or the one that `start` or a browser's own header names.
    wanted = _names_of(message)
    main = next((number for number, (part, _) in enumerate(pages) if wanted & _names_of(part)), 0)
    text, encoding = decode(pages[main][1])
    frames: list[tuple[set[str], str]] = []
    for number, (part, page) in enumerate(pages):
        if number != main:
            with suppress(ValueError):  # a frame without readable text is no loss
                frames.append((_names_of(part), decode(page)[0]))
    document = document_of(text, encoding, frames)
    if any(isinstance(defect, CloseBoundaryNotFoundDefect) for part in message.walk() for defect in part.defects):
        document = replace(document, remarks=[*document.remarks, Remark("file-cut-short")])
    return saved_from(replace(document, format="mhtml"), pages[main][0]["Content-Location"])


def _names_of(part: Message) -> set[str]:
    """The addresses by which a page may refer to a part, or an archive to its main page."""
    identifier = str(part.get("Content-ID") or "").strip().strip("<>")
    start = str(part.get_param("start") or "").strip().strip("<>")
    found = {str(part.get(name) or "").strip() for name in ("Content-Location", "Snapshot-Content-Location")}
    found |= {f"cid:{name}" for name in (identifier, start) if name}
    return found - {""}
