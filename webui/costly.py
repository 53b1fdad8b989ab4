"""What takes long, a few at a time, so that everybody else is still answered at once.

Threads of a worker share one core: beside twenty that are at work each one takes twenty times as long.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app

AT_A_TIME = 2
"""In a worker; each keeps a core busy for a second or more."""
PATIENCE = 10.0
"""Seconds that a request waits for its turn."""
LARGE = 50
"""Hits of a page from which on it takes long enough that such pages are made one after another."""


class TooBusy(Exception):
    """As many as may be at work are, and have been for a while."""


class Costly:
    """The costly requests of a worker."""

    def __init__(self) -> None:
        self._turns = threading.BoundedSemaphore(AT_A_TIME)
        self._pages = threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, and have it for as long as the context lasts.

        Raises:
            TooBusy: None came within `PATIENCE`.
        """
        if not self._turns.acquire(timeout=PATIENCE):
            raise TooBusy
        try:
            yield
        finally:
            self._turns.release()

    @contextmanager
    def page(self, hits: int) -> Iterator[None]:
        """Make a page of at most so many hits, a `LARGE` one when no other one is made: so many smaller ones go before those that wait.

        None is refused: who has waited for `PATIENCE` goes on beside the others.
        """
        waited = hits >= LARGE and self._pages.acquire(timeout=PATIENCE)
        try:
            yield
        finally:
            if waited:
                self._pages.release()


def costly() -> Costly:
    """Those of the application that answers."""
    found: Costly = current_app.extensions["costly"]
    return found
