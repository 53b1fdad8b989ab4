"""Reads one file with `parse_file`, many with `parse_files`."""

from __future__ import annotations

import atexit
import hashlib
import json
import logging
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import asdict
from functools import cache
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any

import msgspec

from indexer.errors import RejectedFile
from indexer.loaders import Limits, PageFiles, ScannedPage, Unread, engine_name, pages_beside
from indexer.model import Report
from indexer.pool import OutOfTime, Pool, WorkerDied, cores
from indexer.records import read_whole
from indexer.workers.remembered import PageMemory

log = logging.getLogger(__name__)

OUT_OF_MEMORY = 77
"""The exit code of a worker that reached its memory limit."""
_LARGEST_REPLY = 100_000_000
"""In bytes."""

_OF_A_PAGE = Limits(seconds=60.0, memory=1_200_000_000)
"""Limits of OCR for one page. The default engine takes 2 to 4 seconds, four times as long for a page on its side, and 600 MB."""
_NOT_THE_PAGE = (0, -9)
"""Exit codes of a worker that was killed from outside, for example by a system without memory."""

Outcome = Report | RejectedFile


def parse_file(path: str | Path) -> Report:
    """The report in a file; if the file is a picture of one of several pages, the report on all of them.

    Raises:
        RejectedFile: No report can be read from it; says why and what would help.
    """
    path = Path(path)
    pages = pages_beside(path)
    first = path.with_name(pages.first) if pages else path
    ((_, outcome),) = _lasting_reader(os.getpid()).read([first], {first: pages} if pages else {})
    if isinstance(outcome, RejectedFile):
        raise outcome
    return outcome


@cache
def _lasting_reader(process: int) -> Readers:
    """One reader for all single files of this process, since a new one takes a third of a second; a forked process gets its own."""
    reader = Readers()
    atexit.register(reader.close)
    return reader


def prepare_reader() -> None:
    """Start the worker of `parse_file` in the background; starting takes a third of a second of processor time."""
    _lasting_reader(os.getpid()).prepare()


OnPage = Callable[[Path, int, int], None]
"""Called for each page of a scan with the path, the number of pages read so far, and the total."""


def parse_files(
    paths: Iterable[Path],
    jobs: int | None = None,
    scans: Path | None = None,
    *,
    pages: Mapping[Path, PageFiles] = MappingProxyType({}),
    remember: bool = True,
    on_page: OnPage | None = None,
) -> Iterator[tuple[Path, Outcome]]:
    """Each file with its report, or with its rejection, in this order.

    Args:
        paths: The files.
        jobs: How many processes read them; None for one per core.
        scans: The folder of the OCR cache; None for no cache.
        pages: The page files of reports that have several, by the path of the first.
        remember: Whether new OCR results are added to the cache.
        on_page: Called, in any thread, for each page of a scan that was read.
    """
    name = engine_name()
    memory = PageMemory(scans, name, writes=remember) if scans and name else None
    with Readers(jobs or cores(), memory=memory, on_page=on_page) as readers:
        yield from readers.read(paths, pages)
    if memory:
        memory.prune()


def reader_version() -> str:
    """Identifies what reads files here: changes with anything installed, upgraded or removed that may affect which files can be read."""
    folders = [Path(folder) for folder in sys.path if Path(folder).is_dir()]
    installed = {entry.name for folder in folders for entry in folder.iterdir() if entry.suffix in (".dist-info", ".egg-info")}
    return hashlib.sha256(repr((sys.version, sorted(installed))).encode()).hexdigest()[:16]


