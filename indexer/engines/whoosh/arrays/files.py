"""Named arrays in one file, mapped into memory to be read: what a segment consists of.

The file begins with the length of its table (eight bytes), then the table as JSON, {name: [dtype, offset, count]}; each
array stands at a multiple of eight.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.integer[Any]]

_ALIGNED = 8
_PAGE = 4096
"""The smallest page of the systems we know, in bytes."""


def narrowest(largest: int) -> np.dtype[Any]:
    """The narrowest little-endian unsigned integer that holds `largest`."""
    return np.dtype("u1" if largest < 1 << 8 else "<u2" if largest < 1 << 16 else "<u4" if largest < 1 << 32 else "<u8")


def narrow(values: Any) -> Ints:
    """Integers from 0 in the narrowest type that holds them all."""
    array = np.asarray(values, np.int64)
    return array.astype(narrowest(int(array.max()) if len(array) else 0))


def ends(sizes: Any) -> Ints:
    """Where consecutive pieces of these sizes begin, and where the last one ends: one more than there are pieces."""
    return narrow(np.concatenate(([0], np.cumsum(np.asarray(sizes, np.int64)))))


def blob(content: bytes) -> NDArray[np.uint8]:
    """Bytes as an array."""
    return np.frombuffer(content, np.uint8)


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write the file."""
    table: dict[str, tuple[str, int, int]] = {}
    offset = 0
    for name, array in arrays.items():
        table[name] = (array.dtype.str, offset, len(array))
        offset += array.nbytes + -array.nbytes % _ALIGNED
    head = json.dumps(table).encode()
    head += b" " * (-len(head) % _ALIGNED)
    with path.open("wb") as file:
        file.write(len(head).to_bytes(_ALIGNED, "little") + head)
        for array in arrays.values():
            file.write(np.ascontiguousarray(array).data)
            file.write(b"\0" * (-array.nbytes % _ALIGNED))


class ArrayFile:
    """The arrays of a file as views on its mapped bytes; the mapping lives as long as one of them."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._first = _ALIGNED + int.from_bytes(self._bytes[:_ALIGNED], "little")
        self._table: dict[str, tuple[str, int, int]] = json.loads(self._bytes[_ALIGNED : self._first])

    def view(self, name: str) -> memoryview:
        """An array to be read a value at a time: a memoryview hands out plain integers, and bisect searches it without Python code."""
        return memoryview(self[name])  # type: ignore[arg-type]  # arrays are buffers; typeshed knows that from Python 3.12 on

    def touch(self, *names: str) -> None:
        """Let the system map these arrays now: what is searched in by every query then costs none a page fault at each step."""
        for name in names:
            self[name].view(np.uint8)[::_PAGE].max(initial=0)

    def get(self, name: str) -> NDArray[Any] | None:
        """An array, None where the file has none of this name."""
        return self[name] if name in self._table else None

    def __getitem__(self, name: str) -> NDArray[Any]:
        dtype, offset, count = self._table[name]
        return np.frombuffer(self._bytes, dtype, count, self._first + offset)

    def span(self, name: str) -> tuple[mmap.mmap, int]:
        """The file's bytes, and where this array begins in them: for blobs, whose pieces are cut faster from the mapping itself."""
        return self._bytes, self._first + self._table[name][1]
