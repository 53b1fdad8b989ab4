"""Reports uploaded on the page 添加报告: each upload ("delivery") waits in a folder of its own until it is kept or thrown away.

These folders are in `.adding` in the corpus, readable by this user alone. Their names cannot be guessed; whoever knows the name of a
delivery may see and keep what is in it.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import msgspec

from indexer.backends import read_catalogue
from indexer.catalogue import Catalogue, sha256_of
from indexer.corrections import check_value, held_text
from indexer.errors import BadPath, IndexerError, InvalidRequest, NotFound, RejectedFile
from indexer.filing import ASIDE, LEAST_FREE, folder_names, free_name, inside, put, replace_with, safe_name, set_right, sole_writer
from indexer.loaders import EXTENSIONS, IMAGES, Limits, pages_beside, sha256_of_pages
from indexer.model import Report
from indexer.problems import Problem
from indexer.records import read_whole, whole_record
from indexer.sources import Sources, content_mark
from indexer.workers import parse_file

MOST_FILES = 30
"""Files per delivery."""
MOST_BYTES = 200_000_000
"""Bytes per delivery."""
MOST_OF_FILE = Limits().file_size
MOST_WAITING = 20
"""How many deliveries may wait at a time."""
LASTS = 24 * 3600.0
"""Seconds after which a delivery is thrown away."""
CORRECTABLE = ("title", "year", "unit")
"""The fields that can be corrected before a report is kept."""
_NAME = re.compile(r"[0-9a-f]{32}")
_ITEMS, _KEPT, _FILES = "items.json", "kept.json", "files"


@dataclass(frozen=True, slots=True)
class Received:
    """A report that was received, as one file or as pictures of its pages."""

    names: tuple[str, ...]
    """The names of its files in the delivery's folder."""
    sha256: str
    report: Report | None = None
    code: str | None = None
    """Why there is no report: "kind", "empty", "size", or "unreadable" when the reader rejected the file."""
    reason: str = ""
    """The reader's reason for rejecting the file, in English."""
    twin: int | None = None
    """The number of an earlier report of the delivery with the same content."""

    @property
    def name(self) -> str:
        """The name of its file; of several files, the first."""
        return self.names[0]


@dataclass(frozen=True, slots=True)
class Kept:
    """A report that was kept."""

    number: int
    """Its number in the delivery, from 0."""
    path: str
    """The path below the corpus, with "/"; of several files, that of the first."""
    renamed: bool = False
    """Whether another file already had its name."""
    same: bool = False
    """Whether the corpus already held this very file, so that nothing was written."""
    right: tuple[str, ...] = ()
    """The names of the corrected fields."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A report of a delivery that somebody wants to keep."""

    number: int
    values: Mapping[str, str] = field(default_factory=dict)
    """Corrected values by field, one of `CORRECTABLE`; fields that are absent keep the value that was read."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """The files that somebody uploaded in one request."""

    corpus: Path
    name: str
    """The folder's name, which cannot be guessed."""
    items: tuple[Received, ...]
    kept: tuple[Kept, ...] | None = None
    """The reports that were kept; None while the delivery waits."""
    kept_at: float = 0.0
    """Seconds since 1970."""

    @property
    def folder(self) -> Path:
        """The folder in which the delivery waits."""
        return self.corpus / ASIDE / self.name


def receive(corpus: Path, files: Iterable[tuple[str, IO[bytes]]], turn: Callable[[], AbstractContextManager[None]]) -> Delivery:
    """Save the uploaded files and read each in the limited worker; nothing is kept in the corpus yet.

    Args:
        corpus: The folder of the reports.
        files: Names and contents of the files.
        turn: Context manager that is entered around each costly step, to wait for a turn.

    Raises:
        InvalidRequest: Too many deliveries wait, or the disk is full.
        OSError: The files cannot be written.
    """
    aside = corpus / ASIDE
    aside.mkdir(mode=0o700, exist_ok=True)
    if _throw_away_old(aside) >= MOST_WAITING:
        raise InvalidRequest(Problem("files", "deliveries-waiting", most=MOST_WAITING))
    if shutil.disk_usage(aside).free < MOST_BYTES + LEAST_FREE:
        raise InvalidRequest(Problem("files", "disk-full"))
    name = secrets.token_hex(16)
    folder = aside / name
    folder.mkdir(mode=0o700)
    try:
        (folder / _FILES).mkdir(mode=0o700)
        names = [_save(folder / _FILES, called, file) for called, file in files]
        items = _read_all(folder / _FILES, names, turn)
        _write(folder / _ITEMS, [_record(item) for item in items])
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Delivery(corpus, name, items)


