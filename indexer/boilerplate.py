"""Sentences shared by many units: cuts texts into sentences, and gives all copies of a sentence, figures ignored, the same key. Pure.

A sentence in the reports of at least `UNITS` units is common. Only whole sentences count: one with another word is another sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_64_intdigest

from indexer.analysis.fold import han_at_least
from indexer.outline.items import find_items
from indexer.outline.sentences import SENTENCE_END

UNITS = 5
"""How many units' reports must contain a sentence for it to be common."""

SHORTEST = 12
"""Fewest Han characters of a sentence that is compared: shorter ones are equal by chance."""

BITS = 48
"""Bits of a key: the odds that two of a million different sentences have the same one are 1 in 560."""

_MARKS = "。!?;"
_DIGITS = re.compile(r"\d+")
_PRINTED_KEY = re.compile(rf"[0-9a-f]{{{BITS // 4}}}")
_LONG_ENOUGH = han_at_least(SHORTEST)


class Sentence(NamedTuple):
    """A sentence of a folded text: its half-open span in code points, and the key that its copies share; None if it is too short."""

    start: int
    end: int
    key: int | None


@dataclass(frozen=True, slots=True)
class Copies:
    """How many units and reports contain a sentence."""

    units: int
    """Units whose reports contain it; reports of unknown units are not counted."""
    reports: int

    @property
    def common(self) -> bool:
        """Whether it is common."""
        return self.units >= UNITS

    def others(self, is_of_unit: bool) -> Copies:
        """The numbers without the report in which it is viewed, and without that report's unit, if it has one."""
        return Copies(self.units - is_of_unit, self.reports - 1)


@dataclass(frozen=True, slots=True)
class Commonest:
    """All common sentences: most units first, then most reports, then by key."""

    keys: NDArray[np.int64]
    units: NDArray[np.int64]
    reports: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.keys)

    @classmethod
    def of(cls, copies: Mapping[int, Copies]) -> Commonest:
        """The common ones among these sentences."""
        common = sorted((-one.units, -one.reports, key) for key, one in copies.items() if one.common)
        table = np.array(common, np.int64).reshape(-1, 3)
        return cls(table[:, 2], -table[:, 0], -table[:, 1])


def sentences(folded: str) -> list[Sentence]:
    """The sentences of a folded text, which together cover all of it; each ends at 。！？； or at the next 一是-item."""
    has_digits = _DIGITS.search(folded) is not None
    return [
        Sentence(start, end, key_of(folded[start:marks], has_digits) if marks - start >= SHORTEST else None)
        for start, marks, end in _bounds(folded)
        if start < end
    ]


def sentence_at(folded: str, offset: int) -> Sentence:
    """The sentence of a folded text that holds a character; found in a long text without reading all of it."""
    last = max(folded.rfind(mark, 0, offset) for mark in _MARKS)
    before, after = SENTENCE_END.match(folded, last) if last >= 0 else None, SENTENCE_END.search(folded, offset)
    begin = before.end() if before else 0
    marks, end = after.span() if after else (len(folded), len(folded))
    # Where the character is in punctuation, or an item may begin within the sentence, all of the text is read.
    if begin <= offset < marks and ":" not in folded[begin:marks] and not folded[begin].isspace():
        return Sentence(begin, end, key_of(folded[begin:marks]))
    for start, marks, end in _bounds(folded):
        if end > offset:
            return Sentence(start, end, key_of(folded[start:marks]))
    raise IndexError(offset)


def keys_of(folded: str) -> set[int]:
    """The keys of all sentences of a folded text that are long enough."""
    if len(folded) < SHORTEST:
        return set()
    found = (key_of(folded[start:marks]) for start, marks, _ in _bounds(folded) if marks - start >= SHORTEST)
    return {key for key in found if key is not None}


def printed_key(key: int) -> str:
    """A key as printed in addresses: twelve hexadecimal digits."""
    return f"{key:0{BITS // 4}x}"


def read_key(text: str) -> int | None:
    """The key that a text prints; None if it is not a key."""
    return int(text, 16) if _PRINTED_KEY.fullmatch(text) else None


def key_of(sentence: str, may_have_digits: bool = True) -> int | None:
    """The key shared by all copies of a folded sentence (without its final punctuation), see `BITS`; None if it is too short.

    Callers that know there are no digits can say so: looking for digits takes three quarters of the time.
    """
    if not _LONG_ENOUGH.match(sentence):
        return None
    compared = _DIGITS.sub("", sentence) if may_have_digits else sentence
    return xxh3_64_intdigest(compared.strip().encode("utf-8", "surrogatepass")) >> (64 - BITS)


def _bounds(folded: str) -> Iterator[tuple[int, int, int]]:
    """For each sentence its start, the start of its final punctuation, which the last one may lack, and its end."""
    ends = [match.span() for match in SENTENCE_END.finditer(folded)]
    if "是" in folded:
        known = {end for _, end in ends}
        ends = sorted([*ends, *((item.start, item.start) for item in find_items(folded) if item.start not in known)])
    start = 0
    for marks, end in ends:
        yield start, marks, end
        start = end
    if start < len(folded) or not ends:
        yield start, len(folded), len(folded)
