"""The files of a corpus: what stands below the paths given, and which of it is meant to be read."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from indexer.catalogue import Catalogue
from indexer.corrections import FILE_NAME, read_corrections
from indexer.errors import BadPath
from indexer.loaders import EXTENSIONS


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """A file to read."""

    path: Path
    key: str
    """"<folder's name>/<path below it>", NFC, with "/"; what the report's id is made from."""
    size: int
    times: tuple[int, int]


@dataclass(slots=True)
class Listing:
    """What was found below the paths given."""

    files: dict[str, CorpusFile] = field(default_factory=dict)
    """By key."""
    ignored: list[str] = field(default_factory=list)
    rejected: list[tuple[str, str]] = field(default_factory=list)
    """Path and reason."""
    scopes: list[str] = field(default_factory=list)
    """Beginnings of keys: reports below them whose file was not found have vanished. Empty folders are not among them."""
    corrections: dict[str, dict[str, str]] = field(default_factory=dict)
    """What is right by field, by key; of files that were not found too."""
    _corrected: set[Path] = field(default_factory=set)
    _outside: dict[tuple[Path, Path], bool] = field(default_factory=dict)

    def leads_outside(self, path: Path, folder: Path) -> bool:
        """Whether a path below a folder leads to a place outside it; the way to its parent is followed once for all that stand there."""
        if path.is_symlink():
            return not path.resolve().is_relative_to(folder.resolve())
        way = path.parent, folder
        if way not in self._outside:
            self._outside[way] = not path.parent.resolve().is_relative_to(folder.resolve())
        return self._outside[way]


def list_files(paths: list[Path], catalogue: Catalogue) -> Listing:
    """The files below these folders, and these files; folders not seen before are recorded in the catalogue.

    Raises:
        BadPath: A path does not exist or is neither file nor folder, or a line of a file of corrections is wrong.
    """
    listing = Listing()
    for given in paths:
        path = _as_spelt(given.absolute())
        if path.is_dir():
            _list_folder(path, catalogue, listing)
        elif path.is_file():
            folder = catalogue.folder_holding(path) or path.parent
            _add(path, folder, catalogue, listing)
        else:
            raise BadPath(f"{given}: no such file or folder; give a folder of reports or a report")
    return listing


def _as_spelt(path: Path) -> Path:
    """The path with its names as they are on the disk: on Windows `CORPUS` and `corpus` are one folder, and ids are made of names."""
    spelt = path.resolve()
    # Another path altogether where there are links on the way; those stay as given.
    return spelt if spelt == path else path


def _list_folder(given: Path, catalogue: Catalogue, listing: Listing) -> None:
    folder = catalogue.folder_holding(given) or given
    before = len(listing.files) + len(listing.rejected)
    for path in _walk(given, listing):
        _add(path, folder, catalogue, listing)
    if len(listing.files) + len(listing.rejected) > before:
        listing.scopes.append(_key(given, folder, catalogue) + "/")


def _walk(folder: Path, listing: Listing) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(parent, name)
            if name == FILE_NAME:
                continue
            if is_ignored(name):
                listing.ignored.append(str(path))
            else:
                yield path


def is_ignored(name: str) -> bool:
    """Whether a file of this name is passed over: hidden, an office program's lock file, README, LICENSE, or of a kind that is not read."""
    return name.startswith((".", "~$")) or name.upper().startswith(("README", "LICENSE")) or Path(name).suffix.lower() not in EXTENSIONS


def _add(path: Path, folder: Path, catalogue: Catalogue, listing: Listing) -> None:
    try:
        key = _key(path, folder, catalogue)
    except UnicodeError:
        name = os.fsencode(path).decode("utf-8", "backslashreplace")
        listing.rejected.append((name, "its name is not valid UTF-8; rename the file"))
        return
    _correct(path.parent, folder, catalogue, listing)
    try:
        if listing.leads_outside(path, folder):
            listing.rejected.append((key, "it is a link to a place outside its folder; copy the file here instead"))
        elif not stat.S_ISREG((found := path.stat()).st_mode):
            listing.rejected.append((key, "it is no ordinary file; put the report here as a file"))
        else:
            listing.files[key] = CorpusFile(path, key, *_size_and_times(found))
    except (OSError, RuntimeError) as error:
        listing.rejected.append((key, f"it cannot be opened: {error}"))


def _correct(parent: Path, folder: Path, catalogue: Catalogue, listing: Listing) -> None:
    """Read the corrections in a folder and in those above it up to the recorded one, each once; the innermost decides."""
    if parent in listing._corrected:
        return
    listing._corrected.add(parent)
    if parent != folder:
        _correct(parent.parent, folder, catalogue, listing)
    if (parent / FILE_NAME).is_file():
        for correction in read_corrections(parent / FILE_NAME):
            key = _key(parent / correction.path, folder, catalogue)
            listing.corrections.setdefault(key, {})[correction.field] = correction.value


def size_and_times(path: Path) -> tuple[int, tuple[int, int]]:
    """Size in bytes, and when content and attributes last changed (ns)."""
    return _size_and_times(path.stat())


def _size_and_times(found: os.stat_result) -> tuple[int, tuple[int, int]]:
    return found.st_size, (found.st_mtime_ns, found.st_ctime_ns)


def _key(path: Path, folder: Path, catalogue: Catalogue) -> str:
    below = "/".join((catalogue.name_of(folder), *path.relative_to(folder).parts))
    below.encode("utf-8")
    return unicodedata.normalize("NFC", below)
