"""The page of a scan as if it were printed: its characters spread over the lines that were read. Nothing here reads pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexer.loaders.reflow import measure
from indexer.loaders.scanned import ScannedLine, ScannedPage
from indexer.loaders.sheets import Char, Sheet

_ALIKE = 0.2
"""Sizes that differ by a smaller share from the page's usual one are that: boxes are never exact, and sizes part paragraphs."""


def sheet_of(number: int, page: ScannedPage) -> Sheet:
    """A page as if it were printed, its characters spread over its lines."""
    usual = _usual_size(page.lines)
    sheet = Sheet(number, page.width, page.height, scanned=True)
    sheet.tables = [[list(row) for row in table] for table in page.tables]
    for line in page.lines:
        sheet.chars += _chars(line, usual)
    return sheet


_HALF_LEFT, _HALF_RIGHT = frozenset("，。、；：！？）》”’】〕"), frozenset("（《“‘【〔")
"""Marks whose ink fills the left or the right half of their square: at a line's end boxes leave the other half out."""


def _extent(line: ScannedLine) -> tuple[float, float]:
    """From where to where a line reaches, the white halves of marks at its ends with it."""
    half = 0.5 * (line.right - line.left) / max(0.5, measure(line.text) - _white(line.text))
    return line.left - half * (line.text[:1] in _HALF_RIGHT), line.right + half * (line.text[-1:] in _HALF_LEFT)


def _white(text: str) -> float:
    return 0.5 * ((text[:1] in _HALF_RIGHT) + (text[-1:] in _HALF_LEFT))


def _advance(line: ScannedLine) -> float:
    """What a Chinese character of the line takes of its width."""
    left, right = _extent(line)
    return (right - left) / max(0.5, measure(line.text))


def _usual_size(lines: Sequence[ScannedLine]) -> float:
    """That of most characters in long lines; of all, where there is none."""
    long = [line for line in lines if measure(line.text) >= 8] or list(lines)
    sizes = sorted((_advance(line), len(line.text)) for line in long)
    half = sum(length for _, length in sizes) / 2
    passed = 0
    for size, length in sizes:
        passed += length
        if passed >= half:
            return size
    return 10.0


def _chars(line: ScannedLine, usual: float) -> Iterator[Char]:
    advance = _advance(line)
    height = line.bottom - line.top
    # Few characters say little of their width, for marks at their ends make them seem smaller; and heads are spaced out.
    size = advance if measure(line.text) >= 4 and advance <= 1.3 * height else 0.8 * height
    if abs(size - usual) <= _ALIKE * usual:
        size = usual
    middle = (line.top + line.bottom) / 2
    left, _ = _extent(line)
    for char in line.text:
        right = left + advance * measure(char)
        yield Char(char, left, right, middle - size / 2, middle + size / 2, size)
        left = right
