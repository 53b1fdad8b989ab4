"""Removes note marks from printed text: small raised signs after a Chinese character, which would split words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from statistics import median

from indexer.loaders.sheets import Char, Sheet, by_line

_SMALL = 0.8
"""A mark has at most this share of the line's font size."""
_RAISED = 0.12
"""A mark's bottom is at least so many font sizes above the line's bottom."""
_MARK = re.compile(r"[\[〔(（]?(?P<mark>\d{1,3}|[ivx]{1,5}|[①-⑳]|[*＊†]{1,3})[\]〕)）]?")
_BEFORE = re.compile("[\u3400-\u9fff。，；、：！？）》”’】〕%％]")
_UNITS = frozenset("米里分秒")
"""After these a raised number is an exponent, as in square metres."""


def set_marks_aside(sheets: Sequence[Sheet]) -> None:
    """Move note marks out of the text of pages. A mark counts only if some line begins with it, as its note does."""
    found: list[tuple[Sheet, Char, list[Char], str]] = []
    begun: set[str] = set()
    for sheet in sheets:
        if sheet.runs is not None or sheet.scanned:
            continue
        for line in by_line([char for char in sheet.chars if not char.text.isspace()]):
            if match := _MARK.match("".join(char.text for char in line[:6])):
                begun.add(match["mark"])
            found += [(sheet, *mark) for mark in _marks(line)]
    taken: set[int] = set()
    for sheet, before, mark, text in found:
        if text in begun:
            sheet.aside.append(("note", mark))
            taken |= {id(char) for char in mark}
            # Widen the character before, so that the gap is not taken for a space between words.
            before.right = max(before.right, mark[-1].right)
    for sheet in sheets if taken else ():
        sheet.chars = [char for char in sheet.chars if id(char) not in taken]


def _marks(line: Sequence[Char]) -> Iterator[tuple[Char, list[Char], str]]:
    """The marks in a line: the character before each, the mark's characters, and its text."""
    size = max(median(char.size for char in line), line[0].size)
    full = [char.bottom for char in line if char.size > _SMALL * size]
    if not full:
        return
    feet = median(full)
    at = 1
    while at < len(line):
        end = at
        while end < len(line) and line[end].size <= _SMALL * size and line[end].bottom <= feet - _RAISED * size:
            end += 1
        before = line[at - 1]
        match = _MARK.fullmatch("".join(char.text for char in line[at:end])) if end > at else None
        if match and _BEFORE.fullmatch(before.text) and before.text not in _UNITS:
            yield before, list(line[at:end]), match["mark"]
        at = end + 1
