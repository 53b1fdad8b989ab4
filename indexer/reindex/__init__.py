"""Brings an index up to date with a corpus: reads what is new or changed, drops what vanished, and publishes once at the end."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path

from indexer.analysis import words
from indexer.backends import open_writer, read_catalogue, scans_folder
from indexer.catalogue import Catalogue, Refusal, Source, sha256_of
from indexer.corpus import CorpusFile, Listing, list_files
from indexer.corrections import UNITS_FILE_NAME, checked, corrected, names_of
from indexer.engines.boundary import Writer
from indexer.errors import RejectedFile
from indexer.last_year import DISAGREES
from indexer.loaders import LEFT_WITHOUT_OCR, engine_name, fixed_beside
from indexer.model import Report, short_hash
from indexer.near_duplicates import NearDuplicates, sample
from indexer.placing import GUESSED, OPEN, stated_place
from indexer.reindex.settling import Settling
from indexer.reindex.summary import ReadReport, Summary
from indexer.remarks import KINDS, Remark
from indexer.sources import Sources, content_mark
from indexer.spools import Spools, open_spools
from indexer.versions import is_other_text, time_after
from indexer.workers import OnPage, parse_files, reader_version

__all__ = ["Options", "Outcome", "Progress", "ReadReport", "Summary", "reindex"]

FEW = 8
"""So few files are read faster than the dictionary, so it is loaded ahead; the words of many files are cut in other processes."""

Outcome = tuple[Path, Report | RejectedFile]
Progress = Callable[[Iterable[Outcome], int], Iterable[Outcome]]
"""Passes outcomes on and shows the progress; the second argument is the total."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to bring an index up to date."""

    full: bool = False
    """Read every file again."""
    prune: bool = True
    """Drop reports whose file vanished."""
    strict: bool = False
    """Publish nothing when a file is rejected."""
    dry_run: bool = False
    """Publish nothing at all."""
    jobs: int | None = None
    """How many files to read at a time; None for the number of cores."""
    on_page: OnPage | None = None
    """Called, in any thread, for each page that OCR has read."""


def reindex(paths: list[Path], index: str | Path, options: Options, progress: Progress) -> Summary:
    """Bring the index up to date with these folders and files.

    A file of the same size and times is unchanged; otherwise its content hash decides. Reports whose file vanished are
    dropped, but never those of a whole folder that is empty or cannot be listed. A file that can no longer be
    read keeps its last good version, marked stale. A file that could not be read is tried again when it or the reader changed; one whose
    pages were left unread without OCR is read again once there is OCR.

    Raises:
        BadPath: A path does not exist.
        IndexBusy: Another writer holds the index.
        IndexOutdated, IndexCorrupt: It must be rebuilt, with `Options.full`.
    """
    started = time.monotonic()
    writer = _NoWriter(index) if options.dry_run else open_writer(index, rebuild=options.full)
    try:
        with open_spools() as spools:
            run = _Run(writer, options, spools, scans_folder(index))
            wanted = dict.fromkeys(path.absolute() for path in [*paths, *run.folders_to_read_again()])
            run.read(list_files(list(wanted), run.catalogue), progress)
            run.finish()
    except BaseException:
        writer.abort()
        raise
    run.summary.seconds = time.monotonic() - started
    return run.summary


class _NoWriter:
    """The writer of a dry run."""

    anew = False

    def __init__(self, index: str | Path) -> None:
        self.generation, self.catalogue = read_catalogue(index)

    def report(self, id: str) -> Report | None:
        return None

    def lost(self, ids: Iterable[str]) -> set[str]:
        return set()

    def put(self, report: Report) -> None: ...

    def keep(self, report: Report) -> None: ...

    def drop(self, id: str) -> None: ...

    def commit(self, catalogue: Catalogue) -> str | None:
        return self.generation

    def abort(self) -> None: ...


