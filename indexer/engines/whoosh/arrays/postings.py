"""Posting lists: built from tokens by sorting whole arrays, merged from several segments the same way, and read term by term.

A field has its terms in order and, term after term, for each list: its first posting (`starts`), its passages (`ids`, ascending), and
how often each contains the term (`counts`, a byte; larger counts are in `large_counts`, and the indices of their postings in `large`).
Pairs of characters also have offsets (`places`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from mmap import mmap
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.arrays.files import ArrayFile, Ints, blob, buffer, ends, narrow
from indexer.joined import ranges

Numbers = NDArray[np.int64]

Postings = tuple[Numbers, NDArray[Any]]
"""Passage numbers, ascending, and how often each contains a text."""

_CODES = 0x110000
DENSE = 8
"""Some lists are counted faster by reading all lists in one go, if they hold at least one posting in so many."""
MOST = 255
"""The greatest count stored in a byte."""


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of a field, in memory."""

    keys: Numbers
    """A number for each term, ascending: a code point, a pair of them (`pair_key`), or a word's index among the words."""
    starts: Numbers
    ids: Numbers
    counts: Numbers

    def of_each(self) -> Numbers:
        """The key of each posting."""
        return np.repeat(self.keys, np.diff(self.starts))


def group(keys: Numbers, owners: Numbers, passages: int, counts: Numbers | None = None) -> Lists:
    """The lists of occurrences, given as term, passage (of `passages` in all) and count, which is 1 for each if `counts` is None."""
    pairs = keys * passages + owners
    if counts is None:
        pairs.sort()
        first = np.flatnonzero(np.diff(pairs, prepend=-1))
        counts = np.diff(first, append=len(pairs))
        pairs = pairs[first]
    else:
        # These are sorted runs, so a stable sort does little more than merge them.
        order = np.argsort(pairs, kind="stable")
        pairs, counts = pairs[order], counts[order]
    terms, ids = np.divmod(pairs, passages)
    begins = np.flatnonzero(np.diff(terms, prepend=-1))
    return Lists(terms[begins], np.append(begins, len(pairs)), ids, counts)


def pair_key(first: Any, second: Any) -> Any:
    """Two code points as one number that sorts as they do."""
    return first * _CODES + second


def joined(parts: list[Lists], renumbered: list[Numbers], passages: int) -> Lists:
    """The lists of several segments as one; `renumbered` has each segment's new passage numbers, -1 for those left out."""
    owners = [new[lists.ids] for lists, new in zip(parts, renumbered, strict=True)]
    live = np.concatenate(owners) >= 0
    keys, ids, counts = (np.concatenate(arrays)[live] for arrays in ([p.of_each() for p in parts], owners, [p.counts for p in parts]))
    return group(keys, ids, passages, counts)


def list_arrays(field: str, lists: Lists) -> dict[str, NDArray[Any]]:
    """The arrays of a field to write, except for its terms."""
    large = np.flatnonzero(lists.counts > MOST)
    return {
        f"{field}.starts": narrow(lists.starts),
        f"{field}.ids": narrow(lists.ids),
        f"{field}.counts": np.minimum(lists.counts, MOST).astype(np.uint8),
        f"{field}.large": large.astype("<u8"),
        f"{field}.large_counts": lists.counts[large].astype("<u4"),
    }


