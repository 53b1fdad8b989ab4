"""Where the file of each report stands: what the catalogue says of it, to be found without reading the catalogue."""

from __future__ import annotations

import json
from bisect import bisect_left
from pathlib import Path

import msgspec

from indexer.catalogue import Catalogue, Original
from indexer.engines.whoosh.arrays.files import ArrayFile, write_arrays
from indexer.engines.whoosh.arrays.stored import Pieces, piece_arrays

ORIGINALS = "originals"


def write_originals(path: Path, catalogue: Catalogue) -> None:
    """Write the files of all reports, in the order of their ids."""
    originals = sorted((id.encode(), msgspec.json.encode(_values(original))) for id, original in catalogue.originals().items())
    write_arrays(path, {**piece_arrays("ids", (id for id, _ in originals)), **piece_arrays("files", (file for _, file in originals))})


def _values(original: Original) -> list[object]:
    return [original.folder, original.below, original.sha256, original.pages]


def read_original(path: Path, report: str) -> Original | None:
    """Where the file of a report stands, None where it came from none.

    Raises:
        IndexCorrupt: What was written is damaged or gone.
    """
    file = ArrayFile(path)
    ids, wanted = Pieces(file, "ids"), report.encode()
    number = bisect_left(ids, wanted)
    found = number < len(ids) and ids[number] == wanted
    return Original(*json.loads(Pieces(file, "files")[number])) if found else None
