"""The files of a corpus: lists what is below the folders and decides which files to read."""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from indexer.catalogue import Catalogue, sha256_of
from indexer.corrections import (
    CHECKED_FILE_NAME,
    FILE_NAME,
    FILE_NAMES,
    IGNORE,
    UNITS_FILE_NAME,
    read_checked,
    read_corrections,
    read_units,
)
from indexer.errors import BadPath
from indexer.loaders import (
    FIXED,
    IMAGES,
    PageFiles,
    files_of,
    fixed_beside,
    is_fixed,
    is_ignored,
    page_files,
    pages_beside,
    sha256_of_pages,
)


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """A file to read."""

    path: Path
    key: str
    """"<folder's name>/<path below it>", NFC, with "/"; what the report's id is made from."""
    below: str
    """The path below the folder, with "/", as the disk spells it."""
    size: int
    times: tuple[int, int]
    fixed: Path | None = None
    """The corrected text that replaces the file's own."""
    pages: PageFiles | None = None
    """Its page files, if the report is several pictures; size and times are then those of all pages together."""

    def sha256(self) -> str:
        """The SHA-256 of its content.

        Raises:
            OSError: It cannot be opened.
        """
        return sha256_of_pages(list(self.page_digests().values())) if self.pages else sha256_of(self.path)

    def page_digests(self) -> dict[str, str]:
        """The SHA-256 of each of its page files by name, in order; empty if it is a single file.

        Raises:
            OSError: One cannot be opened.
        """
        return {name: sha256_of(self.path.with_name(name)) for name in self.pages.names} if self.pages else {}

    def size_and_times(self) -> tuple[int, tuple[int, int]]:
        """Size in bytes, and when content and attributes last changed (ns). Of several pages: the sum, and numbers that any change alters.

        Raises:
            OSError: It is gone.
        """
        return _of_pages(self.path, self.pages) if self.pages else _size_and_times(self.path.stat())


@dataclass(slots=True)
class Listing:
    """What was found below the given paths."""

    files: dict[str, CorpusFile] = field(default_factory=dict)
    """By key."""
    ignored: list[str] = field(default_factory=list)
    rejected: list[tuple[str, str]] = field(default_factory=list)
    """Path and reason, for folders as well as files."""
    scopes: list[str] = field(default_factory=list)
    """Key prefixes: reports below them whose file was not found have vanished. Empty folders are not among them."""
    unlisted: list[str] = field(default_factory=list)
    """Key prefixes of folders that could not be listed, so nothing below them counts as vanished."""
    corrections: dict[str, dict[str, str]] = field(default_factory=dict)
    """Right values by field, by key; also for files that were not found."""
    aliases: dict[str, dict[str, str]] = field(default_factory=dict)
    """The unit by alias (see `corrections.alias_key`), by the key prefix to which the alias applies."""
    checked: dict[str, set[str]] = field(default_factory=dict)
    """The codes of remarks that somebody checked, by key; also for files that were not found."""
    passed_over: set[str] = field(default_factory=set)
    """The keys of files that a correction marks as not belonging to the corpus."""
    bound: dict[str, str] = field(default_factory=dict)
    """Maps the key of each further page file to the key of its report's first page."""

    def vanished(self, key: str) -> bool:
        """Whether the file of this key is gone for good, or is to be ignored."""
        if key in self.passed_over or key in self.bound:
            return True
        return key.startswith(tuple(self.scopes)) and not key.startswith(tuple(self.unlisted)) and key not in self.files

    def aliased(self, key: str, names: Iterable[str]) -> str | None:
        """The unit that an alias gives to the report of this key, which goes by these names; the innermost folder wins."""
        for above in sorted(filter(key.startswith, self.aliases), key=len, reverse=True):
            for name in names:
                if name in self.aliases[above]:
                    return self.aliases[above][name]
        return None


