"""The versions of a report: the earlier ones, the newest one, and other files with the same title."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, url_for

from indexer import Report, ReportVersion, SearchRequest, fold
from webui import shapes
from webui.live import current_index

bp = Blueprint("versions", __name__)


@dataclass(frozen=True, slots=True)
class Versions:
    """A report among its versions."""

    own: ReportVersion
    newest: ReportVersion | None
    """The version that is held now; None if it is this one, or none is held."""
    earlier: tuple[ReportVersion, ...]
    """The versions before this one, newest first."""


@bp.app_template_global()
def versions_beside(report: Report) -> Versions:
    """A report among its versions."""
    found = current_index().versions(report)
    at = next(number for number, version in enumerate(found) if version.report.id == report.id)
    return Versions(found[at], found[0] if at and found[0].held_until is None else None, found[at + 1 :])


@bp.app_template_global()
def namesakes(report: Report) -> list[Report]:
    """Other reports of the same unit, year and title with another text. All are held and counted: no file says that it replaces another."""
    if report.unit is None or report.year is None or "@" in report.id:
        return []
    wanted = SearchRequest.of(units=[report.unit.id], years=[report.year], per_page=100)
    listed = (one.report for one in current_index().list_reports(wanted).reports)
    return [one for one in listed if one.id != report.id and fold(one.title) == fold(report.title) and one.sha256 != report.sha256]


def in_json(report: Report) -> tuple[str | None, list[shapes.EarlierVersion]]:
    """The id of the version that is held now, None if it is this one or none is held, and the versions before this one."""
    beside = versions_beside(report)
    earlier: list[shapes.EarlierVersion] = [
        {
            "id": one.report.id,
            "held_from": one.held_from,
            "held_until": one.held_until,
            "url": url_for("pages.report", id=one.report.id),
        }
        for one in beside.earlier
    ]
    return beside.newest.report.id if beside.newest else None, earlier
