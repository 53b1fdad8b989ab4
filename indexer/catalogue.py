"""Which file each report came from, so that `reindex` passes over what did not change. Stored with each generation."""

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
    """Of its sentences, see `indexer.near_duplicates`, one behind the other: an index has millions of them."""
    corrected: dict[str, str] = field(default_factory=dict)
    """The corrections that were applied to it: what is right by field."""
    checked: tuple[str, ...] = ()
    """The codes of remarks that somebody looked at, as `checked.csv` had them."""
    names: tuple[str, ...] = ()
    """By which an alias in `units.csv` can name its report, see `indexer.corrections.names_of`."""
    stale: str | None = None
    """Why the file could not be read again since."""
    fixed: str | None = None
    """The SHA-256 of the text that stands for the file's own, see `indexer.loaders.fixed`."""
    below: str | None = None
    """The path below the folder as the disk spells it, where that is not as in the key."""
    place: str | None = None
    """The code of the place that the file says its report is of, see `indexer.placing`."""
    open: tuple[str, ...] = ()
    """The codes of the places that may be meant where the file does not say which."""
    placed: str | None = None
    """Of these the one that the other files decided for."""
    unit: str | None = None
    """The id of the unit whose annual report it is; None for what is no annual report of a known unit and year."""
    year: int | None = None
    """The reported year."""
    figures: str | None = None
    """Of the figures that the next year's report may be compared with, see `indexer.last_year.digest_of`."""
    compares: bool = False
    """Whether it says how figures changed since the year before."""
    against: str | None = None
    """With what it was compared: the `figures` of the unit's reports on the year before."""
    added: str | None = None
    """When the index first held its report, see `indexer.versions`."""
    changed: str | None = None
    """When the report's content last changed."""
    content: str | None = None
    """The SHA-256 of the report's content."""
    pages: dict[str, str] = field(default_factory=dict)
    """The SHA-256 of each file of its pages by name, in order, where they are several."""
    wants_ocr: bool = False
    """Whether pages or pictures of it were left unread because no engine was installed."""

    @property
    def version(self) -> Version | None:
        """What was known of its report when it was last published."""
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
    """What could not read it, see `indexer.workers.reader_version`."""
    fixed: str | None = None
    """As in `Source`."""


@dataclass(frozen=True, slots=True)
class Original:
    """The file that a report was read from, and its SHA-256 then; whether it is still the same is for the caller to see."""

    folder: str
    below: str
    """The path below the folder, with "/"."""
    sha256: str
    pages: dict[str, str] = field(default_factory=dict)
    """The SHA-256 of each file of its pages by name, where they are several; the path is that of the first."""

    def page(self, name: str) -> Original | None:
        """The file of one of several pages, None where none is called so."""
        above, slash, _ = self.below.rpartition("/")
        return Original(self.folder, f"{above}{slash}{name}", self.pages[name]) if name in self.pages else None

    @property
    def path(self) -> Path:
        """Where it was."""
        return Path(self.folder, self.below)

    def is_there(self) -> bool:
        """Whether there is such a file, and inside the folder that was read."""
        return self.path.is_file() and self.path.resolve().is_relative_to(Path(self.folder).resolve())


@dataclass(slots=True)
class Catalogue:
    """The folders that `reindex` read by their names in ids, and the files below them by "<folder's name>/<path>", NFC."""

    folders: dict[str, str] = field(default_factory=dict)
    sources: MutableMapping[str, Source] = field(default_factory=dict)
    refused: dict[str, Refusal] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)
    """Names that stand for folders of other machines that fill the same index."""
    published: str | None = None
    """When it was stored."""
    generations: dict[str, str] = field(default_factory=dict)
    """When the generations before were published, the oldest first."""
    removed: dict[str, str] = field(default_factory=dict)
    """When reports were taken out that are not held any more, by their ids."""

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
        """The catalogue as versions wrote it that kept each sentence of a sample by itself."""
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
        """A catalogue that can be changed while this one stays as it is."""
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
        """Note what this state follows on.

        Args:
            now: When it is published.
            before: The catalogue of the last state.
            generation: The name of that state.
            held: The ids of the reports that are held now.
            known: Those of reports that were held then.
        """
        if before and before.published and generation:
            self.generations = dict([*before.generations.items(), (generation, before.published)][-MOST_GENERATIONS:])
        gone = {id: now for id in known if id not in held}
        self.removed = {id: time for id, time in (gone | (before.removed if before else {})).items() if id not in held}
        self.published = now

    def originals(self) -> dict[str, Original]:
        """The files by the ids of their reports."""
        found = {}
        for key, source in self.sources.items():
            name, _, below = key.partition("/")
            if name in self.folders:
                found[source.report] = Original(self.folders[name], source.below or below, source.sha256, source.pages)
        return found

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

    def key_of(self, path: Path) -> str | None:
        """The key of the file at a path, links followed, whether there is a report of it or not; None where no recorded folder holds it."""
        own = path.resolve()
        folders = {Path(known).resolve(): name for name, known in self.folders.items()}
        folder = max(filter(own.is_relative_to, folders), key=lambda folder: len(folder.parts), default=None)
        if folder is None:
            return None
        return unicodedata.normalize("NFC", "/".join((folders[folder], *own.relative_to(folder).parts)))

    def folder_holding(self, path: Path) -> Path | None:
        """The innermost recorded folder that holds this path, None where none does."""
        return max(self._folders_holding(path), key=lambda folder: len(folder.parts), default=None)

    def outermost_folder_holding(self, path: Path) -> Path | None:
        """The outermost recorded folder that holds this path, None where none does."""
        return min(self._folders_holding(path), key=lambda folder: len(folder.parts), default=None)

    def _folders_holding(self, path: Path) -> list[Path]:
        return [Path(known) for known in self.folders.values() if path.is_relative_to(known)]


def history_of(generation: str | None, catalogues: Iterable[Catalogue]) -> History:
    """What the catalogues of the machines that fill an index say of its past.

    Where they differ the earlier time counts: rather is a report copied again than left out.
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
    """The SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _columns(files: Mapping[str, Source | Refusal], kind: type[Source | Refusal]) -> dict[str, dict[str, Any]]:
    # `asdict` copies all that it meets, which takes longer than writing it. What is empty is so by default.
    names = [field.name for field in fields(kind)]
    values_of = attrgetter(*names)
    return {
        key: {name: value for name, value in zip(names, values_of(file), strict=True) if value or type(value) is int}
        for key, file in files.items()
    }
