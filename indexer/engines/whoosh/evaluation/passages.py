"""The passages of a generation as arrays: all segments one after another, each passage with a number from 0."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Collection, Mapping, Set
from functools import cache, cached_property, lru_cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any
from weakref import proxy

import numpy as np
import numpy.ma  # np.unique imports it when it is first called, 11 to 30 ms of a first query
from numpy.typing import NDArray

from indexer.analysis.fold import fold
from indexer.cache import Cache
from indexer.engines.common import size_of
from indexer.engines.whoosh.arrays.columns import Column, Mask
from indexer.engines.whoosh.arrays.files import concatenated
from indexer.engines.whoosh.arrays.positions import START_BITS, START_MASK
from indexer.engines.whoosh.arrays.postings import Numbers
from indexer.engines.whoosh.evaluation.made import MadeArrays
from indexer.engines.whoosh.evaluation.occurrences import Occurrences
from indexer.engines.whoosh.evaluation.threads import Threads, parts
from indexer.engines.whoosh.evaluation.vocabulary import WordLists
from indexer.engines.whoosh.segment.codec import ArraySegment, read_table
from indexer.engines.whoosh.segment.schema import TEXT_FIELDS
from indexer.engines.whoosh.segment.segments import EXTENSION, SegmentFile
from indexer.errors import IndexCorrupt, NotFound
from indexer.facts import FigureValue
from indexer.joined import JoinedTexts
from indexer.model import Kind, Passage, Report, passage_id, report_and_anchor
from indexer.ranking import average_counted, average_length, bm25, idf, length_norm, saturation
from indexer.records import read_passage, read_report

REPORT_CACHE = 8_000_000
"""Bytes of reports (without passages) that stay cached for the next page of hits."""

PASSAGE_CACHE = 8_000_000
"""Bytes of passages that stay cached for the next page or view that shows them, or the next quotation of the same text."""

PASSAGE = 1_000
"""Bytes of a passage besides what `size_of` counts."""

UNPACKED = 12
"""A report in memory takes about so many times the bytes of its compressed record."""

CACHED_IDS = 16_384
"""Ids of passages that stay cached; a number and a short text each."""

LARGE = 500_000
"""With at least so many passages, several threads work on a query; with fewer, waking them takes as long as they save."""

ROOM = 16_000_000
"""Bytes, see `_keep_room`: more than a query's largest array takes with a million passages."""

CHECK_AFTER = 0.01
"""Seconds between checks whether files have been written to."""

EMPTY = memoryview(b"")


