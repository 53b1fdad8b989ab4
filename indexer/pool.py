"""A pool of worker processes that answer requests; used for reading files and for segmenting words.

A worker is `python -P -m MODULE`, whatever the caller is: a script without a `__main__` guard, a server, a notebook. The module calls
`serve`. Requests and replies are bytes, each preceded by its length (eight bytes, big-endian).
"""

from __future__ import annotations

import faulthandler
import math
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeVar

from indexer.errors import IndexerError

PATIENCE = 20
"""Wall-clock seconds allowed for each second of processor time: for workers that sleep, wait or hang. On systems that cannot limit
processor time (Windows) this is the only limit."""

_HEAD = 8
_READY = b"\n"
"""The first byte a worker writes; it tells a worker that cannot start from one that a request killed."""
OWN_GROUP: dict[str, Any]
# In a process group of its own, a worker ends together with all processes it started, and Ctrl-C reaches only the caller.
if sys.platform == "win32":
    OWN_GROUP = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
else:
    OWN_GROUP = {"start_new_session": True}

Read = TypeVar("Read")


class WorkerDied(IndexerError):
    """A worker ended before its reply was complete, or its reply was too large; `exit_code` is negative for a signal."""

    def __init__(self, exit_code: int) -> None:
        super().__init__(f"a worker process ended (exit code {exit_code}); is there enough memory?")
        self.exit_code = exit_code


class OutOfTime(IndexerError):
    """A worker exceeded the time limit of a request; the message says how long that is."""


class CannotStart(IndexerError):
    """No worker can be started."""


def cores() -> int:
    """How many processors this process may use, by its CPU affinity and the quota of its control group."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with suppress(OSError, ValueError):  # no Linux, no control groups, or no quota ("max")
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text(encoding="ascii").split()
        count = min(count, math.ceil(int(quota) / int(period)))
    return max(1, count)


def environment() -> dict[str, str]:
    """The environment for a Python process that finds this package where it was found here, even through a changed `sys.path`."""
    # Empty entries are dropped: never search the current folder.
    path = os.pathsep.join([str(Path(__file__).parents[1]), *filter(None, sys.path)])
    return {**os.environ, "PYTHONPATH": path}


class Pool:
    """Answers requests in at most `size` worker processes, each started on first use and restarted after it died.

    A request may take `seconds` of processor time, a reply `largest` bytes.
    """

    def __init__(self, module: str, *arguments: str, size: int, seconds: float, largest: int = sys.maxsize) -> None:
        command = [sys.executable, "-P", "-X", "utf8", "-m", module, *arguments]
        self._workers = [_Worker(command, seconds, largest) for _ in range(size)]
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        for worker in self._workers:
            self._idle.put(worker)
        self._threads = ThreadPoolExecutor(size, thread_name_prefix=module)

    def submit(self, request: bytes, read: Callable[[bytes], Read]) -> Future[Read]:
        """The future of `read(reply)`; it raises WorkerDied, OutOfTime or CannotStart."""
        return self._threads.submit(self._answer, request, read)

    def close(self) -> None:
        """Kill the processes at once; pending requests get no reply."""
        for worker in self._workers:
            worker.close()
        self._threads.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.stop()

    def _answer(self, request: bytes, read: Callable[[bytes], Read]) -> Read:
        worker = self._idle.get()
        try:
            return read(worker.ask(request))
        finally:
            self._idle.put(worker)


class _Worker:
    """One process; one request at a time."""

    def __init__(self, command: list[str], seconds: float, largest: int) -> None:
        self._command, self._seconds, self._largest = command, seconds, largest
        self._process: subprocess.Popen[bytes] | None = None
        self._answered = 0
        """How many requests the running process has answered."""
        self._closed = False
        self._starting = threading.Lock()

    def ask(self, request: bytes) -> bytes:
        """The reply. If the request kills a process that answered others before, it is tried again in a new one: they may be to blame."""
        if self._answered:
            with suppress(WorkerDied):
                return self._ask(request)
        return self._ask(request)

    def close(self) -> None:
        """Kill the process and start no other; call `stop` once nobody waits for a reply any more."""
        with self._starting:
            self._closed = True
            if self._process is not None:
                _kill(self._process)

    def stop(self) -> int:
        """Kill the process and all it started; returns its exit code."""
        process, self._process, self._answered = self._process, None, 0
        if process is None or process.stdin is None or process.stdout is None:
            return 0
        _kill(process)
        process.stdout.close()
        with suppress(OSError):  # part of a request may still be buffered
            process.stdin.close()
        return process.wait()

    def _ask(self, request: bytes) -> bytes:
        process = self._started()
        overdue = threading.Event()

        def end() -> None:
            overdue.set()
            _kill(process)

        clock = threading.Timer(PATIENCE * self._seconds, end)
        clock.start()
        try:
            ready, reply = self._exchange(process, request)
        finally:
            clock.cancel()
        if reply is not None:
            self._answered += 1
            return reply
        exit_code = self.stop()
        if overdue.is_set():
            raise OutOfTime(f"more than {PATIENCE * self._seconds:g} seconds")
        if sys.platform != "win32" and exit_code == -signal.SIGXCPU:
            raise OutOfTime(f"more than {self._seconds:g} seconds of processor time")
        if not ready and not self._closed:
            raise CannotStart(f"{self._command[0]}: a worker process cannot be started (exit code {exit_code})")
        raise WorkerDied(exit_code)

    def _started(self) -> subprocess.Popen[bytes]:
        with self._starting:
            if self._closed:
                raise WorkerDied(0)
            if self._process is None:
                self._process = subprocess.Popen(
                    self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(), **OWN_GROUP
                )
            return self._process

    def _exchange(self, process: subprocess.Popen[bytes], request: bytes) -> tuple[bool, bytes | None]:
        """Whether the process could start, and its reply; None if it ended before the reply was complete, or the reply is too large."""
        assert process.stdin is not None
        assert process.stdout is not None
        ready = self._answered > 0 or process.stdout.read(len(_READY)) == _READY
        try:
            process.stdin.write(len(request).to_bytes(_HEAD, "big") + request)
            process.stdin.flush()
        except OSError:
            return ready, None
        length = int.from_bytes(process.stdout.read(_HEAD), "big")
        reply = process.stdout.read(length) if length <= self._largest else b""
        return ready, reply if length and len(reply) == length else None


def _kill(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.kill()
        return
    with suppress(ProcessLookupError, PermissionError):  # macOS raises the latter for a dead process
        os.killpg(process.pid, signal.SIGKILL)


def serve(answer: Callable[[bytes], bytes], seconds: float) -> None:
    """Answer requests until the parent closes the pipe; each may take `seconds` of processor time."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # What libraries print must not get into the stream of replies.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    out.write(_READY)
    out.flush()
    while head := sys.stdin.buffer.read(_HEAD):
        request = sys.stdin.buffer.read(int.from_bytes(head, "big"))
        _limit_processor_time(seconds)
        # Ends the process even if its parent is gone.
        faulthandler.dump_traceback_later(2 * PATIENCE * seconds, exit=True)
        reply = answer(request)
        faulthandler.cancel_dump_traceback_later()
        out.write(len(reply).to_bytes(_HEAD, "big") + reply)
        out.flush()


def _limit_processor_time(seconds: float) -> None:
    """Let the system kill this process after this much more processor time, rounded up to whole seconds."""
    if sys.platform != "win32":
        import resource

        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        until = math.ceil(time.process_time() + seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (until if hard == resource.RLIM_INFINITY else min(until, hard), hard))
