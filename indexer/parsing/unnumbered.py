"""Finds headings without a number: which lines begin with one, where it ends, and its level. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from indexer.loaders.document import Line
from indexer.outline import STANDARD_PARTS, part_of, plain, read_number

_OWN_LINE = 60
"""A bold line of at most so many code points is a heading."""
_LENGTH = 24
"""Longest heading without any marking, in code points."""
_ABOVE = 40
"""Longest heading right above (一), in code points."""
_MIN_TEXT = 15
"""Least code points of text after a run-in heading."""
_SIBLINGS = 0.5
"""If short first sentences are headings, at least this share of the paragraphs under one numbered heading begin with one."""
_ITEM = re.compile(r"[一二三四五六七八九十]{1,3}是|[其之]一|首先|第[一二三]，")
_FIRST_PARTS = frozenset(STANDARD_PARTS[:5])
"""The standard parts that are first-level sections of reports."""


class Unnumbered(NamedTuple):
    """A heading without a number at the start of a line."""

    end: int
    """The offset in the line where it ends."""
    level: int | None
    """None for one below the numbered heading above it."""


def find_unnumbered(lines: Sequence[Line]) -> dict[int, Unnumbered]:
    """The headings without a number, by the index of their line.

    These are lines with a heading style or in bold; a short first sentence that names a standard part, if an adjacent paragraph begins
    in the same way or it is in bold, and with it the first sentences of its siblings; a short line naming a standard part, if nothing is
    numbered; and a short line right above (一), if no line is numbered 一、.
    """
    numbers = [read_number(line.text) for line in lines]
    numbered = any(number and 1 <= number.level <= 2 for number in numbers)
    opening = {index: end for index, line in enumerate(lines) if (end := _first_sentence(line)) is not None}
    naming = {index for index, end in opening.items() if part_of(plain(lines[index].text[:end])) is not None}
    found: dict[int, Unnumbered] = {}
    for index, line in enumerate(lines):
        if numbers[index] is not None or _ITEM.match(line.text) or " | " in line.text:
            continue
        if line.heading or _is_bold_heading(line) or (not numbered and _is_short_heading(lines, index)):
            found[index] = Unnumbered(len(line.text), line.heading or None)
        elif index in naming and (_is_bold_to(line, opening[index]) or index - 1 in naming or index + 1 in naming):
            found[index] = Unnumbered(opening[index], None)
    for group in _between_numbers([number is not None for number in numbers]):
        begun = [index for index in group if index in opening]
        if any(index in found for index in begun) and len(begun) >= _SIBLINGS * len(group):
            found |= {index: Unnumbered(opening[index], None) for index in begun if index not in found}
    if not any(number and number.level == 1 for number in numbers):
        found |= {index: Unnumbered(len(lines[index].text), 1) for index in _first_levels(lines)}
    return found


def _first_sentence(line: Line) -> int | None:
    """The offset where the short first sentence of an unnumbered paragraph ends; None if it cannot be a heading."""
    if read_number(line.text) is not None or _ITEM.match(line.text):
        return None
    stop = line.text.find("。")
    first = plain(line.text[:stop])
    if not 4 <= stop <= _LENGTH or len(line.text) - stop < _MIN_TEXT or re.search(r"[，,；;:：?？\d]", first):
        return None
    return stop


def _between_numbers(numbered: Sequence[bool]) -> Iterator[list[int]]:
    """The groups of lines between one numbered line and the next."""
    group: list[int] = []
    for index, is_numbered in enumerate([*numbered, True]):
        if not is_numbered:
            group.append(index)
        elif group:
            yield group
            group = []


def _first_levels(lines: Sequence[Line]) -> list[int]:
    """The unnumbered lines in place of 一、 and 二、: those right above (一) and, if there are any, others that name a first-level part."""
    above = [index for index in range(len(lines) - 1) if _opens_second_level(lines[index + 1].text) and _is_bare(lines[index], _ABOVE)]
    if not above:
        return []
    named = [
        index
        for index, line in enumerate(lines[:-1])
        if _is_bare(line, _LENGTH) and part_of(plain(line.text)) in _FIRST_PARTS and len(lines[index + 1].text) > len(line.text)
    ]
    return sorted({*above, *named})


def _opens_second_level(text: str) -> bool:
    number = read_number(text)
    return number is not None and number.level == 2 and number.ordinal == 1


def _is_bare(line: Line, length: int) -> bool:
    """Whether a line is short, without a number and without punctuation."""
    text = plain(line.text)
    return len(text) <= length and not re.search("[。,;:!?|]", text) and read_number(text) is None and not _ITEM.match(text)


def _is_bold_to(line: Line, end: int) -> bool:
    return line.bold > 0 and abs(line.bold - end) <= 1


def _is_bold_heading(line: Line) -> bool:
    return line.bold == len(line.text) and len(line.text) <= _OWN_LINE and not re.search("[。；，]", line.text.rstrip("。"))


def _is_short_heading(lines: Sequence[Line], index: int) -> bool:
    text = plain(lines[index].text)
    if len(text) > _LENGTH or re.search(r"[。，,；;：:、]", text) or part_of(text) is None:
        return False
    return index + 1 < len(lines) and len(lines[index + 1].text) > len(text)
