"""Files to reports: one with `parse_file`, many with `parse_files`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from indexer.errors import RejectedFile
from indexer.loaders.extractors import Extractors
from indexer.model import Report
from indexer.parsing import parse_report


def parse_file(path: str | Path) -> Report:
    """The report in a file.

    Raises:
        RejectedFile: No report can be read from it; says why and what would help.
    """
    (outcome,) = (outcome for _, outcome in parse_files([Path(path)], jobs=1))
    if isinstance(outcome, RejectedFile):
        raise outcome
    return outcome


def parse_files(paths: Iterable[Path], jobs: int | None = None) -> Iterator[tuple[Path, Report | RejectedFile]]:
    """Each file with its report, or with what stands against it, in the order given; read by `jobs` processes, one a core for None."""
    with Extractors(jobs or os.cpu_count() or 1) as extractors:
        for path, read in extractors.read(paths):
            yield path, read if isinstance(read, RejectedFile) else parse_report(read, path.name)
