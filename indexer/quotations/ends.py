"""Where parts of texts should begin and end to be most similar to a quotation, for thousands of parts at a time. Pure.

The number of characters that a quotation and a growing stretch have in common in order is counted in the bits of an integer, one bit
for each character of the quotation (Hyyrö, Bit-parallel LCS-length computation revisited, 2004). So all ends of a part are tried in
one pass over it, and each numpy operation advances all parts by a character.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.matching import Span

MOVED = 8
"""By how many characters the ends of a part are moved to find the best fit."""
_TRIED = 2 * MOVED + 1
_TOGETHER = 8_000
"""Characters of quotations whose parts are processed together; a table says what each character is in each of them."""
_WORD = 64
_CODES = 0x110000

Numbers = NDArray[np.int64]
Scores = NDArray[np.float64]


class Part(NamedTuple):
    """A part of a text that is similar to a quotation; neither is empty."""

    typed: str
    """The quotation."""
    text: str
    start: int
    end: int


def best_ends(parts: Sequence[Part]) -> list[tuple[Span, float]]:
    """For each part, the best ends within `MOVED` characters, and its similarity with them, 0 to 100 (`rapidfuzz.fuzz.ratio`).

    First the start is moved, then the end, then the start again. Of equally good starts the last is taken, of ends the first.
    Characters of a quotation that were left out or doubled move an end.
    """
    found: list[tuple[Span, float]] = [((part.start, part.end), 0.0) for part in parts]
    for numbers in _together(parts):
        for number, best in zip(numbers, _Moving([parts[number] for number in numbers]).best(), strict=True):
            found[number] = best
    return found


def _together(parts: Sequence[Part]) -> Iterator[list[int]]:
    """The indices of parts to process together, long quotations first: a batch takes as many steps as its longest part."""
    by_typed: dict[str, list[int]] = {}
    for number, part in enumerate(parts):
        by_typed.setdefault(part.typed, []).append(number)
    numbers: list[int] = []
    size = 0
    for typed in sorted(by_typed, key=len, reverse=True):
        if numbers and size + len(typed) > _TOGETHER:
            yield numbers
            numbers, size = [], 0
        numbers += by_typed[typed]
        size += len(typed)
    if numbers:
        yield numbers


class _Moving:
    """Parts whose ends are moved together."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._starts = np.array([part.start for part in parts])
        self._ends = np.array([part.end for part in parts])
        self._sizes = np.array([len(part.typed) for part in parts])
        self._low = np.maximum(0, self._starts - MOVED)
        """The smallest start of each part."""
        self._high = np.minimum([len(part.text) for part in parts], self._ends + MOVED)
        """The largest end of each part."""
        around = [part.text[low:high] for part, low, high in zip(parts, self._low.tolist(), self._high.tolist(), strict=True)]
        quotations = list(dict.fromkeys(part.typed for part in parts))
        number_of = {typed: number for number, typed in enumerate(quotations)}
        which = np.array([number_of[part.typed] for part in parts])
        self._forwards = _Matches.of(quotations, around, which)
        self._backwards = _Matches.of([typed[::-1] for typed in quotations], [text[::-1] for text in around], which)

    def best(self) -> list[tuple[Span, float]]:
        """The best ends of each part, and its similarity with them."""
        every = np.arange(len(self._starts))
        starts, scores = self._best_starts(every, self._ends)
        # Ends are tried from the largest one downwards.
        in_order = self._forwards.in_order(every, starts - self._low, self._high - starts)
        tried = self._high[:, None] - np.arange(_TRIED)
        allowed = tried >= np.maximum(starts + 1, self._ends - MOVED)[:, None]
        at, scores = _best(self._sizes, tried - starts[:, None], in_order, allowed)
        ends = tried[every, at]
        moved = (ends != self._ends).nonzero()[0]
        starts[moved], scores[moved] = self._best_starts(moved, ends[moved])
        return [((start, end), score) for start, end, score in zip(starts.tolist(), ends.tolist(), scores.tolist(), strict=True)]

    def _best_starts(self, chosen: Numbers, ends: Numbers) -> tuple[Numbers, Scores]:
        """The best start of some parts with these ends, and their similarity with it."""
        low = self._low[chosen]
        in_order = self._backwards.in_order(chosen, self._high[chosen] - ends, ends - low)
        tried = low[:, None] + np.arange(_TRIED)
        allowed = tried < np.minimum(np.minimum(self._ends, self._starts + MOVED + 1)[chosen], ends)[:, None]
        at, scores = _best(self._sizes[chosen], ends[:, None] - tried, in_order, allowed)
        return tried[np.arange(len(chosen)), at], scores


def _best(sizes: Numbers, lengths: Numbers, in_order: Numbers, allowed: NDArray[np.bool_]) -> tuple[Numbers, Scores]:
    """For each row, the last column with the highest similarity, and that similarity."""
    both = sizes[:, None] + lengths
    # The same formula as in rapidfuzz, to the last digit.
    scores = np.where(allowed, (1.0 - (both - 2 * in_order) / np.where(allowed, both, 1)) * 100, -1.0)
    at = scores.shape[1] - 1 - scores[:, ::-1].argmax(axis=1)
    return at, scores[np.arange(len(at)), at]


