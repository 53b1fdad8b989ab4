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
    return _inside(text, [([(*span, None) for span in spans], _constant(name)) for name, spans in reversed(layers)])


_Tags = Callable[[int, Any, int], tuple[str, str]]
"""Gives the tags around a piece of a span: from the span's start, what the span is about, and the piece's start."""
_Layer = tuple[Sequence[tuple[int, int, Any]], _Tags]
"""Elements of one kind: spans that ascend and do not overlap, each with what it is about, and their tags."""

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
    heading = len(passage.section[-1].text) if passage.section and text.startswith(passage.section[-1].text) else 0
    labels = [(item.start, text.index("是", item.start) + 1, item.number) for item in passage.items]

    def mark(start: int, number: int, at: int) -> tuple[str, str]:
        name = f' id="hit-{number}"' if at == start else ""
        here = ' class="now"' if number == now else ""
        return f"<mark{name}{here}>", "</mark>"

    layers: list[_Layer] = [
        ([(*span, number) for number, span in enumerate(matches, first_mark)], mark),
        (labels, lambda start, number, at: _label(f"{passage.anchor}.{number}", at == start)),
        (links, lambda _, address, __: (f'<a class="fact" href="{_escaped(address)}">', "</a>")),
        ([(*span, None) for span in quiet], lambda *_: ('<span class="common">', "</span>")),
        ([(0, heading, None)] if heading else [], _constant("b")),
    ]
    return _inside(text, layers)


def _label(anchor: str, is_first: bool) -> tuple[str, str]:
    """The tags around a piece of an item's label."""
    anchor = _escaped(anchor)
    return (f'<a class="it" id="{anchor}" href="#{anchor}">' if is_first else f'<a class="it" href="#{anchor}">'), "</a>"


def _constant(name: str) -> _Tags:
    """The tags of an element without attributes."""
    tags = f"<{name}>", f"</{name}>"
    return lambda *_: tags


def _inside(text: str, layers: Sequence[_Layer]) -> Markup:
    """A text inside the elements of the layers, the innermost first; elements are split where others begin or end, so that they nest."""
    bounds = {0, len(text)}
    for spans, _ in layers:
        for start, end, _ in spans:
            bounds.add(start)
            bounds.add(end)
    starts = sorted(bounds)
    # Plain strings, escaped piece by piece: formatting a Markup costs ten times as much.
    escaped = _escaped if _SPECIAL.search(text) else str
    pieces = [escaped(text[start:end]) for start, end in pairwise(starts)]
    for spans, tags in layers:
        number = 0
        for start, end, about in spans:
            while starts[number] < start:
                number += 1
            while starts[number] < end:
                before, after = tags(start, about, starts[number])
                pieces[number] = f"{before}{pieces[number]}{after}"
                number += 1
    return Markup("".join(pieces))
