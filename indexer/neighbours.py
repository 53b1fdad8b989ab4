"""Which words stand near the occurrences of a query, in many texts at once. Pure but for the texts that stay cut.

Cutting texts takes most of the time, so what was cut stays for the next term, page or view of the same passages.
"""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, compress, count, islice
from sys import getsizeof

import numpy as np
from xxhash import xxh3_128_digest

from indexer.cache import Cache
from indexer.joined import END, JoinedTexts, Mask, Numbers, Spans
from indexer.wordlists import LEAST_TOGETHER, MOST_WORDS, WINDOW, is_listed

CUT_CACHED = 32_000_000
"""Bytes of words that stand in texts: those of some 40,000 passages of usual length."""
WORDS_NUMBERED = 16_000_000
"""Bytes of the words themselves; where they take more, all begins anew."""
WORD = 120
"""Bytes of a numbered word beside its text."""
CUT_TOGETHER = 200_000
"""Code points, about, whose words are numbered at once."""

_MARKS = ',。;、:!?()《》“”‘’"\n ' + END
"""No word spans one of these, whatever the segmenter."""
_LENGTH_BITS, _NUMBER_BITS = 10, 24
"""Of a word where it stands: no segmenter gives one of more than 1,000 code points, see `indexer.analysis.words`; above them its offset."""
_LONGEST_CUT = 1000
_PIECES = re.compile(rf".{{1,{_LONGEST_CUT}}}(?<=[{re.escape(_MARKS)}])|[^{re.escape(_MARKS)}]+", re.DOTALL)
"""What a long text is cut in, so that a word depends on the clause that it stands in and on nothing else."""


@dataclass(frozen=True, slots=True)
class NearWords:
    """Which listed words stand near occurrences, in which texts."""

    words: Sequence[str]
    """By their numbers; more may stand there than were found."""
    numbers: Numbers
    """Of the words, for each word and text once; ascending."""
    texts: Numbers
    """Of the texts."""
    holding: int
    """Texts with an occurrence."""

    def texts_of(self, number: int) -> Numbers:
        """The texts in which the word of a number stands near an occurrence."""
        return self.texts[self.numbers.searchsorted(number) : self.numbers.searchsorted(number, "right")]

    def commonest(self) -> tuple[list[int], Numbers]:
        """The numbers of the words with most texts and how many these are, at most `MOST_WORDS`, each with at least `LEAST_TOGETHER`."""
        counts = np.bincount(self.numbers)
        frequent = np.flatnonzero(counts >= LEAST_TOGETHER)
        if len(frequent) > MOST_WORDS:
            # All that are as frequent as the last one stay: their texts decide between equals.
            frequent = frequent[counts[frequent] >= np.partition(counts[frequent], -MOST_WORDS)[-MOST_WORDS]]
        order = sorted(frequent.tolist(), key=lambda at: (-counts[at], self.words[at]))[:MOST_WORDS]
        return order, counts[order]


class _Words:
    """Words by number, and which of them stand in texts: of each word its offset, its number and its length in one integer."""

    def __init__(self) -> None:
        self.texts: Cache[Numbers] = Cache(CUT_CACHED)
        self.words: list[str] = []
        self.size = 0
        self._listed = bytearray()
        self._numbers: dict[str, int] = defaultdict(count().__next__)
        self._lock = threading.Lock()

    def numbered(self, words: list[str]) -> tuple[Numbers, Mask]:
        """The number of each word, and which of them are listed."""
        # Two threads that give numbers at once could give the same one to two words.
        with self._lock:
            numbers = np.fromiter(map(self._numbers.__getitem__, words), np.int64, len(words))
            new = list(islice(self._numbers, len(self.words), None))
            self.words += new
            self._listed += bytes(map(is_listed, new))
            self.size += sum(map(getsizeof, new)) + WORD * len(new)
            return numbers, np.frombuffer(bytes(self._listed), np.bool_)[numbers]