def list_files(paths: list[Path], catalogue: Catalogue) -> Listing:
    """List the files below these folders, and these files; new folders are recorded in the catalogue.

    A file belongs to the innermost recorded folder that holds it. Where one new folder holds another, the outer one is recorded.

    Raises:
        BadPath: A path does not exist or is neither file nor folder, or a line of a file of corrections is wrong.
    """
    given = {_as_spelt(path.absolute()): None for path in paths}
    lister = _Lister(catalogue, given)
    listing = lister.listing
    for path in sorted(given, key=lambda path: len(path.parts) - path.is_file()):
        if path.is_dir():
            lister.list_folder(path)
        elif path.is_file() and is_fixed(path.name):
            lister.add_originals(path)
        elif path.is_file():
            pages = pages_beside(path)
            for name in pages.names if pages else (path.name,):
                lister.add(path.with_name(name), catalogue.folder_holding(path) or path.parent)
        else:
            raise BadPath(f"{path}: no such file or folder; give a folder of reports or a report")
    _pass_over(listing)
    _bind(listing)
    listing.ignored = list(dict.fromkeys(listing.ignored))
    listing.rejected = list(dict.fromkeys(listing.rejected))
    return listing


def _as_spelt(path: Path) -> Path:
    """The path as the disk spells it: on Windows `CORPUS` and `corpus` are one folder, and ids are made from names."""
    spelt = path.resolve()
    # Through symbolic links it would be another path altogether; such a path stays as given.
    return spelt if spelt == path else path


