"""An index in a folder of this machine."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from indexer.catalogue import Catalogue, Original, history_of
from indexer.engines.whoosh import generations
from indexer.engines.whoosh.catalogues import read_original
from indexer.engines.whoosh.engine import WhooshEngine
from indexer.engines.whoosh.writer import WhooshWriter, last_catalogue
from indexer.errors import IndexCorrupt
from indexer.versions import History


class WhooshBackend:
    """The index in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open(self) -> WhooshEngine:
        """See `Backend.open`."""
        return WhooshEngine(self._folder)

    def writer(self, *, anew: bool = False, full: bool = False) -> WhooshWriter:
        """See `Backend.writer`; `full` makes no difference, because segments are shared between generations."""
        return WhooshWriter(self._folder, anew=anew)

    def catalogue(self) -> tuple[str | None, Catalogue | None]:
        """See `Backend.catalogue`."""
        return last_catalogue(self._folder)

    def history(self) -> History:
        """See `Backend.history`."""
        generation, catalogue = self.catalogue()
        return history_of(generation, [catalogue] if catalogue else [])

    def original(self, report: str) -> Original | None:
        """See `Backend.original`."""
        name = generations.current_name(self._folder)
        with suppress(IndexCorrupt):
            return read_original(self._folder / "generations" / name, report) if name else None
        # The table of originals is damaged, or another version wrote it.
        _, catalogue = self.catalogue()
        return catalogue.originals().get(report) if catalogue else None

    def damaged_files(self) -> tuple[str, list[str]]:
        """See `Backend.damaged_files`."""
        return generations.damaged_files(self._folder)
