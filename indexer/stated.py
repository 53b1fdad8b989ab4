"""What the reports of an index state, listed: the instruments they name and the figures they give, each with where it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import MAXYEAR
from decimal import Decimal
from functools import cache
from statistics import median
from typing import overload

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.fold import fold
from indexer.declared import DETAIL, Value, is_detail
from indexer.engines.boundary import EVERYTHING, OCCURRENCES_LIMIT, Engine, FoundFigures, FoundPassage, Plan, Spread
from indexer.errors import InvalidRequest
from indexer.facts import INDICATORS, Indicator, Statistic, is_number, kind_of, kind_of_number, normal_key, without_topics
from indexer.facts.editions import Editions
from indexer.facts.replaced import ENDED, Ending
from indexer.facts.slips import Names
from indexer.model import Passage, Report, passage_id
from indexer.problems import Problem
from indexer.query.tree import And, Node, Query, Term, joined
from indexer.request import Mode, SearchRequest, Sort
from indexer.results import IndexStats, OnePage
from indexer.units import Unit

READ_TOGETHER = 500
"""Figures of many whose passages are read together."""
FREQUENT = 3
"""Reports that name an instrument, at least, for a name of which there are that many times fewer to be a possible slip of its name."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """A rule or a document, and who names it."""

    name: str | None
    """None where only its number is known."""
    number: str | None
    """The number it is most often named with, None where none is known."""
    kind: str
    """One of `indexer.facts.INSTRUMENT_KINDS`."""
    aliases: tuple[str, ...]
    """How else it is written, most frequent first."""
    passages: int
    years: dict[int | None, int] = field(default_factory=dict)
    """How many reports of each reported year name it."""
    slip_of: str | None = None
    """The name, of many more reports, that its own is perhaps a slip of."""
    later: str | None = None
    """The latest edition of it that some reports name."""

    @property
    def ending(self) -> Ending | None:
        """How it was ended, None where it is in force or nothing is known."""
        return ENDED.get(self.name or "")

    @property
    def key(self) -> str:
        """What it is filtered by."""
        return self.name or self.number or ""

    @property
    def first(self) -> int | None:
        """The first reported year that names it, None where no such report states its year."""
        return min((year for year in self.years if year is not None), default=None)

    @property
    def reports(self) -> int:
        """How many reports name it."""
        return sum(self.years.values())


@dataclass(frozen=True, slots=True)
class InstrumentPage(OnePage):
    """One page of the instruments of an index, those of most reports first."""

    request: SearchRequest
    instruments: list[Instrument]
    total: int
    index: IndexStats


@dataclass(frozen=True, slots=True)
class StatedFigure:
    """A figure with its evidence."""

    statistic: Statistic
    report: Report
    """Without passages."""
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


@dataclass(frozen=True, slots=True)
class Series:
    """The figures of one unit, year by year."""

    unit: Unit | None
    name: str
    """The unit's, else that of the issuer as printed; empty where neither is known."""
    years: dict[int | None, list[StatedFigure]]
    """By reported year, rising and unknown last; several figures of a year stand in the order of its reports."""

    def value(self, year: int | None) -> Decimal | None:
        """The value of a year where all its figures agree on one; None too where there is none, or only a ratio."""
        values = {(one.statistic.number, one.statistic.to, one.statistic.unit) for one in self.years.get(year, ())}
        return next(iter(values))[0] if len(values) == 1 else None

    @property
    def odd(self) -> set[int]:
        """Years whose value is far from those of the other years: `FAR` times their median, or as small a part of it."""
        known = {year: value for year in self.years if year is not None and (value := self.value(year)) is not None}
        found = set()
        for year, value in known.items():
            others = [other for at, other in known.items() if at != year]
            if len(others) >= ENOUGH and (middle := median(others)) > 0 and not middle / FAR < value < middle * FAR:
                found.add(year)
        return found


FAR = 5
"""Times the median of the other years that a value is to be looked at."""
ENOUGH = 3
"""Other years, at least, that say what is usual."""


