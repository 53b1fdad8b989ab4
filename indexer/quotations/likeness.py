"""Where in a passage something like a quotation stands, and how the two differ. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, chain, pairwise
from math import ceil

from numpy import float64, int32
from rapidfuzz.distance import LCSseq, Levenshtein
from rapidfuzz.fuzz import partial_ratio_alignment, ratio
from rapidfuzz.process import cdist

from indexer.matching import Span
from indexer.quotations.bare import Bare

_TOKEN = re.compile(r"\d+(?:\D\d+)*[%‰]?|[a-z]+|.", re.S)
_WHOLE = re.compile(r"[\da-z]")
"""Where a token may begin that has several characters."""
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


def alike(typed: str, texts: Sequence[str], least: float) -> list[Alike | None]:
    """Of each text the part most like a quotation, None where nothing is alike by `least`; all without their marks."""
    spans: list[Span | None] = [None] * len(texts)
    as_long: list[tuple[int, Span]] = []
    for number, held in enumerate(texts):
        if (at := held.find(typed)) >= 0:
            spans[number] = at, at + len(typed)
        elif len(typed) >= len(held):
            spans[number] = 0, len(held)
        else:
            found = partial_ratio_alignment(typed, held, score_cutoff=100 * max(0.0, least - _BY_ENDS))
            if found is not None and found.score > 0:
                as_long.append((number, (found.dest_start, found.dest_end)))
    fitted = _with_best_ends(typed, [texts[number] for number, _ in as_long], [span for _, span in as_long])
    for (number, _), span in zip(as_long, fitted, strict=True):
        spans[number] = span
    return [_alike_by(typed, held, span, least) if span else None for held, span in zip(texts, spans, strict=True)]


def _alike_by(typed: str, held: str, span: Span, least: float) -> Alike | None:
    similarity = ratio(typed, held[slice(*span)]) / 100
    return Alike(similarity, *span) if similarity >= least else None


def _with_best_ends(typed: str, texts: Sequence[str], spans: Sequence[Span]) -> list[Span]:
    """Parts of texts that are as long as what was typed, each with the ends that fit best.

    What was left out of it or doubled in it moves an end. Of starts that fit equally well the last is taken, of ends the first.
    """
    first_starts = [range(max(0, start - _ENDS), min(end, start + _ENDS + 1))[::-1] for start, end in spans]
    starts = _best_starts(typed, texts, first_starts, [end for _, end in spans])
    ends = [
        range(max(at + 1, end - _ENDS), min(len(text), end + _ENDS) + 1) for text, at, (_, end) in zip(texts, starts, spans, strict=True)
    ]
    last = _best(typed, ends, [[text[at:end] for end in own] for text, at, own in zip(texts, starts, ends, strict=True)])
    left = [[at for at in own if at < end] for own, end in zip(first_starts, last, strict=True)]
    return list(zip(_best_starts(typed, texts, left, last), last, strict=True))


def _best_starts(typed: str, texts: Sequence[str], starts: Sequence[Sequence[int]], ends: Sequence[int]) -> list[int]:
    return _best(typed, starts, [[text[at:end] for at in own] for text, own, end in zip(texts, starts, ends, strict=True)])


def _best(typed: str, offsets: Sequence[Sequence[int]], parts: Sequence[Sequence[str]]) -> list[int]:
    """For each text (with at least one part) the offset of the first of its parts that are most like what was typed."""
    scores = cdist([typed], list(chain.from_iterable(parts)), scorer=ratio, dtype=float64)[0]
    bounds = pairwise(accumulate(map(len, parts), initial=0))
    return [own[int(scores[first:last].argmax())] for own, (first, last) in zip(offsets, bounds, strict=True)]


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
