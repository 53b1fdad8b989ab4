"""An index is a series of sealed generations: readers see the old one or the new one and nothing in between, whenever a writer dies.

    index/
      CURRENT                 the live generation's name
      LOCK                    held by the one writer
      generations/000012-3fa9c1d0/
        manifest.json         size and SHA-256 of every file, the previous generation's name, counts
        …                     Whoosh's files, the catalogue (see `catalogues`)
        ….copy                copies of small files that cannot be rebuilt: manifest, table of contents, catalogue

A generation is built in a folder of its own beside the live one (unchanged files are hard links), flushed to the disk,
sealed with its manifest, whose SHA-256 begins with the eight digits of its name, renamed into place, and only then named in CURRENT,
which is replaced atomically. If CURRENT is lost, the newest generation is the live one. The previous generation is kept, and readers
fall back to it when the live one is damaged. No byte is used without being compared with a checksum.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from filelock import FileLock, Timeout

from indexer.catalogue import sha256_of
from indexer.errors import BadPath, IndexBusy, IndexCorrupt, IndexMissing, IndexOutdated
from indexer.regular_files import read_regular

log = logging.getLogger(__name__)

MANIFEST = "manifest.json"
_COPY = ".copy"
_CURRENT = "CURRENT"
_NEW = "CURRENT.new"
_NAME = re.compile(r"(?P<number>\d{6,})-[0-9a-f]{8}")
_UNFINISHED = "unfinished-"
_PATIENCE = 2.0
"""Seconds to wait for a file that another process has open.

The lock of a killed process is released only once the last child it was starting has begun its own program.
"""

Got = TypeVar("Got")
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Manifest:
    """The files of a generation, and what it was made from."""

    fingerprint: dict[str, object]
    previous: str | None
    files: dict[str, tuple[int, str]]
    """Size in bytes and SHA-256 by file name."""
    held: dict[str, Any]
    """Counts that a reader needs at once: reports, passages and so on."""
    segmenter: str = ""
    """The word segmenter of the run that made it, with its version; empty in indexes of versions that did not record it."""


@dataclass(frozen=True, slots=True)
class Generation:
    """A sealed generation with an undamaged manifest."""

    name: str
    folder: Path
    manifest: Manifest

    @classmethod
    def named(cls, index: Path, name: str) -> Generation:
        """The generation of this name.

        Raises:
            IndexCorrupt: The manifest and its copy are damaged.
            IndexOutdated: Another version wrote the manifest.
        """
        folder = index / "generations" / name
        content = _checked_content(folder, MANIFEST, name.partition("-")[2])
        try:
            read = json.loads(content)
            files = {file: (int(size), str(digest)) for file, (size, digest) in read["files"].items()}
            known = {field.name: read[field.name] for field in fields(Manifest) if field.name in read}
            return cls(name, folder, Manifest(**known | {"files": files}))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            # Its checksum is right, so another version wrote it in another format.
            raise IndexOutdated(index, "another manifest", [field.name for field in fields(Manifest)]) from error

    def content(self, file: str) -> bytes:
        """The content of a file that is read as a whole.

        Raises:
            IndexCorrupt: The file is damaged, and so is its copy, or it has none.
        """
        if file not in self.manifest.files:
            raise IndexCorrupt(self.folder, f"it has no {file}")
        return _checked_content(self.folder, file, self.manifest.files[file][1])

    def check_sizes(self) -> None:
        """Check that every file exists with its published size.

        Raises:
            IndexCorrupt: A file does not, and neither does its copy.
        """
        for file, (size, _) in self.manifest.files.items():
            if _size(self.folder / file) != size and _size(copy_of(self.folder / file)) != size and not file.endswith(_COPY):
                raise IndexCorrupt(self.folder, f"{file} does not have the published size")


def copy_of(path: Path) -> Path:
    """The path of a file's copy, whether it exists or not."""
    return path.with_name(path.name + _COPY)


def write_twice(path: Path, content: bytes) -> None:
    """Write a file and its copy."""
    for each in (path, copy_of(path)):
        each.write_bytes(content)


