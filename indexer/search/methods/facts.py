"""What reports state: the instruments they name, the figures they give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from indexer.errors import InvalidRequest
from indexer.prepared import Wanted
from indexer.problems import Problem
from indexer.query import MAX_LENGTH
from indexer.request import SearchRequest
from indexer.search.methods.opened import OpenIndex
from indexer.search.plans import plan_of
from indexer.stated import (
    IndicatorCount,
    Instrument,
    InstrumentPage,
    ListedSeries,
    Overview,
    Series,
    StatedFigure,
    StatisticPage,
    indicator_counts,
    series_of,
)


class FactMethods(OpenIndex):
    """The methods of `Index` about instruments, indicators and figures."""

    def instruments(self, q: str = "", **wanted: Any) -> InstrumentPage:
        """One page of the rules and documents that reports name; the keyword arguments are as in `search`.

        Args:
            q: Text that the name, the number or another spelling must contain; empty for all. It is plain text, not a query.
            **wanted: The page, and filters for the passages that count.

        Raises:
            InvalidRequest: A value is impossible.
        """
        return self.list_instruments(SearchRequest.of(q, **wanted))

    def list_instruments(self, request: SearchRequest) -> InstrumentPage:
        """`instruments` for a request, whose query is `q`."""
        listed = self._listed_instruments(request)
        return InstrumentPage(request, self._facts.with_slips(request.page_of(listed)), len(listed), self.stats)

    def all_instruments(self, request: SearchRequest) -> list[Instrument]:
        """All that `list_instruments` lists; raises as it does."""
        return self._facts.with_slips(self._listed_instruments(request))

    def _listed_instruments(self, request: SearchRequest) -> list[Instrument]:
        if len(request.query) > MAX_LENGTH:
            raise InvalidRequest(Problem("q", "too-long", length=len(request.query), most=MAX_LENGTH))
        return self._facts.instruments(self.read(replace(request, query=""), has_filter=True), request.query)

    def indicators(self, **wanted: Any) -> list[IndicatorCount]:
        """Every reviewed indicator, with who gives it in the passages that pass the filters; raises as `search` does."""
        return self.list_indicators(SearchRequest.of(**wanted))

    def list_indicators(self, wanted: Wanted) -> list[IndicatorCount]:
        """`indicators` for a request."""
        return indicator_counts(self._engine, plan_of(self.read(wanted, has_filter=True)))

    def statistics(self, indicator: str | None = None, label: str | None = None, **wanted: Any) -> StatisticPage:
        """One page of figures, newest years first; the keyword arguments are as in `search`.

        Args:
            indicator: The name of a reviewed indicator; `indicators` takes several.
            label: What is counted, as in `Statistic.label`, compared under `fold`.
            **wanted: Filters and the page.

        Raises:
            InvalidRequest: A value is impossible, there is neither indicator nor label nor filter, or more than 20,000 passages would have
                to be read.
        """
        named = {"indicators": (indicator,)} if indicator else {}
        return self.list_statistics(SearchRequest.of(**{**named, **wanted}), label)

    def series(self, indicator: str | None = None, label: str | None = None, **wanted: Any) -> list[Series]:
        """All figures that `statistics` finds, by unit and year; raises as `statistics` does."""
        named = {"indicators": (indicator,)} if indicator else {}
        return series_of(self.all_statistics(SearchRequest.of(**{**named, **wanted}), label))

    def list_statistics(self, wanted: Wanted, label: str | None = None) -> StatisticPage:
        """`statistics` for a request; if it has a query, the passages must match that too."""
        found, request = self.all_statistics(wanted, label), self.read(wanted, has_filter=True).request
        return StatisticPage(request, label, list(request.page_of(found)), len(found), self.stats)

    def all_statistics(self, wanted: Wanted, label: str | None = None) -> Sequence[StatedFigure]:
        """All that `list_statistics` lists; passages are read only for the figures that are accessed. Raises as `list_statistics` does."""
        return self._facts.figures(self.read(wanted, has_filter=True), label)

    def all_series(self, wanted: Wanted, label: str | None = None) -> ListedSeries:
        """The figures as `series` gives them; a unit's figures are read when its series is accessed. Raises as `list_statistics` does."""
        return self._facts.figures(self.read(wanted, has_filter=True), label).series

    def overview(self, wanted: Wanted, label: str | None = None) -> Overview:
        """The values of a request's indicators by unit and year, without their sentences; no text is read, however many there are.

        Figures with a label are an exception: labels are stored with the passages, which are read as for `all_statistics`.

        Raises:
            InvalidQuery: The query is malformed or too long.
            InvalidRequest: With a label, as `list_statistics` does.
        """
        return self._facts.overview(self.read(wanted, has_filter=True), label)
