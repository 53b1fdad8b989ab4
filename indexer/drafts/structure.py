"""Findings on the structure of a draft: required contents, numbers of headings, 一是-items, brackets and quotation marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.analysis.fold import fold
from indexer.drafts.kinds import Finding, finding_at, finding_on_all
from indexer.model import Kind, Passage, Report
from indexer.outline import item_label, read_number

_ORDERED = 2
"""Levels, from the first, whose numbers are also read in paragraphs: a heading out of order may not have been recognized as one."""
_PAIRS = {"（": "）", "《": "》", "〈": "〉", "“": "”", "‘": "’", "「": "」", "『": "』", "【": "】", "〔": "〕", "[": "]", "{": "}"}
_MARKS = re.compile('[（）()《》〈〉“”‘’「」『』【】〔〕\\[\\]{}"]')
_WIDE = str.maketrans("()", "（）")
# 1) and 一) in a text number items; an apostrophe is not a quotation mark.
_COUNTED = re.compile(r"(?:^|[\s，,。；;：:、])(?:[0-9０-９a-zA-Z]{1,2}|[一二三四五六七八九十]{1,3})$")


def missing_contents(report: Report) -> Iterator[Finding]:
    """The required contents that were not found."""
    for content in report.lacking:
        yield finding_on_all("content-missing", report, content=content.value)


def numbers_out_of_order(report: Report) -> Iterator[Finding]:
    """Headings whose number is not the next one."""
    # By level, the numbers that the last heading may count as: its own, and the one that was expected instead.
    counted: dict[int, tuple[int, ...]] = {}
    for passage, text in _numbered(report):
        if (number := read_number(text)) is None:
            continue
        before = counted.get(number.level, (0,))
        counted = {level: numbers for level, numbers in counted.items() if level < number.level} | {number.level: (number.ordinal,)}
        # Below the second level, lists are numbered too.
        if number.ordinal - 1 not in before and not (number.ordinal == 1 and number.level > _ORDERED):
            counted[number.level] = number.ordinal, before[0] + 1
            yield finding_at("number-order", report, passage, 0, len(text), expected=before[0] + 1)


def _numbered(report: Report) -> Iterator[tuple[Passage, str]]:
    """Each heading with its passage, and the numbers of paragraphs that may be headings."""
    for passage in report.passages[1:]:
        if _has_heading(passage):
            yield passage, passage.section[-1].text
        elif (number := read_number(passage.text)) is not None and number.level <= _ORDERED and number.lost is None:
            yield passage, passage.text[: number.length]


def _has_heading(passage: Passage) -> bool:
    """Whether the passage is a heading, or begins with one."""
    run_in = bool(passage.section) and passage.anchor.endswith(".p1") and passage.text.startswith(passage.section[-1].text)
    return passage.kind is Kind.HEADING or run_in


def headings_there_twice(report: Report) -> Iterator[Finding]:
    """Headings with the same words as another one under the same heading."""
    seen: set[tuple[tuple[str, ...], str]] = set()
    for passage in filter(_has_heading, report.passages[1:]):
        heading = passage.section[-1]
        key = tuple(above.anchor for above in passage.section[:-1]), fold(heading.heading)
        if heading.heading and key in seen:
            yield finding_at("heading-twice", report, passage, 0, len(heading.text))
        seen.add(key)


def gaps_between_items(report: Report) -> Iterator[Finding]:
    """Items that do not follow one another, and a single 一是."""
    passages = report.paragraphs
    for number, passage in enumerate(passages):
        if number and passages[number - 1].section == passage.section:
            continue
        below = [passage]
        for other in passages[number + 1 :]:
            if other.section != passage.section:
                break
            below.append(other)
        yield from _gaps(report, below)


def _gaps(report: Report, passages: list[Passage]) -> Iterator[Finding]:
    """The gaps in the paragraphs under one heading, each of which may hold an item."""
    text, items = "", []
    for passage in passages:
        items += [(passage, item, len(text) + item.start) for item in passage.items]
        text += passage.text
    begin = 0
    before: tuple[int, ...] = (0,)
    for place, (passage, item, offset) in enumerate(items):
        label = item.start, item.start + len(item_label(item.number))
        expected = item_label(before[0] + 1)
        counts: tuple[int, ...] = (item.number,)
        # 二是 after a comma is not an item, but it counts.
        if item.number != 1 and item.number - 1 not in before and (item.number <= before[0] or expected not in text[begin:offset]):
            counts = item.number, before[0] + 1
            yield finding_at("items-gap", report, passage, *label, expected=expected)
        following = items[place + 1] if place + 1 < len(items) else None
        end = following[2] if following else len(text)
        if item.number == 1 and (following is None or following[1].number == 1) and item_label(2) not in text[offset:end]:
            yield finding_at("items-gap", report, passage, *label, expected=item_label(2))
        begin, before = offset, counts


def unpaired_marks(report: Report) -> Iterator[Finding]:
    """Brackets and quotation marks without a counterpart in the same paragraph."""
    for passage in report.passages:
        # A long paragraph is stored in pieces, and a pair may be split between two of them.
        if "-" not in passage.anchor:
            for offset in _unpaired(passage.text):
                yield finding_at("unpaired", report, passage, offset, offset + 1)


def _unpaired(text: str) -> list[int]:
    open_: list[tuple[str, int]] = []
    lonely: list[int] = []
    straight: list[int] = []
    for match in _MARKS.finditer(text):
        offset, mark = match.start(), match[0].translate(_WIDE)
        if mark == '"':
            straight.append(offset)
        elif mark in _PAIRS:
            open_.append((_PAIRS[mark], offset))
        elif any(closes == mark for closes, _ in open_):
            while (other := open_.pop())[0] != mark:
                lonely.append(other[1])
        elif not _is_counted(text, offset, mark):
            lonely.append(offset)
    if len(straight) % 2:
        lonely.append(straight[-1])
    return sorted([*lonely, *(offset for _, offset in open_)])


def _is_counted(text: str, offset: int, mark: str) -> bool:
    """Whether a closing mark belongs to the number of an item, or is an apostrophe."""
    if mark == "’":
        return text[:offset][-1:].isascii()
    number = read_number(text) if offset < 5 else None
    if number is not None and number.lost == "opening":
        return number.level > _ORDERED
    return mark == "）" and bool(_COUNTED.search(text, max(0, offset - 4), offset))
