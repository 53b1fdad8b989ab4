"""The index behind the server: opened once, opened anew after `reindex`, without a restart."""

from __future__ import annotations

import logging
import threading
import time

from flask import current_app, g

from indexer import Index, IndexerError, damaged_files, open_index

log = logging.getLogger(__name__)

CHECK_EVERY = 1.0
"""Seconds between two looks for a newer generation."""


class LiveIndex:
    """Gives the newest index there is; requests under way keep the one they got."""

    def __init__(self, place: str) -> None:
        self.place = place
        self._index: Index | None = None
        self._checked = 0.0
        self._lock = threading.Lock()

    def get(self) -> Index:
        """The index of now; raises what `open_index` raises where there never was one."""
        with self._lock:
            now = time.monotonic()
            if self._index is None:
                return self._open(now)
            if now - self._checked > CHECK_EVERY:
                self._checked = now
                if self._index.outdated():
                    try:
                        return self._open(now)
                    except (IndexerError, OSError) as error:
                        # What is open stays whole, whatever became of the folder.
                        log.error("%s; still serving generation %s", error, self._index.stats.generation)
            return self._index

    def _open(self, now: float) -> Index:
        # The one before gives its files back when the last request that reads it lets go of it.
        self._index, self._checked = open_index(self.place), now
        threading.Thread(target=self._verify, name="verify", daemon=True).start()
        return self._index

    def _verify(self) -> None:
        """Check every checksum beside the serving, and tell the log; sizes were checked at opening."""
        try:
            generation, damaged = damaged_files(self.place)
        except (IndexerError, OSError):
            return  # replaced while it was read; the next one is checked when it is opened
        if damaged:
            log.error("%s: generation %s is damaged (%s); run `reindex --full`", self.place, generation, ", ".join(damaged))


def current_index() -> Index:
    """The index that this request reads from beginning to end."""
    if "index" not in g:
        g.index = current_app.extensions["index"].get()
    return g.index  # type: ignore[no-any-return]
