"""A Whoosh codec for our segments, at Whoosh's own extension point (`whoosh.codec.base`): its stock Searcher reads the same files.

The product itself reads the arrays directly. With this codec anybody with Whoosh can open an index, and the tests compare postings
and scores. `segments` writes the files, so the codec has no writers.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.codec.base import Codec, PerDocumentReader, TermsReader
from whoosh.codec.whoosh3 import W3Segment, W3TermInfo
from whoosh.fields import Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.index import TOC
from whoosh.matching import ListMatcher
from whoosh.reading import TermNotFound

from indexer.declared import Value
from indexer.engines.whoosh.arrays.files import Ints
from indexer.engines.whoosh.segment.schema import TEXT_FIELDS, VALUE_FIELDS
from indexer.engines.whoosh.segment.segments import EXTENSION, INDEX_NAME, SegmentFile
from indexer.fields import FILTERS


class ArrayCodec(Codec):  # type: ignore[misc]  # whoosh has no types
    """Reads the files that `segments` writes."""

    def new_segment(self, storage: Any, indexname: str) -> ArraySegment:
        """An empty segment."""
        return ArraySegment(self, indexname)

    def terms_reader(self, storage: Any, segment: Any) -> ArrayTerms:
        """The terms of a segment with their posting lists."""
        return ArrayTerms(_opened(storage, segment))

    def per_document_reader(self, storage: Any, segment: Any) -> ArrayDocuments:
        """The passages of a segment."""
        return ArrayDocuments(_opened(storage, segment), segment)


class ArraySegment(W3Segment):  # type: ignore[misc]
    """A segment with this codec. The table of contents is pickled and names this class."""


TABLE = TOC._filename(INDEX_NAME, 1)
"""The file name of the table of contents; Whoosh's own generation number is always 1."""


def written_table(schema: Schema, segments: list[ArraySegment]) -> bytes:
    """The table of contents of these segments."""
    storage = RamStorage()
    TOC(schema, segments, 1).write(storage, INDEX_NAME)
    content: bytes = storage.files[TABLE]
    return content


def read_table(content: bytes) -> list[ArraySegment]:
    """The segments of a table of contents. It is a pickle, so the caller must have compared it with its checksum."""
    storage = RamStorage()
    storage.files[TABLE] = content
    segments: list[ArraySegment] = TOC.read(storage, INDEX_NAME).segments
    return segments


def _opened(storage: Any, segment: Any) -> SegmentFile:
    return SegmentFile(Path(storage.folder) / segment.make_filename(EXTENSION))


def _repeated(rows: Sequence[Sequence[Value]], counts: Sequence[int]) -> Sequence[Sequence[Value]]:
    """The values of each report, repeated for each of its passages."""
    return [row for row, count in zip(rows, counts, strict=True) for _ in range(count)]


