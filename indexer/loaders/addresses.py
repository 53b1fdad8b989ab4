"""The URL that a saved page came from: the browser's note in the file, or else the page's own metadata."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser

from indexer.loaders.document import Document
from indexer.model import read_address

_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d+\)\s*(\S+?)\s*-->", re.IGNORECASE)
_NOTED_WITHIN = 20_000
"""Bytes from the start of a page that are searched for the browser's note; further down it could only be text about such notes."""


def address_of(tree: LexborHTMLParser) -> str | None:
    """The URL of a page, from the browser's note, else <link rel=canonical>, else og:url; None where none is a web address."""
    noted = [match.decode("utf-8", "replace") for match in _SAVED_FROM.findall((tree.raw_html or b"")[:_NOTED_WITHIN])]
    canonical = [node.attributes.get("href") for node in tree.css('link[rel~="canonical" i]')]
    shared = [node.attributes.get("content") for node in tree.css('meta[property="og:url" i], meta[name="og:url" i]')]
    return first_address((*noted, *canonical, *shared))


def first_address(texts: Iterable[str | None]) -> str | None:
    """The first of these texts that is a web address, None if none is."""
    for text in texts:
        try:
            return read_address("".join((text or "").split()))
        except ValueError:
            continue
    return None


def saved_from(document: Document, noted: str | None) -> Document:
    """The document with the URL that its archive states, if that is a web address."""
    address = first_address([noted])
    return replace(document, labels={**document.labels, "source_url": address}) if address else document
