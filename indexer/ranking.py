"""BM25, and what it runs over. Works on numbers and on arrays alike, in the same order of operations, so engines agree to the last bit.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009, with the idf that is never negative.
"""

from __future__ import annotations

import math
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.words import bigrams, distinct, is_wordlike, search_words

K1 = 0.8
B = 0.85

Numbers = TypeVar("Numbers", float, NDArray[np.float64])


def idf(held: int, total: int) -> float:
    """The weight of a term that `held` of `total` texts hold."""
    return math.log(1 + (total - held + 0.5) / (held + 0.5))


def bm25(weight: float, occurrences: Numbers, length: Numbers, average: float) -> Numbers:
    """One term's share of a text's score; lengths in the unit of the field (code points, words)."""
    return weight * (K1 + 1) * occurrences / (occurrences + K1 * (1 - B + B / average * length))


def sentence_tokens(pieces: tuple[str, ...]) -> dict[str, list[str]]:
    """What a sentence is ranked by, each distinct: the tokens of its folded pieces for the fields words, bigrams and chars."""
    return {
        "words": distinct(word for piece in pieces for word in search_words(piece)),
        "bigrams": distinct(pair for piece in pieces for pair in bigrams(piece) if pair.isalnum()),
        "chars": distinct(char for piece in pieces for char in piece if is_wordlike(char)),
    }


def text_tokens(folded: str) -> dict[str, list[str]]:
    """What is indexed of a folded text in the three fields, in order, repeats kept."""
    return {"words": search_words(folded), "bigrams": bigrams(folded), "chars": list(folded)}


def field_lengths(characters: int, words: int) -> dict[str, int]:
    """How long a text counts as in each field, by its code points and words."""
    return {"words": words, "bigrams": max(0, characters - 1), "chars": characters}
