"""Fetches a list of URLs into a folder of reports: pages and their attachments, with a record of where each came from."""

from __future__ import annotations

import errno
import hashlib
import io
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from indexer.catalogue import sha256_of
from indexer.collect.attachments import attachments_of
from indexer.collect.fetching import Fetched, Fetcher
from indexer.collect.records import Collected, Wanted, read_collected, write_collected
from indexer.collect.targets import Refused, Target
from indexer.corrections import IGNORE, check_value
from indexer.errors import RejectedFile
from indexer.filing import ASIDE, LEAST_FREE, folder_names, put, replace_with, safe_name, set_right, sole_writer
from indexer.loaders import EXTENSIONS
from indexer.model import Report, ReportType
from indexer.units import read_unit
from indexer.workers import parse_file

_SIGNS = ((b"%PDF-", ".pdf"), (b"{\\rtf", ".rtf"), (b"\x89PNG", ".png"), (b"\xff\xd8\xff", ".jpg"))
"""Extensions by the first bytes of a file, whatever the server calls it."""
_PACKED, _OLD = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_OF_TYPE = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "application/pdf": ".pdf",
    "application/msword": ".doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/ofd": ".ofd",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "multipart/related": ".mht",
}
_BEING_READ = "collect-"
"""Prefix of folders in `ASIDE` in which a fetched file is parsed."""
_PAGES = frozenset({".html", ".htm", ".xhtml", ".shtml"})


class State(StrEnum):
    """The result for a URL."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result for a URL, with details."""

    url: str
    state: State
    path: str | None = None
    """The path of its file relative to the folder, with "/"."""
    page: str | None = None
    """The URL of its page if it is an attachment."""
    title: str | None = None
    """The title of its report; None if no report was read."""
    reason: str | None = None
    """Why it was refused, or why no report can be read from it."""
    passed_over: bool = False
    """Whether `reindex` is told to ignore it, because its page or another attachment has the same report."""


@dataclass(slots=True)
class _Arrived:
    """The result for a URL, with its file."""

    outcome: Outcome
    content: bytes | None
    """The content of a fetched page; None if it is unchanged or refused, and for attachments, of which there may be twenty large ones."""
    address: str = ""
    path: Path | None = None
    """The path of the file, None if there is none."""
    report: Report | None = None
    """The report in the file; None also if the file is unchanged and has not been parsed again."""


