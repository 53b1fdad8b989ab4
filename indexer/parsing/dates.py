"""Reads dates and years as Chinese pages write them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from indexer.outline import plain

_ZERO = "〇○OoΟО0零"
"""Characters typed for the zero of 二〇二三: 〇 itself, a circle, a letter (Latin, Greek, Cyrillic), a digit, a word."""
_DIGITS = str.maketrans(_ZERO + "一二三四五六七八九", "0" * len(_ZERO) + "123456789")
_YEAR = r"(?:19|20)\d\d"
HAN_YEAR = rf"[一二][{_ZERO}九][{_ZERO}一二三四五六七八九]{{2}}"
"""Matches a year in Chinese numerals."""
_FORMS = (
    # 2023-03-01, 2023/3/1, 2017年02月28日, 2023 年 3 月 1 日
    re.compile(rf"(?<!\d)(?P<y>{_YEAR})\s*[-/.年]\s*(?P<m>\d{{1,2}})\s*[-/.月]\s*(?P<d>\d{{1,2}})(?!\d)"),
    # 18.03.2015
    re.compile(rf"(?<!\d)(?P<d>\d{{1,2}})\s*[-/.]\s*(?P<m>\d{{1,2}})\s*[-/.]\s*(?P<y>{_YEAR})(?!\d)"),
    # 20230301
    re.compile(rf"(?<!\d)(?P<y>{_YEAR})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"),
    # 二〇二三年三月一日
    re.compile(rf"(?P<y>{HAN_YEAR})\s*年\s*(?P<m>[一二三四五六七八九十]{{1,2}})\s*月\s*(?P<d>[一二三四五六七八九十]{{1,3}})\s*日"),
)
_BARE = re.compile(
    r"[(\[【]?\s*+(?:{})\s*+(?:日\s*+)?(?:星期.\s*+)?(?:\d{{1,2}}:\d{{2}}(?::\d{{2}})?\s*+)?[)\]】]?".format(
        "|".join(re.sub(r"\(\?P<.>", "(?:", form.pattern) for form in _FORMS)
    )
)
_AT_END = re.compile(r"(?:{})\s*日?$".format("|".join(re.sub(r"\(\?P<.>", "(?:", form.pattern) for form in _FORMS)))
# Years of plans, which are not the report's: 《纲要(2021—2025年)》, 实施纲要(2021-2025年), “十四五”.
_PLANS = re.compile(r"《[^《》]*》|(?:纲要|规划|计划|方案|要点)\s*[(〔][^()〔〕]*[)〕]")
_DAY = re.compile(rf"(?:{_YEAR}|{HAN_YEAR})\s*年\s*[\d一二三四五六七八九十]{{1,2}}\s*月\s*(?:[\d一二三四五六七八九十]{{1,3}}\s*日)?")
_REPORTED = re.compile(rf"(?<!\d)(?P<first>{_YEAR})\s*+年?度?\s*+(?:[-—–~至到和、]++\s*+(?P<last>{_YEAR})\s*+)?年|(?P<han>{HAN_YEAR})\s*年")


def find_date(text: str) -> str | None:
    """The first date in a text (ISO 8601), None if there is none."""
    return min(find_dates(text), default=(0, 0, None))[2]


def find_dates(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and ISO 8601 form of each date in a text, grouped by the form of writing."""
    text = plain(text)
    for form in _FORMS:
        for match in form.finditer(text):
            if day := _iso(match):
                yield *match.span(), day


def is_date(text: str) -> bool:
    """Whether a line is only a date, with or without a time."""
    return _BARE.fullmatch(plain(text).strip()) is not None


def without_date(text: str) -> str:
    """The part of a text before the date at its end, 石岭县水利局 of 石岭县水利局 2024年1月12日; the whole text if it ends with none."""
    match = _AT_END.search(plain(text))
    return text[: match.start()].rstrip() if match else text


def without_days(text: str) -> str:
    """A text without its full dates and months, because the date of a meeting is not the reported year."""
    return _DAY.sub("", text)


def find_years(text: str) -> Iterator[tuple[int, int]]:
    """The years in a text, except those of plans, each as the first and last year of a range."""
    for match in _REPORTED.finditer(_PLANS.sub("", plain(text))):
        if match["han"]:
            year = _han_year(match["han"])
            yield year, year
        else:
            first = int(match["first"])
            last = int(match["last"] or first)
            yield first, last if first <= last <= first + 10 else first


def _han_year(text: str) -> int:
    return int(text.translate(_DIGITS))


def _iso(match: re.Match[str]) -> str | None:
    year = match["y"]
    try:
        if year.isdecimal() and year.isascii():
            return date(int(year), int(match["m"]), int(match["d"])).isoformat()
        return date(_han_year(year), _han_number(match["m"]), _han_number(match["d"])).isoformat()
    except ValueError:
        return None


def _han_number(text: str) -> int:
    tens, ten, ones = text.rpartition("十")
    number = (int(tens.translate(_DIGITS)) if tens else 1) * 10 if ten else 0
    return number + (int(ones.translate(_DIGITS)) if ones else 0)
