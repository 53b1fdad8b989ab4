"""A page's characters by the direction they are set in: what stands sideways or in vertical lines is turned so that it reads. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from indexer.loaders.sheets import Box, Char, Sheet

_OBLIQUE = 3.0
"""Degrees off the page's edges from which text is set at an angle."""
_HUGE = 2.5
"""Characters of more than so many times the usual size on a page may be a watermark."""
_VERTICAL_SHARE = 0.6
"""Of the steps from a character to the next so many go straight down where text is set in vertical lines."""


@dataclass(slots=True)
class Drawn:
    """A character where it is drawn on the page."""

    char: Char
    turn: int | None
    """By how many quarters it is turned anticlockwise, None for one at an angle."""
    faint: bool
    """Whether it is in a light colour, as watermarks are."""


def quarters(angle: float) -> int | None:
    """An angle in degrees, anticlockwise, as so many quarters of a turn; None where it is none."""
    return None if _OBLIQUE < angle % 90 < 90 - _OBLIQUE else round(angle / 90) % 4


def sheets_of(
    page: int,
    width: float,
    height: float,
    drawn: Iterable[Drawn],
    tables: Sequence[Sequence[Sequence[Box | None]]],
    filled_in: Iterable[Char] = (),
) -> tuple[list[Sheet], bool]:
    """What is printed on a page, by direction, what most of it is printed in first; and whether that is in vertical lines.

    Args:
        page: Its number, from 1.
        width: In points.
        height: In points.
        drawn: Its characters in the order in which they are drawn.
        tables: Rows of cells.
        filled_in: What is laid on it upright, such as values of a form.
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
    """A box of a page that is turned by so many quarters clockwise."""
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
    """Whether a character stands right below the one drawn before it."""
    return abs(after.left - before.left) < 0.3 * before.size and 0.5 * before.size < after.top - before.top < 2.5 * before.size


def _vertical(chars: Sequence[Char], width: float) -> list[list[Char]]:
    """Vertical lines from right to left, as if the page were turned; as they are drawn where they lie upon each other."""
    runs: list[list[Char]] = []
    for char in chars:
        if runs and _goes_down(runs[-1][-1], char):
            runs[-1].append(char)
        else:
            runs.append([char])
    if len({round(run[0].left) for run in runs}) > len(runs) // 2:
        runs.sort(key=lambda run: (-round(run[0].left), run[0].top))
    return [[Char(char.text, char.top, char.bottom, width - char.right, width - char.left, char.size) for char in run] for run in runs]