class ArrayTerms(TermsReader):  # type: ignore[misc]
    """The terms of all fields in the order of their bytes."""

    def __init__(self, file: SegmentFile) -> None:
        self._file = file

    @cached_property
    def _values(self) -> dict[str, dict[bytes, Ints]]:
        """By field and value, the passages with the value; a report's value holds for all its passages."""
        file = self._file
        counts: list[int] = file.sizes.tolist()
        columns: dict[str, Sequence[Sequence[Value]]] = {"report": _repeated([(id.decode(),) for id in file.ids], counts)}
        for name, field in FILTERS.items():
            column = file.field(name)
            rows = [column.row(number) for number in range(len(column))]
            columns[name] = rows if field.of_passages else _repeated(rows, counts)
        found: dict[str, dict[bytes, list[int]]] = {name: {} for name in VALUE_FIELDS}
        for name, of_passages in columns.items():
            for number, value in ((number, value) for number, values in enumerate(of_passages) for value in values):
                if value is not None:
                    found[name].setdefault(str(value).encode(), []).append(number)
        return {name: {value: np.array(ids) for value, ids in sorted(lists.items())} for name, lists in found.items()}

    def _terms(self, field: str) -> list[bytes]:
        match field:
            case "chars":
                return [chr(code).encode() for code in self._file.characters.char_keys()]
            case "bigrams":
                return self._file.characters.pairs()
            case "words":
                return list(self._file.words)
        return list(self._values[field])

    def _postings(self, field: str, term: bytes) -> tuple[Ints, Ints]:
        found: tuple[Ints, Ints] | None = None
        if field in TEXT_FIELDS:
            found = self._file.postings(field, term.decode("utf-8", "surrogatepass"))
        elif field in VALUE_FIELDS and term in self._values[field]:
            ids = self._values[field][term]
            found = ids, np.ones(len(ids), np.int64)
        if found is None:
            raise TermNotFound(f"{field}:{term!r}")
        return found

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        try:
            self._postings(*term)
        except (TermNotFound, ValueError, TypeError):
            return False
        return True

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """Every field with each of its terms."""
        return ((field, term) for field in self.indexed_field_names() for term in self._terms(field))

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """The terms of a field that are not less than `prefix`."""
        terms = self._terms(fieldname)
        return ((fieldname, term) for term in terms[bisect_left(terms, prefix) :])

    def items(self) -> Iterator[tuple[tuple[str, bytes], W3TermInfo]]:
        """Every term with its statistics."""
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], W3TermInfo]]:
        """The terms of `terms_from` with their statistics."""
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> W3TermInfo:
        """How many passages contain a term, how often in total, and how often at most in one.

        Raises:
            TermNotFound: No passage does.
        """
        ids, counts = self._postings(fieldname, text)
        info = W3TermInfo()
        # W3TermInfo has no setters for values that it usually reads from a block.
        info._weight, info._df, info._maxweight = float(counts.sum()), len(ids), float(counts.max())
        info._minid, info._maxid, info._minlength, info._maxlength = int(ids[0]), int(ids[-1]), 1, 1
        return info

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> ListMatcher:
        """A posting list in the form that the stock Searcher needs."""
        ids, counts = self._postings(fieldname, text)
        term, info = (fieldname, text), self.term_info(fieldname, text)
        return ListMatcher(ids.tolist(), counts.tolist(), format=format_, scorer=scorer, term=term, terminfo=info)

    def indexed_field_names(self) -> list[str]:
        """The fields in order."""
        return sorted((*TEXT_FIELDS, *VALUE_FIELDS))


class ArrayDocuments(PerDocumentReader):  # type: ignore[misc]
    """The passages of a segment: deletions, lengths, stored fields."""

    def __init__(self, file: SegmentFile, segment: ArraySegment) -> None:
        self._file, self._segment = file, segment

    def doc_count(self) -> int:
        """How many passages are live."""
        return int(self._segment.doc_count())

    def doc_count_all(self) -> int:
        """How many passages there are, deleted ones included."""
        return self._file.passages

    def has_deletions(self) -> bool:
        """Whether any passage is deleted."""
        return bool(self._segment.has_deletions())

    def is_deleted(self, docnum: int) -> bool:
        """Whether a passage is deleted."""
        return bool(self._segment.is_deleted(docnum))

    def deleted_docs(self) -> frozenset[int]:
        """The deleted passages."""
        return frozenset(self._segment.deleted_docs())

    def supports_columns(self) -> bool:
        """False: Whoosh's own columns are not written."""
        return False

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """The length of a passage in a text field."""
        return int(self._file.column(fieldname)[docnum]) if fieldname in TEXT_FIELDS else default

    def field_length(self, fieldname: str) -> int:
        """The sum of the lengths of all passages."""
        return int(self._file.column(fieldname).sum()) if fieldname in TEXT_FIELDS else 0

    def min_field_length(self, fieldname: str) -> int:
        """The least length of a passage."""
        return int(self._file.column(fieldname).min()) if fieldname in TEXT_FIELDS else 0

    def max_field_length(self, fieldname: str) -> int:
        """The greatest length of a passage."""
        return int(self._file.column(fieldname).max()) if fieldname in TEXT_FIELDS else 0

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """The passage's record; for a title also its report's record."""
        stored = {"passage": self._file.passage(docnum)}
        if (report := self._file.report_at(docnum)) is not None:
            stored["described"] = self._file.record(report)
        return stored
