"""The reviewed indicators: who gives each, and their values by unit and year, without reading any text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

from indexer.analysis.fold import fold
from indexer.declared import DETAIL, Value
from indexer.engines.boundary import Engine, Plan, Spread
from indexer.facts import INDICATORS, FigureValue, Indicator
from indexer.facts.model import RATIO
from indexer.stated.figures import Figures
from indexer.stated.series import key_of, unit_order

Values = dict[tuple[str, str], dict[int | None, set[FigureValue]]]


@dataclass(frozen=True, slots=True)
class Overview:
    """The values of indicators by unit and year, without their sentences; made without reading any text."""

    units: Values
    """The values in each reported year's figures, by the unit's id, or by the issuer as printed if the unit is unknown; in the
    order of `series_of`. For figures of a label, the key also has the unit's name, as in `key_of`."""
    counts: dict[tuple[str, str], int]
    """The number of figures of each of them."""

    @property
    def figures(self) -> int:
        """The total number of figures."""
        return sum(self.counts.values())

    @property
    def years(self) -> set[int | None]:
        """The reported years of all figures."""
        return {year for years in self.units.values() for year in years}

    def values(self, year: int) -> list[Decimal]:
        """The values of a year, one for each unit whose figures agree."""
        agreed = [next(iter(held)) for years in self.units.values() if len(held := _numbers(years.get(year, ()))) == 1]
        return [number for number, _, _ in agreed if number is not None]


def _numbers(values: Iterable[FigureValue]) -> set[tuple[Decimal | None, str, str]]:
    """The distinct values; 5.0 and 5 are equal, and a ratio has no number."""
    return {(None if unit == RATIO else Decimal(value), to, unit) for value, to, unit in sorted(values)}


def overview(engine: Engine, plan: Plan, indicators: Sequence[Value]) -> Overview:
    """The values of these indicators in the passages of a plan, from what the index stores beside texts."""
    wanted = {fold(str(name)) for name in indicators if name is not None}
    names = {one.name for one in INDICATORS if fold(one.name) in wanted}
    units: Values = {}
    counts: Counter[tuple[str, str]] = Counter()
    read: dict[Value, tuple[int, FigureValue] | None] = {}
    for (held, unit, issuer, year), passages in engine.cross(plan, "indicator", names, ("unit", "issuer", "year")).items():
        if held not in read:
            read[held] = _value_of(str(held))
        if (own := read[held]) is not None:
            count, value = own
            key = (str(unit), "") if unit is not None else ("", str(issuer or ""))
            counts[key] += count * passages
            units.setdefault(key, {}).setdefault(year if isinstance(year, int) else None, set()).add(value)
    return _ordered(units, counts)


def _value_of(held: str) -> tuple[int, FigureValue] | None:
    """How many figures of an indicator a passage has with which value; None if `held` is not a detail."""
    _, is_value, detail = held.partition(DETAIL)
    if not is_value:
        return None
    count, value, to, measure = detail.split("|")
    return int(count), (value, to, measure)


def overview_of(figures: Figures) -> Overview:
    """The values of the figures of a label, which were read while counting."""
    units: Values = {}
    counts: Counter[tuple[str, str]] = Counter()
    # Figures of one report are mostly adjacent.
    for report, together in groupby(zip(figures.reports(), figures.values, strict=True), key=itemgetter(0)):
        values = [value for _, value in together]
        counts[key := key_of(report)] += len(values)
        units.setdefault(key, {}).setdefault(report.year, set()).update(values)
    return _ordered(units, counts)


def _ordered(units: Values, counts: Counter[tuple[str, str]]) -> Overview:
    order = sorted(units, key=unit_order)
    return Overview({key: units[key] for key in order}, {key: counts[key] for key in order})


@dataclass(frozen=True, slots=True)
class IndicatorCount:
    """A reviewed indicator, with how many passages and reports give it."""

    indicator: Indicator
    passages: int
    years: dict[int | None, int]
    """How many reports of each reported year give it."""

    @property
    def reports(self) -> int:
        """How many reports give it."""
        return sum(self.years.values())


def indicator_counts(engine: Engine, plan: Plan) -> list[IndicatorCount]:
    """Every reviewed indicator with its counts in the passages of a plan, in the order of the list."""
    spread = engine.spread(plan, "indicator", {})
    nothing = Spread(0, {})
    return [IndicatorCount(one, own.passages, own.years) for one in INDICATORS for own in [spread.get(one.name, nothing)]]
