"""The production server: granian's workers behind one listening socket, each a process with an application and a log of its own."""

from __future__ import annotations

import gc
import logging
import math
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from granian._granian import SocketHolder
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from indexer import BadPath, configure_logging, cores, prepare_reader, prepare_words
from webui import create_app
from webui.access import AccessLog
from webui.prepared import begin_to_prepare

if sys.platform == "win32":
    from multiprocessing.connection import PipeConnection as Connection
else:
    from multiprocessing.connection import Connection

log = logging.getLogger(__name__)

THREADS = 24
"""Requests that a worker answers at once. A slow reader occupies a thread only during a download, of which fewer are allowed."""
MAX_CONNECTIONS = 10_000
"""Connections open at once in each worker, if it may open as many files."""
OTHER_FILES = 200
"""Files that a worker may have open besides its connections."""
BACKLOG = 1024
HEAD_MS = 10_000
"""Milliseconds within which the headers of a request must arrive, counted from the previous reply or the opening of the connection."""
MAX_REQUEST = 1 << 16
"""Bytes of a request's line and headers; a longer request is refused, after some more bytes were read."""
SEND_BUFFER = 1 << 18
"""Bytes of a reply that the system buffers for a slow reader."""
UNTAKEN_MS = 30_000
"""Milliseconds after which a connection is closed whose client takes nothing of its reply, if the system can do so."""
IDLE_SECONDS = 2
"""Seconds within which a worker without requests has to end after its signal."""
_SIGNAL_SECONDS = 0.5
"""Seconds within which the server's signal has to end a worker, before it sends itself one."""
_LOOK_SECONDS = 0.1
STOP_SECONDS = 30
"""Seconds within which requests in progress have to end when the server stops."""
SWITCH_SECONDS = 0.001
"""Seconds after which a thread yields to another: a quick request waits that long each time behind a long one. The default is 0.005."""
COLLECT_AFTER = (10_000, 20, 50)
"""See `gc.set_threshold`. A reply makes some thousands of objects, nearly all of which are gone with it. With the default threshold of 700
the garbage collector took 0.13 ms of a reply, with this one it takes 0.05 ms."""
MOST_WORKERS = 4
PLAIN = "%(asctime)s %(levelname)s %(name)s: %(message)s"
COUNTS = "PROMETHEUS_MULTIPROC_DIR"
"""The environment variable by which the workers' Prometheus clients find the folder that they share."""
_OURS = {"formatters": {}, "handlers": {}, "loggers": {"_granian": {"handlers": [], "propagate": True}}}
"""A logging configuration that sends granian's messages to the product's log."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings that a worker receives when it starts."""

    index: str | None = None
    cors: bool = True
    log_format: str = "plain"
    log_queries: bool = False
    uploads: bool | None = None
    metrics: bool = False
    corpus_folder: Path | None = None
    adding_token: str | None = None
    prefix: str | None = None

    @property
    def awaits_files(self) -> bool:
        """Whether a process that reads uploaded files is started in advance, which takes 50 MB."""
        return self.uploads is not False

    def configure_logging(self) -> None:
        """Set up logging in this process."""
        configure_logging(self.log_format, logging.INFO, PLAIN)

    def site(self) -> Flask:
        """The application.

        Raises:
            BadPath: A setting cannot be used.
        """
        return create_app(
            self.index,
            cors=self.cors,
            uploads=self.uploads,
            metrics=self.metrics,
            corpus_folder=self.corpus_folder,
            adding_token=self.adding_token,
            under=self.prefix,
        )

    def logged(self, site: Flask) -> AccessLog:
        """The application with its log."""
        return AccessLog(site, queries=self.log_queries)


