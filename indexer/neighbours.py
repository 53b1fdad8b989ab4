"""Finds the words near the occurrences of a query, in many texts at once: by array operations over the positions where words begin.

Most indexes store these positions. In other texts, the clauses near an occurrence are segmented, which takes most of the time; they are
cached for the next term, page or view. Apart from this cache, everything is pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from sys import getsizeof
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.words import MARKS
from indexer.joined import END, JoinedTexts, Mask, Numbers, Spans, ranges
from indexer.wordlists import LEAST_TOGETHER, MOST_WORDS, WINDOW, is_listed

CUT_CACHED = 48_000_000
"""Bytes of cached clauses; when there are more, the cache is emptied."""
ENTRY = 120
"""Bytes of a cached clause besides its text and its word beginnings."""
CUT_TOGETHER = 200_000
"""Approximate number of code points that are segmented at once."""

_IS_MARK = np.zeros(0x110000, np.bool_)
_IS_MARK[[ord(mark) for mark in MARKS + END]] = True
"""Which code points are punctuation. A word depends only on the clause between two punctuation marks."""
_BETWEEN = "\n"
"""Separates clauses that are segmented together; no clause contains it."""

PART = 200_000
"""Approximate number of code points that are processed at once."""

Keys = NDArray[np.uint64]
_NONE = np.empty(0, np.int64)
_SLOT_BITS = 16
_SLOTS = 1 << _SLOT_BITS
_ODD = 0x9E3779B97F4A7C15
_FREE = np.uint64(0xFFFFFFFFFFFFFFFF)
"""The key of no word, since no word contains `END`."""


@dataclass(frozen=True, slots=True)
class WordBegins:
    """Where the words of joined texts begin."""

    begins: Mask
    """For each position, including those of terminators, whether a word begins there; true throughout a text for which it is unknown."""
    known: Mask
    """For each text, whether its word beginnings are known."""


@dataclass(frozen=True, slots=True)
class NearWords:
    """The words of two or more code points near occurrences, and the texts in which they are near one."""

    words: Sequence[str]
    """The words by number."""
    numbers: NDArray[np.int32]
    """The number of a word, once for each word and text; ascending."""
    texts: NDArray[np.int32]
    """The numbers of the texts, parallel to `numbers`."""
    holding: int
    """How many texts have an occurrence."""

    def texts_of(self, number: int) -> NDArray[np.int32]:
        """The texts in which the word of this number is near an occurrence."""
        # Of the same type, or all numbers would be converted.
        own = np.int32(number)
        return self.texts[self.numbers.searchsorted(own) : self.numbers.searchsorted(own, "right")]

    def commonest(self) -> tuple[list[int], Numbers]:
        """The numbers of the words found in the most texts, and how many texts these are.

        At most `MOST_WORDS` words, only those that may be listed and are in at least `LEAST_TOGETHER` texts.
        """
        counts = np.bincount(self.numbers)
        frequent = np.array([at for at in np.flatnonzero(counts >= LEAST_TOGETHER).tolist() if is_listed(self.words[at])], np.int64)
        if len(frequent) > MOST_WORDS:
            # Keep all that tie with the last one: their spelling decides between them.
            frequent = frequent[counts[frequent] >= np.partition(counts[frequent], -MOST_WORDS)[-MOST_WORDS]]
        order = sorted(frequent.tolist(), key=lambda at: (-counts[at], self.words[at]))[:MOST_WORDS]
        return order, counts[order]


class CutTexts:
    """Finds the words near occurrences and caches the clauses segmented last. Safe to share between threads."""

    def __init__(self, cut: Callable[[str], Iterable[str]]) -> None:
        """`cut` returns the words of a text; joined, they are the text."""
        self._cut = cut
        self._held: dict[str, bytes] = {}
        """By clause: for each of its code points, whether a word begins there."""
        self._size = 0

    def near(self, joined: JoinedTexts, spans: Spans, known: WordBegins | None = None) -> NearWords:
        """The words with at most `WINDOW` code points between them and an occurrence that do not overlap any occurrence.

        Args:
            joined: Folded texts.
            spans: The occurrences in them, in order and without overlaps.
            known: Where words begin; None if that is known of no text.
        """
        begins = self._begins(joined, spans, known)
        different, found, holding = _Different(), [_NONE], 0
        for first, part in _parts(joined, spans, begins):
            left, right = part.words_near()
            owners = part.texts()
            numbers = different.numbers(joined, left + first, right + first)
            found.append(numbers * joined.count + owners[left])
            holding += int(np.count_nonzero(np.diff(owners[part.starts], prepend=-1)))
        pairs = np.concatenate(found)
        # Sorted here: np.unique builds a hash table, which takes ten times as long.
        pairs.sort()
        pairs = pairs[_first_of_equals(pairs)]
        numbers, texts = np.divmod(pairs, max(joined.count, 1))
        is_first = _first_of_equals(numbers)
        words = joined.between_bounds(*different.places(numbers[is_first]))
        return NearWords(words, (is_first.cumsum() - 1).astype(np.int32), texts.astype(np.int32), holding)

    def _begins(self, joined: JoinedTexts, spans: Spans, known: WordBegins | None) -> Mask:
        """Where words begin; accurate only where words may be near an occurrence."""
        if known is not None and known.known.all():
            return known.begins
        begins = np.ones(len(joined.codes), np.bool_) if known is None else known.begins.copy()
        starts, ends = spans
        if known is not None:
            unknown = ~known.known[joined.text_of(starts)]
            starts, ends = starts[unknown], ends[unknown]
        firsts, lasts = _clauses_near(joined, (starts, ends))
        begins[ranges(firsts, lasts)] = np.frombuffer(self._begins_of(joined.between_bounds(firsts, lasts)), np.bool_)
        return begins

    def _begins_of(self, clauses: list[str]) -> bytes:
        """For each code point of these clauses in sequence, whether a word begins there; new clauses are segmented."""
        if self._size > CUT_CACHED:
            self._held, self._size = {}, 0
        # Threads that add the same clause add the same value; a thread may go on with a dictionary that has been replaced.
        held = self._held
        for batch in _batches(list(dict.fromkeys(clause for clause in clauses if clause not in held))):
            lengths = np.fromiter(map(len, self._cut(_BETWEEN.join(batch))), np.int64)
            begins = np.zeros(int(lengths.sum()), np.bool_)
            begins[lengths.cumsum() - lengths] = True
            content, first = begins.tobytes(), 0
            for clause in batch:
                held[clause] = content[first : first + len(clause)]
                first += len(clause) + len(_BETWEEN)
            self._size += sum(map(getsizeof, batch)) + len(content) + ENTRY * len(batch)
        return b"".join([held[clause] for clause in clauses])


def _clauses_near(joined: JoinedTexts, spans: Spans) -> Spans:
    """The bounds of the clauses with a word that may be near an occurrence: all of two code points or more, and perhaps some others."""
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


@dataclass(frozen=True, slots=True)
class _Part:
    """Consecutive texts of many joined ones, with the occurrences in them. Positions are relative to the first of these texts."""

    codes: NDArray[Any]
    begins: Mask
    starts: Numbers
    ends: Numbers
    first: int
    """The number of the first text."""
    sizes: Numbers
    """Of the texts, see `JoinedTexts.sizes`."""

    def texts(self) -> Numbers:
        """The number of the text at each position."""
        return np.arange(self.first, self.first + len(self.sizes)).repeat(self.sizes)

    def words_near(self) -> Spans:
        """The words of two code points or more that are near an occurrence in the same text and do not overlap any."""
        # Scanning arrays with a byte per position is faster than searching positions in each other.
        left = np.flatnonzero(self.begins[:-1] > self.begins[1:])
        right = np.flatnonzero(self.begins[1:] > self.begins[:-1]) + 1
        inside = np.ones(len(self.begins), np.bool_)
        inside[self.sizes.cumsum() - self.sizes] = False
        before, behind, covered = np.zeros((3, len(self.begins)), np.bool_)
        before[self.starts], behind[self.ends], covered[ranges(self.starts, self.ends)] = True, True, True
        for _ in range(WINDOW):
            before[:-1] |= before[1:] & inside[1:]
            behind[1:] |= behind[:-1] & inside[1:]
        near = np.flatnonzero(behind[left] | before[right])
        left, right = left[near], right[near]
        # Each flag covers its position and the next one, so two look-ups suffice for four code points.
        covered[:-1] |= covered[1:]
        apart = ~(covered[left] | covered[right - 2])
        longer, offset = np.flatnonzero(right - left > 4), 2
        while len(longer):
            apart[longer] &= ~covered[left[longer] + offset]
            offset += 2
            longer = longer[right[longer] - left[longer] > offset + 2]
        return left[apart], right[apart]


def _parts(joined: JoinedTexts, spans: Spans, begins: Mask) -> Iterator[tuple[int, _Part]]:
    """Joined texts in parts, each with its position; parts without an occurrence are left out.

    In parts, because data in the processor's cache is processed in half the time.
    """
    starts, ends = spans
    firsts = np.flatnonzero(np.diff(joined.begins // PART, prepend=-1)).tolist()
    for first, last in pairwise([*firsts, joined.count]):
        here = slice(int(joined.begins[first]), int(joined.begins[last]) if last < joined.count else len(begins))
        own = slice(*starts.searchsorted((here.start, here.stop)))
        if own.start < own.stop:
            positions = starts[own] - here.start, ends[own] - here.start
            yield here.start, _Part(joined.codes[here], begins[here], *positions, first, joined.sizes[first:last])


class _Different:
    """Numbers the different words of joined texts, and keeps one place of each."""

    def __init__(self) -> None:
        self._tables: list[tuple[Keys, Numbers, Numbers]] = []
        """For each slot a key, and where a word with this key begins and ends."""
        self._longer: dict[str, int] = {}
        """The words of more than eight bytes, numbered by themselves."""

    def numbers(self, joined: JoinedTexts, starts: Numbers, ends: Numbers) -> Numbers:
        """The number of each of the words between these bounds (ascending): below a few hundred thousand, equal only for equal words."""
        keys = self._keys(joined, starts, ends)
        numbers = np.empty(len(keys), np.int64)
        own, tried = np.arange(len(keys)), 0
        # Each key is hashed to a slot, which one key keeps; the others are hashed again, to another table with another factor.
        while len(own):
            if tried == len(self._tables):
                self._tables.append((np.full(_SLOTS, _FREE), np.zeros(_SLOTS, np.int64), np.zeros(_SLOTS, np.int64)))
            held, first, last = self._tables[tried]
            factor = np.uint64(pow(_ODD, tried + 1, 1 << 64))
            slots = (keys * factor >> np.uint64(64 - _SLOT_BITS)).astype(np.int64)
            numbers[own] = slots + tried * _SLOTS
            others = np.flatnonzero(held[slots] != keys)
            new = others[held[slots[others]] == _FREE]
            held[slots[new]], first[slots[new]], last[slots[new]] = keys[new], starts[own[new]], ends[own[new]]
            others = others[held[slots[others]] != keys[others]]
            own, keys, tried = own[others], keys[others], tried + 1
        return numbers

    def _keys(self, joined: JoinedTexts, starts: Numbers, ends: Numbers) -> Keys:
        """A key for each word: its bytes; if these are more than eight, its number after the code of `END`, with which no word begins."""
        codes, lengths = joined.codes, ends - starts
        bits = 8 * codes.itemsize
        masks = np.array([(1 << bits * count) - 1 for count in range(64 // bits + 1)], np.uint64)
        keys: Keys = _eights(codes, starts) & masks.take(lengths, mode="clip")
        longer = np.flatnonzero(lengths > 64 // bits)
        words = joined.between_bounds(starts[longer], ends[longer])
        own = [self._longer.setdefault(word, len(self._longer)) for word in words]
        keys[longer] = (np.array(own, np.uint64) << np.uint64(bits)) + np.uint64(ord(END))
        return keys

    def places(self, numbers: Numbers) -> Spans:
        """A place of the word of each number."""
        tables, slots = np.divmod(numbers, _SLOTS)
        found = np.zeros((2, len(numbers)), np.int64)
        for at, (_, first, last) in enumerate(self._tables):
            own = np.flatnonzero(tables == at)
            found[:, own] = first[slots[own]], last[slots[own]]
        return found[0], found[1]


def _first_of_equals(numbers: Numbers) -> Mask:
    """Which of these numbers (ascending) are not equal to the one before."""
    firsts = np.ones(len(numbers), np.bool_)
    np.not_equal(numbers[1:], numbers[:-1], out=firsts[1:])
    return firsts


def _eights(codes: NDArray[Any], starts: Numbers) -> Keys:
    """The eight bytes at each of these positions (ascending) as a number; zeros follow the last code."""
    if not len(starts):
        return np.empty(0, np.uint64)
    first, last = int(starts[0]), int(starts[-1])
    content = codes[first : last + 8].tobytes() + bytes(8)
    return np.ndarray(last + 1 - first, "<u8", content, strides=(codes.itemsize,))[starts - first]
