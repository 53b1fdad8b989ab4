"""Where characters, pairs of neighbouring characters and words occur in a generation: the lists of all segments, joined."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache, partial
from weakref import proxy

import numpy as np

from indexer.engines.whoosh.arrays.columns import Mask
from indexer.engines.whoosh.arrays.files import Ints, concatenated
from indexer.engines.whoosh.arrays.positions import START_BITS, OffsetsReader
from indexer.engines.whoosh.arrays.postings import Numbers, Postings
from indexer.engines.whoosh.evaluation.alphabets import Alphabets, Numbered
from indexer.engines.whoosh.evaluation.compiled import CompiledLists, loops
from indexer.engines.whoosh.evaluation.made import MadeArrays
from indexer.engines.whoosh.evaluation.threads import groups
from indexer.engines.whoosh.segment.segments import SegmentFile

CACHED_SIZES = 16_384
"""Pairs of characters whose approximate number of passages stays cached."""

JUDGED = 4
"""Segments from which a pair's frequency is estimated; it decides which list is looked up first and changes no result."""

MERGED = 8
"""Ascending lists are merged if one is at most so many times longer than the other; otherwise the short one is searched in the long one."""


class Occurrences:
    """Where texts of one or two characters, and words, occur in the segments of one generation."""

    def __init__(self, segments: Sequence[SegmentFile], bases: Sequence[int], live: Mask, made: MadeArrays, *, large: bool) -> None:
        """`bases` are the numbers of the first passage of each segment, and the number of all passages; `live` says which are live.

        If the index is `large`, compiled loops are used for whatever they do faster.
        """
        self._segments, self._bases, self._live, self._made, self._large = segments, bases, live, made, large
        self._deletions = not live.all()
        self._compiled: CompiledLists | None = None
        # A cache of bound methods would make a reference cycle, which would keep the mapped files until it is collected.
        self.pair_size = lru_cache(CACHED_SIZES)(partial(Occurrences._pair_size, proxy(self)))

    def postings(self, field: str, term: str) -> Postings:
        """The passages that contain a term, ascending, and how often each does; deleted passages are left out."""
        numbers, counts = self._made.known((field, term)) or self._made.keep((field, term), *self._postings(field, term))
        return numbers, counts

    def groups(self, postings: int) -> list[Mask | None]:
        """The segments in groups for so many postings, see `threads.groups`."""
        return groups(len(self._segments), postings, compiled=self.compiled() is not None)

    @cached_property
    def _alphabets(self) -> Alphabets | None:
        return Alphabets([segment.characters for segment in self._segments]) if self._segments else None

    def _numbered_terms(self, field: str, term: str) -> Numbered:
        """The segments that have a term of a text field, each with the term's number there."""
        if field == "words":
            word = term.encode("utf-8", "surrogatepass")
            return [(at, number) for at, segment in enumerate(self._segments) if (number := segment.words.find(word)) is not None]
        if self._alphabets is None:
            return []
        return self._alphabets.char(term) if field == "chars" else self._alphabets.pair(term)

    def _postings(self, field: str, term: str) -> Postings:
        numbers, counts = (self._gathered_pair(term) if field == "bigrams" else None) or self._gathered(field, term)
        if self._deletions:
            alive = self._live[numbers]
            numbers, counts = numbers[alive], counts[alive]
        return numbers, counts

    def _gathered_pair(self, pair: str) -> Postings | None:
        compiled = self.compiled()
        return None if compiled is None or self._alphabets is None else compiled.postings(self._alphabets.possible(pair))

    def _gathered(self, field: str, term: str) -> Postings:
        """The passages that contain a term, ascending, and how often each does; deleted passages included."""
        terms = self._numbered_terms(field, term)
        if not terms:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        found = [self._segments[at].lists(field).at(number) for at, number in terms]
        ids, held = zip(*found, strict=True)
        return _numbered([self._bases[at] for at, _ in terms], ids), concatenated(held)

    @cached_property
    def _judged(self) -> tuple[list[SegmentFile], float]:
        """The largest segments, and how many times as many passages the whole index has."""
        largest = sorted(self._segments, key=lambda segment: -segment.passages)[:JUDGED]
        return largest, self._bases[-1] / max(1, sum(segment.passages for segment in largest))

    def _pair_size(self, pair: str) -> int:
        """About how many passages contain a pair, deleted ones included; estimated from the largest segments."""
        largest, times = self._judged
        return int(times * sum(segment.size("bigrams", pair) for segment in largest))

    def starts(self, pair: str, within: Mask | None = None) -> Numbers:
        """Where a pair begins, ascending: the number of the passage, shifted by `START_BITS`, plus the offset in it.

        In a run of one character every second pair counts. With `within`, there are no starts before the first or after the last
        of these segments; there may be some in segments between them.
        """
        if (compiled := self.compiled()) is not None and self._alphabets is not None:
            starts = compiled.starts(self._alphabets.possible(pair, within))
            return starts[self._live[starts >> START_BITS]] if self._deletions else starts
        cached = self._made.known(("starts", pair))
        if within is None:
            return (cached or self._made.keep(("starts", pair), self._starts(pair, None)))[0]
        if cached is None:
            return self._starts(pair, within)
        wanted = within.nonzero()[0]
        if not len(wanted):
            return cached[0][:0]
        first, last = cached[0].searchsorted(np.array([self._bases[wanted[0]], self._bases[wanted[-1] + 1]]) << START_BITS).tolist()
        return cached[0][first:last]

    def _starts(self, pair: str, within: Mask | None) -> Numbers:
        terms = self._alphabets.pair(pair, within) if self._alphabets else []
        if not terms:
            return np.empty(0, np.int64)
        ids, counts, offsets = OffsetsReader.gathered([(self._segments[at].offsets, number) for at, number in terms])
        numbers = _numbered([self._bases[at] for at, _ in terms], ids)
        starts: Numbers = (numbers << START_BITS).repeat(counts)
        starts += concatenated(offsets)
        return starts[self._live[numbers].repeat(counts)] if self._deletions else starts

    def followed(self, starts: Numbers, behind: int, pair: str, within: Mask | None = None) -> Numbers:
        """The starts (see `starts`) that have a pair `behind` characters further on; `within` are the segments of the starts."""
        if (compiled := self.compiled()) is not None and self._alphabets is not None:
            bounds = starts.searchsorted(self._first_starts)
            return compiled.followed(starts, bounds, behind, self._alphabets.possible(pair, within))
        return _with(starts, behind, self.starts(pair, within))

    def compiled(self) -> CompiledLists | None:
        """The compiled equivalent of these methods; None if it is not loaded, or the index too small for it."""
        if self._compiled is None and self._large and (loaded := loops()) is not None:
            self._compiled = CompiledLists(loaded, self._segments, self._bases)
        return self._compiled

    def segments_of(self, starts: Numbers) -> Mask:
        """The segments of some starts (see `starts`)."""
        bounds = starts.searchsorted(self._first_starts)
        return bounds[1:] > bounds[:-1]

    @cached_property
    def _first_starts(self) -> Numbers:
        """The first possible start of each segment, and the end of the last."""
        return np.array(self._bases) << START_BITS


def _with(starts: Numbers, behind: int, others: Numbers) -> Numbers:
    """The starts (ascending) that have one of the others (ascending) `behind` characters further on."""
    wanted = starts + behind
    if len(starts) * MERGED < len(others):
        return starts[others.take(others.searchsorted(wanted), mode="clip") == wanted]
    both = np.concatenate((wanted, others))
    # Two ascending runs are quick to merge by a stable sort.
    both.sort(kind="stable")
    found = both[(both[1:] == both[:-1]).nonzero()[0]]
    found -= behind
    return found


def _numbered(bases: Sequence[int], ids: Sequence[Ints]) -> Numbers:
    """Passage numbers from the ids within each segment and the segments' first numbers."""
    numbers = np.empty(sum(map(len, ids)), np.int64)
    end = 0
    for base, own in zip(bases, ids, strict=True):
        first, end = end, end + len(own)
        np.add(own, base, out=numbers[first:end], dtype=np.int64)
    return numbers
