"""Computations that all engines share: sizes in memory, the order of ties, keys of equal texts, what an index depends on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from hashlib import blake2b

import numpy as np

from indexer.analysis.fold import FOLD_VERSION, fold
from indexer.analysis.words import word_list
from indexer.facts import FigureValue
from indexer.fields import FIELDS, FILTERS
from indexer.joined import Numbers
from indexer.model import Kind, Passage, Report
from indexer.records import CountedFigure
from indexer.request import Sort

PASSAGE = 150
"""Code points of a typical paragraph."""


def volume(passages: int, length: int) -> int:
    """How many typical passages take as much memory as `passages` passages with `length` code points in total."""
    return max(passages, length // PASSAGE)


def volume_of(texts: Sequence[str]) -> int:
    """The `volume` of passages with these texts."""
    return volume(len(texts), sum(map(len, texts)))


FIGURE = 1_000
"""Approximate bytes that a figure takes in memory."""


def counts_of(counted: Iterable[Sequence[CountedFigure]], indicators: Set[str] | None) -> Numbers:
    """How many figures each passage states; see `FoundFigures.counts`."""
    return np.array([sum(indicators is None or one.indicator in indicators for one in figures) for figures in counted], np.int64)


def labelled_of(counted: Iterable[Sequence[CountedFigure]], label: str, indicators: Set[str] | None) -> tuple[Numbers, list[FigureValue]]:
    """How many figures of each passage have a label, and their values; see `FoundFigures.labelled`."""
    meant = [
        [one.counted for one in figures if fold(one.label) == label and (indicators is None or one.indicator in indicators)]
        for figures in counted
    ]
    return np.array([len(values) for values in meant], np.int64), [value for values in meant for value in values]


def size_of(passage: Passage) -> int:
    """Approximate bytes that a passage takes in memory with its figures, instruments and list items."""
    return 4 * len(passage.text) + FIGURE * (len(passage.statistics) + len(passage.instruments) + len(passage.items))


def without_passages(report: Report) -> Report:
    """A report's metadata alone."""
    return replace(report, passages=())


@dataclass(frozen=True, slots=True)
class Key:
    """A sort key: "score", a report field (its most specific value, unknown last), "report" (the id) or "at" (position in the report)."""

    field: str
    falling: bool = False


EQUALS = (Key("year", falling=True), Key("report"), Key("at"))
"""The order of ties: newer year, report id, position in the report."""
ORDERS: dict[Sort, tuple[Key, ...]] = {
    Sort.RELEVANCE: (Key("score", falling=True), *EQUALS),
    Sort.NEWEST: EQUALS,
    Sort.OLDEST: (Key("year"), *EQUALS[1:]),
    Sort.REGION: (Key("region"), *EQUALS),
}
"""The order of hits. Reports sorted by relevance have those with the most matching passages first."""


def equals_order(year: int | None, report: str) -> tuple[int, str]:
    """The sort key of ties (see `EQUALS`), from the year and id of their report."""
    return (-(year or 0), report)


def tie_order(report: Report) -> tuple[int, str]:
    """The sort key of reports that are otherwise equal, and of passages in the order of their reports."""
    return equals_order(report.year, report.id)


def same_text(kind: Kind, folded: bytes) -> bytes:
    """Eight bytes that are equal for passages of one kind with the same folded text.

    Among a million different texts, the odds that any two share them are 1 in 37 million.
    """
    return blake2b(folded, digest_size=8, salt=kind.value.encode()).digest()


def fingerprint(schema: int) -> dict[str, object]:
    """Everything that the content of an index depends on; an index with another fingerprint must be rebuilt."""
    return {"schema": schema, "fold": FOLD_VERSION, "words": word_list(), "fields": list(FIELDS), "filters": list(FILTERS)}


def best_suggestions(counts: dict[str, int], limit: int) -> list[tuple[str, int]]:
    """The `limit` most frequent words with their counts; ties by length, then in code point order."""
    return sorted(counts.items(), key=lambda entry: (-entry[1], len(entry[0]), entry[0]))[:limit]
