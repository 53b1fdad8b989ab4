"""Where in a passage something like a quotation stands, and how the two differ. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from math import ceil

from numpy import int32
from rapidfuzz.distance import LCSseq, Levenshtein
from rapidfuzz.fuzz import partial_ratio_alignment, ratio
from rapidfuzz.process import cdist

from indexer.matching import Span
from indexer.quotations.bare import Bare
from indexer.quotations.ends import Part, best_ends

_TOKEN = re.compile(r"\d+(?:\D\d+)*[%‰]?|[a-z]+|.", re.S)
_WHOLE = re.compile(r"[\da-z]")
"""Where a token may begin that has several characters."""
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


_OPS = {op.value: op for op in Op}
"""By the names that `rapidfuzz` has for them."""


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


def may_be_alike(typed: str, texts: Sequence[str], least: float) -> list[int]:
    """Which of some texts, with or without their marks, can have a part like `typed` by `least`: a quick look that misses none.

    A part that has so many characters of `typed` in order has at least as many itself.
    """
    needed = max(1, ceil(least * len(typed) / (2 - least) - _ROUNDED))
    in_order = cdist([typed], texts, scorer=LCSseq.similarity, score_cutoff=needed, dtype=int32)
    found: list[int] = in_order[0].nonzero()[0].tolist()
    return found


def alike_each(wanted: Sequence[tuple[str, Sequence[str]]], least: float) -> list[list[Alike | None]]:
    """For each quotation of each of its texts the part most like it, None where nothing is alike by `least`; all without their marks."""
    found: list[list[Alike | None]] = [[None] * len(texts) for _, texts in wanted]
    parts: list[Part] = []
    where: list[tuple[int, int]] = []
    for row, (typed, texts) in enumerate(wanted):
        for column, held in enumerate(texts):
            if (at := held.find(typed)) >= 0:
                found[row][column] = Alike(1.0, at, at + len(typed))
            elif len(typed) >= len(held):
                if (similarity := ratio(typed, held) / 100) >= least:
                    found[row][column] = Alike(similarity, 0, len(held))
            else:
                part = partial_ratio_alignment(typed, held, score_cutoff=100 * max(0.0, least - _BY_ENDS))
                if part is not None and part.score > 0:
                    parts.append(Part(typed, held, part.dest_start, part.dest_end))
                    where.append((row, column))
    for (row, column), (span, score) in zip(where, best_ends(parts), strict=True):
        if (similarity := score / 100) >= least:
            found[row][column] = Alike(similarity, *span)
    return found


def differences(typed: Bare, held: Bare, place: Alike, start: int = 0) -> tuple[Difference, ...]:
    """What differs between a typed text and the part of another, in order; none where both are the same.

    Numbers and words of letters are wholes, all else goes character by character. `start` is where the text begins in all that was typed.
    """
    here = held.text[place.start : place.end]
    if here == typed.text:
        return ()
    left, begins = _tokens(typed.text)
    right, begins_here = _tokens(here)
    found = []
    for code in Levenshtein.opcodes(left, right):
        if (op := _OPS.get(code.tag)) is not None:
            own = typed.span(begins[code.src_start], begins[code.src_end])
            there = held.span(place.start + begins_here[code.dest_start], place.start + begins_here[code.dest_end])
            found.append(Difference(op, (start + own[0], start + own[1]), there))
    return tuple(found)


def _tokens(text: str) -> tuple[Sequence[str], Sequence[int]]:
    """What is compared as a whole, and where each begins and the last one ends."""
    if _WHOLE.search(text) is None:
        return text, range(len(text) + 1)
    tokens = _TOKEN.findall(text)
    return tokens, [*accumulate(map(len, tokens), initial=0)]
