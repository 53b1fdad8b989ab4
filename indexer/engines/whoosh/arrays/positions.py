"""Pairs of neighbouring characters: their posting lists, and the offset of each of their occurrences.

A longer text occurs where its pairs follow each other, so it is found without reading texts. The offsets of all occurrences (code points
from 0, stored as `places`) are in the order of lists and passages, as many for each as its count; the index of a list's first offset is
stored for every `EVERY`th list (`firsts`), and the counts of the lists in between give the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.arrays.files import ArrayFile, Ints, narrow
from indexer.engines.whoosh.arrays.postings import Lists, ListsReader, Numbers, list_arrays, pair_key
from indexer.joined import ranges, run_starts

EVERY = 16

START_BITS = 32
"""Bits for the offset of an occurrence in a start; the passage's number is in the bits above them."""
START_MASK = (1 << START_BITS) - 1


@dataclass(frozen=True, slots=True)
class PairLists:
    """The lists and offsets of pairs, in memory."""

    lists: Lists
    offsets: Numbers
    """The offset of each occurrence, in the order of the lists."""

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays to write, except for the pairs themselves."""
        lists = self.lists
        before = np.concatenate(([0], np.cumsum(lists.counts)))
        return {
            **list_arrays("bigrams", lists),
            "bigrams.places": narrow(self.offsets),
            "bigrams.firsts": narrow(before[lists.starts[:-1:EVERY]]),
        }


def pair_lists(codes: Numbers, owners: Numbers) -> PairLists:
    """The pairs in texts, given as code points with the passage of each, passage after passage.

    They are those of `indexer.analysis.words.bigrams`: in a run of one character every second pair.
    """
    first, second = codes[:-1], codes[1:]
    inside = owners[:-1] == owners[1:]
    alike = inside & (first == second)
    at = np.arange(len(first))
    run_start = np.maximum.accumulate(np.where(alike & ~np.concatenate(([False], alike[:-1])), at, 0)) if len(first) else at
    at = (inside & ~(alike & ((at - run_start) % 2 == 1))).nonzero()[0]
    # A pair of ranks fits together with an offset into 63 bits; a pair of code points would not.
    alphabet = np.bincount(codes).nonzero()[0]
    rank_of = np.zeros(int(codes.max(initial=0)) + 1, np.int64)
    rank_of[alphabet] = np.arange(len(alphabet))
    ranks = rank_of[codes]
    # Each of these arrays has a number for every code point of the batch, so none is kept longer than needed.
    del inside, alike, run_start
    bits = len(codes).bit_length()
    occurrences = ranks[at]
    occurrences *= len(alphabet)
    occurrences += ranks[at + 1]
    del ranks
    occurrences <<= bits
    occurrences |= at
    occurrences.sort()
    at = occurrences & ((1 << bits) - 1)
    occurrences >>= bits
    pairs = occurrences
    own = owners[at]
    begins = np.searchsorted(owners, np.arange(int(owners[-1]) + 1)) if len(owners) else owners
    postings = run_starts(pairs, own)
    listed = pairs[postings]
    terms = run_starts(listed)
    one, other = np.divmod(listed[terms], max(1, len(alphabet)))
    lists = Lists(
        keys=pair_key(alphabet[one], alphabet[other]),
        starts=np.append(terms, len(postings)),
        ids=own[postings],
        counts=np.diff(postings, append=len(at)),
    )
    return PairLists(lists, at - begins[own])


class OffsetsReader:
    """Reads the offsets of pairs in an open segment, by the pair's number."""

    def __init__(self, file: ArrayFile, lists: ListsReader) -> None:
        self._lists = lists
        self._offsets, self._firsts = file.lazy("bigrams.places"), file.lazy("bigrams.firsts")

    def check(self, pair: int) -> None:
        """Check all blocks that are read for a pair."""
        self._lists.check_large()
        OffsetsReader.gathered([(self, pair)])

    def occurrences(self, pairs: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        """The occurrences of pairs, given by their numbers, which may be repeated.

        Returns:
            For each occurrence the index of its pair in `pairs`, the passage, and the offset in it; sorted by these three.
        """
        lists, every = self._lists, pairs // EVERY
        starts, ends = lists.starts(pairs), lists.starts(pairs + 1)
        begins = lists.starts(every * EVERY)
        owners = np.arange(len(pairs))
        before = np.bincount(owners.repeat(starts - begins), lists.counts_at(ranges(begins, starts)), len(pairs)).astype(np.int64)
        postings = ranges(starts, ends)
        counts, own = lists.counts_at(postings), owners.repeat(ends - starts)
        first = self._firsts.at(every).astype(np.int64) + before
        offsets = self._offsets.at(ranges(first, first + np.bincount(own, counts, len(pairs)).astype(np.int64))).astype(np.int64)
        return own.repeat(counts), lists.ids_at(postings).repeat(counts), offsets

    @staticmethod
    def gathered(found: Sequence[tuple[OffsetsReader, int]]) -> tuple[list[Ints], Ints, list[Ints]]:
        """The postings and offsets of pairs in several segments (at least one), each given by its number there.

        Returns:
            For each pair the passages that contain it, ascending; the counts of all pairs, concatenated; and for each pair its offsets, as
            many as its counts say.
        """
        ids: list[Ints] = []
        counts: list[Ints] = []
        firsts: list[int] = []
        sizes: list[int] = []
        for reader, pair in found:
            every = pair // EVERY
            own, with_before, before = reader._lists.at_with_those_before(pair, every * EVERY)
            ids.append(own)
            counts.append(with_before)
            firsts.append(reader._firsts.view(every, every + 1)[every])
            sizes += (before, len(own))
        # Summing takes as long for a single segment as for all together, so it is done once.
        joined = counts[0] if len(counts) == 1 else np.concatenate(counts)
        parts = np.array(sizes)
        sums = np.add.reduceat(joined, parts.cumsum() - parts, dtype=np.int64)
        # For an empty range `reduceat` returns the element there instead of 0.
        starts = np.array(firsts) + np.where(parts[::2], sums[::2], 0)
        ranges = zip(starts.tolist(), (starts + sums[1::2]).tolist(), strict=True)
        offsets = [reader._offsets.numbers(start, end) for (reader, _), (start, end) in zip(found, ranges, strict=True)]
        of_pairs = [with_before[before:] for with_before, before in zip(counts, sizes[::2], strict=True)]
        return ids, of_pairs[0] if len(of_pairs) == 1 else np.concatenate(of_pairs), offsets
