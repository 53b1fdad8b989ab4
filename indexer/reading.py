"""Files to reports, each read in a worker process with limits on time, memory and output."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from threading import Timer

from indexer.errors import RejectedFile
from indexer.model import Report
from indexer.records import read_passage, read_report

TIME_LIMIT = 8.0
"""Seconds a file may take."""
AHEAD = 4
"""Files a worker may be ahead of the one that is waited for: what bounds memory."""


def parse_file(path: str | Path) -> Report:
    """The report in a file.

    Raises:
        RejectedFile: No report can be read from it; says why and what would help.
    """
    ((_, outcome),) = parse_files([Path(path)], jobs=1)
    if isinstance(outcome, RejectedFile):
        raise outcome
    return outcome


def parse_files(paths: Iterable[Path], jobs: int | None = None) -> Iterator[tuple[Path, Report | RejectedFile]]:
    """Each file with its report, or with what stands against it, in the order given; `jobs` files at a time (None: one a core)."""
    jobs = jobs or os.cpu_count() or 1
    idle: SimpleQueue[_Worker] = SimpleQueue()
    workers = [_Worker() for _ in range(jobs)]
    for worker in workers:
        idle.put(worker)

    def read(path: Path) -> Report | RejectedFile:
        worker = idle.get()
        try:
            return worker.read(path)
        finally:
            idle.put(worker)

    waiting = []
    with ThreadPoolExecutor(jobs) as threads:
        try:
            for path in paths:
                waiting.append((path, threads.submit(read, path)))
                if len(waiting) >= AHEAD * jobs:
                    first, future = waiting.pop(0)
                    yield first, future.result()
            for first, future in waiting:
                yield first, future.result()
        finally:
            threads.shutdown(wait=False, cancel_futures=True)
            for worker in workers:
                worker.close()


class _Worker:
    """One process, started when it is first needed and again after it had to be ended."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def read(self, path: Path) -> Report | RejectedFile:
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        late = Timer(TIME_LIMIT, process.kill)
        late.start()
        try:
            process.stdin.write(json.dumps(os.fspath(path)) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except OSError:
            line = ""
        finally:
            late.cancel()
        if not line.endswith("\n"):
            self.close()
            return RejectedFile(path, f"reading it took more than {TIME_LIMIT:.0f} s or ended its reader; it is no ordinary report")
        return _outcome(path, json.loads(line))

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None:
            command = [sys.executable, "-m", "indexer.worker"]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
        return self._process


def _outcome(path: Path, answer: dict[str, object]) -> Report | RejectedFile:
    if "rejected" in answer:
        return RejectedFile(path, str(answer["rejected"]))
    record, passages = answer["report"], answer["passages"]
    assert isinstance(record, dict)
    assert isinstance(passages, list)
    sections = {section.place: section for section in read_report(record).sections}
    return read_report(record, [read_passage(passage, sections) for passage in passages])
