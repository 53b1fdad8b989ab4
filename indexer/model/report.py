"""A report with everything that is known of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from urllib.parse import urlsplit

from indexer.contents import REQUIRED, Content, Piece, found_contents, is_on_time
from indexer.declared import declared
from indexer.errors import InvalidReport
from indexer.facts import Naming, Statistic, remarks_on_figures
from indexer.levels import Level
from indexer.model.layout import lay_out, nest_by_path
from indexer.model.origin import LeftOut, Ocr
from indexer.model.passages import Kind, Passage, Section, passage_id
from indexer.outline import Item
from indexer.places import Region, find_region, name_of_code, region_of_code
from indexer.remarks import KINDS, Remark, doubts
from indexer.units import Unit, level_of_report, name_of_unit, read_unit, unit_of

LONGEST_ADDRESS = 2_000
"""Code points; anything longer is not an address that anybody would cite."""


class ReportType(StrEnum):
    """What kind of text a file turned out to be; only `report` is an annual report."""

    REPORT = "report"
    PLAN = "plan"
    INTERPRETATION = "interpretation"
    NEWS = "news"
    OTHER = "other"


def _read_year(text: str) -> int:
    if not re.fullmatch(r"(?:19|20)\d\d", text):
        raise ValueError("expected a year like 2022")
    return int(text)


def _read_day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise ValueError("expected a date like 2023-03-01") from error


def read_address(text: str) -> str:
    """The address of a web page, unchanged.

    Raises:
        ValueError: It is not an http or https address, or contains a user name.
    """
    try:
        address = urlsplit(text)
        known = address.scheme.lower() in ("http", "https") and address.hostname is not None and address.username is None
    except ValueError:
        known = False
    if not known or len(text) > LONGEST_ADDRESS or not text.isprintable() or any(char in ' <>"' for char in text):
        raise ValueError("expected an address like https://www.example.gov.cn/2023/report.html")
    return text


@dataclass(frozen=True, slots=True)
class Report:
    """One report with everything that is known of it; unknown values are None."""

    id: str = field(metadata=declared(brief=True))
    title: str = field(metadata=declared(brief=True, corrected=True))
    passages: tuple[Passage, ...]
    """The title first, then headings and paragraphs in text order."""
    sections: tuple[Section, ...]
    year: int | None = field(
        default=None,
        metadata=declared(
            meaning="The year the report is about, never the year it was published.",
            plural="years",
            read=_read_year,
            ranged=True,
            corrected=True,
            brief=True,
            shown=True,
        ),
    )
    region: Region | None = field(
        default=None,
        metadata=declared(
            plural="regions",
            wanted="A GB/T 2260 code (nine digits for a town) or an unambiguous name, also a former one; places within it are included.",
            read=find_region,
            values=lambda region: region.codes,
            label=name_of_code,
            nested=True,
            corrected=True,
            brief=True,
            shown=True,
        ),
    )
    issuer: str | None = field(
        default=None,
        metadata=declared(
            meaning="Whose report it is.", plural="issuers", wanted="The issuer's full name.", corrected=True, brief=True, shown=True
        ),
    )
    unit: Unit | None = field(
        default=None,
        metadata=declared(
            meaning="The government or department whose report it is, under all names it goes by.",
            plural="units",
            wanted="A unit's id or full name.",
            read=read_unit,
            values=lambda unit: (unit.id,),
            label=name_of_unit,
            called=lambda unit: unit.name,
            corrected=True,
        ),
    )
    level: Level | None = field(default=None, metadata=declared(meaning="Level of the unit.", plural="levels", corrected=True, shown=True))
    type: ReportType = field(
        default=ReportType.REPORT, metadata=declared(meaning="Type of report.", plural="types", corrected=True, shown=True)
    )
    published: str | None = field(
        default=None,
        metadata=declared(meaning="ISO 8601 date of publication.", read=_read_day, corrected=True, brief=True, shown=True),
    )
    period: str | None = field(
        default=None,
        metadata=declared(meaning="If it does not cover exactly one year: 2023-H1 or 2023-H2 for half a year, 2021/2025 for several."),
    )
    lacking: tuple[Content, ...] = field(
        default=(),
        metadata=declared(
            meaning="Required contents that were not found; they may be present in other words.", plural="lacking", sparse=True
        ),
    )
    source: str | None = field(default=None, metadata=declared(corrected=True, shown=True))
    editor: str | None = field(default=None, metadata=declared(corrected=True))
    doc_number: str | None = field(default=None, metadata=declared(corrected=True, shown=True))
    source_url: str | None = field(
        default=None, metadata=declared(meaning="The address from which the page was saved.", read=read_address, corrected=True, shown=True)
    )
    path: str | None = field(default=None, metadata=declared(meaning="Path of the file below the corpus folder."))
    """The path below the folder that `reindex` read, with "/"."""
    encoding: str | None = field(default=None, metadata=declared())
    format: str | None = field(default=None, metadata=declared())
    ocr: Ocr | None = field(
        default=None, metadata=declared(meaning="How many of its pages OCR read, and with what confidence; null: none.")
    )
    remarks: tuple[Remark, ...] = field(
        default=(),
        metadata=declared(
            meaning="What was guessed, repaired, odd or missing when it was read.",
            singular="remark",
            plural="remarks",
            wanted="Code of a remark that should be checked.",
            values=doubts,
            choices=tuple(code for code, kind in KINDS.items() if kind.look),
            aside=True,
        ),
    )
    left_out: tuple[LeftOut, ...] = field(default=(), metadata=declared(listed=False))
    """Every piece of the file's text that is neither in a passage nor in a field above, in the order of the file."""
    corrected: tuple[str, ...] = field(default=(), metadata=declared(meaning="Fields corrected by hand in a file beside the reports."))
    stale: str | None = field(
        default=None, metadata=declared(meaning="Why its file could not be read again; the last good version is shown.")
    )
    added: str | None = field(
        default=None,
        compare=False,
        metadata=declared(meaning="When the index first held it: 2026-11-26T08:30:00.123456Z.", plural="added", aside=True),
    )
    changed: str | None = field(
        default=None,
        compare=False,
        metadata=declared(meaning="When its content last changed.", plural="changed", aside=True),
    )
    sha256: str | None = field(
        default=None, compare=False, metadata=declared(meaning="SHA-256 of its content, as given by reports.ndjson with changed_since.")
    )

    @property
    def paragraphs(self) -> list[Passage]:
        """The body paragraphs in order."""
        return [passage for passage in self.passages if passage.kind is Kind.PARAGRAPH]

    @property
    def items(self) -> list[Item]:
        """All 一是-items in order, with spans relative to their own paragraph."""
        return [item for passage in self.passages for item in passage.items]

    @property
    def statistics(self) -> tuple[Statistic, ...]:
        """All figures in order, each with the id of its passage."""
        return tuple(replace(one, passage=passage_id(self.id, passage.anchor)) for passage in self.passages for one in passage.statistics)

    @property
    def instruments(self) -> tuple[Naming, ...]:
        """Every mention of a rule or a document in order, each with the id of its passage."""
        return tuple(replace(one, passage=passage_id(self.id, passage.anchor)) for passage in self.passages for one in passage.instruments)

    @property
    def contents(self) -> dict[Content, tuple[str, ...]]:
        """The anchors of the passages where each required content was found, see `indexer.contents.found_contents`."""
        return found_contents(map(_piece, self.passages[1:]), self.year)

    @property
    def published_on_time(self) -> bool | None:
        """Whether it was published before 1 April of the following year; None if one of the dates is unknown."""
        return is_on_time(self.year, self.published)

    @property
    def warnings(self) -> tuple[str, ...]:
        """The remarks in English."""
        return tuple(remark.text for remark in self.remarks)

    def with_unit_of_issuer(self) -> Report:
        """The report with its unit and level derived anew from issuer, title, place and year, for use after one of these was corrected.

        A unit or level that was itself corrected stays.
        """
        unit = self.unit if "unit" in self.corrected else unit_of(self.issuer, self.title, self.region, self.year)
        level = self.level if "level" in self.corrected else level_of_report(unit, self.issuer)
        return replace(self, unit=unit, level=level)

    @classmethod
    def from_blocks(
        cls,
        *,
        title: str,
        year: int | None = None,
        issuer: str | None = None,
        region: str | None = None,
        published: str | date | None = None,
        id: str | None = None,
        blocks: Iterable[tuple[Sequence[str], str]],
    ) -> Report:
        """A report from structured text.

        Args:
            title: The title, not empty.
            year: The reported year.
            issuer: The issuer as printed.
            region: A GB/T 2260 code of six digits, nine for a town or street, as of that year or today; None or an unknown code leaves the
                region unknown.
            published: An ISO 8601 date.
            id: Letters, digits, "-", "_" and "."; None for a hash of the content.
            blocks: (section path, body paragraph) in order. A heading of a path becomes a passage where it first
                appears. A paragraph's text stays exactly as it is.

        Raises:
            InvalidReport: An empty title or paragraph, or a malformed id, year, region or date.
        """
        _check(title, id, year, region)
        rows = [(tuple(path), text) for path, text in blocks]
        _check_text(title, issuer or "", *(part for path, text in rows for part in (*path, text)))
        sections, passages = lay_out(title, nest_by_path(rows))
        day = _day(published)
        known = region_of_code(region, year) if region else None
        unit = unit_of(issuer, title, known, year)
        content = repr((title, year, issuer, region, day, rows)).encode()
        return cls(
            id=id or short_hash(content),
            title=title,
            passages=passages,
            sections=sections,
            year=year,
            published=day,
            issuer=issuer,
            region=known,
            unit=unit,
            level=level_of_report(unit, issuer),
            lacking=lacking_of(passages, year),
            remarks=(
                *([Remark("region-unknown", code=region)] if region and not known else []),
                *remarks_on_figures((passage.anchor, passage.text, passage.statistics) for passage in passages),
            ),
        )


