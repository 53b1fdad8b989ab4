"""The rules and documents that reports name, each with all its spellings and numbers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import MAXYEAR
from functools import cached_property

from indexer.analysis.fold import fold
from indexer.declared import DETAIL, Value, is_detail
from indexer.engines.boundary import EVERYTHING, Engine, Plan, Spread
from indexer.facts import is_number, kind_of, kind_of_number, normal_key
from indexer.facts.editions import Editions
from indexer.facts.replaced import ENDED, Ending
from indexer.facts.slips import Names
from indexer.request import SearchRequest
from indexer.results import IndexStats, OnePage

FREQUENT = 3
"""How many reports must name an instrument, and how many times more than those of a similar name, for that to be a possible slip."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """A rule or a document, with who names it."""

    name: str | None
    """The name; None if only the number is known."""
    number: str | None
    """The number most often given with it; None if none is known."""
    kind: str
    """One of `indexer.facts.INSTRUMENT_KINDS`."""
    aliases: tuple[str, ...]
    """Other spellings, most frequent first."""
    passages: int
    years: dict[int | None, int] = field(default_factory=dict)
    """How many reports of each reported year name it."""
    slip_of: str | None = None
    """A similar name, used by many more reports, that its own name may be a slip of."""
    later: str | None = None
    """Its latest edition that some reports name."""

    @property
    def ending(self) -> Ending | None:
        """How it was ended; None if it is in force or nothing is known."""
        return ENDED.get(self.name or "")

    @property
    def key(self) -> str:
        """The value to filter by."""
        return self.name or self.number or ""

    @property
    def first(self) -> int | None:
        """The first reported year that names it; None if no such report has a year."""
        return min((year for year in self.years if year is not None), default=None)

    @property
    def reports(self) -> int:
        """How many reports name it."""
        return sum(self.years.values())


@dataclass(frozen=True, slots=True)
class InstrumentPage(OnePage):
    """One page of the instruments of an index, most reports first."""

    request: SearchRequest
    instruments: list[Instrument]
    total: int
    index: IndexStats


@dataclass(frozen=True, slots=True)
class _Written:
    """The spellings and numbers of instruments in all reports."""

    numbers: dict[str, str]
    """The number most often given with each name."""
    spellings: dict[str, tuple[str, ...]]
    """The other spellings of each key, most frequent first."""

    @classmethod
    def of(cls, spread: Mapping[str, Spread], names: Mapping[str, str]) -> _Written:
        """Read the details of the field of instruments; `names` maps numbers that some passages give alone to names."""
        numbers: dict[str, Counter[str]] = defaultdict(Counter)
        spellings: dict[str, Counter[str]] = defaultdict(Counter)
        for value, own in spread.items():
            key, mark, detail = value.partition(DETAIL)
            if mark:
                (numbers if detail[0] == "#" else spellings)[key][detail[1:]] += own.passages
        for number, name in names.items():
            spellings[name].update({number: spread[number].passages, **spellings.pop(number, {})})
        return cls(
            {key: _most(counts) for key, counts in numbers.items()},
            {key: tuple(_ordered(counts)) for key, counts in spellings.items()},
        )


class Instruments:
    """The instruments of one generation of an index: what all its reports together say of each, computed once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._all = engine.spread(EVERYTHING, "instrument", {})
        self._reports = {key: _reports(own) for key, own in self._all.items() if not is_detail(key)}
        frequent = [key for key, reports in self._reports.items() if reports >= FREQUENT]
        self._frequent, self._editions = Names(frequent), Editions(frequent)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The name for each number that some passages give without a name."""
        named: dict[str, Counter[str]] = defaultdict(Counter)
        for value, own in self._all.items():
            key, mark, number = value.partition(f"{DETAIL}#")
            if mark and number in self._reports:
                named[number][key] += own.passages
        return {number: _most(counts) for number, counts in named.items()}

    @cached_property
    def alike(self) -> Mapping[Value, frozenset[Value]]:
        """Maps each key of an instrument to its other keys, folded."""
        groups: dict[str, set[str]] = {}
        for number, name in self.names.items():
            groups.setdefault(name, {fold(name)}).add(fold(number))
        return {key: frozenset(same - {key}) for same in groups.values() for key in same}

    @cached_property
    def _written(self) -> _Written:
        # Only lists of instruments need it, and if most have numbers it takes longer than everything else.
        return _Written.of(self._all, self.names)

    def listed(self, plan: Plan, typed: str) -> list[Instrument]:
        """The instruments in the passages of a plan whose name, number or other spelling contains the typed text, most reports first."""
        spread = self._engine.spread(plan, "instrument", self.names) if plan.conditions or self.names else self._all
        found = [self._instrument(key, own) for key, own in spread.items() if not is_detail(key)]
        wanted = {fold(typed), fold(normal_key(typed))} - {""}
        if wanted:
            found = [one for one in found if any(text in fold(name) for name in _writings(one) for text in wanted)]
        return sorted(found, key=lambda one: (-one.reports, one.key))

    def with_slips(self, instruments: Iterable[Instrument]) -> list[Instrument]:
        """The instruments with `slip_of` and `later` filled in."""
        return [
            replace(one, slip_of=slip[0] if (slip := self.slip_of(one.key)) else None, later=self._editions.later_than(one.key, MAXYEAR))
            for one in instruments
        ]

    def _instrument(self, key: str, spread: Spread) -> Instrument:
        name, number, kind = (None, key, kind_of_number(key)) if is_number(key) else (key, self._written.numbers.get(key), kind_of(key))
        aliases = tuple(text for text in self._written.spellings.get(key, ()) if text not in (name, number))
        return Instrument(name, number, kind, aliases, spread.passages, spread.years)

    def slip_of(self, name: str) -> tuple[str, int] | None:
        """The name, used by many more reports, that this one may be a slip of, and the number of those reports."""
        own = self._reports.get(name, 0)
        near = [other for other in self._frequent.near(name) if self._reports[other] >= FREQUENT * own]
        other = max(near, key=lambda other: (self._reports[other], other), default=None)
        return (other, self._reports[other]) if other is not None else None

    def later_edition_of(self, name: str, year: int) -> tuple[str, int] | None:
        """A rule's later edition that existed in a year and that some reports name, and how many do."""
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
