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
    state: Annotated[State, "missing: due, and not held from the first held year on; ended: place or organ was no more."]
    count: Annotated[int, "Reports of any type; annual reports alone count as held."]
    reports: NotRequired[
        Annotated[list[HeldReport] | None, "Not in files; null where there are more than 200 of the unit, or the unit is null."]
    ]


class UnitHoldings(TypedDict):
    """A unit and its years."""

    unit: Annotated[UnitName | None, "null: reports of which nobody knows whose they are; of them nothing is missing."]
    level: Level | None
    region: Annotated[str | None, "Code of its place."]
    years: Annotated[list[HeldYear], "Newest first."]
    others: Annotated[int, "Reports of an unknown year, or of one that is not among these."]


class YearHoldings(TypedDict):
    """A year over all units."""

    year: int
    due: bool
    held: int
    missing: int


class HoldingsTotal(TypedDict):
    """Totals over all units, not only those of this page."""

    units: int
    reports: Annotated[int, "Of any type."]
    held: Annotated[int, "Years of units with an annual report."]
    missing: Annotated[int, "Years of units without one that is due."]
    doubtful: Annotated[int, "Reports that somebody should look at."]


class HoldingsQuery(TypedDict):
    """The filters of the list, as they were given."""

    q: str
    mode: Mode
    filters: Annotated[dict[str, list[str | int | None] | int], "By name."]
    expected: NotRequired[str]
    state: NotRequired[State]


class Corpus(Pages):
    """The years for which each unit's report is held, due or missing."""

    query: HoldingsQuery
    date: Annotated[str, "As of which something is due."]
    years: Annotated[list[YearHoldings], "Newest first."]
    total: HoldingsTotal
    index: IndexInfo
    units: list[UnitHoldings]
    links: ListLinks


class UnitYear(TypedDict):
    """The state of a unit's annual report on a year."""

    year: int
    state: Annotated[
        State, "before: before the first one held; missing: due, and not held; not_due: 1 April after it is not past; ended: no more there."
    ]
    reports: Annotated[list[HeldReport], "Its annual reports."]


class Unit(TypedDict):
    """A unit, and what is held of it."""

    id: Annotated[str, "Six digits: a government; nine: a town; 210921-司法局: a department; x- and a hash: of no known place."]
    name: str
    short: Annotated[str, "What it is called where its place is clear."]
    aliases: Annotated[list[str], "What its reports call it, and names that its place went by."]
    region: Annotated[Region | None, "Its place."]
    level: Level | None
    reports: Annotated[int, "Of any type and year."]
    years: Annotated[list[UnitYear], "Those of the corpus, rising."]
    others: Annotated[list[HeldReport], "Plans, news and reports on an unknown year."]
    predecessors: Annotated[list[UnitName], "Places that went to its own, departments that a reform ended."]
    successors: list[UnitName]
    url: Annotated[str, "Path of its page on this server."]


class Units(Pages):
    """Units, by place, by name or those of most reports first."""

    query: Typed
    total: int
    units: list[Unit]
    links: ListLinks
