"""An index is a series of sealed generations: readers see the old one or the new one, nothing between, whenever a writer dies.

    index/
      CURRENT                 the live generation's name
      LOCK                    held by the one writer
      generations/000012-3fa9c1d0/
        manifest.json         size and SHA-256 of every file, the generation before, what is held
        …                     Whoosh's files, the catalogue (see `catalogues`)
        ….copy                the same again of what is small and cannot be made anew: manifest, table of contents, catalogue

A generation is built in a folder of its own beside the live one (unchanged files are hard links), flushed to the disk,
sealed with its manifest, whose SHA-256 begins with the eight digits of its name, renamed into place, and only then named in CURRENT,
which is replaced atomically. Where CURRENT is lost the newest generation is the live one. The one before stays, and is what a reader
falls back to when the live one is damaged. No byte is used that was not compared with a checksum.
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

log = logging.getLogger(__name__)

MANIFEST = "manifest.json"
_COPY = ".copy"
_CURRENT = "CURRENT"
_NEW = "CURRENT.new"
_NAME = re.compile(r"(?P<number>\d{6,})-[0-9a-f]{8}")
_UNFINISHED = "unfinished-"
_PATIENCE = 2.0
"""Seconds for which a file that another process has open is waited for.

The lock of a process that was killed is let go when the last child that it was just starting has its own program.
"""

Got = TypeVar("Got")
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation consists of."""

    fingerprint: dict[str, object]
    previous: str | None
    files: dict[str, tuple[int, str]]
    """Size in bytes and SHA-256 by file name."""
    held: dict[str, Any]
    """Figures that a reader wants at once: how many reports, passages and so on."""
    segmenter: str = ""
    """What cut the words of the run that made it, with its version; empty in indexes of versions that did not say."""


@dataclass(frozen=True, slots=True)
class Generation:
    """A sealed generation with a whole manifest."""

    name: str
    folder: Path
    manifest: Manifest

    @classmethod
    def named(cls, index: Path, name: str) -> Generation:
        """The generation of this name.

        Raises:
            IndexCorrupt: Its manifest and the copy of it are damaged.
        """
        folder = index / "generations" / name
        content = _checked_content(folder, MANIFEST, name.partition("-")[2])
        try:
            read = json.loads(content)
            files = {file: (int(size), str(digest)) for file, (size, digest) in read["files"].items()}
            known = {field.name: read[field.name] for field in fields(Manifest) if field.name in read}
            return cls(name, folder, Manifest(**known | {"files": files}))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            # It is as it was written, so by a version that wrote something else.
            raise IndexOutdated(index, "another manifest", [field.name for field in fields(Manifest)]) from error

    def content(self, file: str) -> bytes:
        """What a file holds that is read whole.

        Raises:
            IndexCorrupt: It is damaged, and so is its copy, or it has none.
        """
        if file not in self.manifest.files:
            raise IndexCorrupt(self.folder, f"it has no {file}")
        return _checked_content(self.folder, file, self.manifest.files[file][1])

    def check_sizes(self) -> None:
        """Look whether every file is there, in its size.

        Raises:
            IndexCorrupt: One is not, and has no copy.
        """
        for file, (size, _) in self.manifest.files.items():
            if _size(self.folder / file) != size and _size(copy_of(self.folder / file)) != size and not file.endswith(_COPY):
                raise IndexCorrupt(self.folder, f"{file} has not the size that was published")


def copy_of(path: Path) -> Path:
    """Where the copy of a file is, if it has one."""
    return path.with_name(path.name + _COPY)


def write_twice(path: Path, content: bytes) -> None:
    """Write a file and its copy."""
    for each in (path, copy_of(path)):
        each.write_bytes(content)


def _checked_content(folder: Path, file: str, digest: str) -> bytes:
    """What a file or its copy holds, whichever has this SHA-256 (or one that begins so)."""
    for path in (folder / file, copy_of(folder / file)):
        with suppress(OSError):
            content = path.read_bytes()
            if hashlib.sha256(content).hexdigest().startswith(digest):
                return content
    raise IndexCorrupt(folder, f"{file} is gone or has not the checksum that was published")


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def current_name(index: Path) -> str | None:
    """The live generation's name: what CURRENT says, the newest one's where it says none that is there; None where there is none."""
    return _named_current(index) or next(iter(_names(index, newest_first=True)), None)