class Collector:
    """Fetches into one folder of reports; no other one may do so at the same time."""

    def __init__(self, corpus: Path, fetcher: Fetcher, *, attachments: bool = True) -> None:
        """Read the table of files fetched earlier.

        Raises:
            BadPath: The table cannot be read.
        """
        self._corpus, self._fetcher, self._attachments = corpus, fetcher, attachments
        for left in (corpus / ASIDE).glob(f"{_BEING_READ}*"):
            # Left behind by a run that was killed.
            shutil.rmtree(left, ignore_errors=True)
        self._collected = read_collected(corpus)

    def collect(self, wanted: Iterable[Wanted]) -> Iterator[Outcome]:
        """The outcome for each URL, followed by those for its attachments.

        Raises:
            BadPath: A folder leads outside the folder of reports, or the corrections in it cannot be read.
            OSError: Writing failed.
        """
        for one in wanted:
            page = self._take(one)
            others = [self._take(attached, page=one) for attached in self._attached(one, page)]
            if any(arrived.outcome.state in (State.NEW, State.CHANGED) for arrived in (page, *others)):
                self._pass_over_copies(page, [other for other in others if other.outcome.state is not State.REFUSED])
            yield page.outcome
            yield from (other.outcome for other in others)

    def _attached(self, wanted: Wanted, page: _Arrived) -> list[Wanted]:
        """The attachments of a page, as listed on it or, if it is unchanged, as recorded earlier."""
        if not self._attachments or page.outcome.state is State.REFUSED:
            return []
        if page.content is None:
            urls = [one.url for one in self._collected.values() if one.page == wanted.url]
        elif page.path is not None and page.path.suffix.lower() in _PAGES:
            urls = attachments_of(page.content, page.address)
        else:
            urls = []
        return [Wanted(url, wanted.unit, wanted.year) for url in urls if url not in (wanted.url, page.address)]

    def _take(self, wanted: Wanted, page: Wanted | None = None) -> _Arrived:
        """Fetch a URL and save its content."""
        before = self._collected.get(wanted.url)
        held = self._corpus / before.path if before else None
        is_held = before is not None and held is not None and held.is_file() and sha256_of(held) == before.sha256
        of_page = page.url if page else None
        try:
            found = (
                self._fetcher.fetch(wanted.url, before.etag, before.last_modified)
                if before and is_held
                else self._fetcher.fetch(wanted.url)
            )
            if found.content is None or (before and is_held and hashlib.sha256(found.content).hexdigest() == before.sha256):
                return _Arrived(Outcome(wanted.url, State.UNCHANGED, before.path if before else None, of_page), None, path=held)
            return self._save(wanted, found, found.content, of_page, held if is_held else None)
        except Refused as error:
            return _Arrived(Outcome(wanted.url, State.REFUSED, page=of_page, reason=str(error)), None)

    def _save(self, wanted: Wanted, found: Fetched, content: bytes, page: str | None, held: Path | None) -> _Arrived:
        """Save fetched content in the folder where it belongs, or in place of the file `held` that came from the same URL.

        Raises:
            Refused: The format is not supported.
            BadPath: Its folder leads outside the folder of reports, or the corrections there cannot be read.
            OSError: It cannot be written, or the disk would become too full.
        """
        if shutil.disk_usage(self._corpus).free < len(content) + LEAST_FREE:
            raise OSError(errno.ENOSPC, f"less than {LEAST_FREE // 1_000_000} MB of the disk would remain free", str(self._corpus))
        suffix = _suffix(found, content)
        report, reason = self._read(content, _name(found, None, suffix))
        name = _name(found if page else None, wanted.title or (report.title if report else ""), suffix, found.address)
        unit = _unit_name(wanted.unit) or (report.unit.name if report and report.unit else report.issuer if report else None)
        year = int(wanted.year) if wanted.year else report.year if report else None
        state = State.NEW
        with sole_writer(self._corpus):
            if held is not None and held.suffix.lower() == suffix:
                replace_with(content, held)
                path, state = held, State.CHANGED
            else:
                path = put(io.BytesIO(content), self._corpus, folder_names(year, unit or Target.of(found.address).host), name)
            try:
                if report is not None:
                    set_right(path, _right(wanted, found, report), forget=("type",))
            except BaseException:
                if state is State.NEW:
                    # The table does not list it yet, so the next run would add a second file.
                    path.unlink(missing_ok=True)
                raise
            below = path.relative_to(self._corpus).as_posix()
            self._collected[wanted.url] = Collected(
                wanted.url,
                below,
                datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                hashlib.sha256(content).hexdigest(),
                found.address,
                page or "",
                found.etag,
                found.last_modified,
            )
            write_collected(self._corpus, self._collected)
        outcome = Outcome(wanted.url, state, below, page, report.title if report else None, reason)
        return _Arrived(outcome, None if page else content, found.address, path, report)

    def _read(self, content: bytes, name: str) -> tuple[Report | None, str | None]:
        """Parse content: the report, or else the reason why there is none."""
        with tempfile.TemporaryDirectory(prefix=_BEING_READ, dir=self._corpus / ASIDE) as folder:
            path = Path(folder, name)
            path.write_bytes(content)
            try:
                return parse_file(path), None
            except RejectedFile as error:
                return None, error.reason

    def _pass_over_copies(self, page: _Arrived, others: list[_Arrived]) -> None:
        """Of a page and its attachments with reports of the same unit and year, mark all but the longest to be ignored by `reindex`.

        A page without a report is also marked if an attachment has one. The received files themselves stay unchanged. Unchanged files
        are parsed again: if only a page's visit counter changed, its attachments are the same as before.
        """
        held = [one for one in (page, *others) if one.path is not None]
        for one in held:
            if one.outcome.state is State.UNCHANGED and one.path is not None:
                with suppress(RejectedFile):
                    one.report = parse_file(one.path)
        read = [one for one in held if one.report is not None]
        for one in read:
            same = [other for other in read if _is_same(one, other)]
            if max(same, key=_length) is not one:
                self._note(one, passed_over=True)
            elif len(same) > 1:
                self._note(one, passed_over=False)
        if page.report is None and page.path is not None and read:
            self._note(page, passed_over=True)

    def _note(self, one: _Arrived, *, passed_over: bool) -> None:
        """Record in the corrections beside a file whether `reindex` ignores it."""
        assert one.path is not None
        field, value = IGNORE
        with sole_writer(self._corpus):
            set_right(one.path, {field: value} if passed_over else {}, forget=(field,))
        one.outcome = replace(one.outcome, passed_over=passed_over)


