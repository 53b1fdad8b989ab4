"""Limit how many costly requests run at a time, so that cheap ones are still answered quickly.

The threads of a worker share one core: when twenty are busy, each takes twenty times as long.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app

AT_A_TIME = 2
"""Costly requests that run at once in a worker; each keeps a core busy for a second or more."""
PATIENCE = 10.0
"""Seconds that a request waits for its turn."""
LARGE = 50
"""Pages of this many hits or more take long enough that they are built one after another."""


class TooBusy(Exception):
    """No turn came free in time: the allowed number of costly requests is already running."""


class Costly:
    """Limits the costly requests of a worker."""

    def __init__(self) -> None:
        self._turns = threading.BoundedSemaphore(AT_A_TIME)
        self._pages = threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, and hold it while the context lasts.

        Raises:
            TooBusy: No turn came free within `PATIENCE`.
        """
        if not self._turns.acquire(timeout=PATIENCE):
            raise TooBusy
        try:
            yield
        finally:
            self._turns.release()

    @contextmanager
    def page(self, hits: int) -> Iterator[None]:
        """Hold while a page of `hits` hits is built. Pages of `LARGE` or more hits take turns; smaller ones do not wait.

        After `PATIENCE` seconds a waiting request goes ahead anyway; none is refused.
        """
        waited = hits >= LARGE and self._pages.acquire(timeout=PATIENCE)
        try:
            yield
        finally:
            if waited:
                self._pages.release()


def costly() -> Costly:
    """The `Costly` of the current Flask application."""
    found: Costly = current_app.extensions["costly"]
    return found
