"""BM25, and what it runs over. Works on numbers and on arrays alike, in the same order of operations, so engines agree to the last bit.

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
"""Runs of what `str.isalnum` holds for."""

K1 = 0.8
B = 0.85

Numbers = TypeVar("Numbers", float, NDArray[np.float64])


def idf(held: int, total: int) -> float:
    """The weight of a term that `held` of `total` texts hold."""
    return math.log(1 + (total - held + 0.5) / (held + 0.5))


def length_norm(length: Numbers, average: float) -> Numbers:
    """What a text's length adds below the line of BM25; lengths in the unit of the field (code points, words)."""
    return K1 * (1 - B + B / average * length)


def average_length(total: float, count: int) -> float:
    """The mean length of `count` texts of this total length, at least 1."""
    return max(1.0, total / max(1, count))


def average_counted(total: float, count: int, short: int, body: float) -> float:
    """The mean length that passages count as over typed terms, at least 1.

    A heading or title counts as so long as it is and an average body paragraph together: what it stands over is part of what it
    says, and a bare heading does not come first for being short. `total` is the length of all `count` passages, `short` how many
    of them are headings or titles, `body` the length of an average body paragraph.
    """
    return average_length(total + short * body, count)


def saturation(occurrences: Numbers, norm: Numbers) -> Numbers:
    """What a term gives to a text's score, its weight left aside; `norm` is the text's `length_norm`."""
    return (K1 + 1) * occurrences / (occurrences + norm)


def bm25(weight: float, occurrences: Numbers, norm: Numbers) -> Numbers:
    """One term's share of a text's score, with the text's `length_norm`."""
    return weight * saturation(occurrences, norm)


def sentence_tokens(pieces: tuple[str, ...]) -> dict[str, Counter[str]]:
    """What a sentence is ranked by: for the fields words, bigrams and chars the tokens of its folded pieces and how often it has each.

    Marks and spaces are no tokens here. A token that occurs twice counts twice: on the 1,235 questions of `benchmarks.relevance` that gives
    nDCG@10 .371 instead of .368, and counting lengths without marks .373.
    """
    return {
        "words": Counter(word for piece in pieces for word in search_words(piece)),
        "bigrams": Counter(pair for piece in pieces for pair in bigrams(piece) if pair.isalnum()),
        "chars": Counter(char for piece in pieces for char in piece if char.isalnum()),
    }


def text_tokens(folded: str) -> dict[str, list[str]]:
    """What is indexed of a folded text in the three fields, in order, with repeats; marks too, for they can be searched."""
    return {"words": search_words(folded), "bigrams": bigrams(folded), "chars": list(folded)}


def field_lengths(folded: str, words: int) -> dict[str, int]:
    """How long a folded text of so many words counts as in each field; marks and spaces do not count."""
    runs = _LETTERS.findall(folded)
    letters = sum(map(len, runs))
    return {"words": words, "bigrams": letters - len(runs), "chars": letters}
