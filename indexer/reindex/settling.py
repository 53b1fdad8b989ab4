"""What a report gets from other files: its place, where its own text leaves several possible, and how it agrees with last year's report.

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
from indexer.reindex.summary import Summary, Understood
from indexer.sources import OPEN as PLACE_OPEN
from indexer.sources import Sources, unit_mark
from indexer.spools import Spools
from indexer.versions import stamped


class Settling:
    """Writes the reports of a run.

    Args:
        writer: Where they go.
        catalogue: What is known by now.
        sources: The files that it has; they are changed.
        summary: What the run did; it is changed.
        now: The time of the run.
        spools: Where reports and figures wait.
    """

    def __init__(self, writer: Writer, catalogue: Catalogue, sources: Sources, summary: Summary, now: str, spools: Spools) -> None:
        self._writer, self._catalogue, self._sources, self._summary, self._now = writer, catalogue, sources, summary, now
        self._recorded = writer.catalogue
        self._waiting, self._comparing, self._figures = spools.waiting, spools.comparing, spools.figures
        self._late: dict[str, Understood] = {}
        """What was understood of reports that were finished at the end of the run, by their ids."""

    def wait(self, key: str, report: Report) -> None:
        """Take a report whose place depends on files that are perhaps yet to be read."""
        self._waiting.add(key, report)

    def settle(self) -> None:
        """Write what waited, and what of other reports has become another through this run."""
        self._place()
        self._compare()
        for noted in (self._summary.added, self._summary.changed):
            noted[:] = [self._late.get(each.report.id, each) for each in noted]

    def _place(self) -> None:
        """Place the reports whose place is undecided, read now or before, by what the other files of their folders state now."""
        sources = self._sources
        undecided = {key: sources[key] for key in sources.marked(PLACE_OPEN)}
        if not undecided or (self._catalogue == self._recorded and not self._waiting):
            return
        found = placed_among((+sources.places()).keys(), {key: source.open for key, source in undecided.items()})
        for key, source in undecided.items():
            place = found.get(key)
            # What can no longer be read stays the last good version.
            if source.stale is None and (key in self._waiting or place != source.placed):
                report = self._waiting.get(key) or self._writer.report(source.report)
                if report is not None:
                    sources[key] = replace(source, placed=place)
                    self._note(key, self.put(key, checked(placed(report, place), source.checked)))

    def put(self, key: str, report: Report) -> Report:
        """Write the report of a file that the catalogue has, at the end of the run if it says what changed since last year."""
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
        """Compare what reports say of the year before with that year's reports as they are now, read now or before.

        Those of a unit on a year are compared anew where one of them changed, or one of the year before.
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
        """The files of reports that may be compared with others, or with other figures, than before."""
        before = self._recorded.sources if self._recorded else {}
        units: dict[tuple[str, int], None] = {}
        for key in self.differing():
            for source in (before.get(key), self._sources.get(key)):
                if source is not None and source.unit and source.year:
                    units |= {(source.unit, source.year): None, (source.unit, source.year + 1): None}
        return [key for unit, year in units for key in self._sources.marked(unit_mark(unit, year))]

    def differing(self) -> list[str]:
        """The keys of all files of which the catalogue has something else than at first."""
        before = self._recorded.sources if self._recorded else {}
        return self._sources.differing(Sources.of(before))

    def _figures_of(self, key: str) -> list[Figure]:
        figures = self._figures.get(key)
        if figures is None:
            report = self._writer.report(self._sources[key].report)
            figures = figures_of(report) if report else []
        return figures

    def _write(self, key: str, report: Report) -> Report:
        """Write a report as it is; returns it with its times and hash."""
        before = self._recorded.sources.get(key) if self._recorded else None
        report = stamped(report, before.version if before else None, self._now)
        self._writer.put(report)
        source = self._sources[key]
        self._sources[key] = replace(source, added=report.added, changed=report.changed, content=report.sha256)
        return report

    def _note(self, key: str, report: Report) -> None:
        """Note what became at the end of the run of a report that was read in it or before."""
        understood = self._late[report.id] = Understood.of(report)
        if key in self._summary.unchanged:
            self._summary.unchanged.discard(key)
            self._summary.changed.append(understood)