def series_of(figures: Iterable[StatedFigure]) -> list[Series]:
    """The figures of each unit, year by year: in the order of their places' codes, each before its departments; of no known place last."""
    found: dict[tuple[str, str], Series] = {}
    for figure in figures:
        key = _key_of(figure.report)
        series = found.setdefault(key, Series(figure.report.unit, key[1], {}))
        series.years.setdefault(figure.report.year, []).append(figure)
    ordered = [found[key] for key in sorted(found, key=_unit_order)]
    return [replace(one, years=dict(sorted(one.years.items(), key=lambda entry: (entry[0] is None, entry[0] or 0)))) for one in ordered]


def _key_of(report: Report) -> tuple[str, str]:
    """Whose figures its own stand beside: the unit's id, empty where none is known, and its name or that of the issuer."""
    return (report.unit.id, report.unit.name) if report.unit else ("", report.issuer or "")


@dataclass(frozen=True, slots=True)
class Overview:
    """The values of indicators over units and years without their sentences: no text is read for it."""

    figures: int
    units: dict[tuple[str, str], dict[int | None, set[tuple[str, str, str]]]]
    """By the unit's id, and where none is known by the issuer as printed, the value, the end of a range and the unit of measure that
    each reported year's figures have; in the order of `series_of`."""

    @property
    def years(self) -> set[int | None]:
        """The reported years of all figures."""
        return {year for years in self.units.values() for year in years}

    def values(self, year: int) -> list[Decimal]:
        """The value of each unit whose figures of a year agree on one."""
        found = [next(iter(held)) for years in self.units.values() if len(held := years.get(year, set())) == 1]
        return [Decimal(value) for value, _, _ in found]


def overview(engine: Engine, plan: Plan, indicators: Sequence[Value]) -> Overview:
    """The values that the passages of a plan give of these indicators, from what the index holds beside texts."""
    wanted = {fold(str(name)) for name in indicators if name is not None}
    names = {one.name for one in INDICATORS if fold(one.name) in wanted}
    units: dict[tuple[str, str], dict[int | None, set[tuple[str, str, str]]]] = {}
    figures = 0
    for (held, unit, issuer, year), passages in engine.cross(plan, "indicator", names, ("unit", "issuer", "year")).items():
        _, is_value, detail = str(held).partition(DETAIL)
        if is_value:
            count, value, to, measure = detail.split("|")
            figures += int(count) * passages
            key = (str(unit), "") if unit is not None else ("", str(issuer or ""))
            units.setdefault(key, {}).setdefault(year if isinstance(year, int) else None, set()).add((value, to, measure))
    return Overview(figures, {key: units[key] for key in sorted(units, key=_unit_order)})


def _unit_order(key: tuple[str, str]) -> tuple[bool, tuple[str, str]]:
    """In the order of their places' codes, each before its departments; of no known place last."""
    return not key[0][:1].isdigit(), key


@dataclass(frozen=True, slots=True)
class IndicatorCount:
    """A reviewed indicator, and who gives it."""

    indicator: Indicator
    passages: int
    years: dict[int | None, int]
    """How many reports of each reported year give it."""

    @property
    def reports(self) -> int:
        """How many reports give it."""
        return sum(self.years.values())


