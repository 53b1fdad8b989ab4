"""Files to reports: one with `parse_file`, many with `parse_files`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from indexer.errors import RejectedFile
from indexer.loaders import load
from indexer.model import Report
from indexer.parsing import parse_report


def parse_file(path: str | Path) -> Report:
    """The report in a file.

    Raises:
        RejectedFile: No report can be read from it; says why and what would help.
    """
    path = Path(path)
    return parse_report(load(path), path.name)


def parse_files(paths: Iterable[Path]) -> Iterator[tuple[Path, Report | RejectedFile]]:
    """Each file with its report, or with what stands against it, in the order given."""
    for path in paths:
        try:
            yield path, parse_file(path)
        except RejectedFile as error:
            yield path, error
