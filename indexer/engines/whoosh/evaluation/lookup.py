"""A typed text to the passages that hold it, and how often.

A text of one or two characters is a posting list. A longer one stands where the pairs that it consists of stand one behind the
other. Where a run of one character leaves doubt, or few passages are left, the folded text is read.
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
"""Stands for a field in the keys of what is known of a text that no field has as a term."""

READ = 16
"""Candidates whose texts are read whole, where no more are left."""

FEW = 50
"""Candidates for each segment in which some stand whose texts are looked at rather than looked up in one more list. Looking takes up to
half a microsecond for each, where its text was not read before; a list some ten in each segment."""

OF_A_LIST = 40
"""Passages of a list that are read in the time of one text."""

RARER = 4
"""A pair is looked up that need not be where it is so many times rarer than each that need be."""

SPARSE = 16
"""A list is searched in, not spread out over all passages, where it is so many times longer than what is looked for."""


class _Search(NamedTuple):
    """How a text of three characters or more is looked for."""

    text: str
    rarest: int
    """Where in it the pair begins that is looked up first."""
    others: list[tuple[int, int]]
    """Where the other pairs begin that it consists of, rarest first, each with about how many passages hold it."""
    listed: bool
    """Whether the first pair is listed wherever the text stands."""
    sure: bool
    """Whether the text stands wherever all these pairs do."""


class Lookup:
    """One query's texts, each looked up once."""

    def __init__(self, passages: Passages) -> None:
        self._passages = passages
        self._found: dict[str, Postings] = {}

    def postings(self, text: str) -> Postings:
        """The passages whose folded text holds `text`, and its leftmost non-overlapping occurrences in each."""
        if (found := self._found.get(text)) is None:
            field = _field_of(text)
            found = self._passages.occurrences.postings(field, text) if field else self._known_or_found(text)
            self._found[text] = found
        return found

    def scored(self, text: str) -> tuple[Numbers, NDArray[np.float64]]:
        """The passages whose folded text holds `text`, and what it gives to the score of each."""
        numbers, counts = self.postings(text)
        return numbers, self._passages.scores(_field_of(text) or TEXT, text, numbers, counts)

    def _known_or_found(self, text: str) -> Postings:
        """The same of a text that no field has as a term: looked up, or as the query before had it."""
        made = self._passages.made
        numbers, counts = made.known((TEXT, text)) or made.keep((TEXT, text), *self._look_up(text))
        return numbers, counts

    def _look_up(self, text: str) -> Postings:
        """The same of a text of three characters or more, by its pairs."""
        passages = self._passages
        listed = listed_pairs(text)
        offsets, sure = covering(listed, len(text))
        sizes = {offset: passages.occurrences.pair_size(text[offset : offset + 2]) for offset in sorted(listed) or offsets}
        # Between two words stands the rarest pair, often one that need not be looked up but leaves little to look for.
        rarest = min(sizes, key=lambda offset: sizes[offset] * (1 if offset in offsets else RARER))
        others = sorted((offset for offset in offsets if offset != rarest), key=sizes.__getitem__)
        search = _Search(text, rarest, [(offset, sizes[offset]) for offset in others], rarest in listed, sure)
        groups = passages.occurrences.groups(sizes[rarest] + sum(size for _, size in search.others[:1]))
        found = passages.threads.each(lambda within: self._searched(search, within), groups)
        numbers, counts = zip(*found, strict=True)
        return (numbers[0], counts[0]) if len(found) == 1 else (np.concatenate(numbers), np.concatenate(counts))

    def _searched(self, search: _Search, within: Mask | None) -> Postings:
        """What is found in some segments, or in all."""
        passages, text, rarest, sure = self._passages, search.text, search.rarest, search.sure
        occurrences = passages.occurrences
        # From here on: where it begins. The text itself begins so many characters before.
        starts = occurrences.starts(text[rarest : rarest + 2], within)
        for offset, size in search.others:
            if not len(starts):
                break
            segments = occurrences.segments_of(starts)
            held = int(np.count_nonzero(segments))
            # Compiled loops have looked one more list up sooner than the texts are looked at.
            if occurrences.compiled() is None and len(starts) <= FEW * held + size * held // (OF_A_LIST * len(segments)):
                sure = False
                break
            starts = occurrences.followed(starts, offset - rarest, text[offset : offset + 2], segments if held < len(segments) else None)
        if not sure and len(starts) > READ and search.listed:
            # The pair is listed wherever the text stands.
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
    """Offsets of pairs that a text (of two characters or more) consists of, and whether it stands wherever they all stand so.

    A pair of one character twice is left out where not everywhere it stands is listed (see `listed_pairs`); unless the text has no other.
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
    """Where the pairs begin that are listed wherever the text stands: of a run every second one is, counted from where it begins."""
    listed = set()
    run = 0
    for at, (one, other) in enumerate(pairwise(text)):
        # A run at the start of the text may have begun before.
        if one != other or (run > 0 and (at - run) % 2 == 0):
            listed.add(at)
        if one != other:
            run = at + 1
    return listed


def _by_passage(starts: Numbers) -> Postings:
    """The passages of starts (ascending), and how many each has."""
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
    """The indices of these numbers (ascending) that are among others (ascending), and those there; all are below `passages`."""
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
    """The value of each of these numbers (ascending) among others (ascending), 0 where it is not among them; all are below `passages`."""
    found = np.zeros(len(numbers), values.dtype)
    held, at = intersect(numbers, others, passages)
    found[held] = values[at]
    return found


def _field_of(text: str) -> str | None:
    """The field that has a text as a term, None for one that is longer."""
    return "bigrams" if len(text) == 2 else "chars" if len(text) == 1 else None
