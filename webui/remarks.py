"""What the page says about how a report was read: which fields are in doubt, or set right."""

from __future__ import annotations

from indexer import Report, name_of


def doubtful_fields(report: Report) -> tuple[str, ...]:
    """What somebody should look at, in the words of the page."""
    return tuple(dict.fromkeys(name_of("field", remark.about) for remark in report.remarks if remark.look))


def corrected_fields(report: Report) -> tuple[str, ...]:
    """What somebody set right, in the words of the page."""
    return tuple(name_of("field", name) for name in report.corrected)
