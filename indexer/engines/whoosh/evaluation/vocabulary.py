"""All words of a generation, and how many of some passages contain each, counted from the word lists without reading texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.arrays.columns import Mask
from indexer.engines.whoosh.arrays.postings import Numbers
from indexer.engines.whoosh.segment.segments import SegmentFile


class Vocabulary(Sequence[str]):
    """The distinct words of all segments; each is decoded when it is read."""

    def __init__(self, segments: Sequence[SegmentFile], firsts: Numbers) -> None:
        """`firsts` has the index of each word's first appearance in the concatenated word lists of the segments."""
        self._segments, self._firsts = segments, firsts
        self._bases = np.cumsum([0, *(len(segment.words) for segment in segments)])

    def __len__(self) -> int:
        return len(self._firsts)

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> list[str]: ...
    def __getitem__(self, number: int | slice) -> str | list[str]:
        """A word, or several."""
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        first = int(self._firsts[number])
        at = int(self._bases.searchsorted(first, "right")) - 1
        return self._segments[at].words[first - int(self._bases[at])].decode()


@dataclass(frozen=True, slots=True)
class WordLists:
    """The word lists of all segments; built once per generation, since the words of all segments must be joined."""

    words: Vocabulary
    every: Numbers
    """How many live passages contain each word."""
    _segments: list[SegmentFile]
    _numbers: list[NDArray[np.int32]]
    """For each segment, the indices of its words in `words`."""

    @classmethod
    def of(cls, segments: Sequence[tuple[SegmentFile, Mask]]) -> WordLists:
        """The word lists of segments, each given with a mask of its live passages."""
        held = [segment for segment, _ in segments]
        hashes = [segment.words.hashes() for segment in held]
        joined = np.concatenate(hashes) if hashes else np.zeros(0, np.uint64)
        _, firsts, numbers = np.unique(joined, return_index=True, return_inverse=True)
        of_segments = np.split(numbers.astype(np.int32), np.cumsum([len(own) for own in hashes])[:-1]) if hashes else []
        made = cls(Vocabulary(held, firsts), np.zeros(len(firsts), np.int64), held, of_segments)
        live = np.concatenate([mask for _, mask in segments]) if segments else np.zeros(0, np.bool_)
        return cls(made.words, made.counts(live), held, of_segments)

    def counts(self, chosen: Mask) -> Numbers:
        """How many of the chosen passages (a mask over all segments) contain each word."""
        found = np.zeros(len(self.words), np.int64)
        base = 0
        for segment, numbers in zip(self._segments, self._numbers, strict=True):
            own = chosen[base : base + segment.passages]
            base += segment.passages
            if len(numbers) and own.any():
                # Within one segment each word appears once, so no index is repeated.
                found[numbers] += segment.lists("words").counted(own)
        return found
