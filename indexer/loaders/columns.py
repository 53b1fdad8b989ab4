"""Finds the reading order of a printed page, reading columns one after the other. Pure; used for PDF and OFD."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

T = TypeVar("T")

_LINES = 3
"""Least lines of a column."""
_CHARACTERS = 6
"""Least mean number of characters per line of a column; cells of a table have fewer."""
_WIDTH = 8
"""Least width of a column, in characters."""
_FULL, _FULL_SHARE = 0.85, 0.5
"""At least `_FULL_SHARE` of a column's lines fill `_FULL` of its width, as prose does and cells of a table do not."""
_BREAK = 2.2
"""A step down of so many font sizes ends the columns, if only the left one has lines below it."""
_STRIPE = 3.0
"""White space across the page of so many font sizes ends the columns."""
_DEEPEST = 3
_MAX_CANDIDATES = 24


@dataclass(frozen=True, slots=True)
class Piece(Generic[T]):
    """A part of a line without a wide gap, or a whole table."""

    left: float
    right: float
    top: float
    bottom: float
    size: float
    length: int
    """In characters."""
    content: T


@dataclass(frozen=True, slots=True)
class Block(Generic[T]):
    """Consecutive lines and the path of their column: () for the page's whole width, (1, 2) for the second column inside the first."""

    slot: tuple[int, ...]
    lines: list[list[Piece[T]]]


def in_order(lines: Sequence[list[Piece[T]]], depth: int = 0) -> Iterator[Block[T]]:
    """Divide lines, given from top to bottom, into blocks in reading order."""
    gutter = _gutter(lines) if depth < _DEEPEST else None
    if gutter is None:
        if lines:
            yield Block((), list(lines))
        return
    done = 0
    for start, end in _bands(lines, gutter):
        if start > done:
            yield Block((), list(lines[done:start]))
        for number, side in enumerate(_sides(lines[start:end], gutter), 1):
            for block in in_order(side, depth + 1):
                yield Block((number, *block.slot), block.lines)
        done = end
    if done < len(lines):
        yield Block((), list(lines[done:]))


def _gutter(lines: Sequence[list[Piece[T]]]) -> float | None:
    """The horizontal position of the gap between two columns, None on a page without columns."""
    pieces = [piece for line in lines for piece in line]
    if len(pieces) < 2 * _LINES:
        return None
    edge = min(piece.left for piece in pieces)
    starts: dict[int, int] = {}
    for piece in pieces:
        if piece.left - edge > _WIDTH * piece.size:
            at = round(piece.left - 0.5 * piece.size)
            starts[at] = starts.get(at, 0) + piece.length
    best, held = None, 0
    for at in sorted(starts, key=lambda at: -starts[at])[:_MAX_CANDIDATES]:
        length = sum(piece.length for start, end in _bands(lines, at) for line in lines[start:end] for piece in line)
        if length > held:
            best, held = float(at), length
    return best


def _bands(lines: Sequence[list[Piece[T]]], gutter: float) -> Iterator[tuple[int, int]]:
    """The half-open range of each run of lines that form two columns with this gap between them."""
    start = 0
    bottom = float("inf")
    for number in range(len(lines) + 1):
        crossed = number == len(lines) or any(piece.left < gutter < piece.right for piece in lines[number])
        apart = not crossed and lines[number][0].top - bottom > _STRIPE * lines[number][0].size
        if not crossed:
            bottom = max([*([] if apart or number == start else [bottom]), *(piece.bottom for piece in lines[number])])
            if not apart:
                continue
        band = _trimmed(lines, start, number, gutter)
        if band and all(map(_is_column, _sides(lines[band[0] : band[1]], gutter))):
            yield band
        start = number + crossed


def _trimmed(lines: Sequence[list[Piece[T]]], start: int, end: int, gutter: float) -> tuple[int, int] | None:
    """The run without those lines at its ends that are left of the gap but not part of the left column; None if it has too few lines.

    Columns differ in length by at most a line: further lines below them, before one of the page's whole width, have that width too.
    """
    both = [number for number in range(start, end) if lines[number][-1].left > gutter]
    if len(both) < _LINES:
        return None
    first, last = both[0], both[-1] + 1
    if first > start and lines[first][0].top - lines[first - 1][0].top < lines[first][0].size:
        first -= 1  # the right column begins a bit lower
    if end == len(lines):
        while last < end and lines[last][0].top - lines[last - 1][0].top <= _BREAK * lines[last][0].size:
            last += 1
    elif last < end:
        widest = max(line[0].right - line[0].left for line in lines[first:last] if line[0].left < gutter) if first < last else 0.0
        last += lines[last][-1].right - lines[last][0].left >= _FULL * widest
    return first, last


def _sides(lines: Sequence[list[Piece[T]]], gutter: float) -> tuple[list[list[Piece[T]]], list[list[Piece[T]]]]:
    left = [[piece for piece in line if piece.left < gutter] for line in lines]
    right = [[piece for piece in line if piece.left >= gutter] for line in lines]
    return [line for line in left if line], [line for line in right if line]


def _is_column(lines: Sequence[list[Piece[T]]]) -> bool:
    """Whether lines read as a column of prose."""
    if len(lines) < _LINES:
        return False
    widths = [line[-1].right - line[0].left for line in lines]
    span = max(line[-1].right for line in lines) - min(line[0].left for line in lines)
    gaps = sum(after.left - before.right > 1.5 * after.size for line in lines for before, after in pairwise(line))
    return (
        sum(piece.length for line in lines for piece in line) >= _CHARACTERS * len(lines)
        and span >= _WIDTH * lines[0][0].size
        and sum(width >= _FULL * span for width in widths) >= _FULL_SHARE * len(lines)
        and gaps < len(lines)
    )
