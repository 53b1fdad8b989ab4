"""Reads web pages: their text and metadata, and what to do if a page has no visible text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser

from indexer.loaders.addresses import address_of
from indexer.loaders.blocks import Block, Frames, Page, read_blocks
from indexer.loaders.content import find_content, holds_report, prose_of, trust_text_over_names
from indexer.loaders.document import Document, Line
from indexer.loaders.encoding import decode
from indexer.model import LeftOut
from indexer.outline import read_number
from indexer.remarks import Remark

# Separators between a page's title and the site's name; the hyphen in 2021-2022年 is none.
_BESIDE = re.compile(r"[_|]|(?<!\d)[-–—]+|[-–—]+(?!\d)")
_LABELS = {
    "pubdate": "published",
    "publishdate": "published",
    "contentsource": "source",
    "author": "editor",
    "editor": "editor",
    "sitename": "site",
}
_TAG = re.compile(r"<[a-z!][^<>]*>", re.IGNORECASE)
# Also a string without an end, so that none of its escaped quotation marks is taken for a beginning.
_STRING = re.compile(r'"(?:[^"\\\n]++|\\.)*+"?')
_MIN_SCRIPTED = 40
"""A script's string is read as text if it has at least so many Chinese characters."""
_HAN = re.compile("[\u4e00-\u9fff]|\\\\u[4-9][0-9a-fA-F]{3}")
_HIDDEN_OVER_SHOWN = 3
"""A page with more than so many times as much hidden as visible prose shows its text only once its script has run."""


def load_html(content: bytes) -> Document:
    """A web page's text, and what is around it.

    Raises:
        ValueError: It cannot be decoded, is not a web page, is nested too deep, or has no text of a report.
    """
    text, encoding = decode(content)
    if not _TAG.search(text[:100_000]):
        raise ValueError("it is no web page: there is no tag in it; name it .txt if it is a text")
    if re.match(r"\s*(?:MIME-Version|From|Subject|Date):", text):
        raise ValueError("it is a web archive; name it .mhtml")
    return document_of(text, encoding)


def document_of(text: str, encoding: str, frames: Sequence[tuple[Set[str], str]] = ()) -> Document:
    """The document of a page and of the pages in its frames, each given with the addresses by which the page may refer to it.

    Raises:
        ValueError: They are nested too deep, or have no text of a report.
    """
    tree = LexborHTMLParser(text)
    page = read_blocks([tree], Frames(frames))
    remarks = []
    trust_text_over_names(page)
    if _uncover(page):
        trust_text_over_names(page)
        remarks.append(Remark("text-hidden"))
    elif not holds_report(page):
        scripted = [LexborHTMLParser(part) for part in _scripted(tree)]
        if not scripted:
            raise ValueError(f"no text of a report in it: {_what_instead(text, tree)}")
        page = read_blocks([tree, *scripted], Frames(frames))
        trust_text_over_names(page)
        remarks.append(Remark("text-scripted"))
    found = find_content(page)
    before = [line for number in found.before for line in page.blocks[number].lines]
    lines = list(before)
    chosen, above = set(found.chosen), set(found.before)
    left_out: list[tuple[int, LeftOut]] = []
    seen = 0
    for number, block in enumerate(page.blocks):
        if number in above:
            seen += len(block.lines)
        elif number in chosen:
            lines += _marked(block)
            seen = len(lines)
        else:
            reason = "outside" if block.aside is None else page.asides[block.aside]
            left_out += [(seen, LeftOut(line.text, reason)) for line in block.lines]
    return Document(lines, "html", encoding, _titles(tree), _labels(tree), body_start=len(before), left_out=left_out, remarks=remarks)


def _marked(block: Block) -> Iterator[Line]:
    """A block's lines; the first gets the list number that a browser prints before it, unless it has a number of its own."""
    first, *rest = block.lines
    if block.marker and read_number(first.text) is None:
        first = replace(first, text=block.marker + first.text, bold=first.bold + len(block.marker) if first.bold else 0)
    yield first
    yield from rest


def _uncover(page: Page) -> bool:
    """If a page shows almost nothing, treat its largest hidden part as visible: its script would show it. Whether that was done."""
    shown = sum(prose_of(block) for block in page.blocks if block.aside is None and not page.is_furniture(block, -1))
    held: dict[int, int] = {}
    for block in page.blocks:
        if block.aside is not None and (prose := prose_of(block)):
            held[block.aside] = held.get(block.aside, 0) + prose
    largest = max(held, key=held.__getitem__, default=None)
    if largest is None or held[largest] <= _HIDDEN_OVER_SHOWN * shown:
        return False
    for block in page.blocks:
        if block.aside == largest:
            block.aside = None
    return True


def _scripted(tree: LexborHTMLParser) -> Iterator[str]:
    """Pages or texts that a page's scripts would show, from its templates and the strings in its scripts."""
    for node in tree.css("template"):
        yield re.sub("^<template", "<div", node.html or "")
    for node in tree.css("script"):
        code = node.text(deep=True)
        if _TAG.match(code.lstrip()):
            yield code
            continue
        for match in _STRING.finditer(code):
            if len(_HAN.findall(match[0])) >= _MIN_SCRIPTED:
                try:
                    yield _as_page(json.loads(match[0], strict=False))
                except ValueError:
                    continue


def _as_page(text: str) -> str:
    return text if _TAG.search(text) else "".join(f"<p>{line}</p>" for line in text.splitlines())


def _what_instead(text: str, tree: LexborHTMLParser) -> str:
    """What a page has instead of text, and what to do about it."""
    if re.search(r"<frame(?:set)?\b", text, re.IGNORECASE):
        return "it is made of frames; open the frame with the report by itself and save that"
    if tree.css_first("object, embed, iframe"):
        return "it shows another file or page inside; save that one"
    if pictures := len(tree.css("img")):
        return f"it has {pictures} pictures; if they are the report, get its text or run them through OCR"
    if tree.css_first("script"):
        return "it is drawn by a program; open it in a browser and save it from there, or copy its text into a .txt"
    return "only titles, links or buttons; save the page that shows the text"


def _titles(tree: LexborHTMLParser) -> list[str]:
    """The page's possible titles: from <meta>, from its headlines, and from the parts of <title>."""
    found = [content for name, content in _meta(tree) if name in ("articletitle", "og:title")]
    found += [node.text(deep=True) for node in tree.css("h1, h2")]
    found += [part for node in tree.css("title") for part in _BESIDE.split(node.text(deep=True))]
    return [title for title in (" ".join(text.split()) for text in found) if title]


def _labels(tree: LexborHTMLParser) -> dict[str, str]:
    """The page's metadata from its <meta> elements, the first of each kind, and its URL."""
    found: dict[str, str] = {}
    for name, content in _meta(tree):
        if name in _LABELS:
            found.setdefault(_LABELS[name], content)
    if address := address_of(tree):
        found["source_url"] = address
    return found


def _meta(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    for node in tree.css("meta"):
        name = node.attributes.get("name") or node.attributes.get("property") or ""
        content = " ".join((node.attributes.get("content") or "").split())
        if content:
            yield name.strip().lower(), content
