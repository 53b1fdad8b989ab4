"""Units: which units there are, and which of their reports are held, due and missing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from indexer.directory import UnitPage, UnitRecord, UnitSort
from indexer.holdings import TALLIED, Holdings, holdings
from indexer.places import governments
from indexer.request import Mode, SearchRequest, read_choice
from indexer.search.methods.reports import ReportMethods
from indexer.units import Unit


class UnitMethods(ReportMethods):
    """The methods of `Index` about units."""

    def units(
        self,
        query: str = "",
        *,
        regions: Collection[str | None] = (),
        levels: Collection[str | None] = (),
        sort: UnitSort | str = UnitSort.REGION,
        page: int = 1,
        per_page: int = 20,
        expected: bool = False,
    ) -> UnitPage:
        """One page of the units that have reports, each with the reports held and missing, year by year.

        Args:
            query: Words that occur in the unit's names or in those of the places it lies in.
            regions: Codes or names of places, in one of which it must lie.
            levels: The levels that it may have.
            sort: The order: "region", "name" or "-reports".
            page: From 1.
            per_page: At most 100.
            expected: Whether to list each government of the table of places and expect its report for every year in which it existed.

        Raises:
            InvalidQuery: The query is too long.
            InvalidRequest: A value is impossible.
        """
        request = SearchRequest.of(query.strip(), mode=Mode.LITERAL, regions=regions, levels=levels, page=page, per_page=per_page)
        order = read_choice("sort", sort, UnitSort)
        records, total = self._units.find(query, request, self.read(request).conditions, order, expected=expected)
        return UnitPage(records, total, request.page, request.per_page, self.years_covered)

    def unit(self, id: str, *, expected: bool = False) -> UnitRecord:
        """A unit with its reports; also a government of the table of places that has none.

        Raises:
            NotFound: No unit has this id.
        """
        return self._units.record(id, expected=expected)

    def named_units(self, ids: Collection[str]) -> dict[str, Unit]:
        """The units with these ids, by id, as far as they have reports or are known from a table."""
        return self._units.named(ids)

    @property
    def years_covered(self) -> range:
        """The years from the first of which an annual report is held to the last that is due or held."""
        return self._units.years_covered

    def holdings(self, today: date, *, expected_by_table: bool = False) -> Holdings:
        """For which years each unit's report is held, due and missing; reads no report.

        Args:
            today: The day as of which reports are due.
            expected_by_table: Whether reports are expected of every province, city and county in the table of places for a year.
        """
        return holdings(self.tally(SearchRequest(), TALLIED), today, governments if expected_by_table else None)
