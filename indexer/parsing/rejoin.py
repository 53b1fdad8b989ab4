"""Rejoins paragraphs that a file breaks in the middle of a sentence: 广 / 大干部, PM / 2.5 / 年平均浓度. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from indexer.loaders.document import Line
from indexer.loaders.reflow import join
from indexer.outline import part_of, plain, read_number
from indexer.parsing.dates import is_date
from indexer.parsing.labels import is_metadata
from indexer.parsing.titles import ORGANISATION

_CLOSED = re.compile(r"[。！？!?：:；;”’」』)）》〉】\]…—]\s*$")
_MARK = re.compile("[，,。；;、：:]")
_LONG = 40
"""A line without a full stop is part of a paragraph if it is at least so long and has a comma; a shorter one may be a heading."""
_MAX_PARTS = 8
# Characters that rarely end a sentence but often occur inside one.
_OPEN = re.compile(r"[，,、的地在于至到自从对和与及或将按据把被向为由使（(《“—-]$")
_BEGINS = re.compile(
    r"[一二三四五六七八九十]{1,3}是|[其之][一二三]|首先|下一步|近年来|今年|去年|目前|当前|一年来|综上|此外|附[:：件]|第[一二三四五六七八九十]+|(?:19|20)\d\d\s*年|[●•·■◆▪★*-]"
)


def rejoined(lines: Sequence[Line]) -> tuple[list[Line], int]:
    """The lines, joined where they are parts of one sentence, and the number of breaks removed.

    A line continues if it is prose whose last sentence has no end, and the following lines supply that end without beginning like
    paragraphs, headings or list items.
    """
    found: list[Line] = []
    mended = 0
    index = 0
    while index < len(lines):
        line = lines[index]
        index += 1
        parts = _parts_below(line, lines[index : index + _MAX_PARTS])
        for part in lines[index : index + parts]:
            turns = line.turns or part.turns or part.page != line.page
            line = replace(line, text=join(line.text, part.text), turns=turns, ocr=line.ocr or part.ocr)
        index += parts
        mended += parts
        found.append(line)
    return found, mended


def _parts_below(line: Line, below: Sequence[Line]) -> int:
    """How many of the lines below belong to the sentence that a line leaves unfinished; 0 if it is complete."""
    if not _is_unfinished(line):
        return 0
    for number, part in enumerate(below):
        sure = number == 0 and _OPEN.search(line.text) is not None
        if not _can_go_on(part, sure):
            return 0
        if _CLOSED.search(part.text):
            return number + 1
    return 0


def _is_unfinished(line: Line) -> bool:
    text = plain(line.text)
    if (
        _CLOSED.search(text)
        or line.heading is not None
        or line.bold == len(line.text)
        or " | " in text
        or is_metadata(text)
        or is_date(text)
    ):
        return False
    if "。" in text:
        return True
    return len(text) >= _LONG and "," in text and read_number(text) is None


def _can_go_on(part: Line, sure: bool) -> bool:
    """Whether a line can continue a sentence; `sure` means that the line above cannot end there."""
    text = part.text
    if part.heading is not None or part.bold or read_number(text) or " | " in text or is_metadata(text) or is_date(text):
        return False
    if (_BEGINS.match(text) and not sure) or ORGANISATION.fullmatch(text):
        return False
    if _CLOSED.search(text) or _MARK.search(text):
        return True
    # A short line of only Chinese characters may be a heading; 2.5 is not.
    return part_of(text) is None and re.fullmatch(r"[\u4e00-\u9fff]{3,30}", text) is None
