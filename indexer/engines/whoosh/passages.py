"""The passages of a generation as arrays: all segments one after another, each passage with a number from 0."""

from __future__ import annotations

import json
import mmap
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC
from whoosh.reading import SegmentReader, TermNotFound

from indexer.analysis.fold import fold
from indexer.engines.whoosh.codec import ArrayCodec, ArraySegment, read_postings
from indexer.engines.whoosh.schema import TEXT_FIELDS, new_schema
from indexer.engines.whoosh.segments import INDEX_NAME, load_column
from indexer.errors import NotFound
from indexer.facets import Value
from indexer.model import Passage, Report
from indexer.records import read_passage, read_report

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ReportRow:
    """What is filtered and counted of a report."""

    id: str
    title: str
    year: int | None
    issuer: str | None
    type: str
    region: list[tuple[str, str]]
    """Code and name from the province down."""
    headings: list[str]
    """Folded, numbers left out."""
    first: int
    """The number of its first passage, the title."""
    count: int


def report_values(name: str, row: ReportRow) -> tuple[Value, ...]:
    """What a report's passages count for in a facet, as `indexer.facets.facet_values` has it."""
    match name:
        case "region":
            return tuple(code for code, _ in row.region) or (None,)
        case "year":
            return (row.year,)
        case "issuer":
            return (row.issuer,)
        case _:
            return (row.type,)


class SegmentFiles:
    """An open segment; passage numbers here are its own, from 0."""

    def __init__(self, folder: Path, segment: ArraySegment, generation: int) -> None:
        self._folder, self.whoosh = folder, segment
        self._reader = SegmentReader(FileStorage(str(folder), readonly=True), new_schema(), segment, generation)
        self._lock = Lock()
        self.passages: int = segment.doc_count_all()
        self.deleted: list[int] = sorted(segment.deleted_docs())
        self._postings = _map(folder / segment.make_filename(ArrayCodec.POSTS_EXT))
        self._folded = _map(folder / segment.make_filename(".folded"))
        self._places = _map(folder / segment.make_filename(".places"))
        if self.passages:
            # Whoosh opens the stored fields when they are first read, and by then the generation may have been removed.
            self._reader.stored_fields(0)
        self._text = self.column("text")
        self._place = self.column("place")

    def column(self, name: str) -> NDArray[Any]:
        """One value a passage."""
        return load_column(self._folder, self.whoosh, name)

    def reports(self) -> list[dict[str, Any]]:
        """The segment's reports in order, deleted ones too."""
        text = (self._folder / self.whoosh.make_filename(".reports")).read_text(encoding="utf-8")
        return json.loads(text)

    def postings(self, field: str, term: str) -> tuple[NDArray[Any], NDArray[Any]] | None:
        """The passages that hold a term and how often, None where none does; deleted ones too."""
        try:
            # Whoosh's readers are not made to be shared between threads.
            with self._lock:
                info = self._reader._terms.term_info(field, term.encode("utf-8", "surrogatepass"))
        except TermNotFound:
            return None
        return read_postings(self._postings, info.extent()[0], info.doc_frequency())

    def words_from(self, prefix: str) -> list[tuple[str, int]]:
        """The words that begin with a prefix, and how many passages have each; deleted ones too."""
        found = []
        begins = prefix.encode("utf-8", "surrogatepass")
        with self._lock:
            for (field, word), info in self._reader._terms.items_from("words", begins):
                if field != "words" or not word.startswith(begins):
                    break
                found.append((word.decode(), info.doc_frequency()))
        return found

    def stored(self, number: int) -> dict[str, Any]:
        """A passage's stored fields."""
        with self._lock:
            return self._reader.stored_fields(number)

    def folded(self, number: int) -> bytes:
        """A passage's folded text, UTF-8."""
        return self._folded[self._text[number] : self._text[number + 1]]

    def place(self, number: int) -> str:
        """A passage's place in its report."""
        return self._places[self._place[number] : self._place[number + 1]].decode()

    def close(self) -> None:
        """Give back the files."""
        with self._lock:
            if not self._reader.is_closed:
                self._reader.close()


