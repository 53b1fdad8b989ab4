"""The reviewed indicators: who gives each, and their values over units and years without reading a text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from indexer.analysis.fold import fold
from indexer.declared import DETAIL, Value
from indexer.engines.boundary import Engine, Plan, Spread
from indexer.facts import INDICATORS, Indicator
from indexer.facts.model import RATIO
from indexer.stated.figures import Figures, FigureValue
from indexer.stated.series import key_of, unit_order

Values = dict[tuple[str, str], dict[int | None, set[FigureValue]]]


@dataclass(frozen=True, slots=True)
class Overview:
    """The values of indicators over units and years without their sentences: no text is read for it."""

    figures: int
    units: Values
    """By the unit's id, and where none is known by the issuer as printed, the values that each reported year's figures have; in the
    order of `series_of`. Of figures of a label the unit's name stands beside its id, as in `key_of`."""

    @property
    def years(self) -> set[int | None]:
        """The reported years of all figures."""
        return {year for years in self.units.values() for year in years}

    def values(self, year: int) -> list[Decimal]:
        """The value of each unit whose figures of a year agree on one."""
        agreed = [next(iter(held)) for years in self.units.values() if len(held := _numbers(years.get(year, ()))) == 1]
        return [number for number, _, _ in agreed if number is not None]


def _numbers(values: Iterable[FigureValue]) -> set[tuple[Decimal | None, str, str]]:
    """Different values; 5.0 and 5 are one, and a ratio has no number."""
    return {(None if unit == RATIO else Decimal(value), to, unit) for value, to, unit in sorted(values)}


def overview(engine: Engine, plan: Plan, indicators: Sequence[Value]) -> Overview:
    """The values that the passages of a plan give of these indicators, from what the index holds beside texts."""
    wanted = {fold(str(name)) for name in indicators if name is not None}
    names = {one.name for one in INDICATORS if fold(one.name) in wanted}
    units: Values = {}
    figures = 0
    for (held, unit, issuer, year), passages in engine.cross(plan, "indicator", names, ("unit", "issuer", "year")).items():
        _, is_value, detail = str(held).partition(DETAIL)
        if is_value:
            count, value, to, measure = detail.split("|")
            figures += int(count) * passages
            key = (str(unit), "") if unit is not None else ("", str(issuer or ""))
            units.setdefault(key, {}).setdefault(year if isinstance(year, int) else None, set()).add((value, to, measure))
    return _ordered(figures, units)


def overview_of(figures: Figures) -> Overview:
    """The values of figures of a label, which were read when they were counted."""
    units: Values = {}
    for report, value in zip(figures.reports(), figures.values, strict=True):
        units.setdefault(key_of(report), {}).setdefault(report.year, set()).add(value)
    return _ordered(len(figures), units)


def _ordered(figures: int, units: Values) -> Overview:
    return Overview(figures, {key: units[key] for key in sorted(units, key=unit_order)})


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


def indicator_counts(engine: Engine, plan: Plan) -> list[IndicatorCount]:
    """Every reviewed indicator, with what the passages of a plan give of it, in the order of the list."""
    spread = engine.spread(plan, "indicator", {})
    nothing = Spread(0, {})
    return [IndicatorCount(one, own.passages, own.years) for one in INDICATORS for own in [spread.get(one.name, nothing)]]
