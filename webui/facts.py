"""The facts about a report that its page shows above the text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote_plus, urlencode

from markupsafe import Markup, escape

from indexer import FIELDS, Passage, Report, ReportType, name_of
from indexer import gettext as _
from webui.links import place_path


@dataclass(frozen=True, slots=True)
class Fact:
    """A value, and where it leads."""

    text: str
    filter: dict[str, str | int] = field(default_factory=dict)
    """The filter for all reports with the same value."""
    url: str | None = None
    """An address outside this site."""


def facts(report: Report) -> Iterator[Fact]:
    """What is known of a report, field by field."""
    for known in FIELDS.values():
        if not known.shown:
            continue
        held = getattr(report, known.name)
        if str(held).startswith(("http://", "https://")):
            yield Fact(name_of("field", known.name), url=held)
        elif text := _SHOWN.get(known.name, _labelled(known.name))(report):
            value = known.values_of(report)[-1] if known.plural else None
            yield Fact(text, {known.name: value} if value is not None else {})


def period(report: Report) -> str | None:
    """The period that a report covers, if it is not one whole year: 上半年, 2021—2025 年."""
    if report.period is None:
        return None
    if report.period.endswith("-H1"):
        return _("上半年")
    if report.period.endswith("-H2"):
        return _("下半年")
    return _("%(first)s—%(last)s 年", first=report.period[:4], last=report.period[-4:])


def _labelled(name: str) -> Callable[[Report], str | None]:
    """A function that gives a field with its label, or None if the field is unknown."""

    def text(report: Report) -> str | None:
        held = getattr(report, name)
        return _("%(field)s %(value)s", field=name_of("field", name), value=name_of(name, held)) if held else None

    return text


def _year(report: Report) -> str:
    if report.year is None:
        return _("报告年度未标明")
    covered = period(report)
    return _("报告年度 %(year)s（%(period)s）", year=report.year, period=covered) if covered else _("报告年度 %(year)s", year=report.year)


def _published(report: Report) -> str:
    return Markup(_("<time>%(day)s</time> 发布", day=escape(report.published))) if report.published else _("发布日期未标明")


_SHOWN: Mapping[str, Callable[[Report], str | None]] = {
    "year": _year,
    "region": lambda report: place_path(report.region) if report.region else None,
    "issuer": lambda report: report.issuer,
    "level": lambda report: name_of("level", report.level) if report.level else None,
    "type": lambda report: name_of("type", report.type) if report.type is not ReportType.REPORT else None,
    "published": _published,
}
"""Fields that are shown otherwise than as label and value."""


def fact_links(report: Report, passage: Passage) -> list[tuple[int, int, str]]:
    """The links in a passage, each with its start, end and address; ascending, without overlap.

    Figures lead to their series, rules and documents to the passages that name them.
    """
    unit = {"unit": report.unit.id} if report.unit else {}
    if not (passage.statistics or passage.instruments):
        return []
    asked = [({"indicator": one.indicator, **unit} if one.indicator else {"label": one.label}, one) for one in passage.statistics]
    figures = ((one.start, one.end, f"/statistics?{urlencode(arguments)}") for arguments, one in asked)
    names = ((one.start, one.end, f"/?instrument={quote_plus(one.key)}") for one in passage.instruments)
    # Items are links already.
    taken = [(item.start, passage.text.index("是", item.start) + 1) for item in passage.items]
    found: list[tuple[int, int, str]] = []
    for start, end, address in sorted((*figures, *names)):
        free = not found or found[-1][1] <= start
        if free and not any(first < end and start < last for first, last in taken):
            found.append((start, end, address))
    return found
