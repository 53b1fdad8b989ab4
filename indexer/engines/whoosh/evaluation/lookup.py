"""Looks up the passages that contain a typed text, and how often.

A text of one or two characters has a posting list. A longer one occurs where the pairs that it consists of follow each other. Where a
run of one character leaves doubt, or few passages are left, the folded texts are read.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.arrays.columns import Mask
from indexer.engines.whoosh.arrays.positions import START_BITS
from indexer.engines.whoosh.arrays.postings import Numbers, Postings
from indexer.engines.whoosh.evaluation.passages import Passages
from indexer.matching import leftmost

Number = TypeVar("Number", bound=np.generic)

TEXT = "text"
"""Replaces the field name in cache keys of texts longer than a term."""

READ = 16
"""With at most so many candidates left, their texts are read whole."""

FEW = 50
"""With at most so many candidates per segment that has any, their texts are checked instead of looking up another list. Checking takes up
to half a microsecond per candidate whose text was not read before; a list takes some ten in each segment."""

OF_A_LIST = 40
"""Entries of a posting list that are read in the time of checking one text."""

RARER = 4
"""A pair that is not needed is looked up first if it is so many times rarer than every needed one."""

SPARSE = 16
"""A list that is so many times longer than what is looked up in it is searched by bisection, not spread out over all passages."""


class _Search(NamedTuple):
    """The plan for looking up a text of three characters or more."""

    text: str
    rarest: int
    """The offset in the text of the pair that is looked up first."""
    others: list[tuple[int, int]]
    """The offsets of the other pairs, rarest first, each with the approximate number of passages that contain it."""
    listed: bool
    """Whether the first pair is listed wherever the text occurs."""
    sure: bool
    """Whether the text occurs wherever all these pairs do."""


class Lookup:
    """Looks up the texts of one query, each once."""

    def __init__(self, passages: Passages) -> None:
        self._passages = passages
        self._found: dict[str, Postings] = {}

    def postings(self, text: str) -> Postings:
        """The passages whose folded text contains `text`, and its number of leftmost non-overlapping occurrences in each."""
        if (found := self._found.get(text)) is None:
            field = _field_of(text)
            found = self._passages.occurrences.postings(field, text) if field else self._known_or_found(text)
            self._found[text] = found
        return found

    def scored(self, text: str) -> tuple[Numbers, NDArray[np.float64]]:
        """The passages whose folded text contains `text`, and its share of each one's score."""
        numbers, counts = self.postings(text)
        return numbers, self._passages.scores(_field_of(text) or TEXT, text, numbers, counts)

    def _known_or_found(self, text: str) -> Postings:
        """The postings of a text longer than a term: cached by an earlier query, or looked up."""
        made = self._passages.made
        numbers, counts = made.known((TEXT, text)) or made.keep((TEXT, text), *self._look_up(text))
        return numbers, counts

    def _look_up(self, text: str) -> Postings:
        """The postings of a text of three characters or more, by its pairs."""
        passages = self._passages
        listed = listed_pairs(text)
        offsets, sure = covering(listed, len(text))
        sizes = {offset: passages.occurrences.pair_size(text[offset : offset + 2]) for offset in sorted(listed) or offsets}
        # The rarest pair is often that between two words: even if it is not needed, it leaves little to search.
        rarest = min(sizes, key=lambda offset: sizes[offset] * (1 if offset in offsets else RARER))
        others = sorted((offset for offset in offsets if offset != rarest), key=sizes.__getitem__)
        search = _Search(text, rarest, [(offset, sizes[offset]) for offset in others], rarest in listed, sure)
        groups = passages.occurrences.groups(sizes[rarest] + sum(size for _, size in search.others[:1]))
        found = passages.threads.each(lambda within: self._searched(search, within), groups)
        numbers, counts = zip(*found, strict=True)
        return (numbers[0], counts[0]) if len(found) == 1 else (np.concatenate(numbers), np.concatenate(counts))

    def _searched(self, search: _Search, within: Mask | None) -> Postings:
        """The postings in the segments `within`, or in all."""
        passages, text, rarest, sure = self._passages, search.text, search.rarest, search.sure
        occurrences = passages.occurrences
        # From here on, `starts` are those of the rarest pair; the text begins `rarest` characters earlier.
        starts = occurrences.starts(text[rarest : rarest + 2], within)
        for offset, size in search.others:
            if not len(starts):
                break
            segments = occurrences.segments_of(starts)
            held = int(np.count_nonzero(segments))
            # Compiled loops look up another list faster than the texts can be checked.
            if occurrences.compiled() is None and len(starts) <= FEW * held + size * held // (OF_A_LIST * len(segments)):
                sure = False
                break
            starts = occurrences.followed(starts, offset - rarest, text[offset : offset + 2], segments if held < len(segments) else None)
        if not sure and len(starts) > READ and search.listed:
            # The pair is listed wherever the text occurs, so no occurrence is missed.
            starts, sure = passages.standing(starts, rarest, text), True
        if text[0] in text[1:] and (starts[1:] - starts[:-1] < len(text)).any():
            starts = np.array([start for start, _ in leftmost(starts.tolist(), len(text))], np.int64)
        numbers, counts = _by_passage(starts)
        if not sure:
            for pair in {one + other for one, other in pairwise(text) if one == other}:
                numbers = numbers[among(numbers, occurrences.postings("bigrams", pair)[0], passages.count)]
            counts = passages.counts_in(numbers, text)
            held_in = counts.nonzero()[0]
            numbers, counts = numbers[held_in], counts[held_in]
        return numbers, counts


