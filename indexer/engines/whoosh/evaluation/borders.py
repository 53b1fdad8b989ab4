"""Finds where the words of passages begin, for passages of several segments."""

from __future__ import annotations

import numpy as np

from indexer.engines.whoosh.arrays.borders import SLOTS, usual_begins
from indexer.engines.whoosh.arrays.postings import Numbers
from indexer.engines.whoosh.evaluation.passages import Passages
from indexer.joined import JoinedTexts, Mask
from indexer.neighbours import WordBegins

_NOTHING = memoryview(b"")


def word_begins(passages: Passages, numbers: Numbers, joined: JoinedTexts) -> WordBegins | None:
    """Where the words of these passages begin, whose texts are joined in this order; None if no segment has this stored."""
    every = [(at, borders) for at, segment in enumerate(passages.segments) if (borders := segment.borders) is not None]
    if not every:
        return None
    segments = np.searchsorted(passages.bases, numbers, "right") - 1
    known = np.isin(segments, [at for at, _ in every])
    usual: list[Mask] = [np.ones(SLOTS, np.bool_)]
    unusual = [_NOTHING] * len(numbers)
    table = np.zeros(len(passages.segments), np.int64)
    for at, borders in every:
        if len(own := np.flatnonzero(segments == at)):
            table[at] = len(usual)
            usual.append(borders.usual())
            bits = borders.unusual(numbers[own] - passages.bases[at])
            if len(own) == len(numbers):
                unusual = bits
                break
            for index, own_bits in zip(own.tolist(), bits, strict=True):
                unusual[index] = own_bits
    for index in np.flatnonzero(~known).tolist():
        unusual[index] = memoryview(bytes(int(joined.sizes[index])))
    if len(usual) == 2 and known.all():
        begins = usual_begins(joined.codes, usual[1])
    else:
        begins = usual_begins(joined.codes, np.concatenate(usual), np.repeat(table[segments], joined.sizes))
    begins ^= np.frombuffer(b"".join(unusual), np.bool_)
    return WordBegins(begins, known)
