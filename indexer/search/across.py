"""Queries across years and places: how many reports of each year or place mention them, and which unit in which year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from indexer.batch import Batch, BatchBy, columns_for, rows_of, years_between
from indexer.declared import Value
from indexer.engines.boundary import EVERYTHING, Engine, Plan
from indexer.errors import InvalidRequest
from indexer.matrix import Matrix, MatrixSort, matrix
from indexer.prepared import PreparedQuery
from indexer.problems import Problem
from indexer.results import YearShare
from indexer.search.plans import ANNUAL
from indexer.units import Unit

_CELL = ("unit", "year")


def year_shares(engine: Engine, read: PreparedQuery) -> list[YearShare]:
    """For each reported year, how many reports mention the query and how many are held; see `Index.years`."""
    if read.query.tree is None:
        raise InvalidRequest(Problem("q", "years-without-query"))
    allowed = [condition for condition in read.conditions if condition.facet != "year"]
    found = engine.years(Plan.of(read.request, read.query, allowed))
    known = [year for year in found if year is not None]
    years: list[int | None] = [*range(min(known), max(known) + 1)] if known else []
    return [YearShare(year, *found.get(year, (0, 0))) for year in [*years, *([None] if None in found else [])]]


def whole_matrix(engine: Engine, read: PreparedQuery, units: Mapping[str, Unit], sort: MatrixSort, mention: bool | None) -> Matrix:
    """Which of these units (by id) mention the query in which year; see `Index.matrix`."""
    if read.query.tree is None:
        raise InvalidRequest(Problem("q", "matrix-without-query"))
    conditions = [*read.conditions, *([] if read.request.values("type") else [ANNUAL])]
    of_reports = [condition for condition in conditions if not condition.field.of_passages]
    held = engine.tally(replace(EVERYTHING, conditions=of_reports), _CELL)
    matching = engine.tally(Plan.of(read.request, read.query, conditions), _CELL, passages=True)
    years = [condition for condition in of_reports if condition.facet == "year"]
    return matrix(held, matching, units, lambda year: all(one.accepts(year) for one in years), sort, mention)


def batch(engine: Engine, terms: Sequence[PreparedQuery], by: BatchBy) -> Batch:
    """Terms by years or places; at least one term, all read with the same filters. See `Index.batch`."""
    conditions = terms[0].conditions
    of_reports = [condition for condition in conditions if not condition.field.of_passages]
    of_places = [condition for condition in of_reports if condition.facet == "region"]
    of_years = [condition for condition in of_reports if condition.facet == "year"]
    places = {value for condition in of_places for value in condition.values}
    # Shared by all terms, which have most of their places and years in common.
    column = columns_for(places)

    def counted(plan: Plan) -> Mapping[Value, int]:
        if by is BatchBy.YEAR:
            return {year: count for (year,), count in engine.tally(plan, ("year",)).items()}
        found: Counter[Value] = Counter()
        for (code, year), count in engine.tally(plan, ("region", "year")).items():
            found[column(code, year)] += count
        return found

    held = counted(replace(EVERYTHING, conditions=of_reports))
    if by is BatchBy.YEAR:
        columns, own = years_between(held, lambda year: all(one.accepts(year) for one in of_years)), frozenset[Value]()
    else:
        # A place whose reports are all excluded by the other filters is still listed, with none held.
        known = counted(replace(EVERYTHING, conditions=of_places))
        columns, own = tuple(sorted(known, key=lambda code: (code is None, str(code)))), frozenset(places.intersection(known) - {None})
    rows = rows_of(((one.request.query, counted(Plan.of(one.request, one.query, conditions))) for one in terms), columns, held)
    return Batch(terms[0].request.changed(query=""), by, columns, own, rows, engine.stats)
