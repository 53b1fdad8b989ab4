"""The fields of a report that its page marks as doubtful or as corrected."""

from __future__ import annotations

from indexer import Report, name_of


def doubtful_fields(report: Report) -> tuple[str, ...]:
    """The names of the fields that somebody should look at, in the language of the page."""
    return tuple(dict.fromkeys(name_of("field", remark.about) for remark in report.remarks if remark.look))


def corrected_fields(report: Report) -> tuple[str, ...]:
    """The names of the fields that somebody corrected, in the language of the page."""
    return tuple(name_of("field", name) for name in report.corrected)
