"""Lists of the passages that contain a sentence, by the key of the sentence; nearly every list has a single passage.

All keys of a segment are ascending, so of their leading 16 bits it suffices to store how many keys begin with each value (`counts`,
compressed). For each key the other 4 bytes (`rest`) and the passage (`ids`) are stored.
"""

from __future__ import annotations

import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.boilerplate import BITS
from indexer.engines.whoosh.arrays.files import Address, ArrayFile, Ints, address_of, blob, buffer, ends, narrow
from indexer.engines.whoosh.arrays.postings import Numbers
from indexer.joined import ranges

REST_BITS = 32
"""Bits that are stored of each key."""
_LEADING = 1 << (BITS - REST_BITS)
_REST = (1 << REST_BITS) - 1
_NOTHING = np.zeros(0, np.bool_)


@dataclass(frozen=True, slots=True)
class KeyedLists:
    """The keys of all sentences, ascending, each repeated for each passage that contains it; and these passages, ascending for each key."""

    keys: Numbers
    ids: Numbers

    @classmethod
    def of(cls, passages: Iterable[Collection[int]]) -> KeyedLists:
        """The lists for passages with these keys."""
        held = [(key, id) for id, keys in enumerate(passages) for key in keys]
        return cls._ordered(np.array([key for key, _ in held], np.int64), np.array([id for _, id in held], np.int64))

    @classmethod
    def joined(cls, parts: Sequence[KeyedLists], renumbered: Sequence[Numbers]) -> KeyedLists:
        """The lists of several segments as one; `renumbered` has each segment's new passage numbers, -1 for those left out."""
        ids = np.concatenate([new[part.ids] for part, new in zip(parts, renumbered, strict=True)])
        keys = np.concatenate([part.keys for part in parts])
        return cls._ordered(keys[ids >= 0], ids[ids >= 0])

    @classmethod
    def _ordered(cls, keys: Numbers, ids: Numbers) -> KeyedLists:
        # Passages are in order, or in runs that are in order for each key, so a stable sort keeps them ascending.
        order = np.argsort(keys, kind="stable")
        return cls(keys[order], ids[order])

    def arrays(self, name: str) -> dict[str, NDArray[Any]]:
        """The arrays that `KeyedReader` reads."""
        counts = np.bincount(self.keys >> REST_BITS, minlength=_LEADING)
        return {
            f"{name}.counts": blob(zlib.compress(narrow(counts).tobytes(), 9)),
            f"{name}.rest": (self.keys & _REST).astype("<u4"),
            f"{name}.ids": narrow(self.ids),
        }


class KeyedReader:
    """The lists of an open segment."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._rest, self._ids = file.lazy(f"{name}.rest"), file.lazy(f"{name}.ids")
        self._counts = file.lazy(f"{name}.counts")

    @cached_property
    def _sizes(self) -> Ints:
        """How many keys have each value of the leading bits."""
        packed = zlib.decompress(self._counts.whole().tobytes())
        return np.frombuffer(packed, f"<u{len(packed) // _LEADING}")

    @cached_property
    def _starts(self) -> Ints:
        return ends(self._sizes)

    def at(self, key: int) -> Ints:
        """The passages that contain a sentence with this key, ascending."""
        first, last = self._starts[key >> REST_BITS : (key >> REST_BITS) + 2].tolist()
        if first == last:
            return self._ids.numbers(0, 0)
        rest = buffer(self._rest.numbers(first, last))
        low = bisect_left(rest, key & _REST)
        return self._ids.numbers(first + low, first + bisect_right(rest, key & _REST, low))

    def starts(self) -> Ints:
        """For each value of the leading bits, the index of its first key; at the end, the number of keys."""
        return self._starts

    def addresses(self, starts: Ints) -> tuple[Address, Address, Address]:
        """The addresses of `starts`, which the caller must keep alive, of the rests of the keys, and of the passages."""
        return address_of(starts, _NOTHING), self._rest.address(), self._ids.address()

    @staticmethod
    def gathered(readers: Sequence[KeyedReader], keys: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        """The passages of several segments that contain sentences with these keys.

        Returns:
            For each such passage, the index of its segment in `readers`, ascending; the index of its key in `keys`, ascending within a
            segment; and its number in the segment, ascending for each key.
        """
        if not readers or not len(keys):
            return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int64)
        leading = keys >> REST_BITS
        ends_of = np.array([reader._starts[leading + 1] for reader in readers], np.int64)
        sizes = np.array([reader._starts[leading] for reader in readers], np.int64)
        starts = sizes.ravel()
        sizes = ends_of.ravel() - starts
        # Compare all keys with the same leading bits, of which a segment of a million passages has a hundred.
        indices = ranges(starts, ends_of.ravel())
        bounds = sizes.reshape(len(readers), -1).sum(axis=1).cumsum().tolist()
        rest = [reader._rest.at(indices[begin:end]) for reader, begin, end in zip(readers, [0, *bounds], bounds, strict=False)]
        same = np.flatnonzero(np.concatenate(rest) == np.tile(keys & _REST, len(readers)).repeat(sizes))
        segments, which = np.divmod(np.arange(len(sizes)).repeat(sizes)[same], len(keys))
        ids = np.empty(len(same), np.int64)
        held, firsts = np.unique(segments, return_index=True)
        for segment, (begin, end) in zip(held.tolist(), pairwise([*firsts.tolist(), len(same)]), strict=True):
            ids[begin:end] = readers[segment]._ids.at(indices[same[begin:end]])
        return segments, which, ids

    def all(self) -> KeyedLists:
        """All lists, in memory."""
        leading = np.repeat(np.arange(_LEADING, dtype=np.int64) << REST_BITS, self._sizes)
        return KeyedLists(leading | self._rest.whole(), self._ids.whole().astype(np.int64))
