"""The words of a subset and the neighbours of a term, on one engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from indexer.engines.boundary import EVERYTHING, OCCURRENCES_LIMIT, Engine, Plan
from indexer.errors import InvalidRequest
from indexer.neighbours import CutTexts, NearWords
from indexer.prepared import PreparedQuery
from indexer.problems import Problem
from indexer.query import MAX_LENGTH, print_query
from indexer.query.tree import And, Near, Node, Query, Term
from indexer.request import Mode, Sort
from indexer.results import Counts
from indexer.search.plans import bounded_plan, plan_of
from indexer.wordlists import (
    WINDOW,
    CharacteristicWord,
    Measured,
    Neighbour,
    WordList,
    WordSide,
    WordsOf,
    WordSort,
    characteristic,
    log_dice,
)

WORD = 400
"""Approximate bytes that a word of a list takes in memory."""
LISTS_CACHED = 16_000_000
"""Bytes of cached lists, for their next page."""


class Words:
    """All words that a request asks for; the details of the words on a page are counted on demand."""

    def __init__(
        self, engine: Engine, read: PreparedQuery, of: WordsOf | None, sort: WordSort, side: WordSide, cut_texts: CutTexts
    ) -> None:
        """Compute the words of a request; `cut_texts` caches texts whose words are known already.

        Raises:
            InvalidRequest: There is neither query nor filter; neighbours are wanted without a query; or more than 20,000 passages match.
        """
        self._engine, self._plan, self._read = engine, plan_of(read), read
        self._cut_texts = cut_texts
        self._near: NearWords | None = None
        self._numbers: dict[str, int] = {}
        """The neighbours' numbers in `_near`, by word."""
        of = of or (WordsOf.NEIGHBOURS if read.query.scored else WordsOf.SUBSET)
        if of is WordsOf.NEIGHBOURS:
            self.list = self._neighbours(read)
        else:
            counted = engine.word_counts(bounded_plan(read))
            self.list = WordList(of, characteristic(counted, sort, side), counted.subset, counted.rest)

    def _neighbours(self, read: PreparedQuery) -> WordList:
        if not read.query.scored:
            raise InvalidRequest(Problem("q", "neighbours-without-query"))
        # In any order; this one needs no scores.
        texts = self._engine.texts(replace(self._plan, sort=Sort.NEWEST))
        if texts is None:
            raise InvalidRequest(Problem("q", "too-many-passages", most=OCCURRENCES_LIMIT))
        occurrences = texts.joined.occurrences(read.query.terms, read.query.nears)
        near = self._cut_texts.near(texts.joined, occurrences, texts.word_begins())
        numbers, together = near.commonest()
        candidates = [near.words[number] for number in numbers]
        held = self._engine.passages_holding(self._filtered, candidates)
        dice = log_dice(together, near.holding, held)
        order = sorted(range(len(candidates)), key=lambda at: (-dice[at], candidates[at]))
        (passed,) = self._engine.counts(self._filtered.query, [self._plan.conditions])
        # The list may be cached, but the words of all segmented clauses should not be kept with it.
        self._near = replace(near, words=())
        self._reports, self._numbers = texts.reports, dict(zip(candidates, numbers, strict=True))
        subset = Counts(len(np.unique(texts.reports)), texts.joined.count)
        return WordList(WordsOf.NEIGHBOURS, tuple((candidates[at], float(dice[at]), None) for at in order), subset, passed)

    @property
    def _filtered(self) -> Plan:
        """The plan of the filters alone, without the query."""
        return replace(EVERYTHING, conditions=self._plan.conditions)

    @property
    def size(self) -> int:
        """Approximate bytes that it takes in memory."""
        near = self._near
        arrays = 0 if near is None else near.numbers.nbytes + near.texts.nbytes + self._reports.nbytes
        return arrays + WORD * len(self.list.words)

    def some(self, chosen: Sequence[Measured]) -> tuple[CharacteristicWord | Neighbour, ...]:
        """These words of the list with their counts."""
        names = [word for word, _, _ in chosen]
        if (near := self._near) is None:
            counted = self._engine.holding(self._plan, names)
            return tuple(
                CharacteristicWord(word, likelihood, ratio or 0.0, *counts, self._query_with(word))
                for (word, likelihood, ratio), counts in zip(chosen, counted, strict=True)
            )
        held = self._engine.holding(self._filtered, names)
        texts = [near.texts_of(self._numbers[name]) for name in names]
        return tuple(
            Neighbour(word, dice, Counts(len(np.unique(self._reports[own])), len(own)), counts, self._query_with(word))
            for (word, dice, _), (counts, _), own in zip(chosen, held, texts, strict=True)
        )

    def _query_with(self, word: str) -> str | None:
        """The query that matches the passages with a word; None if none can be written."""
        tree, term = self._read.query.tree, Term(word)
        if self._read.request.mode not in (Mode.EXACT, Mode.LITERAL):
            return None
        if tree is None:
            both: Node = term
        elif self._near is not None and isinstance(tree, Term):
            both = Near(tree, term, WINDOW)
        else:
            both = And((*tree.children, term)) if isinstance(tree, And) else And((tree, term))
        printed = print_query(Query(both, Mode.EXACT))
        return printed if len(printed) <= MAX_LENGTH else None
