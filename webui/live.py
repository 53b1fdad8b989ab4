"""The index behind the server: opened once, opened anew after `reindex`, without a restart."""

from __future__ import annotations

import logging
import threading
import time

from flask import current_app, g

from indexer import History, Index, IndexerError, Report, SearchRequest, Sort, damaged_files, open_index, read_history

log = logging.getLogger(__name__)

CHECK_EVERY = 1.0
"""Seconds between two checks for a newer generation."""


class LiveIndex:
    """Gives the newest index there is; requests in progress keep the one they got."""

    def __init__(self, location: str) -> None:
        self.location = location
        self._index: Index | None = None
        self._reports: tuple[str, list[Report]] = ("", [])
        self._history = History()
        self._damage: tuple[str, str] | None = None
        self._checked = 0.0
        self._lock = threading.Lock()

    def get(self) -> Index:
        """The newest index; raises what `open_index` raises if none was ever opened."""
        opened = self._index
        if not self._lock.acquire(blocking=opened is None):
            assert opened is not None
            # Another thread checks for a newer one, which takes long while a cluster does not answer: go on with this one.
            return opened
        try:
            return self._open(time.monotonic()) if self._index is None else self._renewed(self._index)
        finally:
            self._lock.release()

    def _renewed(self, opened: Index) -> Index:
        """The newest index if it is time to look and there is a newer one, else the opened one."""
        now = time.monotonic()
        if now - self._checked <= CHECK_EVERY:
            return opened
        self._checked = now
        try:
            return self._open(now) if opened.outdated() else opened
        except (IndexerError, OSError) as error:
            # The open index stays usable, whatever became of the folder.
            log.error("%s; still serving generation %s", error, opened.stats.generation)
            return opened

    def reports(self, index: Index) -> list[Report]:
        """All reports of an index, newest first, without passages; cached for the generation last asked for."""
        generation, reports = self._reports
        if generation != index.stats.generation:
            reports = list(index.reports(SearchRequest(sort=Sort.NEWEST)))
            self._reports = index.stats.generation, reports
        return reports

    def history(self, index: Index) -> History:
        """What earlier generations of an index held; cached for the generation last asked for."""
        generation = index.stats.generation
        if self._history.generation != generation:
            # The file may be that of a newer generation, published meanwhile.
            self._history = read_history(self.location).as_of(generation)
        return self._history

    def damage(self) -> str | None:
        """The known damage of the generation that is served, None if there is none."""
        known, index = self._damage, self._index
        return known[1] if known and index and known[0] == index.stats.generation else None

    def note_damage(self, detail: str) -> None:
        """Remember damage that a request found in the generation that is served."""
        if self._index is not None:
            self._damage = self._index.stats.generation, detail

    def _open(self, now: float) -> Index:
        # The files of the previous index are closed when the last request that uses it is done.
        self._index, self._checked = open_index(self.location), now
        threading.Thread(target=self._verify, name="verify", daemon=True).start()
        return self._index

    def _verify(self) -> None:
        """Check every checksum in the background, and log damage; sizes were checked at opening."""
        try:
            generation, damaged = damaged_files(self.location)
        except (IndexerError, OSError):
            return  # replaced while it was read; the next one is checked when it is opened
        if damaged:
            # Without the location: the address of a cluster may hold a password.
            detail = ", ".join(damaged)
            log.error("generation %s is damaged (%s); run `reindex`", generation, detail)
            self._damage = generation, detail


def current_history() -> History:
    """What earlier generations of this request's index held."""
    live: LiveIndex = current_app.extensions["index"]
    return live.history(current_index())


def all_reports() -> list[Report]:
    """All reports of this request's index."""
    live: LiveIndex = current_app.extensions["index"]
    return live.reports(current_index())


def current_index() -> Index:
    """The index of this request, the same from its beginning to its end."""
    if "index" not in g:
        g.index = current_app.extensions["index"].get()
    return g.index  # type: ignore[no-any-return]
