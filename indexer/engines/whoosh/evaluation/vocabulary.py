"""All words of a generation, and how many of some passages hold each: by one look at every list of words, and no text read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.arrays.columns import Mask
from indexer.engines.whoosh.arrays.postings import Numbers
from indexer.engines.whoosh.segment.segments import SegmentFile
from indexer.wordlists import is_listed


@dataclass(frozen=True, slots=True)
class WordLists:
    """The lists of words of all segments; made once a generation, for the words of all must be brought together."""

    words: list[str]
    """Those that may be listed, in code point order."""
    every: Numbers
    """How many live passages hold each."""
    _segments: list[SegmentFile]
    _numbers: list[NDArray[np.int32]]
    """For each segment the number of each of its words, as many as there are words for one that is not listed."""

    @classmethod
    def of(cls, segments: Sequence[tuple[SegmentFile, Mask]]) -> WordLists:
        """Those of segments, each with which of its passages are live."""
        own = [[word.decode() for word in segment.words] for segment, _ in segments]
        words = sorted(filter(is_listed, set().union(*own)))
        number_of = {word: number for number, word in enumerate(words)}
        unlisted = len(words)
        numbers = [np.fromiter((number_of.get(word, unlisted) for word in of_one), np.int32, len(of_one)) for of_one in own]
        lists = cls(words, np.zeros(unlisted, np.int64), [segment for segment, _ in segments], numbers)
        live = np.concatenate([mask for _, mask in segments]) if segments else np.zeros(0, np.bool_)
        return cls(words, lists.counts(live), lists._segments, numbers)

    def counts(self, chosen: Mask) -> Numbers:
        """How many of the chosen passages (of all segments) hold each word."""
        found = np.zeros(len(self.words) + 1, np.int64)
        base = 0
        for segment, numbers in zip(self._segments, self._numbers, strict=True):
            own = chosen[base : base + segment.passages]
            base += segment.passages
            if len(numbers) and own.any():
                # In one segment each word stands once.
                found[numbers] += segment.lists("words").counted(own)
        return found[:-1]
