"""Groups a page's characters by writing direction, and rotates sideways or vertical text so that it reads horizontally. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from indexer.loaders.sheets import Box, Char, Sheet

_OBLIQUE = 3.0
"""Text more than so many degrees off the page's edges counts as set at an angle."""
_HUGE = 2.5
"""Characters of more than so many times the page's median size may be a watermark."""
_VERTICAL_SHARE = 0.6
"""Text is set in vertical lines if more than this share of the steps from one character to the next go straight down."""


@dataclass(slots=True)
class Drawn:
    """A character at its place on the page."""

    char: Char
    turn: int | None
    """Its anticlockwise rotation in quarter turns, None if it is set at an angle."""
    faint: bool
    """Whether it has a light colour, as watermarks do."""


def quarters(angle: float) -> int | None:
    """An anticlockwise angle in degrees as a number of quarter turns from 0 to 3, None if it is not near one."""
    return None if _OBLIQUE < angle % 90 < 90 - _OBLIQUE else round(angle / 90) % 4


def sheets_of(
    page: int,
    width: float,
    height: float,
    drawn: Iterable[Drawn],
    tables: Sequence[Sequence[Sequence[Box | None]]],
    filled_in: Iterable[Char] = (),
) -> tuple[list[Sheet], bool]:
    """The text of a page as one sheet per direction, the direction with most text first; and whether any has vertical lines.

    Args:
        page: The page's number, from 1.
        width: In points.
        height: In points.
        drawn: The page's characters in drawing order.
        tables: Each table as rows of cells.
        filled_in: Upright characters laid over the page, such as values of a form.
    """
    by_turn: dict[int, list[Drawn]] = defaultdict(list)
    oblique: list[Drawn] = []
    for item in drawn:
        (oblique if item.turn is None else by_turn[item.turn]).append(item)
    order = sorted(by_turn, key=lambda turn: -sum(not item.char.text.isspace() for item in by_turn[turn])) or [0]
    found = [_sheet(page, (width, height), by_turn[turn], turn, tables, main=turn in (order[0], 0)) for turn in order]
    found[0].oblique = [item.char for item in oblique]
    found[0].faint = bool(oblique) and all(item.faint for item in oblique)
    upright = next((sheet for sheet, turn in zip(found, order, strict=True) if turn == 0), found[0])
    if upright.runs is None:
        upright.chars += filled_in
    else:
        upright.runs += [[char] for char in filled_in]
    return found, any(sheet.runs is not None for sheet in found)


def _sheet(
    page: int,
    size: tuple[float, float],
    items: Sequence[Drawn],
    turn: int,
    tables: Sequence[Sequence[Sequence[Box | None]]],
    *,
    main: bool,
) -> Sheet:
    sheet = Sheet(page, *(size[::-1] if turn % 2 else size), main=main)
    chars = [_turned_char(item.char, size, turn) for item in items]
    if main:
        sheet.tables = [_turned_table(table, size, turn) for table in tables]
    usual = median(char.size for char in chars) if chars else 0.0
    cells = [cell for table in sheet.tables for row in table for cell in row if cell]
    for item, char in zip(items, chars, strict=True):
        odd = item.faint or char.size > _HUGE * usual
        in_table = odd and any(left <= char.left <= right and top <= char.top <= bottom for left, top, right, bottom in cells)
        (sheet.pale if odd and not in_table else sheet.chars).append(char)
    if turn == 0 and _is_vertical(chars):
        sheet.runs = _vertical(chars, sheet.width)
        sheet.pale = []
    return sheet


def _turned(box: Box, size: tuple[float, float], turn: int) -> Box:
    """A box after the page has been rotated clockwise by `turn` quarters."""
    left, top, right, bottom = box
    width, height = size
    if turn == 1:
        return (height - bottom, left, height - top, right)
    if turn == 2:
        return (width - right, height - bottom, width - left, height - top)
    if turn == 3:
        return (top, width - right, bottom, width - left)
    return box


def _turned_char(char: Char, size: tuple[float, float], turn: int) -> Char:
    if turn == 0:
        return char
    left, top, right, bottom = _turned((char.left, char.top, char.right, char.bottom), size, turn)
    return Char(char.text, left, right, top, bottom, char.size)


def _turned_table(table: Sequence[Sequence[Box | None]], size: tuple[float, float], turn: int) -> list[list[Box | None]]:
    if turn == 0:
        return [list(row) for row in table]
    by_row: dict[int, list[Box]] = defaultdict(list)
    for cell in (_turned(cell, size, turn) for row in table for cell in row if cell):
        by_row[round(cell[1])].append(cell)
    return [[*sorted(by_row[top])] for top in sorted(by_row)]


def _is_vertical(chars: Sequence[Char]) -> bool:
    steps = [_goes_down(before, after) for before, after in pairwise(chars)]
    return len(steps) > 5 and sum(steps) > _VERTICAL_SHARE * len(steps)


def _goes_down(before: Char, after: Char) -> bool:
    """Whether a character is right below the one drawn before it."""
    return abs(after.left - before.left) < 0.3 * before.size and 0.5 * before.size < after.top - before.top < 2.5 * before.size


def _vertical(chars: Sequence[Char], width: float) -> list[list[Char]]:
    """Vertical lines from right to left, as if the page were rotated; in drawing order if many share a position."""
    runs: list[list[Char]] = []
    for char in chars:
        if runs and _goes_down(runs[-1][-1], char):
            runs[-1].append(char)
        else:
            runs.append([char])
    if len({round(run[0].left) for run in runs}) > len(runs) // 2:
        runs.sort(key=lambda run: (-round(run[0].left), run[0].top))
    return [[Char(char.text, char.top, char.bottom, width - char.right, width - char.left, char.size) for char in run] for run in runs]
