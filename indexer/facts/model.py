"""What a fact is: a figure or a named instrument, each with where it stands. Offsets are half-open spans of code points in the
text of its passage, as printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

RATIO = "比"
"""The unit of 3:1, whose value is no number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistic:
    """A figure with the sentence it stands in."""

    label: str
    """What is counted, as a table would call it; made of pieces of the passage's own text and,
    where that does not say what it is about, of the topic of its heading."""
    value: str
    """A decimal in ASCII digits with 万 and 亿 resolved, "-" before a fall: "12000", "-5"; the first value of a range; "3:1" of a ratio."""
    to: str | None = None
    """The last value of a range."""
    unit: str
    """As printed without 万 and 亿: 件, 人次, %, 个百分点; 元 for money, 比 for 3:1."""
    approximate: str | None = None
    """The word that makes it inexact: 余, 近, 超, 约, 以上."""
    indicator: str | None = None
    """The name of the reviewed indicator that it is a value of."""
    passage: str = ""
    """The passage's id in what `Report.statistics` gives; empty in the passage itself."""
    start: int
    end: int
    """The number with its unit, as printed: 3000人次 of "近3000人次", 20000余册."""
    sentence: tuple[int, int]
    """The sentence that is the evidence."""

    @property
    def number(self) -> Decimal | None:
        """The value to reckon with; None of a ratio."""
        return None if self.unit == RATIO else Decimal(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """A figure that reports give year after year."""

    name: str
    unit: str
    """Of its values, see `Statistic.unit`."""
    about: str = ""
    """What it counts and what not, for people; with the standard it follows where there is one."""
    note: str = ""
    """The same in Chinese, without the standard."""
    source: str | None = None
    """The standard or the rule that defines it or asks for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """A rule or a document that a passage names."""

    name: str | None
    """Without its brackets and without 中华人民共和国 before it, brackets and dashes in it of one kind; None where only a number stands."""
    number: str | None
    """国发〔2021〕3号, 国务院令第713号: brackets of one kind, without spaces; None where only a name stands."""
    kind: str
    """One of `indexer.facts.instruments.KINDS`."""
    passage: str = ""
    """As of a `Statistic`."""
    start: int
    end: int
    """From 《 or the number's first character to the end of both where a number follows its name."""
    spelling: str
    """The name as printed between 《 and 》, else the number as printed."""

    @property
    def key(self) -> str:
        """What the instrument is found by: its name, else its number."""
        return self.name or self.number or ""
