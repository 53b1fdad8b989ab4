"""A typed text to the passages that hold it, and how often.

A text of one or two characters is a posting list. A longer one is narrowed by the bigrams it consists of, and the
folded text confirms: what matches is decided by the text alone, and words are used only for what they prove of it.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.passages import Passages
from indexer.engines.whoosh.postings import Numbers, Postings
from indexer.ranking import saturation

Number = TypeVar("Number", bound=np.generic)

FEW = 32
"""Candidates whose texts are read rather than asked for in one more list."""

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
        counts = np.zeros(len(candidates), most.dtype)
        if len(candidates) > FEW and not _overlaps_itself(text):
            # A word of the text that reads as this one is an occurrence.
            counts = aligned(*passages.postings("words", text), candidates, passages.count)
        # Each occurrence has each of the pairs: a passage with as few of one as it has words holds the text as often, and is not read.
        unsure = (counts != most).nonzero()[0]
        for pair in pairs[1:]:
            if len(unsure) <= FEW:
                break
            held = aligned(*passages.postings("bigrams", pair), candidates[unsure], passages.count)
            unsure = unsure[np.minimum(most[unsure], held) != counts[unsure]]
        if len(unsure):
            read = passages.counts_in(candidates[unsure], text.encode("utf-8", "surrogatepass"))
            counts = counts.astype(np.int64)
            counts[unsure] = read
        if counts.all():
            return candidates, counts
        holding = counts.nonzero()[0]
        return candidates[holding], counts[holding]


def among(numbers: Numbers, others: Numbers, passages: int) -> NDArray[np.bool_]:
    """Which of these numbers (rising) are among others (rising); all are below `passages`."""
    if len(numbers) * SPARSE < len(others):
        return others.take(others.searchsorted(numbers), mode="clip") == numbers
    spread = np.zeros(passages, np.bool_)
    spread[others] = True
    return spread[numbers]


def placed(numbers: Numbers, others: Numbers, passages: int) -> tuple[Numbers, Numbers]:
    """The places of those of these numbers (rising) that are among others (rising), and their places there; all are below `passages`."""
    if len(numbers) * SPARSE < len(others):
        at = others.searchsorted(numbers)
    else:
        # What nobody wrote may be anything: what stands at the place tells.
        places = np.empty(passages, np.int64)
        places[others] = np.arange(len(others))
        at = places[numbers]
    # With no others there is nothing to take from.
    held = (others.take(at, mode="clip") == numbers).nonzero()[0] if len(others) else at[:0]
    return held, at[held]


def aligned(others: Numbers, values: NDArray[Number], numbers: Numbers, passages: int) -> NDArray[Number]:
    """The value of each of these numbers (rising) among others (rising), 0 where it is not among them; all are below `passages`."""
    found = np.zeros(len(numbers), values.dtype)
    held, at = placed(numbers, others, passages)
    found[held] = values[at]
    return found


def _field_of(text: str) -> str | None:
    """The field that has a text as a term, None for one that is longer."""
    return "bigrams" if len(text) == 2 else "chars" if len(text) == 1 else None


def _overlaps_itself(text: str) -> bool:
    return any(text.startswith(text[start:]) for start in range(1, len(text)))
