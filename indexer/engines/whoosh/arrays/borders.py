"""Where words begin in the folded texts of a segment, as segmented when it was indexed.

Whether a word begins between two characters is mostly the same wherever they are adjacent. So the usual case is stored per pair, with
pairs hashed into slots (`borders.usual`, a bit for each of `SLOTS`), and for each code point whether it is an exception (`borders`, a bit
each, compressed for `TOGETHER` passages at a time). One code point in 37 is an exception; this takes a 65th of the size of the texts.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.arrays.files import ArrayFile, blob, buffer
from indexer.engines.whoosh.arrays.postings import Numbers
from indexer.engines.whoosh.arrays.stored import Pieces, piece_arrays
from indexer.joined import END, JoinedTexts, Mask

# These are part of the file format, and so is the layout of `JoinedTexts`: each text followed by `END`.
_SLOT_BITS = 18
SLOTS = 1 << _SLOT_BITS
_FACTOR = np.uint32(0x9E3779B1)
_PART = 1 << 16
TOGETHER = 500
"""Passages whose bits are unpacked together, in a fifth of a millisecond, to read those of one."""


def _slots(codes: NDArray[np.unsignedinteger[Any]], before: int) -> NDArray[np.uint32]:
    """The slot of each code point (at least one) together with the one before it."""
    slots = np.empty(len(codes), np.uint32)
    if codes.itemsize == 2 and sys.byteorder == "little":
        # Two adjacent code points in memory are one number, so nothing need be copied.
        slots[1:] = np.ndarray(len(codes) - 1, np.uint32, codes, strides=(2,))
    else:
        np.left_shift(codes[1:], 16, out=slots[1:], dtype=np.uint32)
        slots[1:] += codes[:-1]
    slots[0] = (before + (int(codes[0]) << 16)) & 0xFFFFFFFF
    slots *= _FACTOR
    slots >>= np.uint32(32 - _SLOT_BITS)
    return slots


def usual_begins(codes: NDArray[np.unsignedinteger[Any]], usual: Mask, table: Numbers | None = None) -> Mask:
    """Whether a word usually begins at each code point of joined texts; `table` is the index of its table if `usual` has several."""
    begins = np.empty(len(codes), np.bool_)
    before = ord(END)
    # Work in parts that stay in the processor's cache, which takes half the time.
    for first in range(0, len(codes), _PART):
        part = slice(first, first + _PART)
        slots = _slots(codes[part], before).astype(np.int64)
        before = int(codes[part][-1])
        if table is not None:
            slots += table[part] << _SLOT_BITS
        usual.take(slots, out=begins[part], mode="clip")
    return begins


def border_arrays(texts: Sequence[str], begins: Mask) -> dict[str, NDArray[Any]]:
    """The arrays that `BordersReader` reads; `begins` says for each code point of the texts whether a word begins there."""
    joined = JoinedTexts.of(texts)
    ends = joined.begins + joined.sizes
    of_all = np.ones(len(joined.codes), np.bool_)
    is_text = of_all.copy()
    is_text[ends - 1] = False
    of_all[is_text] = begins
    slots = _slots(joined.codes, ord(END)) if texts else np.empty(0, np.uint32)
    usually_not, usually = np.bincount(slots + of_all * np.uint32(SLOTS), minlength=2 * SLOTS).reshape(2, SLOTS)
    usual = usually > usually_not
    unusual = usual[slots] != of_all
    bounds = [0, *ends[TOGETHER - 1 :: TOGETHER].tolist(), len(unusual)]
    pieces = [_packed(unusual[first:last]) for first, last in pairwise(bounds) if first < last]
    return {**piece_arrays("borders", pieces), "borders.usual": blob(_packed(usual))}


def _packed(bits: Mask) -> bytes:
    return zlib.compress(np.packbits(bits).tobytes())


def _unpacked(packed: bytes, count: int) -> Mask:
    return np.unpackbits(np.frombuffer(zlib.decompress(packed), np.uint8), count=count).view(np.bool_)


class BordersReader:
    """Reads where words begin in an open segment; `lengths` are the code points of its texts."""

    def __init__(self, file: ArrayFile, lengths: NDArray[Any]) -> None:
        self._pieces, self._usual = Pieces(file, "borders"), file.lazy("borders.usual")
        self._lengths = lengths

    def usual(self) -> Mask:
        """By slot: whether a word usually begins with the second character of a pair."""
        return _unpacked(self._usual.whole().tobytes(), SLOTS)

    def unusual(self, numbers: Numbers) -> list[memoryview]:
        """The exceptions in some passages: for each, a byte per code point of its text, and one for the end."""
        ends = np.concatenate(([0], (self._lengths.astype(np.int64) + 1).cumsum()))
        bits = np.zeros(int(ends[-1]), np.bool_)
        for piece in np.unique(numbers // TOGETHER).tolist():
            first, last = ends[[piece * TOGETHER, min((piece + 1) * TOGETHER, len(self._lengths))]].tolist()
            bits[first:last] = _unpacked(self._pieces[piece], last - first)
        content = buffer(bits)
        return [content[first:end] for first, end in zip(ends[numbers].tolist(), ends[numbers + 1].tolist(), strict=True)]

    def begins(self, texts: Sequence[str]) -> Mask:
        """For each code point of `texts`, which are all texts of the segment, whether a word begins there."""
        joined = JoinedTexts.of(texts)
        unusual = np.frombuffer(b"".join(self.unusual(np.arange(len(texts)))), np.bool_)
        begins = usual_begins(joined.codes, self.usual()) != unusual
        is_text = np.ones(len(begins), np.bool_)
        is_text[joined.begins + joined.sizes - 1] = False
        return begins[is_text]
