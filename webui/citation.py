"""A report's citation after GB/T 7714-2015, for an electronic bulletin: [R/OL] with the dates of publication and of access."""

from __future__ import annotations

from datetime import date

from indexer import Report


def cite(report: Report, today: date, url: str) -> str:
    """Who, what, when and where, ready to paste; what is not known is left out.

    Where it came from goes before `url`, which is where it is read here.
    """
    who = f"{report.issuer}. " if report.issuer else ""
    published = f"({report.published})" if report.published else ""
    return f"{who}{report.title}[R/OL]. {published}[{today.isoformat()}]. {report.source_url or url}."
