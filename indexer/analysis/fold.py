"""The fold: the normalized form in which texts and queries are compared, with the mapping back to the printed text.

Code point by code point: full-width forms to ASCII, compatibility ideographs and radicals to unified ones, lower case,
traditional to simplified, Default_Ignorable dropped (all of it in `fold.tsv`); then a run of white space next to a Han
character is dropped, any other becomes one space, and the ends are stripped.

The law that makes substring search exact: if a text t without white space at its ends is a substring of a text T,
fold(t) is a substring of fold(T).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]

FOLD_VERSION = 1
"""Part of an index's fingerprint; raise it when the fold of any text changes."""

# White_Space and Script=Han of Unicode 15. `str.isspace` would add U+001C–U+001F, which are not white space.
_WHITE = "\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_HAN = (
    "\u2e80-\u2e99\u2e9b-\u2ef3\u2f00-\u2fd5\u3005\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufa6d\ufa70-\ufad9\U00016fe2\U00016fe3\U00016ff0\U00016ff1\U00020000-\U000323af"
)
_WHITE_CHAR = re.compile(f"[{_WHITE}]")
_OTHER_CHAR = re.compile(f"[^{_WHITE}]")
_HAN_CHAR = re.compile(f"[{_HAN}]")


@cache
def _rows() -> list[tuple[int, int, int | None]]:
    """The rows of `fold.tsv`: first and last code point of a run, and what the first becomes; None if the run is dropped."""
    rows = (line.split("\t") for line in files("indexer.analysis").joinpath("fold.tsv").read_text("ascii").splitlines())
    return [(int(first, 16), int(last, 16), None if to == "-" else int(to, 16)) for first, last, to in rows]


@cache
def _table() -> list[int | None]:
    """What each code point of the first three planes becomes; None if it is dropped.

    `str.translate` is twice as fast with a list as with a dict.
    """
    table: list[int | None] = list(range(0x30000))
    for first, last, to in _rows():
        for code in range(first, min(last + 1, len(table))):
            table[code] = None if to is None else to + code - first
    return table


@cache
def _left_out() -> re.Pattern[str]:
    """Matches runs of what the fold does not translate one to one: dropped characters and white space."""
    # Ranges match three times faster than the same characters listed one by one.
    dropped = "".join(f"{chr(first)}-{chr(last)}" for first, last, to in _rows() if to is None)
    return re.compile(f"[{_WHITE}{dropped}]+")


def is_white(char: str) -> bool:
    """Whether one character is Unicode white space."""
    return _WHITE_CHAR.match(char) is not None


def next_white(text: str, start: int) -> int:
    """The position of the next white space from `start` on; the length of the text if there is none."""
    found = _WHITE_CHAR.search(text, start)
    return found.start() if found else len(text)


def next_other(text: str, start: int) -> int:
    """The position of the next character from `start` on that is not white space; the length of the text if there is none."""
    found = _OTHER_CHAR.search(text, start)
    return found.start() if found else len(text)


def is_han(char: str) -> bool:
    """Whether one character is a Han character."""
    return _HAN_CHAR.match(char) is not None


def han_at_least(count: int) -> re.Pattern[str]:
    """Matches, from its start, a text that has at least this many Han characters."""
    return re.compile(f"(?:[^{_HAN}]*+[{_HAN}]){{{count}}}")


def fold(text: str) -> str:
    """The text in the form in which it is compared; may be empty."""
    if _left_out().search(text) is None:
        return text.translate(_table())
    return _joined(text, _retained(text))


def fold_with_offsets(text: str, folded: str | None = None) -> tuple[str, Sequence[int]]:
    """The fold, and for each of its code points the offset in `text` of its origin (for a space: of the first of its run).

    `folded` is the fold of the text, if already known.
    """
    if folded is not None and len(folded) == len(text):
        return folded, range(len(text))
    retained = _retained(text)
    offsets: list[int] = []
    for start, end in retained:
        offsets += range(start, end)
    return _joined(text, retained) if folded is None else folded, offsets


def _joined(text: str, retained: list[tuple[int, int]]) -> str:
    return "".join(" " if is_white(text[start]) else text[start:end].translate(_table()) for start, end in retained)


def _retained(text: str) -> list[tuple[int, int]]:
    """The code points of a text that the fold keeps, as half-open spans; white space that becomes a space is a span of its own."""
    spans: list[tuple[int, int]] = []
    at = 0
    for start, end, white in _left_out_of(text):
        if at < start:
            spans.append((at, start))
        if white is not None:
            spans.append((white, white + 1))
        at = end
    if at < len(text):
        spans.append((at, len(text)))
    return spans


def _left_out_of(text: str) -> Iterator[tuple[int, int, int | None]]:
    """The runs that the fold leaves out: start, end, and the position of the white space that becomes a space; None for no space."""
    for left_out in _left_out().finditer(text):
        start, end = left_out.span()
        # Han characters stay Han when folded, so the text itself tells whether white space becomes a space; most runs follow Han.
        would_be = start > 0 and end < len(text) and not is_han(text[start - 1]) and not is_han(text[end])
        white = _WHITE_CHAR.search(text, start, end) if would_be else None
        yield start, end, white.start() if white else None


def printed_spans(spans: list[tuple[int, int]], text: str, folded: str) -> list[tuple[int, int]]:
    """Half-open spans of a text's fold (ascending, apart or touching, none empty) mapped to half-open spans of the text.

    Like `original_spans`, but without the offsets of the whole text: reads it only up to the last span, or to the last code point
    that the fold left out.
    """
    left_out = len(text) - len(folded)
    if not left_out:
        return spans
    runs, ahead, moved = _runs(text), (0, 0), 0

    def original(offset: int) -> int:
        nonlocal ahead, moved
        while ahead[0] <= offset and moved < left_out:
            moved = ahead[1] - ahead[0]
            if moved < left_out:
                ahead = next(runs)
        return offset + moved

    return [(original(start), original(end - 1) + 1) for start, end in spans]


def printed_offsets(offsets: Numbers, text: str, folded: int) -> Numbers:
    """Offsets in a text's fold (of `folded` code points) mapped to offsets in the text, as by `fold_with_offsets`."""
    if len(text) == folded:
        return offsets
    left_out, runs = len(text) - folded, [(0, 0)]
    for kept, printed in _runs(text):
        runs.append((kept, printed))
        if printed - kept == left_out:
            break
    starts, moved_to = np.array(runs).T
    found: Numbers = offsets + (moved_to - starts)[starts.searchsorted(offsets, "right") - 1]
    return found


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Where each run of kept code points begins, in the fold and in the text, generated lazily."""
    kept = at = 0
    for start, end, white in _left_out_of(text):
        kept += start - at
        if white is not None:
            yield kept, white
            kept += 1
        yield kept, end
        at = end


def original_spans(spans: list[tuple[int, int]], offsets: Sequence[int]) -> list[tuple[int, int]]:
    """Half-open spans of a fold (none empty) mapped to half-open spans of the original text."""
    return [(offsets[start], offsets[end - 1] + 1) for start, end in spans]
