"""What all engines compute alike: sizes in memory, the order of equals, which texts are equal, what an index depends on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from hashlib import blake2b

import numpy as np

from indexer.analysis.fold import FOLD_VERSION
from indexer.analysis.words import word_list
from indexer.fields import FIELDS, FILTERS
from indexer.joined import Numbers
from indexer.model import Kind, Passage, Report
from indexer.records import CountedFigure
from indexer.request import Sort

PASSAGE = 150
"""Code points of a paragraph of usual length."""


def volume(passages: int, length: int) -> int:
    """How many passages of usual length take as much memory as so many passages of so many code points in all."""
    return max(passages, length // PASSAGE)


def volume_of(texts: Sequence[str]) -> int:
    """The `volume` of passages with these texts."""
    return volume(len(texts), sum(map(len, texts)))


FIGURE = 1_000
"""Bytes that a figure takes in memory, about."""


def counts_of(counted: Iterable[Sequence[CountedFigure]], indicators: Set[str] | None) -> Numbers:
    """How many figures each passage states, by what its figures count, as `FoundFigures.counts` has it."""
    return np.array([sum(indicators is None or one.indicator in indicators for one in figures) for figures in counted], np.int64)


def size_of(passage: Passage) -> int:
    """Bytes that a passage takes in memory with its figures, and what it names and lists, about."""
    return 4 * len(passage.text) + FIGURE * (len(passage.statistics) + len(passage.instruments) + len(passage.items))


def without_passages(report: Report) -> Report:
    """A report's metadata alone."""
    return replace(report, passages=())


@dataclass(frozen=True, slots=True)
class Key:
    """What things are sorted by: "score", a field of reports (the most exact of its values, unknown last), the id of the "report",
    or where the passage stands "at" in it.
    """

    field: str
    falling: bool = False


EQUALS = (Key("year", falling=True), Key("report"), Key("at"))
"""The order of what is equal otherwise: newer year, report id, position in the report."""
ORDERS: dict[Sort, tuple[Key, ...]] = {
    Sort.RELEVANCE: (Key("score", falling=True), *EQUALS),
    Sort.NEWEST: EQUALS,
    Sort.OLDEST: (Key("year"), *EQUALS[1:]),
    Sort.REGION: (Key("region"), *EQUALS),
}
"""The order of hits; reports by relevance are those with most matching passages first."""


def equals_order(year: int | None, report: str) -> tuple[int, str]:
    """Sorts equals, see `EQUALS`, by the year and id of their reports."""
    return (-(year or 0), report)


def tie_order(report: Report) -> tuple[int, str]:
    """Sorts equal reports, and passages that stand in the order of their reports."""
    return equals_order(report.year, report.id)


def same_text(kind: Kind, folded: bytes) -> bytes:
    """Eight bytes that passages of one kind with the same folded text share.

    Two of a million differing texts share them with odds of 1 in 37 million.
    """
    return blake2b(folded, digest_size=8, salt=kind.value.encode()).digest()


def fingerprint(schema: int) -> dict[str, object]:
    """What an index depends on beside the version of an engine's own schema; an index with another one must be built anew."""
    return {"schema": schema, "fold": FOLD_VERSION, "words": word_list(), "fields": list(FIELDS), "filters": list(FILTERS)}


def best_suggestions(counts: dict[str, int], limit: int) -> list[tuple[str, int]]:
    """The most frequent; of equals the shorter, then the first in code point order."""
    return sorted(counts.items(), key=lambda entry: (-entry[1], len(entry[0]), entry[0]))[:limit]
