"""Looks up the passages that contain each of many texts, all together.

A single text is looked up pair by pair (`lookup`), in some thirty numpy steps, however little each has to do. For thousands of texts,
each step here is done once for all: in each segment the rarest pair of every text is found, its occurrences are gathered, and the text
is compared with the passage at that place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from indexer.engines.whoosh.arrays.postings import Numbers, Postings
from indexer.engines.whoosh.evaluation.evaluate import Scored
from indexer.engines.whoosh.evaluation.lookup import Lookup
from indexer.engines.whoosh.evaluation.passages import Passages
from indexer.engines.whoosh.segment.segments import SegmentFile
from indexer.matching import leftmost
from indexer.ranking import idf, saturation

PAIRS = 16
"""The rarest of so many pairs from the beginning of a text is looked up."""
FREQUENT = 1_000
"""A text whose rarest pair has more postings per segment is looked up alone: this takes no longer then, and the result stays cached."""
TOGETHER = 1_000_000
"""Postings of pairs that are compared at a time, if they are of more than one text."""
_NONE = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Which passages contain which texts: the rows of a table, sorted by text, then by passage."""

    texts: Numbers
    """The index of the text."""
    passages: Numbers
    """The number of a passage that contains it."""
    counts: Numbers
    """How often the passage contains it, not counting overlapping occurrences."""


@dataclass(frozen=True)
class Standing:
    """Which passages contain each of several texts."""

    alone: Mapping[int, Postings]
    """By index of a text that was looked up alone: its passages and counts."""
    together: _Rows
    """The passages and counts of the other texts."""
    size: int
    """How many texts there are."""

    @cached_property
    def _bounds(self) -> Numbers:
        """Where the rows of each text begin, and then where those of the last text end."""
        return self.together.texts.searchsorted(np.arange(self.size + 1))

    def postings(self) -> Iterator[Postings]:
        """For each text, its passages, ascending, and the counts."""
        rows = self.together
        for text, (first, last) in enumerate(pairwise(self._bounds.tolist())):
            alone = self.alone.get(text)
            yield (rows.passages[first:last], rows.counts[first:last]) if alone is None else alone

    def scored(self, passages: Passages) -> Iterator[Scored]:
        """For each text, its passages, ascending, and what it adds to the score of each as a typed text."""
        rows = self.together
        weights = np.array([idf(held, passages.live_count) for held in np.diff(self._bounds).tolist()])
        scores = weights[rows.texts] * saturation(rows.counts.astype(np.float64), passages.norm[rows.passages])
        for text, (first, last) in enumerate(pairwise(self._bounds.tolist())):
            alone = self.alone.get(text)
            yield (rows.passages[first:last], scores[first:last]) if alone is None else (alone[0], passages.scored(*alone))


@dataclass(frozen=True, slots=True)
class _Pairs:
    """The pairs of unlike characters in some texts; these are listed wherever such a text occurs."""

    texts: Numbers
    offsets: Numbers
    firsts: Numbers
    seconds: Numbers

    @classmethod
    def of(cls, texts: Sequence[str]) -> _Pairs:
        codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), "<u4").astype(np.int64)
        sizes = np.array([len(text) for text in texts], np.int64)
        owners, begins = np.arange(len(texts)).repeat(sizes), sizes.cumsum() - sizes
        offsets = np.arange(len(codes)) - begins[owners]
        at = ((owners[1:] == owners[:-1]) & (codes[1:] != codes[:-1]) & (offsets[:-1] < PAIRS)).nonzero()[0]
        return cls(owners[at], offsets[at], codes[at], codes[at + 1])


