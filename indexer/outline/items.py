"""The enumerations 一是 … 二是 … inside a paragraph: where each begins and ends."""

from __future__ import annotations

import re
from typing import NamedTuple

_DIGITS = "一二三四五六七八九"
# At the start of a paragraph or after a mark that ends a clause; the space some sites put after the mark is allowed.
_ITEM = re.compile(rf"(?:^|(?<=[。；：！？;:!?]))\s*(?P<number>[{_DIGITS}]?十?[{_DIGITS}]|[{_DIGITS}]?十)是")


class Item(NamedTuple):
    """One 一是-item: its number and the half-open span of its text in code points of the paragraph."""

    number: int
    start: int
    end: int


def find_items(text: str) -> list[Item]:
    """The items of a paragraph in order; each ends where the next begins, the last with the paragraph."""
    found = [(chinese_number(match["number"]), match.start("number")) for match in _ITEM.finditer(text)]
    ends = [start for _, start in found[1:]] + [len(text)]
    return [Item(number, start, end) for (number, start), end in zip(found, ends, strict=False)]


def item_label(number: int) -> str:
    """How an item is introduced: 一是, 十二是."""
    tens, ones = divmod(number, 10)
    return (("" if tens < 2 else _DIGITS[tens - 1]) + "十" if tens else "") + (_DIGITS[ones - 1] if ones else "") + "是"


def chinese_number(digits: str) -> int:
    """The value of a Chinese numeral from 一 to 九十九, as headings and items write it."""
    tens, ten, ones = digits.rpartition("十")
    if not ten:
        return _DIGITS.index(digits) + 1
    return 10 * (_DIGITS.index(tens) + 1 if tens else 1) + (_DIGITS.index(ones) + 1 if ones else 0)