class _Lister:
    """Adds what it finds on the disk to a listing."""

    def __init__(self, catalogue: Catalogue, given: Collection[Path]) -> None:
        """`given` are all folders and files to list."""
        self.listing = Listing()
        self._catalogue, self._given = catalogue, given
        self._corrected: set[Path] = set()
        self._outside: dict[tuple[Path, Path], bool] = {}

    def list_folder(self, root: Path) -> None:
        """List what is below a folder; links that are given themselves are left out here."""
        self._catalogue.name_of(self._catalogue.folder_holding(root) or root)
        failures: list[OSError] = []
        found = False
        for parent, links, names in _walk(root, failures):
            folder = self._catalogue.folder_holding(parent) or root
            for link in links:
                if link not in self._given:
                    self._pass_link(link, folder)
            for name in names:
                if name in FILE_NAMES or (is_fixed(name) and _originals(name, names)):
                    continue
                if is_fixed(name):
                    self._reject(self._key(parent / name, folder), _ALONE)
                elif is_ignored(name) or _belongs_to_page(parent, name):
                    self.listing.ignored.append(str(parent / name))
                else:
                    found = True
                    self.add(parent / name, folder)
        for failure in failures:
            path = Path(os.fsdecode(failure.filename))
            self.listing.unlisted += self._beginnings(path)
            reason = f"this folder cannot be listed: {failure.strerror}; what the index holds of it stays"
            self._reject(self._shown(path), reason)
        if found:
            self.listing.scopes += self._beginnings(root)

    def add_originals(self, fixed: Path) -> None:
        """List the files that a corrected text belongs to."""
        folder = self._catalogue.folder_holding(fixed) or fixed.parent
        originals = _originals(fixed.name, [other.name for other in fixed.parent.iterdir()])
        for name in originals:
            self.add(fixed.parent / name, folder)
        if not originals:
            self._reject(self._key(fixed, folder), _ALONE)

    def add(self, path: Path, folder: Path) -> None:
        """List a file below a folder, with the corrections that apply to it, or record why it is rejected."""
        shown = self._shown(path, folder)
        key = _normal(shown)
        try:
            key.encode()
        except UnicodeError:
            name = os.fsencode(path).decode("utf-8", "backslashreplace")
            self._reject(name, "its name is not valid UTF-8; rename the file")
            return
        self._correct(path.parent, self._catalogue.outermost_folder_holding(path) or folder)
        try:
            if self._leads_outside(path, folder):
                self._reject(key, "it is a link outside its folder; copy the file here instead")
            elif not stat.S_ISREG((found := path.stat()).st_mode):
                self._reject(key, "it is no ordinary file; put the report here as a file")
            else:
                file = CorpusFile(path, key, shown.partition("/")[2], *_size_and_times(found), fixed_beside(path))
                twin = self.listing.files.setdefault(key, file)
                if twin is not file and not twin.path.samefile(path):
                    # Keep the file that is spelt like the key, so that the order does not matter.
                    self.listing.files[key], other = (file, twin) if shown == key else (twin, file)
                    name = f"{key.partition('/')[0]}/{other.below}"
                    self._reject(name, "another file has this name, but for how accents are encoded; rename one of them")
        except (OSError, RuntimeError) as error:
            self._reject(key, f"it cannot be opened: {error}")

    def _pass_link(self, link: Path, folder: Path) -> None:
        """Record a link to a folder: as ignored if the folder is listed anyway, else as rejected; the index then keeps what is below it."""
        try:
            outside = self._leads_outside(link, folder) and not self._leads_to_given(link)
        except (OSError, RuntimeError):
            outside = True
        if outside:
            self.listing.unlisted += self._beginnings(link)
            there = "it is a link to a folder elsewhere; give `reindex` the folder that it leads to as well, or copy that here"
            self._reject(self._shown(link, folder), there)
        else:
            self.listing.ignored.append(str(link))

    def _leads_outside(self, path: Path, folder: Path) -> bool:
        """Whether a path below a folder leads outside it; the answer for a parent folder is cached for all files in it."""
        if path.is_symlink():
            return not path.resolve().is_relative_to(folder.resolve())
        way = path.parent, folder
        if way not in self._outside:
            self._outside[way] = not path.parent.resolve().is_relative_to(folder.resolve())
        return self._outside[way]

    def _leads_to_given(self, link: Path) -> bool:
        target = link.resolve()
        return any(target.is_relative_to(path.resolve()) for path in self._given)

    def _correct(self, parent: Path, top: Path) -> None:
        """Read the corrections in a folder and in those above it up to `top`, each once; the innermost wins."""
        if parent in self._corrected:
            return
        self._corrected.add(parent)
        if parent != top:
            self._correct(parent.parent, top)
        if (parent / UNITS_FILE_NAME).is_file():
            aliases, paths = read_units(parent / UNITS_FILE_NAME)
            for beginning in self._beginnings(parent) if aliases else ():
                self.listing.aliases.setdefault(beginning, {}).update(aliases)
            for below, unit in paths.items():
                self.listing.corrections.setdefault(self._key(parent / below), {})["unit"] = unit
        if (parent / FILE_NAME).is_file():
            for correction in read_corrections(parent / FILE_NAME):
                key = self._key(parent / correction.path)
                self.listing.corrections.setdefault(key, {})[correction.field] = correction.value
        if (parent / CHECKED_FILE_NAME).is_file():
            for below, code in read_checked(parent / CHECKED_FILE_NAME):
                self.listing.checked.setdefault(self._key(parent / below), set()).add(code)

    def _beginnings(self, path: Path) -> list[str]:
        """The prefixes of the keys of all files below this path; recorded folders below it have names of their own."""
        inner = [f"{name}/" for name, known in self._catalogue.folders.items() if Path(known) != path and Path(known).is_relative_to(path)]
        return [self._key(path) + "/", *inner]

    def _shown(self, path: Path, folder: Path | None = None) -> str:
        """The key as the disk spells it: "<folder's name>/<path below it>"; the folder is by default the innermost recorded one."""
        folder = folder or self._catalogue.folder_holding(path) or path
        return "/".join((self._catalogue.name_of(folder), *path.relative_to(folder).parts))

    def _key(self, path: Path, folder: Path | None = None) -> str:
        return _normal(self._shown(path, folder))

    def _reject(self, name: str, reason: str) -> None:
        self.listing.rejected.append((name, reason))


