"""The nearest spelling that the corpus holds: what stands one character away from a text that nothing holds. Pure.

No dictionary and no list of likely mistakes: every candidate is a string of the corpus itself, with the number of
passages that hold it. It is offered, never applied: 督察 and 督查 are different things.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from indexer.joined import JoinedTexts

CountHolding = Callable[[str], int]
"""Gives the number of passages that hold a text."""
TextsHolding = Callable[[Sequence[Sequence[str]]], JoinedTexts | None]
"""Gives the folded texts that hold every piece of one of some alternatives, None where they are too many to be read."""

SHORTEST, LONGEST = 3, 12
"""Code points of a text that is looked at: in shorter ones one character is too much, longer ones are cut up by the reader."""


def nearest_spelling(text: str, count_holding: CountHolding, texts_holding: TextsHolding) -> tuple[str, int] | None:
    """The string one edit away from `text` (folded) that most passages hold, and how many do.

    None where there is none, and where the texts that may hold it are too many to be read: what is frequent among them
    would be missed, and something rare offered in its place.

    An edit is one letter, digit or Han character changed, missing, too many, or two neighbours swapped.
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
    # A part of what was typed is always held at least as often; it counts where nothing else is near.
    return _best(found) or _best(Counter({candidate: count_holding(candidate) for candidate in _shortened(text)}))


def _best(found: Counter[str]) -> tuple[str, int] | None:
    """The most frequent; of equals the longest, then the first in code point order, so that nothing depends on chance."""
    best = min(found, key=lambda candidate: (-found[candidate], -len(candidate), candidate), default=None)
    return (best, found[best]) if best is not None and found[best] else None


def _swapped(text: str) -> set[str]:
    """Two neighbours swapped."""
    return {text[:at] + text[at + 1] + text[at] + text[at + 2 :] for at in range(len(text) - 1)} - {text}


def _shortened(text: str) -> set[str]:
    """One character left out."""
    return {text[:at] + text[at + 1 :] for at in range(len(text))}


def _gaps(text: str) -> list[tuple[str, str]]:
    """What stands before and after one character changed, and one put in."""
    changed = [(text[:at], text[at + 1 :]) for at in range(len(text))]
    return changed + [(text[:at], text[at:]) for at in range(1, len(text))]