def _check(title: str, id: str | None, year: int | None, region: str | None) -> None:
    """Raise an `InvalidReport` if one of these cannot be that of a report."""
    if not title.strip():
        raise InvalidReport("title is empty: give the report's title")
    if id is not None and not re.fullmatch(r"[\w.-]{1,80}", id):
        raise InvalidReport(f"id {id!r}: expected 1 to 80 letters, digits, '-', '_' or '.'")
    if year is not None and not 1900 <= year <= 2999:
        raise InvalidReport(f"year {year}: expected 1900 to 2999 or None")
    if region is not None and not re.fullmatch(r"\d{6}(?:\d{3})?", region):
        raise InvalidReport(f"region {region!r}: expected a GB/T 2260 code of six digits, nine for a town or street, or None")


def _check_text(*texts: str) -> None:
    """Raise an `InvalidReport` if one of these cannot be encoded."""
    try:
        "".join(texts).encode()
    except UnicodeEncodeError as error:
        raise InvalidReport("the text holds half a character (a lone surrogate); decode it anew") from error


def _day(published: str | date | None) -> str | None:
    """A date in ISO 8601; raises an `InvalidReport` if it is none."""
    try:
        return str(date.fromisoformat(str(published))) if published is not None else None
    except ValueError as error:
        raise InvalidReport(f"published {published!r}: expected a date like 2023-03-01 or None") from error


def _piece(passage: Passage) -> Piece:
    path = passage.section
    is_heading = passage.kind is Kind.HEADING
    return Piece(passage.anchor, passage.text, tuple(one.part for one in path), tuple(one.heading for one in path), is_heading)


def lacking_of(passages: Sequence[Passage], year: int | None) -> tuple[Content, ...]:
    """The required contents that were not found in a report's passages (title first), for a report on this year."""
    found = found_contents(map(_piece, passages[1:]), year)
    return tuple(content for content in REQUIRED if content not in found)


def short_hash(content: bytes) -> str:
    """Twelve letters and digits that identify `content`: 60 bits, so a collision among 300,000 reports has odds of 1 in 25 million."""
    number = int.from_bytes(hashlib.sha256(content).digest()[:8], "big")
    return "".join("0123456789abcdefghjkmnpqrstvwxyz"[number >> shift & 31] for shift in range(0, 60, 5))
