"""Postings as plain arrays, at Whoosh's own extension point (`whoosh.codec.base`); everything else is Whoosh's W3 codec.

A posting list is a header of four bytes (the width of an id and of a count, two unused), the passage numbers rising,
then how often each holds the term; it begins at a multiple of four. The stock Searcher reads the same lists.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3Codec, W3Segment
from whoosh.matching import ListMatcher

Ints = NDArray[np.integer[Any]]

_HEADER = 4


def narrowest(largest: int) -> np.dtype[Any]:
    """The narrowest little-endian unsigned integer that holds `largest`."""
    return np.dtype("u1" if largest < 1 << 8 else "<u2" if largest < 1 << 16 else "<u4")


def read_postings(buffer: Any, offset: int, count: int) -> tuple[Ints, Ints]:
    """Passage numbers and counts of the list at `offset` with `count` postings, as views on `buffer`."""
    ids = np.frombuffer(buffer, f"<u{buffer[offset]}", count, offset + _HEADER)
    counts = np.frombuffer(buffer, f"<u{buffer[offset + 1]}", count, offset + _HEADER + ids.nbytes)
    return ids, counts


class ArrayPostingsWriter:
    """Writes one list after another; `add_all` takes a whole list, `add_posting` is what Whoosh's own writer calls."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._terminfo: Any = None
        self._ids: list[int] = []
        self._counts: list[int] = []

    def start_postings(self, format_: object, terminfo: Any) -> None:
        """Begin a list."""
        self._terminfo = terminfo
        self._ids, self._counts = [], []

    def add_posting(self, id_: int, weight: float, vbytes: bytes, length: int | None = None) -> None:
        """One posting; lengths and payloads are not kept."""
        self._ids.append(id_)
        self._counts.append(int(weight))

    def add_all(self, ids: Ints, counts: Ints) -> None:
        """A whole list (not empty, ids rising)."""
        info, file = self._terminfo, self._file
        largest = int(counts.max())
        # W3TermInfo has no setters for what a block would have told it.
        info._weight, info._df, info._maxweight = float(counts.sum()), len(ids), float(largest)
        info._minid, info._maxid, info._minlength, info._maxlength = int(ids[0]), int(ids[-1]), 1, 1
        file.write(b"\0" * (-file.tell() % _HEADER))
        start = file.tell()
        packed = ids.astype(narrowest(int(ids[-1]))), counts.astype(narrowest(largest))
        file.write(bytes((packed[0].itemsize, packed[1].itemsize, 0, 0)) + packed[0].tobytes() + packed[1].tobytes())
        info.set_extent(start, file.tell() - start)

    def finish_postings(self) -> Any:
        """End the list; returns its term info."""
        if self._ids:
            self.add_all(np.array(self._ids), np.array(self._counts))
        return self._terminfo


class ArrayCodec(W3Codec):  # type: ignore[misc]  # whoosh has no types
    """Whoosh's W3 codec with array postings."""

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> ArrayPostingsWriter:
        """The writer of a segment's lists."""
        return ArrayPostingsWriter(dbfile)

    def postings_reader(self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None) -> ListMatcher:
        """A list as the stock Searcher wants it."""
        offset, _ = terminfo.extent()
        count = terminfo.doc_frequency()
        ids, counts = read_postings(dbfile.get(offset, _HEADER + 8 * count), 0, count)
        return ListMatcher(ids.tolist(), counts.tolist(), format=format_, scorer=scorer, term=term, terminfo=terminfo)

    def new_segment(self, storage: Any, indexname: str) -> ArraySegment:
        """An empty segment."""
        return ArraySegment(self, indexname)


class ArraySegment(W3Segment):  # type: ignore[misc]
    """A segment with this codec; its class is named in the table of contents, which is pickled."""
