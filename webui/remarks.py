"""What the page says about how a report was read: which fields are in doubt, or set right."""

from __future__ import annotations

from indexer import Report, name_of
from indexer import gettext as _


def doubtful_fields(report: Report) -> list[str]:
    """What somebody should look at, in the words of the page."""
    return list(dict.fromkeys(name_of("field", remark.about) for remark in report.remarks if remark.look))


def corrected_fields(report: Report) -> list[str]:
    """What somebody set right, in the words of the page."""
    return [name_of("field", name) for name in report.corrected]


def period(report: Report) -> str | None:
    """What a report covers where that is not one whole year: 上半年, 2021—2025 年."""
    if report.period is None:
        return None
    if report.period.endswith("-H1"):
        return _("上半年")
    if report.period.endswith("-H2"):
        return _("下半年")
    return _("%(first)s—%(last)s 年", first=report.period[:4], last=report.period[-4:])
