"""Whole files as replies: made before their first byte is sent, so many at a time, and given up when they are taken too slowly."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Iterator
from tempfile import SpooledTemporaryFile
from urllib.parse import quote

from flask import Response, current_app

log = logging.getLogger(__name__)

AT_A_TIME = 8
"""Made or sent at a time by a worker, each by a thread of its own: fewer than there are threads."""
MADE_AT_A_TIME = 1
"""What makes a file keeps the interpreter busy, and others wait for it."""
IN_MEMORY = 1 << 20
"""Bytes of each that stay in memory; what is longer is in a temporary file."""
PIECE = 1 << 16
SLOW_AFTER = 60.0
SLOWEST = 10_000
"""Bytes a second, as a mean, at which a file must be taken when `SLOW_AFTER` seconds are over."""


class TooManyDownloads(Exception):
    """As many as there may be are made or sent already."""


class Downloads:
    """The files that are made and sent by a worker."""

    def __init__(self) -> None:
        self._slots = threading.BoundedSemaphore(AT_A_TIME)
        self._making = threading.BoundedSemaphore(MADE_AT_A_TIME)

    def reply(self, parts: Iterable[bytes], media: str, name: str, plain_name: str, *, shown: bool = False) -> Response:
        """These bytes as a file; an error while they are made is an error reply, not a file cut short.

        Args:
            parts: The content, some at a time.
            media: Its Content-Type.
            name: What it is called.
            plain_name: What clients call it that read nothing but ASCII.
            shown: Whether a browser may show it rather than keep it.

        Raises:
            TooManyDownloads: Somebody has to wait.
        """
        if not self._slots.acquire(blocking=False):
            raise TooManyDownloads
        made = _Made(self._slots)
        try:
            with self._making:
                before = current_app.extensions["prefix"].before
                size = made.write(before(part, media) for part in parts)
        except BaseException:
            made.end()
            raise
        reply = Response(made.pieces(), content_type=media)
        # Its pieces may never be fetched.
        reply.call_on_close(made.end)
        # With its length, a client knows a file that was cut off.
        reply.content_length = size
        reply.headers["Content-Disposition"] = (
            f"{'inline' if shown else 'attachment'}; filename=\"{plain_name}\"; filename*=UTF-8''{quote(name)}"
        )
        return reply


def downloads() -> Downloads:
    """Those of the application that answers."""
    found: Downloads = current_app.extensions["downloads"]
    return found


class _Made:
    """A file that is made, then sent; it takes up a slot until its end."""

    def __init__(self, slots: threading.BoundedSemaphore) -> None:
        self._slots = slots
        self._file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - open until it is sent
        self._ended = threading.Lock()

    def write(self, parts: Iterable[bytes]) -> int:
        """How many bytes there are."""
        for part in parts:
            self._file.write(part)
        size = self._file.tell()
        self._file.seek(0)
        return size

    def pieces(self) -> Iterator[bytes]:
        """The content until it is sent, or taken too slowly."""
        since, sent = time.monotonic(), 0
        try:
            while piece := self._file.read(PIECE):
                seconds = time.monotonic() - since
                if seconds > SLOW_AFTER and sent < SLOWEST * seconds:
                    log.info("gave up a download after %d bytes in %d s", sent, seconds)
                    return
                yield piece
                sent += len(piece)
        finally:
            self.end()

    def end(self) -> None:
        """Give the slot back, once."""
        if self._ended.acquire(blocking=False):
            self._file.close()
            self._slots.release()
