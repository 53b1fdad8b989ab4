"""Where the terms of a query occur in one folded text: the one definition of a match, for engines, marks and counts. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from indexer.query.tree import Near, Query, Term

Span = tuple[int, int]
"""Start and end, half-open, in code points."""


def starts_of(needle: str, text: str) -> list[int]:
    """Every offset at which `needle` (not empty) begins in `text`, overlapping ones too, ascending."""
    starts = []
    start = text.find(needle)
    while start >= 0:
        starts.append(start)
        start = text.find(needle, start + 1)
    return starts


def leftmost(starts: list[int], length: int) -> list[Span]:
    """The spans of one length at these ascending starts, without those that overlap a span kept before."""
    spans: list[Span] = []
    for start in starts:
        if not spans or start >= spans[-1][1]:
            spans.append((start, start + length))
    return spans


def near_starts(near: Near, text: str) -> tuple[list[int], list[int]]:
    """The starts of the left and of the right term that belong to a qualifying pair; both empty if there is none."""
    lefts, rights = starts_of(near.left.text, text), starts_of(near.right.text, text)
    left_length, right_length = len(near.left.text), len(near.right.text)
    return (
        _paired(lefts, left_length, rights, right_length, near.distance),
        _paired(rights, right_length, lefts, left_length, near.distance),
    )


def _paired(starts: list[int], length: int, others: list[int], other_length: int, distance: int) -> list[int]:
    """Those of `starts` that have one of `others` within `distance` after their end or before their start."""

    def any_between(low: int, high: int) -> bool:
        at = bisect_left(others, low)
        return at < len(others) and others[at] <= high

    return [
        start
        for start in starts
        if any_between(start + length, start + length + distance) or any_between(start - other_length - distance, start - other_length)
    ]


def unite(spans: list[Span]) -> list[Span]:
    """Spans in order, overlapping ones united, touching ones kept apart."""
    united: list[Span] = []
    for start, end in sorted(spans):
        if united and start < united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return united


def first_start(query: Query, folded: str) -> int | None:
    """Where the first of `occurrences` begins; None if there is none."""
    if query.nears:
        spans = occurrences(query, folded)
        return spans[0][0] if spans else None
    return min((start for term in query.terms if (start := folded.find(term.text)) >= 0), default=None)


def occurrences(query: Query, folded: str) -> list[Span]:
    """The spans to mark and count in a folded text: leftmost non-overlapping occurrences of each positive term, united.

    Terms of NEAR count only in a qualifying pair. Offsets are those of the folded text.
    """
    return occurrences_of(query.terms, query.nears, folded)


def occurrences_of(terms: Iterable[Term], nears: Iterable[Near], folded: str) -> list[Span]:
    """`occurrences` for these terms and pairs."""
    runs = [_leftmost_in(term.text, folded) for term in terms]
    for near in nears:
        lefts, rights = near_starts(near, folded)
        runs += [leftmost(lefts, len(near.left.text)), leftmost(rights, len(near.right.text))]
    return runs[0] if len(runs) == 1 else unite([span for run in runs for span in run])


def _leftmost_in(needle: str, text: str) -> list[Span]:
    """`leftmost` of all starts, found in one pass."""
    spans: list[Span] = []
    length = len(needle)
    start = text.find(needle)
    while start >= 0:
        spans.append((start, start + length))
        start = text.find(needle, start + length)
    return spans


def overlapping(terms: Iterable[Term]) -> list[list[Term]]:
    """The terms in groups such that occurrences of terms from different groups never share a code point."""
    groups: list[list[Term]] = []
    for term in terms:
        touched = [group for group in groups if any(_overlap(term.text, other.text) for other in group)]
        groups = [group for group in groups if group not in touched]
        groups.append([term, *(other for group in touched for other in group)])
    return groups


def _overlap(one: str, other: str) -> bool:
    if one in other or other in one:
        return True
    return any(one.endswith(other[:size]) or other.endswith(one[:size]) for size in range(1, min(len(one), len(other))))
