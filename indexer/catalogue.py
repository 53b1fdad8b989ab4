"""Which file each report came from, so that `reindex` can skip unchanged files. Stored with each generation."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Collection, Iterable, Mapping, MutableMapping
from copy import copy
from dataclasses import dataclass, field, fields, replace
from operator import attrgetter
from pathlib import Path
from typing import Any

import msgspec

from indexer.regular_files import open_regular
from indexer.versions import MOST_GENERATIONS, History, Version


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
    sample: str = ""
    """The sample of its sentences (see `indexer.near_duplicates`) as one string: an index has millions of them."""
    corrected: dict[str, str] = field(default_factory=dict)
    """The corrections that were applied: the right values by field."""
    checked: tuple[str, ...] = ()
    """The codes of remarks that somebody checked, from `checked.csv`."""
    names: tuple[str, ...] = ()
    """The names by which an alias in `units.csv` can match its report, see `indexer.corrections.names_of`."""
    stale: str | None = None
    """Why the file could not be read again since then."""
    fixed: str | None = None
    """The SHA-256 of the corrected text that replaces the file's own, see `indexer.loaders.fixed`."""
    below: str | None = None
    """The path below the folder as the disk spells it, if the key spells it differently."""
    place: str | None = None
    """The code of the report's place as stated in the file, see `indexer.placing`."""
    open: tuple[str, ...] = ()
    """The codes of the candidate places, if the file does not say which is meant."""
    placed: str | None = None
    """The one of `open` that was chosen by what the other files say."""
    unit: str | None = None
    """The id of the unit whose annual report it is; None if it is no annual report, or unit or year are unknown."""
    year: int | None = None
    """The reported year."""
    figures: str | None = None
    """A digest of the figures that next year's report may be compared with, see `indexer.last_year.digest_of`."""
    compares: bool = False
    """Whether it states how figures changed since the year before."""
    against: str | None = None
    """What it was last compared with: the `figures` of the unit's reports on the year before."""
    added: str | None = None
    """When the index first held its report, see `indexer.versions`."""
    changed: str | None = None
    """When the report's content last changed."""
    content: str | None = None
    """The SHA-256 of the report's content."""
    pages: dict[str, str] = field(default_factory=dict)
    """The SHA-256 of each of its page files by name, in order, if there are several."""
    wants_ocr: bool = False
    """Whether pages or pictures of it were left unread because no OCR engine was installed."""

    @property
    def version(self) -> Version | None:
        """What was known of its report when it was last published; None if any part is missing."""
        return Version(self.added, self.changed, self.content) if self.added and self.changed and self.content else None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file from which no report could be read, as it was then."""

    size: int
    """Bytes."""
    times: tuple[int, int]
    """When content and attributes last changed, ns."""
    sha256: str
    reason: str
    reader: str
    """The version of the reader that rejected it, see `indexer.workers.reader_version`."""
    fixed: str | None = None
    """As in `Source`."""


@dataclass(frozen=True, slots=True)
class Original:
    """The file that a report was read from, with its SHA-256 at that time; the caller checks whether it is still the same."""

    folder: str
    below: str
    """The path below the folder, with "/"."""
    sha256: str
    pages: dict[str, str] = field(default_factory=dict)
    """The SHA-256 of each page file by name, if there are several; `below` is then the path of the first."""

    def page(self, name: str) -> Original | None:
        """The page file of this name, None if there is none."""
        above, slash, _ = self.below.rpartition("/")
        return Original(self.folder, f"{above}{slash}{name}", self.pages[name]) if name in self.pages else None

    @property
    def path(self) -> Path:
        """The path at which the file was read."""
        return Path(self.folder, self.below)

    def is_there(self) -> bool:
        """Whether the file exists and is inside the folder that was read."""
        return self.path.is_file() and self.path.resolve().is_relative_to(Path(self.folder).resolve())


@dataclass(slots=True)
class Catalogue:
    """The folders that `reindex` read, by their names in ids, and the files below them by "<folder's name>/<path>", NFC."""

    folders: dict[str, str] = field(default_factory=dict)
    sources: MutableMapping[str, Source] = field(default_factory=dict)
    refused: dict[str, Refusal] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)
    """Folder names in use on other machines that fill the same index."""
    published: str | None = None
    """When it was stored."""
    generations: dict[str, str] = field(default_factory=dict)
    """Publication times of earlier generations by name, oldest first."""
    removed: dict[str, str] = field(default_factory=dict)
    """When reports that are no longer held were removed, by their ids."""

    @classmethod
    def from_json(cls, text: str) -> Catalogue:
        """The catalogue that `to_json` wrote.

        Raises:
            ValueError: It is damaged.
        """
        try:
            return msgspec.json.decode(text, type=cls)
        except msgspec.MsgspecError:
            return cls._from_older(text)

    @classmethod
    def _from_older(cls, text: str) -> Catalogue:
        """Read a catalogue in the format of older versions, which stored a sample as a list of sentences."""
        try:
            record = msgspec.json.decode(text)
            for source in record["sources"].values():
                source["sample"] = "".join(source.get("sample", ()))
            return msgspec.convert(record, cls)
        except (msgspec.MsgspecError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(str(error)) from error

    def to_json(self) -> str:
        """The catalogue as JSON."""
        record = {
            "folders": self.folders,
            "sources": _columns(self.sources, Source),
            "refused": _columns(self.refused, Refusal),
            "taken": self.taken,
            "published": self.published,
            "generations": self.generations,
            "removed": self.removed,
        }
        return msgspec.json.encode(record).decode()

    def copy(self) -> Catalogue:
        """A copy that can be changed without changing this catalogue."""
        return replace(
            self,
            folders=dict(self.folders),
            sources=copy(self.sources),
            refused=dict(self.refused),
            taken=list(self.taken),
            generations=dict(self.generations),
            removed=dict(self.removed),
        )

    def note(self, now: str, before: Catalogue | None, generation: str | None, held: Collection[str], known: Iterable[str]) -> None:
        """Record what precedes the generation that is about to be published.

        Args:
            now: When it is published.
            before: The catalogue of the last generation.
            generation: The name of the last generation.
            held: The ids of the reports that are held now.
            known: The ids of the reports that were held then.
        """
        if before and before.published and generation:
            self.generations = dict([*before.generations.items(), (generation, before.published)][-MOST_GENERATIONS:])
        gone = {id: now for id in known if id not in held}
        self.removed = {id: time for id, time in (gone | (before.removed if before else {})).items() if id not in held}
        self.published = now

    def originals(self) -> dict[str, Original]:
        """The original files by the ids of their reports."""
        found = {}
        for key, source in self.sources.items():
            name, _, below = key.partition("/")
            if name in self.folders:
                found[source.report] = Original(self.folders[name], source.below or below, source.sha256, source.pages)
        return found

    def name_of(self, folder: Path) -> str:
        """The name that stands for a folder in ids. A new folder is recorded under its own name, made unique.

        A new folder takes the name of a recorded folder that no longer exists and was called the same: the folder was moved.
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

    def key_of(self, path: Path) -> str | None:
        """The key of the file at a path, links followed, whether or not a report came from it; None if no recorded folder holds it."""
        own = path.resolve()
        folders = {Path(known).resolve(): name for name, known in self.folders.items()}
        folder = max(filter(own.is_relative_to, folders), key=lambda folder: len(folder.parts), default=None)
        if folder is None:
            return None
        return unicodedata.normalize("NFC", "/".join((folders[folder], *own.relative_to(folder).parts)))

    def folder_holding(self, path: Path) -> Path | None:
        """The innermost recorded folder that holds this path, None if none does."""
        return max(self._folders_holding(path), key=lambda folder: len(folder.parts), default=None)

    def outermost_folder_holding(self, path: Path) -> Path | None:
        """The outermost recorded folder that holds this path, None if none does."""
        return min(self._folders_holding(path), key=lambda folder: len(folder.parts), default=None)

    def _folders_holding(self, path: Path) -> list[Path]:
        return [Path(known) for known in self.folders.values() if path.is_relative_to(known)]


def history_of(generation: str | None, catalogues: Iterable[Catalogue]) -> History:
    """The history of an index, from the catalogues of all machines that fill it.

    Where they differ the earlier time counts: it is better that a mirror copies a report again than that it misses one.
    """
    before: dict[str, str] = {}
    removed: dict[str, str] = {}
    published: str | None = None
    for catalogue in catalogues:
        for name, time in catalogue.generations.items():
            before[name] = min(time, before.get(name, time))
        removed |= catalogue.removed
        published = max(filter(None, (published, catalogue.published)), default=None)
    return History(generation, published, before, removed)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a regular file, in hexadecimal digits."""
    with open(open_regular(path), "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _columns(files: Mapping[str, Source | Refusal], kind: type[Source | Refusal]) -> dict[str, dict[str, Any]]:
    # `asdict` copies deeply, which takes longer than writing. Empty values are left out: they are the defaults.
    names = [field.name for field in fields(kind)]
    values_of = attrgetter(*names)
    return {
        key: {name: value for name, value in zip(names, values_of(file), strict=True) if value or type(value) is int}
        for key, file in files.items()
    }
