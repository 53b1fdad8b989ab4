"""Files as replies: complete before their first byte is sent, limited in number, and given up when the client reads too slowly."""

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
"""Files that a worker makes or sends at once. Each occupies a thread, so there are fewer than threads."""
MADE_AT_A_TIME = 1
"""Making a file keeps the interpreter busy, which delays all other requests."""
IN_MEMORY = 1 << 20
"""Files of at most this many bytes stay in memory; longer ones go to a temporary file."""
PIECE = 1 << 16
SLOW_AFTER = 60.0
SLOWEST = 10_000
"""Bytes a second, on average, at which a client must read once `SLOW_AFTER` seconds have passed."""


class TooManyDownloads(Exception):
    """The allowed number of files is already being made or sent."""


class Downloads:
    """Makes and sends the files of a worker."""

    def __init__(self) -> None:
        self._slots = threading.BoundedSemaphore(AT_A_TIME)
        self._making = threading.BoundedSemaphore(MADE_AT_A_TIME)

    def reply(self, parts: Iterable[bytes], media: str, name: str, plain_name: str, *, shown: bool = False) -> Response:
        """A reply with this content as a file; an error while the content is made becomes an error reply, not a truncated file.

        Args:
            parts: The content, piece by piece.
            media: The Content-Type.
            name: The name of the file.
            plain_name: Its name in ASCII, for clients that read nothing else.
            shown: Whether a browser may show the file rather than save it.

        Raises:
            TooManyDownloads: `AT_A_TIME` files are already being made or sent.
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
        # The pieces may never be iterated.
        reply.call_on_close(made.end)
        # By the length a client recognises a truncated file.
        reply.content_length = size
        reply.headers["Content-Disposition"] = (
            f"{'inline' if shown else 'attachment'}; filename=\"{plain_name}\"; filename*=UTF-8''{quote(name)}"
        )
        return reply


def downloads() -> Downloads:
    """The `Downloads` of the current Flask application."""
    found: Downloads = current_app.extensions["downloads"]
    return found


class _Made:
    """A file that is made, then sent; it holds a slot until `end`."""

    def __init__(self, slots: threading.BoundedSemaphore) -> None:
        self._slots = slots
        self._file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - open until it is sent
        self._ended = threading.Lock()

    def write(self, parts: Iterable[bytes]) -> int:
        """Write all parts; returns how many bytes there are."""
        for part in parts:
            self._file.write(part)
        size = self._file.tell()
        self._file.seek(0)
        return size

    def pieces(self) -> Iterator[bytes]:
        """The content in pieces; stops early if the client reads too slowly."""
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
        """Delete the file and release the slot; only the first call does so."""
        if self._ended.acquire(blocking=False):
            self._file.close()
            self._slots.release()
