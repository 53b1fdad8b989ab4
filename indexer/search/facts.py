"""What the reports of an open index state: the instruments they name and the figures they give."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import overload

from indexer.cache import Cache
from indexer.declared import Value
from indexer.engines.boundary import Engine, Plan
from indexer.engines.common import FIGURE, size_of
from indexer.errors import InvalidRequest
from indexer.facets import sorted_counts
from indexer.prepared import PreparedQuery
from indexer.problems import Problem
from indexer.query import MAX_LENGTH
from indexer.results import FacetCount
from indexer.search.plans import plan_of
from indexer.stated import Figures, Instrument, Instruments, ListedSeries, Overview, StatedFigure, overview, overview_of, stated_figures

LISTS_CACHED = 8_000_000
"""Bytes of cached lists of where figures are, for their next page."""
FIGURES_CACHED = 16_000_000
"""Bytes of cached figures with their passages, for the next view of a whole list."""


class HeldFacts:
    """The instruments and figures of one generation of an index; gathered on first use."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._figures: Cache[KnownFigures] = Cache(LISTS_CACHED)
        self._read: Cache[tuple[StatedFigure, ...]] = Cache(FIGURES_CACHED)

    @cached_property
    def _instruments(self) -> Instruments:
        return Instruments(self._engine)

    @property
    def alike(self) -> Mapping[Value, frozenset[Value]]:
        """Maps each key of an instrument to its other keys, folded."""
        return self._instruments.alike

    def united(self, counts: list[FacetCount], plan: Plan) -> list[FacetCount]:
        """The counts of the facet of instruments, merged if an instrument is counted both under its name and under its number."""
        names = self._instruments.names
        if not any(count.value in names for count in counts):
            return counts
        others = [condition for condition in plan.conditions if condition.facet != "instrument"]
        spread = self._engine.spread(replace(plan, conditions=others), "instrument", names)
        united: dict[Value, int] = {value: own.passages for value, own in spread.items()}
        united[None] = sum(count.count for count in counts if count.value is None)
        return sorted_counts("instrument", united)

    def instruments(self, read: PreparedQuery, typed: str) -> list[Instrument]:
        """The instruments that the filtered passages name and that match the typed text, most reports first; `slip_of` is not set yet."""
        return self._instruments.listed(plan_of(read), typed)

    def slip_of(self, name: str) -> tuple[str, int] | None:
        """The name that this name of an instrument may be a misspelling of, and how many reports have that."""
        return self._instruments.slip_of(name)

    def later_edition_of(self, name: str, year: int) -> tuple[str, int] | None:
        """The later edition of this rule that existed in a year, and how many reports name it."""
        return self._instruments.later_edition_of(name, year)

    def with_slips(self, instruments: Sequence[Instrument]) -> list[Instrument]:
        """The instruments with `slip_of` and their latest edition filled in."""
        return self._instruments.with_slips(instruments)

    def overview(self, read: PreparedQuery, label: str | None) -> Overview:
        """The values of a label, otherwise of a request's indicators, by unit and year; with a label, raises as `figures` does."""
        if label:
            return self.figures(read, label).overview
        return overview(self._engine, plan_of(read), read.request.values("indicator"))

    def figures(self, read: PreparedQuery, label: str | None) -> KnownFigures:
        """All figures of a request, only those with this label if given, in its order; by default newest years first.

        Raises:
            InvalidRequest: There is neither query nor filter nor label, or more than 20,000 passages would have to be read.
        """
        if label and len(label) > MAX_LENGTH:
            raise InvalidRequest(Problem("label", "too-long", length=len(label), most=MAX_LENGTH))
        if not label and read.query.tree is None and not read.request.has_filter:
            raise InvalidRequest(Problem("indicator", "nothing-asked"))
        plan = plan_of(read)
        # Everything that decides which passages match and in which order.
        key = (repr((plan.query, plan.conditions, plan.sort, plan.same, plan.sentence, plan.own)), label or "")
        if (found := self._figures.get(key)) is None:
            found = KnownFigures(stated_figures(self._engine, plan, read.request.values("indicator"), label), self._read, key)
            self._figures.put(key, found, found.size)
        return found


class KnownFigures(Sequence[StatedFigure]):
    """Figures whose passages are cached for a while once all were read."""

    def __init__(self, figures: Figures, known: Cache[tuple[StatedFigure, ...]], key: Hashable) -> None:
        self._figures, self._known, self._key = figures, known, key
        self.size = figures.size

    def __len__(self) -> int:
        return len(self._figures)

    @overload
    def __getitem__(self, number: int) -> StatedFigure: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[StatedFigure]: ...
    def __getitem__(self, number: int | slice) -> StatedFigure | Sequence[StatedFigure]:
        return (self._known.get(self._key) or self._figures)[number]

    @property
    def overview(self) -> Overview:
        """The values of the figures of a label."""
        return overview_of(self._figures)

    @property
    def series(self) -> ListedSeries:
        """The figures by unit and year."""
        return ListedSeries(self._figures)

    def __iter__(self) -> Iterator[StatedFigure]:
        known = self._known.get(self._key)
        # Figures too many to cache are read one after another.
        if known is None and FIGURE * len(self) < FIGURES_CACHED // 2:
            known = tuple(self._figures)
            self._known.put(self._key, known, sum(FIGURE + size_of(one.passage) for one in known))
        return iter(self._figures if known is None else known)
