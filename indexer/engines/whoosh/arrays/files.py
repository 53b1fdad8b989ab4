"""Named arrays in one file, each block of which is compared with its checksum before anything is made of it: what a segment consists of.

The file begins with three numbers of eight bytes: how long its table is, how long the list of its checksums is, and the checksum of
both. Then the table as JSON, {"name": the file's own name, "arrays": {name: [dtype, offset, count, checksum]}}; the checksums of the
blocks of each array in the order of the table; and the arrays, each filled up to a multiple of eight. A block is `BLOCK` bytes of one
array. Checksums are XXH3 of 64 bits; of that of a block 32 are stored.

The file is mapped into memory: it is as quick to read as memory of our own, which the system would have to give page by page (5 µs each
where mapped ones took 0.1), and processes share it. What is mapped changes when the file does, so `ArrayFile.check_unchanged` is for
every query: after a write to the file all is compared anew, and one that was cut short, which would end the process (SIGBUS), is refused.
"""

from __future__ import annotations

import json
import mmap
import os
import weakref
import zlib
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_64_intdigest

from indexer.errors import IndexCorrupt

Ints = NDArray[np.integer[Any]]

BLOCK = 1024
"""Bytes that are checked at a time where an array is not read whole: few, for they are fetched from memory to be checked. A checksum takes
a quarter of a microsecond, and 0.4 % more room."""

Address = tuple[int, int, int, int]
"""Where in memory the values of an array are, the bytes of each, how many there are, and where a byte for each block is 1 until checked."""

_BLOCK_BITS = BLOCK.bit_length() - 1

_ALIGNED = 8
_HEAD = 24


def narrowest(largest: int) -> np.dtype[Any]:
    """The narrowest little-endian unsigned integer that holds `largest`."""
    return np.dtype("u1" if largest < 1 << 8 else "<u2" if largest < 1 << 16 else "<u4" if largest < 1 << 32 else "<u8")


def narrow(values: Any) -> Ints:
    """Integers from 0 in the narrowest type that holds them all."""
    array = np.asarray(values, np.int64)
    return array.astype(narrowest(int(array.max(initial=0))))


def ends(sizes: Any) -> Ints:
    """Where consecutive pieces of these sizes begin, and where the last one ends: one more than there are pieces."""
    return narrow(np.concatenate(([0], np.cumsum(np.asarray(sizes, np.int64)))))


def concatenated(arrays: Sequence[NDArray[Any]], dtype: Any = np.int64) -> NDArray[Any]:
    """Arrays one behind the other, a single one as it is; of `dtype` where there is none."""
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays) if arrays else np.empty(0, dtype)


def packed_values(values: object) -> NDArray[np.uint8]:
    """Plain values as an array, compressed."""
    return blob(zlib.compress(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()))


def read_values(packed: NDArray[np.uint8]) -> Any:
    """What `packed_values` packed."""
    return json.loads(zlib.decompress(packed.tobytes()))


def packed_counts(counts: Ints) -> NDArray[np.uint8]:
    """Counts, most of them small or 0, as an array, compressed."""
    return blob(zlib.compress(counts.astype("<u4").tobytes(), 9))


def read_counts(packed: NDArray[np.uint8]) -> NDArray[np.int64]:
    """What `packed_counts` packed."""
    return np.frombuffer(zlib.decompress(packed.tobytes()), "<u4").astype(np.int64)


def blob(content: bytes) -> NDArray[np.uint8]:
    """Bytes as an array."""
    return np.frombuffer(content, np.uint8)


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]], name: str | None = None) -> None:
    """Write the file, which cannot be renamed afterwards; `name` is its own name where it is a copy of another, and is opened by that."""
    table: dict[str, tuple[str, int, int, int]] = {}
    sums: list[int] = []
    offset = 0
    for key, array in arrays.items():
        content = _content(array)
        table[key] = (array.dtype.str, offset, len(array), xxh3_64_intdigest(content))
        offset += len(content)
        sums += [_block_sum(content[start : start + BLOCK]) for start in range(0, len(content), BLOCK)]
    text = json.dumps({"name": name or path.name, "arrays": table}).encode()
    text += b" " * (-len(text) % _ALIGNED)
    listed = np.array(sums, "<u4").tobytes()
    listed += b"\0" * (-len(listed) % _ALIGNED)
    with path.open("wb") as file:
        file.write(b"".join(n.to_bytes(8, "little") for n in (len(text), len(listed), xxh3_64_intdigest(text + listed))) + text + listed)
        for array in arrays.values():
            file.write(_content(array))