def _named_current(index: Path) -> str | None:
    """The name in CURRENT, None where there is none or no such generation."""
    try:
        name = _patiently((index / _CURRENT).read_bytes).decode("ascii", "replace").strip()
    except OSError:
        return None
    return name if _NAME.fullmatch(name) and (index / "generations" / name).is_dir() else None


def generations(index: Path) -> list[str]:
    """The names of all generations, the live one first, then from the newest back.

    Raises:
        IndexMissing: Nothing was ever published here.
        IndexCorrupt: What was published is gone.
    """
    live = current_name(index)
    if live is None:
        raise IndexCorrupt(index, "its generations are gone", full=True) if (index / _CURRENT).exists() else IndexMissing(index)
    return [live, *(name for name in _names(index, newest_first=True) if name != live)]


def open_current(index: Path, fingerprint: dict[str, object], read: Callable[[Generation], Read]) -> tuple[Generation, Read]:
    """The live generation and what `read` makes of it, or the newest other one that is whole where the live one is damaged.

    Raises:
        IndexMissing: Nothing was ever published here.
        IndexOutdated: It was written with another fingerprint.
        IndexCorrupt: None can be read.
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
            # Two publications while we were opening take the folder away; CURRENT then names another.
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
    """The live generation's name, and what of it is gone or has not its published SHA-256; reads every byte.

    Raises:
        IndexMissing: Nothing was ever published here.
        IndexCorrupt: What was published is gone.
    """
    name = generations(index)[0]
    damaged = damage(index, name)
    # What another run replaced while it was read is no damage.
    return (name, damaged) if not damaged or current_name(index) == name else damaged_files(index)


def damage(index: Path, name: str, is_whole: Callable[[Path], bool | None] = lambda path: None) -> list[str]:
    """What of a generation is gone or not as it was published; CURRENT too, where it should name it and does not.

    `is_whole` tells of a file whether it is, or None where its SHA-256 is to be compared.
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
    """Whether a file is there with this SHA-256, or one that begins so."""
    try:
        return sha256_of(path).startswith(digest)
    except OSError:
        return False


@contextmanager
def writing(index: Path) -> Iterator[None]:
    """Hold the index for writing; also creates its folders, open to this user alone: Whoosh's files are pickles.

    Raises:
        IndexBusy: Another process or thread holds it.
        BadPath: The folders cannot be made.
    """
    try:
        made = [folder for folder in (index, *index.parents) if not folder.exists()]
        index.mkdir(mode=0o700, parents=True, exist_ok=True)
        (index / "generations").mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise BadPath(f"{index}: no index can be made there: {error.strerror}") from error
    for folder in [index / "generations", *made]:
        # A new folder is on the disk once the one above it is; one that we may not read cannot be flushed.
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
    """An empty folder to build the next generation in; call it while `writing`.

    Its name is new: on Windows what a dead writer left may be impossible to remove yet.
    """
    return Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=index / "generations"))


def link(source: Path, target: Path, digest: str) -> None:
    """Let `target` be the file `source`: a hard link, or a copy where the file system has none.

    Raises:
        IndexCorrupt: The copy has not this SHA-256.
    """
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
        if not _has_digest(target, digest):
            raise IndexCorrupt(source, "it has not the checksum that was published") from None
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
    """Seal what stands in the new folder, in which no file may be open any more, and make it the live generation; returns its name.

    `previous` names the generation to keep beside it. `linked` are the manifest's entries of files that are links to
    sealed ones: those are on the disk already, and their checksums known.
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
    """Remove what a dead writer left and all generations but the live one and the one it was made from."""
    staying = set(_names(index))
    if (current := _named_current(index)) is not None:
        # Where the live one cannot tell, everything sealed stays: one of the others is what readers fall back to.
        with suppress(IndexCorrupt, IndexOutdated):
            previous = Generation.named(index, current).manifest.previous
            staying = {current} | ({previous} if previous else set())
    with suppress(OSError):
        (index / _NEW).unlink()
    for path in (index / "generations").iterdir():
        if path.name not in staying:
            # On Windows a reader's open files cannot be removed; the next writer tries again.
            shutil.rmtree(path, ignore_errors=True)


def _patiently(action: Callable[[], Got]) -> Got:
    """What an action on a file gives, tried again while it is refused: on Windows a reader or a virus scanner may have the file open."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            return action()
        except PermissionError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def _write_flushed(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def flush(path: Path) -> None:
    """Wait until a file or a folder's entries are on the disk; Windows cannot flush folders and needs no such thing."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