def default_workers() -> int:
    """One for each core that this process may use, at most `MOST_WORKERS`; one on Windows, where granian cannot have more."""
    return 1 if sys.platform == "win32" else min(MOST_WORKERS, cores())


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; connections made before there is a worker wait.

    Raises:
        OSError: There is no such host, or the port is taken.
    """
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    listening = socket.create_server(address[:2], family=family, backlog=BACKLOG)
    # Connections inherit these options from the socket that accepts them.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    if sys.platform == "linux":
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNTAKEN_MS)
    listening.set_inheritable(True)
    return listening


def serve(listening: socket.socket, workers: int, configuration: Configuration, announce: Callable[[], None]) -> None:
    """Serve until a signal comes, then let requests in progress finish; stop at once at a second signal.

    `announce` is called when signals can stop the server.

    Raises:
        SystemExit: Workers end by themselves again and again.
    """
    # Workers that are spawned, not forked, would look for modules in the current folder first.
    os.environ["PYTHONSAFEPATH"] = "1"
    running, held = multiprocessing.Pipe(duplex=False)
    server = _Server(listening, workers, held)
    server.on_startup(announce)
    try:
        server.serve(target_loader=partial(_start, configuration, running, held), wrap_loader=False)
    except SystemExit:
        # A worker that was still starting may end before it is stopped.
        if not server.interrupt_signal:
            raise
    log.info("stopped")


@contextmanager
def shared_counts() -> Iterator[None]:
    """Let the workers that are started within this context share a folder for their counts."""
    with TemporaryDirectory(prefix="fazhi-metrics-") as folder:
        os.environ[COUNTS] = folder
        try:
            yield
        finally:
            del os.environ[COUNTS]


def _start(configuration: Configuration, running: Connection, server: Connection) -> AccessLog:
    """The application, made in a worker; the server keeps the other end of the connection `running` open as long as it runs."""
    server.close()
    if sys.platform != "win32":
        # Out of reach of the terminal's Ctrl-C: the server stops each worker, and granian's workers hang when they get two signals at once.
        os.setpgrp()
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.set_threshold(*COLLECT_AFTER)
    configuration.configure_logging()
    site = configuration.site()
    application = configuration.logged(site)
    _prepare(site, configuration)
    threading.Thread(target=_end_when_stopped, args=(running, application), name="stop", daemon=True).start()
    return application


def _prepare(site: Flask, configuration: Configuration) -> None:
    """Load in advance what the first request that needs it would otherwise wait for."""
    # Else the first reader who mistypes a word waits for the dictionary. If it cannot be used, the requests that need it say so.
    with suppress(BadPath):
        prepare_words()
    if configuration.awaits_files:
        prepare_reader()
    begin_to_prepare(site)


def _end_when_stopped(running: Connection, application: AccessLog) -> None:
    """End this worker when the server stops or is gone, once no request is in progress.

    A signal alone is not enough: one that comes while Python starts a fork is lost, and a worker of granian 2.8.9 that gets two may wait
    for ever.
    """
    with suppress(EOFError, OSError):
        running.recv_bytes()
    end = time.monotonic() + STOP_SECONDS
    time.sleep(_SIGNAL_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(IDLE_SECONDS)
    while application.is_busy and time.monotonic() < end:
        time.sleep(_LOOK_SECONDS)
    os._exit(0)


class _Wakeup(threading.Event):
    """An event without a lock, to wake the main loop: the signal handler that sets it may interrupt the very thread that waits.

    It polls also because on Windows Ctrl-C does not interrupt an endless wait.
    """

    def __init__(self) -> None:
        super().__init__()
        self._is_set = False

    def wait(self, timeout: float | None = None) -> bool:
        end = math.inf if timeout is None else time.monotonic() + timeout
        while not self._is_set and time.monotonic() < end:
            time.sleep(_LOOK_SECONDS)
        return self._is_set

    def is_set(self) -> bool:
        return self._is_set

    def set(self) -> None:
        self._is_set = True

    def clear(self) -> None:
        self._is_set = False


class _Server(MPServer):
    """granian's server on a socket that already listens.

    By itself granian opens a socket for each worker (SO_REUSEPORT): two servers could share a port unnoticed, a worker that ends takes
    its waiting connections with it, and nobody knows when the first one listens.
    """

    def __init__(self, listening: socket.socket, workers: int, running: Connection) -> None:
        super().__init__(
            "webui",
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=THREADS,
            backlog=BACKLOG,
            backpressure=_most_connections(),
            http=HTTPModes.http1,
            websockets=False,
            http1_settings=HTTP1Settings(header_read_timeout=HEAD_MS, max_buffer_size=MAX_REQUEST),
            log_level=LogLevels.error,
            log_dictconfig=_OURS,
            respawn_failed_workers=True,
            workers_kill_timeout=STOP_SECONDS,
        )
        self._listening, self._running = listening, running
        self.main_loop_interrupt = _Wakeup()

    def _init_shared_socket(self) -> None:
        self._ssp, self._sso = None, self._listening
        file = self._listening.fileno()
        self._shd: Any = None
        if sys.platform == "linux":
            self._shd = SocketHolder(file, False, BACKLOG)  # type: ignore[call-arg]
        elif sys.platform != "win32":
            self._shd = SocketHolder(file, False)  # type: ignore[call-arg]

    def signal_handler_interrupt(self, number: int, *frame: Any) -> None:
        """Stop; at a second signal, at once."""
        if os.getpid() != self.pid:
            os._exit(0)  # a worker that is still starting
        if self.interrupt_signal:
            for worker in self.wrks:
                worker.kill()  # type: ignore[no-untyped-call]
            os._exit(128 + number)
        super().signal_handler_interrupt()  # type: ignore[no-untyped-call]

    signal_handler_reload = signal_handler_interrupt
    """Closing the terminal stops the server too."""

    def shutdown(self, exit_code: int = 0) -> None:
        """See granian."""
        log.info("stopping after the requests under way")
        self._running.close()
        super().shutdown(exit_code)  # type: ignore[no-untyped-call]


def _most_connections() -> int:
    """The most connections of each worker; raises the limit of open files to allow them.

    When granian cannot open a file for a connection, it never accepts another one.
    """
    if sys.platform == "win32":
        return MAX_CONNECTIONS
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_CONNECTIONS + OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        return max(soft - OTHER_FILES, 1)
    return MAX_CONNECTIONS
