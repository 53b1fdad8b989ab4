"""Where two paragraphs differ, word by word, and which of their figures correspond. Pure."""

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
"""How many of the two tokens before a figure and the two after it must agree for it to count as in the same words."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in a paragraph: a number with its unit."""

    text: str
    """The figure as printed."""
    start: int
    end: int
    label: str
    """What it counts."""
    unit: str
    value: str
    """The normalized value; figures with the same value are equal however they are printed."""


@dataclass(frozen=True, slots=True)
class Differences:
    """What each of two texts has that the other lacks, as half-open spans in code points, and the pairs of figures that differ."""

    left: list[Span]
    right: list[Span]
    figures: list[tuple[Figure, Figure]]


def differences(left: str, right: str, left_figures: Sequence[Figure] = (), right_figures: Sequence[Figure] = ()) -> Differences:
    """Compare two texts that say nearly the same; the figures of each are given in text order.

    Characters are compared as folded, without white space; numbers are compared as wholes. A shared run between two differences
    counts as a difference too if it is shorter than both, because nobody can read a text with marks at every other character
    (the semantic clean-up of Neil Fraser's diff-match-patch). Figures with the same unit correspond if they are in the same
    words, or if each is the only one of its text with its label.
    """
    if fold(left) == fold(right):
        # The figures may have been read differently, as under a heading of plans.
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
    """The token's text, folded."""
    key: str
    """The key for alignment: for a figure its unit, so that figures with different values can be aligned."""
    figure: Figure | None = None


Tokens = tuple[list[_Token], list[_Token]]
Block = tuple[int, int, int, int]
"""A differing run of tokens: half-open ranges of indices in the left and in the right text; one of them may be empty."""


@lru_cache(maxsize=8192)
def _folded(char: str) -> str:
    return fold(char)


def _tokens(text: str, figures: Sequence[Figure]) -> list[_Token]:
    """The tokens in order, without those that fold to nothing."""
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
    """Pairs of indices of equal tokens, from a longest common subsequence."""
    return [(block.a + at, block.b + at) for block in Indel.opcodes(left, right).as_matching_blocks() for at in range(block.size)]


def _blocks(tokens: Tokens, same: Sequence[tuple[int, int]]) -> list[Block]:
    """The blocks between equal tokens; short equal runs between two blocks are merged into them."""
    blocks: list[Block] = []
    for (i, j), (k, m) in pairwise([(-1, -1), *same, (len(tokens[0]), len(tokens[1]))]):
        if k - i == 1 and m - j == 1:
            continue
        block = (i + 1, k, j + 1, m)
        # A merged block may be long enough to swallow the run before it as well.
        while blocks and _swallows(tokens[0], blocks[-1], block):
            before = blocks.pop()
            block = (before[0], block[1], before[2], block[3])
        blocks.append(block)
    return blocks


def _swallows(left: Sequence[_Token], one: Block, other: Block) -> bool:
    """Whether the shared run between two differences is no longer than either; runs with punctuation or a figure are kept."""
    shared = left[one[1] : other[0]]
    shortest = min(max(block[1] - block[0], block[3] - block[2]) for block in (one, other))
    return len(shared) <= shortest and not any(token.figure or _MARK.fullmatch(token.printed) for token in shared)


def _spans(tokens: Sequence[_Token], runs: Iterable[Span]) -> list[Span]:
    return [(tokens[first].start, tokens[last - 1].end) for first, last in runs if first < last]


def _paired_figures(tokens: Tokens, same: Sequence[tuple[int, int]]) -> list[tuple[Figure, Figure]]:
    """The figures that correspond, in the order of the left text."""
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
    """The indices of the figures without a counterpart, by label and unit."""
    found: dict[tuple[str, str], list[int]] = {}
    for number, token in enumerate(tokens):
        if token.figure and number not in taken:
            found.setdefault((token.figure.label, token.figure.unit), []).append(number)
    return found
