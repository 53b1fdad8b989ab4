"""What is only read once a passage is shown: printed texts in compressed blocks, reports one by one."""

from __future__ import annotations

import json
import zlib
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Any

from numpy.typing import NDArray

from indexer.engines.whoosh.arrays import ArrayFile, blob, ends, narrow
from indexer.records import Record

BLOCK = 6_000
"""Bytes of JSON before a block is closed. On 20,000 paragraphs of laws blocks of 4, 8 and 16 thousand bytes take 40, 36 and 33 %
of the text's size, and 18, 30 and 55 µs to open."""

Printed = tuple[str, Sequence[Sequence[int]]]
"""A passage's text as printed, and its items: number, start, end."""


def printed_arrays(passages: Iterable[Printed]) -> dict[str, NDArray[Any]]:
    """The arrays that `PrintedReader` reads."""
    blocks: list[bytes] = []
    firsts: list[int] = []
    open_block: list[bytes] = []
    size = number = 0
    for number, passage in enumerate(passages, 1):
        piece = _json(passage)
        open_block.append(piece)
        size += len(piece)
        if size >= BLOCK:
            blocks.append(_compressed(open_block))
            firsts.append(number - len(open_block))
            open_block, size = [], 0
    if open_block:
        blocks.append(_compressed(open_block))
        firsts.append(number - len(open_block))
    return {"printed": blob(b"".join(blocks)), "printed.ends": ends([len(block) for block in blocks]), "printed.firsts": narrow(firsts)}


class PrintedReader:
    """The printed texts of an open segment."""

    def __init__(self, file: ArrayFile) -> None:
        self._bytes, self._start = file.span("printed")
        self._ends, self._firsts = file.view("printed.ends"), file.view("printed.firsts")

    def __getitem__(self, passage: int) -> Printed:
        block = bisect_right(self._firsts, passage) - 1
        text, items = self._block(block)[passage - self._firsts[block]]
        return text, items

    def all(self) -> list[Printed]:
        """Every passage in order."""
        return [(text, items) for block in range(len(self._firsts)) for text, items in self._block(block)]

    def _block(self, number: int) -> list[Any]:
        compressed = self._bytes[self._start + self._ends[number] : self._start + self._ends[number + 1]]
        block: list[Any] = json.loads(zlib.decompress(compressed))
        return block


def record_arrays(records: Iterable[bytes]) -> dict[str, NDArray[Any]]:
    """The arrays that `RecordReader` reads, of records made by `packed`."""
    pieces = list(records)
    return {"records": blob(b"".join(pieces)), "records.ends": ends([len(piece) for piece in pieces])}


def packed(record: Record) -> bytes:
    """A report's record, compressed."""
    return zlib.compress(_json(record))


class RecordReader:
    """The reports of an open segment."""

    def __init__(self, file: ArrayFile) -> None:
        self._bytes, self._start = file.span("records")
        self._ends = file.view("records.ends")

    def packed(self, report: int) -> bytes:
        """A report's record, compressed."""
        return self._bytes[self._start + self._ends[report] : self._start + self._ends[report + 1]]

    def __getitem__(self, report: int) -> Record:
        record: Record = json.loads(zlib.decompress(self.packed(report)))
        return record


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _compressed(pieces: list[bytes]) -> bytes:
    return zlib.compress(b"[" + b",".join(pieces) + b"]")
