"""One segment: written whole from a batch of reports, a term at a time; read as arrays.

Beside Whoosh's files a segment has columns (`.<name>.npy`, one value a passage), the folded texts one after another
(`.folded`, UTF-8), and its reports (`.reports`, JSON).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.filedb.filestore import FileStorage

from indexer.analysis.fold import fold
from indexer.analysis.words import search_words
from indexer.engines.whoosh.codec import ArrayCodec, ArraySegment, Ints
from indexer.engines.whoosh.schema import TEXT_FIELDS, new_schema
from indexer.model import Kind, Passage, Report
from indexer.outline import STANDARD_PARTS
from indexer.ranking import field_lengths
from indexer.records import passage_record, report_record

INDEX_NAME = "MAIN"
KINDS = tuple(Kind)
NO_PART = 255
"""In the column of parts: a title, or before any heading."""

_CODE_BITS = 21
"""A code point fits in 21 bits, a bigram in 42."""


def write_segment(folder: Path, reports: list[Report]) -> ArraySegment:
    """Write a segment of these reports (at least one) into `folder`; passages are numbered in the order given."""
    storage = FileStorage(str(folder))
    segment = ArrayCodec().new_segment(storage, INDEX_NAME)
    passages = [passage for report in reports for passage in report.passages]
    folded = [fold(passage.text) for passage in passages]
    words = [search_words(text) for text in folded]
    lengths = [field_lengths(text, len(own)) for text, own in zip(folded, words, strict=True)]
    _write_columns(folder, segment, reports, passages, folded, lengths)
    _write_records(storage, segment, reports, lengths)
    _write_terms(storage, segment, reports, passages, folded, words)
    segment.set_doc_count(len(passages))
    # Whoosh 2.7.4 leaves the folder in which it collected the stored fields.
    shutil.rmtree(folder / f"{INDEX_NAME}.tmp", ignore_errors=True)
    return segment


def _write_columns(
    folder: Path,
    segment: ArraySegment,
    reports: list[Report],
    passages: list[Passage],
    folded: list[str],
    lengths: list[dict[str, int]],
) -> None:
    encoded = [_bytes(text) for text in folded]
    places = [passage.place.encode() for passage in passages]
    columns: dict[str, tuple[str, Iterable[int]]] = {
        "report": ("<u4", (row for row, report in enumerate(reports) for _ in report.passages)),
        "kind": ("u1", (KINDS.index(passage.kind) for passage in passages)),
        "part": ("u1", (STANDARD_PARTS.index(p.part) if p.part is not None else NO_PART for p in passages)),
        "length": ("<u4", map(len, folded)),
        **{field: ("<u4", [own[field] for own in lengths]) for field in TEXT_FIELDS},
        "same": ("<u8", (_sameness(p.kind, text) for p, text in zip(passages, encoded, strict=True))),
        "text": ("<u8", accumulate(map(len, encoded), initial=0)),
        "place": ("<u8", accumulate(map(len, places), initial=0)),
    }
    for name, (dtype, values) in columns.items():
        np.save(folder / segment.make_filename(f".{name}.npy"), np.fromiter(values, dtype), allow_pickle=False)
    (folder / segment.make_filename(".folded")).write_bytes(b"".join(encoded))
    (folder / segment.make_filename(".places")).write_bytes(b"".join(places))
    table = [
        {
            "id": report.id,
            "title": report.title,
            "year": report.year,
            "issuer": report.issuer,
            "type": report.type.value,
            "region": list(zip(report.region.codes, report.region.path, strict=True)) if report.region else None,
            "passages": len(report.passages),
            "headings": [fold(section.heading) for section in report.sections],
        }
        for report in reports
    ]
    text = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
    (folder / segment.make_filename(".reports")).write_text(text, encoding="utf-8")


def _sameness(kind: Kind, text: bytes) -> int:
    """64 bits that tell texts of one kind apart; two of a million differing texts agree with odds of 1 in 37 million."""
    return int.from_bytes(blake2b(text, digest_size=8, salt=kind.value.encode()).digest(), "little")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8")


def _write_records(storage: FileStorage, segment: ArraySegment, reports: list[Report], lengths: list[dict[str, int]]) -> None:
    """Whoosh's stored fields and lengths; a report's own record is stored with its title."""
    schema = new_schema()
    writer = ArrayCodec().per_document_writer(storage, segment)
    number = 0
    for report in reports:
        for passage in report.passages:
            writer.start_doc(number)
            writer.add_field("passage", schema["passage"], passage_record(passage), 0)
            if passage.kind is Kind.TITLE:
                writer.add_field("described", schema["described"], report_record(report), 0)
            for name, length in lengths[number].items():
                writer.add_field(name, schema[name], None, length)
            writer.finish_doc()
            number += 1
    writer.close()


def _write_terms(
    storage: FileStorage,
    segment: ArraySegment,
    reports: list[Report],
    passages: list[Passage],
    folded: list[str],
    words: list[list[str]],
) -> None:
    schema = new_schema()
    owners = [report for report in reports for _ in report.passages]
    values: dict[str, list[str | None]] = {
        "issuer": [report.issuer for report in owners],
        "kind": [passage.kind.value for passage in passages],
        "report": [report.id for report in owners],
        "section": [passage.part for passage in passages],
        "year": [str(report.year) if report.year is not None else None for report in owners],
    }
    lists: dict[str, Iterator[tuple[bytes, Ints, Ints]]] = {
        "bigrams": _bigram_lists(folded),
        "chars": _char_lists(folded),
        "words": _token_lists(words),
        **{name: _token_lists([[v] if v is not None else [] for v in column]) for name, column in values.items()},
    }
    writer = ArrayCodec().field_writer(storage, segment)
    for name in sorted(lists):
        writer.start_field(name, schema[name])
        for term, ids, counts in lists[name]:
            writer.start_term(term)
            writer._postwriter.add_all(ids, counts)  # the way to a whole list: W3FieldWriter hands on single postings only
            writer.finish_term()
        writer.finish_field()
    writer.close()


def _char_lists(folded: list[str]) -> Iterator[tuple[bytes, Ints, Ints]]:
    codes, owners = _codes(folded)
    for key, ids, counts in _group(codes, owners, len(folded)):
        yield _bytes(chr(key)), ids, counts


def _bigram_lists(folded: list[str]) -> Iterator[tuple[bytes, Ints, Ints]]:
    """As `indexer.analysis.words.bigrams` cuts: in a run of one character every second pair."""
    codes, owners = _codes(folded)
    if len(codes) < 2:
        return
    first, second = codes[:-1], codes[1:]
    inside = owners[:-1] == owners[1:]
    alike = inside & (first == second)
    at = np.arange(len(first))
    run_start = np.maximum.accumulate(np.where(alike & ~np.concatenate(([False], alike[:-1])), at, 0))
    kept = inside & ~(alike & ((at - run_start) % 2 == 1))
    keys = (first[kept] << _CODE_BITS) | second[kept]
    for key, ids, counts in _group(keys, owners[:-1][kept], len(folded)):
        yield _bytes(chr(key >> _CODE_BITS) + chr(key & (1 << _CODE_BITS) - 1)), ids, counts


def _token_lists(rows: list[list[str]]) -> Iterator[tuple[bytes, Ints, Ints]]:
    tokens = sorted({token for row in rows for token in row})
    ranks = {token: rank for rank, token in enumerate(tokens)}
    keys = np.fromiter((ranks[token] for row in rows for token in row), np.int64)
    owners = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    for key, ids, counts in _group(keys, owners, len(rows)):
        yield _bytes(tokens[key]), ids, counts


def _codes(folded: list[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every code point of the texts, and the number of the text each stands in."""
    codes = np.frombuffer("".join(folded).encode("utf-32-le"), "<u4").astype(np.int64)
    return codes, np.repeat(np.arange(len(folded)), [len(text) for text in folded])


def _group(keys: NDArray[np.int64], owners: NDArray[np.int64], passages: int) -> Iterator[tuple[int, Ints, Ints]]:
    """For each key, rising: the passages that have it, rising, and how often each does."""
    if not len(keys):
        return
    kinds, keys = np.unique(keys, return_inverse=True)
    pairs, counts = np.unique(keys * passages + owners, return_counts=True)
    numbers, ids = np.divmod(pairs, passages)
    starts = np.flatnonzero(np.concatenate(([True], numbers[1:] != numbers[:-1])))
    for start, end in zip(starts, [*starts[1:], len(pairs)], strict=True):
        yield int(kinds[numbers[start]]), ids[start:end], counts[start:end]


def load_column(folder: Path, segment: ArraySegment, name: str) -> NDArray[Any]:
    """A column of a segment, mapped into memory."""
    return np.asarray(np.load(folder / segment.make_filename(f".{name}.npy"), mmap_mode="r", allow_pickle=False))
