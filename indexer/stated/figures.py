"""The figures in the passages of a request, each with the sentence that states it; read on demand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from sys import getsizeof
from typing import overload

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.fold import fold
from indexer.declared import Value
from indexer.engines.boundary import OCCURRENCES_LIMIT, Engine, FoundFigures, FoundPassage, Plan
from indexer.errors import InvalidRequest
from indexer.facts import INDICATORS, FigureValue, Statistic, without_topics
from indexer.model import Passage, Report, passage_id
from indexer.problems import Problem
from indexer.query.tree import And, Node, Query, Term, joined
from indexer.request import Mode, SearchRequest, Sort
from indexer.results import IndexStats, OnePage

READ_TOGETHER = 500
"""How many figures of a long list are read at once."""
VALUE = 250
"""Approximate bytes that a value takes; figures with equal values share it."""


@dataclass(frozen=True, slots=True)
class StatedFigure:
    """A figure with its evidence."""

    statistic: Statistic
    report: Report
    """The report without its passages."""
    passage: Passage

    @property
    def sentence(self) -> str:
        """The sentence that states it, as printed."""
        start, end = self.statistic.sentence
        return self.passage.text[start:end]


@dataclass(frozen=True, slots=True)
class StatisticPage(OnePage):
    """One page of the figures of an index, newest years first."""

    request: SearchRequest
    label: str | None
    statistics: list[StatedFigure]
    total: int
    index: IndexStats


def stated_figures(engine: Engine, plan: Plan, indicators: Sequence[Value], label: str | None) -> Figures:
    """The figures in the passages of a plan, in its order; only those of these indicators and with this label, if given.

    Raises:
        InvalidRequest: More than 20,000 passages would have to be read.
    """
    if label:
        # A passage contains every character of its labels, except for the topic that comes from the heading.
        pieces: list[Node] = [Term(char) for char in dict.fromkeys(fold(without_topics(label)).replace(" ", ""))]
        tree = joined(And, [*pieces, *([plan.query.tree] if plan.query.tree else [])]) if pieces else plan.query.tree
        plan = replace(plan, query=Query(tree, Mode.LITERAL))
    plan = replace(plan, sort=Sort.NEWEST if plan.sort is Sort.RELEVANCE else plan.sort, collapse=False)
    if engine.search(replace(plan, skip=0, take=0, facets=(), counts_occurrences=False)).total.paragraphs > OCCURRENCES_LIMIT:
        raise InvalidRequest(Problem("indicator", "too-many-passages", most=OCCURRENCES_LIMIT))
    wanted = {fold(str(name)) for name in indicators if name is not None}
    names = frozenset(one.name for one in INDICATORS if fold(one.name) in wanted) if wanted else None
    folded = fold(label) if label else None

    @lru_cache(maxsize=1_000)
    def is_meant(own: str, indicator: str | None) -> bool:
        if names is not None and indicator not in names:
            return False
        return folded is None or fold(own) == folded

    found = engine.figures(plan)
    if folded is None:
        return Figures(found, found.counts(names), is_meant, [])
    counts, values = found.labelled(folded, names)
    return Figures(found, counts, is_meant, values)


class Figures(Sequence[StatedFigure]):
    """Figures in order; their passages are read on demand."""

    def __init__(
        self, found: FoundFigures, counts: NDArray[np.int64], is_meant: Callable[[str, str | None], bool], values: Sequence[FigureValue]
    ) -> None:
        """`counts` is the number of wanted figures per passage; `is_meant` tells by label and indicator whether a figure is wanted."""
        self._found, self._is_meant = found, is_meant
        self.values = values
        """The value of each figure, for a request by label; otherwise empty, because values are only in the passages."""
        texts = np.repeat(np.arange(len(counts)), counts)
        self._at = np.stack([texts, np.arange(len(texts)) - (counts.cumsum() - counts)[texts]], axis=1).astype(np.int32)
        """For each figure, the number of its passage and its index among the wanted figures of that passage."""
        self.size = found.size + self._at.nbytes + getsizeof(values) + VALUE * len(set(values))
        """Approximate bytes that they take in memory."""

    def __len__(self) -> int:
        return len(self._at)

    @overload
    def __getitem__(self, number: int) -> StatedFigure: ...
    @overload
    def __getitem__(self, number: slice) -> list[StatedFigure]: ...
    def __getitem__(self, number: int | slice) -> StatedFigure | list[StatedFigure]:
        """A figure, or a list for a slice."""
        if isinstance(number, slice):
            return self._read(self._at[number].tolist())
        return self._read([self._at[number].tolist()])[0]

    def __iter__(self) -> Iterator[StatedFigure]:
        for first in range(0, len(self._at), READ_TOGETHER):
            yield from self._read(self._at[first : first + READ_TOGETHER].tolist())

    def reports(self) -> list[Report]:
        """The report of each figure, without its passages; no passage is read."""
        of_passages = self._found.reports()
        return [of_passages[text] for text in self._at[:, 0].tolist()]

    def some(self, numbers: Sequence[int]) -> list[StatedFigure]:
        """The figures with these numbers."""
        return self._read(self._at[numbers].tolist())

    def _read(self, at: list[list[int]]) -> list[StatedFigure]:
        numbers = list(dict.fromkeys(text for text, _ in at))
        figures = {text: self._figures(passage) for text, passage in zip(numbers, self._found.passages(numbers), strict=True)}
        return [figures[text][own] for text, own in at]

    def _figures(self, found: FoundPassage) -> list[StatedFigure]:
        """The wanted figures of a passage."""
        id = passage_id(found.report.id, found.passage.anchor)
        meant = [one for one in found.passage.statistics if self._is_meant(one.label, one.indicator)]
        return [StatedFigure(replace(one, passage=id), found.report, found.passage) for one in meant]
