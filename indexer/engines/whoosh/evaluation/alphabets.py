"""The alphabets of all segments in one table, so that a query's characters need not be looked up in each segment."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.arrays.columns import Mask
from indexer.engines.whoosh.arrays.files import buffer, narrowest
from indexer.engines.whoosh.arrays.postings import CharTerms, Numbers

Numbered = list[tuple[int, int]]
"""Segments, ascending, each with the number of a character or pair in it."""


class Possible(NamedTuple):
    """The segments, ascending, that have both characters of a pair."""

    segments: Numbers
    begins: Numbers
    """In each segment, the number of the first pair that begins with the first character,"""
    ends: Numbers
    """and of the first pair after those."""
    seconds: Numbers
    """The number of the second character in each."""


class Alphabets:
    """The alphabets of some segments, at least one."""

    def __init__(self, segments: Sequence[CharTerms]) -> None:
        self._segments = segments
        alphabets = [segment.char_keys() for segment in segments]
        every = np.unique(np.concatenate(alphabets))
        begins = [segment.begins() for segment in segments]
        shape = len(every) + 1, len(segments)
        self._codes = buffer(every)
        self._numbers: NDArray[np.unsignedinteger] = np.zeros(shape, narrowest(max(map(len, alphabets))))
        """How many characters of each segment precede a character: its number there, if the next row has a greater one."""
        self._begins: NDArray[np.unsignedinteger] = np.zeros(shape, narrowest(max(int(own[-1]) for own in begins)))
        """How many pairs of each segment begin with a preceding character."""
        for at, (codes, own) in enumerate(zip(alphabets, begins, strict=True)):
            held = np.zeros(len(every), np.bool_)
            held[every.searchsorted(codes)] = True
            numbers = np.concatenate(([0], held.cumsum()))
            self._numbers[:, at] = numbers
            self._begins[:, at] = own[numbers]

    def _row(self, char: str) -> int | None:
        code, codes = ord(char), self._codes
        row = bisect_left(codes, code)
        return row if row < len(codes) and codes[row] == code else None

    def char(self, char: str) -> Numbered:
        """The segments that have a character."""
        if len(self._segments) == 1:
            return _of_one(self._segments[0].char(char))
        if (row := self._row(char)) is None:
            return []
        numbers = self._numbers[row]
        at = (numbers < self._numbers[row + 1]).nonzero()[0]
        return list(zip(at.tolist(), numbers[at].tolist(), strict=True))

    def pair(self, pair: str, within: Mask | None = None) -> Numbered:
        """The segments that have a pair of neighbouring characters; only those in `within`, if given."""
        if len(self._segments) == 1 and within is None:
            return _of_one(self._segments[0].pair(pair))
        parts = (part.tolist() for part in self.possible(pair, within))
        found = [(at, self._segments[at].pair_between(*where)) for at, *where in zip(*parts, strict=True)]
        return [(at, number) for at, number in found if number is not None]

    def possible(self, pair: str, within: Mask | None = None) -> Possible:
        """The segments that may have a pair of neighbouring characters; only those in `within`, if given."""
        first, second = self._row(pair[0]), self._row(pair[1])
        if first is None or second is None:
            return _NOWHERE
        begins, ends, seconds = self._begins[first], self._begins[first + 1], self._numbers[second]
        possible = (begins < ends) & (seconds < self._numbers[second + 1])
        at = (possible if within is None else possible & within).nonzero()[0]
        return Possible(at, *(numbers[at].astype(np.int64) for numbers in (begins, ends, seconds)))


_NOWHERE = Possible(*(np.empty(0, np.int64),) * 4)


def _of_one(number: int | None) -> Numbered:
    """The result for an index of one segment, which is faster to ask directly than by array operations."""
    return [] if number is None else [(0, number)]
