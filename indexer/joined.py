"""Searches many folded texts at once by array operations: what `matching` does for one text, ten times faster for thousands.

`matching` is the simple implementation that this one is tested against. Pure.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.matching import Span, leftmost
from indexer.query.tree import Near, Term

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]
Spans = tuple[Numbers, Numbers]
"""Starts and ends, ascending."""

END = "\uffff"
"""Terminates each text. A text may contain it too; terminators are known by their position."""

_APART = 256
"""Added to the positions of each further text where distances are compared; more than the largest gap of NEAR."""

_FAR = 255
"""Stands for any gap too large for NEAR."""

_LENGTH_BITS = 8
"""Bits that hold the length of any term."""

_CODE_BITS = 21
"""Bits that hold a code point and one more value; three fit into 64 bits."""

_SEVERAL = 3
"""Characters that are looked up together at least."""
_AT_ONCE = 255
"""Characters that are looked up together at most: their numbers are bytes."""
_READ = 1 << 16
"""Code points that are looked at together, so that what is made of them stays in the processor's cache."""

_WORDLIKE = re.compile(r"\w")


class JoinedTexts:
    """Folded texts concatenated. Positions are offsets in the concatenation; see `text_of`."""

    def __init__(self, codes: NDArray[Any], sizes: Numbers) -> None:
        """Take the code points of all texts, each followed by `END`, and the length of each text including its `END`."""
        self.codes, self.sizes = codes, sizes
        self.count = len(sizes)
        self._ends = sizes.cumsum()
        self._starts: dict[str, Numbers] = {}
        self._owners: dict[str, NDArray[np.int32]] = {}
        self._spread: dict[str, Numbers] = {}
        self._gaps: dict[tuple[str, str], NDArray[np.uint8]] = {}
        self._firsts: dict[str, tuple[Numbers, Numbers]] = {}
        self._least: dict[tuple[str, str], NDArray[np.uint8]] = {}

    @classmethod
    def of(cls, texts: Sequence[str]) -> JoinedTexts:
        """Join these texts."""
        joined = "".join([text + END for text in texts]).encode("utf-32-le", "surrogatepass")
        return cls(np.frombuffer(joined, "<u4"), np.fromiter(map(len, texts), np.int64, len(texts)) + 1)

    @classmethod
    def of_utf16(cls, texts: Sequence[bytes | memoryview], lengths: NDArray[Any]) -> JoinedTexts:
        """Join texts in UTF-16-LE of these lengths in code points, without decoding them as long as every character takes two bytes."""
        end = END.encode("utf-16-le")
        codes, sizes = np.frombuffer(end.join([*texts, b""]), "<u2"), lengths.astype(np.int64) + 1
        if len(codes) != sizes.sum():
            return cls.of([bytes(text).decode("utf-16-le") for text in texts])
        return cls(codes, sizes)

    @cached_property
    def bounds(self) -> Numbers:
        """The position where each text begins, followed by the end of the last one."""
        return np.concatenate(([0], self._ends))

    @cached_property
    def begins(self) -> Numbers:
        """The position where each text begins."""
        return self._ends - self.sizes

    def text(self, number: int) -> str:
        """The text of this number."""
        begin, end = int(self.begins[number]), int(self._ends[number]) - 1
        return self._decoded(self.codes[begin:end])

    def between_bounds(self, begins: Numbers, ends: Numbers) -> list[str]:
        """The text between each pair of positions."""
        if not len(begins):
            return []
        text, bounds = self._decoded(self.codes[ranges(begins, ends)]), (ends - begins).cumsum().tolist()
        return [text[begin:end] for begin, end in pairwise([0, *bounds])]

    @staticmethod
    def _decoded(codes: NDArray[Any]) -> str:
        return codes.tobytes().decode(f"utf-{8 * codes.itemsize}-le", "surrogatepass")

    @cached_property
    def _texts(self) -> NDArray[np.int32]:
        """For each position, the number of its text."""
        return np.repeat(np.arange(self.count, dtype=np.int32), self.sizes)

    def text_of(self, positions: Numbers) -> NDArray[np.int32]:
        """The numbers of the texts at these positions."""
        return self._texts[positions]

    def starts(self, needle: str) -> Numbers:
        """Every position where `needle` (not empty) begins, overlapping ones too, ascending."""
        if (found := self._starts.get(needle)) is None:
            found = self._starts[needle] = self._find(needle)
        return found

    def look_up(self, needles: Iterable[str]) -> None:
        """Find the first characters of these texts in one reading: sooner than one after another if they are several."""
        most = np.iinfo(self.codes.dtype).max
        chars = [char for char in dict.fromkeys(needle[0] for needle in needles) if char not in self._starts and ord(char) <= most]
        chars = [char for char in chars if char != END][:_AT_ONCE]
        if len(chars) < _SEVERAL or not len(self.codes):
            return
        kind_of = np.zeros(min(most, sys.maxunicode) + 1, np.uint8)
        kind_of[[ord(char) for char in chars]] = np.arange(1, len(chars) + 1)
        found, held = [], []
        for first in range(0, len(self.codes), _READ):
            kinds = kind_of.take(self.codes[first : first + _READ])
            at = np.flatnonzero(kinds)
            held.append(kinds[at])
            found.append(at + first)
        positions, kinds = np.concatenate(found), np.concatenate(held)
        owners = np.repeat(np.arange(self.count, dtype=np.int32), np.diff(positions.searchsorted(self.bounds)))
        # A stable sort of bytes takes one pass.
        order = np.argsort(kinds, kind="stable")
        positions, owners = positions[order], owners[order]
        bounds = np.bincount(kinds, minlength=len(chars) + 1).cumsum().tolist()
        for char, (begin, end) in zip(chars, pairwise(bounds), strict=True):
            self._starts[char], self._owners[char] = positions[begin:end], owners[begin:end]

    def _owners_of(self, needle: str) -> NDArray[np.int32]:
        """The number of the text of each start of a needle; cached."""
        if (owners := self._owners.get(needle)) is None:
            owners = self._owners[needle] = self.text_of(self.starts(needle))
        return owners

    def _find(self, needle: str) -> Numbers:
        code, last = ord(needle[-1]), len(needle) - 1
        found: Numbers
        if last:
            before = self.starts(needle[:-1])
            found = before[self.codes[before + last] == code]
        else:
            # A 16-bit array cannot be compared with a larger number.
            found = np.flatnonzero(self.codes == code) if code <= np.iinfo(self.codes.dtype).max else np.empty(0, np.int64)
        return found[~self._are_ends(found + last)] if needle[-1] == END else found

    def _are_ends(self, positions: Numbers) -> Mask:
        """Which of these positions are terminators of their text."""
        ends: Mask = self._ends[self.text_of(positions)] == positions + 1
        return ends

    def _set_apart(self, needle: str) -> Numbers:
        """The start positions, spread so that those of different texts are further apart than any distance."""
        if (found := self._spread.get(needle)) is None:
            starts = self.starts(needle)
            found = self._spread[needle] = starts + self._owners_of(needle).astype(np.int64) * _APART
        return found

    def holding(self, near: Near) -> Mask:
        """Which texts hold a qualifying pair."""
        return self._least_gaps(near.left.text, near.right.text) <= near.distance

    def _least_gaps(self, text: str, other: str) -> NDArray[np.uint8]:
        """The smallest gap between two terms in each text, `_FAR` if too large or either is missing; serves pairs of any distance."""
        key = text, other
        if (least := self._least.get(key)) is None:
            least = self._least[key] = np.full(self.count, _FAR, np.uint8)
            holding, firsts = self._first_starts(text)
            if len(firsts):
                least[holding] = np.minimum.reduceat(self._gaps_of(text, other), firsts)
        return least

    def _first_starts(self, needle: str) -> tuple[Numbers, Numbers]:
        """The texts that hold `needle`, and the index of its first start in each; cached for all pairs that use it."""
        if (found := self._firsts.get(needle)) is None:
            owners = self._owners_of(needle)
            firsts = np.flatnonzero(np.diff(owners, prepend=-1))
            found = self._firsts[needle] = owners[firsts].astype(np.int64), firsts
        return found

    def _in_pairs(self, term: Term, other: Term, distance: int) -> Mask:
        """Which starts of a term have the other term within `distance` after their end or before their start."""
        return self._gaps_of(term.text, other.text) <= distance

    def _gaps_of(self, text: str, other: str) -> NDArray[np.uint8]:
        """`_gaps_between`, cached."""
        key = text, other
        if (gaps := self._gaps.get(key)) is None:
            gaps = self._gaps[key] = self._gaps_between(text, other)
        return gaps

    def _gaps_between(self, text: str, other: str) -> NDArray[np.uint8]:
        """The number of code points between each start of a text and the nearest occurrence of the other, `_FAR` if too large."""
        starts, others = self._set_apart(text), self._set_apart(other)
        if not len(others) or not len(starts):
            return np.full(len(starts), _FAR, np.uint8)
        length, other_length = len(text), len(other)
        # With sentinels before the first and after the last, every start has neighbours.
        others = np.concatenate(([-2 * _APART], others, [others[-1] + starts[-1] + 2 * _APART]))
        after = others.searchsorted(starts + length)
        # Two different characters never share a position.
        apart = length == other_length == 1 and text != other
        before = (after if apart else others.searchsorted(starts - other_length, "right")) - 1
        gaps = np.minimum(others[after] - (starts + length), starts - other_length - others[before])
        clipped: NDArray[np.uint8] = np.minimum(gaps, _FAR).astype(np.uint8)
        return clipped

    def occurrences(self, terms: Iterable[Term], nears: Iterable[Near] = (), chosen: Mask | None = None) -> Spans:
        """The spans to mark and count, as `matching.occurrences_of` defines them; only in the `chosen` texts if given."""
        runs: list[tuple[Numbers, int]] = [(_leftmost(self.starts(term.text), len(term.text)), len(term.text)) for term in terms]
        marked: dict[str, Mask] = {}
        for near in nears:
            for term, other in ((near.left, near.right), (near.right, near.left)):
                starts, held = self.starts(term.text), self._in_pairs(term, other, near.distance)
                if _overlap(starts, len(term.text)):
                    runs.append((_leftmost(starts[held], len(term.text)), len(term.text)))
                else:
                    # No spans overlap, so what several pairs mark of one term can be united without sorting.
                    marked[term.text] = marked[term.text] | held if term.text in marked else held
        runs += [(self.starts(text)[held], len(text)) for text, held in marked.items()]
        if chosen is not None:
            runs = [(starts[chosen[self.text_of(starts)]], length) for starts, length in runs]
        return _united(runs)

    def occurrences_in_each(self, terms: Iterable[Term], nears: Iterable[Near] = ()) -> dict[int, list[Span]]:
        """`occurrences` by text number, in offsets of each text, as `matching.occurrences_of` gives them; texts without any left out."""
        starts, ends = self.occurrences(terms, nears)
        owners = self.text_of(starts)
        begins = self.begins[owners]
        spans = list(zip((starts - begins).tolist(), (ends - begins).tolist(), strict=True))
        firsts = np.flatnonzero(np.diff(owners, prepend=-1))
        bounds = [*firsts.tolist(), len(spans)]
        return {owner: spans[first:last] for owner, (first, last) in zip(owners[firsts].tolist(), pairwise(bounds), strict=True)}

    def counts(self, terms: Iterable[Term], nears: Iterable[Near] = (), chosen: Mask | None = None) -> Numbers:
        """The number of occurrences in each text."""
        return np.bincount(self.text_of(self.occurrences(terms, nears, chosen)[0]), minlength=self.count)

    def between(self, before: str, after: str) -> Counter[str]:
        """The letters, digits and Han characters found between two strings (one may be empty), with the number of texts that have each."""
        at = self.starts(before) + len(before) if before else self.starts(after) - 1
        at = at[at >= 0]
        for offset, char in enumerate(after if before else "", 1):
            at = at[at + offset < len(self.codes)]
            at = at[self.codes[at + offset] == ord(char)]
        if not len(at):
            return Counter()
        # A character beyond a text falls on a terminator: that of the text itself, or that of the text before.
        at = at[~self._are_ends(at)]
        pairs = np.unique(self.codes[at].astype(np.int64) * self.count + self.text_of(at))
        codes, counts = np.unique(pairs // self.count, return_counts=True)
        found = {chr(code): count for code, count in zip(codes.tolist(), counts.tolist(), strict=True)}
        return Counter({char: count for char, count in found.items() if _WORDLIKE.match(char)})

    def sorted_by_context(self, spans: Spans, width: int, first: int, last: int, *, leftwards: bool) -> Numbers:
        """The spans that rank from `first` to `last` (exclusive) when sorted by their contexts, as indices into `spans`.

        The context is at most `width` code points after the span or, with `leftwards`, before it, read away from it; ties keep their order.
        """
        starts, ends = spans
        last = min(last, len(starts))
        if first >= last:
            return np.empty(0, np.int64)
        own = self.text_of(starts)
        if leftwards:
            room, step, begin = starts - (self._ends - self.sizes)[own], -1, starts - 1
        else:
            room, step, begin = self._ends[own] - 1 - ends, 1, ends

        def keys(of: Numbers, offset: int) -> Numbers:
            """Three code points of each context from an offset on, packed into a number; a missing one sorts first."""
            packed = np.zeros(len(of), np.int64)
            for number in range(offset, offset + 3):
                at = np.where(number < np.minimum(room[of], width), begin[of] + step * number, -1)
                packed = (packed << _CODE_BITS) | np.where(at >= 0, self.codes[at].astype(np.int64) + 1, 0)
            return packed

        every = np.arange(len(starts))
        leading = keys(every, 0)
        least, most = np.partition(leading, (first, last - 1))[[first, last - 1]]
        # Only spans that may rank in this range are sorted in full.
        near = np.flatnonzero((leading >= least) & (leading <= most))
        skipped = int((leading < least).sum())
        columns = [keys(near, offset) for offset in range(0, width, 3)]
        order = np.lexsort(columns[::-1])
        return near[order[first - skipped : last - skipped]]


def _overlap(starts: Numbers, length: int) -> bool:
    return length > 1 and bool((starts[1:] - starts[:-1] < length).any())


def _leftmost(starts: Numbers, length: int) -> Numbers:
    if not _overlap(starts, length):
        return starts
    return np.array([start for start, _ in leftmost(starts.tolist(), length)], np.int64)


def _united(runs: list[tuple[Numbers, int]]) -> Spans:
    """The spans of all runs (starts and one length each) in order, overlapping ones united, touching ones kept apart."""
    if len(runs) == 1:
        starts, length = runs[0]
        return starts, starts + length
    if not runs:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    keys = np.concatenate([starts << _LENGTH_BITS | length for starts, length in runs])
    keys.sort()
    starts = keys >> _LENGTH_BITS
    reached = np.maximum.accumulate(starts + (keys & ((1 << _LENGTH_BITS) - 1)))
    at = np.flatnonzero(np.concatenate(([True], starts[1:] >= reached[:-1]))[: len(starts)])
    return starts[at], reached[np.append(at[1:], len(starts)) - 1] if len(at) else reached


def run_starts(*columns: NDArray[Any]) -> Numbers:
    """The indices of the rows of parallel columns that differ from the row before; the first row does."""
    differs = np.zeros(len(columns[0]), np.bool_)
    differs[:1] = True
    for column in columns:
        differs[1:] |= column[1:] != column[:-1]
    return differs.nonzero()[0]


def ranges(starts: Numbers, ends: Numbers) -> Numbers:
    """Every index of these half-open ranges, one range after the other."""
    sizes = ends - starts
    every: Numbers = (starts - sizes.cumsum() + sizes).repeat(sizes)
    every += np.arange(len(every))
    return every
