"""Where an index is: a location to an open `Index`, and reports to a new index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.catalogue import Catalogue
from indexer.engines.boundary import Writer
from indexer.engines.opensearch.address import Address, is_address
from indexer.errors import BadPath, IndexCorrupt, IndexOutdated, InvalidReport
from indexer.model import Report
from indexer.search import Index


def check_location(location: str) -> None:
    """Raise what can be known to be wrong with a location before anything is asked of it.

    Raises:
        BadPath: It is neither a folder, nor where one can be made, nor an address on a cluster.
    """
    if is_address(location):
        Address.read(location)
    elif "://" in location or (Path(location).exists() and not Path(location).is_dir()):
        raise BadPath(f"--index {location}: expected a folder, or https://host:9200/name for an index on a cluster")


def open_index(location: str | Path) -> Index:
    """The live generation of the index in this folder or at this address of a cluster, open for search.

    Raises:
        IndexMissing: Nothing was ever published there.
        IndexOutdated: It was written by another version.
        IndexCorrupt: It is damaged, and so is the generation before.
        ClusterAway, ClusterRefused: A cluster does not answer, or lets nobody in.
    """
    # Engines are imported when one is opened: Whoosh takes a quarter of a second that parsing a file need not wait for.
    if is_address(location):
        with _client_needed():
            from indexer.engines.opensearch.engine import OpenSearchEngine
        return Index(OpenSearchEngine(Address.read(str(location))))
    from indexer.engines.whoosh import WhooshEngine

    return Index(WhooshEngine(Path(location)))


def build_index(location: str | Path, reports: Iterable[Report]) -> str:
    """Publish an index of these reports, in place of whatever the folder held; returns the generation's name.

    The reports are taken as they come, any number of them. One with the id of an earlier one is another report: it gets
    the id with "-2", "-3" and so on.

    Raises:
        IndexBusy: Another writer holds the folder.
    """
    writer = _writer(location, anew=True)
    try:
        seen: Counter[str] = Counter()
        for report in reports:
            if not isinstance(report, Report):
                raise InvalidReport(f"expected a Report, got {type(report).__name__}")
            seen[report.id] += 1
            writer.put(report if seen[report.id] == 1 else report.renamed(f"{report.id}-{seen[report.id]}"))
    except BaseException:
        writer.abort()
        raise
    name = writer.commit(Catalogue().text())
    assert name is not None
    return name


def open_writer(location: str | Path, *, rebuild: bool = False) -> Writer:
    """A writer on top of the live generation; with `rebuild` one that starts from nothing where that cannot be read.

    Raises:
        IndexBusy: Another writer holds the folder.
        IndexOutdated, IndexCorrupt: The live generation cannot be built on, and `rebuild` is not given.
    """
    try:
        return _writer(location, full=rebuild)
    except (IndexOutdated, IndexCorrupt):
        if not rebuild:
            raise
        return _writer(location, anew=True)


def _writer(location: str | Path, *, anew: bool = False, full: bool = False) -> Writer:
    if is_address(location):
        with _client_needed():
            from indexer.engines.opensearch.writer import OpenSearchWriter
        return OpenSearchWriter(Address.read(str(location)), anew=anew, full=full)
    from indexer.engines.whoosh import WhooshWriter

    return WhooshWriter(Path(location), anew=anew)


@contextmanager
def _client_needed() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        raise BadPath(
            f'an index on a cluster needs {error.name}: pip install ".[opensearch]" in the sources; see docs/scaling.md'
        ) from error


def read_catalogue(location: str | Path) -> tuple[str | None, str | None]:
    """The live generation's name and its catalogue's text, both None where there is no index; nothing is written."""
    if is_address(location):
        with _client_needed():
            from indexer.engines.opensearch.catalogues import last_catalogue as of_cluster
        return of_cluster(Address.read(str(location)))
    from indexer.engines.whoosh.writer import last_catalogue

    return last_catalogue(Path(location))


def original_file(location: str | Path, report: str) -> tuple[Path, str] | None:
    """Where the file of a report is, and its SHA-256 when it was read; None where it came from no file, or from one that is gone.

    Whether the file is still the same is for the caller to see.
    """
    catalogue = Catalogue.read(read_catalogue(location)[1])
    for key, source in catalogue.sources.items():
        folder, _, below = key.partition("/")
        if source.report == report and folder in catalogue.folders:
            root = Path(catalogue.folders[folder])
            path = root / below
            return (path, source.sha256) if path.is_file() and path.resolve().is_relative_to(root.resolve()) else None
    return None


def damaged_files(location: str | Path) -> tuple[str, list[str]]:
    """The live generation's name, and its files that are gone or whose checksum is not the published one; reads every byte.

    A cluster checks its own files; of it, whether as many passages are held as the reports should have.

    Raises:
        IndexMissing: Nothing was ever published there.
    """
    if is_address(location):
        with _client_needed():
            from indexer.engines.opensearch.catalogues import damage
        return damage(Address.read(str(location)))
    from indexer.engines.whoosh import generations

    return generations.damaged_files(Path(location))
