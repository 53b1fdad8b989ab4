"""What reports state: instruments, figures, indicators."""

from __future__ import annotations

from typing import Annotated, NotRequired, TypedDict

from webui.shapes.common import Address, ListLinks, Pages, PassageId, Typed, UnitName, Year
from webui.shapes.reports import ReportName


class InstrumentYear(TypedDict):
    """How many reports about a year name an instrument."""

    year: Year
    reports: int


class Instrument(TypedDict):
    """A rule or a document that reports name."""

    name: Annotated[str | None, "null if only its number is known."]
    number: Annotated[str | None, "With the year in brackets like 〔2022〕; null if unknown."]
    kind: Annotated[str, "Judged by its name: law, regulation, rule, normative, plan or other."]
    aliases: Annotated[list[str], "Other printed forms, most frequent first."]
    first: Annotated[int | None, "The first reported year whose reports name it."]
    reports: int
    passages: int
    years: Annotated[list[InstrumentYear], "Ascending; unknown last."]
    slip_of: Annotated[str | None, "The name, found in many more reports, of which this one may be a misspelling."]
    replaced_by: Annotated[str | None, "The rule that ended it, or its latest edition that three reports name."]
    url: Annotated[str, "Web page with the passages that name it."]


class Instruments(Pages):
    """Rules and documents, those of most reports first."""

    query: Typed
    total: int
    instruments: list[Instrument]
    links: ListLinks


class Statistic(TypedDict):
    """A figure with its evidence."""

    label: Annotated[str, "What is counted."]
    value: Annotated[str, "A decimal with 万 and 亿 expanded and - for a decrease; the first value of a range."]
    to: Annotated[str | None, "The last value of a range."]
    unit: Annotated[str, "Its unit of measure: 件, 人次, %, 元; 比 for 3:1."]
    unit_english: Annotated[str, "The same in English, plural: cases, person-times, %."]
    approximate: Annotated[str | None, "The word that makes it inexact: 余, 近, 超, 约."]
    indicator: Annotated[str | None, "The reviewed indicator whose value it is."]
    passage: PassageId
    start: Annotated[int, "Offset of the number with its unit in the passage's text, in code points."]
    end: int
    sentence: Annotated[tuple[int, int], "Half-open span in code points of the passage's text."]
    text: Annotated[str, "The sentence, as printed."]
    year: Year
    report: ReportName
    reported_by: Annotated[UnitName | None, "The unit whose report it is."]
    url: Address


class StatisticYear(TypedDict):
    """The figures of a unit in its reports about a year."""

    year: Year
    statistics: list[Statistic]
    odd: Annotated[bool, "Whether the value is far from those of the other years and should be checked."]


class StatisticSeries(TypedDict):
    """The figures of one unit."""

    unit: UnitName | None
    name: str
    years: Annotated[list[StatisticYear], "Ascending; unknown last."]


class Statistics(Pages):
    """Figures, newest years first; with by=year as series, of which `pages` counts the units."""

    query: Typed
    total: Annotated[int, "Figures."]
    statistics: NotRequired[Annotated[list[Statistic], "Only without by=year."]]
    series: NotRequired[Annotated[list[StatisticSeries], "Only with by=year."]]
    links: ListLinks


class IndicatorYear(TypedDict):
    """How many reports about a year give an indicator."""

    year: Year
    reports: int


class Indicator(TypedDict):
    """A reviewed indicator, and who gives it."""

    name: str
    unit: Annotated[str, "Unit of measure of its values."]
    unit_english: Annotated[str, "The same in English, plural."]
    about: Annotated[str, "What it counts and does not count, with the standard that it follows."]
    reports: int
    passages: int
    years: list[IndicatorYear]


class Indicators(TypedDict):
    """The reviewed list."""

    total: int
    indicators: list[Indicator]
