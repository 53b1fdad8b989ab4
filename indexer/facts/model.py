"""The types of facts: figures and named instruments, each with its position. Offsets are half-open spans of code points in the
printed text of the passage.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

RATIO = "比"
"""The unit of a ratio such as 3:1, whose value is not a number."""
FigureValue = tuple[str, str, str]
"""A figure's value, the end of its range (empty if it has none) and its unit of measure, see `Statistic`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistic:
    """A figure with its sentence."""

    label: str
    """What is counted, as the heading of a table would say it; made from pieces of the passage's own text and,
    if that does not name the subject, from the topic of its heading."""
    value: str
    """A decimal in ASCII digits, 万 and 亿 resolved, "-" for a fall: "12000", "-5"; for a range, its first value; for a ratio, "3:1"."""
    to: str | None = None
    """The last value of a range."""
    unit: str
    """The unit as printed, without 万 and 亿: 件, 人次, %, 个百分点; 元 for money, 比 for ratios."""
    approximate: str | None = None
    """The word that makes it inexact: 余, 近, 超, 约, 以上."""
    indicator: str | None = None
    """The name of the reviewed indicator that it belongs to."""
    passage: str = ""
    """The passage's id, as set by `Report.statistics`; empty in the passage itself."""
    start: int
    end: int
    """The number with its unit, as printed: 3000人次 in "近3000人次", 20000余册."""
    sentence: tuple[int, int]
    """The sentence that is the evidence."""

    @property
    def number(self) -> Decimal | None:
        """The value as a number; None for a ratio."""
        return None if self.unit == RATIO else Decimal(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """A figure that reports give year after year."""

    name: str
    unit: str
    """The unit of its values, see `Statistic.unit`."""
    about: str = ""
    """What it counts and what it does not, for people; with the standard it follows, if any."""
    note: str = ""
    """The same in Chinese, without the standard."""
    source: str | None = None
    """The standard or rule that defines or requires it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """A rule or a document that a passage names."""

    name: str | None
    """The name without 《》 and a leading 中华人民共和国, with uniform brackets and dashes; None if only a number is given."""
    number: str | None
    """The number with uniform brackets and without spaces: 国发〔2021〕3号, 国务院令第713号; None if only a name is given."""
    kind: str
    """One of `indexer.facts.instruments.KINDS`."""
    passage: str = ""
    """As in `Statistic`."""
    start: int
    end: int
    """From 《 or the number's first character to the end; of both, if a number follows its name."""
    spelling: str
    """The name as printed between 《 and 》, or the number as printed."""

    @property
    def key(self) -> str:
        """The key of the instrument: its name, or else its number."""
        return self.name or self.number or ""
