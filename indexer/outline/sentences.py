"""The sentences of a paragraph, which end at 。！？； or at the next 一是-item."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.outline.items import Item

ENDING = r"。！？；!?;\n"
"""The punctuation that ends a sentence, for use in a character class; a line end ends a sentence too."""
SENTENCE_END = re.compile(f"[{ENDING}]+[”’」』）)》]*")
"""Such punctuation, with the closing quotes and brackets after it."""


def sentences(text: str, items: Sequence[Item] = ()) -> list[tuple[int, int]]:
    """The half-open spans of a text's sentences, in code points, without the white space around them.

    Together they hold every character of the text that is not white space. A sentence ends after 。！？； and before each of
    `items` (the items of the text).
    """
    ends = {match.end() for match in SENTENCE_END.finditer(text)} | {item.start for item in items} | {len(text)}
    spans = []
    start = 0
    for end in sorted(ends):
        piece = text[start:end]
        if stripped := piece.strip():
            first = start + piece.index(stripped[0])
            spans.append((first, first + len(stripped)))
        start = end
    return spans
