"""Text with spans to HTML: everything is escaped, and only the spans become elements."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from markupsafe import Markup, escape

from indexer import Passage, Snippet

Span = tuple[int, int]

_SPECIAL = re.compile("[&<>\"']")
"""What is written otherwise in HTML."""


def snippet_html(snippet: Snippet) -> Markup:
    """A snippet with its marks, an ellipsis where text was left out."""
    html = marked(snippet.text, snippet.marks)
    if not (snippet.cut_before or snippet.cut_after):
        return html
    return Markup("".join(("…" if snippet.cut_before else "", html, "…" if snippet.cut_after else "")))


def marked(text: str, spans: Iterable[Span]) -> Markup:
    """A text with its spans in `<mark>`."""
    # Plain strings, escaped where they are cut and only if there is something to escape: to make a Markup of each costs ten times as much.
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

    The spans of a layer do not overlap and ascend. Elements are cut where those around them begin or end.
    """
    bounds = sorted({0, len(text), *(bound for _, spans in layers for span in spans for bound in span)})
    html: list[str] = []
    at = [0] * len(layers)
    for start, end in pairwise(bounds):
        piece = str(escape(text[start:end]))
        for number, (name, spans) in reversed(list(enumerate(layers))):
            while at[number] < len(spans) and spans[at[number]][1] <= start:
                at[number] += 1
            if at[number] < len(spans) and spans[at[number]][0] <= start:
                piece = f"<{name}>{piece}</{name}>"
        html.append(piece)
    return Markup("".join(html))


Link = tuple[int, int, str]
"""A span of a text, and where it leads."""


def passage_html(
    passage: Passage,
    matches: list[Span],
    first_mark: int,
    now: int | None = None,
    links: Sequence[Link] = (),
    quiet: Sequence[Span] = (),
) -> Markup:
    """A passage of the report page: its run-in heading bold, its items linked, its matches marked and numbered.

    `now` is the number of the mark that the reader stands at. `links` do not overlap and ascend, nor do the `quiet` spans.

    Elements are cut where others begin or end, so that they nest whatever overlaps; an id stands on the first cut only.
    """
    text = passage.text
    heading = len(passage.section[-1].text) if passage.section and text.startswith(passage.section[-1].text) else 0
    labels = [(item, item.start, text.index("是", item.start) + 1) for item in passage.items]
    bounds = {0, heading, len(text), *(bound for span in matches for bound in span)}
    bounds.update(bound for _, start, end in labels for bound in (start, end))
    bounds.update(bound for start, end, _ in links for bound in (start, end))
    bounds.update(bound for span in quiet for bound in span)
    # Plain strings, escaped where they are cut: to format a Markup costs ten times as much.
    html: list[str] = []
    # Marks do not overlap, nor do labels; of each the first that does not end before a piece is the only one that may hold it.
    mark, label, link, common = 0, 0, 0, 0
    for start, end in pairwise(sorted(bounds)):
        piece = str(escape(text[start:end]))
        while mark < len(matches) and matches[mark][1] <= start:
            mark += 1
        if mark < len(matches) and matches[mark][0] <= start:
            number = first_mark + mark
            name = f' id="hit-{number}"' if start == matches[mark][0] else ""
            here = ' class="now"' if number == now else ""
            piece = f"<mark{name}{here}>{piece}</mark>"
        while label < len(labels) and labels[label][2] <= start:
            label += 1
        if label < len(labels) and labels[label][1] <= start:
            anchor = escape(f"{passage.anchor}.{labels[label][0].number}")
            name = f' id="{anchor}"' if start == labels[label][1] else ""
            piece = f'<a class="it"{name} href="#{anchor}">{piece}</a>'
        while link < len(links) and links[link][1] <= start:
            link += 1
        if link < len(links) and links[link][0] <= start:
            piece = f'<a class="fact" href="{escape(links[link][2])}">{piece}</a>'
        while common < len(quiet) and quiet[common][1] <= start:
            common += 1
        if common < len(quiet) and quiet[common][0] <= start:
            piece = f'<span class="common">{piece}</span>'
        if end <= heading:
            piece = f"<b>{piece}</b>"
        html.append(piece)
    return Markup("".join(html))