def _block_sum(content: bytes | memoryview) -> int:
    return xxh3_64_intdigest(content) & 0xFFFFFFFF


def _filled_up(dtype: str, count: int) -> int:
    """The bytes that an array takes."""
    return -(-count * np.dtype(dtype).itemsize // _ALIGNED) * _ALIGNED


def buffer(array: NDArray[Any]) -> memoryview:
    """The memory of an array."""
    return memoryview(array)  # type: ignore[arg-type]  # arrays are buffers; typeshed knows that from Python 3.12 on


def _content(array: NDArray[Any]) -> bytes:
    """The bytes of an array, filled up with zeros."""
    return array.tobytes() + b"\0" * (-array.nbytes % _ALIGNED)


class ArrayFile:
    """The arrays of a file as views on its mapped bytes; the mapping lives as long as one of them. `name`: see `write_arrays`.

    Raises:
        IndexCorrupt: Something that was read cannot be read, or has not its checksum; here and wherever an array is read.
    """

    def __init__(self, path: Path, name: str | None = None) -> None:
        self._path = path
        try:
            self._handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
            weakref.finalize(self, os.close, self._handle)
            self._state = self._state_of_file()
            self._bytes = mmap.mmap(self._handle, 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise IndexCorrupt(self._path, f"it cannot be opened ({error})") from error
        text_size, sums_size, checksum = (int.from_bytes(self._bytes[at : at + 8], "little") for at in (0, 8, 16))
        self._start = _HEAD + text_size + sums_size
        if self._start > len(self._bytes) or xxh3_64_intdigest(memoryview(self._bytes)[_HEAD : self._start]) != checksum:
            raise IndexCorrupt(self._path, "its head is damaged")
        table = json.loads(self._bytes[_HEAD : _HEAD + text_size])
        if table["name"] != (name or path.name):
            raise IndexCorrupt(self._path, f"it is {table['name']}")
        self._sums = buffer(np.frombuffer(self._bytes, "<u4", sums_size // 4, _HEAD + text_size))
        self._table: dict[str, tuple[str, int, int, int]] = table["arrays"]
        self._first_sums: dict[str, int] = {}
        """Of each array: where the checksums of its blocks begin."""
        end = blocks = 0
        for array, (dtype, offset, count, _) in self._table.items():
            self._first_sums[array] = blocks
            end = offset + _filled_up(dtype, count)
            blocks += -(-(end - offset) // BLOCK)
        if self._start + end != len(self._bytes):
            raise IndexCorrupt(self._path, "it was cut short or made longer")
        self._arrays: dict[str, CheckedArray] = {}

    def _state_of_file(self) -> tuple[int, int]:
        state = os.fstat(self._handle)
        return state.st_size, state.st_mtime_ns

    def check_unchanged(self) -> None:
        """Look whether the file was written to since it was opened; if so all of it is compared with its checksums again.

        Raises:
            IndexCorrupt: It has another size, or an array that was read whole is damaged.
        """
        try:
            state = self._state_of_file()
        except OSError as error:
            raise IndexCorrupt(self._path, f"it cannot be read any more ({error})") from error
        if state != self._state:
            if state[0] != self._state[0]:
                raise IndexCorrupt(self._path, "it was cut short or made longer while it was read")
            for array in list(self._arrays.values()):
                array.check_again()
            self._state = state

    def lazy(self, name: str) -> CheckedArray:
        """An array of which only those blocks are checked that something is taken from."""
        if (array := self._arrays.get(name)) is None:
            dtype, offset, count, checksum = self._table[name]
            size, first = _filled_up(dtype, count), self._first_sums[name]
            numbers = np.frombuffer(self._bytes, dtype, count, self._start + offset)
            sums = self._sums[first : first + -(-size // BLOCK)]
            array = CheckedArray(self._path, name, numbers, (self._bytes, self._start + offset, size), checksum, sums)
            self._arrays[name] = array
        return array

    def get(self, name: str) -> NDArray[Any] | None:
        """An array, None where the file has none of this name."""
        return self[name] if name in self._table else None

    def __getitem__(self, name: str) -> NDArray[Any]:
        """A whole array."""
        return self.lazy(name).whole()

    def view(self, name: str) -> memoryview:
        """A whole array to be read a value at a time: a memoryview hands out plain integers, and bisect searches it without Python code."""
        return buffer(self[name])

    def names(self) -> list[str]:
        """The names of all arrays."""
        return list(self._table)

    def check(self) -> None:
        """Check every block of every array."""
        for name in self._table:
            self[name]


def address_of(numbers: NDArray[Any], unread: NDArray[np.bool_]) -> Address:
    """Where an array is of whose blocks some may not be checked."""
    at, blocks = (array.__array_interface__["data"][0] for array in (numbers, unread))
    return at, numbers.itemsize, len(numbers), blocks


class CheckedArray:
    """An array of an open file, of which each block is checked before something is first taken from it."""

    def __init__(
        self, path: Path, name: str, numbers: NDArray[Any], extent: tuple[mmap.mmap, int, int], checksum: int, sums: memoryview
    ) -> None:
        self._path, self._name, self._numbers, self._checksum, self._sums = path, name, numbers, checksum, sums
        # Pieces are cut faster from the mapping itself than from a view.
        self._bytes, self._start, size = extent
        self._content = memoryview(self._bytes)[self._start : self._start + size]
        self._itemsize = numbers.itemsize
        self._unread = bytearray(b"\1") * len(sums)
        self._unread_blocks = np.frombuffer(self._unread, np.bool_)
        """The same to be looked at for many blocks at once."""
        self._was_whole = False

    def __len__(self) -> int:
        return len(self._numbers)

    def address(self) -> Address:
        """Where it is."""
        return address_of(self._numbers, self._unread_blocks)

    def check_again(self) -> None:
        """Check each block again before something is taken from it, and all at once where all was read."""
        self._unread[:] = b"\1" * len(self._sums)
        if self._was_whole:
            self.whole()

    def whole(self) -> NDArray[Any]:
        """All values."""
        if self._unread.find(1) >= 0:
            if xxh3_64_intdigest(self._content) != self._checksum:
                raise IndexCorrupt(self._path, f"{self._name} has not the checksum that was published")
            self._unread[:] = b"\0" * len(self._sums)
        self._was_whole = True
        return self._numbers

    @cached_property
    def _view(self) -> memoryview:
        return buffer(self._numbers)

    def view(self, start: int, end: int) -> memoryview:
        """All values to be read one at a time, of which those from one index to another are checked."""
        first, last = start * self._itemsize // BLOCK, -(-end * self._itemsize // BLOCK)
        if self._unread.find(1, first, last) >= 0:
            self._check(first, last)
        return self._view

    def mapped(self) -> tuple[mmap.mmap, int]:
        """The bytes of the file, and where in them the array begins, of which all is checked: pieces are cut fastest from there."""
        self.whole()
        return self._bytes, self._start

    def numbers(self, start: int, end: int) -> NDArray[Any]:
        """The values from one index to another, not included."""
        first, last = start * self._itemsize // BLOCK, -(-end * self._itemsize // BLOCK)
        if self._unread.find(1, first, last) >= 0:
            self._check(first, last)
        return self._numbers[start:end]

    def at(self, indices: NDArray[np.int64]) -> NDArray[Any]:
        """The values at these indices."""
        # Values are aligned, so none stands in two blocks.
        self._check_all(indices * self._itemsize >> _BLOCK_BITS)
        return self._numbers[indices]

    def windows(self, starts: NDArray[np.int64], size: int) -> NDArray[np.bytes_]:
        """`size` bytes, at most `BLOCK` and not 0, from each of these offsets on, of an array of bytes; zeros at their ends left out."""
        self._check_all(starts >> _BLOCK_BITS)
        self._check_all((starts + (size - 1)) >> _BLOCK_BITS)
        windows: NDArray[np.bytes_] = np.ndarray(max(0, len(self) - size + 1), f"S{size}", self._numbers, strides=(1,))[starts]
        return windows

    def piece(self, start: int, end: int) -> bytes:
        """The bytes from one offset to another, not included, of an array of bytes."""
        first, last = start // BLOCK, -(-end // BLOCK)
        if self._unread.find(1, first, last) >= 0:
            self._check(first, last)
        return self._bytes[self._start + start : self._start + end]

    def _check_all(self, blocks: NDArray[np.int64]) -> None:
        unread = self._unread_blocks[blocks]
        if unread.any():
            for block in set(blocks[unread].tolist()):
                self._check(block, block + 1)

    def _check(self, first: int, last: int) -> None:
        unread, content, sums = self._unread, self._content, self._sums
        for block in range(first, last):
            if unread[block]:
                if _block_sum(content[block * BLOCK : (block + 1) * BLOCK]) != sums[block]:
                    raise IndexCorrupt(self._path, f"block {block} of {self._name} has not the checksum that was published")
                unread[block] = 0
