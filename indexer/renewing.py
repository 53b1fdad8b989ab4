"""Brings the index up to date after reports were added: runs `reindex` in its own process, and any process can read its progress.

`python -m indexer.renewing CORPUS`, with the index's location in FAZHI_INDEX: a location may hold a password, and arguments are visible
to other users. One run works at a time and one more waits; further ones end at once, because the waiting run will list all files anew.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock, Timeout

from indexer.errors import IndexBusy, IndexerError
from indexer.filing import ASIDE
from indexer.lastrun import LastRun, note_run
from indexer.pool import OWN_GROUP, environment
from indexer.reindex import Options, Outcome, Summary, reindex
from indexer.settings import INDEX_VARIABLE
from indexer.texts import ENGLISH, speaking

log = logging.getLogger(__name__)

BEAT = 1.0
"""Seconds within which the progress file is updated again."""
SILENT = 30.0
"""Seconds without an update after which a run counts as dead."""
BUSY_SECONDS = 900.0
"""Seconds that a run waits for another writer of the index."""
_NAME = "progress.json"
LOG = "renewing.log"
"""The log of the last runs, for messages that nobody waits for."""
MOST_LOGGED = 1_000_000
"""Bytes from which a new log is begun; one old log is kept."""
DONE, UNEXPECTED, REJECTED, BUSY = 0, 1, 3, 4
"""Exit codes, as for `reindex`."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """The progress of a run."""

    started: float = 0.0
    """When it began to list files, in seconds since 1970: reports kept before then are included."""
    read: int = 0
    total: int | None = None
    """How many files there are to read; None before they are listed."""
    exit: int | None = None
    """The exit code; None while it runs."""
    rejected: tuple[tuple[str, str], ...] = ()
    """The files that could not be read, with the reasons."""
    beat: float = 0.0
    """When the progress was last updated, in seconds since 1970."""

    @property
    def is_over(self) -> bool:
        """Whether it has ended, or must be dead."""
        return self.exit is not None or time.time() - self.beat > SILENT

    @property
    def failed(self) -> bool:
        """Whether it ended without publishing anything."""
        return self.is_over and self.exit not in (DONE, REJECTED)


def start_renewing(corpus: Path, location: str) -> None:
    """Start a process that brings an index up to date with a folder of reports and may outlive this one.

    Raises:
        OSError: The process cannot be started.
    """
    with _open_log(corpus / ASIDE / LOG) as log_file:
        child = subprocess.Popen(
            [sys.executable, "-P", "-X", "utf8", "-m", "indexer.renewing", str(corpus)],
            env=environment() | {INDEX_VARIABLE: location},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log_file,
            **OWN_GROUP,
        )
    # Reap the child: nobody else waits for it.
    threading.Thread(target=child.wait, name="renewing", daemon=True).start()


def _open_log(path: Path) -> BinaryIO:
    with suppress(OSError):  # there is no log yet, or on Windows a running process has it open
        if path.stat().st_size >= MOST_LOGGED:
            path.replace(path.with_suffix(".log.1"))
    return path.open("ab")


def renewal_of(corpus: Path) -> Renewal:
    """The progress of the current run, or of the last one."""
    try:
        record = json.loads((corpus / ASIDE / _NAME).read_bytes())
        return Renewal(**{**record, "rejected": tuple((name, reason) for name, reason in record["rejected"])})
    except (OSError, ValueError, TypeError, KeyError):
        return Renewal()


def renew(corpus: Path, location: str) -> int:
    """Bring the index up to date once no other process does; returns the exit code."""
    aside = corpus / ASIDE
    aside.mkdir(mode=0o700, exist_ok=True)
    waits = FileLock(aside / "WAITS", timeout=0)
    try:
        waits.acquire()
    except Timeout:
        return DONE
    with FileLock(aside / "RENEWS"):
        waits.release()
        return _Run(corpus, location).finish()


class _Run:
    def __init__(self, corpus: Path, location: str) -> None:
        self._corpus, self._location = corpus, location
        self._state = Renewal(time.time(), beat=time.time())
        self._ended = threading.Event()

    def finish(self) -> int:
        beating = threading.Thread(target=self._keep_beating, name="beat", daemon=True)
        beating.start()
        code, seconds = UNEXPECTED, 0.0
        rejected: tuple[tuple[str, str], ...] = ()
        try:
            summary = self._reindex()
            rejected, seconds = tuple(summary.rejected), summary.seconds
            code = REJECTED if rejected else DONE
        except (IndexerError, OSError) as error:
            log.error("%s", error)
            code = BUSY if isinstance(error, IndexBusy) else UNEXPECTED
        except Exception:  # the last resort: the progress must show that the run has ended
            log.exception("unexpected error")
        self._state = replace(self._state, exit=code, rejected=rejected)
        if code != BUSY:
            note_run(self._location, LastRun.now(code, seconds, len(rejected)))
        self._ended.set()
        beating.join()
        self._show()
        return code

    def _reindex(self) -> Summary:
        until = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                return reindex([self._corpus], self._location, Options(), self._progress)
            except IndexBusy:
                if time.monotonic() > until:
                    raise
                time.sleep(BEAT)
                self._state = replace(self._state, started=time.time(), read=0, total=None)

    def _progress(self, outcomes: Iterable[Outcome], total: int) -> Iterator[Outcome]:
        self._state = replace(self._state, total=total)
        for outcome in outcomes:
            yield outcome
            self._state = replace(self._state, read=self._state.read + 1)

    def _keep_beating(self) -> None:
        self._show()
        while not self._ended.wait(BEAT / 2):
            self._show()

    def _show(self) -> None:
        path = self._corpus / ASIDE / _NAME
        new = path.with_suffix(".new")
        # Losing an update does no harm, and a full disk must not stop the run.
        with suppress(OSError):
            new.write_text(json.dumps(asdict(replace(self._state, beat=time.time()))), encoding="utf-8")
            os.replace(new, path)


if __name__ == "__main__":
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s")
    with speaking(ENGLISH):
        sys.exit(renew(Path(sys.argv[1]), os.environ[INDEX_VARIABLE]))
