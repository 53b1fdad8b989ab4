"""The nearest spelling that the corpus contains, for a text that occurs nowhere in it: one character away. Pure.

No dictionary and no list of likely mistakes: every candidate is a string from the corpus itself, with the number of
passages that contain it. It is offered, never applied: 督察 and 督查 are different things.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from indexer.joined import JoinedTexts

CountHolding = Callable[[str], int]
"""Returns the number of passages that contain a text."""
TextsHolding = Callable[[Sequence[Sequence[str]]], JoinedTexts | None]
"""Returns the folded texts that contain all pieces of at least one alternative; None if they are too many to read."""

SHORTEST, LONGEST = 3, 12
"""Lengths in code points between which a text is examined: in shorter ones a character is too much, longer ones users split."""


def nearest_spelling(text: str, count_holding: CountHolding, texts_holding: TextsHolding) -> tuple[str, int] | None:
    """The string one edit away from `text` (folded) that the most passages contain, and how many do.

    None if there is none, or if there are too many candidate texts to read: reading only some could miss a frequent
    string and offer a rare one in its place.

    An edit changes, inserts or removes one letter, digit or Han character, or swaps two neighbours.
    """
    if not SHORTEST <= len(text) <= LONGEST:
        return None
    found = Counter({candidate: count_holding(candidate) for candidate in _swapped(text)})
    gaps = _gaps(text)
    texts = texts_holding([[piece for piece in gap if piece] for gap in gaps])
    if texts is None:
        return None
    for before, after in gaps:
        found.update({before + char + after: count for char, count in texts.between(before, after).items()})
    # A part of the typed text is always at least as frequent, so it counts only if nothing else is near.
    return _best(found) or _best(Counter({candidate: count_holding(candidate) for candidate in _shortened(text)}))


def _best(found: Counter[str]) -> tuple[str, int] | None:
    """The most frequent candidate; of equals the longest, then the first in code point order, so that the result is deterministic."""
    best = min(found, key=lambda candidate: (-found[candidate], -len(candidate), candidate), default=None)
    return (best, found[best]) if best is not None and found[best] else None


def _swapped(text: str) -> set[str]:
    """The text with two neighbours swapped, in every place."""
    return {text[:at] + text[at + 1] + text[at] + text[at + 2 :] for at in range(len(text) - 1)} - {text}


def _shortened(text: str) -> set[str]:
    """The text with one character left out, in every place."""
    return {text[:at] + text[at + 1 :] for at in range(len(text))}


def _gaps(text: str) -> list[tuple[str, str]]:
    """The text before and after one changed character, then before and after one inserted character."""
    changed = [(text[:at], text[at + 1 :]) for at in range(len(text))]
    return changed + [(text[:at], text[at:]) for at in range(1, len(text))]
