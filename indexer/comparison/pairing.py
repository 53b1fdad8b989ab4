"""Finds which paragraph of one report corresponds to which of another, wherever it moved. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.fuzz import ratio

ALIKE = 0.5
"""Paragraphs less similar than this do not correspond; the general style of reports alone makes for a similarity of about .35."""
HELD = 0.6
"""A paragraph with at least this share of its trigrams in another one was merged into it, or split from it."""
_SHORTEST_PIECE = 12
"""Characters; shorter paragraphs occur in many others by chance."""
_SAME_PART, _SAME_HEADING = 0.08, 0.04
"""What being in the same part and below the same heading add to the similarity of two paragraphs."""
_CANDIDATES = 12
"""How many paragraphs that share most with one are compared with it character by character."""
_RUN = 3
_COMMONEST = 64
"""Trigrams in more paragraphs than this say nothing about which paragraphs correspond."""
_SHORT = 64
"""Characters up to which comparing two texts is faster than counting their characters."""
_KINDS = 1024
"""Character buckets, by code point. Characters of one bucket count as equal in the quick check, so it may overestimate but never miss."""
_TOGETHER = 1024
"""How many pairs are checked at once."""
_ROWS = 64
"""How many paragraphs are processed at once."""
_FEW = 4096 * _ROWS
"""Up to this many possible pairs, weights are summed in a dense array, without sorting."""
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")

Pair = tuple[int, int]
Numbers = NDArray[np.int64]
_NONE = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph to be paired."""

    folded: str
    part: str | None
    """The standard part that holds it."""
    heading: str
    """The folded heading directly above it."""


def paired(left: Sequence[Paragraph], right: Sequence[Paragraph]) -> list[Pair]:
    """The pairs of indices of paragraphs that correspond, sorted.

    Most paragraphs are in one pair or none. One that was split is paired with each of its pieces, one that was merged with
    the whole it became part of. Numbers are ignored: a paragraph in which only figures changed is the same one.
    """
    shapes = [_shapes(left), _shapes(right)]
    pairs = list(_equals(shapes[0], shapes[1], left, right))
    free = [set(range(len(left))) - {i for i, _ in pairs}, set(range(len(right))) - {j for _, j in pairs}]
    runs, count = _numbered(shapes)
    shared = _sharing(runs[0], runs[1], count)
    scored = []
    for i, j in _perhaps_alike(shapes, [(i, j) for i, j in shared if i in free[0] and j in free[1]]):
        # Below the cutoff, `ratio` returns 0.
        if alike := ratio(shapes[0][i], shapes[1][j], score_cutoff=100 * ALIKE) / 100:
            scored.append((alike + _near(left[i], right[j]), i, j))
    # Best first; ties by how close their relative positions are.
    for _, i, j in sorted(scored, key=lambda one: (-one[0], abs(one[1] / len(left) - one[2] / len(right)), one[1:])):
        if i in free[0] and j in free[1]:
            pairs.append((i, j))
            free[0].remove(i)
            free[1].remove(j)
    return sorted({*pairs, *_pieces(shapes, runs, count, free, shared)})


