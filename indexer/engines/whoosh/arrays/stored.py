"""What is only read once a passage or a report is shown: printed texts and reports, compressed one by one."""

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
# Part of what an index's files mean: another one needs another version of the schema.
_FIELD_NAMES = json.dumps(dict.fromkeys(REPORT_KEYS), separators=(",", ":")).encode()
WINDOW = 32
"""Bytes of a run that are compared at a time: few pieces hold its beginning."""
SPARSE = 16
"""Pieces for each one wanted from which on those wanted are checked one by one."""


_PRINTED_AS = [(mark.encode(), chr(ord(mark) + 0xFEE0).encode()) for mark in ",;:()?!"]
"""Marks that the fold makes narrow and that Chinese text mostly has in their full width."""


def packed_printed(printed: Sequence[Any], folded: bytes) -> bytes:
    """A passage's text as printed and what else is stored with it, plain values, compressed.

    The dictionary is the folded text, which is held anyway, as it was probably printed: on 20,000 paragraphs of laws a fortieth of the
    text's size stays, and one is opened in 8 µs.
    """
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS, memLevel=9, zdict=_probably_printed(folded))
    return packer.compress(_json(printed)) + packer.flush()


def read_printed(packed: bytes, folded: bytes) -> list[Any]:
    """What `packed_printed` packed."""
    unpacker = zlib.decompressobj(wbits=-zlib.MAX_WBITS, zdict=_probably_printed(folded))
    printed: list[Any] = msgspec.json.decode(unpacker.decompress(packed))
    return printed


def read_printed_together(packed: Iterable[bytes | memoryview], folded: str, sizes: Ints, reads: msgspec.json.Decoder[T]) -> list[T]:
    """What `packed_printed` packed of several passages, as a decoder reads it; `folded` is their folded texts, of so many code points each.

    All folded texts are made what was probably printed at once: reading thousands so takes half the time of one after another.
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
    """A report's record, compressed; the names of its fields are the dictionary, for every record has them all."""
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS, zdict=_FIELD_NAMES)
    return packer.compress(_json(record)) + packer.flush()


def read_record(packed: bytes) -> Record:
    """What `packed_record` packed."""
    record: Record = msgspec.json.decode(zlib.decompressobj(wbits=-zlib.MAX_WBITS, zdict=_FIELD_NAMES).decompress(packed))
    return record


def piece_arrays(name: str, pieces: Iterable[bytes]) -> dict[str, NDArray[Any]]:
    """The arrays that `Pieces` reads."""
    held = list(pieces)
    return {name: blob(b"".join(held)), f"{name}.sizes": narrow([len(piece) for piece in held])}


class Pieces:
    """Bytes by number."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._bytes, self._sizes = file.lazy(name), file.lazy(f"{name}.sizes")

    @cached_property
    def ends(self) -> Ints:
        """Where each piece begins, and where the last one ends."""
        # Sizes take half of what ends do in a file, and adding them up a tenth of a millisecond for 20,000 passages.
        return ends(self._sizes.whole())

    @cached_property
    def _ends(self) -> memoryview:
        return buffer(self.ends)

    def sizes(self) -> Numbers:
        """The bytes of each piece."""
        return self._sizes.whole().astype(np.int64)

    def stand(self, numbers: Numbers, offsets: Numbers, wanted: bytes) -> NDArray[np.bool_]:
        """In which of some pieces a run of bytes (not empty) stands at an offset; each must have room for it there."""
        starts = self.ends[numbers] + offsets
        part = wanted[:WINDOW]
        found: NDArray[np.bool_] = self._bytes.windows(starts, len(part)) == part
        for first in range(WINDOW, len(wanted), WINDOW):
            part = wanted[first : first + WINDOW]
            held = found.nonzero()[0]
            found[held] = self._bytes.windows(starts[held] + first, len(part)) == part
        return found

    def stand_each(self, numbers: Numbers, offsets: Numbers, wanted: Sequence[bytes], which: Numbers) -> NDArray[np.bool_]:
        """As `stand`, each with a run of bytes of its own: that of `wanted` which stands at its index in `which`."""
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
        """All pieces as an array of texts of one width; none may end with a zero byte."""
        sizes, content = self._sizes.whole(), self._bytes.whole()
        width = int(sizes.max(initial=1))
        if len(sizes) * width == len(content):
            return content.view(f"S{width}")
        return np.array(list(self), f"S{width}")

    def of(self, numbers: Sequence[int]) -> list[memoryview]:
        """Several pieces. Where most of what stands between them is wanted, all of it is checked in one go."""
        if not numbers or max(numbers) - min(numbers) > SPARSE * len(numbers):
            return [memoryview(self[number]) for number in numbers]
        at = self._ends
        first = at[min(numbers)]
        content = buffer(self._bytes.numbers(first, at[max(numbers) + 1]))
        return [content[at[number] - first : at[number + 1] - first] for number in numbers]


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