def open_delivery(corpus: Path, name: str) -> Delivery:
    """The delivery of this name: waiting, or kept within the last day.

    Raises:
        NotFound: There is none.
    """
    if not _NAME.fullmatch(name):
        raise NotFound(name)
    folder = corpus / ASIDE / name
    try:
        items = tuple(_item(record) for record in json.loads((folder / _ITEMS).read_bytes()))
        kept = json.loads((folder / _KEPT).read_bytes()) if (folder / _KEPT).exists() else None
    except (OSError, ValueError) as error:
        raise NotFound(name) from error
    if kept is None:
        return Delivery(corpus, name, items)
    return Delivery(corpus, name, items, tuple(msgspec.convert(kept["kept"], list[Kept])), kept["at"])


def keep(delivery: Delivery, choices: Sequence[Choice]) -> Delivery:
    """Move the chosen reports into the corpus by year and unit, record their corrections, and delete the other files.

    A delivery that was kept before is returned unchanged.

    Raises:
        InvalidRequest: A value does not fit its field, or there is no such report; nothing is kept then.
        BadPath: A folder leads outside the corpus, or a file of corrections cannot be read.
        OSError: A file cannot be written.
    """
    chosen = [(choice, delivery.items[choice.number], _checked(delivery, choice)) for choice in choices]
    with sole_writer(delivery.corpus):
        delivery = open_delivery(delivery.corpus, delivery.name)
        if delivery.kept is not None:
            return delivery
        kept = tuple(_keep(delivery, choice.number, item, values) for choice, item, values in chosen)
        at = time.time()
        _write(delivery.folder / _KEPT, {"at": at, "kept": msgspec.to_builtins(kept)})
    shutil.rmtree(delivery.folder / _FILES, ignore_errors=True)
    return Delivery(delivery.corpus, delivery.name, delivery.items, kept, at)


def throw_away(delivery: Delivery) -> None:
    """Delete a delivery; reports of it that were kept stay in the corpus."""
    shutil.rmtree(delivery.folder, ignore_errors=True)


def held_by_content(location: str | Path, digests: Iterable[str]) -> dict[str, str]:
    """The ids of the reports that an index holds from files with these SHA-256 digests, by digest; empty if the index cannot be read."""
    sources = Sources.of(_catalogue_of(location).sources)
    return {digest: sources[key].report for digest in digests for key in sources.marked(content_mark(digest))}


def held_by_path(location: str | Path, paths: Iterable[Path]) -> dict[Path, str]:
    """The ids of the reports that were read from these files, by path; empty if the index cannot be read."""
    catalogue = _catalogue_of(location)
    keys = {path: key for path in paths if (key := catalogue.key_of(path)) is not None}
    return {path: source.report for path, key in keys.items() if (source := catalogue.sources.get(key)) is not None}


def _catalogue_of(location: str | Path) -> Catalogue:
    """The catalogue of an index, an empty one if it cannot be read."""
    try:
        _, catalogue = read_catalogue(location)
    except (IndexerError, OSError):
        catalogue = None
    return catalogue or Catalogue()


def _save(folder: Path, name: str, file: IO[bytes]) -> str:
    """Save a file in the delivery's folder; returns the name it got."""
    name = free_name(folder, safe_name(name))
    with open(folder / name, "xb") as out:
        shutil.copyfileobj(file, out, 1 << 20)
    return name


def _read_all(folder: Path, names: Sequence[str], turn: Callable[[], AbstractContextManager[None]]) -> tuple[Received, ...]:
    found: list[Received] = []
    bound: set[str] = set()
    numbers: dict[str, int] = {}
    for name in names:
        if name in bound:
            continue
        pages = pages_beside(folder / name)
        together = pages.names if pages else (name,)
        bound.update(together)
        digests = [sha256_of(folder / one) for one in together]
        digest = sha256_of_pages(digests) if pages else digests[0]
        if (twin := numbers.setdefault(digest, len(found))) != len(found):
            found.append(Received(together, digest, twin=twin))
        else:
            found.append(_read(folder, together, digest, turn))
    return tuple(found)