class ListsReader:
    """Reads the lists of one field of an open segment, by the number of the term."""

    def __init__(self, file: ArrayFile, field: str) -> None:
        self._starts = file.lazy(f"{field}.starts")
        self._ids, self._counts = file.lazy(f"{field}.ids"), file.lazy(f"{field}.counts")
        self._all_large, self._large_counts = file.lazy(f"{field}.large"), file.lazy(f"{field}.large_counts")

    @cached_property
    def _large(self) -> memoryview:
        self._large_counts.whole()
        return buffer(self._all_large.whole())

    def __len__(self) -> int:
        return len(self._starts) - 1

    def size(self, term: int) -> int:
        """How many passages contain a term."""
        starts = self._starts.view(term, term + 2)
        return starts[term + 1] - starts[term]

    def at(self, term: int) -> tuple[Ints, Ints]:
        """The passages that contain a term, ascending, and how often each does."""
        starts = self._starts.view(term, term + 2)
        start, end = starts[term], starts[term + 1]
        return self._ids.numbers(start, end), self._counts_between(start, end)

    def at_with_those_before(self, term: int, first: int) -> tuple[Ints, Ints, int]:
        """Like `at`, but with the counts of the terms from `first` to before `term` prepended; and the number of these counts."""
        starts = self._starts.view(first, term + 2)
        begin, start, end = starts[first], starts[term], starts[term + 1]
        return self._ids.numbers(start, end), self._counts_between(begin, end), start - begin

    def starts(self, terms: Numbers) -> Numbers:
        """The index of the first posting of some terms; for the number of terms, the number of postings."""
        return self._starts.at(terms).astype(np.int64)

    def sizes(self, terms: Numbers) -> Numbers:
        """How many passages contain each of some terms."""
        return self.starts(terms + 1) - self.starts(terms)

    def ids_at(self, postings: Numbers) -> Numbers:
        """The passages of postings, given by their indices among all."""
        return self._ids.at(postings).astype(np.int64)

    def counts_at(self, postings: Numbers) -> Numbers:
        """The counts of postings, given by their indices among all."""
        counts = self._counts.at(postings).astype(np.int64)
        if self._large and len(large := (counts == MOST).nonzero()[0]):
            listed = self._all_large.whole()
            at = listed.searchsorted(postings[large])
            found = listed.take(at, mode="clip") == postings[large]
            counts[large[found]] = self._large_counts.whole()[at[found]]
        return counts

    def _counts_between(self, start: int, end: int) -> Ints:
        counts: Ints = self._counts.numbers(start, end)
        if self._large:
            low, high = bisect_left(self._large, start), bisect_left(self._large, end)
            if low < high:
                counts = counts.astype(np.uint32)
                counts[np.array(self._large[low:high], np.int64) - start] = self._large_counts.numbers(low, high)
        return counts

    def check_large(self) -> None:
        """Check the arrays of counts that need more than a byte, which any list may use."""
        self._all_large.whole()
        self._large_counts.whole()

    def counted(self, chosen: NDArray[np.bool_]) -> Ints:
        """How many of the chosen passages contain each term."""
        # Every term occurs in some passage, so no list is empty.
        held = chosen.view(np.uint8)[self._ids.numbers(0, len(self._ids))]
        counts: Ints = np.add.reduceat(held, self._starts.whole()[:-1].astype(np.int64), dtype=np.uint32)
        return counts

    def counted_in(self, terms: Numbers, chosen: NDArray[np.bool_]) -> Ints:
        """The number of chosen passages that contain each of some terms (at least one)."""
        starts, ends = self.starts(terms), self.starts(terms + 1)
        sizes = ends - starts
        if sizes.sum() * DENSE > len(self._ids):
            return self.counted(chosen)[terms]
        held = chosen.view(np.uint8)[self._ids.at(ranges(starts, ends))]
        counts: Ints = np.add.reduceat(held, sizes.cumsum() - sizes, dtype=np.int64)
        return counts

    def all(self, keys: Numbers) -> Lists:
        """All lists, in memory, with these keys for their terms."""
        postings = len(self._ids)
        counts = self._counts_between(0, postings).astype(np.int64)
        return Lists(keys, self._starts.whole().astype(np.int64), self._ids.numbers(0, postings).astype(np.int64), counts)


