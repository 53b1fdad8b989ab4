"""Joins printed lines back into paragraphs, for PDF pages and for texts wrapped at a fixed width. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.outline import read_number

_SENTENCE_END = "。！？!?：:；;"
_WORD = re.compile(r"[0-9A-Za-z.,%/+-]+[，。、；：,.;:]?|.[，。、；：！？”’）》〕）,.;:]*")
_ITEM = re.compile(r"[一二三四五六七八九十]{1,3}是")
_NARROW = re.compile(r"[\0-~]+")
_SIGN = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}|[甲乙丙丁戊己庚辛壬癸]|\d{1,2}|[A-Za-z])[、.．)）]|[(（][^()（）]{1,3}[)）]|[①-⑳●•■◆▪·–-]"
)
"""What a list item begins with."""
_INDENT = 1.5
_ALIKE = 0.3
_SPACED = 0.08
"""If more than this share of the lines have a gap above them, paragraphs are separated by gaps."""


@dataclass(frozen=True, slots=True)
class Row:
    """A printed line. Lengths are in widths of a Chinese character, or in characters if all count the same."""

    text: str
    indent: float
    """The distance of its start from the left edge of the text."""
    end: float
    """The distance of its end from the same edge."""
    gap: bool
    """Whether there is more space above it than between the lines of a paragraph."""
    turns: bool = False
    """Whether it is the first line of a page or column and the preceding line has the same layout."""


def joined(rows: Sequence[Row], right: float) -> list[str]:
    """The paragraphs of these lines; `right` is the `Row.end` of full lines."""
    return [text for _, text in paragraphs(rows, right)]


def paragraphs(rows: Sequence[Row], right: float) -> list[tuple[int, str]]:
    """The paragraphs of these lines, each with the number of its first line; `right` is the `Row.end` of full lines."""
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
        # If neither gaps nor indents separate paragraphs, a full line that ends a sentence may also end a paragraph.
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
    """Whether a line belongs to a block with all lines indented: it is right below another line that ends in mid-sentence."""
    heading = previous is first and read_number(first.text) is not None
    return _stands_at(row, previous.indent) and previous.text[-1] not in _SENTENCE_END and not heading and not _starts_anew(row.text)


def _hangs(first: Row, row: Row) -> bool:
    """Whether a line may be the second of a list item (1. and the like), aligned with the first one's text and in mid-sentence."""
    sign = _SIGN.match(first.text)
    if sign is None or first.text[-1] in _SENTENCE_END or _starts_anew(row.text) or _SIGN.match(row.text):
        return False
    return _ALIKE < row.indent - first.indent < measure(sign[0]) + 2.5


def _turns_in_sentence(paragraph: str, row: Row) -> bool:
    """Whether the preceding page or column ends in mid-sentence, even if not with a full line."""
    return row.turns and paragraph[-1] not in _SENTENCE_END and not _starts_anew(row.text) and read_number(paragraph) is None


def _ends_before(previous: Row, row: Row) -> bool:
    return previous.text[-1] in _SENTENCE_END and _starts_anew(row.text)


def join(first: str, second: str) -> str:
    """Join two parts of a paragraph, with a space only between Latin letters."""
    space = first[-1:].isascii() and first[-1:].isalpha() and second[:1].isascii() and second[:1].isalpha()
    return first + (" " if space else "") + second


def _hanging(rows: Sequence[Row]) -> bool:
    """Whether paragraphs have their first line indented: some lines start further in than others."""
    deep = sum(row.indent >= _INDENT for row in rows)
    return 0 < deep < len(rows)


def _starts_anew(text: str) -> bool:
    """Whether a line begins like a paragraph, with a number or 一是; used where indents and gaps do not decide."""
    return read_number(text) is not None or _ITEM.match(text) is not None


def _is_full(row: Row, below: Row, right: float) -> bool:
    """Whether a line is full: the first word of the next line would not have fitted."""
    word = _WORD.match(below.text)
    return row.end + measure(word[0] if word else "") > right - 0.5


def measure(text: str) -> float:
    """The width of a text: 1 for a Chinese character, 0.5 for an ASCII one."""
    return (len(text) + len(_NARROW.sub("", text))) / 2