@dataclass(frozen=True, slots=True)
class _Matches:
    """Where the characters of texts occur in quotations, as bits: for each text, a row for every `_WORD` characters of its quotation."""

    bits: NDArray[np.uint64]
    """For each character of the text of each row, a bit for each equal character of the quotation."""
    begins: Numbers
    """Where each row begins in `bits`."""
    firsts: Numbers
    """The first row of each text."""
    rows: Numbers
    """How many rows each text has."""

    @classmethod
    def of(cls, quotations: Sequence[str], texts: Sequence[str], which: Numbers) -> _Matches:
        """Match texts with quotations; `which` is the index of each text's quotation."""
        typed = _codes(quotations)
        sizes = np.array([len(quotation) for quotation in quotations])
        words = -(-sizes // _WORD)
        first_words = words.cumsum() - words
        owners = np.arange(len(quotations)).repeat(sizes)
        offsets = np.arange(len(typed)) - (sizes.cumsum() - sizes)[owners]
        alphabet = np.unique(typed)
        numbers = np.zeros(_CODES, np.int32)
        numbers[alphabet] = np.arange(1, len(alphabet) + 1)
        table = np.zeros((int(words.sum()), len(alphabet) + 1), np.uint64)
        bit = np.uint64(1) << (offsets % _WORD).astype(np.uint64)
        np.bitwise_or.at(table, (first_words[owners] + offsets // _WORD, numbers[typed]), bit)
        rows = words[which]
        firsts = rows.cumsum() - rows
        own = np.arange(len(texts)).repeat(rows)
        word = first_words[which][own] + np.arange(len(own)) - firsts[own]
        lengths = np.array([len(text) for text in texts])[own]
        codes = _codes([texts[text] for text in own.tolist()])
        bits = table.ravel()[word.repeat(lengths) * (len(alphabet) + 1) + numbers[codes]]
        return cls(bits, lengths.cumsum() - lengths, firsts, rows)

    def in_order(self, chosen: Numbers, starts: Numbers, lengths: Numbers) -> Numbers:
        """How many characters of its quotation a stretch of a text has in order: a row for each chosen text, `_TRIED` columns.

        The first column is for the stretch of the whole length (not 0), the next for one that is a character shorter at its end, and so on;
        0 where it would be empty.
        """
        rows = self.rows[chosen]
        firsts = rows.cumsum() - rows
        own = np.arange(len(chosen)).repeat(rows)
        row = self.firsts[chosen][own] + np.arange(len(own)) - firsts[own]
        # The longest come first, so that rows that continue are always at the front; the rows of a text stay together.
        order = np.argsort(-lengths[own], kind="stable")
        steps, at = lengths[own][order], (self.begins[row] + starts[own])[order]
        counts = np.empty((len(own), _TRIED), np.int64)
        counts[order] = _grown(self.bits, at, steps, firsts[own][order] != order)
        found: Numbers = counts if len(own) == len(chosen) else np.add.reduceat(counts, firsts, axis=0)
        return found


def _grown(bits: NDArray[np.uint64], at: Numbers, steps: Numbers, goes_on: NDArray[np.bool_]) -> Numbers:
    """How many bits each row has after each of its last steps, the very last one first; `at` says where its bits begin.

    Rows are in descending order of their steps; `goes_on` says which of them continue the quotation of the row before.
    """
    counts = np.zeros((len(steps), _TRIED), np.int64)
    left = np.full(len(steps), ~np.uint64(0))
    several, every, at = bool(goes_on.any()), np.arange(len(steps)), at.copy()
    longest = int(steps[0]) if len(steps) else 0
    # How many rows have more steps than each number.
    more = np.searchsorted(-steps, -np.arange(longest + _TRIED + 1)).tolist()
    for step in range(longest):
        active, counted = more[step], more[step + _TRIED]
        before = left[:active]
        same = before & bits[at[:active]]
        sums = before + same
        if several:
            _carry(sums, same, goes_on[:active])
        before -= same
        before |= sums
        at[:active] += 1
        if counted < active:
            rows = slice(counted, active)
            counts[every[rows], steps[rows] - 1 - step] = np.bitwise_count(~left[rows])
    return counts


def _carry(sums: NDArray[np.uint64], added: NDArray[np.uint64], goes_on: NDArray[np.bool_]) -> None:
    """Carry the overflow of a row to the next one, if that continues the same number."""
    carried = ((sums < added)[:-1] & goes_on[1:]).nonzero()[0] + 1
    while len(carried):
        sums[carried] += np.uint64(1)
        carried = carried[sums[carried] == 0] + 1
        carried = carried[carried < len(sums)]
        carried = carried[goes_on[carried]]


def _codes(texts: Sequence[str]) -> NDArray[np.uint32]:
    return np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), "<u4")
