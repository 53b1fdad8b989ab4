"""Connections whose request has begun to come: none keeps a thread before its head is whole."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from webui.connections import HEAD_SECONDS

LOOK_EVERY = 0.02
"""Seconds between two looks at the heads that are not whole yet."""
_END = b"\r\n\r\n"


class Heads:
    """Waits for the ends of heads, of at most `most` connections and each for `HEAD_SECONDS`; then gives the connections up."""

    def __init__(self, answer: Callable[[Any], None], most: int, largest: int) -> None:
        self._answer, self._most, self._largest = answer, most, largest
        self._waiting: list[tuple[float, Any]] = []
        self._lock = threading.Lock()
        self._watched = False

    def take(self, connection: Any) -> None:
        """Have a connection answered now if its head is whole, otherwise when it is."""
        # What is in the buffer already came with the request before.
        if connection.rfile.has_data() or self._is_whole(connection):
            self._answer(connection)
            return
        with self._lock:
            if len(self._waiting) >= self._most:
                _give_up(connection)
                return
            self._waiting.append((time.monotonic() + HEAD_SECONDS, connection))
            if not self._watched:
                self._watched = True
                threading.Thread(target=self._watch, name="heads", daemon=True).start()

    def _is_whole(self, connection: Any) -> bool:
        """Whether a thread has nothing to wait for: the head is there, or too large, or the other side has closed."""
        try:
            connection.socket.settimeout(0)
            seen: bytes = connection.socket.recv(self._largest, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            return True
        return not seen or _END in seen or len(seen) >= self._largest

    def _watch(self) -> None:
        while True:
            time.sleep(LOOK_EVERY)
            with self._lock:
                looked, self._waiting = self._waiting, []
            waiting = []
            for until, connection in looked:
                if self._is_whole(connection):
                    self._answer(connection)
                elif time.monotonic() > until:
                    _give_up(connection)
                else:
                    waiting.append((until, connection))
            with self._lock:
                self._waiting += waiting
                if not self._waiting:
                    self._watched = False
                    return


def _give_up(connection: Any) -> None:
    with suppress(OSError):
        connection.close()
