"""Text with spans to HTML: everything is escaped, and only the spans become elements."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

from markupsafe import Markup, escape

from indexer import Passage, Snippet

Span = tuple[int, int]

_SPECIAL = re.compile("[&<>\"']")
"""Characters that HTML escapes."""


def snippet_html(snippet: Snippet) -> Markup:
    """A snippet with its marks, an ellipsis where text was left out."""
    html = marked(snippet.text, snippet.marks)
    if not (snippet.cut_before or snippet.cut_after):
        return html
    return Markup("".join(("…" if snippet.cut_before else "", html, "…" if snippet.cut_after else "")))


def marked(text: str, spans: Iterable[Span]) -> Markup:
    """A text with its spans in `<mark>`."""
    # Plain strings, escaped only if there is something to escape: a Markup of each piece costs ten times as much.
    escaped = _escaped if _SPECIAL.search(text) else str
    html: list[str] = []
    at = 0
    for start, end in spans:
        html += (escaped(text[at:start]), "<mark>", escaped(text[start:end]), "</mark>")
        at = end
    html.append(escaped(text[at:]))
    return Markup("".join(html))


def _escaped(text: str) -> str:
    return str(escape(text))


def layered(text: str, layers: Sequence[tuple[str, Sequence[Span]]]) -> Markup:
    """A text with the spans of each layer in the layer's element; the first layer is the outermost.

    The spans of a layer do not overlap and ascend. Elements are split where those around them begin or end.
    """
    bounds = sorted({0, len(text), *(bound for _, spans in layers for span in spans for bound in span)})
    escaped = _escaped if _SPECIAL.search(text) else str
    html: list[str] = []
    at = [0] * len(layers)
    inwards = list(enumerate(layers))[::-1]
    for start, end in pairwise(bounds):
        piece = escaped(text[start:end])
        for number, (name, spans) in inwards:
            while at[number] < len(spans) and spans[at[number]][1] <= start:
                at[number] += 1
            if at[number] < len(spans) and spans[at[number]][0] <= start:
                piece = f"<{name}>{piece}</{name}>"
        html.append(piece)
    return Markup("".join(html))


Link = tuple[int, int, str]
"""The start and end of a span, and the address it leads to."""


def passage_html(
    passage: Passage,
    matches: list[Span],
    first_mark: int,
    now: int | None = None,
    links: Sequence[Link] = (),
    quiet: Sequence[Span] = (),
) -> Markup:
    """A passage of the report page: its run-in heading bold, its items linked, its matches marked and numbered.

    `now` is the number of the current mark. Neither the `links` nor the `quiet` spans overlap; both ascend.

    Elements are split where others begin or end, so that they nest; only the first part has the id.
    """
    text = passage.text
    escaped = _escaped if _SPECIAL.search(text) else str
    heading = len(passage.section[-1].text) if passage.section and text.startswith(passage.section[-1].text) else 0
    labels = [(item.start, text.index("是", item.start) + 1, item.number) for item in passage.items]
    # The elements around a mark, the innermost first. Elements of one kind do not overlap, so the first that does not end before a
    # piece is the only one that may contain it.
    around = [
        _Layer(labels, lambda start, end, number, at: _label(f"{passage.anchor}.{number}", at == start)),
        _Layer(links, lambda start, end, address, at: (f'<a class="fact" href="{_escaped(address)}">', "</a>")),
        _Layer([(start, end, None) for start, end in quiet], lambda *_: ('<span class="common">', "</span>")),
        _Layer([(0, heading, None)] if heading else [], lambda *_: ("<b>", "</b>")),
    ]
    around = [layer for layer in around if layer.spans]
    bounds = {0, len(text)}
    for start, end in matches:
        bounds.add(start)
        bounds.add(end)
    for layer in around:
        for start, end, _ in layer.spans:
            bounds.add(start)
            bounds.add(end)
    # Plain strings, escaped piece by piece: formatting a Markup costs ten times as much.
    html: list[str] = []
    mark, last = 0, len(matches)
    for start, end in pairwise(sorted(bounds)):
        piece = escaped(text[start:end])
        while mark < last and matches[mark][1] <= start:
            mark += 1
        if mark < last and matches[mark][0] <= start:
            number = first_mark + mark
            name = f' id="hit-{number}"' if start == matches[mark][0] else ""
            here = ' class="now"' if number == now else ""
            piece = f"<mark{name}{here}>{piece}</mark>"
        for layer in around:
            if (tags := layer.at(start)) is not None:
                piece = f"{tags[0]}{piece}{tags[1]}"
        html.append(piece)
    return Markup("".join(html))


def _label(anchor: str, is_first: bool) -> tuple[str, str]:
    """The tags around a piece of an item's label."""
    anchor = _escaped(anchor)
    return (f'<a class="it" id="{anchor}" href="#{anchor}">' if is_first else f'<a class="it" href="#{anchor}">'), "</a>"


class _Layer:
    """Elements of one kind around the pieces of a text, which must be asked for in ascending order."""

    def __init__(self, spans: Sequence[tuple[int, int, Any]], tags: Callable[[int, int, Any, int], tuple[str, str]]) -> None:
        self.spans, self._tags, self._next = spans, tags, 0

    def at(self, start: int) -> tuple[str, str] | None:
        """The tags around the piece that begins at `start`, None if no element contains it."""
        spans, at, count = self.spans, self._next, len(self.spans)
        while at < count and spans[at][1] <= start:
            at += 1
        self._next = at
        if at < count and spans[at][0] <= start:
            begin, end, about = spans[at]
            return self._tags(begin, end, about, start)
        return None
