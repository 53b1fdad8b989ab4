"""An index on a cluster."""

from __future__ import annotations

from indexer.catalogue import Catalogue, Original
from indexer.engines.opensearch.address import Address
from indexer.engines.opensearch.catalogues import damage, find_original, last_catalogue, past
from indexer.engines.opensearch.engine import OpenSearchEngine
from indexer.engines.opensearch.writer import OpenSearchWriter
from indexer.versions import History


class OpenSearchBackend:
    """The index at an address."""

    def __init__(self, address: Address) -> None:
        self._address = address

    def open(self) -> OpenSearchEngine:
        """See `Backend.open`."""
        return OpenSearchEngine(self._address)

    def writer(self, *, anew: bool = False, full: bool = False) -> OpenSearchWriter:
        """See `Backend.writer`."""
        return OpenSearchWriter(self._address, anew=anew, full=full)

    def catalogue(self) -> tuple[str | None, Catalogue | None]:
        """See `Backend.catalogue`; returns the catalogue of this machine."""
        return last_catalogue(self._address)

    def history(self) -> History:
        """See `Backend.history`; covers all machines that write to the index."""
        return past(self._address)

    def original(self, report: str) -> Original | None:
        """See `Backend.original`; finds files of this machine only."""
        return find_original(self._address, report)

    def damaged_files(self) -> tuple[str, list[str]]:
        """See `Backend.damaged_files`."""
        return damage(self._address)