class CutTexts:
    """The words of the texts that were cut last. Safe to share between threads."""

    def __init__(self, cut: Callable[[str], Iterable[str]]) -> None:
        """`cut` gives the words of a text, which joined give it back."""
        self._cut = cut
        self._held = _Words()

    def near(self, joined: JoinedTexts, spans: Spans) -> NearWords:
        """The words with at most `WINDOW` code points between them and an occurrence, and that overlap none.

        Args:
            joined: Folded texts.
            spans: The occurrences in them, in order and apart.
        """
        if self._held.size > WORDS_NUMBERED:
            self._held = _Words()
        held = self._held
        cut = self._of_each(joined, held)
        owners = np.repeat(np.arange(joined.count), [len(of_text) for of_text in cut])
        packed = np.concatenate([*cut, np.zeros(0, np.int64)])
        left = joined.begins[owners] + (packed >> _LENGTH_BITS + _NUMBER_BITS)
        near = np.flatnonzero(_are_near(joined, owners, left, left + (packed & ((1 << _LENGTH_BITS) - 1)), spans))
        numbers = packed[near] >> _LENGTH_BITS & ((1 << _NUMBER_BITS) - 1)
        # Sorted here: np.unique puts what it finds into a table of hashes, which takes ten times as long.
        pairs = np.sort(numbers * max(joined.count, 1) + owners[near])
        pairs = pairs[np.flatnonzero(np.diff(pairs, prepend=-1))]
        holding = np.count_nonzero(np.diff(joined.text_of(spans[0]), prepend=-1))
        return NearWords(held.words, *np.divmod(pairs, max(joined.count, 1)), int(holding))

    def _of_each(self, joined: JoinedTexts, held: _Words) -> list[Numbers]:
        """The listed words of each text."""
        # In two bytes and in four different texts can be the same bytes.
        keys = [xxh3_128_digest(piece, joined.codes.itemsize) for piece in joined.pieces()]
        found = {key: held.texts.get(key) for key in keys}
        new = {key: at for at, key in enumerate(keys) if found[key] is None}
        for batch in _batches(new.items(), joined):
            cut = self._anew([joined.text(at) for _, at in batch], held)
            found.update({key: held.texts.put(key, words, words.nbytes) for (key, _), words in zip(batch, cut, strict=True)})
        return [words for key in keys if (words := found[key]) is not None]

    def _anew(self, texts: list[str], held: _Words) -> list[Numbers]:
        """The listed words of texts that are to be cut."""
        words = list(chain.from_iterable(self._words(text) for text in texts))
        lengths = np.fromiter(map(len, words), np.int64, len(words))
        starts = lengths.cumsum() - lengths
        # Nothing of one code point is listed, and most words have no more.
        longer = np.flatnonzero(lengths > 1)
        numbers, listed = held.numbered(list(compress(words, (lengths > 1).tolist())))
        longer, numbers = longer[listed], numbers[listed]
        begins = np.concatenate(([0], np.cumsum([len(text) for text in texts])))
        bounds = starts[longer].searchsorted(begins)
        offsets = starts[longer] - np.repeat(begins[:-1], np.diff(bounds))
        packed = (offsets << _NUMBER_BITS | numbers) << _LENGTH_BITS | lengths[longer]
        # What is cached must not hold the words of all others.
        return [packed[first:last].copy() for first, last in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)]

    def _words(self, text: str) -> Iterable[str]:
        if len(text) <= _LONGEST_CUT:
            return self._cut(text)
        return chain.from_iterable(map(self._cut, _PIECES.findall(text)))


def _batches(new: Iterable[tuple[bytes, int]], joined: JoinedTexts) -> Iterator[list[tuple[bytes, int]]]:
    batch, size = [], 0
    for key, at in new:
        batch.append((key, at))
        size += joined.length(at)
        if size >= CUT_TOGETHER:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _are_near(joined: JoinedTexts, owners: Numbers, left: Numbers, right: Numbers, spans: Spans) -> Mask:
    """Which words (their texts and bounds) stand near an occurrence of the same text, and overlap none."""
    starts, ends = spans
    if not (len(starts) and len(left)):
        return np.zeros(len(left), np.bool_)
    occurring, last = joined.text_of(starts), len(starts) - 1
    after = _passed(starts + 1, len(joined.codes) + 1)[right]
    before = _passed(ends, len(joined.codes) + 1)[left] - 1
    following, preceding = np.minimum(after, last), np.maximum(before, 0)
    is_before = (after <= last) & (starts[following] - right <= WINDOW) & (occurring[following] == owners)
    is_behind = (before >= 0) & (left - ends[preceding] <= WINDOW) & (occurring[preceding] == owners)
    # Between the last occurrence that ends before it and the first that begins after it there is none.
    near: Mask = (is_before | is_behind) & (after == before + 1)
    return near


def _passed(positions: Numbers, size: int) -> Numbers:
    """For each position from 0 how many of some different ones are not behind it."""
    steps = np.zeros(size, np.int32)
    steps[positions] = 1
    passed: Numbers = steps.cumsum(dtype=np.int32)
    return passed
