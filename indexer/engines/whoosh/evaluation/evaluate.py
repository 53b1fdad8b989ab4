"""Evaluates a query tree to passages and scores by array operations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property, reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.arrays.columns import Mask
from indexer.engines.whoosh.arrays.postings import Numbers, Postings
from indexer.engines.whoosh.evaluation.lookup import SPARSE, Lookup, aligned, among, intersect
from indexer.engines.whoosh.evaluation.passages import Passages
from indexer.joined import JoinedTexts
from indexer.query.tree import And, IssuerHolds, Near, Node, Not, Or, PartIs, Query, RegionIs, Term, TitleHolds, YearIs, pairs_in
from indexer.ranking import idf, sentence_tokens

BATCH = 16_000_000
"""Code points of text searched at a time, unless a single passage has more; two bytes each, and as much again for each frequent
character."""

MANY = 8
"""Texts read last are searched again if they are at most so many times as many as the wanted ones; otherwise the wanted ones are reread."""

Scores = NDArray[np.float64]

Scored = tuple[Numbers, Scores]
"""For a term: the passages that contain it (ascending), and its share of each one's score."""

_NO_TEXTS = JoinedTexts.of([])
_NO_NUMBERS = np.empty(0, np.int64)


class Evaluation:
    """One query on one generation."""

    def __init__(self, passages: Passages, query: Query) -> None:
        self._passages, self._query = passages, query
        self._lookup = Lookup(passages)
        self.postings = self._lookup.postings
        self._read = _NO_NUMBERS, _NO_TEXTS
        """The passages whose texts were read last, and these texts."""

    def matching(self) -> Numbers:
        """The passages that the query matches, ascending; filters are not applied."""
        tree = self._query.tree
        return self._all() if tree is None else self._numbers(tree)

    def leading(self, wanted: int) -> tuple[int, Numbers, Scores]:
        """How many passages the query matches, and a selection that includes the best `wanted`, in any order, with scores."""
        match self._query.tree if not self._query.sentence else None:
            case Or(children) if all(isinstance(child, Term) for child in children):
                return self.leading_of_any(self._scored(), wanted)
            case And(children) if any(isinstance(child, Term) for child in children) and not any(map(_is_compound, children)):
                numbers, scores = self._scored_of_all(self._scored(), [child for child in children if not isinstance(child, Term)])
            case _:
                numbers = self.matching()
                scores = self.scores(numbers)
        return len(numbers), numbers, scores

    def leading_of_any(self, terms: list[Scored], wanted: int) -> tuple[int, Numbers, Scores]:
        """Like `leading`, for passages that contain one of some terms. These are those with a score, so they need not be listed first."""
        numbers, shares = _gathered(terms)
        passages = self._passages
        if len(numbers) * FEWER < passages.count:
            # One index represents all postings of a passage, so there are as many sums as postings, not as passages.
            index_of = np.empty(passages.count, np.int64)
            index_of[numbers] = passages.numbers[: len(numbers)]
            sums = _accumulated(index_of[numbers], shares, len(numbers))
        else:
            sums = _accumulated(numbers, shares, passages.count)
            numbers = passages.numbers
        held = sums > 0
        total = int(np.count_nonzero(held))
        leading = (sums >= floor(sums, wanted) if total > wanted > 0 else held).nonzero()[0]
        return total, numbers[leading], sums[leading]

    def _scored_of_all(self, terms: list[Scored], others: list[Node]) -> tuple[Numbers, Scores]:
        """The passages, ascending, that contain all of these terms (at least one) and pass exclusions and fields, with their scores.

        Each term's shares are narrowed along with the passages, so no list is searched a second time for the scores.
        """
        by_length = sorted(range(len(terms)), key=lambda term: len(terms[term][0]))
        numbers, first = terms[by_length[0]]
        shares = {by_length[0]: first}
        for term in by_length[1:]:
            own, scores = terms[term]
            held, at = intersect(numbers, own, self._passages.count)
            numbers = numbers[held]
            shares = {of: values[held] for of, values in shares.items()} | {term: scores[at]}
        for other in others:
            passing = self._mask(other, numbers).nonzero()[0]
            numbers = numbers[passing]
            shares = {of: values[passing] for of, values in shares.items()}
        # In the order typed, as the plain implementation adds them.
        return numbers, reduce(np.add, (shares[term] for term in range(len(terms))))

    def _all(self) -> Numbers:
        passages = self._passages
        return passages.numbers[passages.live] if passages.deletions else passages.numbers

    def _numbers(self, node: Node) -> Numbers:
        match node:
            case Term(text):
                return self.postings(text)[0]
            case Near():
                return self._near[node]
            case Or(children):
                return self._union([self._numbers(child) for child in children])
            case And(children):
                positive = sorted((self._numbers(child) for child in children if _has_postings(child)), key=len)
                numbers = reduce(self._intersect, positive) if positive else self._all()
                for child in children:
                    if not _has_postings(child):
                        numbers = numbers[self._mask(child, numbers)]
                return numbers
            case _:
                numbers = self._all()
                return numbers[self._mask(node, numbers)]

    def _mask(self, node: Node, numbers: Numbers) -> Mask:
        """Which of these passages (ascending) pass an exclusion or a field."""
        passages = self._passages
        match node:
            case Not(child):
                return ~(among(numbers, self._numbers(child), passages.count) if _has_postings(child) else self._mask(child, numbers))
            case PartIs(part):
                return passages.field("section").equal_to(part, numbers)
            case YearIs(low, high):
                years = passages.year_of(numbers)
                # An unknown year is 0, which no query asks for.
                low, high = (0, 0) if low is None or high is None else (max(low, 1), high)
                return years == low if low == high else (years >= low) & (years <= high)
            case RegionIs() | TitleHolds() | IssuerHolds():
                return self._of_reports(node)[passages.report[numbers]]
            case _:
                return among(numbers, self._numbers(node), passages.count)

    def _union(self, lists: list[Numbers]) -> Numbers:
        mask = np.zeros(self._passages.count, np.bool_)
        for numbers in lists:
            mask[numbers] = True
        return mask.nonzero()[0]

    def _intersect(self, one: Numbers, other: Numbers) -> Numbers:
        """The numbers that two ascending lists have in common."""
        small, large = (one, other) if len(one) <= len(other) else (other, one)
        return small[among(small, large, self._passages.count)]

    @cached_property
    def _near(self) -> dict[Near, Numbers]:
        """The passages that match each NEAR of the query; cached for other views of the same query."""
        pairs = list(pairs_in(self._query.tree))
        keys = {near: ("near", near.left.text, near.right.text, str(near.distance)) for near in pairs}
        known = {near: found[0] for near, key in keys.items() if (found := self._passages.made.known(key)) is not None}
        anew = self._near_anew([near for near in pairs if near not in known])
        return known | {near: self._passages.made.keep(keys[near], found)[0] for near, found in anew.items()}

    def _near_anew(self, pairs: list[Near]) -> dict[Near, Numbers]:
        """The same, by reading the texts: once for all pairs, a batch at a time."""
        both = {near: self._intersect(self.postings(near.left.text)[0], self.postings(near.right.text)[0]) for near in pairs}
        found: dict[Near, list[Numbers]] = {near: [] for near in both}
        for batch in self._batches(self._union(list(both.values()))):
            self._read = batch, self._passages.joined(batch)
            self._read[1].look_up(term.text for near in found for term in (near.left, near.right))
            for near, parts in found.items():
                parts.append(batch[self._read[1].holding(near)])
        return {near: np.concatenate(parts) if parts else both[near] for near, parts in found.items()}

    def _batches(self, numbers: Numbers) -> Iterator[Numbers]:
        """These passages in batches whose texts have at most `BATCH` code points, or of one passage."""
        ends = self._passages.length[numbers].cumsum()
        first = 0
        while first < len(numbers):
            before = ends[first - 1] if first else 0
            last = max(first + 1, int(ends.searchsorted(before + BATCH, "right")))
            yield numbers[first:last]
            first = last

    def occurrences(self, terms: Iterable[Term], nears: Iterable[Near], chosen: Numbers) -> Numbers:
        """How many occurrences each of these passages has, by reading them; texts just read for NEAR are reused."""
        read, texts = self._read
        terms, nears = tuple(terms), tuple(nears)
        counts = np.zeros(self._passages.count, np.int64)
        wanted = chosen
        # Reading a few again takes less time than searching many.
        if len(read) and len(read) <= MANY * len(chosen):
            known = among(read, chosen, self._passages.count)
            counts[read] = texts.counts(terms, nears, known)
            wanted = chosen[~among(chosen, read, self._passages.count)]
        for batch in self._batches(wanted):
            counts[batch] = self._passages.joined(batch).counts(terms, nears)
        return counts[chosen]

    def _of_reports(self, node: RegionIs | TitleHolds | IssuerHolds) -> Mask:
        """Which reports a field matches."""
        passages = self._passages
        match node:
            case RegionIs(code):
                return passages.field("region").equal_to(code)
            case TitleHolds(text):
                return np.fromiter((text in title for title in passages.folded_titles), np.bool_)
            case IssuerHolds(text):
                return passages.field("issuer").holding(np.fromiter((text in issuer for issuer in passages.folded_issuers), np.bool_))

    def counts(self, text: str, chosen: Numbers) -> Scores:
        """How often each of these passages (ascending) contains a text."""
        numbers, counts = self.postings(text)
        if numbers is chosen:
            return counts.astype(np.float64)
        return aligned(numbers, counts, chosen, self._passages.count).astype(np.float64)

    def scores(self, chosen: Numbers) -> Scores:
        """The BM25 scores of these passages (ascending), 0 where no scored term occurs."""
        if not self._query.sentence:
            postings = [self.postings(text) for text in self._query.scored]
            if len(chosen) * SPARSE < sum(len(numbers) for numbers, _ in postings):
                return self._scores_of_few(postings, chosen)
        terms = self._scored_tokens() if self._query.sentence else self._scored()
        if len(terms) == 1 and terms[0][0] is chosen:
            return terms[0][1]
        if len(chosen) * SPARSE >= sum(len(numbers) for numbers, _ in terms):
            return self._sums(terms, chosen)
        scores = np.zeros(len(chosen))
        for numbers, shares in terms:
            scores += aligned(numbers, shares, chosen, self._passages.count)
        return scores

    def _scores_of_few(self, postings: list[Postings], chosen: Numbers) -> Scores:
        """The same for passages that are few compared with the terms' lists: only their own shares are computed."""
        scores = np.zeros(len(chosen))
        for numbers, counts in postings:
            held, at = intersect(chosen, numbers, self._passages.count)
            scores[held] += self._passages.scored(chosen[held], counts[at], len(numbers))
        return scores

    def _sums(self, terms: list[Scored], chosen: Numbers) -> Scores:
        """The BM25 scores of these passages (ascending), computed for all passages, `RANGE` at a time, because these are many."""
        sums = np.zeros(len(chosen))
        if not terms:
            return sums
        edges = np.arange(0, self._passages.count + RANGE, RANGE)
        bounds = [numbers.searchsorted(edges).tolist() for numbers, _ in terms]
        of_chosen = chosen.searchsorted(edges).tolist()

        def fill(at: int) -> None:
            parts = [slice(*own[at : at + 2]) for own in bounds]
            numbers, shares = _gathered([(numbers[part], shares[part]) for part, (numbers, shares) in zip(parts, terms, strict=True)])
            own, base = slice(*of_chosen[at : at + 2]), int(edges[at])
            sums[own] = _accumulated(numbers - base, shares, RANGE)[chosen[own] - base]

        self._passages.threads.each(fill, range(len(edges) - 1))
        return sums

    def _scored(self) -> list[Scored]:
        """The typed terms with their shares."""
        return [*map(self._lookup.scored, self._query.scored)]

    def _scored_tokens(self) -> list[Scored]:
        """The words, bigrams and characters of a sentence; frequencies and average lengths are those of body paragraphs."""
        passages = self._passages
        total = int(passages.body.sum())
        return [
            (numbers, repeats * idf(int(passages.body[numbers].sum()), total) * passages.sentence_share(field, token))
            for field, tokens in sentence_tokens(self._query.sentence).items()
            for token, repeats in tokens.items()
            for numbers in [passages.occurrences.postings(field, token)[0]]
        ]


