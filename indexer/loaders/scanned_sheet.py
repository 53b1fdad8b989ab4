"""Turns the OCR result of a page into a `Sheet` as if it were printed, spreading characters over their lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexer.loaders.reflow import measure
from indexer.loaders.scanned import ScannedLine, ScannedPage
from indexer.loaders.sheets import Char, Sheet

_ALIKE = 0.2
"""Sizes within this share of the page's usual size are set to it: boxes are inexact, and a change of size would end a paragraph."""


def sheet_of(number: int, page: ScannedPage) -> Sheet:
    """The page as a `Sheet`, with characters spread over its lines."""
    usual = _usual_size(page.lines)
    sheet = Sheet(number, page.width, page.height, scanned=True)
    sheet.tables = [[list(row) for row in table] for table in page.tables]
    for line in page.lines:
        sheet.chars += _chars(line, usual)
    return sheet


_HALF_LEFT, _HALF_RIGHT = frozenset("，。、；：！？）》”’】〕"), frozenset("（《“‘【〔")
"""Punctuation whose ink fills only the left or right half of its square: at a line's end, boxes omit the other half."""


def _extent(line: ScannedLine) -> tuple[float, float]:
    """The left and right edge of a line, including the blank halves of punctuation at its ends."""
    half = 0.5 * (line.right - line.left) / max(0.5, measure(line.text) - _white(line.text))
    return line.left - half * (line.text[:1] in _HALF_RIGHT), line.right + half * (line.text[-1:] in _HALF_LEFT)


def _white(text: str) -> float:
    return 0.5 * ((text[:1] in _HALF_RIGHT) + (text[-1:] in _HALF_LEFT))


def _advance(line: ScannedLine) -> float:
    """The width of a Chinese character in the line."""
    left, right = _extent(line)
    return (right - left) / max(0.5, measure(line.text))


def _usual_size(lines: Sequence[ScannedLine]) -> float:
    """The median character size in long lines, or in all lines if none is long."""
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
    # Use the height if the line is too short to measure widths, which punctuation distorts, or if it is spaced out like a head.
    size = advance if measure(line.text) >= 4 and advance <= 1.3 * height else 0.8 * height
    if abs(size - usual) <= _ALIKE * usual:
        size = usual
    middle = (line.top + line.bottom) / 2
    left, _ = _extent(line)
    for char in line.text:
        right = left + advance * measure(char)
        yield Char(char, left, right, middle - size / 2, middle + size / 2, size)
        left = right
