"""A passage and its matches to a snippet: verbatim text cut at the bounds of sentences. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left

from indexer.matching import Span
from indexer.outline import Item
from indexer.outline.sentences import ENDING, SENTENCE_END
from indexer.results import Snippet

SNIPPET_LENGTH = 120
"""About how many code points a snippet has; a match is never cut, nor a sentence up to twice as long, so it can be longer."""

REACH = 20
"""Snippets' lengths of text behind the first match in which the densest run is looked for, so that a snippet of a text of
a million code points costs what one of a page does."""

# As `sentences`, but of a part of a long text, and with the white space between.
_SENTENCE = re.compile(f"[^{ENDING}]*{SENTENCE_END.pattern}|[^{ENDING}]+")
_CLAUSE = re.compile(r"[^，,、：:]*[，,、：:]+|[^，,、：:]+")


def snippet(text: str, matches: list[Span], items: list[Item], length: int = SNIPPET_LENGTH) -> Snippet:
    """The run of whole sentences, about `length` code points at most, that holds most matches; the first such run.

    A sentence of up to twice that is shown whole; a longer one is cut at commas, and where there are none around a match, never
    within a number or a word in Latin letters. Without matches it is the
    beginning of the text. In a text longer than `REACH` times `length` only what stands near the first match is looked at.
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
    """The number of the item that a snippet begins in; None where it begins with that item's own words."""
    if not items:
        return None
    first = start + len(text[start:]) - len(text[start:].lstrip())
    return None if any(item.start == first for item in items) else item_at(items, first)


def item_at(items: list[Item], position: int) -> int | None:
    """The number of the item that a position stands in."""
    return next((number for number, start, end in items if start <= position < end), None)


def _near_first(matches: list[Span], length: int) -> list[Span]:
    """The matches that begin within reach of the first."""
    return matches[: bisect_left(matches, (matches[0][0] + REACH * length, 0))] if matches else []


def _searched(text: str, near: list[Span], length: int) -> Span:
    """The part of a text in which a snippet is looked for; of a long one it begins at the end of a sentence before the first match."""
    if len(text) <= REACH * length:
        return (0, len(text))
    if not near:
        return (0, REACH * length)
    first = max(0, near[0][0] - length)
    cut = SENTENCE_END.search(text, first, near[0][0]) if first else None
    return (cut.end() if cut else first, near[-1][1] + length)


def _pieces(text: str, length: int, first: int, last: int) -> list[Span]:
    """A part of the text cut into sentences, long ones into clauses, and clauses that are still too long into runs of `length`."""
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
    """The bound of a snippet, moved outwards where it stands within a number or a word in Latin letters of at most 40 characters."""
    moved = at
    while 0 < moved < len(text) and abs(moved - at) < 40 and _is_latin(text[moved - 1]) and _is_latin(text[moved]):
        moved += step
    return moved if abs(moved - at) < 40 else at


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _densest(pieces: list[Span], matches: list[Span], length: int) -> Span:
    """The window of whole pieces with most match starts in it; of equals the first, so that context stands before the match."""
    starts = [start for start, _ in matches]
    best = pieces[0]
    best_count = -1
    following = 0
    for at, (start, end) in enumerate(pieces):
        if best_count >= 0 and (best_count == len(starts) or start > starts[-1]):
            break  # no later window has more
        # A window ends no earlier than the one that began before it.
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
