"""Data that is only read when a passage or report is shown: printed texts and reports, compressed one by one."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.arrays.files import ArrayFile, Ints, blob, buffer, ends, narrow
from indexer.engines.whoosh.arrays.postings import Numbers
from indexer.records import REPORT_KEYS, Record

T = TypeVar("T")
# Part of the file format: changing it requires another version of the schema.
_FIELD_NAMES = json.dumps(dict.fromkeys(REPORT_KEYS), separators=(",", ":")).encode()
WINDOW = 32
"""Bytes of a run that are compared at a time, since few pieces have even its beginning."""
SPARSE = 16
"""If the range of wanted pieces has more than so many times as many pieces as are wanted, these are read one by one."""


_PRINTED_AS = [(mark.encode(), chr(ord(mark) + 0xFEE0).encode()) for mark in ",;:()?!"]
"""Punctuation that folding makes narrow and that Chinese text mostly has in full width."""


def packed_printed(printed: Sequence[Any], folded: bytes) -> bytes:
    """A passage's printed text and further plain values, compressed.

    The compression dictionary is the folded text, which is stored anyway, as it was probably printed: on 20,000 paragraphs of laws the
    result has a fortieth of the text's size, and is unpacked in 8 µs.
    """
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS, memLevel=9, zdict=_probably_printed(folded))
    return packer.compress(_json(printed)) + packer.flush()


def read_printed(packed: bytes, folded: bytes) -> list[Any]:
    """The values packed by `packed_printed`."""
    unpacker = zlib.decompressobj(wbits=-zlib.MAX_WBITS, zdict=_probably_printed(folded))
    printed: list[Any] = msgspec.json.decode(unpacker.decompress(packed))
    return printed


def read_printed_together(packed: Iterable[bytes | memoryview], folded: str, sizes: Ints, reads: msgspec.json.Decoder[T]) -> list[T]:
    """The values packed by `packed_printed` for several passages, read by a decoder; `folded` is their folded texts of these sizes.

    All folded texts are converted to their probable printed form at once, which halves the time of reading thousands.
    """
    for narrow_mark, full_width in _PRINTED_AS:
        folded = folded.replace(narrow_mark.decode(), full_width.decode())
    bounds = pairwise([0, *np.cumsum(sizes, dtype=np.int64).tolist()])
    return [
        reads.decode(zlib.decompressobj(wbits=-zlib.MAX_WBITS, zdict=f'["{folded[begin:end]}"]'.encode()).decompress(piece))
        for piece, (begin, end) in zip(packed, bounds, strict=True)
    ]


def _probably_printed(folded: bytes) -> bytes:
    for narrow_mark, full_width in _PRINTED_AS:
        folded = folded.replace(narrow_mark, full_width)
    return b'["' + folded + b'"]'


def packed_record(record: Record) -> bytes:
    """A report's record, compressed with the names of its fields as dictionary, since every record has them all."""
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS, zdict=_FIELD_NAMES)
    return packer.compress(_json(record)) + packer.flush()


def read_record(packed: bytes) -> Record:
    """The record packed by `packed_record`."""
    record: Record = msgspec.json.decode(zlib.decompressobj(wbits=-zlib.MAX_WBITS, zdict=_FIELD_NAMES).decompress(packed))
    return record


def piece_arrays(name: str, pieces: Iterable[bytes]) -> dict[str, NDArray[Any]]:
    """The arrays that `Pieces` reads."""
    held = list(pieces)
    return {name: blob(b"".join(held)), f"{name}.sizes": narrow([len(piece) for piece in held])}


class Pieces:
    """Pieces of bytes in an open file, by number."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._bytes, self._sizes = file.lazy(name), file.lazy(f"{name}.sizes")

    @cached_property
    def ends(self) -> Ints:
        """The offset of each piece, and the end of the last one."""
        # Sizes take half as much space in a file as ends, and summing them takes a tenth of a millisecond for 20,000 passages.
        return ends(self._sizes.whole())

    @cached_property
    def _ends(self) -> memoryview:
        return buffer(self.ends)

    def sizes(self) -> Numbers:
        """The bytes of each piece."""
        return self._sizes.whole().astype(np.int64)

    def stand(self, numbers: Numbers, offsets: Numbers, wanted: bytes) -> NDArray[np.bool_]:
        """Whether each piece has a run of bytes (not empty) at its offset; it must be long enough for that."""
        starts = self.ends[numbers] + offsets
        part = wanted[:WINDOW]
        found: NDArray[np.bool_] = self._bytes.windows(starts, len(part)) == part
        for first in range(WINDOW, len(wanted), WINDOW):
            part = wanted[first : first + WINDOW]
            held = found.nonzero()[0]
            found[held] = self._bytes.windows(starts[held] + first, len(part)) == part
        return found

    def stand_each(self, numbers: Numbers, offsets: Numbers, wanted: Sequence[bytes], which: Numbers) -> NDArray[np.bool_]:
        """Like `stand`, with a run of bytes for each: `wanted[which[at]]`."""
        starts = self.ends[numbers] + offsets
        found = np.ones(len(numbers), np.bool_)
        lengths = np.array([len(run) for run in wanted], np.int64)
        for first in range(0, int(lengths.max(initial=0)), WINDOW):
            sizes = np.minimum(lengths - first, WINDOW)
            left = found.nonzero()[0]
            own = sizes[which[left]]
            for size in np.unique(sizes[sizes > 0]).tolist():
                at = left[own == size]
                parts = np.array([run[first : first + size] for run in wanted], f"S{size}")
                found[at] = self._bytes.windows(starts[at] + first, size) == parts[which[at]]
        return found

    def __len__(self) -> int:
        return len(self._sizes)

    def __iter__(self) -> Iterator[bytes]:
        self._bytes.piece(0, len(self._bytes))
        return (self[number] for number in range(len(self)))

    def __getitem__(self, number: int) -> bytes:
        return self._bytes.piece(self._ends[number], self._ends[number + 1])

    def alike(self) -> NDArray[np.bytes_]:
        """All pieces as a fixed-width array of byte strings; none may end with a zero byte."""
        sizes, content = self._sizes.whole(), self._bytes.whole()
        width = int(sizes.max(initial=1))
        if len(sizes) * width == len(content):
            return content.view(f"S{width}")
        return np.array(list(self), f"S{width}")

    def of(self, numbers: Sequence[int]) -> list[memoryview]:
        """Several pieces. If most of the range between the first and the last is wanted, it is checked in one go."""
        if not numbers or max(numbers) - min(numbers) > SPARSE * len(numbers):
            return [memoryview(self[number]) for number in numbers]
        at = self._ends
        first = at[min(numbers)]
        content = buffer(self._bytes.numbers(first, at[max(numbers) + 1]))
        return [content[at[number] - first : at[number + 1] - first] for number in numbers]


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
