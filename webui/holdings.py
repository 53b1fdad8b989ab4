"""What is held and what is not: issuers by years. Open it to see what counts as 未收录, and as 待核对."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from indexer import Report, ReportType


@dataclass(frozen=True, slots=True)
class Row:
    """One issuer's reports by reported year, None for unknown."""

    issuer: str | None
    held: dict[int | None, list[Report]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Holdings:
    """A table of issuers by years, with its sums."""

    rows: list[Row]
    """By region code, unknown last, then by name; reports without an issuer are the last row."""
    years: range
    """From the first reported year to the last."""
    reports: int
    undated: int
    """Reports whose year is unknown."""
    missing: int
    """Cells of the table without an annual report; a plan or a piece of news is none."""
    doubtful: int
    """Reports that somebody should look at."""
    with_prose_left_out: int
    """Reports whose file holds sentences that are no part of the text."""


def holdings(reports: Sequence[Report]) -> Holdings:
    """The table of these reports."""
    rows: dict[str | None, Row] = {}
    places: dict[str | None, str] = {}
    for report in reports:
        rows.setdefault(report.issuer, Row(report.issuer)).held.setdefault(report.year, []).append(report)
        if report.region is not None:
            places.setdefault(report.issuer, report.region.code)
    known = [report.year for report in reports if report.year is not None]
    years = range(min(known), max(known) + 1) if known else range(0)
    return Holdings(
        rows=sorted(rows.values(), key=lambda row: (row.issuer is None, places.get(row.issuer, "~"), row.issuer or "")),
        years=years,
        reports=len(reports),
        undated=len(reports) - len(known),
        missing=sum(is_missing(row, year) for row in rows.values() for year in years),
        doubtful=sum(is_doubtful(report) for report in reports),
        with_prose_left_out=sum(any(piece.is_prose for piece in report.left_out) for report in reports),
    )


def is_missing(row: Row, year: int) -> bool:
    """Whether an issuer's annual report of this year is not held; of unknown issuers nothing is missing."""
    return row.issuer is not None and not any(report.type is ReportType.REPORT for report in row.held.get(year, ()))


def is_doubtful(report: Report) -> bool:
    """Whether somebody should look at it: something was guessed or is odd, or its file could not be read again."""
    return bool(report.stale or any(remark.look for remark in report.remarks))


def stands_in(report: Report, region: str | None) -> bool:
    """Whether a report is of this place (a code) or one below it; None: of no known place."""
    return region is None if report.region is None else region in report.region.codes


def regions_below(reports: Iterable[Report], above: str | None) -> list[tuple[str, str, int]]:
    """Code, name and number of reports of each place right below this one (a code; None: the provinces) that has reports."""
    found: Counter[tuple[str, str]] = Counter()
    for report in reports:
        if report.region is None or (above is not None and above not in report.region.codes):
            continue
        depth = report.region.codes.index(above) + 1 if above is not None else 0
        if depth < len(report.region.codes):
            found[report.region.codes[depth], report.region.path[depth]] += 1
    return sorted((code, name, count) for (code, name), count in found.items())
