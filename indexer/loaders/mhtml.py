"""Web archives, as browsers save them: the page is one part of a MIME message."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy

from indexer.loaders.document import Document
from indexer.loaders.html import load_html


def load_mhtml(content: bytes) -> Document:
    """The page of the archive with the most in it.

    Raises:
        ValueError: It is no web archive, or holds no page that can be read.
    """
    message = message_from_bytes(content, policy=policy.compat32)
    if "MIME-Version" not in message and "Content-Type" not in message:
        raise ValueError("it is no web archive: it has no MIME header; name it .html if it is a page")
    pages = [part.get_payload(decode=True) for part in message.walk() if part.get_content_type() == "text/html"]
    held = [page for page in pages if isinstance(page, bytes) and page.strip()]
    if not held:
        raise ValueError("there is no page in this web archive; save it anew from the browser")
    return replace(load_html(max(held, key=len)), format="mhtml")
