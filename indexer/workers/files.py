"""One file to its report with `parse_file`, many with `parse_files`."""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from indexer.errors import RejectedFile
from indexer.model import Report
from indexer.workers.processes import Readers


def parse_file(path: str | Path) -> Report:
    """The report in a file.

    Raises:
        RejectedFile: No report can be read from it; says why and what would help.
    """
    ((_, outcome),) = _kept_reader(os.getpid()).read([Path(path)])
    if isinstance(outcome, RejectedFile):
        raise outcome
    return outcome


@cache
def _kept_reader(process: int) -> Readers:
    """One reader for all that this process reads file by file, for a new one takes a third of a second; a fork gets its own."""
    reader = Readers()
    atexit.register(reader.close)
    return reader


def parse_files(paths: Iterable[Path], jobs: int | None = None) -> Iterator[tuple[Path, Report | RejectedFile]]:
    """Each file with its report, or with what stands against it, in the order given; read by `jobs` processes, one a core for None."""
    with Readers(jobs or os.cpu_count() or 1) as readers:
        yield from readers.read(paths)