class CharTerms:
    """The characters and pairs of an open segment: its alphabet, and for each character the ones that follow it, ascending."""

    def __init__(self, file: ArrayFile) -> None:
        self._alphabet, self._begins, self._seconds = map(file.lazy, ("chars.codes", "bigrams.begins", "bigrams.seconds"))

    @cached_property
    def _codes(self) -> memoryview:
        return buffer(self._alphabet.whole())

    @staticmethod
    def arrays(chars: Lists, bigrams: Lists) -> dict[str, NDArray[Any]]:
        """The arrays that are read here."""
        first, second = (np.searchsorted(chars.keys, codes) for codes in np.divmod(bigrams.keys, _CODES))
        return {
            "chars.codes": chars.keys.astype("<u4"),
            "bigrams.begins": narrow(np.searchsorted(first, np.arange(len(chars.keys) + 1))),
            "bigrams.seconds": narrow(second),
        }

    def char(self, text: str) -> int | None:
        """The number of a character, None where no passage has it."""
        code, codes = ord(text), self._codes
        at = bisect_left(codes, code)
        return at if at < len(codes) and codes[at] == code else None

    def pair(self, text: str) -> int | None:
        """The number of a pair, None where no passage has it."""
        first, second = self.char(text[0]), self.char(text[1])
        if first is None or second is None:
            return None
        begins = self._begins.view(first, first + 2)
        return self.pair_between(begins[first], begins[first + 1], second)

    def pair_between(self, begin: int, end: int, second: int) -> int | None:
        """The number of the pair with the second character `second`, among those from `begin` to before `end`, which share the first."""
        seconds = self._seconds.view(begin, end)
        at = bisect_left(seconds, second, begin, end)
        return at if at < end and seconds[at] == second else None

    def pairs_of(self, firsts: Numbers, seconds: Numbers) -> Numbers:
        """The numbers of pairs, given by their code points; -1 where no passage has the pair."""
        first, second = self._chars(firsts), self._chars(seconds)
        known = ((first >= 0) & (second >= 0)).nonzero()[0]
        low, high = (self._begins.at(first[known] + more).astype(np.int64) for more in (0, 1))
        ends, wanted = high, second[known]
        # Pairs with the same first character are ascending by the second: a binary search for all at once.
        while len(open_ := (low < high).nonzero()[0]):
            middle = (low[open_] + high[open_]) >> 1
            less = self._seconds.at(middle) < wanted[open_]
            low[open_[less]] = middle[less] + 1
            high = high.copy()
            high[open_[~less]] = middle[~less]
        held = (low < ends).nonzero()[0]
        held = held[self._seconds.at(low[held]) == wanted[held]]
        numbers = np.full(len(firsts), -1)
        numbers[known[held]] = low[held]
        return numbers

    def _chars(self, codes: Numbers) -> Numbers:
        """The numbers of characters, given by their code points; -1 where no passage has the character."""
        alphabet = self._alphabet.whole()
        at = alphabet.searchsorted(codes)
        return np.where(alphabet.take(at, mode="clip") == codes, at, -1) if len(alphabet) else np.full(len(codes), -1)

    def pairs(self) -> list[bytes]:
        """The pairs in order, UTF-8."""
        alphabet = self._alphabet.whole()
        first, second = np.repeat(alphabet, np.diff(self._begins.whole())), alphabet[self._seconds.whole()]
        return [f"{chr(one)}{chr(other)}".encode() for one, other in zip(first.tolist(), second.tolist(), strict=True)]

    def begins(self) -> Ints:
        """The number of the first pair that begins with each character, and at the end the number of all pairs."""
        begins: Ints = self._begins.whole()
        return begins

    def char_keys(self) -> Numbers:
        """The characters as code points."""
        return self._alphabet.whole().astype(np.int64)


_BASE, _ONE = np.uint64(0x9E3779B97F4A7C15), np.uint64(1)


class WordTerms:
    """The words of an open segment in the order of their bytes; a sequence, so that `bisect` can search it."""

    def __init__(self, file: ArrayFile) -> None:
        self._texts, self._all_ends = file.lazy("words.text"), file.lazy("words.ends")

    @cached_property
    def _mapped(self) -> tuple[mmap, int]:
        return self._texts.mapped()

    @cached_property
    def _ends(self) -> memoryview:
        return buffer(self._all_ends.whole())

    @staticmethod
    def arrays(words: list[bytes]) -> dict[str, NDArray[Any]]:
        """The arrays that are read here."""
        return {"words.text": blob(b"".join(words)), "words.ends": ends([len(word) for word in words])}

    def __len__(self) -> int:
        return len(self._all_ends) - 1

    def __getitem__(self, at: int) -> bytes:
        text, start = self._mapped
        return text[start + self._ends[at] : start + self._ends[at + 1]]

    def __iter__(self) -> Iterator[bytes]:
        return (self[at] for at in range(len(self)))

    def find(self, word: bytes) -> int | None:
        """The number of a word, None where no passage has it."""
        at = bisect_left(self, word)
        return at if at < len(self) and self[at] == word else None

    def hashes(self) -> NDArray[np.uint64]:
        """A 64-bit hash of each word, in order, for joining the words of many segments without decoding each.

        The bytes are the digits of a number to an odd base, modulo 2**64. Among a million words, the odds that any two share a hash are 1
        in 37 million.
        """
        text, ends = self._texts.whole(), self._all_ends.whole().astype(np.int64)
        starts, lengths = ends[:-1], np.diff(ends)
        found = np.zeros(len(starts), np.uint64)
        longer, offset = np.flatnonzero(lengths), 0
        while len(longer):
            found[longer] = found[longer] * _BASE + text[starts[longer] + offset] + _ONE
            offset += 1
            longer = longer[lengths[longer] > offset]
        return found

    def beginning(self, prefix: bytes) -> Iterator[tuple[int, bytes]]:
        """The words that begin with a prefix, with their numbers."""
        for at in range(bisect_left(self, prefix), len(self)):
            if not self[at].startswith(prefix):
                return
            yield at, self[at]
