"""The passages of a generation as arrays: all segments one after another, each passage with a number from 0."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache, cached_property, lru_cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any
from weakref import proxy

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.fold import fold
from indexer.cache import Cache
from indexer.engines.common import size_of
from indexer.engines.whoosh.arrays.columns import Column, Mask
from indexer.engines.whoosh.arrays.files import Ints
from indexer.engines.whoosh.arrays.positions import START_BITS, START_MASK, OffsetsReader
from indexer.engines.whoosh.arrays.postings import Numbers, Postings
from indexer.engines.whoosh.evaluation.alphabets import Alphabets, Numbered
from indexer.engines.whoosh.evaluation.compiled import CompiledLists, loops
from indexer.engines.whoosh.evaluation.threads import Threads
from indexer.engines.whoosh.evaluation.vocabulary import WordLists
from indexer.engines.whoosh.segment.codec import ArraySegment, read_table
from indexer.engines.whoosh.segment.schema import TEXT_FIELDS
from indexer.engines.whoosh.segment.segments import EXTENSION, SegmentFile
from indexer.errors import IndexCorrupt, NotFound
from indexer.joined import JoinedTexts
from indexer.model import Kind, Passage, Report, passage_id, report_and_anchor
from indexer.ranking import average_counted, average_length, bm25, idf, length_norm, saturation
from indexer.records import CountedFigure, read_passage, read_report

REPORT_CACHE = 8_000_000
"""Bytes of reports (without passages) that were read, for the next page of hits."""

PASSAGE_CACHE = 8_000_000
"""Bytes of passages that were read, for the next page or view that shows them, or the next quotation of the same text."""

PASSAGE = 1_000
"""Bytes of a passage beside what `size_of` counts."""

UNPACKED = 12
"""Times as many bytes as its compressed record that a report takes in memory, about."""

CACHED_IDS = 16_384
"""Ids of passages that stay once made; a number and a short text each."""

CACHED_SIZES = 16_384
"""Pairs of characters, two code points each, of which it stays known about how many passages hold them."""

JUDGED = 4
"""Segments by which it is judged how frequent a pair is: which list of a text is looked up first changes no answer."""

ROOM = 16_000_000
"""Bytes, see `_keep_room`: more than a query's largest array takes with a million passages."""

POSTINGS_CACHE = 24_000_000
"""Bytes of posting lists, and of what is made of them, for the next query with the same character, pair or word; more of a large index."""

CACHED_A_PASSAGE = 24
"""Bytes of them for each passage of an index of more than a million: as much as three lists with an offset in every passage."""

ARRAY = 160
"""Bytes of an array beside its values."""

CHECK_AFTER = 0.01
"""Seconds after which it is looked again whether files were written to."""

EMPTY = memoryview(b"")

TOGETHER = 50_000
"""Postings that are worked on together, by one of the threads of a large index: so many, eight bytes each, and what is made of them stay in
the processor's cache."""

COMPILED_TOGETHER = 200_000
"""The same by compiled loops, which write little of what they read: so many, for each call has some steps of Python before and after it."""

LARGE = 500_000
"""Passages from which on several threads work on a query: with fewer, waking them takes as long as they save."""

TEXT = "text"
"""Stands for a field in the cache's keys of a text that no field has as a term."""

MERGED = 8
"""Rising lists are merged where one is at most so many times longer than the other, else the short one is searched in the long one."""


