"""Puts received files into a folder of reports: by year and unit, under names valid on every system, never overwriting a file."""

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
"""The folder inside a folder of reports for files not kept yet; `reindex` skips it, like every name that begins with a dot."""
NO_YEAR = "年度不明"
NO_UNIT = "单位不明"
LONGEST = 180
"""Bytes of a name in UTF-8: file systems allow 255, some encrypted ones 143 characters, and a number may be added."""
LEAST_FREE = 500_000_000
"""Bytes that must remain free on the disk."""
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)
"""Names that Windows reserves for devices, whatever the extension."""
_NEVER = re.compile(r'[<>:"/\\|?*]')
_PASSED_OVER = re.compile(r"~\$|readme|license", re.IGNORECASE)
"""Prefixes of file names that `reindex` skips."""


def safe_name(text: str, fallback: str = "report") -> str:
    """A name for a file or folder that is valid on every system and that `reindex` does not skip, as close to `text` as possible.

    Args:
        text: The original name; of a path, the last part is used.
        fallback: The name to use if nothing of it can stay.
    """
    last = unicodedata.normalize("NFC", re.split(r"[/\\]", text.rstrip("/\\"))[-1])
    plain = "".join(char if char.isprintable() else " " for char in last if not 0xD800 <= ord(char) < 0xE000)
    # On Windows no name may end in a dot or a space; and `reindex` skips names that begin with a dot.
    name = " ".join(_NEVER.sub("_", plain).split()).strip(". ")
    if is_fixed(name):
        # Such a name would make it the corrected text of another file.
        name = name.replace(".fixed", "_fixed")
    if not name or name.strip("_. ") == "":
        name = fallback
    if _RESERVED.fullmatch(name) or _PASSED_OVER.match(name):
        name = f"_{name}"
    return _shortened(name)


def folder_names(year: int | None, unit: str | None) -> tuple[str, str]:
    """The folders in which a unit's report on a year is kept."""
    return str(year or NO_YEAR), safe_name(unit or NO_UNIT, NO_UNIT)


def put(file: IO[bytes], corpus: Path, folders: Iterable[str], name: str) -> Path:
    """Write a file below a folder of reports, whole or not at all; returns its path. If the name is taken it gets " (2)" and so on.

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
    """Write or replace a file, whole or not at all.

    Args:
        content: The new content.
        path: The file.
        check: Called with the new file before it replaces the old one; if it raises, the old file stays.

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
    """A folder below a folder of reports, created if missing; an existing folder is matched regardless of case.

    Raises:
        BadPath: It leads outside.
    """
    folder = corpus
    for name in folders:
        known = {_key(other): other for other in os.listdir(folder)}
        folder = folder / known.get(_key(name), name)
        # Checked before anything is created or listed there.
        if not folder.resolve().is_relative_to(corpus.resolve()):
            raise BadPath(f"{folder} leads outside {corpus}; nothing is kept there")
        folder.mkdir(exist_ok=True)
    return folder


def free_name(folder: Path, name: str) -> str:
    """The name itself, or the first of "name (2)", "name (3)" … that no file of the folder has; case does not matter."""
    taken = {_key(other) for other in os.listdir(folder)} if folder.is_dir() else set()
    stem, suffix = os.path.splitext(name)
    number, wanted = 1, name
    while _key(wanted) in taken:
        number += 1
        wanted = f"{stem} ({number}){suffix}"
    return wanted


@contextmanager
def sole_writer(corpus: Path) -> Iterator[None]:
    """Lock out other processes that add files to a folder of reports or write their corrections through this module."""
    aside = corpus / ASIDE
    aside.mkdir(mode=0o700, exist_ok=True)
    with FileLock(aside / "LOCK", timeout=60):
        yield


def set_right(path: Path, values: Mapping[str, str], forget: Collection[str] = ()) -> None:
    """Write the corrections of one file's report into the `corrections.csv` beside it; lines about other files stay.

    Args:
        path: The file.
        values: The right values by field.
        forget: Fields whose earlier corrections are to be removed.

    Raises:
        BadPath: The file of corrections cannot be read, or a value does not fit its field; the file stays as it was.
        OSError: It cannot be written.
    """
    table = path.with_name(FILE_NAME)
    if not values and not (forget and table.exists()):
        return
    name = unicodedata.normalize("NFC", path.name)
    rows: list[list[str]] = [HEADER]
    # A file saved by Excel is written so that Excel can read it again: it recognizes UTF-8 by the byte order mark.
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
    """Rename a file to the first free name, never overwriting one that was created meanwhile."""
    while True:
        path = folder / free_name(folder, name)
        try:
            if os.name == "nt":
                os.rename(new, path)  # on Windows this fails if the name is taken
            else:
                os.link(new, path)
        except FileExistsError:
            continue
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK):
                raise
            # A file system without hard links, such as a memory stick or a share.
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
    """Give a file the usual permissions of its folder instead of those of a temporary file."""
    if os.name != "nt":
        os.chmod(path, path.parent.stat().st_mode & 0o666)


def _key(name: str) -> str:
    """A key that is equal for names that some system treats as the same."""
    return unicodedata.normalize("NFC", name).casefold()


def _shortened(name: str) -> str:
    stem, suffix = os.path.splitext(name)
    if len(suffix) > 10:
        stem, suffix = name, ""
    while len((stem + suffix).encode()) > LONGEST:
        stem = stem[:-1]
    return stem.rstrip(". ") + suffix
