"""One file to its report with `parse_file`, many with `parse_files`."""

from __future__ import annotations

import atexit
import hashlib
import json
import logging
import os
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import asdict
from functools import cache
from pathlib import Path
from types import TracebackType

from indexer.errors import RejectedFile
from indexer.loaders import Limits
from indexer.model import Report
from indexer.pool import OutOfTime, Pool, WorkerDied, cores
from indexer.records import read_whole

log = logging.getLogger(__name__)

OUT_OF_MEMORY = 77
"""The exit code of a worker that came to its limit."""
_LARGEST_REPLY = 100_000_000
"""Bytes."""

Outcome = Report | RejectedFile


def parse_file(path: str | Path) -> Report:
    """The report in a file.

    Raises:
        RejectedFile: No report can be read from it; says why and what would help.
    """
    ((_, outcome),) = _lasting_reader(os.getpid()).read([Path(path)])
    if isinstance(outcome, RejectedFile):
        raise outcome
    return outcome


@cache
def _lasting_reader(process: int) -> Readers:
    """One reader for all that this process reads file by file, for a new one takes a third of a second; a fork gets its own."""
    reader = Readers()
    atexit.register(reader.close)
    return reader


def parse_files(paths: Iterable[Path], jobs: int | None = None) -> Iterator[tuple[Path, Outcome]]:
    """Each file with its report, or with what stands against it, in this order; read by `jobs` processes, one a core for None."""
    with Readers(jobs or cores()) as readers:
        yield from readers.read(paths)


def reader_version() -> str:
    """What reads files here: changes when anything is installed, upgraded or taken away that may read what could not be read before."""
    folders = [Path(folder) for folder in sys.path if Path(folder).is_dir()]
    installed = {entry.name for folder in folders for entry in folder.iterdir() if entry.suffix in (".dist-info", ".egg-info")}
    return hashlib.sha256(repr((sys.version, sorted(installed))).encode()).hexdigest()[:16]


class Readers:
    """Reads files to reports in `jobs` worker processes. A context manager: the processes end with it."""

    def __init__(self, jobs: int = 1, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._jobs = max(1, jobs)
        arguments = json.dumps(asdict(self._limits))
        self._pool = Pool("indexer.workers.worker", arguments, size=self._jobs, seconds=self._limits.seconds, largest=_LARGEST_REPLY)

    def __enter__(self) -> Readers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the processes."""
        self._pool.close()

    def read(self, paths: Iterable[Path]) -> Iterator[tuple[Path, Outcome]]:
        """Each file with its report, or with what stands against it, in this order."""
        waiting: deque[tuple[Path, Future[Outcome]]] = deque()
        for path in paths:
            waiting.append((path, self._submit(path)))
            # A few files ahead, so that no worker waits; not all of them, so that memory does not grow with the corpus.
            if len(waiting) > 4 * self._jobs:
                yield self._settled(*waiting.popleft())
        while waiting:
            yield self._settled(*waiting.popleft())

    def _submit(self, path: Path) -> Future[Outcome]:
        def read(reply: bytes) -> Outcome:
            answer = json.loads(reply)
            if "traceback" in answer:
                log.error("%s: %s\n%s", path, answer["rejected"], answer["traceback"])
            if "rejected" in answer:
                return RejectedFile(path, answer["rejected"], passing=answer["passing"])
            return read_whole(answer["report"])

        return self._pool.submit(json.dumps(str(path.absolute())).encode("ascii"), read)

    def _settled(self, path: Path, outcome: Future[Outcome]) -> tuple[Path, Outcome]:
        try:
            return path, outcome.result()
        except OutOfTime as error:
            return path, RejectedFile(path, f"reading it took {error}; no report does")
        except WorkerDied as death:
            if death.exit_code == OUT_OF_MEMORY:
                memory = f"{self._limits.memory // 1_000_000:,} MB of memory"
                return path, RejectedFile(path, f"it takes more than {memory} to read; no report does")
            # It may be the machine that had no memory left.
            return path, RejectedFile(path, "reading it ended the process that read it; it is damaged or made to do harm", passing=True)
