"""Printed lines back to paragraphs: what a PDF's page or a text wrapped at a fixed width has taken apart. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.outline import read_number

_SENTENCE_END = "。！？!?：:；;"
_WORD = re.compile(r"[0-9A-Za-z.,%/+-]+[，。、；：,.;:]?|.[，。、；：！？”’）》〕）,.;:]*")
_ITEM = re.compile(r"[一二三四五六七八九十]{1,3}是")


@dataclass(frozen=True, slots=True)
class Row:
    """A printed line; lengths in widths of a Chinese character, or in characters where all count the same."""

    text: str
    indent: float
    """How far from the left edge of the text it starts."""
    end: float
    """Where it ends, from the same edge."""
    gap: bool
    """Whether more space stands above it than between the lines of a paragraph."""


def joined(rows: Sequence[Row], right: float) -> list[str]:
    """The paragraphs of these lines; `right` is where full lines end."""
    paragraphs: list[str] = []
    hanging = _hanging(rows)
    previous: Row | None = None
    for row in rows:
        if previous is not None and _continues(previous, row, right, hanging):
            paragraphs[-1] = join(paragraphs[-1], row.text)
        else:
            paragraphs.append(row.text)
        previous = row
    return paragraphs


def join(first: str, second: str) -> str:
    """Two parts of a paragraph in one; a space only between Latin letters."""
    space = first[-1:].isascii() and first[-1:].isalpha() and second[:1].isascii() and second[:1].isalpha()
    return first + (" " if space else "") + second


def _hanging(rows: Sequence[Row]) -> bool:
    """Whether paragraphs are shown by the indent of their first line: some lines start further in than others."""
    deep = sum(row.indent >= 1.5 for row in rows)
    return 0 < deep < len(rows)


def _continues(previous: Row, row: Row, right: float, hanging: bool) -> bool:
    """Whether a line goes on with the paragraph of the line above it."""
    if row.gap or (hanging and row.indent >= 1.5):
        return False
    starts_anew = read_number(row.text) is not None or _ITEM.match(row.text) is not None
    if starts_anew and previous.text[-1] in _SENTENCE_END:
        return False
    word = _WORD.match(row.text)
    # The line above is full if what follows would not have fitted.
    return previous.end + measure(word[0] if word else "") > right - 0.5


def measure(text: str) -> float:
    """The width of a text: 1 for a Chinese character, a half for an ASCII one."""
    return sum(0.5 if char < "\x7f" else 1.0 for char in text)
