"""Many texts to the passages that hold them, all looked up together.

One text is looked up by its pairs one after the other (`lookup`), some thirty steps of numpy, however little each has to do. Of thousands
each step is one for all: in each segment every text's rarest pair is found, its occurrences are gathered, and the text is compared with
what stands there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, starmap

import numpy as np

from indexer.engines.whoosh.arrays.postings import Numbers, Postings
from indexer.engines.whoosh.evaluation.evaluate import Scored
from indexer.engines.whoosh.evaluation.lookup import Lookup
from indexer.engines.whoosh.evaluation.passages import Passages
from indexer.engines.whoosh.segment.segments import SegmentFile
from indexer.matching import leftmost
from indexer.ranking import idf, saturation

PAIRS = 16
"""Pairs of a text, from its beginning, of which the rarest is looked up."""
FREQUENT = 1_000
"""Postings of its rarest pair in each segment from which on a text is looked up alone: it takes no longer then, and stays cached."""
TOGETHER = 1_000_000
"""Postings of pairs that are compared at a time, if they are of more than one text."""


@dataclass(frozen=True)
class Standing:
    """Where each of some texts stands: the rows of a table, in the order of the texts and of the passages."""

    texts: Numbers
    """The index of a text."""
    passages: Numbers
    """The number of a passage that holds it."""
    counts: Numbers
    """How often, overlapping occurrences left out."""
    size: int
    """How many texts there are."""

    @cached_property
    def _bounds(self) -> Numbers:
        """Where the rows of each text begin, and behind them where the last one's end."""
        return self.texts.searchsorted(np.arange(self.size + 1))

    def postings(self) -> Iterator[Postings]:
        """Of each text the passages, ascending, and the counts."""
        return ((self.passages[part], self.counts[part]) for part in self._parts())

    def scored(self, passages: Passages) -> Iterator[Scored]:
        """Of each text the passages, ascending, and what it gives as a typed text to the score of each."""
        weights = np.array([idf(held, passages.live_count) for held in np.diff(self._bounds).tolist()])
        scores = weights[self.texts] * saturation(self.counts.astype(np.float64), passages.norm[self.passages])
        return ((self.passages[part], scores[part]) for part in self._parts())

    def _parts(self) -> Iterator[slice]:
        return starmap(slice, pairwise(self._bounds.tolist()))


@dataclass(frozen=True, slots=True)
class _Pairs:
    """The pairs of unlike characters of some texts, which are listed wherever such a text stands."""

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
    """The rarest pair in a segment of each text that may stand there; a text of which a pair is missing stands nowhere."""

    pairs: Numbers
    """Indices in `_Pairs`."""
    numbers: Numbers
    """The segment's own numbers of the pairs."""
    sizes: Numbers
    """How many of its passages hold each."""

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
    """Where some folded texts (none empty) stand; deleted passages left out."""
    pairs = _Pairs.of(texts)
    rarest = [_Rarest.of(segment, pairs) for segment in passages.segments]
    held = sum((np.bincount(pairs.texts[one.pairs], one.sizes, len(texts)) for one in rarest), np.zeros(len(texts)))
    together = (np.bincount(pairs.texts, minlength=len(texts)) > 0) & (held <= FREQUENT * len(passages.segments))
    found = [_one_by_one(passages, texts, (~together).nonzero()[0])]
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
    return Standing(of_all[order], numbers, counts, len(texts))


def _one_by_one(passages: Passages, texts: Sequence[str], wanted: Numbers) -> Standing:
    """Of the texts, by their indices, whose pairs are frequent or which are runs of one character: few, and the cache has most of them."""
    lookup = Lookup(passages)
    found = [lookup.postings(texts[each]) for each in wanted.tolist()]
    sizes = np.array([len(numbers) for numbers, _ in found], np.int64)
    numbers, counts = zip(*found, strict=True) if found else ([wanted], [wanted])
    return Standing(wanted.repeat(sizes), np.concatenate(numbers), np.concatenate(counts).astype(np.int64), len(texts))


def _parts_of(chosen: Numbers, sizes: Numbers) -> list[Numbers]:
    """Indices in parts of which each has `TOGETHER` postings or fewer, if it is of more than one."""
    parts = sizes.cumsum() // TOGETHER
    return [chosen[parts == part] for part in np.unique(parts).tolist()]


def _occurrences(
    segment: SegmentFile, texts: Sequence[str], pairs: _Pairs, chosen: Numbers, numbers: Numbers
) -> tuple[Numbers, Numbers, Numbers]:
    """Where texts stand in a segment, each looked for where one of its pairs is; these pairs have these numbers there.

    Gives the indices of the texts, the segment's own numbers of the passages, and the offsets; in the order of these three.
    """
    own, passages, offsets = segment.offsets.occurrences(numbers)
    which, starts = pairs.texts[chosen][own], offsets - pairs.offsets[chosen][own]
    stands = segment.stand_each(passages, starts, texts, which).nonzero()[0]
    return which[stands], passages[stands], starts[stands]


def _counted(texts: Sequence[str], which: Numbers, passages: Numbers, starts: Numbers) -> Standing:
    """The rows of occurrences, which are in order."""
    lengths = np.array([len(text) for text in texts], np.int64)
    changes = (which[1:] != which[:-1]) | (passages[1:] != passages[:-1])
    firsts = np.concatenate(([True], changes))[: len(which)].nonzero()[0]
    counts = np.diff(firsts, append=len(which))
    overlaps = (~changes & (starts[1:] - starts[:-1] < lengths[which[1:]])).nonzero()[0]
    for row in np.unique(firsts.searchsorted(overlaps, "right") - 1).tolist():
        own = starts[firsts[row] : firsts[row] + counts[row]]
        counts[row] = len(leftmost(own.tolist(), int(lengths[which[firsts[row]]])))
    return Standing(which[firsts], passages[firsts], counts, len(texts))
