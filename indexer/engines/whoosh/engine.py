"""The engine of one machine: a plan to a page of passages, with totals and facets, from one generation."""

from __future__ import annotations

import weakref
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.engines.boundary import OCCURRENCES_LIMIT, Found, FoundPassage, Plan, best_suggestions
from indexer.engines.whoosh.evaluate import Evaluation
from indexer.engines.whoosh.generations import Generation, current_name, open_current
from indexer.engines.whoosh.passages import Mask, Numbers, Passages, report_values
from indexer.engines.whoosh.schema import fingerprint
from indexer.engines.whoosh.segments import KINDS, NO_PART
from indexer.errors import NotFound
from indexer.facets import Value, sorted_counts
from indexer.matching import can_overlap, occurrences
from indexer.model import Report
from indexer.outline import STANDARD_PARTS
from indexer.query.tree import And, Query, Term, positive_texts
from indexer.request import FacetCount, IndexStats, ListedReport, Mode, Sort, Totals

SUGGESTED_FROM = 40
"""Words and headings whose passages are counted for one completion: the most frequent, so that it stays within milliseconds."""


class WhooshEngine:
    """Reads the generation that was live when it was opened."""

    def __init__(self, index: Path) -> None:
        self._index = index
        self._generation: Generation = open_current(index, fingerprint())
        self._passages = Passages(self._generation.folder)
        self._live_name = current_name(index)
        # A server lets go of an index when the last request that reads it ends; its files are given back then.
        self._give_back = weakref.finalize(self, self._passages.close)

    @property
    def stats(self) -> IndexStats:
        """See `Engine.stats`."""
        held = self._generation.manifest.held
        return IndexStats(generation=self._generation.name, **{**held, "years": tuple(held["years"])})

    def outdated(self) -> bool:
        """See `Engine.outdated`."""
        return current_name(self._index) != self._live_name

    def close(self) -> None:
        """See `Engine.close`."""
        self._give_back()

    def search(self, plan: Plan) -> Found:
        """See `Engine.search`."""
        evaluation, matching, masks = self._evaluated(plan)
        chosen = np.flatnonzero(_all(matching, masks))
        scores = evaluation.scores()
        same: Counter[int] = Counter()
        if plan.collapse:
            ordered = self._ordered(chosen, scores, plan.sort, len(chosen))
            keys, firsts, counts = np.unique(self._passages.same[ordered], return_index=True, return_counts=True)
            same = Counter(dict(zip(keys.tolist(), counts.tolist(), strict=True)))
            ordered = ordered[np.sort(firsts)]
            hits = len(ordered)
        else:
            hits = len(chosen)
            ordered = self._ordered(chosen, scores, plan.sort, plan.skip + plan.take)
        page = ordered[plan.skip : plan.skip + plan.take].tolist()
        return Found(
            total=Totals(
                reports=int(np.count_nonzero(np.bincount(self._passages.report[chosen]))) if len(chosen) else 0,
                paragraphs=len(chosen),
                occurrences=self._occurrences(evaluation, plan.query, chosen),
                hits=hits,
            ),
            passages=[self._found(number, float(scores[number]), max(0, same[int(self._passages.same[number])] - 1)) for number in page],
            facets={name: self._facet(name, matching, masks) for name in plan.facets},
        )

    def rank(self, query: Query, top: int) -> tuple[int, list[str], list[float]]:
        """See `Engine.rank`."""
        evaluation = Evaluation(self._passages, query)
        chosen = np.flatnonzero(evaluation.matching())
        scores = evaluation.scores()
        best = self._ordered(chosen, scores, Sort.RELEVANCE, top)[:top].tolist()
        return len(chosen), [self._passages.id(number) for number in best], scores[best].tolist()

    def list_reports(self, plan: Plan, mention: bool | None) -> tuple[int, list[ListedReport]]:
        """See `Engine.list_reports`."""
        passages = self._passages
        evaluation, matching, masks = self._evaluated(plan)
        chosen = np.flatnonzero(_all(matching, masks))
        counts = np.bincount(passages.report[chosen], minlength=len(passages.reports))
        if mention is False:
            allowed = _all(passages.live, {name: mask for name, mask in masks.items() if name not in ("section", "kind")})
            listed = np.bincount(passages.report[allowed], minlength=len(passages.reports)) > 0
            rows = np.flatnonzero(listed & (counts == 0))
        else:
            rows = np.flatnonzero(counts)
        titles = np.array([passages.reports[row].first for row in rows.tolist()], np.int64)
        by_mentions = plan.sort is Sort.RELEVANCE and plan.query.tree is not None
        if by_mentions:
            mentions = np.zeros(passages.count)
            mentions[titles] = counts[rows]
            ordered = self._ordered(titles, mentions, Sort.RELEVANCE, len(titles))
        else:
            sort = Sort.NEWEST if plan.sort is Sort.RELEVANCE else plan.sort
            ordered = self._ordered(titles, np.zeros(0), sort, len(titles))
        page = passages.report[ordered[plan.skip : plan.skip + plan.take]].tolist()
        return len(rows), [
            ListedReport(
                self._passages.bare_report(row),
                int(counts[row]),
                self._occurrences(evaluation, plan.query, chosen[passages.report[chosen] == row]),
            )
            for row in page
        ]

    def _evaluated(self, plan: Plan) -> tuple[Evaluation, Mask, dict[str, Mask]]:
        """The plan's query at work, what it matches, and what each filter lets through."""
        evaluation = Evaluation(self._passages, plan.query)
        matching = evaluation.matching()
        if plan.same is not None:
            matching = matching & (self._passages.same == self._passages.same[self._passages.number(plan.same)])
        return evaluation, matching, {condition.facet: evaluation.condition_mask(condition) for condition in plan.conditions}

    def report(self, id: str) -> Report:
        """See `Engine.report`."""
        row = self._passages.rows.get(id)
        if row is None:
            raise NotFound(id)
        return self._passages.whole_report(row)

    def folded_texts(self, plan: Plan) -> Iterator[tuple[str, str]]:
        """See `Engine.folded_texts`."""
        evaluation, matching, masks = self._evaluated(plan)
        chosen = np.flatnonzero(_all(matching, masks))
        for number in self._ordered(chosen, evaluation.scores(), plan.sort, len(chosen)).tolist():
            yield self._passages.id(number), self._passages.folded(number).decode()

    def suggest(self, prefix: str, limit: int) -> list[tuple[str, int]]:
        """See `Engine.suggest`."""
        words: Counter[str] = Counter()
        for segment in self._passages.segments:
            words.update(dict(segment.words_from(prefix)))
        headings = self._passages.headings
        candidates = {word for word, _ in words.most_common(SUGGESTED_FROM)}
        for heading in headings[bisect_left(headings, prefix) :][:SUGGESTED_FROM]:
            if not heading.startswith(prefix):
                break
            candidates.add(heading)
        evaluation = Evaluation(self._passages, Query(None, Mode.LITERAL))
        counts = {text: len(evaluation.postings(text)[0]) for text in candidates if text != prefix}
        return best_suggestions({text: count for text, count in counts.items() if count}, limit)

    def texts_holding(self, pieces: list[str]) -> list[str]:
        """See `Engine.texts_holding`."""
        terms = tuple(Term(piece) for piece in pieces)
        query = Query(terms[0] if len(terms) == 1 else And(terms), Mode.LITERAL)
        numbers = np.flatnonzero(Evaluation(self._passages, query).matching()).tolist()
        return [self._passages.folded(number).decode() for number in numbers]

    def _found(self, number: int, score: float, same: int) -> FoundPassage:
        report = self._passages.bare_report(int(self._passages.report[number]))
        return FoundPassage(report, self._passages.passage(number, report), score, same)

    def _ordered(self, chosen: Numbers, scores: NDArray[np.float64], sort: Sort, wanted: int) -> Numbers:
        """The first `wanted` of these passages in the order asked for."""
        tie = self._passages.tie[chosen]
        if sort is Sort.NEWEST:
            return chosen[np.argsort(tie)]
        keys = -scores[chosen] if sort is Sort.RELEVANCE else self._sort_keys(sort)[self._passages.report[chosen]]
        if wanted < len(chosen):
            # All that are as good as the last wanted one stay: equals are told apart by the tie order below.
            last = np.partition(keys, wanted - 1)[wanted - 1]
            kept = np.flatnonzero(keys <= last)
            chosen, keys, tie = chosen[kept], keys[kept], tie[kept]
        return chosen[np.lexsort((tie, keys))]

    def _sort_keys(self, sort: Sort) -> NDArray[np.int64]:
        """A key for each report, unknown last."""
        rows = self._passages.reports
        if sort is Sort.OLDEST:
            return np.array([row.year or 9999 for row in rows], np.int64)
        return np.array([int(row.region[-1][0]) if row.region else 999_999 for row in rows], np.int64)

    def _occurrences(self, evaluation: Evaluation, query: Query, chosen: Numbers) -> int | None:
        if len(chosen) > OCCURRENCES_LIMIT:
            return None
        terms, nears = positive_texts(query.tree)
        texts = [term.text for term in terms]
        if nears or can_overlap(texts):
            numbers = chosen.tolist()
            return sum(len(occurrences(query, self._passages.folded(number).decode())) for number in numbers)
        total = 0
        for text in texts:
            numbers_held, counts = evaluation.postings(text)
            total += int(counts[np.isin(numbers_held, chosen, assume_unique=True)].sum())
        return total

    def _facet(self, name: str, matching: Mask, masks: dict[str, Mask]) -> list[FacetCount]:
        """A facet's counts, its own filter left aside."""
        chosen = np.flatnonzero(_all(matching, {facet: mask for facet, mask in masks.items() if facet != name}))
        passages = self._passages
        counts: Counter[Value] = Counter()
        labels: dict[str, str] = {}
        if name in ("kind", "section"):
            column = passages.kind if name == "kind" else passages.part
            for code, count in enumerate(np.bincount(column[chosen]).tolist()):
                if count:
                    counts[_value(name, code)] += count
            return sorted_counts(counts, labels)
        for row, count in enumerate(np.bincount(passages.report[chosen]).tolist()):
            if count:
                for value in report_values(name, passages.reports[row]):
                    counts[value] += count
                labels.update(passages.reports[row].region if name == "region" else ())
        return sorted_counts(counts, labels)


def _value(name: str, code: int) -> str | None:
    if name == "kind":
        return KINDS[code].value
    return None if code == NO_PART else STANDARD_PARTS[code]


def _all(matching: Mask, masks: dict[str, Mask]) -> Mask:
    for mask in masks.values():
        matching = matching & mask
    return matching
