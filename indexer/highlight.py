"""Makes a snippet from a passage and its matches: verbatim text cut at sentence boundaries. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left

from indexer.matching import Span
from indexer.outline import Item
from indexer.outline.sentences import ENDING, SENTENCE_END
from indexer.results import Snippet

SNIPPET_LENGTH = 120
"""Approximate length of a snippet in code points; it can be longer, for no match is cut, nor a sentence of up to twice this length."""

REACH = 20
"""How far after the first match the densest run is searched for, in snippet lengths, so that a snippet from a text of
a million code points costs no more than one from a page."""

# As in `sentences`, but for part of a long text, and including the white space between sentences.
_SENTENCE = re.compile(f"[^{ENDING}]*{SENTENCE_END.pattern}|[^{ENDING}]+")
_CLAUSE = re.compile(r"[^，,、：:]*[，,、：:]+|[^，,、：:]+")


def snippet(text: str, matches: list[Span], items: list[Item], length: int = SNIPPET_LENGTH) -> Snippet:
    """The first run of whole sentences, about `length` code points at most, that holds the most matches.

    A sentence of up to twice that length is shown whole; a longer one is cut at commas or, where there are none around a match, anywhere
    but within a number or a word in Latin letters. Without matches the snippet is the beginning of the text.
    In a text longer than `REACH` times `length` only the part near the first match is searched.
    """
    near = _near_first(matches, length)
    start, end = _densest(_pieces(text, length, *_searched(text, near, length)), near, length) if len(text) > length else (0, len(text))
    start, end = _uncut(text, start, -1), _uncut(text, end, 1)
    for match_start, match_end in near:
        if match_start < end and match_end > start:
            start, end = min(start, match_start), max(end, match_end)
    shown = [span for span in near if start <= span[0] and span[1] <= end]
    return Snippet(
        text=text[start:end],
        marks=[(a - start, b - start) for a, b in shown],
        cut_before=start > 0,
        cut_after=end < len(text),
        item=_label(text, items, start) if shown else None,
    )


def _label(text: str, items: list[Item], start: int) -> int | None:
    """The number of the item in which a snippet begins; None if the snippet begins with the item's first words."""
    if not items:
        return None
    first = start + len(text[start:]) - len(text[start:].lstrip())
    return None if any(item.start == first for item in items) else item_at(items, first)


def item_at(items: list[Item], position: int) -> int | None:
    """The number of the item that holds a position; None if none does."""
    return next((number for number, start, end in items if start <= position < end), None)


def _near_first(matches: list[Span], length: int) -> list[Span]:
    """The matches that begin within reach of the first one."""
    return matches[: bisect_left(matches, (matches[0][0] + REACH * length, 0))] if matches else []


def _searched(text: str, near: list[Span], length: int) -> Span:
    """The part of a text to search for a snippet; in a long text it begins after the end of a sentence before the first match."""
    if len(text) <= REACH * length:
        return (0, len(text))
    if not near:
        return (0, REACH * length)
    first = max(0, near[0][0] - length)
    cut = SENTENCE_END.search(text, first, near[0][0]) if first else None
    return (cut.end() if cut else first, near[-1][1] + length)


def _pieces(text: str, length: int, first: int, last: int) -> list[Span]:
    """Part of the text cut into sentences, long ones into clauses, and clauses that are still too long into runs of `length`."""
    pieces: list[Span] = []
    for sentence in _SENTENCE.finditer(text, first, last):
        span = start, end = sentence.span()
        if end - start <= 2 * length:
            pieces.append(span)
            continue
        for clause in _CLAUSE.finditer(text, start, end):
            starts = range(clause.start(), clause.end(), length)
            pieces += [(start, min(start + length, clause.end())) for start in starts]
    return pieces


def _uncut(text: str, at: int, step: int) -> int:
    """The snippet's boundary, moved outwards if it would cut a number or a word in Latin letters shorter than 40 characters."""
    moved = at
    while 0 < moved < len(text) and abs(moved - at) < 40 and _is_latin(text[moved - 1]) and _is_latin(text[moved]):
        moved += step
    return moved if abs(moved - at) < 40 else at


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _densest(pieces: list[Span], matches: list[Span], length: int) -> Span:
    """The window of whole pieces with the most match starts; of equals the first, so that there is context before the match."""
    starts = [start for start, _ in matches]
    best = pieces[0]
    best_count = -1
    following = 0
    for at, (start, end) in enumerate(pieces):
        if best_count >= 0 and (best_count == len(starts) or start > starts[-1]):
            break  # no later window has more
        # A window ends no earlier than the window before it.
        following = max(following, at)
        while (
            following + 1 < len(pieces) and pieces[following + 1][1] - start <= length and pieces[following + 1][0] == pieces[following][1]
        ):
            following += 1
        end = pieces[following][1]
        count = bisect_left(starts, end) - bisect_left(starts, start)
        if count > best_count:
            best, best_count = (start, end), count
    return best
