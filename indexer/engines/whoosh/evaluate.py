"""A query tree to passages and scores, by array operations.

A term of one or two characters is a posting list. A longer one is narrowed by the bigrams it consists of, and the
folded text confirms: what matches is decided by the text alone, and words are used only for what they prove of it.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.passages import Mask, Passages
from indexer.engines.whoosh.postings import Numbers
from indexer.engines.whoosh.segments import NO_PART
from indexer.facets import Condition
from indexer.matching import holds_near, scored_texts
from indexer.outline import STANDARD_PARTS
from indexer.query.tree import And, IssuerHolds, Near, Node, Not, Or, PartIs, Query, RegionIs, Term, TitleHolds, YearIs
from indexer.ranking import bm25, idf, sentence_tokens

Postings = tuple[Numbers, NDArray[Any]]
"""Passage numbers, rising, and how often each holds a text."""

FEW = 32
"""Candidates whose texts are read rather than asked for in one more list."""

SPARSE = 16
"""A list is searched in, not spread out over all passages, where it is so many times longer than what is looked for."""


class Evaluation:
    """One query on one generation; each typed text is looked up once."""

    def __init__(self, passages: Passages, query: Query) -> None:
        self._passages, self._query = passages, query
        self._looked_up: dict[str, Postings] = {}

    def postings(self, text: str) -> Postings:
        """The passages whose folded text holds `text`, and its leftmost non-overlapping occurrences in each."""
        if text not in self._looked_up:
            self._looked_up[text] = self._look_up(text)
        return self._looked_up[text]

    def _look_up(self, text: str) -> Postings:
        passages = self._passages
        if len(text) <= 2:
            return passages.postings("chars" if len(text) == 1 else "bigrams", text)
        pairs = sorted({text[start : start + 2] for start in range(len(text) - 1)}, key=lambda pair: passages.size("bigrams", pair))
        candidates, most = passages.postings("bigrams", pairs[0])
        if len(candidates) <= FEW or _overlaps_itself(text):
            counts = np.zeros(len(candidates), np.int64)
            unsure = np.arange(len(candidates))
        else:
            # A word of the text that reads as this one is an occurrence, and each occurrence has the pair: where there are as
            # many words as pairs, that is how often the text occurs, and nothing need be read.
            words = np.zeros(passages.count, most.dtype)
            numbers, least = passages.postings("words", text)
            words[numbers] = least
            counts = most.astype(np.int64)
            unsure = np.flatnonzero(words[candidates] != most)
        counts[unsure] = 0
        for pair in pairs[1:]:
            if len(unsure) <= FEW:
                break
            unsure = unsure[self._spread(passages.postings("bigrams", pair)[0])[candidates[unsure]]]
        if len(unsure):
            counts[unsure] = passages.counts_in(candidates[unsure], text.encode("utf-8", "surrogatepass"))
        held = counts > 0
        return candidates[held], counts[held]

    def matching(self) -> Numbers:
        """The passages that the query matches, rising; filters aside."""
        tree = self._query.tree
        return np.flatnonzero(self._passages.live) if tree is None else self._numbers(tree)

    def _numbers(self, node: Node) -> Numbers:
        match node:
            case Term(text):
                return self.postings(text)[0]
            case Near():
                return self._near(node)
            case Or(children):
                return self._union([self._numbers(child) for child in children])
            case And(children):
                positive = sorted((self._numbers(child) for child in children if _is_listed(child)), key=len)
                numbers = reduce(self._common, positive) if positive else np.flatnonzero(self._passages.live)
                for child in children:
                    if not _is_listed(child):
                        numbers = numbers[self._mask(child)[numbers]]
                return numbers
            case _:
                return np.flatnonzero(self._mask(node) & self._passages.live)

    def _mask(self, node: Node) -> Mask:
        """Which passages an exclusion or a field lets through; deleted ones may be among them."""
        match node:
            case Not(child):
                return ~(self._spread(self._numbers(child)) if _is_listed(child) else self._mask(child))
            case PartIs(part):
                return self._passages.part == (NO_PART if part is None else STANDARD_PARTS.index(part))
            case YearIs() | RegionIs() | TitleHolds() | IssuerHolds():
                return self._report_mask(node)
            case _:
                return self._spread(self._numbers(node))

    def _spread(self, numbers: Numbers) -> Mask:
        mask = np.zeros(self._passages.count, np.bool_)
        mask[numbers] = True
        return mask

    def _union(self, lists: list[Numbers]) -> Numbers:
        if sum(map(len, lists)) * SPARSE < self._passages.count:
            # `np.unique` would hash before it sorts, which took longer than all the rest.
            numbers = np.sort(np.concatenate(lists))
            return numbers[np.diff(numbers, prepend=-1) > 0]
        mask = self._spread(lists[0])
        for numbers in lists[1:]:
            mask[numbers] = True
        return np.flatnonzero(mask)

    def _common(self, one: Numbers, other: Numbers) -> Numbers:
        """What two rising lists share."""
        small, large = (one, other) if len(one) <= len(other) else (other, one)
        if len(small) * SPARSE < len(large):
            at = large.searchsorted(small)
            at[at == len(large)] = 0
            return small[large[at] == small]
        return small[self._spread(large)[small]]

    def _near(self, near: Near) -> Numbers:
        both = self._common(self.postings(near.left.text)[0], self.postings(near.right.text)[0])
        held = [holds_near(near, self._passages.folded(number).decode()) for number in both.tolist()]
        return both[np.array(held, np.bool_)]

    def _report_mask(self, node: YearIs | RegionIs | TitleHolds | IssuerHolds) -> Mask:
        passages = self._passages
        match node:
            case YearIs(low, high):
                years = passages.year
                chosen = years == 0 if low is None or high is None else (years >= low) & (years <= high) & (years > 0)
            case RegionIs(code):
                column = passages.facet("region")
                chosen = (column.codes == (column.values.index(code) if code in column.values else -2)).any(axis=1)
            case TitleHolds(text):
                chosen = np.fromiter((text in title for title in passages.folded_titles), np.bool_)
            case IssuerHolds(text):
                chosen = np.fromiter((text in issuer for issuer in passages.folded_issuers), np.bool_)
        return chosen[passages.report]

    def condition_mask(self, condition: Condition) -> Mask:
        """Which passages one filter lets through."""
        column = self._passages.facet(condition.facet)
        accepted = np.fromiter((condition.accepts(value) for value in column.values), np.bool_, len(column.values))
        # The code -1, no value, reads this last one.
        chosen: Mask = np.append(accepted, False)[column.codes]
        if chosen.ndim > 1:
            chosen = np.logical_or.reduce(chosen, axis=1)
        return chosen[self._passages.report] if column.of_reports else chosen

    def counts(self, text: str, chosen: Numbers) -> NDArray[np.float64]:
        """How often each of these passages (rising) holds a text."""
        numbers, counts = self.postings(text)
        if numbers is chosen:
            return counts.astype(np.float64)
        spread = np.zeros(self._passages.count)
        spread[numbers] = counts
        return spread[chosen]

    def scores(self, chosen: Numbers) -> NDArray[np.float64]:
        """BM25 of these passages (rising), 0 where nothing that is scored occurs."""
        passages = self._passages
        if self._query.sentence:
            return self._sentence_scores(chosen)
        texts = scored_texts(self._query)
        if len(texts) == 1 and self.postings(texts[0])[0] is chosen:
            counts = self.postings(texts[0])[1]
            return bm25(idf(len(chosen), passages.live_count), counts.astype(np.float64), passages.norm[chosen])
        scores = _Scores(passages.count, chosen)
        for text in texts:
            numbers, counts = self.postings(text)
            scores.add(idf(len(numbers), passages.live_count), numbers, counts, passages.norm)
        return scores.of_chosen()

    def _sentence_scores(self, chosen: Numbers) -> NDArray[np.float64]:
        """Words, bigrams and characters together; counts and averages are those of body paragraphs."""
        passages = self._passages
        total = int(passages.body.sum())
        scores = _Scores(passages.count, chosen)
        for field, tokens in sentence_tokens(self._query.sentence).items():
            norm = passages.sentence_norms[field]
            for token, said in tokens.items():
                numbers, counts = passages.postings(field, token)
                scores.add(said * idf(int(passages.body[numbers].sum()), total), numbers, counts, norm)
        return scores.of_chosen()


class _Scores:
    """The scores of the chosen passages (rising), term by term; each addition is made in the order of the terms."""

    def __init__(self, passages: int, chosen: Numbers) -> None:
        self._passages, self._chosen = passages, chosen
        self._aligned = np.zeros(len(chosen))
        self._spread: NDArray[np.float64] | None = None
        """Over all passages, once a term came that most of the chosen ones do not hold."""

    def add(self, weight: float, numbers: Numbers, counts: NDArray[Any], norm: NDArray[np.float64]) -> None:
        """Add one term's share: at its own passages where these are fewer, else at the chosen ones."""
        chosen = self._chosen
        if len(numbers) < len(chosen):
            if self._spread is None:
                self._spread = np.zeros(self._passages)
                self._spread[chosen] = self._aligned
            self._spread[numbers] += bm25(weight, counts.astype(np.float64), norm[numbers])
            return
        if len(chosen) * SPARSE < len(numbers):
            at = numbers.searchsorted(chosen)
            at[at == len(numbers)] = 0
            here = np.where(numbers[at] == chosen, counts[at], 0).astype(np.float64)
        else:
            spread = np.zeros(self._passages, counts.dtype)
            spread[numbers] = counts
            here = spread[chosen].astype(np.float64)
        share = bm25(weight, here, norm[chosen])
        if self._spread is None:
            self._aligned += share
        else:
            self._spread[chosen] += share

    def of_chosen(self) -> NDArray[np.float64]:
        """The sums."""
        return self._aligned if self._spread is None else self._spread[self._chosen]


def _overlaps_itself(text: str) -> bool:
    return any(text.startswith(text[start:]) for start in range(1, len(text)))


def _is_listed(node: Node) -> bool:
    """Whether a node gives passages of its own; an exclusion or a field only lets through."""
    return isinstance(node, (Term, Near, And, Or))
