"""An index in a folder of this machine."""

from __future__ import annotations

from pathlib import Path

from indexer.catalogue import Catalogue
from indexer.engines.whoosh import generations
from indexer.engines.whoosh.engine import WhooshEngine
from indexer.engines.whoosh.writer import WhooshWriter, last_catalogue


class WhooshBackend:
    """The index in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open(self) -> WhooshEngine:
        """See `Backend.open`."""
        return WhooshEngine(self._folder)

    def writer(self, *, anew: bool = False, full: bool = False) -> WhooshWriter:
        """See `Backend.writer`; `full` changes nothing, for segments are shared between generations."""
        return WhooshWriter(self._folder, anew=anew)

    def catalogue(self) -> tuple[str | None, Catalogue | None]:
        """See `Backend.catalogue`."""
        return last_catalogue(self._folder)

    def damaged_files(self) -> tuple[str, list[str]]:
        """See `Backend.damaged_files`."""
        return generations.damaged_files(self._folder)