_ALONE = f"there is no file beside it whose text it is to replace; without {FIXED[:-4]} in its name it is read as a report"


def _originals(fixed: str, names: Iterable[str]) -> list[str]:
    """The files that a corrected text belongs to: those in the same folder with the same stem and an extension that is read."""
    stem = fixed.removesuffix(FIXED)
    return [name for name in names if Path(name).stem == stem and not is_fixed(name) and not is_ignored(name)]


def _pass_over(listing: Listing) -> None:
    """Drop the files that a correction marks as not belonging to the corpus."""
    field, value = IGNORE
    for key, corrections in listing.corrections.items():
        if corrections.get(field) == value:
            listing.passed_over.add(key)
            if file := listing.files.pop(key, None):
                listing.ignored.append(str(file.path))


def _bind(listing: Listing) -> None:
    """Merge pictures that are pages of one report into one file; corrections and checked remarks of any page apply to the report."""
    folders: dict[Path, dict[str, CorpusFile]] = {}
    for file in listing.files.values():
        if file.path.suffix.lower() in IMAGES:
            folders.setdefault(file.path.parent, {})[file.path.name] = file
    for folder, files in folders.items():
        # All files of the folder count, also where only some are to be read; ignored files do not.
        for pages in filter(None, (found.among(files) for found in page_files(files_of(folder)))):
            first, *others = (files[name] for name in pages.names)
            try:
                size, times = _of_pages(folder / pages.first, pages)
            except OSError as error:
                listing.rejected.append((first.key, f"it cannot be opened: {error}"))
                continue
            listing.files[first.key] = replace(first, size=size, times=times, pages=pages)
            for other in others:
                del listing.files[other.key]
                listing.bound[other.key] = first.key
                if corrections := listing.corrections.pop(other.key, None):
                    listing.corrections[first.key] = {**corrections, **listing.corrections.get(first.key, {})}
                if codes := listing.checked.pop(other.key, None):
                    listing.checked.setdefault(first.key, set()).update(codes)
                if other.fixed:
                    listing.rejected.append((other.key.removesuffix(other.path.suffix) + FIXED, _OF_A_PAGE.format(pages.first)))


_OF_A_PAGE = "it stands beside a page of several; for a text of the whole report name it as the first of them, {}"


def _of_pages(first: Path, pages: PageFiles) -> tuple[int, tuple[int, int]]:
    """The size of all page files together, and two numbers that differ when a page is added, changed or removed."""
    found = [_size_and_times((first.with_name(name)).stat()) for name in pages.names]
    digest = hashlib.sha256(repr((pages.names, found)).encode()).digest()
    return sum(size for size, _ in found), (int.from_bytes(digest[:6]), int.from_bytes(digest[6:12]))


def _walk(folder: Path, failures: list[OSError]) -> Iterator[tuple[Path, list[Path], list[str]]]:
    """Each folder at or below this one, with the links to folders in it (which are not followed) and the names of its files.

    Errors are appended to `failures`.
    """
    for parent, folders, names in os.walk(folder, onerror=failures.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield Path(parent), [link for name in folders if (link := Path(parent, name)).is_symlink()], sorted(names)


_PARTS_OF_PAGES = ("_files", ".files")
"""The suffixes of folders in which browsers keep the parts of a saved page."""


def _belongs_to_page(parent: Path, name: str) -> bool:
    """Whether a file is a picture of a saved page, not a scan."""
    return parent.name.endswith(_PARTS_OF_PAGES) and Path(name).suffix.lower() in IMAGES


def _size_and_times(found: os.stat_result) -> tuple[int, tuple[int, int]]:
    return found.st_size, (found.st_mtime_ns, found.st_ctime_ns)


def _normal(shown: str) -> str:
    return unicodedata.normalize("NFC", shown)