def covering(listed: set[int], length: int) -> tuple[list[int], bool]:
    """Offsets of pairs that cover a text (of two characters or more), and whether the text occurs wherever they all do.

    A doubled character is left out unless it is always listed (see `listed_pairs`) or the text has no other pair.
    """
    offsets: list[int] = []
    sure = True
    at, last = 0, length - 1
    while at <= last:
        if at in listed:
            offsets.append(at)
            at += 1
        elif at - 1 in listed:
            offsets.append(at - 1)
        else:
            sure = False
        at += 1
    return offsets or [0], sure


def listed_pairs(text: str) -> set[int]:
    """The offsets of pairs that are listed wherever the text occurs: in a run of one character, every second pair from the run's start."""
    listed = set()
    run = 0
    for at, (one, other) in enumerate(pairwise(text)):
        # A run at the start of the text may have begun before it.
        if one != other or (run > 0 and (at - run) % 2 == 0):
            listed.add(at)
        if one != other:
            run = at + 1
    return listed


def _by_passage(starts: Numbers) -> Postings:
    """The passages of some starts (ascending), and how many starts each has."""
    numbers = starts >> START_BITS
    begins = np.empty(len(numbers) + 1, np.bool_)
    begins[0] = begins[-1] = True
    np.not_equal(numbers[1:], numbers[:-1], out=begins[1:-1])
    at = begins.nonzero()[0]
    return numbers[at[:-1]], at[1:] - at[:-1]


def among(numbers: Numbers, others: Numbers, passages: int) -> NDArray[np.bool_]:
    """Which of these numbers (ascending) are among others (ascending); all are below `passages`."""
    if len(numbers) * SPARSE < len(others):
        return others.take(others.searchsorted(numbers), mode="clip") == numbers
    spread = np.zeros(passages, np.bool_)
    spread[others] = True
    return spread[numbers]


def intersect(numbers: Numbers, others: Numbers, passages: int) -> tuple[Numbers, Numbers]:
    """The indices in `numbers` and in `others`, both ascending, of the numbers that they have in common; all are below `passages`."""
    if len(numbers) * SPARSE < len(others):
        at = others.searchsorted(numbers)
        # With no others there is nothing to take from.
        held = (others.take(at, mode="clip") == numbers).nonzero()[0] if len(others) else at[:0]
        return held, at[held]
    held = among(numbers, others, passages).nonzero()[0]
    both = numbers[held]
    if len(both) * SPARSE < len(others):
        return held, others.searchsorted(both)
    spread = np.zeros(passages, np.bool_)
    spread[both] = True
    return held, spread[others].nonzero()[0]


def aligned(others: Numbers, values: NDArray[Number], numbers: Numbers, passages: int) -> NDArray[Number]:
    """For each of `numbers`, its value in `values`, which belong to `others` (both ascending, below `passages`); 0 where it is missing."""
    found = np.zeros(len(numbers), values.dtype)
    held, at = intersect(numbers, others, passages)
    found[held] = values[at]
    return found


def _field_of(text: str) -> str | None:
    """The field that has a text as a term, None for a longer text."""
    return "bigrams" if len(text) == 2 else "chars" if len(text) == 1 else None