class Passages:
    """All segments of a generation."""

    def __init__(self, folder: Path) -> None:
        toc = TOC.read(FileStorage(str(folder), readonly=True), INDEX_NAME)
        self.segments = [SegmentFiles(folder, segment, toc.generation) for segment in toc.segments]
        self._bases = np.cumsum([0, *(segment.passages for segment in self.segments)]).tolist()
        self.count: int = self._bases[-1]
        self.live = np.ones(self.count, np.bool_)
        self.reports: list[ReportRow] = []
        report_columns = []
        for base, segment in zip(self._bases, self.segments, strict=False):
            self.live[[base + number for number in segment.deleted]] = False
            report_columns.append(segment.column("report").astype(np.int64) + len(self.reports))
            self._add_reports(segment, base)
        self.report = _joined(report_columns, np.int64)
        self.kind = self._column("kind", np.uint8)
        self.part = self._column("part", np.uint8)
        self.length = self._column("length", np.float64)
        self.lengths = {field: self._column(field, np.float64) for field in TEXT_FIELDS}
        """How long a passage counts as in each text field; `length` counts its folded text whole."""
        self.same = self._column("same", np.uint64)

    def _add_reports(self, segment: SegmentFiles, base: int) -> None:
        first = base
        for row in segment.reports():
            region = [(code, name) for code, name in row["region"] or []]
            count = row["passages"]
            headings = row["headings"]
            named = (row["id"], row["title"], row["year"], row["issuer"], row["type"])
            self.reports.append(ReportRow(*named, region, headings, first, count))
            first += count

    def _column(self, name: str, dtype: Any) -> NDArray[Any]:
        return _joined([segment.column(name).astype(dtype, copy=False) for segment in self.segments], dtype)

    @cached_property
    def live_count(self) -> int:
        """How many passages are not deleted."""
        return int(self.live.sum())

    @cached_property
    def rows(self) -> dict[str, int]:
        """The number of each live report by its id."""
        return {row.id: number for number, row in enumerate(self.reports) if self.live[row.first]}

    @cached_property
    def year(self) -> NDArray[np.int64]:
        """The reported year of each report, 0 where unknown."""
        return np.array([row.year or 0 for row in self.reports], np.int64)

    @cached_property
    def tie(self) -> Numbers:
        """The place of each passage in the order of equals: newer year, report id, place in the report."""
        numbers = range(len(self.reports))
        order = sorted(numbers, key=lambda number: (-(self.reports[number].year or 0), self.reports[number].id))
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        tie = np.empty(self.count, np.int64)
        tie[np.argsort(rank[self.report], kind="stable")] = np.arange(self.count)
        return tie

    @cached_property
    def headings(self) -> list[str]:
        """Every heading of a live report, folded, once, in code point order."""
        return sorted({heading for row in self.reports if self.live[row.first] for heading in row.headings})

    @cached_property
    def folded_titles(self) -> list[str]:
        """Each report's folded title."""
        return [fold(row.title) for row in self.reports]

    @cached_property
    def folded_issuers(self) -> list[str]:
        """Each report's folded issuer, empty where unknown."""
        return [fold(row.issuer or "") for row in self.reports]

    def postings(self, field: str, term: str) -> tuple[Numbers, Numbers]:
        """The passages that hold a term, rising, and how often each does; deleted ones left out."""
        found = []
        for base, segment in zip(self._bases, self.segments, strict=False):
            if (postings := segment.postings(field, term)) is not None:
                ids, counts = postings
                numbers = ids.astype(np.int64) + base
                if segment.deleted:
                    alive = self.live[numbers]
                    numbers, counts = numbers[alive], counts[alive]
                found.append((numbers, counts.astype(np.int64)))
        if len(found) == 1:
            return found[0]
        return _joined([ids for ids, _ in found], np.int64), _joined([counts for _, counts in found], np.int64)

    def segment_of(self, row: int) -> ArraySegment:
        """The segment that a report stands in."""
        return self._at(self.reports[row].first)[0].whoosh

    def mark_deleted(self, row: int) -> None:
        """Take a report out of its segment, here and in what the next table of contents will say."""
        first, count = self.reports[row].first, self.reports[row].count
        for number in range(first, first + count):
            segment, own = self._at(number)
            segment.whoosh.delete_document(own)
        self.live[first : first + count] = False

    def bare_report(self, row: int) -> Report:
        """A report without its passages."""
        return read_report(self.stored(self.reports[row].first)["described"])

    def whole_report(self, row: int) -> Report:
        """A report with its passages."""
        first, count = self.reports[row].first, self.reports[row].count
        stored = [self.stored(number) for number in range(first, first + count)]
        sections = {section.place: section for section in read_report(stored[0]["described"]).sections}
        return read_report(stored[0]["described"], [read_passage(fields["passage"], sections) for fields in stored])

    def passage(self, number: int, report: Report) -> Passage:
        """A passage of a report."""
        return read_passage(self.stored(number)["passage"], {section.place: section for section in report.sections})

    def _at(self, number: int) -> tuple[SegmentFiles, int]:
        at = bisect_right(self._bases, number) - 1
        return self.segments[at], number - self._bases[at]

    def stored(self, number: int) -> dict[str, Any]:
        """A passage's stored fields."""
        segment, own = self._at(number)
        return segment.stored(own)

    def folded(self, number: int) -> bytes:
        """A passage's folded text, UTF-8."""
        segment, own = self._at(number)
        return segment.folded(own)

    def id(self, number: int) -> str:
        """A passage's id."""
        segment, own = self._at(number)
        return f"{self.reports[self.report[number]].id}~{segment.place(own)}"

    def number(self, id: str) -> int:
        """The number of the passage with this id.

        Raises:
            NotFound: There is none.
        """
        report, _, place = id.partition("~")
        row = self.reports[self.rows[report]] if report in self.rows else None
        for number in range(row.first, row.first + row.count) if row else ():
            segment, own = self._at(number)
            if segment.place(own) == place:
                return number
        raise NotFound(id)

    def close(self) -> None:
        """Give back the files."""
        for segment in self.segments:
            segment.close()


def _joined(arrays: list[NDArray[Any]], dtype: Any) -> NDArray[Any]:
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays) if arrays else np.empty(0, dtype)


def _map(path: Path) -> Any:
    """A file's bytes, mapped into memory; an empty file cannot be mapped."""
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if path.stat().st_size else b""
