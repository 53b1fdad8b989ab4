"""Segments: written as a whole, from a batch of reports or from other segments; read as arrays.

A segment is one file of named arrays (`arrays`): posting lists (`postings`, `positions`), values per passage (`COLUMNS`), folded texts,
borders of words (`borders`), and printed texts and reports (`stored`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from indexer.analysis.fold import fold
from indexer.analysis.segmentation import Words, words_of
from indexer.boilerplate import keys_of
from indexer.engines.common import same_text
from indexer.engines.whoosh.arrays import postings
from indexer.engines.whoosh.arrays.borders import BordersReader, border_arrays
from indexer.engines.whoosh.arrays.columns import Column
from indexer.engines.whoosh.arrays.figures import CountedFigures
from indexer.engines.whoosh.arrays.files import (
    ArrayFile,
    CheckedArray,
    Ints,
    narrow,
    packed_values,
    read_values,
    write_arrays,
)
from indexer.engines.whoosh.arrays.keyed import KeyedLists, KeyedReader
from indexer.engines.whoosh.arrays.positions import OffsetsReader, PairLists, pair_lists
from indexer.engines.whoosh.arrays.postings import CharTerms, Lists, ListsReader, Numbers, WordTerms
from indexer.engines.whoosh.arrays.stored import (
    Pieces,
    packed_printed,
    packed_record,
    piece_arrays,
    read_printed,
    read_printed_together,
    read_record,
)
from indexer.engines.whoosh.segment.schema import TEXT_FIELDS
from indexer.facts import FigureValue
from indexer.fields import FILTERS
from indexer.model import Kind, Passage, Report
from indexer.ranking import field_lengths
from indexer.records import CountedFigure, Record, counted_of, passage_record, report_record, sections_above

INDEX_NAME = "MAIN"
EXTENSION = ".arrays"
FOLDED = "utf-16-le"
"""The encoding of folded texts: two bytes for nearly every character, where UTF-8 takes three, and faster to decode."""
_UNIT = 2
"""Bytes of nearly every character in `FOLDED`."""
WITH_TEXT = tuple(field.name for field in fields(Passage) if field.name not in ("kind", "anchor", "section"))
"""The attributes stored with a passage's printed text; its kind is in a column, and its sections follow from its anchor."""
_TOGETHER = 1_000
"""Passages per batch when all are read."""
EMPTY = passage_record(Passage(Kind.TITLE, "", "", (), []))
"""The default values of a passage's attributes that are not stored."""


COLUMNS = ("same", "length", *TEXT_FIELDS)
"""Values of each passage besides its fields: `same`, 64 bits that are equal for equal folded texts of one kind; the code points of its
folded text; and its length in each text field."""


class _WithFigures(msgspec.Struct, array_like=True, gc=False):
    """The beginning of `WITH_TEXT`, of which only the figures are decoded."""

    text: msgspec.Raw
    items: msgspec.Raw = msgspec.Raw()
    page: msgspec.Raw = msgspec.Raw()
    ocr: msgspec.Raw = msgspec.Raw()
    statistics: list[CountedFigure] = []


_FIGURES = msgspec.json.Decoder(_WithFigures)


@dataclass(frozen=True, slots=True)
class Contents:
    """The contents of a segment in memory."""

    ids: list[bytes]
    """The id of each report."""
    sizes: Numbers
    """How many passages each report has; the first is its title."""
    records: list[bytes]
    """The record of each report, from `packed_record`."""
    headings: list[list[str]]
    """The headings of each report: folded, without numbers."""
    columns: dict[str, Numbers | NDArray[np.uint64]]
    figures: CountedFigures
    fields: dict[str, Column]
    """The values of each report or passage, see `indexer.fields.FILTERS`."""
    anchors: list[bytes]
    folded: list[str]
    begins: NDArray[np.bool_]
    """For each code point of the folded texts, whether a word begins there."""
    printed: list[bytes]
    """The printed text of each passage, from `packed_printed`."""
    chars: Lists
    bigrams: PairLists
    words: Lists
    vocabulary: list[bytes]
    """The words in the order of their bytes; the keys of `words` are indices into it."""
    sentences: KeyedLists
    """The passages by keys of their sentences, see `indexer.boilerplate`."""