def _is_same(one: _Arrived, other: _Arrived) -> bool:
    """Whether two files have annual reports of the same unit and year."""
    if one is other:
        return True
    left, right = one.report, other.report
    assert left is not None
    assert right is not None
    known = left.unit is not None and left.year is not None and left.type is right.type is ReportType.REPORT
    return known and right.unit is not None and (left.unit and left.unit.id, left.year) == (right.unit.id, right.year)


def _length(arrived: _Arrived) -> int:
    return sum(len(passage.text) for passage in arrived.report.passages) if arrived.report else 0


def _right(wanted: Wanted, found: Fetched, report: Report) -> dict[str, str]:
    """The corrections for a report: values of the list that differ from the report's own, and its URL."""
    right = {}
    if wanted.title and wanted.title != report.title:
        right["title"] = wanted.title
    if wanted.year and int(wanted.year) != report.year:
        right["year"] = wanted.year
    if wanted.unit and (report.unit is None or wanted.unit not in (report.unit.id, report.unit.name)):
        right["unit"] = wanted.unit
    if found.address != report.source_url:
        with suppress(ValueError):
            check_value("source_url", found.address)
            right["source_url"] = found.address
    return right


def _unit_name(text: str) -> str | None:
    return (read_unit(text).name or text) if text else None


def _suffix(found: Fetched, content: bytes) -> str:
    """A file's extension, from its first bytes, the name given by the server, its URL, or its media type.

    Raises:
        Refused: The format is not supported.
    """
    named = [PurePosixPath(name).suffix.lower() for name in (found.name, unquote(Target.of(found.address).path.partition("?")[0]))]
    for sign, suffix in _SIGNS:
        if content.startswith(sign):
            return suffix
    if content.startswith(_PACKED):
        return next((suffix for suffix in (*named, _OF_TYPE.get(found.kind)) if suffix in (".docx", ".docm", ".dotx", ".ofd")), ".docx")
    if content.startswith(_OLD):
        return next((suffix for suffix in named if suffix in (".doc", ".wps")), ".doc")
    if found.kind in ("text/html", "application/xhtml+xml") and content.lstrip()[:1] == b"<":
        return ".html"
    for suffix in (*named, _OF_TYPE.get(found.kind, "")):
        if suffix in EXTENSIONS:
            return suffix
    raise Refused(f"{found.address}: {found.kind or 'a file of no kind'}; expected a page, text, Word, WPS, PDF, OFD or RTF")


def _name(found: Fetched | None, title: str | None, suffix: str, address: str = "") -> str:
    """A file's name: the one given by the server, or the title, or the last part of its URL."""
    called = PurePosixPath(found.name).stem if found and found.name else ""
    last = PurePosixPath(unquote(Target.of(found.address if found else address).path.partition("?")[0])).stem
    return safe_name((called or title or last or "report").replace("/", "_").replace("\\", "_") + suffix)
