"""Heading numbers: 一、 (一) 1. (1) ①, their level, and the form in which they are shown."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HAN = r"[一二三四五六七八九十]{1,3}"
_LEVELS = [
    (1, re.compile(rf"(?P<n>{_HAN})\s*(?P<mark>、)\s*")),
    # The opening bracket is optional: the first report prints 「七)加速推进…」. The closing one never is.
    (2, re.compile(rf"[(（]?\s*(?P<n>{_HAN})\s*[)）]\s*、?")),
    (3, re.compile(r"(?P<n>\d{1,2})\s*(?P<mark>[.．、])(?!\d)\s*")),
    (4, re.compile(r"[(（]\s*(?P<n>\d{1,2})\s*[)）]\s*、?")),
    (5, re.compile(r"(?P<n>[①-⑳])\s*")),
]


@dataclass(frozen=True, slots=True)
class HeadingNumber:
    """A number at the start of a line: its level (1 to 5), how it is shown, how many code points it takes, whether it was repaired."""

    level: int
    shown: str
    length: int
    repaired: bool = False


def read_number(text: str) -> HeadingNumber | None:
    """The heading number that `text` begins with, shown with ASCII brackets and a lost bracket put back; None without one."""
    for level, pattern in _LEVELS:
        if match := pattern.match(text):
            number = match["n"]
            shown = number + match["mark"].replace("．", ".") if "mark" in pattern.groupindex else f"({number})" if level < 5 else number
            return HeadingNumber(level, shown, match.end(), repaired=level == 2 and text[0] not in "(（")
    return None