def _read(folder: Path, names: tuple[str, ...], digest: str, turn: Callable[[], AbstractContextManager[None]]) -> Received:
    path = folder / names[0]
    if path.suffix.lower() not in EXTENSIONS:
        return Received(names, digest, code="kind")
    if any((folder / name).stat().st_size == 0 for name in names):
        return Received(names, digest, code="empty")
    if any((folder / name).stat().st_size > MOST_OF_FILE for name in names):
        return Received(names, digest, code="size")
    try:
        with turn():
            return Received(names, digest, parse_file(path))
    except RejectedFile as error:
        return Received(names, digest, code="unreadable", reason=error.reason)


def _checked(delivery: Delivery, choice: Choice) -> dict[str, str]:
    """The corrections to record: the values that differ from what was read."""
    item = delivery.items[choice.number]
    if item.report is None:
        raise InvalidRequest(Problem(f"keep-{choice.number}", "no-value", value=item.name, name="keep"))
    right = {}
    for name in CORRECTABLE:
        read = called_unit(item.report) if name == "unit" else held_text(item.report, name)
        value = choice.values.get(name, read).strip()
        if value == read:
            continue
        try:
            check_value(name, value)
        except ValueError as error:
            raise InvalidRequest(Problem(f"{name}-{choice.number}", "no-value", value=value, name=name)) from error
        right[name] = value
    return right


def called_unit(report: Report) -> str:
    """The name of a report's unit; empty if none is known."""
    return report.unit.name if report.unit else ""


def _keep(delivery: Delivery, number: int, item: Received, right: Mapping[str, str]) -> Kept:
    report = item.report
    assert report is not None
    year = right.get("year", held_text(report, "year"))
    unit = right.get("unit", called_unit(report) or report.issuer or "")
    folders = list(folder_names(int(year) if year else None, unit))
    folder = inside(delivery.corpus, folders)
    waiting = delivery.folder / _FILES
    if Path(item.name).suffix.lower() in IMAGES:
        # A picture beside other pictures would be taken for a page of their report.
        own = free_name(folder, safe_name(right.get("title", report.title)))
        folders.append(own)
        folder = inside(delivery.corpus, folders)
    elif (folder / item.name).is_file() and sha256_of(folder / item.name) == item.sha256:
        return Kept(number, "/".join((*folders, item.name)), same=True)
    paths: list[Path] = []
    try:
        for name in item.names:
            with open(waiting / name, "rb") as file:
                paths.append(put(file, delivery.corpus, folders, name))
        set_right(paths[0], right)
    except BaseException:
        # Otherwise the next try would find the name taken, and the report would be there twice.
        for path in paths:
            path.unlink(missing_ok=True)
        raise
    below = paths[0].relative_to(delivery.corpus).as_posix()
    return Kept(number, below, renamed=paths[0].name != item.name, right=tuple(right))


def _throw_away_old(aside: Path) -> int:
    """Delete deliveries that are too old; returns how many are still waiting."""
    waiting = 0
    for folder in aside.iterdir():
        if not (_NAME.fullmatch(folder.name) and folder.is_dir()):
            continue
        if time.time() - folder.stat().st_mtime > LASTS:
            shutil.rmtree(folder, ignore_errors=True)
        elif not (folder / _KEPT).exists():
            waiting += 1
    return waiting


def _record(item: Received) -> dict[str, Any]:
    report = whole_record(item.report) if item.report else None
    return {"names": item.names, "sha256": item.sha256, "report": report, "code": item.code, "reason": item.reason, "twin": item.twin}


def _item(record: dict[str, Any]) -> Received:
    report = read_whole(record["report"]) if record["report"] else None
    return Received(tuple(record["names"]), record["sha256"], report, record["code"], record["reason"], record["twin"])


def _write(path: Path, value: object) -> None:
    replace_with(json.dumps(value).encode(), path)


def check_corpus(corpus: Path) -> None:
    """Check that reports can be added to a folder.

    Raises:
        BadPath: It is not a folder, or this user cannot write to it.
    """
    if not corpus.is_dir():
        raise BadPath(f"--allow-adding {corpus}: no such folder; create it, or give the folder of the reports")
    if not os.access(corpus, os.W_OK | os.X_OK):
        raise BadPath(f"--allow-adding {corpus}: this user cannot write there; change the folder's owner or permissions")
