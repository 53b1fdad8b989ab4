"""Finds the attachments of a page: the report files that it links to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import PurePosixPath
from urllib.parse import parse_qsl, unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from indexer.collect.targets import Refused, Target
from indexer.loaders import EXTENSIONS, IMAGES

KINDS = EXTENSIONS - {*IMAGES, ".txt", ".md", ".html", ".htm", ".xhtml", ".shtml", ".mhtml", ".mht"}
"""Extensions of attachments; other pages, plain texts and pictures do not count."""
MOST = 20
"""Most attachments per page."""
_ENDS = re.compile(rf"(?:{'|'.join(map(re.escape, sorted(KINDS)))})(?![a-z0-9])", re.IGNORECASE)
_ASIDE = frozenset({"nav", "header", "footer", "aside"})
"""Elements around a page's text, which are the same on all pages of a site."""


def attachments_of(page: bytes, address: str) -> list[str]:
    """The distinct URLs of a page's attachments, in order.

    Args:
        page: The page's content.
        address: The page's own URL.
    """
    tree = LexborHTMLParser(page)
    base_node = tree.css_first("base[href]")
    base = address
    if base_node is not None:
        with suppress(Refused):
            base = Target.of(base_node.attributes.get("href") or "", address).address
    found: dict[str, None] = {}
    for node in tree.css("a[href]"):
        href = node.attributes.get("href") or ""
        if not _is_offered(node, href) or _is_aside(node):
            continue
        with suppress(Refused):
            found.setdefault(Target.of(href, base).address)
        if len(found) == MOST:
            break
    return list(found)


def _is_offered(node: LexborNode, href: str) -> bool:
    """Whether a link is to a file, by the extension in its path, a query parameter, its download name, its title or its text."""
    names = (node.attributes.get("download") or "", node.attributes.get("title") or "", node.text(deep=True, strip=True))
    return any(PurePosixPath(name).suffix.lower() in KINDS for name in _names_in(href)) or any(_ENDS.search(name) for name in names)


def _names_in(href: str) -> Iterator[str]:
    with suppress(ValueError):
        parts = urlsplit(href)
        yield unquote(parts.path)
        for _, value in parse_qsl(parts.query):
            yield value


def _is_aside(node: LexborNode) -> bool:
    above = node.parent
    while above is not None:
        if above.tag in _ASIDE:
            return True
        above = above.parent
    return False
