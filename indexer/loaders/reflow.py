"""Printed lines back to paragraphs: what a PDF's page or a text wrapped at a fixed width has taken apart. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.outline import read_number

_SENTENCE_END = "。！？!?：:；;"
_WORD = re.compile(r"[0-9A-Za-z.,%/+-]+[，。、；：,.;:]?|.[，。、；：！？”’）》〕）,.;:]*")
_ITEM = re.compile(r"[一二三四五六七八九十]{1,3}是")
_SIGN = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}|[甲乙丙丁戊己庚辛壬癸]|\d{1,2}|[A-Za-z])[、.．)）]|[(（][^()（）]{1,3}[)）]|[①-⑳●•■◆▪·–-]"
)
"""What an entry of a list begins with."""
_INDENT = 1.5
_ALIKE = 0.3
_SPACED = 0.08
"""Where more lines than this share have a gap above them, gaps show the paragraphs."""


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
    turns: bool = False
    """Whether it is the first of a page or a column, and the line before is set alike."""


def joined(rows: Sequence[Row], right: float) -> list[str]:
    """The paragraphs of these lines; `right` is where full lines end."""
    return [text for _, text in paragraphs(rows, right)]


def paragraphs(rows: Sequence[Row], right: float) -> list[tuple[int, str]]:
    """The paragraphs of these lines, each with the number of its first one; `right` is where full lines end."""
    found: list[tuple[int, str]] = []
    hanging = _hanging(rows)
    spaced = sum(row.gap for row in rows) > _SPACED * len(rows)
    previous: Row | None = None
    first: Row | None = None
    inset: float | None = None
    for number, row in enumerate(rows):
        begins = row.gap or (hanging and row.indent >= _INDENT)
        if not row.gap and previous is not None and first is not None and _is_full(previous, row, right):
            if previous is first and _hangs(first, row):
                inset = row.indent
            if begins and (_stands_at(row, inset) or _is_of_block(first, previous, row)):
                begins = False
            elif inset is not None and _stands_at(row, first.indent) and previous.text[-1] in _SENTENCE_END:
                begins = True
        # Where neither gaps nor indents tell paragraphs apart, a full line that ends a sentence may end one too.
        untold = not (hanging or spaced)
        goes_on = previous is not None and (_is_full(previous, row, right) or (hanging and _turns_in_sentence(found[-1][1], row)))
        if previous is None or begins or not goes_on or (untold and _ends_before(previous, row)):
            found.append((number, row.text))
            first, inset = row, None
        else:
            start, text = found[-1]
            found[-1] = (start, join(text, row.text))
        previous = row
    return found


def _stands_at(row: Row, indent: float | None) -> bool:
    return indent is not None and abs(row.indent - indent) < _ALIKE


def _is_of_block(first: Row, previous: Row, row: Row) -> bool:
    """Whether a line stands in a block all of whose lines are set in: right below another one that ends in mid-sentence."""
    heading = previous is first and read_number(first.text) is not None
    return _stands_at(row, previous.indent) and previous.text[-1] not in _SENTENCE_END and not heading and not _starts_anew(row.text)


def _hangs(first: Row, row: Row) -> bool:
    """Whether a line may be the second one of an entry: 1. and the like, below the first one's text and in mid-sentence."""
    sign = _SIGN.match(first.text)
    if sign is None or first.text[-1] in _SENTENCE_END or _starts_anew(row.text) or _SIGN.match(row.text):
        return False
    return _ALIKE < row.indent - first.indent < measure(sign[0]) + 2.5


def _turns_in_sentence(paragraph: str, row: Row) -> bool:
    """Whether a page or column ends in the middle of a sentence, though perhaps not with a full line."""
    return row.turns and paragraph[-1] not in _SENTENCE_END and not _starts_anew(row.text) and read_number(paragraph) is None


def _ends_before(previous: Row, row: Row) -> bool:
    return previous.text[-1] in _SENTENCE_END and _starts_anew(row.text)


def join(first: str, second: str) -> str:
    """Two parts of a paragraph in one; a space only between Latin letters."""
    space = first[-1:].isascii() and first[-1:].isalpha() and second[:1].isascii() and second[:1].isalpha()
    return first + (" " if space else "") + second


def _hanging(rows: Sequence[Row]) -> bool:
    """Whether paragraphs are shown by the indent of their first line: some lines start further in than others."""
    deep = sum(row.indent >= _INDENT for row in rows)
    return 0 < deep < len(rows)


def _starts_anew(text: str) -> bool:
    """Whether a line begins as paragraphs do: where neither indents nor gaps show them, this must."""
    return read_number(text) is not None or _ITEM.match(text) is not None


def _is_full(row: Row, below: Row, right: float) -> bool:
    """Whether a line is full: what begins the one below would not have fitted."""
    word = _WORD.match(below.text)
    return row.end + measure(word[0] if word else "") > right - 0.5


def measure(text: str) -> float:
    """The width of a text: 1 for a Chinese character, a half for an ASCII one."""
    return sum(0.5 if char < "\x7f" else 1.0 for char in text)