def contents_of(reports: Sequence[Report], folded: Sequence[str], words: Words) -> Contents:
    """The contents of a segment of these reports (at least one), given the folded texts and words of their passages in order."""
    passages = [passage for report in reports for passage in report.passages]
    lengths = [field_lengths(text, int(count)) for text, count in zip(folded, words.sizes, strict=True)]
    encoded = [text.encode() for text in folded]
    codes, owners = _characters(folded)
    vocabulary = sorted(word.encode() for word in words.distinct)
    ranks = {word: rank for rank, word in enumerate(vocabulary)}
    ranked = np.array([ranks[word.encode()] for word in words.distinct], np.int64)
    # Sorting releases the GIL, so fields are built in parallel, but only two at a time: each takes some 40 bytes per code point.
    with ThreadPoolExecutor(2) as threads:
        bigrams = threads.submit(pair_lists, codes, owners)
        chars = threads.submit(postings.group, codes, owners, len(folded))
        word_owners = np.repeat(np.arange(len(folded)), words.sizes)
        word_lists = threads.submit(postings.group, ranked[words.order] if len(ranked) else ranked, word_owners, len(folded))
    columns: dict[str, Iterable[int]] = {
        "length": [len(text) for text in folded],
        **{field: [own[field] for own in lengths] for field in TEXT_FIELDS},
    }
    same = np.array([int.from_bytes(same_text(p.kind, text), "little") for p, text in zip(passages, encoded, strict=True)], np.uint64)
    return Contents(
        ids=[report.id.encode() for report in reports],
        sizes=np.array([len(report.passages) for report in reports], np.int64),
        records=[packed_record(report_record(report)) for report in reports],
        headings=[[fold(section.heading) for section in report.sections] for report in reports],
        columns={"same": same, **{name: np.array(values, np.int64) for name, values in columns.items()}},
        figures=CountedFigures.of([counted_of(figure) for figure in passage.statistics] for passage in passages),
        fields={name: Column.of(map(field.stored_of, passages if field.of_passages else reports)) for name, field in FILTERS.items()},
        anchors=[passage.anchor.encode() for passage in passages],
        folded=list(folded),
        begins=words.begins,
        printed=[packed_printed(_with_text(p), text) for p, text in zip(passages, encoded, strict=True)],
        chars=chars.result(),
        bigrams=bigrams.result(),
        words=word_lists.result(),
        vocabulary=vocabulary,
        sentences=KeyedLists.of(map(keys_of, folded)),
    )


def _characters(folded: Sequence[str]) -> tuple[Numbers, Numbers]:
    """The code points of all texts, and the index of each one's text."""
    codes = np.frombuffer("".join(folded).encode("utf-32-le"), "<u4").astype(np.int64)
    return codes, np.repeat(np.arange(len(folded)), [len(text) for text in folded])


def _with_text(passage: Passage) -> list[Any]:
    record = passage_record(passage)
    stored = [record[name] for name in WITH_TEXT]
    # Most passages have only a text; trailing default values are not stored.
    while stored and stored[-1] == EMPTY[WITH_TEXT[len(stored) - 1]]:
        stored.pop()
    return stored


