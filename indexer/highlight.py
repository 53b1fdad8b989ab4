"""A passage and its matches to a snippet: verbatim text cut at the bounds of sentences. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right

from indexer.matching import Span
from indexer.outline import Item
from indexer.request import Snippet

SNIPPET_LENGTH = 120
"""About how many code points a snippet has; a match is never cut, so it can be longer."""

_SENTENCE = re.compile(r"[^。！？；!?;\n]*[。！？；!?;\n]+[”’」』）)]*|[^。！？；!?;\n]+")
_CLAUSE = re.compile(r"[^，,、：:]*[，,、：:]+|[^，,、：:]+")


def snippet(text: str, matches: list[Span], items: list[Item], length: int = SNIPPET_LENGTH) -> Snippet:
    """The run of whole sentences, about `length` code points at most, that holds most matches; the first such run.

    A sentence too long for that is cut at commas, and where there are none around a match. Without matches it is the
    beginning of the text.
    """
    start, end = _densest(_pieces(text, length), matches, length) if len(text) > length else (0, len(text))
    for match_start, match_end in matches:
        if match_start < end and match_end > start:
            start, end = min(start, match_start), max(end, match_end)
    shown = [span for span in matches if start <= span[0] and span[1] <= end]
    return Snippet(
        text=text[start:end],
        marks=[(a - start, b - start) for a, b in shown],
        cut_before=start > 0,
        cut_after=end < len(text),
        item=item_at(items, shown[0][0]) if shown else None,
    )


def item_at(items: list[Item], position: int) -> int | None:
    """The number of the item that a position stands in."""
    return next((number for number, start, end in items if start <= position < end), None)


def _pieces(text: str, length: int) -> list[Span]:
    """The text cut into sentences, long ones into clauses, and clauses that are still too long into runs of `length`."""
    pieces: list[Span] = []
    for sentence in _SENTENCE.finditer(text):
        if len(sentence[0]) <= length:
            pieces.append(sentence.span())
            continue
        for clause in _CLAUSE.finditer(text, *sentence.span()):
            starts = range(clause.start(), clause.end(), length)
            pieces += [(start, min(start + length, clause.end())) for start in starts]
    return pieces


def _densest(pieces: list[Span], matches: list[Span], length: int) -> Span:
    """The window of whole pieces with most match starts in it; of equals the first, so that context stands before the match."""
    starts = [start for start, _ in matches]
    best = pieces[0]
    best_count = -1
    for at, (start, end) in enumerate(pieces):
        for following_start, following_end in pieces[at + 1 :]:
            if following_end - start > length or following_start != end:
                break
            end = following_end
        count = bisect_right(starts, end - 1) - bisect_right(starts, start - 1)
        if count > best_count:
            best, best_count = (start, end), count
    return best
