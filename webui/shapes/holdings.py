"""Whose reports are held, and which are missing."""

from __future__ import annotations

from typing import Annotated, NotRequired, TypedDict

from indexer import Level, Mode, State
from webui.shapes.common import IndexInfo, ListLinks, Pages, Region, Typed, UnitName


class HeldReport(TypedDict):
    """A report that is held."""

    id: str
    title: str


class HeldYear(TypedDict):
    """The state of a unit's annual report on a year."""

    year: int
    state: Annotated[State, "missing: due but not held, from the first held year on; ended: the place or organ no longer existed."]
    count: Annotated[int, "Reports of any type; only annual reports count as held."]
    reports: NotRequired[Annotated[list[HeldReport] | None, "Not in files; null if the unit has more than 200 reports, or is null."]]


class UnitHoldings(TypedDict):
    """A unit and its years."""

    unit: Annotated[UnitName | None, "null: reports of an unknown unit; for these nothing is missing."]
    level: Level | None
    region: Annotated[str | None, "Code of its place."]
    years: Annotated[list[HeldYear], "Newest first."]
    others: Annotated[int, "Reports of an unknown year, or of a year not listed here."]


class YearHoldings(TypedDict):
    """A year over all units."""

    year: int
    due: bool
    held: int
    missing: int


class HoldingsTotal(TypedDict):
    """Totals over all units, not only those of this page."""

    units: int
    reports: Annotated[int, "Reports of any type."]
    held: Annotated[int, "Unit-years with an annual report."]
    missing: Annotated[int, "Unit-years in which a report is due but missing."]
    doubtful: Annotated[int, "Reports that should be checked."]


class HoldingsQuery(TypedDict):
    """The filters of the list, as they were given."""

    q: str
    mode: Mode
    filters: Annotated[dict[str, list[str | int | None] | int], "Values by the name of the filter."]
    expected: NotRequired[str]
    state: NotRequired[State]


class Corpus(Pages):
    """The years for which each unit's report is held, due or missing."""

    query: HoldingsQuery
    date: Annotated[str, "The date as of which reports count as due."]
    years: Annotated[list[YearHoldings], "Newest first."]
    total: HoldingsTotal
    index: IndexInfo
    units: list[UnitHoldings]
    links: ListLinks


class UnitYear(TypedDict):
    """The state of a unit's annual report on a year."""

    year: int
    state: Annotated[
        State,
        "before: before the first held year; missing: due, not held; not_due: the next 1 April is not past; ended: no longer in existence.",
    ]
    reports: Annotated[list[HeldReport], "Its annual reports."]


class Unit(TypedDict):
    """A unit, and what is held of it."""

    id: Annotated[str, "Six digits: a government; nine: a town; 210921-司法局: a department; x- and a hash: a unit of unknown place."]
    name: str
    short: Annotated[str, "Its short name, for where its place is clear."]
    aliases: Annotated[list[str], "Other names used in its reports, and names that its place has had."]
    region: Annotated[Region | None, "Its place."]
    level: Level | None
    reports: Annotated[int, "Reports of any type and year."]
    years: Annotated[list[UnitYear], "The years of the corpus, ascending."]
    others: Annotated[list[HeldReport], "Plans, news and reports on an unknown year."]
    predecessors: Annotated[list[UnitName], "Governments of places that became part of its own, and departments that a reform ended."]
    successors: list[UnitName]
    url: Annotated[str, "Path of its page on this server."]


class Units(Pages):
    """Units, by place, by name or those of most reports first."""

    query: Typed
    total: int
    units: list[Unit]
    links: ListLinks
