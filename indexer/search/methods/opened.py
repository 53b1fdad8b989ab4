"""What all methods of an open index share: its engine, reading of requests, names for facet values."""

from __future__ import annotations

from dataclasses import replace
from types import TracebackType
from typing import Self

from indexer.analysis import words
from indexer.cache import Cache
from indexer.engines.boundary import Engine
from indexer.fields import FILTERS
from indexer.neighbours import CutTexts
from indexer.prepared import PreparedQuery, Wanted, prepare
from indexer.results import FacetCount, IndexStats
from indexer.search.facts import HeldFacts
from indexer.search.offers import Offers
from indexer.search.units import HeldUnits
from indexer.search.wordlists import LISTS_CACHED, Words


class OpenIndex:
    """`Index` without its methods: one published generation, opened, and how requests to it are read."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._units = HeldUnits(engine)
        self._facts = HeldFacts(engine)
        self._cut_texts = CutTexts(words.cut)
        self._word_lists: Cache[Words] = Cache(LISTS_CACHED)
        self._offers = Offers(engine, self.read, self._units)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the engine."""
        self._engine.close()

    @property
    def stats(self) -> IndexStats:
        """What the index holds."""
        return self._engine.stats

    def outdated(self) -> bool:
        """Whether a newer generation has been published; cheap."""
        return self._engine.outdated()

    def read(self, request: Wanted, *, has_filter: bool | None = None) -> PreparedQuery:
        """The request with its query parsed; pass the result to several methods to parse only once.

        Args:
            request: The request; one that is parsed already is returned as it is.
            has_filter: Whether there is a filter, so that the query may consist of exclusions; by default as the request says.

        Raises:
            InvalidQuery: The query is malformed or too long.
        """
        read = prepare(request, words.cut, has_filter=has_filter)
        if read.request.values("instrument") and not read.alike:
            read = replace(read, alike={"instrument": self._facts.alike})
        return read

    def _named(self, facet: str, counts: list[FacetCount]) -> list[FacetCount]:
        """A facet's counts, with names from reports for values whose code does not tell what it stands for."""
        field = FILTERS[facet]
        unnamed = {count.value for count in counts if count.label is None and count.value is not None} if field.called else ()
        if not (field.called and unnamed):
            return counts
        names = {value: field.called(getattr(report, field.attribute)) for value, report in self._engine.examples(facet, unnamed).items()}
        return [replace(count, label=names.get(count.value)) if count.value in unnamed else count for count in counts]