def _checked_content(folder: Path, file: str, digest: str) -> bytes:
    """The content of a file or of its copy, whichever has a SHA-256 that begins with `digest`."""
    for path in (folder / file, copy_of(folder / file)):
        with suppress(OSError):
            content = read_regular(path)
            if hashlib.sha256(content).hexdigest().startswith(digest):
                return content
    raise IndexCorrupt(folder, f"{file} is missing or does not match the published checksum")


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def current_name(index: Path) -> str | None:
    """The live generation's name: the one in CURRENT, or the newest if CURRENT names none that exists; None where there is none."""
    return _named_current(index) or next(iter(_names(index, newest_first=True)), None)


def _named_current(index: Path) -> str | None:
    """The name in CURRENT, None where there is no such file or no such generation."""
    try:
        name = _patiently(lambda: read_regular(index / _CURRENT)).decode("ascii", "replace").strip()
    except OSError:
        return None
    return name if _NAME.fullmatch(name) and (index / "generations" / name).is_dir() else None


def generations(index: Path) -> list[str]:
    """The names of all generations: the live one first, then from the newest back.

    Raises:
        IndexMissing: Nothing was ever published here.
        IndexCorrupt: All generations are gone.
    """
    live = current_name(index)
    if live is None:
        raise IndexCorrupt(index, "its generations are gone", full=True) if (index / _CURRENT).exists() else IndexMissing(index)
    return [live, *(name for name in _names(index, newest_first=True) if name != live)]


def open_current(index: Path, fingerprint: dict[str, object], read: Callable[[Generation], Read]) -> tuple[Generation, Read]:
    """The live generation and the result of `read` for it; if it is damaged, the newest other one that is not.

    Raises:
        IndexMissing: Nothing was ever published here.
        IndexOutdated: The live generation has another fingerprint.
        IndexCorrupt: No generation can be read.
    """
    names = generations(index)
    failed: IndexCorrupt | None = None
    for name in names:
        try:
            generation = Generation.named(index, name)
            if generation.manifest.fingerprint != fingerprint:
                raise IndexOutdated(index, generation.manifest.fingerprint, fingerprint)
            generation.check_sizes()
            opened = generation, read(generation)
        except IndexCorrupt as error:
            # If two generations were published while we were opening, the folder is gone and CURRENT names another.
            if current_name(index) != names[0]:
                return open_current(index, fingerprint, read)
            failed = failed or error
        except IndexOutdated:
            if failed is None:
                raise
        else:
            if failed:
                log.warning("%s; reading the generation %s", failed, name)
            return opened
    assert failed is not None
    raise failed


def damaged_files(index: Path) -> tuple[str, list[str]]:
    """The live generation's name, and its files that are gone or do not have their published SHA-256; reads every byte.

    Raises:
        IndexMissing: Nothing was ever published here.
        IndexCorrupt: All generations are gone.
    """
    name = generations(index)[0]
    damaged = damage(index, name)
    # If another run has published meanwhile, files may be missing without damage.
    return (name, damaged) if not damaged or current_name(index) == name else damaged_files(index)


def damage(index: Path, name: str, is_whole: Callable[[Path], bool | None] = lambda path: None) -> list[str]:
    """The files of a generation that are gone or not as published, and CURRENT if it names no generation.

    `is_whole` returns whether a file is undamaged, or None if its SHA-256 is to be compared.
    """
    folder = index / "generations" / name
    found = [] if _named_current(index) else [_CURRENT]
    manifests = [folder / MANIFEST, copy_of(folder / MANIFEST)]
    found += [path.name for path in manifests if not _has_digest(path, name.partition("-")[2])]
    with suppress(IndexCorrupt):
        for file, (_, digest) in Generation.named(index, name).manifest.files.items():
            whole = is_whole(folder / file)
            if not (_has_digest(folder / file, digest) if whole is None else whole):
                found.append(file)
    return found


def _has_digest(path: Path, digest: str) -> bool:
    """Whether a file exists and its SHA-256 begins with `digest`."""
    try:
        return sha256_of(path).startswith(digest)
    except OSError:
        return False


