"""Where in a passage something like a quotation stands, and how the two differ. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import Levenshtein
from rapidfuzz.fuzz import partial_ratio_alignment, ratio

from indexer.matching import Span
from indexer.quotations.bare import Bare

_TOKEN = re.compile(r"\d+(?:\D\d+)*[%‰]?|[a-z]+|.", re.S)
_ENDS = 8
"""Characters by which the ends of a place are moved to find those that fit best."""


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
    """The place of a passage that is most like a quotation."""

    similarity: float
    """0 to 1: twice the characters that both have in order, of the characters of both (`rapidfuzz.fuzz.ratio`), marks aside."""
    start: int
    end: int
    """In code points of the passage's text."""
    differences: tuple[Difference, ...]
    """In order; none where both are the same."""


def alike(typed: Bare, held: Bare, least: float, offset: int = 0) -> Alike | None:
    """The place most alike, None where nothing is alike by `least`; `offset` is added to the spans of the typed text."""
    found = _place(typed.text, held.text, least)
    if found is None:
        return None
    start, end = found
    similarity = ratio(typed.text, held.text[start:end]) / 100
    if similarity < least:
        return None
    differing = tuple(_differences(typed, held, start, end, offset))
    return Alike(similarity, *held.span(start, end), differing)


def _place(typed: str, held: str, least: float) -> Span | None:
    at = held.find(typed)
    if at >= 0:
        return at, at + len(typed)
    if len(typed) >= len(held):
        return 0, len(held)
    found = partial_ratio_alignment(typed, held, score_cutoff=100 * max(0.0, least - _BY_ENDS))
    if found is None or found.score == 0:
        return None
    # It is as long as what was typed. What was left out of it or doubled in it moves an end.
    starts = range(max(0, found.dest_start - _ENDS), min(found.dest_end, found.dest_start + _ENDS + 1))
    start = max(starts, key=lambda start: (ratio(typed, held[start : found.dest_end]), start))
    ends = range(max(start + 1, found.dest_end - _ENDS), min(len(held), found.dest_end + _ENDS) + 1)
    end = max(ends, key=lambda end: (ratio(typed, held[start:end]), -end))
    start = max((one for one in starts if one < end), key=lambda start: (ratio(typed, held[start:end]), start))
    return start, end


def _differences(typed: Bare, held: Bare, start: int, end: int, offset: int) -> Iterator[Difference]:
    """Numbers and words of letters are wholes, all else goes character by character."""
    left, right = ([match.span() for match in _TOKEN.finditer(text)] for text in (typed.text, held.text[start:end]))
    here = held.text[start:end]
    for code in Levenshtein.opcodes([typed.text[a:b] for a, b in left], [here[a:b] for a, b in right]):
        if code.tag == "equal":
            continue
        a, b = _run(left, code.src_start, code.src_end, len(typed.text))
        c, d = _run(right, code.dest_start, code.dest_end, end - start)
        first, last = typed.span(a, b)
        yield Difference(Op(code.tag), (first + offset, last + offset), held.span(start + c, start + d))


def _run(tokens: list[Span], first: int, last: int, length: int) -> Span:
    """Where a run of tokens stands; an empty one stands before the token that follows."""
    start = tokens[first][0] if first < len(tokens) else length
    return start, tokens[last - 1][1] if first < last else start
