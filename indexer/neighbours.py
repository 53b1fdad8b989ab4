"""Which words stand near the occurrences of a query, in many texts at once. Pure but for the clauses that stay cut.

Cutting takes most of the time, so clauses with nothing near are never cut, and those that were stay so for the next term, page or view.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, count, islice, pairwise
from sys import getsizeof

import numpy as np
from numpy.typing import NDArray

from indexer.joined import END, JoinedTexts, Mask, Numbers, Spans
from indexer.wordlists import LEAST_TOGETHER, MOST_WORDS, WINDOW, is_listed

CUT_CACHED = 48_000_000
"""Bytes of clauses and words that stay; where they take more, all begins anew."""
ENTRY = 120
"""Bytes of a clause or word beside its text."""
CUT_TOGETHER = 200_000
"""Code points, about, whose words are numbered at once."""

_MARKS = ',。;、:!?()《》“”‘’"\n ' + END
"""No word spans one of these, whatever the segmenter, so a word depends on the clause between two of them and on nothing else."""
_IS_MARK = np.zeros(0x110000, np.bool_)
_IS_MARK[[ord(mark) for mark in _MARKS]] = True
_BETWEEN = "\n"
"""A mark that no clause holds: between clauses that are cut together."""
_LENGTH_BITS, _NUMBER_BITS = 10, 24
"""Of a word where it stands: no segmenter gives one of more than 1,000 code points, see `indexer.analysis.words`; above them its offset."""


@dataclass(frozen=True, slots=True)
class NearWords:
    """Which listed words stand near occurrences, in which texts."""

    words: Sequence[str]
    """By their numbers; more may stand there than were found."""
    numbers: NDArray[np.int32]
    """Of the words, for each word and text once; ascending."""
    texts: NDArray[np.int32]
    """Of the texts."""
    holding: int
    """Texts with an occurrence."""

    def texts_of(self, number: int) -> NDArray[np.int32]:
        """The texts in which the word of a number stands near an occurrence."""
        return self.texts[self.numbers.searchsorted(number) : self.numbers.searchsorted(number, "right")]

    def commonest(self) -> tuple[list[int], Numbers]:
        """The numbers of the words with most texts and how many these are, at most `MOST_WORDS`, each with at least `LEAST_TOGETHER`."""
        counts = np.bincount(self.numbers)
        frequent = np.flatnonzero(counts >= LEAST_TOGETHER)
        if len(frequent) > MOST_WORDS:
            # All that are as frequent as the last one stay: their texts decide between equals.
            frequent = frequent[counts[frequent] >= np.partition(counts[frequent], -MOST_WORDS)[-MOST_WORDS]]
        order = sorted(frequent.tolist(), key=lambda at: (-counts[at], self.words[at]))[:MOST_WORDS]
        return order, counts[order]


class _Clauses:
    """Clauses that were cut, and the listed words of each: of a word its offset, its number and its length in one integer."""

    def __init__(self, cut: Callable[[str], Iterable[str]]) -> None:
        self._cut = cut
        self.words: list[str] = []
        """By their numbers."""
        self.size = 0
        """Bytes that all takes, about."""
        self._listed = bytearray()
        self._numbers: dict[str, int] = defaultdict(count().__next__)
        self._clauses: dict[str, int] = defaultdict(count().__next__)
        self._packed = np.zeros(0, np.int64)
        self._bounds = np.zeros(1, np.int64)
        """Where the words of each clause begin among all."""
        self._lock = threading.Lock()

    def words_of(self, clauses: list[str]) -> tuple[Numbers, Numbers]:
        """The listed words of these clauses, one clause behind the other, and how many each has; new ones are cut."""
        # Two threads that give numbers at once could give the same one to two clauses or words.
        with self._lock:
            numbers = np.fromiter(map(self._clauses.__getitem__, clauses), np.int64, len(clauses))
            if new := list(islice(self._clauses, len(self._bounds) - 1, None)):
                self._add(new)
            packed, bounds = self._packed, self._bounds
        firsts = bounds[numbers]
        sizes = bounds[numbers + 1] - firsts
        return packed[np.repeat(firsts - (sizes.cumsum() - sizes), sizes) + np.arange(sizes.sum())], sizes

    def _add(self, clauses: list[str]) -> None:
        """Cut clauses and put their words behind those of the others."""
        packed, sizes = zip(*map(self._anew, _batches(clauses)), strict=True)
        self._packed = np.concatenate([self._packed, *packed])
        self._bounds = np.concatenate([self._bounds, self._bounds[-1] + np.concatenate(sizes).cumsum()])
        self.size += sum(map(getsizeof, clauses)) + ENTRY * len(clauses) + sum(part.nbytes for part in packed)

    def _anew(self, clauses: list[str]) -> tuple[Numbers, Numbers]:
        """The listed words of clauses that are to be cut, and how many each has."""
        words = list(self._cut(_BETWEEN.join(clauses)))
        lengths = np.fromiter(map(len, words), np.int64, len(words))
        starts = lengths.cumsum() - lengths
        # Nothing of one code point is listed, and most words have no more.
        longer = np.flatnonzero(lengths > 1)
        numbers, listed = self._numbered(list(compress(words, (lengths > 1).tolist())))
        longer, numbers = longer[listed], numbers[listed]
        sizes = np.fromiter(map(len, clauses), np.int64, len(clauses)) + len(_BETWEEN)
        begins = sizes.cumsum() - sizes
        owners = begins.searchsorted(starts[longer], "right") - 1
        packed = ((starts[longer] - begins[owners]) << _NUMBER_BITS | numbers) << _LENGTH_BITS | lengths[longer]
        return packed, np.bincount(owners, minlength=len(clauses))

    def _numbered(self, words: list[str]) -> tuple[Numbers, Mask]:
        """The number of each word, and which of them are listed."""
        numbers = np.fromiter(map(self._numbers.__getitem__, words), np.int64, len(words))
        new = list(islice(self._numbers, len(self.words), None))
        self.words += new
        self._listed += bytes(map(is_listed, new))
        self.size += sum(map(getsizeof, new)) + ENTRY * len(new)
        return numbers, np.frombuffer(bytes(self._listed), np.bool_)[numbers]


class CutTexts:
    """The words of the clauses that were cut last. Safe to share between threads."""

    def __init__(self, cut: Callable[[str], Iterable[str]]) -> None:
        """`cut` gives the words of a text, which joined give it back."""
        self._cut = cut
        self._held = _Clauses(cut)

    def near(self, joined: JoinedTexts, spans: Spans) -> NearWords:
        """The words with at most `WINDOW` code points between them and an occurrence, and that overlap none.

        Args:
            joined: Folded texts.
            spans: The occurrences in them, in order and apart.
        """
        if self._held.size > CUT_CACHED:
            self._held = _Clauses(self._cut)
        held = self._held
        begins, ends = _clauses_near(joined, spans)
        packed, sizes = held.words_of(joined.between_bounds(begins, ends))
        left = np.repeat(begins, sizes) + (packed >> _LENGTH_BITS + _NUMBER_BITS)
        owners = joined.text_of(left).astype(np.int64)
        near = np.flatnonzero(_are_near(joined, owners, left, left + (packed & ((1 << _LENGTH_BITS) - 1)), spans))
        numbers = packed[near] >> _LENGTH_BITS & ((1 << _NUMBER_BITS) - 1)
        # Sorted here: np.unique puts what it finds into a table of hashes, which takes ten times as long.
        pairs = np.sort(numbers * max(joined.count, 1) + owners[near])
        pairs = pairs[np.flatnonzero(np.diff(pairs, prepend=-1))]
        holding = np.count_nonzero(np.diff(joined.text_of(spans[0]), prepend=-1))
        words, texts = (found.astype(np.int32) for found in np.divmod(pairs, max(joined.count, 1)))
        return NearWords(held.words, words, texts, int(holding))


def _clauses_near(joined: JoinedTexts, spans: Spans) -> Spans:
    """Where the clauses stand that a word near an occurrence may stand in: all of two code points or more, and perhaps some others."""
    starts, ends = spans
    marks = np.flatnonzero(_IS_MARK[joined.codes])
    first = marks.searchsorted(np.maximum(starts - WINDOW - 1, 0))
    last = marks.searchsorted(np.minimum(ends + WINDOW, len(joined.codes) - 1))
    steps = np.bincount(first, minlength=len(marks) + 1) - np.bincount(last + 1, minlength=len(marks) + 1)
    chosen = np.flatnonzero(steps.cumsum())
    left, right = np.concatenate(([-1], marks))[chosen] + 1, marks[chosen]
    longer = right - left > 1
    return left[longer], right[longer]


def _batches(clauses: list[str]) -> Iterator[list[str]]:
    ends = np.fromiter(map(len, clauses), np.int64, len(clauses)).cumsum()
    bounds = np.flatnonzero(np.diff(ends // CUT_TOGETHER, prepend=0)).tolist()
    for first, last in pairwise([0, *bounds, len(clauses)]):
        if first < last:
            yield clauses[first:last]


def _are_near(joined: JoinedTexts, owners: Numbers, left: Numbers, right: Numbers, spans: Spans) -> Mask:
    """Which words (their texts and bounds) stand near an occurrence of the same text, and overlap none."""
    starts, ends = spans
    if not (len(starts) and len(left)):
        return np.zeros(len(left), np.bool_)
    occurring, last = joined.text_of(starts), len(starts) - 1
    after = starts.searchsorted(right)
    following, preceding = np.minimum(after, last), np.maximum(after - 1, 0)
    is_before = (after <= last) & (starts[following] - right <= WINDOW) & (occurring[following] == owners)
    gaps = left - ends[preceding]
    is_behind = (after > 0) & (gaps <= WINDOW) & (occurring[preceding] == owners)
    # What begins last before a word ends overlaps it, or nothing does.
    near: Mask = (is_before | is_behind) & ((after == 0) | (gaps >= 0))
    return near