class Readers:
    """Reads files in `jobs` worker processes. A context manager: the processes end with it."""

    def __init__(
        self, jobs: int = 1, limits: Limits | None = None, memory: PageMemory | None = None, on_page: OnPage | None = None
    ) -> None:
        self._limits = limits or Limits()
        self._jobs = max(1, jobs)
        self._memory, self._on_page = memory, on_page
        self._pool = _pool(self._limits, self._jobs)
        # These processes start with the first scan.
        self._ocr = _pool(_OF_A_PAGE, self._jobs)

    def __enter__(self) -> Readers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Kill the processes."""
        # OCR first, because readers wait for it.
        self._ocr.close()
        self._pool.close()

    def prepare(self) -> None:
        """Start the processes in the background, so that the first file need not wait for their imports."""
        for _ in range(self._jobs):
            # Errors are reported for the first file.
            self._pool.submit(b'{"prepare": true}', len)

    def read(self, paths: Iterable[Path], pages: Mapping[Path, PageFiles] = MappingProxyType({})) -> Iterator[tuple[Path, Outcome]]:
        """Each file with its report, or with its rejection, in this order; see `parse_files` for `pages`."""
        waiting: deque[tuple[Path, Future[Outcome]]] = deque()
        for path in paths:
            waiting.append((path, self._submit(path, pages.get(path))))
            # Read a few files ahead, so that no worker waits; not all of them, so that memory does not grow with the corpus.
            if len(waiting) > 4 * self._jobs:
                yield self._settled(*waiting.popleft())
        while waiting:
            yield self._settled(*waiting.popleft())

    def _submit(self, path: Path, files: PageFiles | None) -> Future[Outcome]:
        beside = {"pages": msgspec.to_builtins(files)} if files else {}

        def read(reply: bytes) -> Outcome:
            answer = json.loads(reply)
            if "scan" in answer:
                answer = self._read_scan(path, answer["digest"], msgspec.convert(answer["scan"], list[Unread]), beside)
            if "traceback" in answer:
                log.error("%s: %s\n%s", path, answer["rejected"], answer["traceback"])
            if "rejected" in answer:
                return RejectedFile(path, answer["rejected"], passing=answer["passing"])
            return read_whole(answer["report"])

        return self._pool.submit(_request(path, **beside), read)

    def _read_scan(self, path: Path, digest: str, pictures: Sequence[Unread], beside: Mapping[str, Any]) -> dict[str, Any]:
        """The reply for a scan: reads its pages in parallel, except those in the cache, then has the report made."""
        known = {of: self._memory.get(of.digest, of.inside) for of in pictures} if self._memory else {}
        waiting = {
            of: self._ocr.submit(_request(path.with_name(of.file or path.name), digest=of.digest, page=of.inside), json.loads)
            for of in pictures
            if known.get(of) is None
        }
        pages: dict[int, ScannedPage] = {}
        for count, of in enumerate(pictures, 1):
            page = known.get(of)
            if page is None:
                answer = _settled_page(waiting[of])
                if "rejected" in answer:
                    return answer
                page = msgspec.convert(answer["page"], ScannedPage)
                if self._memory and page.unreadable is None:
                    self._memory.put(of.digest, of.inside, page)
            pages[of.page] = page
            log.info("%s: page %d of %d read by OCR", path, count, len(pictures))
            if self._on_page:
                self._on_page(path, count, len(pictures))
        reply: dict[str, Any] = self._ocr.submit(
            _request(path, digest=digest, scanned=msgspec.to_builtins(pages, str_keys=True), **beside), json.loads
        ).result()
        return reply

    def _settled(self, path: Path, outcome: Future[Outcome]) -> tuple[Path, Outcome]:
        try:
            return path, outcome.result()
        except OutOfTime as error:
            return path, RejectedFile(path, f"reading it took {error}; no report does")
        except WorkerDied as death:
            if death.exit_code == OUT_OF_MEMORY:
                memory = f"{self._limits.memory // 1_000_000:,} MB of memory"
                return path, RejectedFile(path, f"it takes more than {memory} to read; no report does")
            # The machine may have run out of memory.
            return path, RejectedFile(path, "reading it ended the process that read it; it is damaged or made to do harm", passing=True)


def _pool(limits: Limits, size: int) -> Pool:
    return Pool("indexer.workers.worker", json.dumps(asdict(limits)), size=size, seconds=limits.seconds, largest=_LARGEST_REPLY)


def _request(path: Path, **more: Any) -> bytes:
    return json.dumps({"path": str(path.absolute()), **more}).encode("ascii")


def _settled_page(reply: Future[dict[str, Any]]) -> dict[str, Any]:
    """The reply for a page of a scan; a page over a limit becomes an unreadable page, so that the others can still be read."""
    try:
        return reply.result()
    except OutOfTime as error:
        reason = f"it took {error}"
    except WorkerDied as death:
        if death.exit_code in _NOT_THE_PAGE:
            raise
        memory = f"{_OF_A_PAGE.memory // 1_000_000:,} MB of memory"
        reason = f"it takes more than {memory}" if death.exit_code == OUT_OF_MEMORY else "it ended the process that read it"
    return {"page": msgspec.to_builtins(ScannedPage(0.0, 0.0, unreadable=reason))}