@contextmanager
def writing(index: Path) -> Iterator[None]:
    """Lock the index for writing; creates its folders, accessible to this user only, because Whoosh's files are pickles.

    Raises:
        IndexBusy: Another process or thread holds the lock.
        BadPath: The folders cannot be created.
    """
    try:
        made = [folder for folder in (index, *index.parents) if not folder.exists()]
        index.mkdir(mode=0o700, parents=True, exist_ok=True)
        (index / "generations").mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise BadPath(f"{index}: no index can be created there: {error.strerror}") from error
    for folder in [index / "generations", *made]:
        # A new folder is on the disk once its parent is flushed; a parent that we may not read cannot be flushed.
        with suppress(PermissionError):
            flush(folder.parent)
    lock = FileLock(index / "LOCK", timeout=_PATIENCE)
    try:
        lock.acquire()
    except Timeout:
        raise IndexBusy(index) from None
    try:
        _sweep(index)
        yield
    finally:
        lock.release()


def new_folder(index: Path) -> Path:
    """An empty folder to build the next generation in; call this while `writing`.

    Its name is new: on Windows, the folder of a dead writer may not be removable yet.
    """
    return Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=index / "generations"))


def link(source: Path, target: Path, digest: str) -> None:
    """Make `target` a hard link to `source`, or a copy where the file system has no links.

    Raises:
        IndexCorrupt: The copy does not have this SHA-256.
    """
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
        if not _has_digest(target, digest):
            raise IndexCorrupt(source, "it does not match the published checksum") from None
        flush(target)


def publish(
    index: Path,
    folder: Path,
    fingerprint: dict[str, object],
    held: dict[str, Any],
    previous: str | None,
    linked: dict[str, tuple[int, str]],
    segmenter: str,
) -> str:
    """Seal the new folder, in which no file may still be open, make it the live generation and return its name.

    `previous` names the generation to keep beside it. `linked` has the manifest entries of files that are links to sealed
    files: these are already on the disk and their checksums are known.
    """
    files = dict(linked)
    for path in sorted(folder.iterdir()):
        if path.name not in files:
            flush(path)
            files[path.name] = (path.stat().st_size, sha256_of(path))
    manifest = Manifest(fingerprint, previous, files, held, segmenter)
    sealed = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
    for path in (folder / MANIFEST, copy_of(folder / MANIFEST)):
        _write_flushed(path, sealed)
    flush(folder)
    number = max((int(name.split("-")[0]) for name in _names(index)), default=0) + 1
    name = f"{number:06}-{hashlib.sha256(sealed).hexdigest()[:8]}"
    try:
        _patiently(lambda: folder.rename(folder.with_name(name)))
        flush(folder.parent)
        _write_flushed(index / _NEW, name.encode())
        _make_room(index / _CURRENT)
        _patiently(lambda: os.replace(index / _NEW, index / _CURRENT))
    except BaseException:
        if _named_current(index) != name:
            shutil.rmtree(folder.with_name(name), ignore_errors=True)
            with suppress(OSError):
                (index / _NEW).unlink()
        raise
    flush(index)
    _sweep(index)
    return name


def _names(index: Path, newest_first: bool = False) -> list[str]:
    try:
        found = [path.name for path in (index / "generations").iterdir() if _NAME.fullmatch(path.name)]
    except OSError:
        return []
    return sorted(found, key=lambda name: (int(name.split("-")[0]), name), reverse=newest_first)


def _sweep(index: Path) -> None:
    """Remove the remains of dead writers, and all generations except the live one and the one it was made from."""
    staying = set(_names(index))
    if (current := _named_current(index)) is not None:
        # If the live manifest cannot be read, all sealed generations stay, so that readers have one to fall back to.
        with suppress(IndexCorrupt, IndexOutdated):
            previous = Generation.named(index, current).manifest.previous
            staying = {current} | ({previous} if previous else set())
    with suppress(OSError):
        (index / _NEW).unlink()
    for path in (index / "generations").iterdir():
        if path.name not in staying:
            # On Windows, files that a reader has open cannot be removed; the next writer tries again.
            shutil.rmtree(path, ignore_errors=True)


def _patiently(action: Callable[[], Got]) -> Got:
    """The result of an action on a file, retried while it is refused: on Windows a reader or a virus scanner may have the file open."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            return action()
        except PermissionError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def _make_room(path: Path) -> None:
    """Remove a folder that is where a file is to be; a file, link or pipe is simply replaced."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)


def _write_flushed(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def flush(path: Path) -> None:
    """Wait until a file, or a folder's entries, are on the disk. Windows cannot flush folders and does not need to."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