def _gathered(terms: list[Scored]) -> tuple[Numbers, Scores]:
    """The passages and the shares of all terms, concatenated."""
    numbers, shares = zip(*terms, strict=True)
    return np.concatenate(numbers), np.concatenate(shares)


def _accumulated(numbers: Numbers, shares: Scores, size: int) -> Scores:
    """The sum of shares for each number from 0 to at least before `size`, added in order as the plain implementation does."""
    return np.bincount(numbers, shares, size)  # type: ignore[return-value]  # numpy's types do not know what weights do


FEWER = 6
"""With more than so many times as many passages as postings, there is one sum per posting instead of one per passage."""

RANGE = 1 << 17
"""Passages scored at a time: their sums, eight bytes each, stay in the processor's cache."""

ROWS = 32
"""Rows of the table in `floor`."""


def floor(keys: NDArray[Any], wanted: int) -> Any:
    """A value that at least `wanted` keys reach, and few others. There must be at least `wanted` keys.

    The keys are first reduced to the maximum of each column of a table, which is ten times faster than partitioning them.
    """
    while (columns := len(keys) // ROWS) > 2 * wanted:
        keys = keys[: ROWS * columns].reshape(ROWS, columns).max(axis=0)
    at = len(keys) - wanted
    return np.partition(keys, at)[at]


def _has_postings(node: Node) -> bool:
    """Whether a node yields passages by itself; an exclusion or a field only masks others."""
    return isinstance(node, (Term, Near, And, Or))


def _is_compound(node: Node) -> bool:
    """Whether a node yields passages by itself and is not a term."""
    return _has_postings(node) and not isinstance(node, Term)
