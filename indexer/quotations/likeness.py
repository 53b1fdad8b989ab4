"""Where in a passage something similar to a quotation is, and how the two differ. Pure."""

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
"""Matches where a token of several characters may begin."""
_ROUNDED = 1e-9
"""A margin for rounding errors."""
_BY_ENDS = 0.3
"""How much the similarity of a place may grow when its ends are moved."""


class Op(StrEnum):
    """The operation that turns the typed text into the held one."""

    REPLACE = "replace"
    INSERT = "insert"
    """Text that is held but was not typed."""
    DELETE = "delete"
    """Text that was typed but is not held."""


_OPS = {op.value: op for op in Op}
"""By the names that `rapidfuzz` uses."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between a typed text and a passage."""

    op: Op
    typed: Span
    """Half-open, in code points of the whole typed text; for an insertion, the empty span where it belongs."""
    held: Span
    """Half-open, in code points of the passage's text; empty for a deletion."""


@dataclass(frozen=True, slots=True)
class Alike:
    """The part of a text (without punctuation) that is most similar to a quotation."""

    similarity: float
    """0 to 1: twice the characters that both have in order, divided by the characters of both (`rapidfuzz.fuzz.ratio`); no punctuation."""
    start: int
    end: int
    """Half-open, in code points of the text without punctuation."""


def may_be_alike(typed: str, texts: Sequence[str], least: float) -> list[int]:
    """The indices of the texts, with or without punctuation, that can have a part with similarity `least`: a quick check that misses none.

    A part with a number of `typed`'s characters in order has at least that many characters itself.
    """
    needed = max(1, ceil(least * len(typed) / (2 - least) - _ROUNDED))
    in_order = cdist([typed], texts, scorer=LCSseq.similarity, score_cutoff=needed, dtype=int32)
    found: list[int] = in_order[0].nonzero()[0].tolist()
    return found


def alike_each(wanted: Sequence[tuple[str, Sequence[str]]], least: float) -> list[list[Alike | None]]:
    """For each quotation and each of its texts, the most similar part, None if none reaches `least`; all without punctuation."""
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
    """The differences between a typed text and part of another, in order; empty if both are equal.

    Numbers and words in Latin letters are compared as wholes, everything else by character. `start` is the offset of the text in all that
    was typed.
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
    """The tokens that are compared as wholes; and where each begins, followed by the end of the last one."""
    if _WHOLE.search(text) is None:
        return text, range(len(text) + 1)
    tokens = _TOKEN.findall(text)
    return tokens, [*accumulate(map(len, tokens), initial=0)]