class Passages:
    """All segments of a generation: those in its table of contents (already checked), except the files `without`.

    Segments already open are taken from `opened`, a mapping from file name to segment.

    Raises:
        IndexCorrupt: A block that is read is damaged; raised here and by every method that reads.
    """

    def __init__(
        self, folder: Path, table: bytes, without: Collection[str] = (), opened: Mapping[str, SegmentFile] = MappingProxyType({})
    ) -> None:
        self.whoosh = [segment for segment in read_table(table) if segment.make_filename(EXTENSION) not in without]
        self._checked = time.monotonic()
        self.segments = [opened.get(segment.make_filename(EXTENSION)) or _opened(folder, segment) for segment in self.whoosh]
        self.bases: list[int] = np.cumsum([0, *(segment.passages for segment in self.segments)]).tolist()
        """The number of the first passage of each segment, and at the end the number of all passages."""
        self.count = self.bases[-1]
        self.live = np.ones(self.count, np.bool_)
        for base, whoosh in zip(self.bases, self.whoosh, strict=False):
            self.live[[base + number for number in whoosh.deleted_docs()]] = False
        self.report_bases: list[int] = np.cumsum([0, *(len(segment.sizes) for segment in self.segments)]).tolist()
        """The number of the first report of each segment, and at the end the number of all reports."""
        self.reports = self.report_bases[-1]
        """How many reports there are, deleted ones included."""
        self.sizes: Numbers = concatenated([segment.sizes for segment in self.segments])
        """How many passages each report has."""
        self.firsts: Numbers = self.sizes.cumsum() - self.sizes
        """The first passage, the title, of each report."""
        self.report: NDArray[Any] = np.repeat(np.arange(self.reports, dtype=np.int32), self.sizes)
        """The report of each passage."""
        # A cache of bound methods would make a reference cycle, which would keep the mapped files until it is collected.
        self.field = cache(partial(Passages._field, proxy(self)))
        years = self.field("year")
        self.year = np.array([year or 0 for year in years.values], np.int16)[years.codes]
        """The reported year of each report, 0 where unknown."""
        self.live_count = int(self.live.sum())
        self.deletions = self.live_count < self.count
        self.length = self._column("length")
        """Code points of each passage's folded text."""
        self.threads = Threads() if self.count >= LARGE else Threads(1)
        """The threads that share the work of one query in a large index."""
        self.made = MadeArrays(self.count)
        self.occurrences = Occurrences(self.segments, self.bases, self.live, self.made, large=self.count >= LARGE)
        self._report_cache: Cache[Report] = Cache(REPORT_CACHE)
        self._passage_cache: Cache[Passage] = Cache(PASSAGE_CACHE)
        _keep_room()
        self.id = lru_cache(CACHED_IDS)(partial(Passages._id, proxy(self)))

    def check_unchanged(self) -> None:
        """Check that no file has been written to, see `ArrayFile.check_unchanged`; cheap, to be called at the start of every query.

        Raises:
            IndexCorrupt: A file has another size.
        """
        if (now := time.monotonic()) - self._checked > CHECK_AFTER:
            for segment in self.segments:
                segment.check_unchanged()
            self._checked = now

    def _column(self, name: str) -> NDArray[Any]:
        """One value for each passage, in the widest type that a segment needs; with one segment, its mapped array."""
        return concatenated([segment.column(name) for segment in self.segments], np.uint8)

    @cached_property
    def numbers(self) -> Numbers:
        """The numbers of all passages, deleted ones included."""
        numbers = np.arange(self.count)
        numbers.setflags(write=False)
        return numbers

    @cached_property
    def same(self) -> NDArray[np.uint64]:
        """For each passage, a number that is equal for passages of one kind with the same folded text; see `same_text`."""
        return self._column("same")

    @cached_property
    def figures(self) -> Numbers:
        """How many figures each passage states."""
        return concatenated([segment.figures for segment in self.segments])

    @cached_property
    def _ids(self) -> NDArray[np.bytes_]:
        """The id of each report in UTF-8, which sorts like the text itself."""
        return concatenated([segment.ids.alike() for segment in self.segments], "S1")

    @cached_property
    def _tie(self) -> Numbers:
        """For each report, the difference between the ranks of its passages in the order of ties and their numbers."""
        # The order of `equals_order`.
        order = np.lexsort((self._ids, -self.year))
        before = np.empty(self.reports, np.int64)
        sizes = self.sizes[order]
        before[order] = sizes.cumsum() - sizes
        return before - self.firsts

    def tie(self, numbers: Numbers) -> Numbers:
        """The rank of these passages in the order of ties: newer year, report id, position in the report."""
        return numbers + self._tie[self.report[numbers]]

    def year_of(self, numbers: Numbers) -> NDArray[np.int16]:
        """The reported year of these passages, 0 where unknown."""
        return self.year[self.report[numbers]]

    @cached_property
    def body(self) -> Mask:
        """Which passages are live body paragraphs, whose statistics rank passages for a sentence."""
        return self.field("kind").equal_to(Kind.PARAGRAPH.value) & self.live

    @cached_property
    def norm(self) -> NDArray[np.float64]:
        """The BM25 length norm of each passage for typed terms."""
        length = self.length
        paragraph = average(length, self.body)
        short = self.live_count - int(self.body.sum())
        counted = np.where(self.field("kind").equal_to(Kind.PARAGRAPH.value), length, length + paragraph)
        return length_norm(counted, average_counted(float(length[self.live].sum()), self.live_count, short, paragraph))

    @cached_property
    def _sentence_lengths(self) -> dict[str, tuple[NDArray[Any], float]]:
        """By text field: the length of each passage, and the average of body paragraphs."""
        columns = {field: self._column(field) for field in TEXT_FIELDS}
        return {field: (length, average(length, self.body)) for field, length in columns.items()}

    def sentence_norm(self, field: str, numbers: Numbers) -> NDArray[np.float64]:
        """The BM25 length norm of these passages for tokens of a text field."""
        length, mean = self._sentence_lengths[field]
        return length_norm(length[numbers].astype(np.float64), mean)

    def live_reports(self) -> Mask:
        """Which reports are live."""
        return self.live[self.firsts]

    @cached_property
    def _by_id(self) -> tuple[Numbers, NDArray[np.bytes_]]:
        """The reports in the order of their ids, and the ids."""
        order = np.argsort(self._ids, kind="stable")
        return order, self._ids[order]

    def row(self, id: str) -> int | None:
        """The number of the live report with this id, None where there is none."""
        order, ids = self._by_id
        wanted = id.encode("utf-8", "surrogatepass")
        for at in range(int(ids.searchsorted(wanted)), len(ids)):
            if ids[at] != wanted:
                break
            if self.live[self.firsts[order[at]]]:
                return int(order[at])
        return None

    def _field(self, name: str) -> Column:
        """The values of a filter field, for each report or each passage."""
        return Column.joined([segment.field(name) for segment in self.segments])

    @cached_property
    def headings(self) -> list[str]:
        """The distinct folded headings of live reports, in code point order."""
        of_all = [headings for segment in self.segments for headings in segment.headings]
        return sorted({heading for live, own in zip(self.live_reports().tolist(), of_all, strict=True) if live for heading in own})

    @cached_property
    def word_lists(self) -> WordLists:
        """The word lists of all segments."""
        bounds = zip(self.bases, self.bases[1:], strict=False)
        return WordLists.of([(segment, self.live[base:end]) for segment, (base, end) in zip(self.segments, bounds, strict=True)])

    @cached_property
    def folded_titles(self) -> list[str]:
        """Each report's folded title."""
        return [self.folded(first) for first in self.firsts.tolist()]

    @cached_property
    def folded_issuers(self) -> list[str]:
        """Each value of the field "issuer", folded; empty for unknown."""
        return [fold(str(issuer or "")) for issuer in self.field("issuer").values]

    def scores(self, field: str, term: str, numbers: Numbers, counts: NDArray[Any]) -> NDArray[np.float64]:
        """The share of a typed text with these postings in each passage's score; cached under `field` and `term`."""
        return self.made.one((field, term, "scores"), lambda: self.scored(numbers, counts))

    def scored(self, numbers: Numbers, counts: NDArray[Any], holding: int | None = None) -> NDArray[np.float64]:
        """The share of a typed text with these postings in each passage's score; `holding` passages contain it, by default only these."""
        weight = idf(len(numbers) if holding is None else holding, self.live_count)
        norm, scores = self.norm, np.empty(len(numbers))

        def fill(part: slice) -> None:
            scores[part] = bm25(weight, counts[part].astype(np.float64), norm[numbers[part]])

        self.threads.each(fill, parts(len(numbers)))
        return scores

    def sentence_share(self, field: str, token: str) -> NDArray[np.float64]:
        """The unweighted share of a sentence's token in the score of each passage of its postings."""

        def make() -> NDArray[np.float64]:
            numbers, counts = self.occurrences.postings(field, token)
            return saturation(counts.astype(np.float64), self.sentence_norm(field, numbers))

        return self.made.one((field, token, "share"), make)

    def counts_in(self, numbers: Numbers, text: str) -> Numbers:
        """How often each of these passages contains a folded text, without overlaps; reads the passages."""
        return np.fromiter((self.folded(number).count(text) for number in numbers.tolist()), np.int64, len(numbers))

    def standing(self, starts: Numbers, before: int, text: str) -> Numbers:
        """The starts of a pair (see `Occurrences.starts`) for which a text begins `before` characters earlier; reads only that part."""
        numbers, offsets = starts >> START_BITS, (starts & START_MASK) - before
        room = ((offsets >= 0) & (offsets + len(text) <= self.length[numbers])).nonzero()[0]
        starts, numbers, offsets = starts[room], numbers[room], offsets[room]
        held = np.zeros(len(starts), np.bool_)
        bounds = numbers.searchsorted(self.bases).tolist()
        for base, segment, first, last in zip(self.bases, self.segments, bounds, bounds[1:], strict=False):
            if first < last:
                held[first:last] = segment.stand(numbers[first:last] - base, offsets[first:last], text)
        return starts[held]

    def segment_of(self, row: int) -> int:
        """The number of a report's segment."""
        return bisect_right(self.report_bases, row) - 1

    def mark_deleted(self, row: int) -> None:
        """Mark a report as deleted, here and for the next table of contents."""
        at = self.segment_of(row)
        passages = self.passages_of(row)
        for number in passages:
            self.whoosh[at].delete_document(number - self.bases[at])
        self.live[passages.start : passages.stop] = False

    def passages_of(self, row: int) -> range:
        """The passages of a report."""
        first = int(self.firsts[row])
        return range(first, first + int(self.sizes[row]))

    def live_in(self, at: int) -> Mask:
        """Which passages of a segment are live."""
        return self.live[self.bases[at] : self.bases[at + 1]]

    def bare_report(self, row: int) -> Report:
        """A report without its passages."""
        if (cached := self._report_cache.get(row)) is None:
            at = self.segment_of(row)
            segment, number = self.segments[at], row - self.report_bases[at]
            size = UNPACKED * len(segment.packed_records[number])
            cached = self._report_cache.put(row, read_report(segment.record(number)), size)
        return cached

    def whole_report(self, row: int) -> Report:
        """A report with its passages."""
        at = self.segment_of(row)
        segment, base = self.segments[at], self.bases[at]
        record = segment.record(row - self.report_bases[at])
        sections = {section.anchor: section for section in read_report(record).sections}
        return read_report(record, [read_passage(segment.passage(number - base), sections) for number in self.passages_of(row)])

    def passage(self, number: int, report: Report, folded: str | None = None) -> Passage:
        """A passage of a report; `folded` is its folded text if already read."""
        if (cached := self._passage_cache.get(number)) is None:
            segment, own = self._at(number)
            read = read_passage(segment.passage(own, folded), {section.anchor: section for section in report.sections})
            cached = self._passage_cache.put(number, read, PASSAGE + size_of(read))
        return cached

    def labelled(self, numbers: Numbers, label: str, indicators: Set[str] | None) -> tuple[Numbers, list[FigureValue]]:
        """How many figures of each passage have a label, and their values; see `FoundFigures.labelled`."""
        segments = np.searchsorted(self.bases, numbers, "right") - 1
        owners: list[Numbers] = []
        values: list[FigureValue] = []
        for at in np.unique(segments).tolist():
            own = np.flatnonzero(segments == at)
            where, held = self.segments[at].labelled(numbers[own] - self.bases[at], label, indicators)
            owners.append(own[where])
            values += held
        owner = concatenated(owners, np.int64)
        in_order = np.argsort(owner, kind="stable")
        return np.bincount(owner, minlength=len(numbers)), [values[figure] for figure in in_order.tolist()]

    def _at(self, number: int) -> tuple[SegmentFile, int]:
        at = bisect_right(self.bases, number) - 1 if len(self.segments) > 1 else 0
        return self.segments[at], number - self.bases[at]

    def folded(self, number: int) -> str:
        """A passage's folded text."""
        segment, own = self._at(number)
        return segment.folded(own)

    def joined(self, numbers: Numbers) -> JoinedTexts:
        """The folded texts of these passages, to be searched together."""
        segments = np.searchsorted(self.bases, numbers, "right") - 1
        texts: list[memoryview] = [EMPTY] * len(numbers)
        for at in np.unique(segments).tolist():
            own = np.flatnonzero(segments == at)
            pieces = self.segments[at].folded_pieces((numbers[own] - self.bases[at]).tolist())
            for index, piece in zip(own.tolist(), pieces, strict=True):
                texts[index] = piece
        return JoinedTexts.of_utf16(texts, self.length[numbers])

    def _id(self, number: int) -> str:
        """A passage's id."""
        segment, own = self._at(number)
        return passage_id(self._ids[self.report[number]].decode(), segment.anchor(own))

    def number(self, id: str) -> int:
        """The number of the passage with this id.

        Raises:
            NotFound: There is none.
        """
        report, anchor = report_and_anchor(id)
        row = self.row(report)
        for number in self.passages_of(row) if row is not None else ():
            segment, own = self._at(number)
            if segment.anchor(own) == anchor:
                return number
        raise NotFound(id)


def average(length: NDArray[Any], counted: Mask) -> float:
    """The mean length of the passages in `counted`, at least 1."""
    return average_length(float(length[counted].sum()), int(counted.sum()))


def _keep_room() -> None:
    """Make the allocator keep freed memory, up to twice `ROOM`, instead of getting it page by page again for the next query.

    glibc raises its limits (M_MMAP_THRESHOLD, M_TRIM_THRESHOLD in mallopt(3)) once a large block is freed; elsewhere this has no effect.
    """
    np.empty(ROOM, np.uint8)


def _opened(folder: Path, segment: ArraySegment) -> SegmentFile:
    path = folder / segment.make_filename(EXTENSION)
    try:
        return SegmentFile(path)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexCorrupt(path, f"the segment cannot be read ({error})") from error