class _Run:
    """One run: reports go to the writer, events to the summary."""

    def __init__(self, writer: Writer, options: Options, spools: Spools, scans: Path) -> None:
        self._writer, self._options, self._scans = writer, options, scans
        self._recorded = writer.catalogue
        self.catalogue = writer.catalogue.copy() if writer.catalogue else Catalogue()
        self._sources = self.catalogue.sources = Sources.of(self.catalogue.sources)
        self.summary = Summary(generation=writer.generation)
        self._now = time_after(self._recorded.published if self._recorded else None)
        self._settling = Settling(writer, self.catalogue, self._sources, self.summary, self._now, spools)
        self._reader = reader_version()
        self._engine = engine_name()
        self._lost = Counter(key.partition("/")[0] for key in self.catalogue.sources) if writer.anew else Counter[str]()
        if writer.anew:
            self.catalogue.sources.clear()
        if options.full:
            self.catalogue.refused.clear()
        damaged = writer.lost(source.report for source in self.catalogue.sources.values())
        self._lost_files = [key for key, source in self.catalogue.sources.items() if source.report in damaged] if damaged else []
        """The files whose reports were lost by damage; they are read as if they were new."""
        for key in self._lost_files:
            self._lost[key.partition("/")[0]] += 1
            del self.catalogue.sources[key]
        # A copy of the current state: a file still resembles others while the run only updates its notes.
        before = copy(self._sources)
        self._near_duplicates = NearDuplicates({key: source.sample for key, source in before.unstored().items()}, before.sampling)

    def folders_to_read_again(self) -> list[Path]:
        """Recorded folders whose reports the index lost because it is rebuilt or damaged; folders that are gone as well are rejected."""
        folders = []
        for name in self._lost:
            folder = Path(self.catalogue.folders[name])
            if folder.is_dir():
                folders.append(folder)
            else:
                lost = f"{self._lost[name]} reports that the index held of it"
                self._reject(name, f"the folder {folder} is gone, and with it {lost}; put it back and run reindex --full")
        return folders

    def read(self, listing: Listing, progress: Progress) -> None:
        """Read what is new or changed, and drop what vanished."""
        self.summary.ignored = listing.ignored
        for name, reason in listing.rejected:
            self._reject(name, reason)
        if self._options.prune:
            self._prune(listing)
        self._listing = listing
        self._checked = {key: tuple(sorted(codes)) for key, codes in listing.checked.items()}
        for named, done in ((listing.corrections, "corrected"), (listing.checked, "checked")):
            for key in sorted(key for key in named.keys() - listing.passed_over - listing.files.keys() if key not in self._sources):
                self.summary.warnings.append(f"{key}: {done}, but there is no such report")
        by_path = {file.path: (file, digest, fixed) for file, digest, fixed in self._to_read(listing)}
        if 0 < len(by_path) <= FEW and not self._options.dry_run:
            words.prepare()
        options = self._options
        pages = {path: file.pages for path, (file, _, _) in by_path.items() if file.pages}
        remember = not options.dry_run
        read = parse_files(by_path, options.jobs, self._scans, pages=pages, remember=remember, on_page=options.on_page)
        for path, outcome in progress(read, len(by_path)):
            self._take(*by_path[path], outcome)
        rejected = {name for name, _ in self.summary.rejected}
        for key in sorted(key for key in set(self._lost_files) - rejected if key not in self._sources):
            self.summary.warnings.append(f"{key}: its report was lost by damage to the index, and the file is gone")
        self._warn_of_unused_aliases()

    def _to_read(self, listing: Listing) -> Iterator[tuple[CorpusFile, str, str | None]]:
        """The files that are new or changed, each with its SHA-256 and that of the corrected text that replaces it."""
        for file in listing.files.values():
            try:
                fixed = sha256_of(file.fixed) if file.fixed else None
            except OSError as error:
                self._reject(file.key, f"the text that stands for it cannot be opened: {error}")
                continue
            known = self._known(file.key, fixed)
            if known is None or (known.size, known.times) != (file.size, file.times):
                try:
                    digest = file.sha256()
                except OSError as error:
                    self._reject(file.key, f"it cannot be opened: {error}")
                    continue
                if known is None or known.sha256 != digest:
                    # Its sample will be taken anew; other files read in this run must not be compared with the old one.
                    self._near_duplicates.add(file.key, ())
                    yield file, digest, fixed
                    continue
                self._touch(file, known)
            if isinstance(known, Refusal):
                self._reject(file.key, known.reason)
            else:
                self.summary.unchanged.add(file.key)

    def _known(self, key: str, fixed: str | None) -> Refusal | Source | None:
        """What the catalogue holds of a file that need not be read again as long as its content is the same; None if it must be."""
        refusal, source = self.catalogue.refused.get(key), self.catalogue.sources.get(key)
        if refusal and (refusal.reader, refusal.fixed) == (self._reader, fixed):
            return refusal
        return source if source and self._is_settled(key, source, fixed) else None

    def _touch(self, file: CorpusFile, known: Refusal | Source) -> None:
        """Record the new size and times of a file whose content is the same."""
        touched = replace(known, size=file.size, times=file.times)
        if isinstance(touched, Refusal):
            self.catalogue.refused[file.key] = touched
        else:
            self.catalogue.sources[file.key] = touched

    def _is_settled(self, key: str, source: Source, fixed: str | None) -> bool:
        """Whether a file needs reading again only if its content changed: corrections, checked remarks and corrected text are unchanged."""
        beside = self._corrections(key, source.names), self._checked.get(key, ()), fixed
        return (
            not self._options.full
            and source.stale is None
            and not (source.wants_ocr and self._engine)
            and (source.corrected, source.checked, source.fixed) == beside
        )

    def _take(self, file: CorpusFile, digest: str, fixed: str | None, outcome: Report | RejectedFile) -> None:
        if not _is_as_listed(file, fixed):
            self._reject(file.key, "it changed while it was read; run reindex again")
            return
        if isinstance(outcome, RejectedFile):
            self._reject(file.key, outcome.reason)
            if not outcome.passing:
                self.catalogue.refused[file.key] = Refusal(file.size, file.times, digest, outcome.reason, self._reader, fixed)
            return
        self.catalogue.refused.pop(file.key, None)
        report = replace(outcome, id=short_hash(file.key.encode()), path=file.key)
        names = self._names(report)
        corrections = self._corrections(file.key, names)
        report = corrected(report, corrections)
        codes = self._checked.get(file.key, ())
        self._warn_of_needless_checks(report, codes)
        report = checked(report, codes)
        known = file.key in self.catalogue.sources
        self._keep_earlier(file.key, digest, report)
        sampled = sample(report)
        self._warn_of_duplicates(file.key, digest, sampled)
        stated = stated_place(report)
        below = file.below if file.below != file.key.partition("/")[2] else None
        self.catalogue.sources[file.key] = Source(
            report.id,
            file.size,
            file.times,
            digest,
            "".join(sampled),
            corrections,
            codes,
            names,
            fixed=fixed,
            below=below,
            place=stated.place,
            open=stated.open,
            pages=file.page_digests(),
            wants_ocr=self._engine is None and any(remark.code in LEFT_WITHOUT_OCR for remark in report.remarks),
        )
        if stated.open:
            self._settling.wait(file.key, report)
        else:
            report = self._settling.put(file.key, report)
        (self.summary.changed if known else self.summary.added).append(ReadReport.of(report))

    def _names(self, report: Report) -> tuple[str, ...]:
        """The names by which an alias can match a report, see `names_of`: those that it has by its corrections, its unit's apart."""
        own = self._listing.corrections.get(str(report.path), {})
        return names_of(corrected(report, {field: value for field, value in own.items() if field != "unit"}))

    def _warn_of_needless_checks(self, report: Report, codes: tuple[str, ...]) -> None:
        doubted = {remark.code for remark in report.remarks if KINDS[remark.code].look}
        # Its folder may still decide its place, and it is not yet compared with last year's report; see `finish`.
        later = {DISAGREES} | ({GUESSED} if OPEN in doubted else set())
        for code in sorted(set(codes) - doubted - later):
            self.summary.warnings.append(f"{report.path}: {code} is checked, but there is nothing of that to look at")

    def _keep_earlier(self, key: str, digest: str, report: Report) -> None:
        """Keep the held report of a file that was replaced by one with another text; not if the same file is merely read differently."""
        before = self._recorded.sources.get(key) if self._recorded else None
        if before is not None and before.sha256 != digest:
            held = self._writer.report(before.report)
            if held is not None and held.sha256 and is_other_text(held, report):
                self._writer.keep(held)

    def _corrections(self, key: str, names: tuple[str, ...]) -> dict[str, str]:
        """The right values by field for the report of a key with these names; a line for the report wins over one for an alias."""
        own = self._listing.corrections.get(key, {})
        unit = None if "unit" in own else self._listing.aliased(key, names)
        return own if unit is None else {**own, "unit": unit}

    def _warn_of_unused_aliases(self) -> None:
        held: dict[str, set[str]] = {}
        for beginning, aliases in self._listing.aliases.items():
            of_these = (source.names for key, source in self.catalogue.sources.items() if key.startswith(beginning))
            known = {name for names in of_these for name in names}
            for alias in aliases:
                held.setdefault(alias, set()).update({alias} & known)
        for alias in sorted(alias for alias, found in held.items() if not found):
            self.summary.warnings.append(f"{UNITS_FILE_NAME}: no report is called {alias}")

    def _warn_of_duplicates(self, key: str, digest: str, sampled: tuple[str, ...]) -> None:
        if others := [other for other in self._sources.marked(content_mark(digest)) if other != key]:
            self.summary.warnings.append(f"{key}: same content as {min(others)}; both are kept")
        elif near := self._near_duplicates.nearest(key, sampled):
            self.summary.warnings.append(
                f"{key}: nearly the same text as {near[0]} ({near[1]} of {len(sampled)} sampled sentences); both are kept"
            )
        self._near_duplicates.add(key, sampled)

    def _reject(self, key: str, reason: str) -> None:
        """Reject a file; the last good version of its report stays, marked stale."""
        self.summary.rejected.append((key, reason))
        source = self.catalogue.sources.get(key)
        if source is not None and source.stale != reason:
            self.catalogue.sources[key] = replace(source, stale=reason)
            if (report := self._writer.report(source.report)) is not None:
                remarks = [remark for remark in report.remarks if remark.code != "file-unreadable"]
                self._settling.put(key, replace(report, stale=reason, remarks=(*remarks, Remark("file-unreadable", reason=reason))))

    def _prune(self, listing: Listing) -> None:
        present = {name for name, _ in listing.rejected}
        # If no folder was listed, only files that were named can be gone.
        keys: Iterable[str] = self._sources if listing.scopes else sorted({*listing.passed_over, *listing.bound})
        for key in [key for key in keys if listing.vanished(key) and key not in present and key in self._sources]:
            self._writer.drop(self._sources[key].report)
            del self._sources[key]
            self._near_duplicates.add(key, ())
            self.summary.removed.append(key)
        for key in filter(listing.vanished, list(self.catalogue.refused)):
            del self.catalogue.refused[key]

    def finish(self) -> None:
        """Publish if anything changed or everything was read, unless `strict` forbids it."""
        self._settling.settle()
        forbidden = self._options.strict and self.summary.rejected
        # `--full` always publishes: reports may be read differently although no file changed.
        unchanged = self.catalogue == self._recorded and not self.summary.changed and self.summary.generation is not None
        if forbidden or (unchanged and not self._options.full):
            self._writer.abort()
        else:
            before = self._recorded.sources if self._recorded else {}
            differing = self._settling.differing()
            held, known = ({sources[key].report for key in differing if key in sources} for sources in (self._sources, before))
            self.catalogue.note(self._now, self._recorded, self.summary.generation, held, known)
            self.summary.generation = self._writer.commit(self.catalogue)


def _is_as_listed(file: CorpusFile, fixed: str | None) -> bool:
    try:
        beside = fixed_beside(file.path)
        return file.size_and_times() == (file.size, file.times) and (sha256_of(beside) if beside else None) == fixed
    except OSError:
        return False
