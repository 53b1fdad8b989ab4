"""Finds names of instruments that may be slips of others: 暂行条列 for 暂行条例. Offered for people to judge, never applied."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from indexer.facts.instruments import kind_of

SHORTEST = 5
"""Code points of the shortest name that can be a slip; shorter names are too similar to others."""
LONG = 8
"""Code points from which two characters may differ; below, only one."""

_PLACE = re.compile(r"(?:关于)?[\u4e00-\u9fff]{1,10}?[省市县区州旗]")
_NUMERAL = re.compile(r"[\d一二三四五六七八九十〇上下]")


class Names:
    """Names that others may be slips of. The time of a look-up does not depend on how many names have other lengths and beginnings.

    If two names differ in at most two characters, one of three pieces is equal in both, at most two characters shifted.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._by_piece: dict[tuple[int, int, str], list[str]] = {}
        for name in names:
            for number, (start, end) in enumerate(_pieces(len(name))):
                self._by_piece.setdefault((len(name), number, name[start:end]), []).append(name)

    def near(self, name: str) -> set[str]:
        """The names that this one may be a slip of."""
        if len(name) < SHORTEST:
            return set()
        found: set[str] = set()
        for length in range(len(name) - 2, len(name) + 3):
            for number, (start, end) in enumerate(_pieces(length)):
                for shift in range(-2, 3):
                    piece = name[max(0, start + shift) : max(0, end + shift)]
                    found.update(self._by_piece.get((length, number, piece), ()))
        return {other for other in found if is_slip(name, other)}


def _pieces(length: int) -> list[tuple[int, int]]:
    cuts = [length * number // 3 for number in range(4)]
    return list(pairwise(cuts))


def is_slip(name: str, other: str) -> bool:
    """Whether a name differs from another by a slip of one or two characters.

    Plans for other years, rules of neighbouring places, and a 办法 beside a 规定 differ as little, but are not slips.
    """
    most = 2 if min(len(name), len(other)) >= LONG else 1
    if name == other or Levenshtein.distance(name, other, score_cutoff=most) > most:
        return False
    edits = Levenshtein.editops(name, other)
    differing = [name[edit.src_pos] for edit in edits if edit.tag != "insert"] + [
        other[edit.dest_pos] for edit in edits if edit.tag != "delete"
    ]
    if any(_NUMERAL.match(char) for char in differing) or _place(name) != _place(other):
        return False
    kinds = {kind_of(name), kind_of(other)}
    return len(kinds) == 1 or "other" in kinds


def _place(name: str) -> str:
    found = _PLACE.match(name)
    return found[0] if found else ""
