"""Heading numbers (第一部分 一、 (一) 1. (1) ①): their level, and the form in which they are shown."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from indexer.outline.plain import plain

_HAN = r"[一二三四五六七八九十]{1,3}"
_DIGITS = r"[0-9]{1,2}"
_OPEN, _CLOSE = r"[(\[〔【]", r"[)\]〕】]"


@dataclass(frozen=True, slots=True)
class HeadingNumber:
    """A number at the start of a line."""

    level: int
    """1 to 5; levels above 一、 are 0 (第一节), -1 (第一章) and -2 (第一部分)."""
    ordinal: int
    shown: str
    """The number with ASCII brackets, lost ones restored."""
    length: int
    """How many code points of the line it takes, including the space after it."""
    lost: Literal["opening", "closing"] | None = None
    """Which of its brackets was lost in print, and restored."""


def _of_kind(kind: str) -> re.Pattern[str]:
    """第一部分 followed by a space or punctuation, or at the start of a short line that may be a heading: not 第一章的规定."""
    joined = "(?![的是为中里内之以则对在有由就将了从也及和与至到规所])[^,。;:!?]{2,30}$"
    return re.compile(rf"第\s*(?P<n>{_HAN}|{_DIGITS})\s*{kind}(?:[\s、:.．]+(?=\S)|(?={joined}))")


_PATTERNS: tuple[tuple[int, Literal["opening", "closing"] | None, re.Pattern[str]], ...] = (
    (-2, None, _of_kind(r"部\s*分")),
    (-1, None, _of_kind("[章篇编]")),
    (0, None, _of_kind("节(?!课|假)")),
    (2, None, re.compile(rf"{_OPEN}\s*第\s*(?P<n>{_HAN})\s*{_CLOSE}\s*、?\s*")),
    # 一、二审案件 and 一、二级 are not numbers. Some sites print a full stop instead of the comma.
    (1, None, re.compile(rf"(?P<n>{_HAN})\s*(?P<mark>[、．.])(?!{_HAN}[、级审])\s*")),
    (2, None, re.compile(rf"{_OPEN}\s*(?P<n>{_HAN})\s*{_CLOSE}\s*、?\s*")),
    (2, None, re.compile(r"(?P<n>[㈠-㈩])\s*、?\s*")),
    # The first report prints 「七)加速推进…」.
    (2, "opening", re.compile(rf"(?P<n>{_HAN})\s*{_CLOSE}\s*、?\s*")),
    (2, "closing", re.compile(rf"{_OPEN}\s*(?P<n>{_HAN})\s*(?=[\u4e00-\u9fff])(?![^()]{{0,20}}\))")),
    (3, None, re.compile(rf"(?P<n>{_DIGITS})\s*(?P<mark>[.、])(?![0-9])\s*")),
    (3, None, re.compile(r"(?P<n>[⒈-⒛])\s*")),
    (4, None, re.compile(rf"{_OPEN}\s*(?P<n>{_DIGITS})\s*{_CLOSE}\s*、?\s*")),
    (4, None, re.compile(r"(?P<n>[⑴-⒇])\s*")),
    (4, "opening", re.compile(rf"(?P<n>{_DIGITS})\s*{_CLOSE}\s*、?\s*")),
    (5, None, re.compile(r"(?P<n>[①-⑳])\s*")),
)


def read_number(text: str) -> HeadingNumber | None:
    """The heading number at the start of `text`; None if there is none."""
    start = plain(text[:40])
    for level, lost, pattern in _PATTERNS:
        if match := pattern.match(start):
            digits = unicodedata.normalize("NFKC", match["n"]).strip("().")
            ordinal = int(digits) if digits.isdigit() else chinese_number(digits)
            if ordinal is None:
                continue
            mark = match["mark"] if "mark" in pattern.groupindex else "."
            if level < 1:
                shown = "".join(match[0].split()).rstrip("、:.．")
                return HeadingNumber(level, ordinal, shown, match.end())
            shown = {1: digits + "、", 3: digits + mark, 5: match["n"]}.get(level, f"(第{digits})" if "第" in match[0] else f"({digits})")
            return HeadingNumber(level, ordinal, shown, match.end(), lost)
    return None


def chinese_number(digits: str) -> int | None:
    """The value of a Chinese numeral from 一 to 九十九, as used in headings and items; None for anything else."""
    match = re.fullmatch(r"(?:(?P<tens>[二三四五六七八九])?(?P<ten>十))?(?P<ones>[一二三四五六七八九])?", digits)
    if not match or not digits:
        return None
    tens = _value(match["tens"], 1) if match["ten"] else 0
    return 10 * tens + _value(match["ones"], 0)


def _value(digit: str | None, absent: int) -> int:
    return "一二三四五六七八九".index(digit) + 1 if digit else absent
