"""An index is a row of sealed generations: readers see the old one or the new one, nothing between, whenever a writer dies.

    index/
      CURRENT                 the live generation's name
      LOCK                    held by the one writer
      generations/000012-3fa9c1d0/
        manifest.json         size and SHA-256 of every file, the generation before, what is held
        …                     Whoosh's files, catalogue.json

A generation is built in a folder of its own beside the live one (unchanged files are hard links), flushed to the disk,
sealed with its manifest, renamed into place, and only then named in CURRENT, which is replaced atomically. The one
before is kept, and is what a reader falls back to when the live one is damaged.
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
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

from filelock import FileLock, Timeout

from indexer.errors import BadPath, IndexBusy, IndexCorrupt, IndexMissing, IndexOutdated

log = logging.getLogger(__name__)

MANIFEST = "manifest.json"
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
    """A sealed generation that was found whole as far as sizes tell."""

    name: str
    folder: Path
    manifest: Manifest


def current_name(index: Path) -> str | None:
    """The live generation's name, None where nothing was ever published."""
    try:
        return _patiently(lambda: (index / "CURRENT").read_text("ascii").strip())
    except FileNotFoundError:
        return None


def open_current(index: Path, fingerprint: dict[str, object], read: Callable[[Path], Read]) -> tuple[Generation, Read]:
    """The live generation and what `read` makes of its folder, or the one before where the live one is damaged.

    Raises:
        IndexMissing: Nothing was ever published here.
        IndexOutdated: It was written with another fingerprint.
        IndexCorrupt: Neither can be read.
    """

    def opened(name: str) -> tuple[Generation, Read]:
        generation = _open(index, name, fingerprint)
        return generation, read(generation.folder)

    name = current_name(index)
    if name is None:
        raise IndexMissing(index)
    try:
        return opened(name)
    except IndexCorrupt as damage:
        # Two publications while we were opening take the folder away; CURRENT then names another.
        if current_name(index) not in (name, None):
            return open_current(index, fingerprint, read)
        for other in _names(index, newest_first=True):
            if other != name:
                with suppress(IndexCorrupt):
                    before = opened(other)
                    log.warning("%s; reading the generation before, %s", damage, other)
                    return before
        raise


def _open(index: Path, name: str, fingerprint: dict[str, object]) -> Generation:
    folder = index / "generations" / name
    try:
        manifest = _manifest(index, name)
        for file, (size, _) in manifest.files.items():
            if (folder / file).stat().st_size != size:
                raise IndexCorrupt(folder, f"{file} has not the size that was published")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexCorrupt(folder, f"the generation cannot be read ({error})") from error
    if manifest.fingerprint != fingerprint:
        raise IndexOutdated(index, manifest.fingerprint, fingerprint)
    return Generation(name, folder, manifest)


def _manifest(index: Path, name: str) -> Manifest:
    if not _NAME.fullmatch(name):
        raise IndexCorrupt(index, f"CURRENT names {name!r}, which is no generation")
    read = json.loads((index / "generations" / name / MANIFEST).read_text("utf-8"))
    return Manifest(**{**read, "files": {file: (size, digest) for file, (size, digest) in read["files"].items()}})


def damaged_files(index: Path) -> tuple[str, list[str]]:
    """The live generation's name, and its files that are gone or whose SHA-256 is not the manifest's; reads every byte.

    Raises:
        IndexMissing: Nothing was ever published here.
    """
    name = current_name(index)
    if name is None:
        raise IndexMissing(index)
    folder = index / "generations" / name
    try:
        files = _manifest(index, name).files
    except (IndexCorrupt, OSError, ValueError, KeyError, TypeError, AttributeError):
        damaged = [MANIFEST]
    else:
        damaged = [file for file, (_, digest) in files.items() if not (folder / file).is_file() or _digest(folder / file) != digest]
    # What another run replaced while it was read is no damage.
    return (name, damaged) if not damaged or current_name(index) == name else damaged_files(index)


@contextmanager
def writing(index: Path) -> Iterator[None]:
    """Hold the index for writing; also creates its folders, open to this user alone: Whoosh's files are pickles.

    Raises:
        IndexBusy: Another process or thread holds it.
        BadPath: The folders cannot be made.
    """
    try:
        index.mkdir(mode=0o700, parents=True, exist_ok=True)
        (index / "generations").mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise BadPath(f"{index}: no index can be made there: {error.strerror}") from error
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


def link(source: Path, target: Path) -> None:
    """Let `target` be the file `source`: a hard link, or a copy where the file system has none."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


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
            _flush(path)
            files[path.name] = (path.stat().st_size, _digest(path))
    manifest = Manifest(fingerprint, previous, files, held, segmenter)
    sealed = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
    _write_flushed(folder / MANIFEST, sealed)
    _flush(folder)
    number = max((int(name.split("-")[0]) for name in _names(index)), default=0) + 1
    name = f"{number:06}-{hashlib.sha256(sealed).hexdigest()[:8]}"
    _patiently(lambda: folder.rename(folder.with_name(name)))
    _flush(folder.parent)
    _write_flushed(index / "CURRENT.new", name.encode())
    _patiently(lambda: os.replace(index / "CURRENT.new", index / "CURRENT"))
    _flush(index)
    _sweep(index)
    return name


def _names(index: Path, newest_first: bool = False) -> list[str]:
    found = [path.name for path in (index / "generations").iterdir() if _NAME.fullmatch(path.name)]
    return sorted(found, key=lambda name: (int(name.split("-")[0]), name), reverse=newest_first)


def _sweep(index: Path) -> None:
    """Remove what a dead writer left and all generations but the live one and the one it was made from."""
    current = current_name(index)
    kept = set(_names(index))
    if current is not None:
        # Where the live one cannot tell, everything sealed stays: one of the others is what readers fall back to.
        with suppress(OSError, ValueError, KeyError):
            kept = {current, json.loads((index / "generations" / current / MANIFEST).read_text("utf-8"))["previous"]}
    for path in (index / "generations").iterdir():
        if path.name not in kept:
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


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_flushed(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush(path: Path) -> None:
    """Wait until a file or a folder's entries are on the disk; Windows cannot flush folders and needs no such thing."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