class Passages:
    """All segments of a generation: those of a table of contents (compared with its checksum) but the files `without`.

    Those that `opened` has by the names of their files are taken from there.

    Raises:
        IndexCorrupt: What is read at once, or later, is damaged.
    """

    def __init__(
        self, folder: Path, table: bytes, without: Collection[str] = (), opened: Mapping[str, SegmentFile] = MappingProxyType({})
    ) -> None:
        self.whoosh = [segment for segment in read_table(table) if segment.make_filename(EXTENSION) not in without]
        self._checked = time.monotonic()
        self.segments = [opened.get(segment.make_filename(EXTENSION)) or _opened(folder, segment) for segment in self.whoosh]
        self.bases: list[int] = np.cumsum([0, *(segment.passages for segment in self.segments)]).tolist()
        """The number of the first passage of each segment, and behind them of the next one."""
        self.count = self.bases[-1]
        self.live = np.ones(self.count, np.bool_)
        for base, whoosh in zip(self.bases, self.whoosh, strict=False):
            self.live[[base + number for number in whoosh.deleted_docs()]] = False
        self.report_bases: list[int] = np.cumsum([0, *(len(segment.sizes) for segment in self.segments)]).tolist()
        """The number of the first report of each segment, and behind them of the next one."""
        self.reports = self.report_bases[-1]
        """How many reports there are, deleted ones too."""
        self.sizes: Numbers = _concatenated([segment.sizes for segment in self.segments], np.int64)
        """How many passages each report has."""
        self.firsts: Numbers = self.sizes.cumsum() - self.sizes
        """The first passage, the title, of each report."""
        self.report: NDArray[Any] = np.repeat(np.arange(self.reports, dtype=np.int32), self.sizes)
        """The report of each passage."""
        # A cache of bound methods would hold this object in a ring, and its mapped files until the ring is collected.
        self.field = cache(partial(Passages._field, proxy(self)))
        years = self.field("year")
        self.year = np.array([year or 0 for year in years.values], np.int16)[years.codes]
        """The reported year of each report, 0 where unknown."""
        self.live_count = int(self.live.sum())
        self.deletions = self.live_count < self.count
        self.length = self._column("length")
        """Code points of each passage's folded text."""
        self.threads = Threads() if self.count >= LARGE else Threads(1)
        """Who works on one query together, where it is about many passages."""
        self._compiled: CompiledLists | None = None
        self._cache: Cache[tuple[NDArray[Any], ...]] = Cache(max(POSTINGS_CACHE, CACHED_A_PASSAGE * self.count))
        self._report_cache: Cache[Report] = Cache(REPORT_CACHE)
        self._passage_cache: Cache[Passage] = Cache(PASSAGE_CACHE)
        _keep_room()
        self.id = lru_cache(CACHED_IDS)(partial(Passages._id, proxy(self)))
        self.pair_size = lru_cache(CACHED_SIZES)(partial(Passages._pair_size, proxy(self)))

    def check_unchanged(self) -> None:
        """Look whether a file was written to since, see `ArrayFile.check_unchanged`; for the beginning of every query, and cheap.

        Raises:
            IndexCorrupt: One has another size.
        """
        if (now := time.monotonic()) - self._checked > CHECK_AFTER:
            for segment in self.segments:
                segment.check_unchanged()
            self._checked = now

    def _column(self, name: str) -> NDArray[Any]:
        """One value for each passage, in the widest type that a segment needs; of one segment what is mapped."""
        return _concatenated([segment.column(name) for segment in self.segments], np.uint8)

    @cached_property
    def numbers(self) -> Numbers:
        """The numbers of all passages, deleted ones too."""
        numbers = np.arange(self.count)
        numbers.setflags(write=False)
        return numbers

    @cached_property
    def same(self) -> NDArray[np.uint64]:
        """What passages of one kind with the same folded text share, of each passage."""
        return self._column("same")

    @cached_property
    def figures(self) -> Numbers:
        """How many figures each passage states."""
        return _concatenated([segment.figures for segment in self.segments], np.int64)

    @cached_property
    def _ids(self) -> NDArray[np.bytes_]:
        """The id of each report, UTF-8, whose order is that of the texts."""
        return _concatenated([segment.ids.alike() for segment in self.segments], "S1")

    @cached_property
    def _tie(self) -> Numbers:
        """For each report by how much the ranks of its passages in the order of equals exceed their numbers."""
        # As `equals_order` has it.
        order = np.lexsort((self._ids, -self.year))
        before = np.empty(self.reports, np.int64)
        sizes = self.sizes[order]
        before[order] = sizes.cumsum() - sizes
        return before - self.firsts

    def tie(self, numbers: Numbers) -> Numbers:
        """The rank of these passages in the order of equals: newer year, report id, ordinal in the report."""
        return numbers + self._tie[self.report[numbers]]

    def year_of(self, numbers: Numbers) -> NDArray[np.int16]:
        """The reported year of these passages, 0 where unknown."""
        return self.year[self.report[numbers]]

    @cached_property
    def body(self) -> Mask:
        """Which passages are live body paragraphs: what sentences are ranked by."""
        return self.field("kind").equal_to(Kind.PARAGRAPH.value) & self.live

    @cached_property
    def norm(self) -> NDArray[np.float64]:
        """How much the length of each passage counts in BM25 over typed terms."""
        length = self.length
        paragraph = average(length, self.body)
        short = self.live_count - int(self.body.sum())
        counted = np.where(self.field("kind").equal_to(Kind.PARAGRAPH.value), length, length + paragraph)
        return length_norm(counted, average_counted(float(length[self.live].sum()), self.live_count, short, paragraph))

    @cached_property
    def _sentence_lengths(self) -> dict[str, tuple[NDArray[Any], float]]:
        """How long each passage counts as in each text field, and the average of body paragraphs."""
        columns = {field: self._column(field) for field in TEXT_FIELDS}
        return {field: (length, average(length, self.body)) for field, length in columns.items()}

    def sentence_norm(self, field: str, numbers: Numbers) -> NDArray[np.float64]:
        """How much the length of these passages counts in BM25 over the tokens of a text field."""
        length, mean = self._sentence_lengths[field]
        return length_norm(length[numbers].astype(np.float64), mean)

    def live_reports(self) -> Mask:
        """Which reports are live."""
        return self.live[self.firsts]

    @cached_property
    def _by_id(self) -> tuple[Numbers, NDArray[np.bytes_]]:
        """The reports in the order of their ids, and these."""
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
        """The values of a field that is filtered, of each report or of each passage."""
        return Column.joined([segment.field(name) for segment in self.segments])

    @cached_property
    def headings(self) -> list[str]:
        """Every heading of a live report, folded, once, in code point order."""
        of_all = [headings for segment in self.segments for headings in segment.headings]
        return sorted({heading for live, own in zip(self.live_reports().tolist(), of_all, strict=True) if live for heading in own})

    @cached_property
    def word_lists(self) -> WordLists:
        """The lists of all words of all segments."""
        bounds = zip(self.bases, self.bases[1:], strict=False)
        return WordLists.of([(segment, self.live[base:end]) for segment, (base, end) in zip(self.segments, bounds, strict=True)])

    @cached_property
    def folded_titles(self) -> list[str]:
        """Each report's folded title."""
        return [self.folded(first) for first in self.firsts.tolist()]

    @cached_property
    def folded_issuers(self) -> list[str]:
        """Each value of the field, folded, empty for unknown."""
        return [fold(str(issuer or "")) for issuer in self.field("issuer").values]

    def postings(self, field: str, term: str) -> Postings:
        """The passages that hold a term, ascending, and how often each does; deleted ones left out."""
        if (cached := self._cache.get((field, term))) is None:
            cached = self._keep((field, term), *self._postings(field, term))
        numbers, counts = cached
        return numbers, counts

    def _keep(self, key: tuple[str, ...], *arrays: NDArray[Any]) -> tuple[NDArray[Any], ...]:
        """The arrays, put into the cache; nobody may change them from now on."""
        for array in arrays:
            array.setflags(write=False)
        return self._cache.put(key, arrays, sum(ARRAY + array.nbytes for array in arrays))

    def kept(self, key: tuple[str, ...], made: Callable[[], NDArray[Any]]) -> NDArray[Any]:
        """What was made under this key, from the cache for the next page, facet or view of the same query."""
        if (cached := self._cache.get(key)) is None:
            cached = self._keep(key, made())
        return cached[0]

    def known(self, key: tuple[str, ...]) -> NDArray[Any] | None:
        """What was made under a key, None where it is not known any more."""
        cached = self._cache.get(key)
        return None if cached is None else cached[0]

    def keep(self, key: tuple[str, ...], array: NDArray[Any]) -> NDArray[Any]:
        """An array under a key, for `known`; nobody may change it from now on."""
        return self._keep(key, array)[0]

    def found(self, text: str, look_up: Callable[[str], Postings]) -> Postings:
        """The postings of a text that no field has as a term: looked up, or from the cache for the next page or view of its query."""
        if (cached := self._cache.get((TEXT, text))) is None:
            cached = self._keep((TEXT, text), *look_up(text))
        numbers, counts = cached
        return numbers, counts

    def scores(self, field: str, term: str, numbers: Numbers, counts: NDArray[Any]) -> NDArray[np.float64]:
        """What a term, or a text (`TEXT`), of these postings gives as a typed text to the score of each passage."""
        if (cached := self._cache.get((field, term, "scores"))) is None:
            cached = self._keep((field, term, "scores"), self.scored(numbers, counts))
        return cached[0]

    def scored(self, numbers: Numbers, counts: NDArray[Any], holding: int | None = None) -> NDArray[np.float64]:
        """What a typed text of these postings, or of these and others, `holding` in all, gives to the score of each of the passages."""
        weight = idf(len(numbers) if holding is None else holding, self.live_count)
        norm, scores = self.norm, np.empty(len(numbers))

        def fill(part: slice) -> None:
            scores[part] = bm25(weight, counts[part].astype(np.float64), norm[numbers[part]])

        self.threads.each(fill, parts(len(numbers)))
        return scores

    def sentence_share(self, field: str, token: str) -> NDArray[np.float64]:
        """What a token of a sentence gives to the score of each passage of its postings, its weight left aside."""
        if (cached := self._cache.get((field, token, "share"))) is None:
            numbers, counts = self.postings(field, token)
            share = saturation(counts.astype(np.float64), self.sentence_norm(field, numbers))
            cached = self._keep((field, token, "share"), share)
        return cached[0]

    @cached_property
    def _alphabets(self) -> Alphabets | None:
        return Alphabets([segment.characters for segment in self.segments]) if self.segments else None

    def _numbered_terms(self, field: str, term: str) -> Numbered:
        """The segments in which a term of a text field stands, each with its number there."""
        if field == "words":
            word = term.encode("utf-8", "surrogatepass")
            return [(at, number) for at, segment in enumerate(self.segments) if (number := segment.words.find(word)) is not None]
        if self._alphabets is None:
            return []
        return self._alphabets.char(term) if field == "chars" else self._alphabets.pair(term)

    def groups(self, postings: int) -> list[Mask | None]:
        """The segments in groups in which so many postings are worked on together, or one of all: None."""
        segments = len(self.segments)
        count = min(segments, postings // (TOGETHER if self.compiled() is None else COMPILED_TOGETHER))
        if count < 2:
            return [None]
        group_of = np.arange(segments) * count // segments
        return [group_of == group for group in range(count)]

    def _postings(self, field: str, term: str) -> Postings:
        numbers, counts = (self._gathered_pair(term) if field == "bigrams" else None) or self._gathered(field, term)
        if self.deletions:
            alive = self.live[numbers]
            numbers, counts = numbers[alive], counts[alive]
        return numbers, counts

    def _gathered_pair(self, pair: str) -> Postings | None:
        compiled = self.compiled()
        return None if compiled is None or self._alphabets is None else compiled.postings(self._alphabets.possible(pair))

    def _gathered(self, field: str, term: str) -> Postings:
        """The passages that hold a term, ascending, and how often each does; deleted ones too."""
        terms = self._numbered_terms(field, term)
        if not terms:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        found = [self.segments[at].lists(field).at(number) for at, number in terms]
        ids, held = zip(*found, strict=True)
        return _numbered([self.bases[at] for at, _ in terms], ids), _concatenated(held, np.int64)

    @cached_property
    def _judged(self) -> tuple[list[SegmentFile], float]:
        """The largest segments, and how many times as many passages all have together."""
        largest = sorted(self.segments, key=lambda segment: -segment.passages)[:JUDGED]
        return largest, self.count / max(1, sum(segment.passages for segment in largest))

    def _pair_size(self, pair: str) -> int:
        """About how many passages hold two neighbours, deleted ones too; judged by the largest segments."""
        largest, times = self._judged
        return int(times * sum(segment.size("bigrams", pair) for segment in largest))

    def starts(self, pair: str, within: Mask | None = None) -> Numbers:
        """Where two neighbours begin, ascending: the number of the passage, above `START_BITS` bits for the offset in it.

        In a run of one character every second pair counts. Where only some segments are wanted, nothing comes back
        that stands before the first or behind the last of them.
        """
        if (compiled := self.compiled()) is not None and self._alphabets is not None:
            starts = compiled.starts(self._alphabets.possible(pair, within))
            return starts[self.live[starts >> START_BITS]] if self.deletions else starts
        cached = self._cache.get(("starts", pair))
        if within is None:
            return (cached or self._keep(("starts", pair), self._starts(pair, None)))[0]
        if cached is None:
            return self._starts(pair, within)
        wanted = within.nonzero()[0]
        if not len(wanted):
            return cached[0][:0]
        first, last = cached[0].searchsorted(np.array([self.bases[wanted[0]], self.bases[wanted[-1] + 1]]) << START_BITS).tolist()
        return cached[0][first:last]

    def _starts(self, pair: str, within: Mask | None) -> Numbers:
        terms = self._alphabets.pair(pair, within) if self._alphabets else []
        if not terms:
            return np.empty(0, np.int64)
        ids, counts, offsets = OffsetsReader.gathered([(self.segments[at].offsets, number) for at, number in terms])
        numbers = _numbered([self.bases[at] for at, _ in terms], ids)
        starts: Numbers = (numbers << START_BITS).repeat(counts)
        starts += _concatenated(offsets, np.int64)
        return starts[self.live[numbers].repeat(counts)] if self.deletions else starts

    def followed(self, starts: Numbers, behind: int, pair: str, within: Mask | None = None) -> Numbers:
        """Those of some starts (see `starts`) that have a pair so many characters behind them; `within`: the segments they stand in."""
        if (compiled := self.compiled()) is not None and self._alphabets is not None:
            bounds = starts.searchsorted(self._first_starts)
            return compiled.followed(starts, bounds, behind, self._alphabets.possible(pair, within))
        return _with(starts, behind, self.starts(pair, within))

    def compiled(self) -> CompiledLists | None:
        """What does the same by compiled loops, None where these are not loaded, or of no use in so small an index."""
        if self._compiled is None and self.count >= LARGE and (loaded := loops()) is not None:
            self._compiled = CompiledLists(loaded, self.segments, self.bases)
        return self._compiled

    def segments_of(self, starts: Numbers) -> Mask:
        """In which segments some starts (see `starts`) stand."""
        bounds = starts.searchsorted(self._first_starts)
        return bounds[1:] > bounds[:-1]

    @cached_property
    def _first_starts(self) -> Numbers:
        """Before which starts each segment begins, and behind them the next one would."""
        return np.array(self.bases) << START_BITS

    def counts_in(self, numbers: Numbers, text: str) -> Numbers:
        """How often each of these passages holds a folded text, overlapping occurrences not counted; by reading them."""
        return np.fromiter((self.folded(number).count(text) for number in numbers.tolist()), np.int64, len(numbers))

    def standing(self, starts: Numbers, before: int, text: str) -> Numbers:
        """Those of some starts of a pair (see `starts`) so many characters before which a text stands; by reading no more than that."""
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
        """The number of the segment that a report stands in."""
        return bisect_right(self.report_bases, row) - 1

    def mark_deleted(self, row: int) -> None:
        """Take a report out of its segment, here and in what the next table of contents will say."""
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
        """A passage of a report; `folded` is its folded text where that was read already."""
        if (cached := self._passage_cache.get(number)) is None:
            segment, own = self._at(number)
            read = read_passage(segment.passage(own, folded), {section.anchor: section for section in report.sections})
            cached = self._passage_cache.put(number, read, PASSAGE + size_of(read))
        return cached

    def counted(self, numbers: Numbers) -> list[list[CountedFigure]]:
        """What the figures of several passages count, see `SegmentFile.counted`."""
        found: list[list[CountedFigure]] = [[] for _ in numbers]
        segments = np.searchsorted(self.bases, numbers, "right") - 1
        for at in np.unique(segments).tolist():
            own = np.flatnonzero(segments == at)
            for index, counted in zip(own.tolist(), self.segments[at].counted((numbers[own] - self.bases[at]).tolist()), strict=True):
                found[index] = counted
        return found

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
        return JoinedTexts.of_utf16(texts)

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


def parts(count: int) -> list[slice]:
    """So many numbers in parts that are worked on side by side, `TOGETHER` each or fewer."""
    return [slice(first, min(first + TOGETHER, count)) for first in range(0, max(1, count), TOGETHER)]


def _with(starts: Numbers, behind: int, others: Numbers) -> Numbers:
    """Those of these starts (ascending) that have one of the others (ascending) so many characters behind them."""
    wanted = starts + behind
    if len(starts) * MERGED < len(others):
        return starts[others.take(others.searchsorted(wanted), mode="clip") == wanted]
    both = np.concatenate((wanted, others))
    # What is ascending in two parts is quick to merge.
    both.sort(kind="stable")
    found = both[(both[1:] == both[:-1]).nonzero()[0]]
    found -= behind
    return found


def _concatenated(arrays: Sequence[NDArray[Any]], dtype: Any) -> NDArray[Any]:
    """Arrays one behind the other; of `dtype` where there is none."""
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays) if arrays else np.empty(0, dtype)


def _numbered(bases: Sequence[int], ids: Sequence[Ints]) -> Numbers:
    """The numbers of the passages that segments call so, each of which begins with another number."""
    numbers = np.empty(sum(map(len, ids)), np.int64)
    end = 0
    for base, own in zip(bases, ids, strict=True):
        first, end = end, end + len(own)
        np.add(own, base, out=numbers[first:end], dtype=np.int64)
    return numbers


def average(length: NDArray[Any], counted: Mask) -> float:
    """The mean length of the passages that count, at least 1."""
    return average_length(float(length[counted].sum()), int(counted.sum()))


def _keep_room() -> None:
    """Make the allocator hold memory that was given back, up to twice this much, instead of fetching it page by page for the next query.

    glibc raises its limits (M_MMAP_THRESHOLD, M_TRIM_THRESHOLD in mallopt(3)) once a large block is freed; other systems do not mind.
    """
    np.empty(ROOM, np.uint8)


def _opened(folder: Path, segment: ArraySegment) -> SegmentFile:
    path = folder / segment.make_filename(EXTENSION)
    try:
        return SegmentFile(path)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexCorrupt(path, f"the segment cannot be read ({error})") from error
