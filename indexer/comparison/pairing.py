"""Which paragraph of one report is which of another, wherever it stands there. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.fuzz import ratio

ALIKE = 0.5
"""Two paragraphs of which less is alike are two: what reports have in common by their manner alone reaches some .35."""
HELD = 0.6
"""A paragraph of whose runs of three characters as many stand in another was merged into it, or split from it."""
_SHORTEST_PIECE = 12
"""Characters; what is shorter stands in many paragraphs by chance."""
_SAME_PART, _SAME_HEADING = 0.08, 0.04
"""What standing in the same part, below the same heading, adds to how alike two paragraphs are."""
_CANDIDATES = 12
"""The paragraphs that share most with one are compared with it character by character, and no others."""
_GRAM = 3
_COMMONEST = 64
"""What stands in more paragraphs than this tells nothing of which belongs to which."""
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What is known of a paragraph that looks for its fellow."""

    folded: str
    part: str | None
    """The standard part it stands in."""
    heading: str
    """The folded heading right above it."""


def paired(left: Sequence[Paragraph], right: Sequence[Paragraph]) -> list[Pair]:
    """The numbers of paragraphs that belong together, by the number in `left`.

    Most stand in one pair or none. One that was split stands in a pair with each of its pieces, one that was merged in a pair with
    the whole that it is a part of. Figures are left aside: a paragraph whose figures alone were changed is the same one.
    """
    shapes = [_shapes(left), _shapes(right)]
    pairs = list(_equals(shapes[0], shapes[1], left, right))
    free = [set(range(len(left))) - {i for i, _ in pairs}, set(range(len(right))) - {j for _, j in pairs}]
    shared = _sharing(shapes[0], shapes[1])
    scored = []
    for i, j in shared:
        if i in free[0] and j in free[1]:
            alike = ratio(shapes[0][i], shapes[1][j]) / 100
            if alike >= ALIKE:
                scored.append((alike + _near(left[i], right[j]), i, j))
    # Best first; among equals those whose places are most alike.
    for _, i, j in sorted(scored, key=lambda one: (-one[0], abs(one[1] / len(left) - one[2] / len(right)), one[1:])):
        if i in free[0] and j in free[1]:
            pairs.append((i, j))
            free[0].remove(i)
            free[1].remove(j)
    return sorted({*pairs, *_pieces(shapes, free, shared)})


def _shapes(paragraphs: Sequence[Paragraph]) -> list[str]:
    return [_DIGITS.sub("0", paragraph.folded) for paragraph in paragraphs]


def _near(one: Paragraph, other: Paragraph) -> float:
    return _SAME_PART * (one.part == other.part) + _SAME_HEADING * (one.heading == other.heading)


def _equals(left: Sequence[str], right: Sequence[str], lefts: Sequence[Paragraph], rights: Sequence[Paragraph]) -> list[Pair]:
    """Paragraphs that say the same, those of the same part first, in their order."""
    pairs = []
    free = defaultdict(list)
    for j, shape in enumerate(right):
        free[shape].append(j)
    later = []
    for i, shape in enumerate(left):
        same = next((j for j in free[shape] if rights[j].part == lefts[i].part), None)
        if same is None:
            later.append(i)
        else:
            free[shape].remove(same)
            pairs.append((i, same))
    for i in later:
        if free[left[i]]:
            pairs.append((i, free[left[i]].pop(0)))
    return pairs


def _sharing(left: Sequence[str], right: Sequence[str]) -> list[Pair]:
    """Pairs that share rare runs of three characters: the best few of each paragraph, so that a long report costs what it is long."""
    holders: dict[str, list[int]] = defaultdict(list)
    for j, shape in enumerate(right):
        for gram in _grams(shape):
            holders[gram].append(j)
    found: set[Pair] = set()
    by_right: dict[int, dict[int, float]] = defaultdict(dict)
    for i, shape in enumerate(left):
        weights: dict[int, float] = defaultdict(float)
        for gram in _grams(shape):
            if 0 < len(held := holders.get(gram, ())) <= _COMMONEST:
                for j in held:
                    weights[j] += 1 / len(held)
        found.update((i, j) for j in _best(weights))
        for j, weight in weights.items():
            by_right[j][i] = weight
    found.update((i, j) for j, weights in by_right.items() for i in _best(weights))
    return sorted(found)


def _grams(shape: str) -> set[str]:
    return {shape[at : at + _GRAM] for at in range(len(shape) - _GRAM + 1)}


def _best(weights: dict[int, float]) -> list[int]:
    return sorted(weights, key=lambda other: (-weights[other], other))[:_CANDIDATES]


def _pieces(shapes: Sequence[Sequence[str]], free: Sequence[set[int]], shared: Sequence[Pair]) -> list[Pair]:
    """For each paragraph without a fellow the one that holds nearly all of it."""
    best: dict[tuple[int, int], tuple[float, Pair]] = {}
    for pair in shared:
        for side in (0, 1):
            piece, whole = shapes[side][pair[side]], shapes[1 - side][pair[1 - side]]
            if pair[side] in free[side] and _SHORTEST_PIECE <= len(piece) <= len(whole):
                grams = _grams(piece)
                held = len(grams & _grams(whole)) / len(grams)
                if held >= HELD and held > best.get((side, pair[side]), (0.0, pair))[0]:
                    best[side, pair[side]] = held, pair
    return [pair for _, pair in best.values()]
