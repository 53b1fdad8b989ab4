"""Texts without punctuation, the form in which quotations are compared: a comma more or less makes no other sentence. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.fold import fold_with_offsets, printed_offsets
from indexer.joined import JoinedTexts
from indexer.matching import Span

Numbers = NDArray[np.int64]

_SIGNS = r"%‰+=<>×÷±°℃$¥€£|~^`\uffff"
"""No marks: they say what a number is of, how two things stand to each other, or where a text ends."""
_MARK = rf"[^\w{_SIGNS}]"
"""A mark of punctuation, or a space."""
_MARKS = re.compile(rf"{_MARK}(?<!{_MARK}{_MARK})(?:(?<!\d{_MARK}){_MARK}*+|{_MARK}*+(?!\d))")
"""A run of them. Between two digits it belongs to a number, or keeps two apart. It begins with a set, so that all else is passed over."""
_GAP = re.compile(f"{_MARK}*")
_DIGITS = re.compile(r"\d*")
_TEXTS = 2_000
"""Texts whose marks are looked for at a time."""


@dataclass(frozen=True, slots=True)
class Bare:
    """A text as folded and without its marks."""

    text: str
    printed: str
    """The text that it comes from."""
    offsets: Sequence[int]
    """Of each of its code points where it came from in the printed text."""

    @classmethod
    def of(cls, text: str, folded: str | None = None) -> Bare:
        """`text` without its marks; `folded` is its fold where that is known already."""
        folded, of_folded = fold_with_offsets(text, folded)
        offsets: list[int] = []
        at = 0
        for match in _MARKS.finditer(folded):
            offsets += of_folded[at : match.start()]
            at = match.end()
        offsets += of_folded[at:]
        return cls(without_marks(folded), text, offsets)

    def span(self, start: int, end: int) -> Span:
        """Where a run of its code points stands in the text as printed; an empty one stands behind what is before it."""
        offsets = self.offsets
        if start < end:
            return offsets[start], offsets[end - 1] + 1
        at = offsets[start - 1] + 1 if start else offsets[0] if offsets else len(self.printed)
        return at, at


class BareTexts:
    """Many folded texts without their marks, by their numbers from 0."""

    def __init__(self, folded: JoinedTexts) -> None:
        self._folded = folded
        codes = folded.codes
        self._kept = np.ones(len(codes), np.bool_)
        """Which code points of the folded texts are none of a mark."""
        for first in range(0, folded.count, _TEXTS):
            texts = slice(*folded.bounds[[first, min(first + _TEXTS, folded.count)]].tolist())
            self._kept[texts] = _kept(codes[texts])
        sizes = np.add.reduceat(self._kept, folded.bounds[:-1], dtype=np.int64) if folded.count else np.empty(0, np.int64)
        self.joined = JoinedTexts(codes[self._kept], sizes)
        """The texts."""

    @cached_property
    def texts(self) -> list[str]:
        """The same, one by one."""
        bounds = self.joined.bounds
        return self.joined.between_bounds(bounds[:-1], bounds[1:] - 1)

    def marks_before(self, positions: Numbers) -> Numbers:
        """Before how many positions of `joined`, from the first one to each of these, not included, stands a mark."""
        return self._marked[positions]

    @cached_property
    def _marked(self) -> Numbers:
        at = self._kept.nonzero()[0]
        return np.concatenate(([0], (np.diff(at, prepend=-1) > 1).cumsum()))

    def read(self, number: int, printed: str) -> Bare:
        """A text that was printed so."""
        first, last = self._folded.bounds[number : number + 2].tolist()
        kept = self._kept[first : last - 1].nonzero()[0]
        return Bare(self.texts[number], printed, printed_offsets(kept, printed, last - 1 - first).tolist())


def _kept(codes: NDArray[Any]) -> NDArray[np.bool_]:
    """Which code points of joined texts are none of a mark, see `_MARKS`."""
    kept = ~_are(codes, _GAP)
    # What stands behind a text is no mark, so each run ends with its text.
    starts, ends = ((one[1:] & other[:-1]).nonzero()[0] + 1 for one, other in ((~kept, kept), (kept, ~kept)))
    if len(kept) and not kept[0]:
        ends = ends[1:]
    between = (_are(codes[starts - 1], _DIGITS) & _are(codes[ends], _DIGITS)).nonzero()[0]
    for start, end in zip(starts[between].tolist(), ends[between].tolist(), strict=True):
        kept[start:end] = True
    return kept


def _are(codes: NDArray[Any], runs: re.Pattern[str]) -> NDArray[np.bool_]:
    """Which code points are some that runs are of."""
    table = _table(runs)
    found: NDArray[np.bool_] = table[codes if codes.itemsize == 2 else np.minimum(codes, len(table) - 1)]
    for code in np.unique(codes[codes >= len(table)]).tolist() if codes.itemsize > 2 else ():
        found[codes == code] = runs.fullmatch(chr(code)) is not None
    return found


@cache
def _table(runs: re.Pattern[str]) -> NDArray[np.bool_]:
    """Which code points of the first plane some runs are of; of the others each is looked at that comes."""
    every = "".join(map(chr, range(0x10000)))
    table = np.zeros(len(every), np.bool_)
    for match in runs.finditer(every):
        table[slice(*match.span())] = True
    return table


def without_marks(folded: str) -> str:
    """A folded text without its marks."""
    return _MARKS.sub("", folded)


def runs(folded: str) -> list[str]:
    """What stands between the marks of a folded text, none empty."""
    return [run for run in _MARKS.split(folded) if run]


class Finder:
    """Finds runs one behind the other in a folded text, with any marks between them, or none.

    No pattern of `re`, which keeps hundreds of those that it compiled, each as long as what somebody typed.
    """

    def __init__(self, folded_runs: Sequence[str]) -> None:
        self._first, *self._others = folded_runs

    def search(self, text: str) -> Span | None:
        """Where they stand first."""
        return next(self.spans(text), None)

    def spans(self, text: str) -> Iterator[Span]:
        """Where they stand, half-open, in order."""
        start = text.find(self._first)
        while start >= 0:
            if (end := self._end(text, start + len(self._first))) is not None:
                yield start, end
            start = text.find(self._first, start + 1)

    def _end(self, text: str, end: int) -> int | None:
        """Where the other runs end that begin here, None where they do not."""
        for run in self._others:
            if (marks := _GAP.match(text, end)) is None or not text.startswith(run, marks.end()):
                return None
            end = marks.end() + len(run)
        return end
