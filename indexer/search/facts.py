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
"""Bytes of lists that say where figures stand, for the next page of them."""
FIGURES_CACHED = 16_000_000
"""Bytes of figures that were read with their passages, for the next view of all of a list."""


class HeldFacts:
    """The instruments and figures of one state of an index; gathered when first wanted."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._figures: Cache[KnownFigures] = Cache(LISTS_CACHED)
        self._read: Cache[tuple[StatedFigure, ...]] = Cache(FIGURES_CACHED)

    @cached_property
    def _instruments(self) -> Instruments:
        return Instruments(self._engine)

    @property
    def alike(self) -> Mapping[Value, frozenset[Value]]:
        """The other keys of an instrument by each of its keys, folded."""
        return self._instruments.alike

    def united(self, counts: list[FacetCount], plan: Plan) -> list[FacetCount]:
        """The counts of the facet of instruments, those once that are counted under a name and under its number alone."""
        names = self._instruments.names
        if not any(count.value in names for count in counts):
            return counts
        others = [condition for condition in plan.conditions if condition.facet != "instrument"]
        spread = self._engine.spread(replace(plan, conditions=others), "instrument", names)
        united: dict[Value, int] = {value: own.passages for value, own in spread.items()}
        united[None] = sum(count.count for count in counts if count.value is None)
        return sorted_counts("instrument", united)

    def instruments(self, read: PreparedQuery, typed: str) -> list[Instrument]:
        """Those that the filters' passages name and that hold what was typed, most reports first; `slip_of` is not known yet."""
        return self._instruments.listed(plan_of(read), typed)

    def slip_of(self, name: str) -> tuple[str, int] | None:
        """The name that a name of an instrument is perhaps a slip of, and how many reports have it."""
        return self._instruments.slip_of(name)

    def later_edition_of(self, name: str, year: int) -> tuple[str, int] | None:
        """The edition of a rule that was there in a year and follows this one, and how many reports name it."""
        return self._instruments.later_edition_of(name, year)

    def with_slips(self, instruments: Sequence[Instrument]) -> list[Instrument]:
        """The same, each with the name that its own is perhaps a slip of, and its latest edition."""
        return self._instruments.with_slips(instruments)

    def overview(self, read: PreparedQuery, label: str | None) -> Overview:
        """The values of a label, else of a request's indicators, over units and years; raises of a label as `figures` does."""
        if label:
            return self.figures(read, label).overview
        return overview(self._engine, plan_of(read), read.request.values("indicator"))

    def figures(self, read: PreparedQuery, label: str | None) -> KnownFigures:
        """All figures of a request, with this label if any, in its order; newest years first where it says none.

        Raises:
            InvalidRequest: There is nothing to look for, or more than 20,000 passages are to be read.
        """
        if label and len(label) > MAX_LENGTH:
            raise InvalidRequest(Problem("label", "too-long", length=len(label), most=MAX_LENGTH))
        if not label and read.query.tree is None and not read.request.has_filter:
            raise InvalidRequest(Problem("indicator", "nothing-asked"))
        plan = plan_of(read)
        # All that decides which passages match and in which order.
        key = (repr((plan.query, plan.conditions, plan.sort, plan.same, plan.sentence, plan.own)), label or "")
        if (found := self._figures.get(key)) is None:
            found = KnownFigures(stated_figures(self._engine, plan, read.request.values("indicator"), label), self._read, key)
            self._figures.put(key, found, found.size)
        return found


class KnownFigures(Sequence[StatedFigure]):
    """Figures whose passages stay for a while once all were read."""

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
        """The values of figures of a label."""
        return overview_of(self._figures)

    @property
    def series(self) -> ListedSeries:
        """The figures unit by unit and year by year."""
        return ListedSeries(self._figures)

    def __iter__(self) -> Iterator[StatedFigure]:
        known = self._known.get(self._key)
        # Where so many are too much to stay they are read one after another.
        if known is None and FIGURE * len(self) < FIGURES_CACHED // 2:
            known = tuple(self._figures)
            self._known.put(self._key, known, sum(FIGURE + size_of(one.passage) for one in known))
        return iter(self._figures if known is None else known)
