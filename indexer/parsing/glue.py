"""Splits headings from text on the same line: texts in one block, or a heading followed by the next one on its line. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from indexer.loaders.document import Line
from indexer.outline import HeadingNumber, plain, read_number

_NUMBERS = {
    1: re.compile(r"[一二三四五六七八九十]{1,3}、"),
    2: re.compile(r"[(][一二三四五六七八九十]{1,3}[)]"),
    3: re.compile(r"(?<![\d.])\d{1,2}[.、](?!\d)"),
}
_AFTER_SENTENCE = re.compile(r"[。！？!?:;]\s*$")
_MAX_HEADING = 45


def unglued(lines: Iterable[Line]) -> list[Line]:
    """The lines, split before numbered headings inside them.

    A level is searched for inside lines only if no line of the text begins with it: 一、 and then 二、 after ends of
    sentences are headings, one alone is not. A first subheading right after a heading is always split off.
    """
    found = list(lines)
    for level in _NUMBERS:
        if not any(number.level == level for number in map(read_number, (line.text for line in found)) if number):
            found = [part for line in found for part in _cut(line, _heading_starts(line.text, level))]
    return [part for line in found for part in _cut(line, _second_heading(line.text))]


def _heading_starts(text: str, level: int) -> list[int]:
    """The offsets of a level's headings inside a text: at least two, counted from one, after ends of sentences."""
    shown = plain(text)
    starts: list[int] = []
    expected = 1
    for match in _NUMBERS[level].finditer(shown):
        number = read_number(text[match.start() : match.end() + 12])
        if number is None or number.level != level:
            continue
        before = shown[: match.start()]
        opens = number.ordinal == 1 and (not before.strip() or _is_heading(before))
        if number.ordinal == expected and (opens or _AFTER_SENTENCE.search(before)):
            starts.append(match.start())
            expected += 1
    return starts if len(starts) > 1 else []


def _is_heading(text: str) -> bool:
    return len(text) <= _MAX_HEADING and read_number(text) is not None and not re.search("[。;,]", text)


def _second_heading(text: str) -> list[int]:
    """The offset where the first heading of a lower level follows the line's own heading; empty if none does."""
    own = read_number(text)
    if own is None:
        return []
    shown = plain(text[: _MAX_HEADING + 8])
    for level in range(max(own.level, 0) + 1, 4):
        for match in _NUMBERS[level].finditer(shown, own.length + 2):
            number: HeadingNumber | None = read_number(text[match.start() :])
            if number and number.ordinal == 1 and not re.search("[。;,]", shown[own.length : match.start()].rstrip("。:")):
                return [match.start()]
    return []


def _cut(line: Line, starts: list[int]) -> Iterator[Line]:
    if not starts:
        yield line
        return
    for start, end in zip([0, *starts], [*starts, len(line.text)], strict=True):
        text = line.text[start:end].strip()
        if text:
            yield replace(line.part(start, text), bold=min(max(0, line.bold - start), len(text)))
