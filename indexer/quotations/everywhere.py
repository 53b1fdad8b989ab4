"""Which of many texts contain each of many quotations, without punctuation: all are searched for in one pass. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.quotations.bare import BareTexts

Numbers = NDArray[np.int64]

_FIRST = 4
"""How many first characters of a quotation are checked first, to skip most positions; no quotation is shorter."""
_TOGETHER = 1_000_000
"""How many positions are processed at once."""
_CODE_BITS = 21


def holding_each(texts: BareTexts, quotations: Sequence[Sequence[str]]) -> list[Numbers]:
    """For each quotation, the numbers of the texts that contain it, ascending.

    A quotation is given by its runs (see `indexer.quotations.bare.runs`), which together have at least `_FIRST` characters. A text may
    have punctuation between the runs, but not inside them.
    """
    bare = ["".join(runs) for runs in quotations]
    tree = _Tree(list(dict.fromkeys(bare)))
    numbers, positions = tree.stand(texts.joined.codes)
    order = np.argsort(numbers, kind="stable")
    bounds = numbers[order].searchsorted(np.arange(len(tree.texts) + 1))
    number_of = {text: number for number, text in enumerate(tree.texts)}
    found = []
    for runs, text in zip(quotations, bare, strict=True):
        number = number_of[text]
        starts = positions[order[bounds[number] : bounds[number + 1]]]
        marked = texts.marks_before(starts + len(text) - 1) - texts.marks_before(starts)
        allowed = np.zeros(len(starts), np.int64)
        for boundary in np.cumsum([len(run) for run in runs])[:-1].tolist():
            allowed += texts.marks_before(starts + boundary) - texts.marks_before(starts + boundary - 1)
        found.append(np.unique(texts.joined.text_of(starts[marked == allowed])).astype(np.int64))
    return found


class _Tree:
    """A trie of texts, which is descended from many positions at once."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        below: dict[int, int] = {}
        self._text_at: dict[int, int] = {}
        for number, text in enumerate(texts):
            node = 0
            for char in text:
                node = below.setdefault(node << _CODE_BITS | ord(char), len(below) + 1)
            self._text_at[node] = number
        self._keys = np.array(sorted(below), np.int64)
        self._nodes = np.array([below[key] for key in self._keys.tolist()], np.int64)
        self._text_of = np.full(len(below) + 1, -1)
        self._text_of[list(self._text_at)] = list(self._text_at.values())
        self._beginnings = np.zeros(1 << 16, np.bool_)
        if texts:
            begin = np.array([[ord(char) for char in text[:_FIRST]] for text in texts], np.uint32)
            self._beginnings[_hashed([begin[:, at] for at in range(_FIRST)])] = True

    def stand(self, codes: NDArray[Any]) -> tuple[Numbers, Numbers]:
        """Where the texts occur in a sequence of code points: the number of a text, and the position where it begins."""
        numbers, positions = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        for first in range(0, len(codes) - _FIRST + 1, _TOGETHER):
            last = min(first + _TOGETHER, len(codes) - _FIRST + 1)
            starts = self._beginnings[_hashed([codes[first + at : last + at] for at in range(_FIRST)])].nonzero()[0] + first
            nodes, depth = np.zeros(len(starts), np.int64), 0
            while len(starts):
                ended = self._text_of[nodes]
                at = (ended >= 0).nonzero()[0]
                numbers.append(ended[at])
                positions.append(starts[at])
                room = (starts + depth < len(codes)).nonzero()[0]
                starts = starts[room]
                wanted = nodes[room] << _CODE_BITS | codes[starts + depth].astype(np.int64)
                index = self._keys.searchsorted(wanted)
                held = (self._keys.take(index, mode="clip") == wanted).nonzero()[0]
                starts, nodes, depth = starts[held], self._nodes[index[held]], depth + 1
        return np.concatenate(numbers), np.concatenate(positions)


def _hashed(columns: Sequence[NDArray[Any]]) -> NDArray[np.uint16]:
    """A 16-bit hash of each row of code points."""
    found = np.zeros(len(columns[0]), np.uint16)
    for column in columns:
        found *= np.uint16(40_503)
        found += column.astype(np.uint16)
    return found
