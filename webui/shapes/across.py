"""One query or several over years and places."""

from __future__ import annotations

from typing import Annotated, NotRequired, TypedDict

from indexer import BatchBy
from webui.shapes.common import IndexInfo, ListLinks, Typed, UnitName, Year


class YearShare(TypedDict):
    """How many reports about a year mention a query."""

    year: Year
    mentioning: Annotated[int, "Reports that mention it."]
    held: Annotated[int, "Reports that pass the filters; 0: none is held, so nothing is known about the query."]


class Years(TypedDict):
    """The years of a query, from the first to the last held; unknown last."""

    query: Typed
    types: Annotated[list[str], "Types of reports that are counted: only annual reports if no type is given."]
    years: list[YearShare]


class MatrixCell(TypedDict):
    """A unit in a year."""

    year: int
    paragraphs: Annotated[
        int | None, "Passages that match; 0: a report is held but has no match; null: no report is held, so nothing is known."
    ]


class MatrixUnit(TypedDict):
    """A unit over the years."""

    unit: UnitName
    first: Annotated[int | None, "The first year with a match."]
    cells: Annotated[list[MatrixCell], "One for each of `years`."]


class MatrixSum(TypedDict):
    """One year over all units."""

    year: int
    mentioning: Annotated[int, "Units with a match."]
    held: Annotated[int, "Units with a report."]


class MatrixTotal(TypedDict):
    """How many units there are."""

    units: Annotated[int, "Units with a report that passes the filters."]
    mentioning: int
    silent: Annotated[int, "Units whose reports have no match."]


class Matrix(TypedDict):
    """Which units mention a query in which year."""

    query: Typed
    years: Annotated[list[int], "Ascending, from the first year to the last with a report."]
    units: list[MatrixUnit]
    sums: list[MatrixSum]
    total: MatrixTotal
    page: Annotated[int, "From 1."]
    per_page: Annotated[int, "Units."]
    pages: int
    links: ListLinks


class BatchCell(TypedDict):
    """A term in the reports of a year (`by=year`) or a place (`by=region`)."""

    year: NotRequired[int | None]
    region: NotRequired[Annotated[str | None, "Code of the place."]]
    reports: Annotated[int, "Reports that mention the term."]
    held: Annotated[int, "Reports that pass the filters; 0: none is held, so nothing is known about the term."]


class BatchTerm(TypedDict):
    """A term of a list."""

    term: str
    url: Annotated[str, "The reports that mention it."]
    cells: Annotated[list[BatchCell], "The same years or places for every term, unknown last."]


class Batch(TypedDict):
    """How many reports mention each of many terms."""

    by: BatchBy
    terms: Annotated[list[BatchTerm], "As typed."]
    index: IndexInfo


class ToBatch(TypedDict):
    """A list of terms; filters go beside it under the names of their parameters, several values as a list."""

    terms: Annotated[list[str] | str, "The terms, or a text with one on each line."]
    by: NotRequired[BatchBy]
