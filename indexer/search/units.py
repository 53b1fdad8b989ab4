"""The units of an open index: which have reports, and which reports of each are held, year by year."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property

from indexer.directory import Directory, ListedUnit, UnitRecord, UnitSort
from indexer.engines.boundary import EVERYTHING, Engine
from indexer.errors import NotFound
from indexer.facets import Condition
from indexer.holdings import expected_years, years_covered
from indexer.model import Report
from indexer.places import governments
from indexer.request import SearchRequest, Sort
from indexer.search.plans import ANNUAL
from indexer.units import Unit, unit_of_id


class HeldUnits:
    """The units of one generation of an index; counted on first use."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(
        self, query: str, request: SearchRequest, conditions: Collection[Condition], sort: UnitSort, *, expected: bool
    ) -> tuple[list[UnitRecord], int]:
        """The request's page of the units that match the query and the filters, and how many match."""
        wanted = {condition.facet: condition.values for condition in conditions}
        also = filter(None, map(unit_of_id, self._expected_years)) if expected else ()
        found = self._directory.find(query, regions=wanted.get("region", ()), levels=wanted.get("level", ()), sort=sort, also=also)
        return self._records(request.page_of(found), expected=expected), len(found)

    def record(self, id: str, *, expected: bool) -> UnitRecord:
        """A unit with its reports.

        Raises:
            NotFound: No unit has this id.
        """
        listed = self._directory.unit(id)
        if listed is None:
            raise NotFound(id)
        return self._records([listed], expected=expected)[0]

    def named(self, ids: Collection[str]) -> dict[str, Unit]:
        """The units with these ids, by id, as far as they have reports or are known from a table."""
        known = {id: unit for id in ids if (unit := unit_of_id(id)) is not None}
        unnamed = [id for id in ids if id not in known]
        held = self._engine.examples("unit", unnamed) if unnamed else {}
        return known | {str(id): report.unit for id, report in held.items() if report.unit is not None}

    @property
    def by_id(self) -> dict[str, Unit]:
        """All units that have reports."""
        return {id: listed.unit for id, listed in self._directory.units.items()}

    @property
    def years_covered(self) -> range:
        """The years from the first of which an annual report is held to the last that is due or held."""
        return years_covered(self._held_years, date.today())

    @cached_property
    def _held_years(self) -> list[int]:
        annual = replace(EVERYTHING, conditions=[ANNUAL])
        return [year for (year,) in self._engine.tally(annual, ("year",)) if isinstance(year, int)]

    @property
    def _expected_years(self) -> dict[str, frozenset[int]]:
        """The covered years in which each government of the table of places existed, by its code."""
        return expected_years(self.years_covered, governments)

    def names_of(self, id: str) -> tuple[str, ...]:
        """The other names of the unit with this id; empty if neither a table nor a report has any."""
        listed = self._directory.unit(id)
        return listed.aliases if listed else ()

    @cached_property
    def _directory(self) -> Directory:
        counts = self._engine.tally(EVERYTHING, ("unit", "issuer"))
        return Directory(counts, self.named({str(id) for id, _ in counts if id is not None}))

    def _records(self, listed: Sequence[ListedUnit], *, expected: bool) -> list[UnitRecord]:
        """These units with their reports."""
        ids = frozenset(one.unit.id for one in listed if one.reports)
        of_each: dict[str, list[Report]] = {one.unit.id: [] for one in listed}
        if ids:
            for report in self._engine.reports(replace(EVERYTHING, conditions=[Condition("unit", ids)], sort=Sort.NEWEST)):
                of_each[report.unit.id if report.unit else ""].append(report)
        table = self._expected_years if expected else {}
        years, today = self.years_covered, date.today()
        return [
            self._directory.record(one, of_each[one.unit.id], years, today, expected=table.get(one.unit.id, frozenset())) for one in listed
        ]