def _perhaps_alike(shapes: Sequence[Sequence[str]], pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs that may be at least `ALIKE`: a quick check that misses none.

    Two texts never have more characters in common in order than in any order. One in ten pairs of unrelated paragraphs remains.
    """
    lengths = [np.fromiter(map(len, side), np.int64, len(side)) for side in shapes]
    long = [own > _SHORT for own in lengths]
    at = [own.cumsum() - 1 for own in long]
    counts = [_characters([text for text in side if len(text) > _SHORT]) for side in shapes]
    left, right = np.array(pairs, np.int64).reshape(-1, 2).T
    chosen = np.flatnonzero(long[0][left] & long[1][right])
    kept = np.ones(len(pairs), np.bool_)
    for first in range(0, len(chosen), _TOGETHER):
        some = chosen[first : first + _TOGETHER]
        i, j = left[some], right[some]
        common = np.minimum(counts[0][at[0][i]], counts[1][at[1][j]]).sum(axis=1, dtype=np.uint32)
        # The same formula as in `ratio`, with tolerance for its rounding.
        kept[some] = 2 * common >= ALIKE * (lengths[0][i] + lengths[1][j]) - 1
    return [pair for pair, is_kept in zip(pairs, kept.tolist(), strict=True) if is_kept]


def _characters(texts: Sequence[str]) -> NDArray[np.uint32]:
    """How often each of the `_KINDS` buckets of characters occurs in each text."""
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), "<u4").astype(np.int64)
    owners = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    counts = np.bincount(owners * _KINDS + codes % _KINDS, minlength=len(texts) * _KINDS)
    return counts.astype(np.uint32).reshape(-1, _KINDS)


def _shapes(paragraphs: Sequence[Paragraph]) -> list[str]:
    return [_DIGITS.sub("0", paragraph.folded) for paragraph in paragraphs]


def _near(one: Paragraph, other: Paragraph) -> float:
    return _SAME_PART * (one.part == other.part) + _SAME_HEADING * (one.heading == other.heading)


def _equals(left: Sequence[str], right: Sequence[str], lefts: Sequence[Paragraph], rights: Sequence[Paragraph]) -> list[Pair]:
    """Pairs of paragraphs with equal shapes: first those in the same part, then the others, in text order."""
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


def _numbered(sides: Sequence[Sequence[str]]) -> tuple[list[list[Numbers]], int]:
    """The distinct trigrams of each text as ascending numbers, shared by all texts, and how many numbers there are."""
    texts = [text for side in sides for text in side]
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), "<u4").astype(np.int64)
    owners = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    starts = np.flatnonzero(owners[: -_RUN + 1] == owners[_RUN - 1 :])
    # A code point takes 21 bits.
    runs = codes[starts] << 42 | codes[starts + 1] << 21 | codes[starts + 2]
    order = np.argsort(runs, kind="stable")
    runs, owners = runs[order], owners[starts][order]
    is_other = np.diff(runs, prepend=-1) != 0
    numbers = is_other.cumsum() - 1
    # Each trigram once per text, then grouped by text: numbers of few bits are sorted fastest.
    once = np.flatnonzero(is_other | (np.diff(owners, prepend=-1) != 0))
    by_text = once[np.argsort(owners[once].astype(np.min_scalar_type(len(texts))), kind="stable")]
    sizes = np.bincount(owners[once], minlength=len(texts))
    numbered = np.split(numbers[by_text], sizes.cumsum()[:-1]) if texts else []
    return [numbered[: len(sides[0])], numbered[len(sides[0]) :]], int(np.count_nonzero(is_other))


def _sharing(left: Sequence[Numbers], right: Sequence[Numbers], count: int) -> list[Pair]:
    """Pairs that share rare trigrams: only the best few of each paragraph, so that the cost grows linearly with the report."""
    runs = np.concatenate([*right, _NONE])
    holders = np.repeat(np.arange(len(right)), [len(one) for one in right])[np.argsort(runs, kind="stable")]
    holding = np.bincount(runs, minlength=count)
    firsts = np.cumsum(holding) - holding
    lefts, rights = [_NONE], [_NONE]
    weights: list[NDArray[np.float64]] = [np.empty(0)]
    for first in range(0, len(left), _ROWS):
        some = left[first : first + _ROWS]
        rare, of = np.concatenate(some), np.repeat(np.arange(len(some)), [len(one) for one in some])
        is_rare = (holding[rare] > 0) & (holding[rare] <= _COMMONEST)
        rare, of = rare[is_rare], of[is_rare]
        held = holding[rare]
        at = np.arange(held.sum()) + np.repeat(firsts[rare] - (np.cumsum(held) - held), held)
        shares = np.repeat(1 / held, held)
        pairs = np.repeat(of, held) * len(right) + holders[at]
        if len(some) * len(right) <= max(_FEW, len(at)):
            # Summed in the same order as below, without sorting.
            of_each = np.bincount(pairs, shares, len(some) * len(right)).astype(np.float64, copy=False)
            different = np.flatnonzero(of_each)
            weight = of_each[different]
        else:
            different, which = np.unique(pairs, return_inverse=True)
            weight = np.bincount(which, shares, len(different)).astype(np.float64, copy=False)
        lefts.append(first + different // max(len(right), 1))
        rights.append(different % max(len(right), 1))
        weights.append(weight)
    of_left, of_right, weight = np.concatenate(lefts), np.concatenate(rights), np.concatenate(weights)
    best = np.union1d(_best(of_left, of_right, weight), _best(of_right, of_left, weight))
    return sorted(zip(of_left[best].tolist(), of_right[best].tolist(), strict=True))


def _best(of: Numbers, others: Numbers, weights: NDArray[np.float64]) -> Numbers:
    """The positions of each paragraph's best few partners."""
    grouped = np.argsort(of, kind="stable")
    sizes = np.bincount(of)
    ends = np.cumsum(sizes)
    likely = [_NONE]
    for start, end in zip((ends - sizes).tolist(), ends.tolist(), strict=True):
        own = grouped[start:end]
        # Ties with the last of the best are resolved below.
        likely.append(own[weights[own] >= np.partition(weights[own], -_CANDIDATES)[-_CANDIDATES]] if end - start > _CANDIDATES else own)
    at = np.concatenate(likely)
    order = at[np.lexsort((others[at], -weights[at], of[at]))]
    sizes = np.bincount(of[order], minlength=1)
    ranks = np.arange(len(order)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return order[ranks < _CANDIDATES]


def _pieces(
    shapes: Sequence[Sequence[str]], runs: Sequence[Sequence[Numbers]], count: int, free: Sequence[set[int]], shared: Sequence[Pair]
) -> list[Pair]:
    """For each paragraph without a counterpart, the one that contains most of it, `HELD` or more; the first of equals."""
    lengths = [list(map(len, side)) for side in shapes]
    wanted = [
        (pair, side)
        for pair in shared
        for side in (0, 1)
        if pair[side] in free[side] and _SHORTEST_PIECE <= lengths[side][pair[side]] <= lengths[1 - side][pair[1 - side]]
    ]
    best: dict[tuple[int, int], tuple[float, Pair]] = {}
    for (pair, side), common in zip(wanted, _common(runs, count, [pair for pair, _ in wanted]), strict=True):
        held = common / len(runs[side][pair[side]])
        if held >= HELD and held > best.get((side, pair[side]), (0.0, pair))[0]:
            best[side, pair[side]] = held, pair
    return [pair for _, pair in best.values()]


def _common(runs: Sequence[Sequence[Numbers]], count: int, pairs: Sequence[Pair]) -> list[int]:
    """How many trigrams the paragraphs of each pair share, at least one; pairs with the same left paragraph are adjacent."""
    found: list[int] = []
    marked = np.zeros(count, np.bool_)
    for i, group in groupby(pairs, key=lambda pair: pair[0]):
        others = [runs[1][j] for _, j in group]
        sizes = np.array([len(one) for one in others])
        marked[runs[0][i]] = True
        found += np.add.reduceat(marked[np.concatenate(others)], sizes.cumsum() - sizes, dtype=np.int64).tolist()
        marked[runs[0][i]] = False
    return found
