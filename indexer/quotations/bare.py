"""Texts without punctuation, in which quotations are compared: a comma more or less does not make another sentence. Pure."""

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
"""Characters that are not punctuation: units of numbers, relations between two things, and the end of a text."""
_MARK = rf"[^\w{_SIGNS}]"
"""A punctuation character or a space."""
_MARKS = re.compile(rf"{_MARK}(?<!{_MARK}{_MARK})(?:(?<!\d{_MARK}){_MARK}*+|{_MARK}*+(?!\d))")
"""A run of punctuation; between two digits it is part of a number or separates two. It begins with a set, so that the search is fast."""
_GAP = re.compile(f"{_MARK}*")
_DIGITS = re.compile(r"\d*")
_TEXTS = 2_000
"""How many texts are processed at a time."""


@dataclass(frozen=True, slots=True)
class Bare:
    """A folded text without punctuation, with the mapping to its printed form."""

    text: str
    printed: str
    """The text as printed."""
    offsets: Sequence[int]
    """For each code point of `text`, its offset in the printed text."""

    @classmethod
    def of(cls, text: str, folded: str | None = None) -> Bare:
        """`text` without its punctuation; `folded` is its fold, if already known."""
        folded, of_folded = fold_with_offsets(text, folded)
        offsets: list[int] = []
        at = 0
        for match in _MARKS.finditer(folded):
            offsets += of_folded[at : match.start()]
            at = match.end()
        offsets += of_folded[at:]
        return cls(without_marks(folded), text, offsets)

    def span(self, start: int, end: int) -> Span:
        """The span of the printed text for a span of `text`; an empty span is placed after the character before it."""
        offsets = self.offsets
        if start < end:
            return offsets[start], offsets[end - 1] + 1
        at = offsets[start - 1] + 1 if start else offsets[0] if offsets else len(self.printed)
        return at, at


class BareTexts:
    """Many folded texts without punctuation, by number from 0."""

    def __init__(self, folded: JoinedTexts) -> None:
        self._folded = folded
        codes = folded.codes
        self._kept = np.ones(len(codes), np.bool_)
        """For each code point of the folded texts, whether it is kept, being no punctuation."""
        for first in range(0, folded.count, _TEXTS):
            texts = slice(*folded.bounds[[first, min(first + _TEXTS, folded.count)]].tolist())
            self._kept[texts] = _kept(codes[texts])
        sizes = np.add.reduceat(self._kept, folded.bounds[:-1], dtype=np.int64) if folded.count else np.empty(0, np.int64)
        self.joined = JoinedTexts(codes[self._kept], sizes)
        """The texts without punctuation."""

    @cached_property
    def texts(self) -> list[str]:
        """The texts without punctuation as strings."""
        bounds = self.joined.bounds
        return self.joined.between_bounds(bounds[:-1], bounds[1:] - 1)

    def marks_before(self, positions: Numbers) -> Numbers:
        """For each position of `joined`, how many code points of punctuation were removed before it."""
        return self._folded_at[positions] - positions

    @cached_property
    def _folded_at(self) -> Numbers:
        """For each code point of `joined`, its position in the folded texts."""
        return self._kept.nonzero()[0]

    def read(self, number: int, printed: str) -> Bare:
        """The text of this number, given its printed form."""
        first, last = self._folded.bounds[number : number + 2].tolist()
        kept = self._kept[first : last - 1].nonzero()[0]
        return Bare(self.texts[number], printed, printed_offsets(kept, printed, last - 1 - first).tolist())


def _kept(codes: NDArray[Any]) -> NDArray[np.bool_]:
    """Which code points of joined texts are not part of punctuation, see `_MARKS`."""
    kept = ~_are(codes, _GAP)
    # A terminator is not punctuation, so every run ends within its text.
    starts, ends = ((one[1:] & other[:-1]).nonzero()[0] + 1 for one, other in ((~kept, kept), (kept, ~kept)))
    if len(kept) and not kept[0]:
        ends = ends[1:]
    between = (_are(codes[starts - 1], _DIGITS) & _are(codes[ends], _DIGITS)).nonzero()[0]
    for start, end in zip(starts[between].tolist(), ends[between].tolist(), strict=True):
        kept[start:end] = True
    return kept


def _are(codes: NDArray[Any], runs: re.Pattern[str]) -> NDArray[np.bool_]:
    """Which code points the characters of this pattern include."""
    table = _table(runs)
    found: NDArray[np.bool_] = table[codes if codes.itemsize == 2 else np.minimum(codes, len(table) - 1)]
    for code in np.unique(codes[codes >= len(table)]).tolist() if codes.itemsize > 2 else ():
        found[codes == code] = runs.fullmatch(chr(code)) is not None
    return found


@cache
def _table(runs: re.Pattern[str]) -> NDArray[np.bool_]:
    """Which code points of the first plane a pattern includes; code points of other planes are tested one by one."""
    every = "".join(map(chr, range(0x10000)))
    table = np.zeros(len(every), np.bool_)
    for match in runs.finditer(every):
        table[slice(*match.span())] = True
    return table


def without_marks(folded: str) -> str:
    """A folded text without punctuation."""
    return _MARKS.sub("", folded)


def runs(folded: str) -> list[str]:
    """The runs between the punctuation of a folded text, none empty."""
    return [run for run in _MARKS.split(folded) if run]


class Finder:
    """Finds runs that follow each other in a folded text, with any punctuation between them, or none.

    Not a pattern of `re`, which would cache hundreds of compiled patterns, each as long as what somebody typed.
    """

    def __init__(self, folded_runs: Sequence[str]) -> None:
        self._first, *self._others = folded_runs

    def search(self, text: str) -> Span | None:
        """The first match; None if there is none."""
        return next(self.spans(text), None)

    def spans(self, text: str) -> Iterator[Span]:
        """All matches, half-open, in order."""
        start = text.find(self._first)
        while start >= 0:
            if (end := self._end(text, start + len(self._first))) is not None:
                yield start, end
            start = text.find(self._first, start + 1)

    def _end(self, text: str, end: int) -> int | None:
        """Where the other runs end if they follow here; None if they do not."""
        for run in self._others:
            if (marks := _GAP.match(text, end)) is None or not text.startswith(run, marks.end()):
                return None
            end = marks.end() + len(run)
        return end
