"""Which file each report came from: the memory that lets `reindex` pass over what did not change. Kept with each generation."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was when its report was read."""

    report: str
    """The report's id."""
    size: int
    """Bytes."""
    times: tuple[int, int]
    """When content and attributes last changed, ns."""
    sha256: str
    sample: tuple[str, ...] = ()
    """Of its sentences, see `indexer.likeness`."""
    corrected: dict[str, str] = field(default_factory=dict)
    """The corrections that were applied to it: what is right by field."""
    stale: str | None = None
    """Why the file could not be read again since."""


_COLUMNS = tuple(field.name for field in fields(Source))


@dataclass(slots=True)
class Catalogue:
    """The folders given to `reindex` by their names in ids, and the files below them by "<folder's name>/<path>"."""

    folders: dict[str, str] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)
    """Names that stand for folders of other machines that fill the same index."""

    @classmethod
    def from_json(cls, text: str) -> Catalogue:
        """The catalogue that `to_json` wrote.

        Raises:
            ValueError, KeyError, TypeError, AttributeError: It is damaged.
        """
        read = json.loads(text)
        sources = {
            key: Source(**{**value, "times": (value["times"][0], value["times"][1]), "sample": tuple(value.get("sample", ()))})
            for key, value in read.get("sources", {}).items()
        }
        return cls(read.get("folders", {}), sources, read.get("taken", []))

    def to_json(self) -> str:
        """The catalogue as JSON."""
        # `asdict` copies all that it meets, which takes longer than writing it.
        sources = {key: {name: getattr(source, name) for name in _COLUMNS} for key, source in self.sources.items()}
        record = {"folders": self.folders, "sources": sources} | ({"taken": self.taken} if self.taken else {})
        return json.dumps(record, ensure_ascii=False, separators=(",", ":"))

    def copy(self) -> Catalogue:
        """A catalogue that can be changed while this one stays as it is."""
        return Catalogue(dict(self.folders), dict(self.sources), list(self.taken))

    def name_of(self, folder: Path) -> str:
        """The name that stands for a folder in ids; a new folder gets its own name, made unique, and is recorded.

        A recorded folder that is gone gives its name to one that is called the same: the folder was moved.
        """
        for name, known in self.folders.items():
            if known == str(folder) or Path(known) == folder:
                return name
        base = folder.name or "corpus"
        name, number = base, 1
        while name in self.taken or (name in self.folders and Path(self.folders[name]).is_dir()):
            number += 1
            name = f"{base}-{number}"
        self.folders[name] = str(folder)
        return name

    def folder_holding(self, path: Path) -> Path | None:
        """The innermost recorded folder that holds this path, None where none does."""
        holding = [Path(known) for known in self.folders.values() if path.is_relative_to(known)]
        return max(holding, key=lambda folder: len(folder.parts), default=None)