@dataclass(frozen=True, slots=True)
class _Rarest:
    """The rarest pair in a segment of each text that may occur there; a text with a missing pair does not."""

    pairs: Numbers
    """Indices into `_Pairs`."""
    numbers: Numbers
    """The numbers of the pairs in the segment."""
    sizes: Numbers
    """How many passages of the segment contain each pair."""

    @classmethod
    def of(cls, segment: SegmentFile, pairs: _Pairs) -> _Rarest:
        numbers = segment.characters.pairs_of(pairs.firsts, pairs.seconds)
        held = numbers >= 0
        sizes = np.zeros(len(numbers), np.int64)
        sizes[held] = segment.lists("bigrams").sizes(numbers[held])
        order = np.lexsort((sizes, pairs.texts))
        rarest = order[np.diff(pairs.texts, prepend=-1) > 0]
        rarest = rarest[sizes[rarest] > 0]
        return cls(rarest, numbers[rarest], sizes[rarest])


def standing(passages: Passages, texts: Sequence[str]) -> Standing:
    """The passages that contain each of some folded texts (none empty); deleted passages are left out."""
    pairs = _Pairs.of(texts)
    rarest = [_Rarest.of(segment, pairs) for segment in passages.segments]
    held = sum((np.bincount(pairs.texts[one.pairs], one.sizes, len(texts)) for one in rarest), np.zeros(len(texts)))
    together = (np.bincount(pairs.texts, minlength=len(texts)) > 0) & (held <= FREQUENT * len(passages.segments))
    lookup = Lookup(passages)
    alone = {text: lookup.postings(texts[text]) for text in (~together).nonzero()[0].tolist()}
    found = [_Rows(_NONE, _NONE, _NONE)]
    for base, segment, own in zip(passages.bases, passages.segments, rarest, strict=False):
        chosen = together[pairs.texts[own.pairs]].nonzero()[0]
        for part in _parts_of(chosen, own.sizes[chosen]):
            which, numbers, offsets = _occurrences(segment, texts, pairs, own.pairs[part], own.numbers[part])
            live = passages.live[numbers + base].nonzero()[0]
            found.append(_counted(texts, which[live], numbers[live] + base, offsets[live]))
    of_all = np.concatenate([one.texts for one in found])
    # Each part has its texts in order, and the passages of a segment come before those of the next.
    order = np.argsort(of_all, kind="stable")
    numbers, counts = (np.concatenate(column)[order] for column in ([one.passages for one in found], [one.counts for one in found]))
    return Standing(alone, _Rows(of_all[order], numbers, counts), len(texts))


def _parts_of(chosen: Numbers, sizes: Numbers) -> list[Numbers]:
    """Indices in parts with about `TOGETHER` postings each."""
    parts = sizes.cumsum() // TOGETHER
    return [chosen[parts == part] for part in np.unique(parts).tolist()]


def _occurrences(
    segment: SegmentFile, texts: Sequence[str], pairs: _Pairs, chosen: Numbers, numbers: Numbers
) -> tuple[Numbers, Numbers, Numbers]:
    """The occurrences of texts in a segment, each checked where its pair in `chosen` occurs; `numbers` are these pairs' numbers there.

    Returns the indices of the texts, the passages' numbers within the segment, and the offsets, sorted by these three.
    """
    own, passages, offsets = segment.offsets.occurrences(numbers)
    which, starts = pairs.texts[chosen][own], offsets - pairs.offsets[chosen][own]
    stands = segment.stand_each(passages, starts, texts, which).nonzero()[0]
    return which[stands], passages[stands], starts[stands]


def _counted(texts: Sequence[str], which: Numbers, passages: Numbers, starts: Numbers) -> _Rows:
    """The rows for occurrences, which are sorted."""
    lengths = np.array([len(text) for text in texts], np.int64)
    changes = (which[1:] != which[:-1]) | (passages[1:] != passages[:-1])
    firsts = np.concatenate(([True], changes))[: len(which)].nonzero()[0]
    counts = np.diff(firsts, append=len(which))
    overlaps = (~changes & (starts[1:] - starts[:-1] < lengths[which[1:]])).nonzero()[0]
    for row in np.unique(firsts.searchsorted(overlaps, "right") - 1).tolist():
        own = starts[firsts[row] : firsts[row] + counts[row]]
        counts[row] = len(leftmost(own.tolist(), int(lengths[which[firsts[row]]])))
    return _Rows(which[firsts], passages[firsts], counts)
