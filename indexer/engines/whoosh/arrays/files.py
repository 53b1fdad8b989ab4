"""The file format of segments: named arrays in one file, each block of which is compared with its checksum before it is used.

The file begins with three numbers of eight bytes: the size of its table, the size of its list of checksums, and the checksum of both.
Then follow the table as JSON, {"name": the file's own name, "arrays": {name: [dtype, offset, count, checksum]}}; the checksums of the
blocks of each array in the order of the table; and the arrays, each padded to a multiple of eight bytes. A block is `BLOCK` bytes of one
array. Checksums are 64-bit XXH3, of which 32 bits are stored for a block.

The file is mapped into memory. This is as fast to read as private memory, which the system would have to provide page by page (5 µs each,
compared with 0.1 for mapped pages), and processes share it. Mapped memory changes when the file does, so `ArrayFile.check_unchanged` must
be called for every query: after a write to the file everything is checked again, and a truncated file, which would end the process
(SIGBUS), is refused.
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
from indexer.regular_files import open_regular

Ints = NDArray[np.integer[Any]]

BLOCK = 1024
"""Bytes that are checked at a time if an array is not read as a whole: few, since they are fetched from memory for it. A checksum takes
a quarter of a microsecond, and 0.4 % more space."""

Address = tuple[int, int, int, int]
"""The memory address of an array's values, bytes per value, number of values, and the address of its `unread` bytes, 1 until checked."""

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
    """The offsets of consecutive pieces of these sizes, and the end of the last one: one number more than there are pieces."""
    return narrow(np.concatenate(([0], np.cumsum(np.asarray(sizes, np.int64)))))


def concatenated(arrays: Sequence[NDArray[Any]], dtype: Any = np.int64) -> NDArray[Any]:
    """The concatenation of arrays; a single one is returned itself, and an empty array of `dtype` if there are none."""
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays) if arrays else np.empty(0, dtype)


def packed_values(values: object) -> NDArray[np.uint8]:
    """Plain values as compressed JSON, in an array."""
    return blob(zlib.compress(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()))


def read_values(packed: NDArray[np.uint8]) -> Any:
    """The values packed by `packed_values`."""
    return json.loads(zlib.decompress(packed.tobytes()))


def packed_counts(counts: Ints) -> NDArray[np.uint8]:
    """Counts, mostly small or 0, compressed into an array."""
    return blob(zlib.compress(counts.astype("<u4").tobytes(), 9))


def read_counts(packed: NDArray[np.uint8]) -> NDArray[np.int64]:
    """The counts packed by `packed_counts`."""
    return np.frombuffer(zlib.decompress(packed.tobytes()), "<u4").astype(np.int64)


