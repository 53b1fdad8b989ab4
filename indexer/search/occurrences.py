"""Every occurrence of a query on its own line: the concordance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from indexer.engines.boundary import OCCURRENCES_LIMIT, Engine, FoundPassage, FoundTexts
from indexer.errors import InvalidRequest
from indexer.joined import Numbers
from indexer.matching import Span
from indexer.model import passage_id
from indexer.prepared import PreparedQuery
from indexer.problems import Problem
from indexer.request import Context
from indexer.results import ConcordanceLine
from indexer.search.plans import plan_of

CONTEXT_WIDTH = 20
"""Code points of context on either side of an occurrence."""
LINES_TOGETHER = 1_000
"""How many lines of a whole concordance are read together."""


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Every occurrence of a query, in the order of the passages, then of the text."""

    read: PreparedQuery
    texts: FoundTexts
    starts: Numbers
    """Offsets in the joined texts, as in `ends`."""
    ends: Numbers

    @classmethod
    def of(cls, engine: Engine, read: PreparedQuery) -> Occurrences:
        """The occurrences that a request finds.

        Raises:
            InvalidRequest: There is no query, or more than 20,000 passages match.
        """
        if not read.query.scored:
            raise InvalidRequest(Problem("q", "concordance-without-query"))
        texts = engine.texts(plan_of(read))
        if texts is None:
            raise InvalidRequest(Problem("q", "too-many-passages", most=OCCURRENCES_LIMIT))
        return cls(read, texts, *texts.joined.occurrences(read.query.terms, read.query.nears))

    @property
    def total(self) -> int:
        """The number of occurrences."""
        return len(self.starts)

    def page(self, context: Context) -> list[ConcordanceLine]:
        """The lines on the request's page."""
        request = self.read.request
        return self._lines(self._order(context, request.skip, request.skip + request.per_page))

    def every_line(self, context: Context) -> Iterator[ConcordanceLine]:
        """All lines, one after another."""
        order = self._order(context, 0, self.total)
        for first in range(0, self.total, LINES_TOGETHER):
            yield from self._lines(order[first : first + LINES_TOGETHER])

    def _order(self, context: Context, first: int, last: int) -> Numbers:
        """The occurrences from position `first` to `last` (exclusive) of the concordance, as indices."""
        if context is Context.NONE:
            return np.arange(self.total)[first:last]
        spans = (self.starts, self.ends)
        return self.texts.joined.sorted_by_context(spans, CONTEXT_WIDTH, first, last, leftwards=context is Context.LEFT)

    def _lines(self, chosen: Numbers) -> list[ConcordanceLine]:
        """These occurrences with their contexts."""
        joined = self.texts.joined
        owners = joined.text_of(self.starts[chosen])
        # The number of occurrences before each in its own text.
        at = chosen - joined.text_of(self.starts).searchsorted(owners)
        shown = np.unique(owners).tolist()
        found = dict(zip(shown, self.texts.passages(shown), strict=True))
        spans = {owner: self.read.matches(one.passage.text, one.folded) for owner, one in found.items()}
        return [_line(spans[owner][number], found[owner]) for owner, number in zip(owners.tolist(), at.tolist(), strict=True)]


def _line(span: Span, found: FoundPassage) -> ConcordanceLine:
    (start, end), passage = span, found.passage
    id, text = passage_id(found.report.id, passage.anchor), passage.text
    before, after = text[max(0, start - CONTEXT_WIDTH) : start], text[end : end + CONTEXT_WIDTH]
    return ConcordanceLine(id, passage.anchor, found.report, before, text[start:end], after, passage.page, passage.ocr)
