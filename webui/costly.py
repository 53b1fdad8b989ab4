"""What takes long, a few at a time, so that everybody else is still answered at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app

AT_A_TIME = 2
"""In a worker; each keeps a core busy for a second or more."""
PATIENCE = 10.0
"""Seconds that a request waits for its turn."""


class TooBusy(Exception):
    """As many as may be at work are, and have been for a while."""


class Costly:
    """The costly requests of a worker."""

    def __init__(self) -> None:
        self._turns = threading.BoundedSemaphore(AT_A_TIME)

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


def costly() -> Costly:
    """Those of the application that answers."""
    found: Costly = current_app.extensions["costly"]
    return found
