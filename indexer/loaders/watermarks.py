"""Finds watermarks, and text at an angle or sideways. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from statistics import median

from indexer.loaders.sheets import Char, Printed, Sheet, by_line, size_of, text_of
from indexer.remarks import Remark

_MANY = 3
"""A watermark that tiles a page appears on it at least so often."""


def watermarks(sheets: Sequence[Sheet]) -> tuple[dict[int, list[Printed]], list[Remark]]:
    """Watermarks and turned text by sheet's `id()`, and remarks; pale characters that are no watermark are put back among the others.

    A watermark repeats on most pages or many times on one, lies over the text, or is set at an angle.
    """
    pages = len({sheet.page for sheet in sheets})
    pale = {id(sheet): [(line, text) for line in by_line(sheet.pale) if (text := text_of(line))] for sheet in sheets}
    oblique = {id(sheet): text_of(sheet.oblique) for sheet in sheets}
    on_pages = Counter(text for sheet in sheets for text in {text for _, text in pale[id(sheet)]} | {oblique[id(sheet)]})
    aside: dict[int, list[Printed]] = defaultdict(list)
    remarks = []
    for sheet in sheets:
        size = median(char.size for char in sheet.chars) if sheet.chars else 0.0
        dark = _by_height(sheet.chars)
        on_sheet = Counter(text for _, text in pale[id(sheet)])
        for line, text in pale[id(sheet)]:
            repeats = on_pages[text] > max(1, pages // 2) or on_sheet[text] >= _MANY
            if repeats or _lies_over(line, dark):
                aside[id(sheet)].append(set_aside(sheet, line, text, "watermark"))
            else:
                sheet.chars += line
        if text := oblique[id(sheet)]:
            large = median(char.size for char in sheet.oblique) > 1.5 * size
            marks = sheet.faint or large or on_pages[text] > 1
            aside[id(sheet)].append(set_aside(sheet, sheet.oblique, text, "watermark" if marks else "turned"))
            if not marks:
                remarks.append(Remark("text-turned", page=sheet.page))
        if not sheet.main and size_of(text_of(sheet.chars)) < _TURNED_TEXT and sheet.chars:
            text = " ".join(filter(None, map(text_of, by_line(sheet.chars))))
            aside[id(sheet)].append(set_aside(sheet, sheet.chars, text, "turned"))
            remarks.append(Remark("text-turned", page=sheet.page))
            sheet.chars = []
    return aside, remarks


_TURNED_TEXT = 20
"""At least so many characters set sideways are text; fewer are a mark at the page's edge, which is left out with a remark."""


def set_aside(sheet: Sheet, line: list[Char], text: str, reason: str) -> Printed:
    """A printed line that is left out of the text, with the reason."""
    return Printed(text, sheet.page, line[0].left, line[-1].right, line[0].top, line[0].size, left_out=reason)


def _by_height(chars: list[Char]) -> dict[int, list[Char]]:
    found: dict[int, list[Char]] = defaultdict(list)
    for char in chars:
        found[int(char.top // 20)].append(char)
    return found


def _lies_over(line: list[Char], dark: dict[int, list[Char]]) -> bool:
    over = 0
    for char in line:
        # Filter the existing steps rather than iterate over the range: a damaged file may have characters kilometres high.
        near = (other for step, others in dark.items() if char.top // 20 - 2 <= step <= char.bottom // 20 for other in others)
        over += any(
            min(char.right, other.right) - max(char.left, other.left) > 0.2 * min(char.size, other.size)
            and min(char.bottom, other.bottom) - max(char.top, other.top) > 0.2 * min(char.size, other.size)
            for other in near
        )
    return over > 0.3 * len(line)
