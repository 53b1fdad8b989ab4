"""One query or several over years and places."""

from __future__ import annotations

from typing import Annotated, NotRequired, TypedDict

from indexer import BatchBy
from webui.shapes.common import IndexInfo, ListLinks, Typed, UnitName, Year


class YearShare(TypedDict):
    """How many reports about a year mention a query."""

    year: Year
    mentioning: Annotated[int, "Reports that mention it."]
    held: Annotated[int, "Reports that the filters let through; 0: none is held, which says nothing of what it would mention."]


class Years(TypedDict):
    """The years of a query, from the first to the last held; unknown last."""

    query: Typed
    types: Annotated[list[str], "Types of reports that count: annual reports alone where none is wanted."]
    years: list[YearShare]


class MatrixCell(TypedDict):
    """A unit in a year."""

    year: int
    paragraphs: Annotated[int | None, "Passages that match; 0: a report is held and none does; null: none is held, which says nothing."]


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

    units: Annotated[int, "With a report that the filters let through."]
    mentioning: int
    silent: Annotated[int, "Of whose reports none has a match."]


class Matrix(TypedDict):
    """Which units mention a query in which year."""

    query: Typed
    years: Annotated[list[int], "Rising, from the first of which a report is held to the last."]
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
    held: Annotated[int, "Reports that the filters let through; 0 says nothing of whether the term would be mentioned."]


class BatchTerm(TypedDict):
    """A term of a list."""

    term: str
    url: Annotated[str, "The reports that mention it."]
    cells: Annotated[list[BatchCell], "The same years or places for every term, unknown last."]


class Batch(TypedDict):
    """How many reports mention each of many terms."""

    by: BatchBy
    terms: Annotated[list[BatchTerm], "As they were typed."]
    index: IndexInfo


class ToBatch(TypedDict):
    """A list of terms; filters go beside it under the names of their parameters, several values as a list."""

    terms: Annotated[list[str] | str, "The terms, or a text with one on each line."]
    by: NotRequired[BatchBy]
