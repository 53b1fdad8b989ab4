"""The index behind the server: opened once, opened anew after `reindex`, without a restart."""

from __future__ import annotations

import logging
import threading
import time

from flask import current_app, g

from indexer import History, Index, IndexerError, Report, SearchRequest, Sort, damaged_files, open_index, read_history

log = logging.getLogger(__name__)

CHECK_EVERY = 1.0
"""Seconds between two looks for a newer generation."""


class LiveIndex:
    """Gives the newest index there is; requests under way keep the one they got."""

    def __init__(self, location: str) -> None:
        self.location = location
        self._index: Index | None = None
        self._reports: tuple[str, list[Report]] = ("", [])
        self._history = History()
        self._damage: tuple[str, str] | None = None
        self._checked = 0.0
        self._lock = threading.Lock()

    def get(self) -> Index:
        """The index of now; raises what `open_index` raises where there never was one."""
        opened = self._index
        if not self._lock.acquire(blocking=opened is None):
            assert opened is not None
            # Somebody looks for a newer one, which takes as long as a cluster is silent: the others go on with this one.
            return opened
        try:
            now = time.monotonic()
            if self._index is None:
                return self._open(now)
            if now - self._checked > CHECK_EVERY:
                self._checked = now
                try:
                    if self._index.outdated():
                        return self._open(now)
                except (IndexerError, OSError) as error:
                    # What is open stays whole, whatever became of the folder.
                    log.error("%s; still serving generation %s", error, self._index.stats.generation)
            return self._index
        finally:
            self._lock.release()

    def reports(self, index: Index) -> list[Report]:
        """All reports of an index, newest first, without passages; cached for the generation that was last wanted."""
        generation, reports = self._reports
        if generation != index.stats.generation:
            reports = list(index.reports(SearchRequest(sort=Sort.NEWEST)))
            self._reports = index.stats.generation, reports
        return reports

    def history(self, index: Index) -> History:
        """What an index held before; cached for the generation that was last wanted."""
        generation = index.stats.generation
        if self._history.generation != generation:
            # Perhaps that of a newer one, which was published meanwhile.
            self._history = read_history(self.location).as_of(generation)
        return self._history

    def damage(self) -> str | None:
        """What is known to be damaged of the generation that is served, None where nothing is."""
        known, index = self._damage, self._index
        return known[1] if known and index and known[0] == index.stats.generation else None

    def note_damage(self, detail: str) -> None:
        """Keep in mind what somebody came upon in the generation that is served."""
        if self._index is not None:
            self._damage = self._index.stats.generation, detail

    def _open(self, now: float) -> Index:
        # The one before gives its files back when the last request that reads it lets go of it.
        self._index, self._checked = open_index(self.location), now
        threading.Thread(target=self._verify, name="verify", daemon=True).start()
        return self._index

    def _verify(self) -> None:
        """Check every checksum beside the serving, and tell the log; sizes were checked at opening."""
        try:
            generation, damaged = damaged_files(self.location)
        except (IndexerError, OSError):
            return  # replaced while it was read; the next one is checked when it is opened
        if damaged:
            # Not where: the address of a cluster may hold a password.
            detail = ", ".join(damaged)
            log.error("generation %s is damaged (%s); run `reindex`", generation, detail)
            self._damage = generation, detail


def current_history() -> History:
    """What the index that this request reads held before."""
    live: LiveIndex = current_app.extensions["index"]
    return live.history(current_index())


def all_reports() -> list[Report]:
    """All reports of the index that this request reads."""
    live: LiveIndex = current_app.extensions["index"]
    return live.reports(current_index())


def current_index() -> Index:
    """The index that this request reads from beginning to end."""
    if "index" not in g:
        g.index = current_app.extensions["index"].get()
    return g.index  # type: ignore[no-any-return]