class Instruments:
    """The instruments of one state of an index: what all its reports together say of each, worked out once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        spread = engine.spread(EVERYTHING, "instrument", {})
        numbers: dict[str, Counter[str]] = {}
        named: dict[str, Counter[str]] = {}
        spellings: dict[str, Counter[str]] = {}
        for value, own in spread.items():
            key, mark, detail = value.partition(DETAIL)
            if mark and detail[0] == "#":
                numbers.setdefault(key, Counter())[detail[1:]] += own.passages
                named.setdefault(detail[1:], Counter())[key] += own.passages
            elif mark:
                spellings.setdefault(key, Counter())[detail[1:]] += own.passages
        self._numbers = {key: _most(counts) for key, counts in numbers.items()}
        self.names = {number: _most(counts) for number, counts in named.items() if number in spread}
        """The name that a number stands for which some passages give alone."""
        self.alike: dict[Value, frozenset[Value]] = {}
        """The other keys of an instrument by each of its keys, folded."""
        groups: dict[str, set[str]] = {}
        for number, name in self.names.items():
            groups.setdefault(name, {fold(name)}).add(fold(number))
        for same in groups.values():
            self.alike |= {key: frozenset(same - {key}) for key in same}
        for number, name in self.names.items():
            spellings.setdefault(name, Counter()).update({number: spread[number].passages, **spellings.pop(number, {})})
        self._spellings = {key: tuple(_ordered(counts)) for key, counts in spellings.items()}
        self._frequent = Names(key for key, own in spread.items() if not is_detail(key) and _reports(own) >= FREQUENT)
        self._reports = {key: _reports(own) for key, own in spread.items() if not is_detail(key)}
        self._editions = Editions(key for key, reports in self._reports.items() if reports >= FREQUENT)
        self._all = spread

    def listed(self, plan: Plan, typed: str) -> list[Instrument]:
        """Those that the passages of a plan name and whose name, number or other spelling holds what is typed, most reports first."""
        spread = self._engine.spread(plan, "instrument", self.names) if plan.conditions or self.names else self._all
        found = [self._instrument(key, own) for key, own in spread.items() if not is_detail(key)]
        wanted = {fold(typed), fold(normal_key(typed))} - {""}
        if wanted:
            found = [one for one in found if any(text in fold(name) for name in _writings(one) for text in wanted)]
        return sorted(found, key=lambda one: (-one.reports, one.key))

    def with_slips(self, instruments: Iterable[Instrument]) -> list[Instrument]:
        """The same, each with the name that its own is perhaps a slip of, and its latest edition."""
        return [
            replace(one, slip_of=slip[0] if (slip := self.slip_of(one.key)) else None, later=self._editions.later_than(one.key, MAXYEAR))
            for one in instruments
        ]

    def _instrument(self, key: str, spread: Spread) -> Instrument:
        name, number, kind = (None, key, kind_of_number(key)) if is_number(key) else (key, self._numbers.get(key), kind_of(key))
        aliases = tuple(text for text in self._spellings.get(key, ()) if text not in (name, number))
        return Instrument(name, number, kind, aliases, spread.passages, spread.years)

    def slip_of(self, name: str) -> tuple[str, int] | None:
        """The name, of many more reports, that a name is perhaps a slip of, and how many they are."""
        own = self._reports.get(name, 0)
        near = [other for other in self._frequent.near(name) if self._reports[other] >= FREQUENT * own]
        other = max(near, key=lambda other: (self._reports[other], other), default=None)
        return (other, self._reports[other]) if other is not None else None

    def later_edition_of(self, name: str, year: int) -> tuple[str, int] | None:
        """The edition of a rule that some reports name, that was there in a year and follows this one, and how many name it."""
        later = self._editions.later_than(name, year)
        return (later, self._reports[later]) if later is not None else None


def _writings(instrument: Instrument) -> Iterator[str]:
    yield from (instrument.key, instrument.number or "", *instrument.aliases)


def _reports(spread: Spread) -> int:
    return sum(spread.years.values())


def _ordered(counts: Counter[str]) -> list[str]:
    return sorted(counts, key=lambda text: (-counts[text], text))


def _most(counts: Counter[str]) -> str:
    return _ordered(counts)[0]


def indicator_counts(engine: Engine, plan: Plan) -> list[IndicatorCount]:
    """Every reviewed indicator, with what the passages of a plan give of it, in the order of the list."""
    spread = engine.spread(plan, "indicator", {})
    nothing = Spread(0, {})
    return [IndicatorCount(one, own.passages, own.years) for one in INDICATORS for own in [spread.get(one.name, nothing)]]


def stated(engine: Engine, plan: Plan, indicators: Sequence[Value], label: str | None) -> Figures:
    """The figures in the passages of a plan, of these indicators if any, with this label if any, in the order of the plan.

    Raises:
        InvalidRequest: More than 20,000 passages are to be read.
    """
    if label:
        # Every character of it stands in the passage that it was taken from, but for the topic of the heading.
        pieces: list[Node] = [Term(char) for char in dict.fromkeys(fold(without_topics(label)).replace(" ", ""))]
        tree = joined(And, [*pieces, *([plan.query.tree] if plan.query.tree else [])]) if pieces else plan.query.tree
        plan = replace(plan, query=Query(tree, Mode.LITERAL))
    plan = replace(plan, sort=Sort.NEWEST if plan.sort is Sort.RELEVANCE else plan.sort, collapse=False)
    if engine.search(replace(plan, skip=0, take=0, facets=(), counts_occurrences=False)).total.paragraphs > OCCURRENCES_LIMIT:
        raise InvalidRequest(Problem("indicator", "too-many-passages", most=OCCURRENCES_LIMIT))
    wanted = {fold(str(name)) for name in indicators if name is not None}
    folded = fold(label) if label else None

    @cache
    def is_meant(counted: tuple[str, str | None]) -> bool:
        own, indicator = counted
        return (not wanted or fold(indicator or "") in wanted) and (folded is None or fold(own) == folded)

    found = engine.figures(plan)
    at = [(text, own) for text, figures in enumerate(found.counted) for own, counted in enumerate(figures) if is_meant(counted)]
    return Figures(found, np.array(at, np.int32).reshape(-1, 2))


class Figures(Sequence[StatedFigure]):
    """Figures in order; their passages are read when they are wanted."""

    def __init__(self, found: FoundFigures, at: NDArray[np.int32]) -> None:
        """`at` says of each the number of its passage, and which of the figures of that it is."""
        self._found, self._at = found, at
        self.size = found.size + at.nbytes
        """Bytes that they take in memory, about."""

    def __len__(self) -> int:
        return len(self._at)

    @overload
    def __getitem__(self, number: int) -> StatedFigure: ...
    @overload
    def __getitem__(self, number: slice) -> list[StatedFigure]: ...
    def __getitem__(self, number: int | slice) -> StatedFigure | list[StatedFigure]:
        """A figure, or several."""
        if isinstance(number, slice):
            return self._read(self._at[number].tolist())
        return self._read([self._at[number].tolist()])[0]

    def __iter__(self) -> Iterator[StatedFigure]:
        for first in range(0, len(self._at), READ_TOGETHER):
            yield from self._read(self._at[first : first + READ_TOGETHER].tolist())

    def reports(self) -> list[Report]:
        """The report of each, without passages; none of those is read."""
        of_passages = self._found.reports()
        return [of_passages[text] for text in self._at[:, 0].tolist()]

    def some(self, numbers: Sequence[int]) -> list[StatedFigure]:
        """Some of them, by their numbers."""
        return self._read(self._at[numbers].tolist())

    def _read(self, at: list[list[int]]) -> list[StatedFigure]:
        numbers = list(dict.fromkeys(text for text, _ in at))
        passages = dict(zip(numbers, self._found.passages(numbers), strict=True))
        return [_figure(passages[text], own) for text, own in at]


class ListedSeries(Sequence[Series]):
    """What `series_of` makes of figures; those of a unit are read when its series is wanted."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures
        held: dict[tuple[str, str], list[int]] = {}
        for number, report in enumerate(figures.reports()):
            held.setdefault(_key_of(report), []).append(number)
        self._held = [held[key] for key in sorted(held, key=_unit_order)]

    def __len__(self) -> int:
        return len(self._held)

    @overload
    def __getitem__(self, number: int) -> Series: ...
    @overload
    def __getitem__(self, number: slice) -> list[Series]: ...
    def __getitem__(self, number: int | slice) -> Series | list[Series]:
        """A series, or several."""
        if isinstance(number, slice):
            return [one for own in self._held[number] for one in series_of(self._figures.some(own))]
        (found,) = series_of(self._figures.some(self._held[number]))
        return found


def _figure(found: FoundPassage, number: int) -> StatedFigure:
    """One of the figures of a passage that was found."""
    id = passage_id(found.report.id, found.passage.anchor)
    return StatedFigure(replace(found.passage.statistics[number], passage=id), found.report, found.passage)