def blob(content: bytes) -> NDArray[np.uint8]:
    """Bytes as an array."""
    return np.frombuffer(content, np.uint8)


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]], name: str | None = None) -> None:
    """Write the file, which cannot be renamed afterwards. For a copy of another file, `name` is that file's name, needed to open it."""
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
    """The size of an array in the file, with padding."""
    return -(-count * np.dtype(dtype).itemsize // _ALIGNED) * _ALIGNED


def buffer(array: NDArray[Any]) -> memoryview:
    """A memoryview of an array."""
    return memoryview(array)  # type: ignore[arg-type]  # arrays are buffers; typeshed knows that from Python 3.12 on


def _content(array: NDArray[Any]) -> bytes:
    """The bytes of an array, padded with zeros."""
    return array.tobytes() + b"\0" * (-array.nbytes % _ALIGNED)


class ArrayFile:
    """The arrays of a file as views on its mapped bytes; the mapping lives as long as one of them. For `name` see `write_arrays`.

    Raises:
        IndexCorrupt: Data cannot be read or does not match its checksum; raised here and wherever an array is read.
    """

    def __init__(self, path: Path, name: str | None = None) -> None:
        self._path = path
        try:
            self._handle = open_regular(path)
            weakref.finalize(self, os.close, self._handle)
            self._state = self._state_of_file()
            self._bytes = mmap.mmap(self._handle, 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise IndexCorrupt(self._path, f"it cannot be opened ({error})") from error
        text_size, sums_size, checksum = (int.from_bytes(self._bytes[at : at + 8], "little") for at in (0, 8, 16))
        self._start = _HEAD + text_size + sums_size
        if self._start > len(self._bytes) or xxh3_64_intdigest(memoryview(self._bytes)[_HEAD : self._start]) != checksum:
            raise IndexCorrupt(self._path, "its header is damaged")
        table = json.loads(self._bytes[_HEAD : _HEAD + text_size])
        if table["name"] != (name or path.name):
            raise IndexCorrupt(self._path, f"it is {table['name']}")
        self._sums = buffer(np.frombuffer(self._bytes, "<u4", sums_size // 4, _HEAD + text_size))
        self._table: dict[str, tuple[str, int, int, int]] = table["arrays"]
        self._first_sums: dict[str, int] = {}
        """By array: the index of the checksum of its first block."""
        end = blocks = 0
        for array, (dtype, offset, count, _) in self._table.items():
            self._first_sums[array] = blocks
            end = offset + _filled_up(dtype, count)
            blocks += -(-(end - offset) // BLOCK)
        if self._start + end != len(self._bytes):
            raise IndexCorrupt(self._path, "it was truncated or extended")
        self._arrays: dict[str, CheckedArray] = {}

    def _state_of_file(self) -> tuple[int, int]:
        state = os.fstat(self._handle)
        return state.st_size, state.st_mtime_ns

    def check_unchanged(self) -> None:
        """Check whether the file has been written to since it was opened; if so, everything is compared with its checksums again.

        Raises:
            IndexCorrupt: The file has another size, or an array that was read as a whole is damaged.
        """
        try:
            state = self._state_of_file()
        except OSError as error:
            raise IndexCorrupt(self._path, f"it cannot be read any more ({error})") from error
        if state != self._state:
            if state[0] != self._state[0]:
                raise IndexCorrupt(self._path, "it was truncated or extended while it was read")
            for array in list(self._arrays.values()):
                array.check_again()
            self._state = state

    def lazy(self, name: str) -> CheckedArray:
        """An array whose blocks are checked only when they are read."""
        if (array := self._arrays.get(name)) is None:
            dtype, offset, count, checksum = self._table[name]
            size, first = _filled_up(dtype, count), self._first_sums[name]
            numbers = np.frombuffer(self._bytes, dtype, count, self._start + offset)
            sums = self._sums[first : first + -(-size // BLOCK)]
            array = CheckedArray(self._path, name, numbers, (self._bytes, self._start + offset, size), checksum, sums)
            self._arrays[name] = array
        return array

    def get(self, name: str) -> NDArray[Any] | None:
        """A whole array, None if the file has none of this name."""
        return self[name] if name in self._table else None

    def __getitem__(self, name: str) -> NDArray[Any]:
        """A whole array."""
        return self.lazy(name).whole()

    def view(self, name: str) -> memoryview:
        """A whole array for reading single values: a memoryview returns plain integers, and bisect searches it without Python code."""
        return buffer(self[name])

    def names(self) -> list[str]:
        """The names of all arrays."""
        return list(self._table)

    def check(self) -> None:
        """Check every block of every array."""
        for name in self._table:
            self[name]


def address_of(numbers: NDArray[Any], unread: NDArray[np.bool_]) -> Address:
    """The address of an array, some of whose blocks may not be checked yet."""
    at, blocks = (array.__array_interface__["data"][0] for array in (numbers, unread))
    return at, numbers.itemsize, len(numbers), blocks


class CheckedArray:
    """An array of an open file; each block is checked before it is first read."""

    def __init__(
        self, path: Path, name: str, numbers: NDArray[Any], extent: tuple[mmap.mmap, int, int], checksum: int, sums: memoryview
    ) -> None:
        self._path, self._name, self._numbers, self._checksum, self._sums = path, name, numbers, checksum, sums
        # Slicing the mapping itself is faster than slicing a view.
        self._bytes, self._start, size = extent
        self._content = memoryview(self._bytes)[self._start : self._start + size]
        self._itemsize = numbers.itemsize
        self._unread = bytearray(b"\1") * len(sums)
        self._unread_blocks = np.frombuffer(self._unread, np.bool_)
        """The same memory as an array, for looking up many blocks at once."""
        self._was_whole = False

    def __len__(self) -> int:
        return len(self._numbers)

    def address(self) -> Address:
        """The array's address."""
        return address_of(self._numbers, self._unread_blocks)

    def check_again(self) -> None:
        """Let each block be checked again before it is read; check everything now if the array was read as a whole."""
        self._unread[:] = b"\1" * len(self._sums)
        if self._was_whole:
            self.whole()

    def whole(self) -> NDArray[Any]:
        """All values."""
        if self._unread.find(1) >= 0:
            if xxh3_64_intdigest(self._content) != self._checksum:
                raise IndexCorrupt(self._path, f"{self._name} does not match the published checksum")
            self._unread[:] = b"\0" * len(self._sums)
        self._was_whole = True
        return self._numbers

    @cached_property
    def _view(self) -> memoryview:
        return buffer(self._numbers)

    def view(self, start: int, end: int) -> memoryview:
        """A view for reading single values; only those from `start` to before `end` are checked."""
        first, last = start * self._itemsize // BLOCK, -(-end * self._itemsize // BLOCK)
        if self._unread.find(1, first, last) >= 0:
            self._check(range(first, last))
        return self._view

    def mapped(self) -> tuple[mmap.mmap, int]:
        """The mapped file and the array's offset in it, after checking the whole array; the fastest way to take many pieces."""
        self.whole()
        return self._bytes, self._start

    def numbers(self, start: int, end: int) -> NDArray[Any]:
        """The values from `start` to before `end`."""
        first, last = start * self._itemsize // BLOCK, -(-end * self._itemsize // BLOCK)
        if self._unread.find(1, first, last) >= 0:
            self._check(range(first, last))
        return self._numbers[start:end]

    def at(self, indices: NDArray[np.int64]) -> NDArray[Any]:
        """The values at these indices."""
        # Values are aligned, so none extends over two blocks.
        self._check_all(indices * self._itemsize >> _BLOCK_BITS)
        return self._numbers[indices]

    def windows(self, starts: NDArray[np.int64], size: int) -> NDArray[np.bytes_]:
        """The `size` bytes (1 to `BLOCK`) at each of these offsets of an array of bytes, without trailing zeros."""
        self._check_all(starts >> _BLOCK_BITS)
        self._check_all((starts + (size - 1)) >> _BLOCK_BITS)
        windows: NDArray[np.bytes_] = np.ndarray(max(0, len(self) - size + 1), f"S{size}", self._numbers, strides=(1,))[starts]
        return windows

    def piece(self, start: int, end: int) -> bytes:
        """The bytes from `start` to before `end` of an array of bytes."""
        first, last = start // BLOCK, -(-end // BLOCK)
        if self._unread.find(1, first, last) >= 0:
            self._check(range(first, last))
        return self._bytes[self._start + start : self._start + end]

    def _check_all(self, blocks: NDArray[np.int64]) -> None:
        unread = self._unread_blocks[blocks]
        if unread.any():
            # A block is listed once for each value wanted from it, perhaps a hundred times.
            wanted = np.zeros(len(self._unread), np.bool_)
            wanted[blocks[unread]] = True
            self._check(wanted.nonzero()[0].tolist())

    def _check(self, blocks: Sequence[int]) -> None:
        unread, content, sums = self._unread, self._content, self._sums
        if 2 * len(blocks) > len(sums) and xxh3_64_intdigest(content) == self._checksum:
            # All blocks together take a fifth of the time of most of them one by one. If any is damaged, each is checked by itself.
            unread[:] = b"\0" * len(sums)
            return
        for block in blocks:
            if unread[block]:
                if _block_sum(content[block * BLOCK : (block + 1) * BLOCK]) != sums[block]:
                    raise IndexCorrupt(self._path, f"block {block} of {self._name} does not match the published checksum")
                unread[block] = 0
