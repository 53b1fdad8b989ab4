"""A report's citation after GB/T 7714-2015, for an electronic bulletin: [R/OL] with the dates of publication and of access."""

from __future__ import annotations

from datetime import date

from indexer import Report
from indexer import gettext as _


def cited_page(page: int | None, ocr: bool = False) -> str:
    """What a citation says of the page that a passage begins on, and of how it was read: 第3页; empty where there is nothing to say."""
    return (_("第%(page)s页", page=page) if page is not None else "") + (_("（由扫描件识别，文字可能有误）") if ocr else "")


def cite(report: Report, today: date, url: str, page: str = "") -> str:
    """Who, what, on which page, when and where, ready to paste; what is not known is left out.

    Where it came from goes before `url`, which is where it is read here. The page stands where the standard has it (8.8), before the
    date of publication.
    """
    who = f"{report.issuer}. " if report.issuer else ""
    published = f"({report.published})" if report.published else ""
    return f"{who}{report.title}[R/OL]. {page}{published}[{today.isoformat()}]. {report.source_url or url}."
