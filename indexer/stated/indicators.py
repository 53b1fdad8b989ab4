"""The reviewed indicators: who gives each, and their values over units and years without reading a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from indexer.analysis.fold import fold
from indexer.declared import DETAIL, Value
from indexer.engines.boundary import Engine, Plan, Spread
from indexer.facts import INDICATORS, Indicator
from indexer.stated.series import unit_order


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