def merged(parts: Sequence[tuple[SegmentFile, NDArray[np.bool_]]]) -> Contents:
    """The contents of a segment that replaces several (at least one live passage), each given with a mask of its live passages."""
    numbers = []
    base = 0
    for _, live in parts:
        numbers.append(np.where(live, np.cumsum(live) - 1 + base, -1))
        base += int(live.sum())
    live_reports = [(segment, number) for segment, live in parts for number in live[segment.firsts].nonzero()[0].tolist()]
    vocabulary = sorted(set().union(*(segment.words for segment, _ in parts)))
    ranks = {word: rank for rank, word in enumerate(vocabulary)}
    word_lists = [segment.lists("words").all(np.array([ranks[word] for word in segment.words], np.int64)) for segment, _ in parts]
    columns = {name: np.concatenate([segment.column(name)[live] for segment, live in parts]) for name in COLUMNS}

    def of_live(values: Iterable[Iterable[Any]]) -> list[Any]:
        return [value for (_, live), own in zip(parts, values, strict=True) for value, good in zip(own, live.tolist(), strict=True) if good]

    folded: list[str] = of_live([segment.folded(number) for number in range(segment.passages)] for segment, _ in parts)
    words, vocabulary = _used(postings.joined(word_lists, numbers, base), vocabulary)
    return Contents(
        ids=[segment.ids[number] for segment, number in live_reports],
        sizes=np.concatenate([segment.sizes[live[segment.firsts]] for segment, live in parts]),
        records=[segment.packed_records[number] for segment, number in live_reports],
        headings=[segment.headings[number] for segment, number in live_reports],
        columns=columns,
        figures=CountedFigures.joined([(segment.counted_figures(), live) for segment, live in parts]),
        fields={name: _merged_column(name, parts) for name in FILTERS},
        anchors=of_live(segment.anchors for segment, _ in parts),
        folded=folded,
        begins=np.concatenate([_begins_of_live(segment, live) for segment, live in parts]),
        printed=of_live(segment.packed_printed for segment, _ in parts),
        chars=postings.joined([segment.lists("chars").all(segment.characters.char_keys()) for segment, _ in parts], numbers, base),
        bigrams=pair_lists(*_characters(folded)),
        words=words,
        vocabulary=vocabulary,
        sentences=KeyedLists.joined([segment.sentences.all() for segment, _ in parts], numbers),
    )


