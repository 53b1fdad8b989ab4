"""Texts without punctuation, the form in which quotations are compared: a comma more or less makes no other sentence. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.analysis.fold import fold, fold_with_offsets
from indexer.matching import Span

_SIGNS = r"%‰+=<>×÷±°℃$¥€£|~^`\uffff"
"""No marks: they say what a number is of, how two things stand to each other, or where a text ends."""
_MARK = rf"[^\w{_SIGNS}]"
"""A mark of punctuation, or a space."""
_MARKS = re.compile(rf"{_MARK}(?<!{_MARK}{_MARK})(?:(?<!\d{_MARK}){_MARK}*+|{_MARK}*+(?!\d))")
"""A run of them. Between two digits it belongs to a number, or keeps two apart. It begins with a set, so that all else is passed over."""
_GAP = re.compile(f"{_MARK}*")


@dataclass(slots=True)
class Bare:
    """A text as folded and without its marks."""

    text: str
    printed: str
    """The text that it comes from."""
    _folded: str
    _offsets: list[int] | None = None
    """Of each of its code points where it came from in the printed text."""

    @classmethod
    def of(cls, text: str, folded: str | None = None) -> Bare:
        """`text` without its marks; `folded` is its fold where that is known already."""
        compared = fold(text) if folded is None else folded
        return cls(without_marks(compared), text, compared)

    def span(self, start: int, end: int) -> Span:
        """Where a run of its code points stands in the text as printed; an empty one stands behind what is before it."""
        offsets = self._printed_offsets() if self._offsets is None else self._offsets
        if start < end:
            return offsets[start], offsets[end - 1] + 1
        at = offsets[start - 1] + 1 if start else offsets[0] if offsets else len(self.printed)
        return at, at

    def _printed_offsets(self) -> list[int]:
        """Found when first wanted, for most texts are only compared."""
        of_folded = fold_with_offsets(self.printed, self._folded)[1]
        offsets: list[int] = []
        at = 0
        for match in _MARKS.finditer(self._folded):
            offsets += of_folded[at : match.start()]
            at = match.end()
        offsets += of_folded[at:]
        self._offsets = offsets
        return offsets


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
