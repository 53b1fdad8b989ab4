"""Web pages: blocks of text, and where among them the report begins and ends."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from indexer.loaders import Document
from indexer.loaders.text import decode

_SKIPPED = frozenset({"script", "style", "noscript", "template", "head", "iframe", "object", "select", "button", "svg"})
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
    ]
)
_SPACE = re.compile(r"[ \t\r\n\x0c\xa0]+")
_CONTENT_SHARE = 0.8
"""A part of the page that holds this much of its prose holds the report."""
_PROSE = 25
"""A block of at least so many code points is prose; menus and links are shorter."""


def load_html(content: bytes) -> Document:
    """A page's blocks up to the end of the part that holds the prose.

    Raises:
        ValueError: It cannot be decoded.
    """
    text, encoding = decode(content)
    tree = LexborHTMLParser(text)
    body = tree.body
    if body is None:
        return Document([], encoding, "html")
    inside = _content(body)
    before, within = _split(list(_blocks(body)), inside)
    return Document(before + within, encoding, "html", _titles(tree), len(before))


Block = tuple[str, tuple[int, ...]]
"""A block's text and the ids of the nodes that contain it, outermost first."""


def _blocks(node: LexborNode, above: tuple[int, ...] = ()) -> Iterator[Block]:
    """The text between block boundaries, white space as a browser shows it; a table row is one block."""
    within = (*above, node.mem_id)
    gathered = ""
    for child in node.iter(include_text=True):
        tag = child.tag or ""
        if tag == "-text":
            gathered += child.text(deep=False)
        elif tag == "br":
            yield from _block(gathered, within)
            gathered = ""
        elif tag in _INLINE and not child.css_first("p, div, br, table, li, h1, h2, h3"):
            gathered += _inline_text(child)
        elif tag not in _SKIPPED and not tag.startswith(("-", "!")):
            yield from _block(gathered, within)
            gathered = ""
            yield from _row(child, within) if tag == "tr" else _blocks(child, within)
    yield from _block(gathered, within)


def _inline_text(node: LexborNode) -> str:
    return "" if node.css_first("script, style") else node.text(deep=True)


def _row(node: LexborNode, above: tuple[int, ...]) -> Iterator[Block]:
    cells = [" ".join(text for text, _ in _blocks(cell)) for cell in node.iter() if cell.tag in ("td", "th")]
    yield from _block(" | ".join(cells) if len(cells) > 1 else "".join(cells), (*above, node.mem_id))


def _block(text: str, within: tuple[int, ...]) -> Iterator[Block]:
    shown = _SPACE.sub(" ", text).strip()
    if shown:
        yield shown, within


def _content(body: LexborNode) -> int:
    """The id of the innermost node that holds nearly all prose of the page."""
    blocks = [(len(text), within) for text, within in _blocks(body) if len(text) >= _PROSE]
    total = sum(length for length, _ in blocks)
    held: dict[int, int] = {}
    depth: dict[int, int] = {}
    for length, within in blocks:
        for level, node in enumerate(within):
            held[node] = held.get(node, 0) + length
            depth[node] = level
    enough = [node for node, length in held.items() if length >= _CONTENT_SHARE * total]
    return max(enough, key=lambda node: depth[node], default=body.mem_id)


def _split(blocks: list[Block], inside: int) -> tuple[list[str], list[str]]:
    """What stands before the content, and the content; what follows it is left out."""
    numbers = [number for number, (_, within) in enumerate(blocks) if inside in within]
    if not numbers:
        return [], [text for text, _ in blocks]
    first, last = numbers[0], numbers[-1]
    return [text for text, _ in blocks[:first]], [text for text, _ in blocks[first : last + 1]]


def _titles(tree: LexborHTMLParser) -> list[str]:
    """Headlines first, then the window's title up to the site's name."""
    found = [node.text(deep=True) for node in tree.css("h1, h2")]
    found += [re.split(r"[_|]|\s[-–—]\s", node.text(deep=True))[0] for node in tree.css("title")]
    return [title for title in (_SPACE.sub(" ", text).strip() for text in found) if title]
