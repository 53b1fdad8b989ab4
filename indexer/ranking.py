"""BM25 and the tokens it ranks by. Works on numbers and arrays alike, in the same order of operations, so that engines agree exactly.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009, with the idf that is never negative.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.words import bigrams, search_words

_LETTERS = re.compile(r"[^\W_]+")
"""Runs of characters for which `str.isalnum` is true."""

K1 = 0.8
B = 0.85

Numbers = TypeVar("Numbers", float, NDArray[np.float64])


def idf(held: int, total: int) -> float:
    """The weight of a term that occurs in `held` of `total` texts."""
    return math.log(1 + (total - held + 0.5) / (held + 0.5))


def length_norm(length: Numbers, average: float) -> Numbers:
    """The length part of BM25's denominator for a text; lengths in the unit of the field (code points, words)."""
    return K1 * (1 - B + B / average * length)


def average_length(total: float, count: int) -> float:
    """The mean length of `count` texts of this total length, at least 1."""
    return max(1.0, total / max(1, count))


def average_counted(total: float, count: int, short: int, body: float) -> float:
    """The mean length of passages, as counted for typed terms, at least 1.

    A heading or title counts as long as itself and an average body paragraph together: it also describes the text below it, and a bare
    heading must not rank first for being short. `total` is the length of all `count` passages, `short` how many
    of them are headings or titles, `body` the length of an average body paragraph.
    """
    return average_length(total + short * body, count)


def saturation(occurrences: Numbers, norm: Numbers) -> Numbers:
    """A term's share of a text's score without its weight; `norm` is the text's `length_norm`."""
    return (K1 + 1) * occurrences / (occurrences + norm)


def bm25(weight: float, occurrences: Numbers, norm: Numbers) -> Numbers:
    """A term's share of a text's score; `norm` is the text's `length_norm`."""
    return weight * saturation(occurrences, norm)


def sentence_tokens(pieces: tuple[str, ...]) -> dict[str, Counter[str]]:
    """The tokens that a sentence is ranked by, with their counts, for each of the fields words, bigrams and chars; from its folded pieces.

    Punctuation and spaces are not tokens here. A token that occurs twice counts twice: on the 1,235 questions of `benchmarks.relevance`
    that gives nDCG@10 .371 instead of .368, and counting lengths without punctuation gives .373.
    """
    return {
        "words": Counter(word for piece in pieces for word in search_words(piece)),
        "bigrams": Counter(pair for piece in pieces for pair in bigrams(piece) if pair.isalnum()),
        "chars": Counter(char for piece in pieces for char in piece if char.isalnum()),
    }


def text_tokens(folded: str) -> dict[str, list[str]]:
    """The tokens indexed for a folded text in each of the three fields, in order, with repeats; punctuation too, since it is searchable."""
    return {"words": search_words(folded), "bigrams": bigrams(folded), "chars": list(folded)}


def field_lengths(folded: str, words: int) -> dict[str, int]:
    """The length of a folded text with this number of words in each field; punctuation and spaces do not count."""
    runs = _LETTERS.findall(folded)
    letters = sum(map(len, runs))
    return {"words": words, "bigrams": letters - len(runs), "chars": letters}
