"""What a run of `reindex` spools to disk until all files are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from os import SEEK_END
from tempfile import TemporaryFile
from typing import IO

import msgspec

from indexer.last_year import Figure
from indexer.model import Report
from indexer.records import read_whole, whole_record


class Spool:
    """JSON by file key; on disk, because there may be much of it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._spans: dict[str, tuple[int, int]] = {}

    def __contains__(self, key: str) -> bool:
        return key in self._spans

    def __len__(self) -> int:
        return len(self._spans)

    def write(self, key: str, record: bytes) -> None:
        """Store JSON, replacing what the key had."""
        self._spans[key] = self._file.seek(0, SEEK_END), len(record)
        self._file.write(record)

    def read(self, key: str) -> bytes | None:
        """The JSON of a key, None if there is none."""
        if key not in self._spans:
            return None
        start, length = self._spans[key]
        self._file.seek(start)
        return self._file.read(length)


class Reports(Spool):
    """Reports that cannot be written yet."""

    def add(self, key: str, report: Report) -> None:
        """Store a report with its passages."""
        self.write(key, msgspec.json.encode(whole_record(report)))

    def get(self, key: str) -> Report | None:
        """The report of a key, None if there is none."""
        record = self.read(key)
        return read_whole(msgspec.json.decode(record)) if record is not None else None


class Figures(Spool):
    """The figures of reports that were read in this run, which the writer cannot return yet."""

    def add(self, key: str, figures: Sequence[Figure]) -> None:
        """Store a report's figures."""
        self.write(key, msgspec.json.encode(figures))

    def get(self, key: str) -> list[Figure] | None:
        """The figures of a key's report, None if it was not read in this run."""
        record = self.read(key)
        return msgspec.json.decode(record, type=list[Figure]) if record is not None else None


@dataclass(frozen=True, slots=True)
class Spools:
    """The spools of one run."""

    waiting: Reports
    """Reports whose place other files may decide."""
    comparing: Reports
    """Reports that make statements about the year before."""
    figures: Figures
    """The figures of all reports that were read."""


@contextmanager
def open_spools() -> Iterator[Spools]:
    """Empty spools; their files are deleted afterwards."""
    with TemporaryFile() as waiting, TemporaryFile() as comparing, TemporaryFile() as figures:
        yield Spools(Reports(waiting), Reports(comparing), Figures(figures))
