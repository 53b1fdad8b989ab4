"""Earlier versions of reports, stored beside the generations, so that rebuilding an index loses none.

    index/versions/<report>/<first digits of the SHA-256 of its content>

A version is written once and never changed; a truncated file is recognised by its hash. Removing the folder of an index removes
the versions too.
"""

from __future__ import annotations

import logging
import os
import re
import zlib
from pathlib import Path

import msgspec

from indexer.engines.whoosh.generations import flush
from indexer.model import Report
from indexer.records import read_whole, whole_record
from indexer.versions import DIGITS, content_of, hash_of

log = logging.getLogger(__name__)

_FOLDER = "versions"
_ID = re.compile(r"\w[\w.-]*")


def keep(index: Path, report: Report) -> None:
    """Store a version; it is on the disk when this returns."""
    assert report.sha256
    folder = index / _FOLDER / report.id
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / report.sha256[:DIGITS]
    unfinished = path.with_name(path.name + ".new")
    with unfinished.open("wb") as file:
        file.write(zlib.compress(msgspec.json.encode(whole_record(report)), 9))
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    for each in (folder, folder.parent, index):
        flush(each)


def kept(index: Path, id: str) -> list[Report]:
    """All stored versions of a report, whole, under the report's own id, in any order; damaged ones are left out."""
    folder = index / _FOLDER / id
    found = []
    # An id from a URL might point to another folder, or be too long for the name of one.
    for path in sorted(folder.iterdir()) if _ID.fullmatch(id) and os.path.isdir(folder) else ():
        if path.suffix:
            continue
        try:
            report = read_whole(msgspec.json.decode(zlib.decompress(path.read_bytes())))
            if not hash_of(content_of(report)).startswith(path.name):
                raise ValueError("its content has another hash")
        except (OSError, ValueError, KeyError, zlib.error, msgspec.MsgspecError) as error:
            log.warning("%s: this version of a report cannot be read (%s)", path, error)
        else:
            found.append(report)
    return found
