"""Worker processes that read files one after another; open it for what happens when one hangs, dies or takes too much."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

from indexer.errors import RejectedFile
from indexer.loaders import Limits
from indexer.model import Report
from indexer.records import read_whole

_MAX_REPLY = 100_000_000
READY = bytes(8)
"""What a process says first: the length of no reply."""
_START_SECONDS = 20.0
"""What a process may take to start on a busy machine; a file's time begins when it is ready."""


# A process group of its own: so that a worker ends with all it started, and an interrupt reaches only whoever waits for it.
_OWN_GROUP: dict[str, Any]
if sys.platform == "win32":
    _OWN_GROUP = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
else:
    _OWN_GROUP = {"start_new_session": True}


class Readers:
    """Reads files to reports in `jobs` worker processes, which are started when the first file needs one.

    A context manager: the processes end with it.
    """

    def __init__(self, jobs: int = 1, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._jobs = max(1, jobs)
        self._threads = ThreadPoolExecutor(self._jobs, thread_name_prefix="reader")
        self._workers: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        for _ in range(self._jobs):
            self._workers.put(_Worker(self._limits))

    def __enter__(self) -> Readers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the processes."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        while not self._workers.empty():
            self._workers.get().stop()

    def read(self, paths: Iterable[Path]) -> Iterator[tuple[Path, Report | RejectedFile]]:
        """Each file with its report, or with what stands against it, in the order given."""
        waiting: deque[tuple[Path, Future[Report | RejectedFile]]] = deque()
        for path in paths:
            waiting.append((path, self._threads.submit(self._read, path)))
            # A few files ahead, so that no worker waits; not all of them, so that memory does not grow with the corpus.
            if len(waiting) > 4 * self._jobs:
                first, outcome = waiting.popleft()
                yield first, outcome.result()
        for path, outcome in waiting:
            yield path, outcome.result()

    def _read(self, path: Path) -> Report | RejectedFile:
        worker = self._workers.get()
        try:
            return worker.read(path)
        finally:
            self._workers.put(worker)


class _Worker:
    """One process; started when it is first needed, and anew after it died."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._answered = 0
        """By the running process."""

    def read(self, path: Path) -> Report | RejectedFile:
        """The report of a file, or what stands against it; never longer than the limit."""
        others = self._answered
        reply = self._ask(path)
        if reply is None and others:
            # What files before it left behind may be to blame; a file is judged alone.
            reply = self._ask(path)
        if reply is None:
            return RejectedFile(path, "reading it ended the process that read it; it is damaged or made to do harm")
        if reply == _TIMED_OUT:
            return RejectedFile(path, f"reading it took more than {self._limits.seconds:g} seconds; no report does")
        answer = json.loads(reply)
        return RejectedFile(path, answer["rejected"]) if "rejected" in answer else read_whole(answer["report"])

    def stop(self) -> None:
        """End the process and all it started."""
        process, self._process, self._answered = self._process, None, 0
        if process is not None:
            _kill(process)
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    stream.close()

    def _ask(self, path: Path) -> bytes | None:
        """The process's reply; None where it died, `_TIMED_OUT` where it was stopped."""
        process = self._process = self._process or _start(self._limits)
        over = threading.Event()

        def end() -> None:
            over.set()
            _kill(process)

        timer = threading.Timer(self._limits.seconds, end)
        timer.start()
        try:
            reply = _exchange(process, path)
        finally:
            timer.cancel()
        if reply is None:
            self.stop()
            return _TIMED_OUT if over.is_set() else None
        self._answered += 1
        return reply


_TIMED_OUT = b"timed out"


def _start(limits: Limits) -> subprocess.Popen[bytes]:
    """A process that has said that it is ready, or that had its time to."""
    package = Path(__file__).parents[2]
    path = os.pathsep.join(filter(None, [str(package), os.environ.get("PYTHONPATH")]))
    process = subprocess.Popen(
        [sys.executable, "-X", "utf8", "-m", "indexer.workers.worker", json.dumps(asdict(limits))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
        **_OWN_GROUP,
    )
    timer = threading.Timer(_START_SECONDS, _kill, [process])
    timer.start()
    try:
        if process.stdout is not None:
            process.stdout.read(len(READY))
    finally:
        timer.cancel()
    return process


def _kill(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.kill()
        return
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _exchange(process: subprocess.Popen[bytes], path: Path) -> bytes | None:
    """Send a path and receive the reply; None where the process ends before it is complete."""
    if process.stdin is None or process.stdout is None:
        return None
    try:
        process.stdin.write(json.dumps(str(path.absolute())).encode("ascii") + b"\n")
        process.stdin.flush()
        length = int.from_bytes(process.stdout.read(8), "big")
        reply = process.stdout.read(length) if 0 < length <= _MAX_REPLY else b""
    except OSError:
        return None
    return reply if length and len(reply) == length else None
