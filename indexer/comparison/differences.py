"""Where two paragraphs differ, word by word, and which figures of one are which of the other. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import Indel

from indexer.analysis.fold import fold
from indexer.matching import Span

_TOKEN = re.compile(r"\d+(?:[.,．，]\d+)*[%％‰]?|[A-Za-z]+|\S")
_MARK = re.compile(r"\W")
_SAME_WORDS = 2
"""Of the two characters before a figure and the two behind it: as many in common, and it stands in the same words."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a paragraph: a number with its unit, as printed."""

    text: str
    """As printed."""
    start: int
    end: int
    label: str
    """What it counts."""
    unit: str
    value: str
    """What it says; figures with the same value are the same however they are printed."""


@dataclass(frozen=True, slots=True)
class Differences:
    """What each of two texts has that the other lacks: half-open spans in code points, and the pairs of figures that differ."""

    left: list[Span]
    right: list[Span]
    figures: list[tuple[Figure, Figure]]


def differences(left: str, right: str, left_figures: Sequence[Figure] = (), right_figures: Sequence[Figure] = ()) -> Differences:
    """Compare two texts that say nearly the same; the figures of each in their order.

    Characters are compared as folded, white space left aside; a number is whole or another one. What both share between two
    differences is a difference too where it is shorter than these, for nobody reads a text that is marked at every other character
    (the semantic clean-up of Neil Fraser's diff-match-patch). Figures of one unit belong together where they stand in the same
    words, or where each is the only one of its text with its label.
    """
    if fold(left) == fold(right):
        # Its figures may have been read otherwise, as under a heading of plans.
        return Differences([], [], [])
    tokens = _tokens(left, left_figures), _tokens(right, right_figures)
    keys = [token.key for token in tokens[0]], [token.key for token in tokens[1]]
    same = _aligned(*keys)
    blocks = _blocks(tokens, [pair for pair in same if tokens[0][pair[0]].printed == tokens[1][pair[1]].printed])
    figures = [(one, other) for one, other in _paired_figures(tokens, same) if one.value != other.value]
    return Differences(
        _spans(tokens[0], [block[:2] for block in blocks]),
        _spans(tokens[1], [block[2:] for block in blocks]),
        figures,
    )


@dataclass(frozen=True, slots=True)
class _Token:
    """A figure, a number, a word of letters or one character."""

    start: int
    end: int
    printed: str
    """Folded."""
    key: str
    """What it is aligned by: of a figure its unit, for it is the same one with another value."""
    figure: Figure | None = None


Tokens = tuple[list[_Token], list[_Token]]
Block = tuple[int, int, int, int]
"""A run of tokens that differ: half-open numbers of tokens of the left text and of the right one; one of the runs may be empty."""


@lru_cache(maxsize=8192)
def _folded(char: str) -> str:
    return fold(char)


def _tokens(text: str, figures: Sequence[Figure]) -> list[_Token]:
    """The tokens in order; what the fold drops is none."""
    tokens: list[_Token] = []
    at = 0
    for figure in (*figures, None):
        for match in _TOKEN.finditer(text, at, figure.start if figure else len(text)):
            if printed := _folded(match[0]) if len(match[0]) == 1 else fold(match[0]):
                tokens.append(_Token(match.start(), match.end(), printed, printed))
        if figure:
            tokens.append(_Token(figure.start, figure.end, fold(text[figure.start : figure.end]), f"\0{figure.unit}", figure))
            at = figure.end
    return tokens


def _aligned(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int]]:
    """Numbers of tokens that are the same, of a longest run in order that both have."""
    return [(block.a + at, block.b + at) for block in Indel.opcodes(left, right).as_matching_blocks() for at in range(block.size)]


def _blocks(tokens: Tokens, same: Sequence[tuple[int, int]]) -> list[Block]:
    """What lies between tokens that are the same, the short ones among these swallowed."""
    blocks: list[Block] = []
    for (i, j), (k, m) in pairwise([(-1, -1), *same, (len(tokens[0]), len(tokens[1]))]):
        if k - i == 1 and m - j == 1:
            continue
        block = (i + 1, k, j + 1, m)
        # A union may be long enough to swallow what stands before it as well.
        while blocks and _swallows(tokens[0], blocks[-1], block):
            before = blocks.pop()
            block = (before[0], block[1], before[2], block[3])
        blocks.append(block)
    return blocks


def _swallows(left: Sequence[_Token], one: Block, other: Block) -> bool:
    """Whether what stands between two differences is shorter than either; a mark between clauses, or a figure, stays what it is."""
    shared = left[one[1] : other[0]]
    shortest = min(max(block[1] - block[0], block[3] - block[2]) for block in (one, other))
    return len(shared) <= shortest and not any(token.figure or _MARK.fullmatch(token.printed) for token in shared)


def _spans(tokens: Sequence[_Token], runs: Iterable[Span]) -> list[Span]:
    return [(tokens[first].start, tokens[last - 1].end) for first, last in runs if first < last]


def _paired_figures(tokens: Tokens, same: Sequence[tuple[int, int]]) -> list[tuple[Figure, Figure]]:
    """Figures that belong together, in the order of the left text."""
    aligned = {(i, j) for i, j in same if not _MARK.fullmatch(tokens[0][i].printed)}
    pairs: dict[int, int] = {}
    for i, j in same:
        one, other = tokens[0][i].figure, tokens[1][j].figure
        if one and other and (one.label == other.label or sum((i + by, j + by) in aligned for by in (-2, -1, 1, 2)) >= _SAME_WORDS):
            pairs[i] = j
    free = [_by_label(tokens[0], pairs), _by_label(tokens[1], pairs.values())]
    pairs.update({places[0]: free[1][label][0] for label, places in free[0].items() if len(places) == len(free[1].get(label, ())) == 1})
    return [(one, other) for i, j in sorted(pairs.items()) if (one := tokens[0][i].figure) and (other := tokens[1][j].figure)]


def _by_label(tokens: Sequence[_Token], taken: Collection[int]) -> dict[tuple[str, str], list[int]]:
    """The numbers of the figures without a fellow, by what they count and their unit."""
    found: dict[tuple[str, str], list[int]] = {}
    for number, token in enumerate(tokens):
        if token.figure and number not in taken:
            found.setdefault((token.figure.label, token.figure.unit), []).append(number)
    return found
