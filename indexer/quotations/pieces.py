"""The pieces of a typed text to look up: its quotations, or its sentences if it quotes nothing. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from indexer.matching import Span
from indexer.outline import sentences

SHORTEST = 6
"""Shortest quotation in characters. Shorter ones, such as names or phrases, are found everywhere and tell nothing."""
_CLOSING = {"“": "”", "「": "」", "『": "』", '"': '"'}


def pieces(text: str) -> list[Span]:
    """Half-open spans of the pieces, in code points, in order, without quotation marks.

    Quotations are enclosed in “”, 「」, 『』 or "", and may contain others. If none of them has `SHORTEST` characters, the pieces are the
    sentences.
    """
    quoted = [span for start, end in _quotations(text) if (span := _stripped(text, start, end))]
    return quoted if any(end - start >= SHORTEST for start, end in quoted) else sentences(text)


def _quotations(text: str) -> Iterator[Span]:
    """The text between an opening mark and its closing mark; marks that are never closed are ignored."""
    closed = _closed(text)
    at = 0
    while at < len(text):
        if (end := closed.get(at)) is not None:
            yield at + 1, end
            at = end
        at += 1


def _closed(text: str) -> dict[int, int]:
    """Maps the offset of each opening mark to that of its closing mark."""
    closed = {}
    opened: dict[str, list[int]] = {closing: [] for closing in _CLOSING.values()}
    for at, char in enumerate(text):
        if opened.get(char):
            closed[opened[char].pop()] = at
        elif char in _CLOSING:
            opened[_CLOSING[char]].append(at)
    return closed


def _stripped(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    first = start + len(piece) - len(piece.lstrip())
    return (first, first + len(piece.strip())) if piece.strip() else None
