"""Puts files that were received into a folder of reports: by year and unit, under names that every system takes, never over another."""

from __future__ import annotations

import csv
import errno
import io
import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from filelock import FileLock

from indexer.corrections import FILE_NAME, HEADER, read_corrections
from indexer.errors import BadPath
from indexer.loaders import is_fixed

ASIDE = ".adding"
"""The folder in a folder of reports where files lie that are not kept yet; `reindex` passes over it, as over all whose names begin so."""
NO_YEAR = "年度不明"
NO_UNIT = "单位不明"
LONGEST = 180
"""Bytes of a name in UTF-8: file systems take 255, some that encrypt 143 characters, and a number may be added."""
LEAST_FREE = 500_000_000
"""Bytes that are to remain on the disk."""
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)
"""What Windows keeps for devices, whatever the extension."""
_NEVER = re.compile(r'[<>:"/\\|?*]')
_PASSED_OVER = re.compile(r"~\$|readme|license", re.IGNORECASE)
"""How the names of files begin that `reindex` passes over."""


def safe_name(text: str, fallback: str = "report") -> str:
    """A file's or folder's name that every system takes and `reindex` does not pass over, as near to this one as can be.

    Args:
        text: What it was called elsewhere; of a path the last part.
        fallback: What it is called where nothing of that can stay.
    """
    last = unicodedata.normalize("NFC", re.split(r"[/\\]", text.rstrip("/\\"))[-1])
    plain = "".join(char if char.isprintable() else " " for char in last if not 0xD800 <= ord(char) < 0xE000)
    # Of Windows: no name ends in a dot or a space; and `reindex` passes over what begins with a dot.
    name = " ".join(_NEVER.sub("_", plain).split()).strip(". ")
    if is_fixed(name):
        # By that name it would stand for the text of another file.
        name = name.replace(".fixed", "_fixed")
    if not name or name.strip("_. ") == "":
        name = fallback
    if _RESERVED.fullmatch(name) or _PASSED_OVER.match(name):
        name = f"_{name}"
    return _shortened(name)


def folder_names(year: int | None, unit: str | None) -> tuple[str, str]:
    """The folders in which the report of a unit on a year is kept."""
    return str(year or NO_YEAR), safe_name(unit or NO_UNIT, NO_UNIT)


def put(file: IO[bytes], corpus: Path, folders: Iterable[str], name: str) -> Path:
    """Where a file now stands, whole, below a folder of reports; a name that is taken gets " (2)" and so on.

    Raises:
        BadPath: The folder leads outside the corpus.
        OSError: It cannot be written.
    """
    folder = inside(corpus, folders)
    handle, new = tempfile.mkstemp(prefix=".new-", dir=folder)
    try:
        with open(handle, "wb") as out:
            shutil.copyfileobj(file, out, 1 << 20)
            out.flush()
            os.fsync(out.fileno())
        _readable(Path(new))
        return _under_free_name(Path(new), folder, name)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(new)


def replace_with(content: bytes, path: Path, check: Callable[[Path], object] = lambda new: None) -> None:
    """Write a file, or replace it, whole or not at all.

    Args:
        content: What is to be in it.
        path: The file.
        check: Looks at the new one first; what it raises is raised, and the file stays as it was.

    Raises:
        OSError: It cannot be written.
    """
    handle, new = tempfile.mkstemp(prefix=".new-", suffix=path.suffix, dir=path.parent)
    try:
        with open(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        _readable(Path(new))
        check(Path(new))
        os.replace(new, path)
        _flush(path.parent)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(new)


def inside(corpus: Path, folders: Iterable[str]) -> Path:
    """A folder below a folder of reports, made where it is not there yet; under the name that it has, whatever its case.

    Raises:
        BadPath: It leads outside.
    """
    folder = corpus
    for name in folders:
        known = {_key(other): other for other in os.listdir(folder)}
        folder = folder / known.get(_key(name), name)
        # Before anything is made or listed there.
        if not folder.resolve().is_relative_to(corpus.resolve()):
            raise BadPath(f"{folder} leads outside {corpus}; nothing is kept there")
        folder.mkdir(exist_ok=True)
    return folder


def free_name(folder: Path, name: str) -> str:
    """The name, or with " (2)" and so on the first that no file of a folder has, whatever its case."""
    taken = {_key(other) for other in os.listdir(folder)} if folder.is_dir() else set()
    stem, suffix = os.path.splitext(name)
    number, wanted = 1, name
    while _key(wanted) in taken:
        number += 1
        wanted = f"{stem} ({number}){suffix}"
    return wanted


@contextmanager
def sole_writer(corpus: Path) -> Iterator[None]:
    """Meanwhile no other process adds files to a folder of reports or writes their corrections in this way."""
    aside = corpus / ASIDE
    aside.mkdir(mode=0o700, exist_ok=True)
    with FileLock(aside / "LOCK", timeout=60):
        yield


def set_right(path: Path, values: Mapping[str, str], forget: Collection[str] = ()) -> None:
    """Write into `corrections.csv` beside a file what is right of its report, by field; what was written there of other files stays.

    Args:
        path: The file.
        values: What is right.
        forget: Fields of which nothing is to be written there any more.

    Raises:
        BadPath: The file of corrections cannot be read, or a value is none of its field; it stays as it was.
        OSError: It cannot be written.
    """
    table = path.with_name(FILE_NAME)
    if not values and not (forget and table.exists()):
        return
    name = unicodedata.normalize("NFC", path.name)
    rows: list[list[str]] = [HEADER]
    # What Excel saved it writes again, and reads: it knows UTF-8 by its mark.
    encoding = "utf-8"
    if table.exists():
        content = table.read_bytes()
        encoding = "utf-8" if _is_utf8(content) and not content.startswith(b"\xef\xbb\xbf") else "utf-8-sig"
        rows += [
            [correction.path, correction.field, correction.value]
            for correction in read_corrections(table)
            if not (unicodedata.normalize("NFC", correction.path) == name and correction.field in {*values, *forget})
        ]
    rows += [[name, field, value] for field, value in values.items()]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    replace_with(out.getvalue().encode(encoding), table, check=read_corrections)


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _under_free_name(new: Path, folder: Path, name: str) -> Path:
    """Rename a file to the first free name, and never over one that somebody made meanwhile."""
    while True:
        path = folder / free_name(folder, name)
        try:
            if os.name == "nt":
                os.rename(new, path)  # there it refuses a name that is taken
            else:
                os.link(new, path)
        except FileExistsError:
            continue
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK):
                raise
            # A file system without links, as of a memory stick or a share.
            with suppress(FileExistsError):
                os.close(os.open(path, os.O_CREAT | os.O_EXCL))
                os.replace(new, path)
                return path
            continue
        _flush(folder)
        return path


def _flush(folder: Path) -> None:
    if os.name != "nt":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _readable(path: Path) -> None:
    """Give a file the rights that its folder's files have, not those of a temporary one."""
    if os.name != "nt":
        os.chmod(path, path.parent.stat().st_mode & 0o666)


def _key(name: str) -> str:
    """By which names are the same on some system."""
    return unicodedata.normalize("NFC", name).casefold()


def _shortened(name: str) -> str:
    stem, suffix = os.path.splitext(name)
    if len(suffix) > 10:
        stem, suffix = name, ""
    while len((stem + suffix).encode()) > LONGEST:
        stem = stem[:-1]
    return stem.rstrip(". ") + suffix
