"""Since when an index holds a report, when its content last changed, and the hash that identifies its content. Pure.

Times are UTC, written like 2026-11-26T08:30:00.123456Z, so that they sort as text. One run of `reindex` uses a single time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from indexer.fields import FIELDS, as_json
from indexer.model import Report, passage_id

MOST_GENERATIONS = 1_000
"""How many generations' times are kept; a mirror of an older one copies everything anew."""

_STAMPS = ("added", "changed", "sha256")


@dataclass(frozen=True, slots=True)
class Version:
    """What was known of a report when it was last published."""

    added: str
    changed: str
    sha256: str


DIGITS = 12
"""How many digits of the content's SHA-256 a version's id ends with: 48 bits, enough for the few versions of one report."""


@dataclass(frozen=True, slots=True)
class ReportVersion:
    """A report as it was held for some time."""

    report: Report
    """The whole report; the live one under its own id, an earlier one under `version_id`."""
    held_from: str | None
    """When the index began to hold this version."""
    held_until: str | None
    """When another version replaced it; None while it is held."""


def version_id(report: Report) -> str:
    """The id under which a version of a report is read, live or not: "<report>@<first digits of its SHA-256>"."""
    return f"{report.id}@{(report.sha256 or '')[:DIGITS]}"


def is_other_text(report: Report, other: Report) -> bool:
    """Whether the texts of two versions differ."""
    return [passage.text for passage in report.passages] != [passage.text for passage in other.passages]


def versions_of(live: Report | None, kept: Iterable[Report]) -> tuple[ReportVersion, ...]:
    """The versions of a report, newest first.

    Args:
        live: The version that is held; None if none is.
        kept: The versions held before; one with the content of the live version has come back and is not an earlier one.
    """
    earlier = sorted((one for one in kept if live is None or one.sha256 != live.sha256), key=lambda one: one.changed or "", reverse=True)
    found = [] if live is None else [ReportVersion(live, live.changed, None)]
    for one in earlier:
        found.append(ReportVersion(replace(one, id=version_id(one)), one.changed, found[-1].held_from if found else None))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class History:
    """The past of an index: its generations and the reports it removed."""

    generation: str | None = None
    """The name of the live generation."""
    published: str | None = None
    """When it was published; None if that was never recorded."""
    before: Mapping[str, str] = field(default_factory=dict)
    """When each earlier generation was published, by name."""
    removed: Mapping[str, str] = field(default_factory=dict)
    """When each report that is no longer held was removed, by id."""

    def as_of(self, generation: str) -> History:
        """The history as of when this generation was live; if it is unknown, as of now."""
        until = self.before.get(generation, self.published)
        removed = {id: time for id, time in self.removed.items() if until is None or time <= until}
        return History(generation, until, self.before, removed)

    def since(self, moment: str) -> tuple[str, bool] | None:
        """The time that a generation, a day or a time stands for, and whether changes at that very time count; None for anything else.

        A copy of a generation already has its changes, so they do not count; for days and times they do. Days begin at midnight UTC.
        """
        if moment == self.generation and self.published:
            return self.published, False
        if moment in self.before:
            return self.before[moment], False
        time = read_time(moment)
        return (time, True) if time else None


def content_of(report: Report) -> dict[str, Any]:
    """All that a copy of a report consists of, as plain values: what its file says, and how it was understood.

    Figures and names of rules are left out: they can be found in its text again.
    """
    known = {
        name: as_json(getattr(report, field.attribute))
        for name, field in FIELDS.items()
        if field.listed and not field.of_passages and name not in _STAMPS
    }
    sections = [
        {"place": one.anchor, "level": one.level, "number": one.number, "heading": one.heading, "text": one.text, "part": one.part}
        for one in report.sections
    ]
    passages = [
        {"id": passage_id(report.id, one.anchor), "kind": one.kind.value, "page": one.page, "ocr": one.ocr, "text": one.text}
        for one in report.passages
    ]
    return {**known, "sections": sections, "passages": passages}


def hash_of(content: Mapping[str, Any]) -> str:
    """The SHA-256 of the content's JSON in UTF-8: keys in code point order, no spaces, minimal escaping."""
    return hashlib.sha256(msgspec.json.encode(content, order="sorted")).hexdigest()


def stamped(report: Report, before: Version | None, now: str) -> Report:
    """The report with its times and hash.

    Args:
        report: The report with its passages.
        before: What was known of it; None if it is new.
        now: The time of this run.
    """
    sha256 = hash_of(content_of(report))
    if before is None:
        return replace(report, added=now, changed=now, sha256=sha256)
    return replace(report, added=before.added, changed=before.changed if before.sha256 == sha256 else now, sha256=sha256)


def version_of(report: Report) -> Version | None:
    """What to remember of a report; None if it was never stamped."""
    return Version(report.added, report.changed, report.sha256) if report.added and report.changed and report.sha256 else None


def time_after(published: str | None) -> str:
    """The current time, but in any case later than `published`."""
    now = datetime.now(UTC)
    if published is not None and (before := datetime.fromisoformat(published)) >= now:
        now = before + timedelta(microseconds=1)
    return _written(now)


def read_time(text: str) -> str | None:
    """The start of a day (2026-11-26) or a time with zone (2026-11-26T08:30:00Z) in the format used here; None for anything else."""
    try:
        if len(text) == len("2026-11-26"):
            return _written(datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC))
        time = datetime.fromisoformat(text)
        return _written(time.astimezone(UTC)) if time.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _written(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond:06}Z"
