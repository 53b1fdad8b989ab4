"""Which words distinguish some passages from all others, and which words occur near a term: counts and their measures. Pure.

Frequencies are numbers of passages: a word counts once in each passage that holds it.

- **Log-likelihood** G² of a word in a of A passages and in b of the B others: 2 Σ O ln(O / E) over the four cells of the table of
  passages with it and without it, E being what each cell would hold if the word were spread evenly (T. Dunning, Accurate Methods for the
  Statistics of Surprise and Coincidence, Computational Linguistics 19(1), 1993). Chance exceeds 15.13 once in 10,000 times
  (P. Rayson, D. Berridge, B. Francis, JADT 2004); words below it are not listed.
- **Log-ratio** log₂((a / A) / (b / B)): 1 means twice as frequent; a word that occurs nowhere counts as half a passage (A. Hardie, Log
  Ratio, 2014, https://cass.lancs.ac.uk/log-ratio-an-informal-introduction/).
- **logDice** 14 + log₂(2 f(x, y) / (f(x) + f(y))), at most 14, one less for half as often together, independent of the corpus size
  (P. Rychlý, A Lexicographer-Friendly Association Score, RASLAN 2008).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from indexer.joined import Numbers
from indexer.request import SearchRequest
from indexer.results import Counts, IndexStats

Floats = NDArray[np.float64]

LEAST_LIKELIHOOD = 15.13
"""The threshold of G² explained above: p < 0.0001."""
WINDOW = 10
"""Code points of folded text that may lie between a term and its neighbour, as in NEAR/10."""
LEAST_TOGETHER = 3
"""How many passages must have a word near a term for it to be listed as a neighbour."""
MOST_WORDS = 1_000
"""How many words are listed: the most telling ones; of neighbours, only those near the term in most passages are measured."""


class WordsOf(StrEnum):
    """Which words are listed."""

    SUBSET = "subset"
    """Words that distinguish the matching passages from all others."""
    NEIGHBOURS = "neighbours"
    """Words near an occurrence of the query."""


class WordSort(StrEnum):
    """The order of the words that distinguish a subset."""

    LIKELIHOOD = "likelihood"
    """The most significant first."""
    RATIO = "ratio"
    """The largest difference of shares first."""


class WordSide(StrEnum):
    """On which side the words are more frequent."""

    MORE = "more"
    """In the subset."""
    LESS = "less"
    """In the rest."""


@dataclass(frozen=True, slots=True)
class WordCounts:
    """How many passages hold each word (see `is_listed`): of the matching ones, and of all."""

    words: Sequence[str]
    """In code point order."""
    own: Numbers
    every: Numbers
    subset: Counts
    """All matching passages."""
    rest: Counts
    """All other passages; a report with passages of both kinds counts in both."""


@dataclass(frozen=True, slots=True)
class CharacteristicWord:
    """A word that is more or less frequent in a subset than in the rest."""

    word: str
    likelihood: float
    ratio: float
    """The log-ratio; negative if the word is less frequent in the subset."""
    subset: Counts
    """Passages and reports of the subset that contain it."""
    rest: Counts
    """All others that contain it; a report with passages of both kinds counts in both."""
    query: str | None
    """An exact-mode query that finds the passages of the subset with this word; None if no query can express it.

    It also finds passages in which the word's text runs across word boundaries.
    """


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A word near a term."""

    word: str
    dice: float
    together: Counts
    """The passages, and their reports, in which it is near the term."""
    held: Counts
    """Those that pass the filters and contain the word anywhere."""
    query: str | None
    """As above: finds the passages in which it is near the term, or, with several terms, anywhere beside them."""


Measured = tuple[str, float, float | None]
"""A word with its measures: log-likelihood and log-ratio, or logDice alone."""


@dataclass(frozen=True, slots=True)
class WordList:
    """All words that a request asks for, in order."""

    of: WordsOf
    words: tuple[Measured, ...]
    subset: Counts
    """The matching passages, and their reports."""
    rest: Counts
    """All other passages; for neighbours, all that pass the filters."""


@dataclass(frozen=True, slots=True)
class WordPage:
    """One page of words."""

    request: SearchRequest
    list: WordList
    words: tuple[CharacteristicWord | Neighbour, ...]
    """The words on this page."""
    index: IndexStats

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return self.request.pages_of(len(self.list.words))


def is_listed(word: str) -> bool:
    """Whether a word may be listed: two code points or more, at least one letter or Han character, no white space."""
    return len(word) > 1 and (word.isalpha() or (any(map(str.isalpha, word)) and not any(map(str.isspace, word))))


def log_likelihood(own: Numbers, own_total: int, rest: Numbers, rest_total: int) -> Floats:
    """G² of words in this many passages of a subset and of the rest; 0 if either has no passages."""
    a, b = own.astype(np.float64), rest.astype(np.float64)
    total = float(own_total + rest_total)
    found = np.zeros(len(a))
    if not (own_total and rest_total):
        return found
    held = a + b
    for observed, column, row in (
        (a, held, own_total),
        (b, held, rest_total),
        (own_total - a, total - held, own_total),
        (rest_total - b, total - held, rest_total),
    ):
        expected = column * row / total
        some = observed > 0
        found[some] += observed[some] * np.log(observed[some] / expected[some])
    return 2 * found


def log_ratio(own: Numbers, own_total: int, rest: Numbers, rest_total: int) -> Floats:
    """The log-ratio of the shares in the subset and in the rest; 0 if either has no passages."""
    if not (own_total and rest_total):
        return np.zeros(len(own))
    ratio: Floats = np.log2((np.maximum(own, 0.5) / own_total) / (np.maximum(rest, 0.5) / rest_total))
    return ratio


def log_dice(together: Numbers, term: int, word: Numbers) -> Floats:
    """The logDice of words that are near a term in `together` passages; `term` and `word` are how many hold each of the two."""
    dice: Floats = 14 + np.log2(2 * together / (term + word))
    return dice


def characteristic(counts: WordCounts, sort: WordSort, side: WordSide) -> tuple[Measured, ...]:
    """The words that distinguish a subset, with log-likelihood and log-ratio, at most `MOST_WORDS`.

    Ties are in code point order.
    """
    own_total, rest, rest_total = counts.subset.paragraphs, counts.every - counts.own, counts.rest.paragraphs
    likelihood = log_likelihood(counts.own, own_total, rest, rest_total)
    ratio = log_ratio(counts.own, own_total, rest, rest_total)
    chosen = np.flatnonzero((likelihood >= LEAST_LIKELIHOOD) & ((ratio > 0) if side is WordSide.MORE else (ratio < 0)))
    keys = likelihood if sort is WordSort.LIKELIHOOD else np.abs(ratio)
    order = chosen[np.argsort(-keys[chosen], kind="stable")]
    found: list[tuple[float, str, int]] = []
    first = 0
    # Build strings only for as many words as are listed, and their ties.
    while first < len(order) and len(found) < MOST_WORDS:
        last = min(first + MOST_WORDS, len(order))
        last += int(np.count_nonzero(keys[order[last:]] == keys[order[last - 1]]))
        words = ((-float(keys[at]), counts.words[at], at) for at in order[first:last].tolist())
        found += sorted(one for one in words if is_listed(one[1]))
        first = last
    return tuple((word, float(likelihood[at]), float(ratio[at])) for _, word, at in found[:MOST_WORDS])
