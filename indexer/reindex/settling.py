"""Settles what depends on other files: the place of a report whose text leaves several possible, and comparisons with last year's report.

Such reports wait until every file is read, so that the order of reading does not matter; all others are written at once.
"""

from __future__ import annotations

from dataclasses import replace

from indexer.catalogue import Catalogue
from indexer.corrections import checked
from indexer.engines.boundary import Writer
from indexer.last_year import Figure, beside_last_year, claims_of, digest_of, figures_of
from indexer.model import Report, ReportType
from indexer.placing import placed, placed_among
from indexer.reindex.summary import ReadReport, Summary
from indexer.sources import OPEN as PLACE_OPEN
from indexer.sources import Sources, unit_mark
from indexer.spools import Spools
from indexer.versions import stamped


class Settling:
    """Writes the reports of a run.

    Args:
        writer: Receives the reports.
        catalogue: The catalogue so far.
        sources: Its files; they are changed.
        summary: What the run did; it is changed.
        now: The time of the run.
        spools: Hold waiting reports and figures.
    """

    def __init__(self, writer: Writer, catalogue: Catalogue, sources: Sources, summary: Summary, now: str, spools: Spools) -> None:
        self._writer, self._catalogue, self._sources, self._summary, self._now = writer, catalogue, sources, summary, now
        self._recorded = writer.catalogue
        self._waiting, self._comparing, self._figures = spools.waiting, spools.comparing, spools.figures
        self._late: dict[str, ReadReport] = {}
        """The reports that were finished at the end of the run, by id."""

    def wait(self, key: str, report: Report) -> None:
        """Spool a report whose place depends on files that may not be read yet."""
        self._waiting.add(key, report)

    def settle(self) -> None:
        """Write the waiting reports, and older reports that this run changed."""
        self._place()
        self._compare()
        for noted in (self._summary.added, self._summary.changed):
            noted[:] = [self._late.get(each.report.id, each) for each in noted]

    def _place(self) -> None:
        """Place the undecided reports, from this run or an earlier one, by what the other files of their folders state now."""
        sources = self._sources
        undecided = {key: sources[key] for key in sources.marked(PLACE_OPEN)}
        if not undecided or (self._catalogue == self._recorded and not self._waiting):
            return
        found = placed_among((+sources.places()).keys(), {key: source.open for key, source in undecided.items()})
        for key, source in undecided.items():
            place = found.get(key)
            # A file that can no longer be read keeps its last good version.
            if source.stale is None and (key in self._waiting or place != source.placed):
                report = self._waiting.get(key) or self._writer.report(source.report)
                if report is not None:
                    sources[key] = replace(source, placed=place)
                    self._note(key, self.put(key, checked(placed(report, place), source.checked)))

    def put(self, key: str, report: Report) -> Report:
        """Write the report of a file in the catalogue; if it has statements about last year, at the end of the run."""
        known = report.unit is not None and report.year is not None and report.type is ReportType.REPORT
        figures = figures_of(report) if known else []
        source = replace(
            self._sources[key],
            unit=report.unit.id if known and report.unit else None,
            year=report.year if known else None,
            figures=digest_of(figures) if figures else None,
            compares=known and bool(claims_of(report)),
            against=None,
        )
        self._sources[key] = source
        self._figures.add(key, figures)
        if not source.compares:
            return self._write(key, report)
        self._comparing.add(key, report)
        return report

    def _compare(self) -> None:
        """Compare reports with those on the year before as they are now, whether read in this run or earlier.

        A unit's reports on a year are compared again if one of them changed, or one on the year before.
        """
        sources = self._sources
        for key in self._to_compare():
            source = sources[key]
            if not source.compares or not source.unit or not source.year:
                continue
            last_year = sorted(key for key in sources.marked(unit_mark(source.unit, source.year - 1)) if sources[key].figures)
            against = " ".join(sources[other].figures or "" for other in last_year) or None
            if key in self._comparing or against != source.against:
                report = self._comparing.get(key) or self._writer.report(source.report)
                if report is not None:
                    sources[key] = replace(source, against=against)
                    figures = [figure for other in last_year for figure in self._figures_of(other)]
                    self._note(key, self._write(key, checked(beside_last_year(report, figures), source.checked)))

    def _to_compare(self) -> list[str]:
        """The files whose reports may have to be compared with other reports or figures than before."""
        before = self._recorded.sources if self._recorded else {}
        units: dict[tuple[str, int], None] = {}
        for key in self.differing():
            for source in (before.get(key), self._sources.get(key)):
                if source is not None and source.unit and source.year:
                    units |= {(source.unit, source.year): None, (source.unit, source.year + 1): None}
        return [key for unit, year in units for key in self._sources.marked(unit_mark(unit, year))]

    def differing(self) -> list[str]:
        """The keys of all files whose catalogue entries differ from those before the run."""
        before = self._recorded.sources if self._recorded else {}
        return self._sources.differing(Sources.of(before))

    def _figures_of(self, key: str) -> list[Figure]:
        figures = self._figures.get(key)
        if figures is None:
            report = self._writer.report(self._sources[key].report)
            figures = figures_of(report) if report else []
        return figures

    def _write(self, key: str, report: Report) -> Report:
        """Write a report now; returns it with its times and hash."""
        before = self._recorded.sources.get(key) if self._recorded else None
        report = stamped(report, before.version if before else None, self._now)
        self._writer.put(report)
        source = self._sources[key]
        self._sources[key] = replace(source, added=report.added, changed=report.changed, content=report.sha256)
        return report

    def _note(self, key: str, report: Report) -> None:
        """Record what became of a report at the end of the run, whether it was read in this run or earlier."""
        read = self._late[report.id] = ReadReport.of(report)
        if key in self._summary.unchanged:
            self._summary.unchanged.discard(key)
            self._summary.changed.append(read)
