"""What may keep `reindex` or `webui` from working on this machine, and how to fix it: `reindex --doctor`, `webui --check`.

Nothing is changed, except that a file is created, renamed and deleted in the index's folder to see whether that works.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from indexer.backends import open_index
from indexer.engines.opensearch.address import is_address
from indexer.errors import IndexCorrupt, IndexerError, IndexMissing, IndexOutdated
from indexer.lastrun import last_run

PACKAGES = ("fazhi-search", "whoosh", "jieba", "flask", "granian", "faster-paddle", "opensearch-py")
LEAST_FREE = 200_000_000
"""Bytes that must be free besides a second copy of the index: a new generation is written beside the live one."""
LEAST_MEMORY = 1_000_000_000
"""Bytes of memory below which large folders are read slowly or not at all."""


class Condition(StrEnum):
    """The result of a check."""

    OK = "ok"
    NOTE = "note"
    WRONG = "wrong"
    """It keeps something from working."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked."""

    condition: Condition
    about: str
    text: str
    remedy: str = ""
    """What to do about it; empty if nothing needs to be done."""


def examine(location: str, folders: Sequence[Path] = (), *, serving: bool = False) -> list[Check]:
    """Check versions, memory, the folders of the reports, the index and its disk, and how the last run ended.

    A missing index counts as wrong only when `serving`; otherwise it is a note.
    """
    looks = (_versions(), _memory(), _fonts(), _reports(folders), _index(location, serving), _last_run(location))
    return [check for look in looks for check in look]


def is_well(checks: Iterable[Check]) -> bool:
    """Whether no check found anything wrong."""
    return all(check.condition is not Condition.WRONG for check in checks)


def print_checks(checks: Iterable[Check]) -> None:
    """Print a line for each check, followed by its remedy if it has one."""
    for check in checks:
        print(f"{check.condition:<6}{check.about}: {check.text}")
        if check.remedy:
            print(f"      -> {check.remedy}")


def _versions() -> Iterator[Check]:
    found = [f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"]
    for name in PACKAGES:
        with suppress(PackageNotFoundError):
            found.append(f"{name} {version(name)}")
    yield Check(Condition.OK, "versions", ", ".join(found))


def _memory() -> Iterator[Check]:
    if (free := _free_memory()) is not None:
        text = f"{free / 1e9:.1f} GB free"
        small = "large folders are read slowly; run reindex with --jobs 1" if free < LEAST_MEMORY else ""
        yield Check(Condition.NOTE if small else Condition.OK, "memory", text, small)


def _free_memory() -> int | None:
    """Bytes of memory available to a process; None if the system does not say."""
    with suppress(OSError, ValueError):
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return None


def _fonts() -> Iterator[Check]:
    """Whether this machine has a Chinese font for browsers; no check if `fc-list` is missing."""
    if lister := shutil.which("fc-list"):
        listed = subprocess.run([lister, ":lang=zh", "family"], capture_output=True, timeout=30, check=False)
        if listed.returncode == 0:
            if listed.stdout.strip():
                yield Check(Condition.OK, "fonts", "a Chinese font is installed")
            else:
                yield Check(
                    Condition.NOTE, "fonts", "no Chinese font; browsers on this machine show boxes", "apt-get install fonts-noto-cjk"
                )


def _reports(folders: Sequence[Path]) -> Iterator[Check]:
    for folder in folders:
        about = f"reports in {folder}"
        if not folder.exists():
            yield Check(Condition.WRONG, about, "no such folder or file", "give the folder of the reports, or set FAZHI_CORPUS")
            continue
        files, unread = _readable(folder)
        if unread:
            remedy = "let the user that runs reindex read them (chmod, or the permissions of the share)"
            yield Check(Condition.WRONG, about, f"{len(unread)} cannot be read: {', '.join(unread[:3])}", remedy)
        else:
            yield Check(Condition.OK, about, f"{files} files")


def _readable(folder: Path) -> tuple[int, list[str]]:
    """The number of files, and the paths that cannot be read."""
    files = 0
    unread: list[str] = []

    def note(error: OSError) -> None:
        unread.append(str(error.filename))

    for inside, _, names in os.walk(folder, onerror=note):
        files += len(names)
        unread += [path for name in names if not os.access(path := os.path.join(inside, name), os.R_OK)]
    return files, unread


def _index(location: str, serving: bool) -> Iterator[Check]:
    about = "index"
    if not is_address(location):
        yield from _folder(Path(location))
    try:
        with open_index(location) as index:
            held = index.stats
            text = f"generation {held.generation}, {held.reports} reports, {held.passages} passages"
        yield Check(Condition.OK, about, text)
    except IndexMissing:
        yield Check(Condition.WRONG if serving else Condition.NOTE, about, "there is no index yet", "run reindex")
    except IndexOutdated as error:
        yield Check(Condition.WRONG, about, str(error), "run reindex --full; this version cannot serve the old index")
    except IndexCorrupt as error:
        yield Check(Condition.WRONG, about, str(error), "run reindex; it rebuilds the damaged parts from the reports")
    except (IndexerError, OSError) as error:
        yield Check(Condition.WRONG, about, str(error))


def _folder(folder: Path) -> Iterator[Check]:
    about = f"folder {folder}"
    above = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    probe = above / f"probe-{uuid.uuid4().hex}"
    renamed = probe.with_suffix(".renamed")
    try:
        probe.write_bytes(b"x")
        probe.rename(renamed)
        renamed.unlink()
    except OSError as error:
        for path in (probe, renamed):
            with suppress(OSError):
                path.unlink(missing_ok=True)
        held = "; another program, an antivirus for instance, may hold files there: exclude the folder from its scans"
        remedy = f"let the user that runs reindex write there{held if sys.platform == 'win32' else ' (chown or chmod)'}"
        yield Check(Condition.WRONG, about, f"files cannot be created and renamed in {above}: {error.strerror}", remedy)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) if folder.exists() else 0
    free = shutil.disk_usage(above).free
    text = f"{size / 1e6:.0f} MB used, {free / 1e9:.1f} GB free on its disk"
    if free < size + LEAST_FREE:
        yield Check(
            Condition.WRONG, about, text, f"free {(size + LEAST_FREE) / 1e6:.0f} MB: a new generation is written beside the old one"
        )
    else:
        yield Check(Condition.OK, about, text)


def _last_run(location: str) -> Iterator[Check]:
    run = None if is_address(location) else last_run(location)
    if run is None:
        return
    text = f"ended {run.ended} with exit code {run.exit}, {run.rejected} files rejected"
    if run.exit not in (0, 3):
        yield Check(Condition.NOTE, "last reindex", text, "run reindex again and read its messages; the previous index is still served")
    elif run.rejected:
        yield Check(Condition.NOTE, "last reindex", text, "run reindex to see which ones, and why")
    else:
        yield Check(Condition.OK, "last reindex", text)