def _begins_of_live(segment: SegmentFile, live: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Where words begin in the live passages of a segment."""
    texts = [segment.folded(number) for number in range(segment.passages)]
    if segment.borders is not None:
        return segment.borders.begins(texts)[np.repeat(live, segment.column("length"))]
    return words_of([text for text, good in zip(texts, live.tolist(), strict=True) if good]).begins


def _merged_column(name: str, parts: Sequence[tuple[SegmentFile, NDArray[np.bool_]]]) -> Column:
    chosen = [live if FILTERS[name].of_passages else live[segment.firsts] for segment, live in parts]
    return Column.joined([segment.field(name) for segment, _ in parts], chosen)


def _used(lists: Lists, vocabulary: list[bytes]) -> tuple[Lists, list[bytes]]:
    """The lists and the vocabulary without words that no live passage contains."""
    return Lists(np.arange(len(lists.keys)), lists.starts, lists.ids, lists.counts), [vocabulary[key] for key in lists.keys.tolist()]


def write_contents(path: Path, contents: Contents) -> None:
    """Write a segment's file."""
    arrays: dict[str, NDArray[Any]] = {
        **{name: values if name == "same" else narrow(values) for name, values in contents.columns.items()},
        **contents.figures.arrays(),
        **{key: array for name, column in contents.fields.items() for key, array in column.arrays(f"field.{name}").items()},
        **piece_arrays("ids", contents.ids),
        "sizes": narrow(contents.sizes),
        "headings": packed_values(contents.headings),
        **piece_arrays("folded", (text.encode(FOLDED) for text in contents.folded)),
        **border_arrays(contents.folded, contents.begins),
        **piece_arrays("anchors", contents.anchors),
        **piece_arrays("printed", contents.printed),
        **piece_arrays("records", contents.records),
        **CharTerms.arrays(contents.chars, contents.bigrams.lists),
        **WordTerms.arrays(contents.vocabulary),
        **postings.list_arrays("chars", contents.chars),
        **contents.bigrams.arrays(),
        **postings.list_arrays("words", contents.words),
        **contents.sentences.arrays("sentences"),
    }
    write_arrays(path, arrays)


class SegmentFile:
    """An open segment; passages are numbered from 0 within it."""

    def __init__(self, path: Path) -> None:
        self._file = file = ArrayFile(path)
        self.ids = Pieces(file, "ids")
        """The id of each report, UTF-8."""
        self.sizes: Numbers = file["sizes"].astype(np.int64)
        """How many passages each report has."""
        self.firsts = self.sizes.cumsum() - self.sizes
        """The first passage, the title, of each report."""
        self.passages = int(self.sizes.sum())
        self.characters, self.words = CharTerms(file), WordTerms(file)
        self._lists = {field: ListsReader(file, field) for field in TEXT_FIELDS}
        self.packed_printed, self.packed_records = Pieces(file, "printed"), Pieces(file, "records")
        self.anchors, self._folded = Pieces(file, "anchors"), Pieces(file, "folded")
        self.sentences = KeyedReader(file, "sentences")
        self.offsets = OffsetsReader(file, self._lists["bigrams"])
        # Not a cached method, which would make a reference cycle with this object and its mapped file.
        self.field = cache(lambda name: Column.read(file, f"field.{name}"))
        self.check_unchanged = file.check_unchanged

    def column(self, name: str) -> NDArray[Any]:
        """One value per passage, see `COLUMNS`."""
        return self._file[name]

    def arrays(self, names: Sequence[str]) -> list[CheckedArray]:
        """Arrays of the file by name."""
        return [*map(self._file.lazy, names)]

    def lists(self, field: str) -> ListsReader:
        """The posting lists of a text field."""
        return self._lists[field]

    def report_at(self, passage: int) -> int | None:
        """The number of the report whose first passage this is, None if it is not the first one."""
        at = int(self.firsts.searchsorted(passage))
        return at if at < len(self.firsts) and self.firsts[at] == passage else None

    @cached_property
    def figures(self) -> Numbers:
        """How many figures each passage states."""
        sizes = CountedFigures.read_sizes(self._file)
        return self.counted_figures().sizes if sizes is None else sizes

    def counted_figures(self) -> CountedFigures:
        """For all passages, what their figures count."""
        return CountedFigures.read(self._file) or self._recounted(range(self.passages))

    def labelled(self, numbers: Numbers, label: str, indicators: Set[str] | None) -> tuple[Numbers, list[FigureValue]]:
        """The figures with a label in some passages, see `CountedFigures.of_label`."""
        # Not cached: reading takes milliseconds, and a million passages have many labels and values.
        if (held := CountedFigures.read(self._file)) is not None:
            return held.of_label(numbers, label, indicators)
        return self._recounted(numbers.tolist()).of_label(np.arange(len(numbers)), label, indicators)

    def _recounted(self, numbers: Sequence[int]) -> CountedFigures:
        # Older segments of schema 10 do not store this.
        parts = (numbers[first : first + _TOGETHER] for first in range(0, len(numbers), _TOGETHER))
        return CountedFigures.of(own for part in parts for own in self.counted(part))

    @cached_property
    def borders(self) -> BordersReader | None:
        """Where words begin; None for older segments of schema 10, which do not store it."""
        return BordersReader(self._file, self.column("length")) if "borders" in self._file.names() else None

    @cached_property
    def headings(self) -> list[list[str]]:
        """The headings of each report, folded, without numbers."""
        headings: list[list[str]] = read_values(self._file["headings"])
        return headings

    def postings(self, field: str, term: str) -> tuple[Ints, Ints] | None:
        """The passages that contain a term of a text field and how often, deleted ones included; None if there are none."""
        number = self._number_of(field, term)
        return None if number is None else self._lists[field].at(number)

    def size(self, field: str, term: str) -> int:
        """How many passages contain a term of a text field, deleted ones included."""
        number = self._number_of(field, term)
        return 0 if number is None else self._lists[field].size(number)

    def _number_of(self, field: str, term: str) -> int | None:
        if field == "words":
            return self.words.find(term.encode("utf-8", "surrogatepass"))
        return self.characters.char(term) if field == "chars" else self.characters.pair(term)

    def folded(self, number: int) -> str:
        """A passage's folded text."""
        return self._folded[number].decode(FOLDED)

    def folded_pieces(self, numbers: Sequence[int]) -> list[memoryview]:
        """The folded texts of several passages, encoded as `FOLDED`."""
        return self._folded.of(numbers)

    @cached_property
    def _wide(self) -> NDArray[np.bool_] | None:
        """Which folded texts have characters of four bytes, None if no text has."""
        wide: NDArray[np.bool_] = self._folded.sizes() != _UNIT * self.column("length").astype(np.int64)
        return wide if wide.any() else None

    def stand(self, numbers: Numbers, offsets: Numbers, text: str) -> NDArray[np.bool_]:
        """Whether each folded text has `text` at its offset; it must be long enough for that."""
        wanted = text.encode(FOLDED, "surrogatepass")
        if self._wide is not None and (wide := self._wide[numbers]).any():
            held = np.empty(len(numbers), np.bool_)
            for at in wide.nonzero()[0].tolist():
                held[at] = self.folded(int(numbers[at])).startswith(text, int(offsets[at]))
            held[~wide] = self.stand(numbers[~wide], offsets[~wide], text)
            return held
        # Here each character takes two bytes, so byte offsets follow from offsets in code points.
        if len(wanted) != _UNIT * len(text):
            return np.zeros(len(numbers), np.bool_)
        return self._folded.stand(numbers, _UNIT * offsets, wanted)

    def stand_each(self, numbers: Numbers, offsets: Numbers, texts: Sequence[str], which: Numbers) -> NDArray[np.bool_]:
        """Like `stand`, with a text for each: `texts[which[at]]`. Folded texts that are too short are allowed."""
        lengths = np.array([len(text) for text in texts], np.int64)
        held: NDArray[np.bool_] = (offsets >= 0) & (offsets + lengths[which] <= self.column("length")[numbers])
        at = held.nonzero()[0]
        if self._wide is not None:
            wide = self._wide[numbers[at]]
            for each in at[wide].tolist():
                held[each] = self.folded(int(numbers[each])).startswith(texts[which[each]], int(offsets[each]))
            at = at[~wide]
        wanted = [text.encode(FOLDED, "surrogatepass") for text in texts]
        # A text with characters of four bytes cannot occur in one without.
        possible = (_UNIT * lengths == [len(run) for run in wanted])[which[at]]
        held[at[~possible]] = False
        at = at[possible]
        held[at] = self._folded.stand_each(numbers[at], _UNIT * offsets[at], wanted, which[at])
        return held

    def anchor(self, number: int) -> str:
        """A passage's anchor in its report."""
        return self.anchors[number].decode()

    def passage(self, number: int, folded: str | None = None) -> Record:
        """A passage's record, see `indexer.records.passage_record`; `folded` is its folded text if already read."""
        anchor = self.anchor(number)
        printed = read_printed(self.packed_printed[number], (self.folded(number) if folded is None else folded).encode())
        (kind,) = self.field("kind").row(number)
        stored = dict(zip(WITH_TEXT, printed, strict=False))
        return EMPTY | stored | {"kind": kind, "anchor": anchor, "section": sections_above(anchor)}

    def counted(self, numbers: Sequence[int]) -> list[list[CountedFigure]]:
        """For each passage, what each of its figures counts, and its value; nothing else is decoded."""
        folded = b"".join(self.folded_pieces(numbers)).decode(FOLDED)
        found = read_printed_together(self.packed_printed.of(numbers), folded, self.column("length")[numbers], _FIGURES)
        return [own.statistics for own in found]

    def record(self, report: int) -> Record:
        """A report's record."""
        return read_record(self.packed_records[report])
