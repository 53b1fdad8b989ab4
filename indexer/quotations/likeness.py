"""Where in a passage something like a quotation stands, and how the two differ. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from numpy import float64
from rapidfuzz.distance import LCSseq, Levenshtein
from rapidfuzz.fuzz import partial_ratio_alignment, ratio
from rapidfuzz.process import cdist

from indexer.matching import Span
from indexer.quotations.bare import Bare

_TOKEN = re.compile(r"\d+(?:\D\d+)*[%‰]?|[a-z]+|.", re.S)
_ENDS = 8
"""Characters by which the ends of a place are moved to find those that fit best."""
_ROUNDED = 1e-9
"""More than what is lost where numbers are rounded."""
_BY_ENDS = 0.3
"""So much more alike a place may become when its ends are moved."""


class Op(StrEnum):
    """What makes the text that is held of the one that was typed."""

    REPLACE = "replace"
    INSERT = "insert"
    """What is held and was not typed."""
    DELETE = "delete"
    """What was typed and is not held."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between a typed text and a passage."""

    op: Op
    typed: Span
    """Half-open, in code points of the whole typed text; empty of an insertion, behind which it stands."""
    held: Span
    """The same of the passage's text; empty of a deletion."""


@dataclass(frozen=True, slots=True)
class Alike:
    """The part of a text without its marks that is most like a quotation."""

    similarity: float
    """0 to 1: twice the characters that both have in order, of the characters of both (`rapidfuzz.fuzz.ratio`), marks aside."""
    start: int
    end: int
    """In its code points."""


def may_be_alike(typed: str, held: str, least: float) -> bool:
    """Whether a part of `held`, with or without its marks, can be like `typed` by `least`: a quick look that misses none.

    A part that has so many characters of `typed` in order has at least as many itself.
    """
    needed = ceil(least * len(typed) / (2 - least) - _ROUNDED)
    return LCSseq.similarity(typed, held, score_cutoff=needed) >= needed


def alike(typed: str, held: str, least: float) -> Alike | None:
    """The part most like a quotation, None where nothing is alike by `least`; both without their marks."""
    found = _part(typed, held, least)
    if found is None:
        return None
    start, end = found
    similarity = ratio(typed, held[start:end]) / 100
    return Alike(similarity, start, end) if similarity >= least else None


def _part(typed: str, held: str, least: float) -> Span | None:
    at = held.find(typed)
    if at >= 0:
        return at, at + len(typed)
    if len(typed) >= len(held):
        return 0, len(held)
    found = partial_ratio_alignment(typed, held, score_cutoff=100 * max(0.0, least - _BY_ENDS))
    if found is None or found.score == 0:
        return None
    # It is as long as what was typed. What was left out of it or doubled in it moves an end.
    first, last = max(0, found.dest_start - _ENDS), min(found.dest_end, found.dest_start + _ENDS + 1)
    start = _best_start(typed, held, range(first, last), found.dest_end)
    ends = range(max(start + 1, found.dest_end - _ENDS), min(len(held), found.dest_end + _ENDS) + 1)
    end = ends[_first_best(typed, [held[start:end] for end in ends])]
    return _best_start(typed, held, range(first, min(last, end)), end), end


def _best_start(typed: str, held: str, starts: range, end: int) -> int:
    """The last of the starts with which what ends at `end` is most like what was typed."""
    return starts[::-1][_first_best(typed, [held[start:end] for start in starts[::-1]])]


def _first_best(typed: str, parts: list[str]) -> int:
    """The index of the first of the parts that are most like what was typed."""
    return int(cdist([typed], parts, scorer=ratio, dtype=float64)[0].argmax())


def differences(typed: Bare, held: Bare, place: Alike) -> tuple[Difference, ...]:
    """What differs between a typed text and the part of another, in order; none where both are the same.

    Numbers and words of letters are wholes, all else goes character by character.
    """
    here = held.text[place.start : place.end]
    if here == typed.text:
        return ()
    left, right = ([match.span() for match in _TOKEN.finditer(text)] for text in (typed.text, here))
    found = []
    for code in Levenshtein.opcodes([typed.text[a:b] for a, b in left], [here[a:b] for a, b in right]):
        if code.tag != "equal":
            a, b = _run(left, code.src_start, code.src_end, len(typed.text))
            c, d = _run(right, code.dest_start, code.dest_end, len(here))
            found.append(Difference(Op(code.tag), typed.span(a, b), held.span(place.start + c, place.start + d)))
    return tuple(found)


def _run(tokens: list[Span], first: int, last: int, length: int) -> Span:
    """Where a run of tokens stands; an empty one stands before the token that follows."""
    start = tokens[first][0] if first < len(tokens) else length
    return start, tokens[last - 1][1] if first < last else start
