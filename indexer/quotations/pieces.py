"""The pieces of a typed text that are looked up: its quotations, or its sentences where it quotes nothing. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from indexer.matching import Span
from indexer.outline import sentences

SHORTEST = 6
"""Characters of a quotation. What is shorter stands everywhere, as a name or a turn of phrase, and tells nothing."""
_CLOSING = {"“": "”", "「": "」", "『": "』", '"': '"'}


def pieces(text: str) -> list[Span]:
    """Half-open spans of the pieces, in code points, in order, without the quotation marks.

    Quotations stand in “”, 「」, 『』 or "", and may hold others. Where none of them has `SHORTEST` characters the pieces are the
    sentences.
    """
    quoted = [span for start, end in _quotations(text) if (span := _stripped(text, start, end))]
    return quoted if any(end - start >= SHORTEST for start, end in quoted) else sentences(text)


def _quotations(text: str) -> Iterator[Span]:
    """What stands between an opening mark and the one that closes it; a mark that is never closed opens nothing."""
    closed = _closed(text)
    at = 0
    while at < len(text):
        if (end := closed.get(at)) is not None:
            yield at + 1, end
            at = end
        at += 1


def _closed(text: str) -> dict[int, int]:
    """Where each mark that is closed is closed, by where it stands."""
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
