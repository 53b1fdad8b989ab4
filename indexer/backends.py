"""Maps a location to its backend by scheme (the only place that does), and the operations on an index as a whole."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from indexer.catalogue import Catalogue, Original
from indexer.engines.boundary import EVERYTHING, Backend, Writer
from indexer.engines.opensearch.address import Address, is_address
from indexer.errors import BadPath, IndexCorrupt, IndexerError, IndexOutdated, InvalidReport
from indexer.model import Report
from indexer.search import Index
from indexer.versions import History, Version, stamped, time_after, version_of


def check_location(location: str) -> None:
    """Check a location as far as possible without using it.

    Raises:
        BadPath: It is neither a folder, nor a path where one can be made, nor an address on a cluster.
    """
    if is_address(location):
        Address.read(location)
    elif "://" in location or (os.path.lexists(location) and not os.path.isdir(location)):
        raise BadPath(f"--index {location}: expected a folder, or https://host:9200/name for an index on a cluster")


def backend_at(location: str | Path) -> Backend:
    """The backend of an index; nothing is opened yet.

    Raises:
        BadPath: It begins like an address on a cluster but is none, or the client that a cluster needs is not installed.
    """
    # Backends are imported on demand: Whoosh takes a quarter of a second, which parsing a file need not wait for.
    if is_address(location):
        address = Address.read(str(location))
        try:
            from indexer.engines.opensearch.backend import OpenSearchBackend
        except ModuleNotFoundError as error:
            raise BadPath(
                f'an index on a cluster needs {error.name}: pip install ".[opensearch]" in the sources; see docs/scaling.md'
            ) from error
        return OpenSearchBackend(address)
    from indexer.engines.whoosh.backend import WhooshBackend

    return WhooshBackend(Path(location))


def scans_folder(location: str | Path) -> Path:
    """Where the results of OCR are cached: in the folder of the index, or in `var/ocr` for an index on a cluster."""
    return Path("var/ocr") if is_address(location) else Path(location) / "ocr"


def open_index(location: str | Path) -> Index:
    """The live generation of the index in this folder or at this address of a cluster, open for search.

    Raises:
        IndexMissing: Nothing was ever published there.
        IndexOutdated: It was written by another version.
        IndexCorrupt: It is damaged, and so is the generation before.
        ClusterAway, ClusterRefused: A cluster does not answer, or refuses the login.
    """
    return Index(backend_at(location).open())


def build_index(location: str | Path, reports: Iterable[Report]) -> str:
    """Publish an index of these reports that replaces whatever the location held; returns the generation's name.

    The reports may come from an iterator of any length. A report whose id was seen before counts as another report: its id gets
    the first free suffix "-2", "-3" and so on.

    Raises:
        IndexBusy: Another writer holds the folder.
    """
    backend = backend_at(location)
    generation, recorded, known = _held(backend)
    now = time_after(recorded.published if recorded else None)
    writer = backend.writer(anew=True)
    try:
        seen: Counter[str] = Counter()
        for report in reports:
            if not isinstance(report, Report):
                raise InvalidReport(f"expected a Report, got {type(report).__name__}")
            id = report.id
            while seen[id]:
                seen[report.id] += 1
                id = f"{report.id}-{seen[report.id]}"
            seen[id] = 1
            writer.put(stamped(report if id == report.id else replace(report, id=id), known.get(id), now))
    except BaseException:
        writer.abort()
        raise
    catalogue = Catalogue()
    catalogue.note(now, recorded, generation, seen, known)
    name = writer.commit(catalogue)
    assert name is not None
    return name


def _held(backend: Backend) -> tuple[str | None, Catalogue | None, dict[str, Version | None]]:
    """What a location holds: the live generation's name, its catalogue, and the known version of each report by id."""
    try:
        engine = backend.open()
    except IndexerError:
        return None, None, {}
    try:
        known = {report.id: version_of(report) for report in engine.reports(EVERYTHING)}
    except IndexerError:
        known = {}
    finally:
        engine.close()
    return (*backend.catalogue(), known)


def read_history(location: str | Path) -> History:
    """When the index's earlier generations were published, and which reports it no longer holds."""
    return backend_at(location).history()


def open_writer(location: str | Path, *, rebuild: bool = False) -> Writer:
    """A writer on top of the live generation; with `rebuild`, an empty one if that generation cannot be read.

    Raises:
        IndexBusy: Another writer holds the folder.
        IndexOutdated, IndexCorrupt: The live generation cannot be built on, and `rebuild` is False.
    """
    backend = backend_at(location)
    try:
        return backend.writer(full=rebuild)
    except (IndexOutdated, IndexCorrupt):
        if not rebuild:
            raise
        return backend.writer(anew=True)


def read_catalogue(location: str | Path) -> tuple[str | None, Catalogue | None]:
    """The live generation's name and its catalogue, both None if there is no index; read-only."""
    return backend_at(location).catalogue()


def original_file(location: str | Path, report: str) -> Original | None:
    """The file that a report was read from; None if this machine knows of none."""
    return backend_at(location).original(report)


def damaged_files(location: str | Path) -> tuple[str, list[str]]:
    """The live generation's name, and its files that are missing or whose checksum differs from the published one; reads every byte.

    A cluster checks its own files; there, only the number of passages is compared with what the reports should have.

    Raises:
        IndexMissing: Nothing was ever published there.
    """
    return backend_at(location).damaged_files()
