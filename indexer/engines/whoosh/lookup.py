"""A typed text to the passages that hold it, and how often.

A text of one or two characters is a posting list. A longer one is narrowed by the bigrams it consists of, and the
folded text confirms: what matches is decided by the text alone, and words are used only for what they prove of it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.passages import Passages
from indexer.engines.whoosh.postings import Numbers, Postings
from indexer.ranking import saturation

FEW = 32
"""Candidates whose texts are read rather than asked for in one more list."""

NOTHING: Postings = (np.empty(0, np.int64), np.empty(0, np.int64))

SPARSE = 16
"""A list is searched in, not spread out over all passages, where it is so many times longer than what is looked for."""


class Lookup:
    """One query's texts, each looked up once."""

    def __init__(self, passages: Passages) -> None:
        self._passages = passages
        self._found: dict[str, Postings] = {}

    def postings(self, text: str) -> Postings:
        """The passages whose folded text holds `text`, and its leftmost non-overlapping occurrences in each."""
        if (found := self._found.get(text)) is None:
            found = self._found[text] = self._look_up(text)
        return found

    def share(self, text: str) -> NDArray[np.float64]:
        """What the text gives to the score of each passage of its postings, its weight left aside."""
        if field := _field_of(text):
            return self._passages.share(field, text)
        numbers, counts = self.postings(text)
        return saturation(counts.astype(np.float64), self._passages.norm[numbers])

    def _look_up(self, text: str) -> Postings:
        passages = self._passages
        if field := _field_of(text):
            return passages.postings(field, text)
        pairs = sorted({text[start : start + 2] for start in range(len(text) - 1)}, key=passages.pair_size)
        candidates, most = passages.postings("bigrams", pairs[0])
        words, least = passages.postings("words", text) if len(candidates) > FEW else NOTHING
        if not len(words) or _overlaps_itself(text):
            return self._confirmed(text, pairs[1:], candidates)
        # A word of the text that reads as this one is an occurrence, and each occurrence has the pair: where there are as
        # many words as pairs, that is how often the text occurs, and nothing need be read.
        said = np.zeros(passages.count, most.dtype)
        said[words] = least
        counts = most.astype(np.int64)
        unsure = (said[candidates] != most).nonzero()[0]
        if len(unsure):
            numbers, of_unsure = self._confirmed(text, pairs[1:], candidates[unsure])
            counts[unsure] = 0
            counts[candidates.searchsorted(numbers)] = of_unsure
            held = counts.nonzero()[0]
            candidates, counts = candidates[held], counts[held]
        return candidates, counts

    def _confirmed(self, text: str, pairs: list[str], candidates: Numbers) -> Postings:
        """The candidates whose folded text, read, holds `text`; where they are many, first those that hold these pairs too."""
        for pair in pairs:
            if len(candidates) <= FEW:
                break
            candidates = candidates[among(candidates, self._passages.postings("bigrams", pair)[0], self._passages.count)]
        counts = self._passages.counts_in(candidates, text.encode("utf-8", "surrogatepass"))
        held = counts.nonzero()[0]
        return candidates[held], counts[held]


def among(numbers: Numbers, others: Numbers, passages: int) -> NDArray[np.bool_]:
    """Which of these numbers (rising) are among others (rising); all are below `passages`."""
    if len(numbers) * SPARSE < len(others):
        # Behind the end stands nothing; the last one is not it.
        return others.take(others.searchsorted(numbers), mode="clip") == numbers
    spread = np.zeros(passages, np.bool_)
    spread[others] = True
    return spread[numbers]


def _field_of(text: str) -> str | None:
    """The field that has a text as a term, None for one that is longer."""
    return "bigrams" if len(text) == 2 else "chars" if len(text) == 1 else None


def _overlaps_itself(text: str) -> bool:
    return any(text.startswith(text[start:]) for start in range(1, len(text)))
