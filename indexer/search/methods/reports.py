"""Whole reports: lists of them, their versions, comparisons of two, and what somebody should look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from indexer.comparison import Comparison, check_length, compare
from indexer.declared import Value
from indexer.doubts import doubt_page, each_doubt
from indexer.errors import InvalidRequest, NotFound
from indexer.model import Passage, Report, ReportType, report_and_anchor
from indexer.prepared import PreparedQuery, Wanted
from indexer.problems import Problem
from indexer.promises import Promises, promises
from indexer.request import SearchRequest
from indexer.results import Doubt, DoubtPage, ListedReport, ReportPage
from indexer.search.methods.opened import OpenIndex
from indexer.search.news import changed_reports, latest_reports
from indexer.search.plans import plan_of
from indexer.versions import ReportVersion, version_id, versions_of


class ReportMethods(OpenIndex):
    """The methods of `Index` about reports."""

    def report(self, id: str) -> Report:
        """A whole report; "<id>@<digits>" is its version whose SHA-256 begins with these digits, see `versions`.

        Raises:
            NotFound: No report has this id, or it had no such version.
        """
        try:
            return self._engine.report(id)
        except NotFound:
            own, _, digits = id.partition("@")
            if digits:
                for version in self.versions(own):
                    if id in (version.report.id, version_id(version.report)):
                        return version.report
            raise

    def versions(self, report: str | Report) -> tuple[ReportVersion, ...]:
        """All versions of a report that are or were held, newest first.

        `reindex` keeps the previous report when a file is replaced by one with another text. Search and all counts see only the live one.

        Args:
            report: A report's id, a version of it, or a version's id.
        """
        own = (report if isinstance(report, str) else report.id).partition("@")[0]
        live = report if isinstance(report, Report) and report.id == own else None
        with suppress(NotFound):
            live = live or self._engine.report(own)
        return versions_of(live, self._engine.earlier(own))

    def passage(self, id: str) -> tuple[Report, Passage]:
        """A passage by its id, "<report>~<anchor>", with its whole report; taken from an earlier version if the newest lacks it.

        Raises:
            NotFound: No passage has or had this id.
        """
        report, _ = report_and_anchor(id)
        try:
            return _passage_in(self.report(report), id)
        except NotFound:
            for version in self.versions(report):
                with suppress(NotFound):
                    return _passage_in(version.report, id)
            raise

    def list_reports(self, wanted: Wanted, *, mention: bool | None = None) -> ReportPage:
        """Reports with matching passages, and how many; with `mention` False, the reports that pass the filters and have none.

        Without query and filter it lists all. By relevance, the reports with the most matching passages come first.

        Raises:
            InvalidQuery: The query is malformed or too long.
            InvalidRequest: A value is impossible, or `mention` is given without a query.
        """
        read = self._read_listing(wanted, mention)
        total, listed = self._engine.list_reports(plan_of(read), mention)
        return ReportPage(read.request, read.parsed, listed, total, self.stats)

    def listed(self, wanted: Wanted, *, mention: bool | None = None) -> Iterator[ListedReport]:
        """Every report of `list_reports` in its order, one at a time, whatever the request's page; raises as `list_reports`, at once."""
        return self._engine.each_listed(plan_of(self._read_listing(wanted, mention)), mention)

    def _read_listing(self, wanted: Wanted, mention: bool | None) -> PreparedQuery:
        read = self.read(wanted)
        if mention is not None and read.query.tree is None:
            raise InvalidRequest(Problem("mention", "mention-without-query"))
        return read

    def reports(self, wanted: Wanted) -> Iterator[Report]:
        """Every report of `list_reports` in its order, one at a time, without passages, whatever the request's page.

        Raises:
            InvalidQuery: The query is malformed or too long; raised at once.
        """
        return self._engine.reports(plan_of(self.read(wanted)))

    def tally(self, wanted: Wanted, fields: Sequence[str]) -> dict[tuple[Value, ...], int]:
        """How many reports with matching passages have each combination of values of these fields; no report is read.

        Args:
            wanted: The request; without query and filter all reports count.
            fields: Names of filters on reports; if a report has several values, the most specific one counts.

        Raises:
            InvalidQuery: The query is malformed or too long.
        """
        return self._engine.tally(plan_of(self.read(wanted)), fields)

    def latest(self, wanted: Wanted, most: int = 100) -> list[Report]:
        """The reports that were added or changed last, latest first; without passages, at most `most`.

        Raises:
            As `list_reports`.
        """
        return latest_reports(self._engine, plan_of(self.read(wanted)), most)

    def changed(self, wanted: Wanted, counts: Callable[[str], bool]) -> Iterator[Report]:
        """Whole reports whose last change is at a time that `counts` accepts (see `indexer.versions`), ordered by that time.

        Raises:
            As `list_reports`, at once.
        """
        return changed_reports(self._engine, plan_of(self.read(wanted)), counts)

    def doubts(self, wanted: Wanted) -> DoubtPage:
        """What somebody should look at: the remarks of each code on each report that passes the filters; the query is ignored.

        Raises:
            InvalidRequest: A value is impossible.
        """
        page = doubt_page(self._engine, self.read(wanted))
        return replace(page, facets={name: self._named(name, counts) for name, counts in page.facets.items()})

    def each_doubt(self, wanted: Wanted) -> Iterator[Doubt]:
        """Every doubt of `doubts` in its order, one at a time, whatever the request's page; raises as `doubts`, at once."""
        return each_doubt(self._engine, self.read(wanted))

    def compare(self, left: str, right: str) -> Comparison:
        """The paragraphs of two reports (given by id) aligned, with their differences; the earlier report belongs on the left.

        Raises:
            NotFound: No report has one of these ids.
            InvalidRequest: One of the reports has more than 60,000 code points.
        """
        return compare(self.report(left), self.report(right))

    def promises(self, report: str) -> Promises:
        """Each item of a report's plans with the sentences of its unit's report on the next year that take it up.

        Raises:
            NotFound: No report has this id.
            InvalidRequest: It or the next one has more than 60,000 code points.
        """
        held = self.report(report)
        following = self._next(held)
        for one in (held, following):
            if one:
                check_length(one, "report")
        return promises(held, following)

    def _next(self, report: Report) -> Report | None:
        """The annual report of the same unit on the following year."""
        if report.unit is None or report.year is None:
            return None
        return self._annual(report.unit.id, report.year + 1)

    def _annual(self, unit: str, year: int) -> Report | None:
        """The annual report of a unit on a year, with its passages."""
        wanted = SearchRequest.of(units=[unit], years=[year], types=[ReportType.REPORT], per_page=1)
        listed = self.list_reports(wanted).reports
        return self.report(listed[0].report.id) if listed else None


def _passage_in(report: Report, id: str) -> tuple[Report, Passage]:
    _, anchor = report_and_anchor(id)
    for passage in report.passages:
        if passage.anchor == anchor:
            return report, passage
    raise NotFound(id)
