"""How the last run of `reindex` ended, for monitors: `last-run.json` in the index's folder.

The file is not part of the index: if it is missing or unreadable, nothing is known of the last run and searches go on.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from indexer.engines.opensearch.address import is_address

NAME = "last-run.json"


@dataclass(frozen=True, slots=True)
class LastRun:
    """The end of a run."""

    ended: str
    """When it ended, in UTC: 2026-11-26T08:00:00Z."""
    exit: int
    """Its exit code, see `reindex --help`."""
    seconds: float = 0.0
    """How long it took."""
    rejected: int = 0
    """How many files it rejected."""

    @classmethod
    def now(cls, exit: int, seconds: float = 0.0, rejected: int = 0) -> LastRun:
        """A run that ends now."""
        return cls(datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), exit, round(seconds, 3), rejected)

    @property
    def timestamp(self) -> float:
        """Seconds since 1970 at which it ended."""
        return datetime.strptime(self.ended, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()


def note_run(location: str, run: LastRun) -> None:
    """Save a run in the index's folder; does nothing if there is no folder or the index is on a cluster."""
    if is_address(location) or not os.path.isdir(location):
        return
    new = Path(location, f"{NAME}.new")
    try:
        new.write_text(json.dumps(asdict(run)), encoding="utf-8")
        os.replace(new, Path(location, NAME))
    except OSError:
        # Whatever prevents writing this also stopped the run itself, which reported it.
        new.unlink(missing_ok=True)


def last_run(location: str) -> LastRun | None:
    """How the last run ended; None if nothing is known of it."""
    try:
        run = LastRun(**json.loads(Path(location, NAME).read_bytes()))
        run.timestamp  # noqa: B018 - raises if it is not a time
    except (OSError, ValueError, TypeError):
        return None
    return run
