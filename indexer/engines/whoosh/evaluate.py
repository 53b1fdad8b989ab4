"""A query tree to passages and scores, by array operations.

A term of one or two characters is a posting list. A longer one is narrowed by the bigrams it consists of, and the
folded text confirms: what matches is decided by the text alone.
"""

from __future__ import annotations

from functools import reduce

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.passages import Mask, Numbers, Passages, report_values
from indexer.engines.whoosh.segments import KINDS, NO_PART
from indexer.facets import Condition
from indexer.matching import holds_near, scored_texts
from indexer.model import Kind
from indexer.outline import STANDARD_PARTS
from indexer.query.tree import And, IssuerHolds, Near, Node, Not, Or, PartIs, Query, RegionIs, Term, TitleHolds, YearIs
from indexer.ranking import bm25, idf, sentence_tokens

Postings = tuple[Numbers, Numbers]
"""Passage numbers, rising, and how often each holds a text."""


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
        pairs = {text[start : start + 2] for start in range(len(text) - 1)}
        lists = sorted((passages.postings("bigrams", pair)[0] for pair in pairs), key=len)
        candidates = reduce(_intersection, lists)
        needle = text.encode("utf-8", "surrogatepass")
        # In UTF-8 no character's bytes begin inside another's, so counting bytes counts text.
        counts = np.fromiter((passages.folded(n).count(needle) for n in candidates.tolist()), np.int64, len(candidates))
        held = counts > 0
        return candidates[held], counts[held]

    def matching(self) -> Mask:
        """Which passages the query matches, filters aside."""
        tree = self._query.tree
        mask = self._passages.live if tree is None else self._mask(tree)
        return mask & self._passages.live

    def _mask(self, node: Node) -> Mask:
        match node:
            case Term(text):
                return self._having(self.postings(text)[0])
            case Near():
                return self._near(node)
            case And(children):
                return reduce(np.logical_and, map(self._mask, children))
            case Or(children):
                return reduce(np.logical_or, map(self._mask, children))
            case Not(child):
                return ~self._mask(child)
            case _:
                return self._report_mask(node) if not isinstance(node, PartIs) else self._part_mask(node.part)

    def _having(self, numbers: Numbers) -> Mask:
        mask = np.zeros(self._passages.count, np.bool_)
        mask[numbers] = True
        return mask

    def _near(self, near: Near) -> Mask:
        both = _intersection(self.postings(near.left.text)[0], self.postings(near.right.text)[0])
        held = [number for number in both.tolist() if holds_near(near, self._passages.folded(number).decode())]
        return self._having(np.array(held, np.int64))

    def _part_mask(self, part: str | None) -> Mask:
        return self._passages.part == (NO_PART if part is None else STANDARD_PARTS.index(part))

    def _report_mask(self, node: YearIs | RegionIs | TitleHolds | IssuerHolds) -> Mask:
        passages = self._passages
        match node:
            case YearIs(low, high):
                years = passages.year
                chosen = years == 0 if low is None or high is None else (years >= low) & (years <= high) & (years > 0)
            case RegionIs(code):
                chosen = _chosen(any(code == above for above, _ in row.region) for row in passages.reports)
            case TitleHolds(text):
                chosen = _chosen(text in title for title in passages.folded_titles)
            case IssuerHolds(text):
                chosen = _chosen(text in issuer for issuer in passages.folded_issuers)
        return chosen[passages.report]

    def condition_mask(self, condition: Condition) -> Mask:
        """Which passages one filter lets through."""
        passages = self._passages
        match condition.facet:
            case "kind":
                return np.array([condition.accepts(kind.value) for kind in KINDS])[passages.kind]
            case "section":
                accepted = np.zeros(256, np.bool_)
                accepted[: len(STANDARD_PARTS)] = [condition.accepts(part) for part in STANDARD_PARTS]
                accepted[NO_PART] = condition.accepts(None)
                return accepted[passages.part]
        chosen = _chosen(condition.accepts_any(report_values(condition.facet, row)) for row in passages.reports)
        return chosen[passages.report]

    def scores(self) -> NDArray[np.float64]:
        """BM25 of every passage, 0 where nothing that is scored occurs."""
        passages = self._passages
        scores = np.zeros(passages.count)
        if self._query.sentence:
            self._add_sentence_scores(scores)
            return scores
        average = max(1.0, float(passages.length[passages.live].sum()) / max(1, passages.live_count))
        for text in scored_texts(self._query):
            numbers, counts = self.postings(text)
            weight = idf(len(numbers), passages.live_count)
            scores[numbers] += bm25(weight, counts.astype(np.float64), passages.length[numbers], average)
        return scores

    def _add_sentence_scores(self, scores: NDArray[np.float64]) -> None:
        """Words, bigrams and characters together; counts and averages are those of body paragraphs."""
        passages = self._passages
        body = (passages.kind == KINDS.index(Kind.PARAGRAPH)) & passages.live
        total = int(body.sum())
        for field, tokens in sentence_tokens(self._query.sentence).items():
            length = passages.lengths[field]
            average = max(1.0, float(length[body].sum()) / max(1, total))
            for token, said in tokens.items():
                numbers, counts = passages.postings(field, token)
                weight = said * idf(int(body[numbers].sum()), total)
                scores[numbers] += bm25(weight, counts.astype(np.float64), length[numbers], average)


def _intersection(one: Numbers, other: Numbers) -> Numbers:
    """What two rising lists share."""
    small, large = (one, other) if len(one) <= len(other) else (other, one)
    if not len(small):
        return small
    at = np.searchsorted(large, small)
    at[at == len(large)] = 0
    return small[large[at] == small]


def _chosen(flags: object) -> Mask:
    return np.fromiter(flags, np.bool_)  # type: ignore[call-overload]
