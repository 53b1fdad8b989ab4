"""Finds the enumerations 一是 … 二是 … inside a paragraph."""

from __future__ import annotations

import re
from typing import NamedTuple

from indexer.outline.numbers import chinese_number

_DIGITS = "一二三四五六七八九"
# At the start of a paragraph or after punctuation that ends a clause; closing quotes and spaces may come between.
_ITEM = re.compile(rf"(?:^|[。；：！？;:!?][”’」』）)》]*)\s*(?P<number>[{_DIGITS}]?十[{_DIGITS}]?|[{_DIGITS}])是")


class Item(NamedTuple):
    """A 一是-item: its number and the half-open span of its text, in code points of the paragraph."""

    number: int
    start: int
    end: int


def find_items(text: str, start: int = 0) -> list[Item]:
    """The items of a paragraph in order; each ends where the next begins, the last with the paragraph.

    Args:
        text: The paragraph as printed.
        start: Where its text begins after a run-in heading; 一是 right there is an item although no punctuation precedes it.
    """
    found = [(chinese_number(match["number"]), match.start("number")) for match in _ITEM.finditer(text)]
    if start and (glued := _ITEM.match(text[start:])):
        found.append((chinese_number(glued["number"]), start + glued.start("number")))
    begins = sorted({(number, begin) for number, begin in found if number}, key=lambda item: item[1])
    ends = [begin for _, begin in begins[1:]] + [len(text)]
    return [Item(number, begin, end) for (number, begin), end in zip(begins, ends, strict=False)]


def item_label(number: int) -> str:
    """How an item is introduced: 一是, 十二是."""
    tens, ones = divmod(number, 10)
    return (("" if tens < 2 else _DIGITS[tens - 1]) + "十" if tens else "") + (_DIGITS[ones - 1] if ones else "") + "是"
