"""Finds ink, seals and the ruled lines of tables in the picture of a page."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.loaders.sheets import Box

Pixels = npt.NDArray[Any]


def ink_of(gray: Pixels) -> Pixels:
    """Which pixels are ink: darker than the paper, whose shade is the 80th percentile."""
    paper = int(np.percentile(gray, 80))
    found: Pixels = gray < min(paper - 45, 170)
    return found


_SEAL = (60.0, 190.0)
"""Least and greatest width and height of a seal in points: 21 to 67 mm."""
_CELL = 8
"""Points; the size of the squares in which connected red ink is searched for."""


def _red(pixels: Pixels) -> Pixels:
    part = pixels.astype(np.int16)
    found: Pixels = part[..., 0] - np.maximum(part[..., 1], part[..., 2]) > 45
    return found


def seals_of(pixels: Pixels, points: float) -> list[Box]:
    """The boxes of seals, in points: connected red ink in a circle. Letterheads are wider, and lines of text reach into the corners."""
    side = max(1, round(_CELL / points))
    red = _red(pixels)
    rows, columns = red.shape[0] // side, red.shape[1] // side
    if not rows or not columns:
        return []
    share = red[: rows * side, : columns * side].reshape(rows, side, columns, side).mean(axis=(1, 3))
    left = {(int(row), int(column)) for row, column in np.argwhere(share > 0.04)}
    found = []
    while left:
        group, edge = [], [left.pop()]
        while edge:
            row, column = edge.pop()
            group.append((row, column))
            for near in ((row + down, column + across) for down in (-1, 0, 1) for across in (-1, 0, 1)):
                if near in left:
                    left.remove(near)
                    edge.append(near)
        top, bottom = min(row for row, _ in group), max(row for row, _ in group) + 1
        first, last = min(column for _, column in group), max(column for _, column in group) + 1
        width, height = (last - first) * side * points, (bottom - top) * side * points
        held = set(group)
        corners = {(row, column) for row in (top, bottom - 1) for column in (first, last - 1)}
        if _SEAL[0] <= min(width, height) and max(width, height) <= _SEAL[1] and 0.75 <= width / height <= 1.33 and not corners & held:
            found.append((first * side * points, top * side * points, last * side * points, bottom * side * points))
    return found


_RULE = (36.0, 20.0)
"""Least length of a horizontal and of a vertical line in points; strokes of characters are shorter or cross no other line."""
_MAX_RUNS = 20_000


def rules_of(pixels: Pixels, points: float) -> list[Box]:
    """The lines drawn on a page, in points."""
    gray = pixels.min(axis=2).astype(np.int16)
    dark = ink_of(gray) & ~_red(pixels)
    flat = [(points * start, points * at, points * end, points * at) for at, start, end in _runs(dark, round(_RULE[0] / points))]
    upright = [(points * at, points * start, points * at, points * end) for at, start, end in _runs(dark.T, round(_RULE[1] / points))]
    return [*_one_of_each(flat, 1), *_one_of_each(upright, 0)]


def _runs(dark: Pixels, length: int) -> Iterator[tuple[int, int, int]]:
    """Row, first column and end column (exclusive) of each run of ink of at least this length; steps of one pixel are tolerated."""
    near = dark.copy()
    near[1:] |= dark[:-1]
    near[:-1] |= dark[1:]
    padded = np.zeros((near.shape[0], near.shape[1] + 2), dtype=np.int8)
    padded[:, 1:-1] = near
    steps = np.diff(padded, axis=1)
    rows, starts = np.nonzero(steps == 1)
    _, ends = np.nonzero(steps == -1)
    long = np.flatnonzero(ends - starts >= length)[:_MAX_RUNS]
    for at in long:
        yield int(rows[at]), int(starts[at]), int(ends[at])


def _one_of_each(rules: list[Box], axis: int) -> list[Box]:
    """One line for each bundle of adjacent runs, which make a thick line; none for a bundle so thick that it is an area."""
    across = 1 - axis
    bundles: list[list[Box]] = []
    for rule in sorted(rules, key=lambda rule: rule[axis]):
        for bundle in reversed(bundles[-40:]):
            last = bundle[-1]
            if rule[axis] - last[axis] <= 1.0 and min(rule[across + 2], last[across + 2]) > max(rule[across], last[across]):
                bundle.append(rule)
                break
        else:
            bundles.append([rule])
    found = []
    for bundle in bundles:
        if bundle[-1][axis] - bundle[0][axis] > 6.0:
            continue
        at = median(rule[axis] for rule in bundle)
        start, end = min(rule[across] for rule in bundle), max(rule[across + 2] for rule in bundle)
        found.append((start, at, end, at) if axis == 1 else (at, start, at, end))
    return found
