"""Compiled loops for a large index, if numba is installed: the same results as the array operations, in less time.

numba takes a second and about 100 MB to import, and some seconds more if it finds nothing compiled earlier; so it is loaded in the
background during the first queries, and only for an index so large that it saves more than that.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache, cached_property
from importlib import import_module
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.arrays.files import Ints
from indexer.engines.whoosh.arrays.keyed import REST_BITS, KeyedReader
from indexer.engines.whoosh.arrays.postings import Numbers, Postings
from indexer.engines.whoosh.evaluation.alphabets import Possible
from indexer.engines.whoosh.segment.segments import SegmentFile

ROOM = 1 << 16
"""Initial capacity of the result arrays of `CompiledLists.holding`, in passages."""

log = logging.getLogger(__name__)


def loops() -> ModuleType | None:
    """The module `indexer.engines.whoosh.arrays.loops`; None if it cannot be loaded or while it is loading, which the first call starts."""
    loading = _loading()
    return loading.result() if loading.done() else None


@cache
def _loading() -> Future[ModuleType | None]:
    with_one = ThreadPoolExecutor(1, thread_name_prefix="compiling")
    try:
        return with_one.submit(_loaded)
    finally:
        with_one.shutdown(wait=False)


def _loaded() -> ModuleType | None:
    # The files are little-endian, and the loops read them in the machine's byte order.
    if sys.byteorder != "little":
        return None
    try:
        return import_module("indexer.engines.whoosh.arrays.loops")
    except ImportError:
        # numba is not installed, or does not support this Python or numpy.
        return None
    except Exception as error:
        # For example where memory may not be both written and executed (MemoryDenyWriteExecute); queries are only slower then.
        log.warning("numba compiles nothing here: %s", error)
        return None


class CompiledLists:
    """The lists of pairs of neighbouring characters and of sentences in the segments of one generation (at least one)."""

    def __init__(self, loops: ModuleType, segments: Sequence[SegmentFile], bases: Sequence[int]) -> None:
        """`bases` are the numbers of the first passage of each segment, and the number of all passages."""
        self._loops, self._segments = loops, segments
        self._bases = np.array(bases, np.int64)
        self._table = loops.described([[array.address() for array in segment.arrays(loops.ARRAYS)] for segment in segments])

    @cached_property
    def _sentences(self) -> tuple[NDArray[np.int64], list[Ints]]:
        """The table of the lists of sentences, and the arrays in it that are not in a file.

        Kept here because a reader may drop its own copy: two threads that need it first each build one, and the second replaces the first.
        """
        starts = [segment.sentences.starts() for segment in self._segments]
        table = [segment.sentences.addresses(own) for segment, own in zip(self._segments, starts, strict=True)]
        return self._loops.described(table), starts

    def holding(self, keys: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        """Like `KeyedReader.gathered` for all segments."""
        table, _held = self._sentences
        done = np.zeros(2, np.int64)
        found = [np.empty(ROOM, np.int64) for _ in range(3)]
        parts = keys >> REST_BITS, keys & ((1 << REST_BITS) - 1)
        while (ended := self._loops.hold(table, *parts, *found, done)) != self._loops.DONE:
            if ended == self._loops.UNCHECKED:
                KeyedReader.gathered([self._segments[done[0]].sentences], keys)
            else:
                found = [np.concatenate((own, np.empty_like(own))) for own in found]
        segments, which, ids = (own[: done[1]] for own in found)
        return segments, which, ids

    def postings(self, possible: Possible) -> Postings | None:
        """Like `Occurrences.postings`, deleted passages included; None if a pair occurs more often in a passage than a byte can count."""
        located = self._located(possible, with_offsets=False)
        size = int((located[:, 1] - located[:, 0]).sum())
        numbers, counts = np.empty(size, np.int64), np.empty(size, np.uint8)
        sure = self._loops.gather(self._table, possible.segments, self._bases, located, numbers, counts)
        return (numbers, counts) if sure else None

    def starts(self, possible: Possible) -> Numbers:
        """Like `Occurrences.starts`, deleted passages included."""
        located = self._located(possible)
        starts = np.empty(int((located[:, 3] - located[:, 2]).sum()), np.int64)
        return starts[: self._loops.spread(self._table, possible.segments, self._bases, located, starts)]

    def followed(self, starts: Numbers, bounds: Numbers, behind: int, possible: Possible) -> Numbers:
        """Like `Occurrences.followed`; `bounds` divide the starts by segment."""
        followed = np.empty(len(starts), np.int64)
        arguments = self._table, possible.segments, self._bases, self._located(possible), starts, bounds, behind, followed
        return followed[: self._loops.follow(*arguments)]

    def _located(self, possible: Possible, with_offsets: bool = True) -> Numbers:
        """For each of the segments, the begin and end of a pair's postings and of its offsets; their blocks have been checked."""
        located = np.empty((len(possible.segments), 4), np.int64)
        done = 0
        while (done := self._loops.locate(self._table, *possible, done, with_offsets, located)) < len(located):
            segment = self._segments[possible.segments[done]]
            begin, end, second = (int(own[done]) for own in possible[1:])
            pair = segment.characters.pair_between(begin, end, second)
            if pair is not None:
                if with_offsets:
                    segment.offsets.check(pair)
                else:
                    segment.lists("bigrams").at(pair)
        return located
