"""The domain's nouns: a report with its sections and passages. Open it to learn what a field holds and in which unit."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from urllib.parse import urlsplit

from indexer.contents import REQUIRED, Content, Piece, found_contents, is_on_time
from indexer.declared import DETAIL, declared
from indexer.errors import InvalidReport
from indexer.facts import Naming, Statistic, find_statistics, name_instruments, normal_key, remarks_on_figures
from indexer.levels import Level, level_of
from indexer.outline import OTHER_PART, STANDARD_PARTS, Item, find_items, part_of, read_number
from indexer.places import Region, find_region, name_of_code, region_of_code
from indexer.remarks import KINDS, Remark, doubts
from indexer.units import Unit, name_of_unit, read_unit, unit_of

LONGEST_ADDRESS = 2_000
"""Code points; what is longer is no address that anybody would cite."""


class Kind(StrEnum):
    """What a passage is in its report."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    TITLE = "title"


class ReportType(StrEnum):
    """What a file turned out to be; only `report` is an annual report."""

    REPORT = "report"
    PLAN = "plan"
    INTERPRETATION = "interpretation"
    NEWS = "news"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it."""

    level: int
    """1 for 一、, 2 for (一), 3 for 1., 4 for (1), 5 for ①; unnumbered headings count from their depth."""
    number: str | None
    """As shown, repaired and with ASCII brackets: "一、", "(七)", "1."; None for an unnumbered heading."""
    heading: str
    """The heading without its number and without a closing 。"""
    text: str
    """The heading as printed, number included."""
    anchor: str
    """Ordinals from the outermost section, counted from 1: "1.7"."""
    part: str
    """The standard part it stands for, see `indexer.outline.STANDARD_PARTS`."""

    def as_json(self) -> dict[str, object]:
        """What programs receive of it with a passage that stands below it."""
        return {"number": self.number, "heading": self.heading}


def _read_instrument(text: str) -> tuple[Naming, ...]:
    return (Naming(name=normal_key(text), number=None, kind="other", start=0, end=len(text), spelling=text),)


def instrument_details(namings: Iterable[Naming]) -> tuple[str, ...]:
    """Of each instrument the number it is named with, and each spelling of it that is not its key, as `Field.details` wants them.

    A number begins with "#" behind the mark, a spelling with "=".
    """
    numbers = (f"{one.key}{DETAIL}#{one.number}" for one in namings if one.number not in (None, one.key))
    spellings = (f"{one.key}{DETAIL}={one.spelling}" for one in namings if one.spelling != one.key)
    return (*numbers, *spellings)


@dataclass(frozen=True, slots=True)
class Passage:
    """What is searched and found: a body paragraph, a heading on its own line, or the title."""

    kind: Kind = field(metadata=declared(meaning="Kind of passage.", plural="kinds", aside=True))
    anchor: str
    """Unique in its report, and where its page is jumped to: "t", "1.7", "1.7.p2", "0.p1"; the second piece of a long one is "1.7.p2-2"."""
    text: str
    """As printed, spaces at the ends stripped; a run-in heading is part of its paragraph."""
    section: tuple[Section, ...] = field(
        metadata=declared(
            meaning="The headings it stands under, outermost first.",
            plural="sections",
            wanted="Standard part the passage stands in.",
            values=lambda path: (path[-1].part if path else None,),
            choices=STANDARD_PARTS,
        )
    )
    """Outermost first; a heading's own section is the last; empty for the title and before any heading."""
    items: list[Item]
    page: int | None = field(
        default=None,
        metadata=declared(meaning="Page of the original that it begins on, from 1; null where it has none or that is unknown."),
    )
    ocr: bool = False
    """Whether OCR read it, or a part of it, in a scan: some of its characters may be wrong."""
    statistics: tuple[Statistic, ...] = field(
        default=(),
        metadata=declared(
            name="indicator",
            plural="indicators",
            wanted="Name of an indicator that the passage has a figure of.",
            values=lambda figures: tuple(figure.indicator for figure in figures if figure.indicator) or (None,),
            sparse=True,
            listed=False,
        ),
    )
    """The figures of its text in order."""
    instruments: tuple[Naming, ...] = field(
        default=(),
        metadata=declared(
            name="instrument",
            plural="instruments",
            wanted="Name or number of a rule or a document that the passage names; with 《》 or without.",
            read=_read_instrument,
            values=lambda namings: tuple(naming.key for naming in namings) or (None,),
            details=instrument_details,
            sparse=True,
            listed=False,
        ),
    )
    """The rules and documents that its text names, in order."""

    @property
    def part(self) -> str | None:
        """The standard part, None for a title and before any heading."""
        return self.section[-1].part if self.section else None


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as the parser met it; `run_in` when its text opens the paragraph that follows."""

    level: int
    number: str | None
    heading: str
    text: str
    run_in: bool = False
    page: int | None = None
    """That it begins on, as `Passage.page`."""
    ocr: bool = False
    """As `Passage.ocr`."""


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
    """The address of a page on the web, as it is written.

    Raises:
        ValueError: It is none of http or https, or names a user.
    """
    try:
        address = urlsplit(text)
        known = address.scheme.lower() in ("http", "https") and address.hostname is not None and address.username is None
    except ValueError:
        known = False
    if not known or len(text) > LONGEST_ADDRESS or not text.isprintable() or any(char in ' <>"' for char in text):
        raise ValueError("expected an address like https://www.example.gov.cn/2023/report.html")
    return text


_PROSE = 25
"""A sentence of fewer code points than this is a notice of the page."""


@dataclass(frozen=True, slots=True)
class OcrPage:
    """A page that OCR read."""

    page: int
    """From 1."""
    confidence: float | None
    """Of its characters in the mean, from 0 to 1; None for a page on which it found none."""


@dataclass(frozen=True, slots=True)
class Ocr:
    """What OCR read of a report: pages that are pictures."""

    by_page: tuple[OcrPage, ...]

    @property
    def pages(self) -> int:
        """How many."""
        return len(self.by_page)

    @property
    def confidence(self) -> float | None:
        """Of the pages in the mean, from 0 to 1; None where none of them holds text."""
        known = [page.confidence for page in self.by_page if page.confidence is not None]
        return round(sum(known) / len(known), 4) if known else None

    def as_json(self) -> dict[str, object]:
        """What programs receive of it."""
        return {"pages": self.pages, "confidence": self.confidence}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A piece of a file's text that is neither a passage nor a value that the report knows."""

    text: str
    """As printed, spaces at the ends stripped; never empty."""
    reason: str
    """A short code: `furniture` (menus, buttons and footers around the text), `metadata` (a label with a value that no field holds),
    `signature`, `repeated` (printed twice), `hidden` (the page does not show it), `control` (a form, a menu), `outside` (beside the
    part of the page that holds the report), `page-number`, `running-head`, `watermark`, `turned` (set sideways), `note` (a footnote
    or a comment), `chart` (the words and figures of one), `laid-over` (printed over a picture of the page, which was read)."""

    @property
    def is_prose(self) -> bool:
        """Whether it reads like a part of a text, so that somebody should look at it; what was printed twice is in the text already."""
        return len(self.text) >= _PROSE and "。" in self.text and self.reason not in ("repeated", "running-head")


@dataclass(frozen=True, slots=True)
class Report:
    """One report with all that is known of it; unknown values are None."""

    id: str = field(metadata=declared(brief=True))
    title: str = field(metadata=declared(brief=True, corrected=True))
    passages: tuple[Passage, ...]
    """Title first, then headings and paragraphs in the order of the text."""
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
            wanted="A GB/T 2260 code, nine digits for a town, or a name that means one place, former ones too; what lies in it counts too.",
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
            meaning="Whose report it is.", plural="issuers", wanted="The issuer's whole name.", corrected=True, brief=True, shown=True
        ),
    )
    unit: Unit | None = field(
        default=None,
        metadata=declared(
            meaning="The government or department whose report it is, under all names it goes by.",
            plural="units",
            wanted="A unit's id, or its whole name.",
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
        metadata=declared(meaning="Where it covers not one whole year: 2023-H1 or 2023-H2 for half of one, 2021/2025 for several."),
    )
    lacking: tuple[Content, ...] = field(
        default=(),
        metadata=declared(
            meaning="Required contents that were not found; they may be there in other words.", plural="lacking", sparse=True
        ),
    )
    source: str | None = field(default=None, metadata=declared(corrected=True, shown=True))
    editor: str | None = field(default=None, metadata=declared(corrected=True))
    doc_number: str | None = field(default=None, metadata=declared(corrected=True, shown=True))
    source_url: str | None = field(
        default=None, metadata=declared(meaning="Where the saved page came from.", read=read_address, corrected=True, shown=True)
    )
    path: str | None = field(default=None, metadata=declared(meaning="Of the file, below the corpus folder."))
    """Below the folder that `reindex` read, with "/"."""
    encoding: str | None = field(default=None, metadata=declared())
    format: str | None = field(default=None, metadata=declared())
    ocr: Ocr | None = field(default=None, metadata=declared(meaning="How many of its pages OCR read, and how surely; null: none."))
    remarks: tuple[Remark, ...] = field(
        default=(),
        metadata=declared(
            meaning="What was guessed, repaired, odd or missing when it was read.",
            singular="remark",
            plural="remarks",
            wanted="Code of a remark that somebody should look at.",
            values=doubts,
            choices=tuple(code for code, kind in KINDS.items() if kind.look),
            aside=True,
        ),
    )
    left_out: tuple[LeftOut, ...] = field(default=(), metadata=declared(listed=False))
    """Every piece of the file's text that is neither in a passage nor in a value above, in the order of the file."""
    corrected: tuple[str, ...] = field(default=(), metadata=declared(meaning="Fields that somebody set right beside the reports."))
    stale: str | None = field(
        default=None, metadata=declared(meaning="Why its file could not be read again; what is shown is the last good version.")
    )

    @property
    def paragraphs(self) -> list[Passage]:
        """The body paragraphs in order."""
        return [passage for passage in self.passages if passage.kind is Kind.PARAGRAPH]

    @property
    def items(self) -> list[Item]:
        """All 一是-items in order, spans relative to their own paragraph."""
        return [item for passage in self.passages for item in passage.items]

    @property
    def statistics(self) -> tuple[Statistic, ...]:
        """All figures in order, each with the id of its passage."""
        return tuple(replace(one, passage=passage_id(self.id, passage.anchor)) for passage in self.passages for one in passage.statistics)

    @property
    def instruments(self) -> tuple[Naming, ...]:
        """Every naming of a rule or a document in order, each with the id of its passage."""
        return tuple(replace(one, passage=passage_id(self.id, passage.anchor)) for passage in self.passages for one in passage.instruments)

    @property
    def contents(self) -> dict[Content, tuple[str, ...]]:
        """Where each required content stands that was found, see `indexer.contents.found_contents`: anchors of passages."""
        return found_contents(map(_piece, self.passages[1:]))

    @property
    def published_on_time(self) -> bool | None:
        """Whether it was public before 1 April of the year after its own; None where one of the days is unknown."""
        return is_on_time(self.year, self.published)

    @property
    def warnings(self) -> tuple[str, ...]:
        """The remarks in English."""
        return tuple(remark.text for remark in self.remarks)

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
            title: Not empty.
            year: The reported year.
            issuer: Whose report it is.
            region: A GB/T 2260 code of six digits, nine for a town or street, of that year or today's; None or a code that is in no table
                leaves the region unknown.
            published: ISO 8601.
            id: Letters, digits, "-", "_" and "."; a hash of the content when None.
            blocks: (section path, body paragraph) in order. A heading of a path becomes a passage where it first
                appears. A paragraph's text stays exactly as it is.

        Raises:
            InvalidReport: An empty title or paragraph, or a malformed id, year, region or date.
        """
        if not title.strip():
            raise InvalidReport("title is empty: give the report's title")
        if id is not None and not re.fullmatch(r"[\w.-]{1,80}", id):
            raise InvalidReport(f"id {id!r}: expected 1 to 80 letters, digits, '-', '_' or '.'")
        if year is not None and not 1900 <= year <= 2999:
            raise InvalidReport(f"year {year}: expected 1900 to 2999 or None")
        if region is not None and not re.fullmatch(r"\d{6}(?:\d{3})?", region):
            raise InvalidReport(f"region {region!r}: expected a GB/T 2260 code of six digits, nine for a town or street, or None")
        rows = [(tuple(path), text) for path, text in blocks]
        try:
            "".join((title, issuer or "", *(part for path, text in rows for part in (*path, text)))).encode()
        except UnicodeEncodeError as error:
            raise InvalidReport("the text holds half a character (a lone surrogate); decode it anew") from error
        sections, passages = lay_out(title, _nest_by_path(rows))
        try:
            day = str(date.fromisoformat(str(published))) if published is not None else None
        except ValueError as error:
            raise InvalidReport(f"published {published!r}: expected a date like 2023-03-01 or None") from error
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
            level=(unit and unit.level) or level_of(issuer),
            lacking=lacking_of(passages),
            remarks=(
                *([Remark("region-unknown", code=region)] if region and not known else []),
                *remarks_on_figures((passage.anchor, passage.text, passage.statistics) for passage in passages),
            ),
        )


def _piece(passage: Passage) -> Piece:
    path = passage.section
    is_heading = passage.kind is Kind.HEADING
    return Piece(passage.anchor, passage.text, tuple(one.part for one in path), tuple(one.heading for one in path), is_heading)


def lacking_of(passages: Sequence[Passage]) -> tuple[Content, ...]:
    """The required contents that are not found in the passages of a report, title first."""
    found = found_contents(map(_piece, passages[1:]))
    return tuple(content for content in REQUIRED if content not in found)


def passage_id(report: str, anchor: str) -> str:
    """A passage's id, from its report's and its anchor."""
    return f"{report}~{anchor}"


def report_and_anchor(id: str) -> tuple[str, str]:
    """What `passage_id` made an id of; the anchor is empty where it is none."""
    report, _, anchor = id.partition("~")
    return report, anchor


def short_hash(content: bytes) -> str:
    """Twelve letters and digits that stand for `content`: 60 bits, so 300,000 reports collide with odds of 1 in 25 million."""
    number = int.from_bytes(hashlib.sha256(content).digest()[:8], "big")
    return "".join("0123456789abcdefghjkmnpqrstvwxyz"[number >> shift & 31] for shift in range(0, 60, 5))


@dataclass(frozen=True, slots=True)
class Body:
    """A body paragraph as the parser met it."""

    text: str
    start: int = 0
    """Where its own text begins, behind a run-in heading."""
    piece: int = 1
    """Which piece of a paragraph that is too long for one passage; the others follow it."""
    page: int | None = None
    """That it begins on, as `Passage.page`."""
    ocr: bool = False
    """As `Passage.ocr`."""


Nested = tuple[int, "Heading | Body"]
"""A block and the section it belongs to: that section's number in order of appearance from 0, -1 for none."""


def nest_by_level(blocks: Iterable[Heading | Body]) -> Iterator[Nested]:
    """Blocks in the order of the text, each below the nearest heading before it (for a heading: of a smaller level)."""
    opened: list[tuple[int, int]] = [(0, -1)]
    count = 0
    for block in blocks:
        if isinstance(block, Heading):
            while opened[-1][0] >= block.level:
                opened.pop()
            yield opened[-1][1], block
            opened.append((block.level, count))
            count += 1
        else:
            yield opened[-1][1], block


def _nest_by_path(rows: Iterable[tuple[tuple[str, ...], str]]) -> Iterator[Nested]:
    """`from_blocks`' rows: a heading where its path first appears, then the paragraph."""
    numbers: dict[tuple[str, ...], int] = {(): -1}
    for path, text in rows:
        if not text.strip():
            raise InvalidReport("a paragraph is empty: leave it out")
        for depth in range(1, len(path) + 1):
            if path[:depth] not in numbers:
                if not path[depth - 1].strip():
                    raise InvalidReport(f"a heading of {path!r} is empty: leave it out")
                yield numbers[path[: depth - 1]], _read_heading(path[depth - 1], depth)
                numbers[path[:depth]] = len(numbers) - 1
        yield numbers[path], Body(text)


def _read_heading(text: str, depth: int) -> Heading:
    number = read_number(text)
    if number is None:
        return Heading(depth, None, text.strip().rstrip("。"), text)
    return Heading(number.level, number.shown, text[number.length :].strip().rstrip("。"), text)


def lay_out(
    title: str, blocks: Iterable[Nested], page: int | None = None, ocr: bool = False
) -> tuple[tuple[Section, ...], tuple[Passage, ...]]:
    """Sections and passages with their anchors and standard parts: the one shape behind parsed files and structured text.

    `page` and `ocr` are the title's.
    """
    sections: list[Section] = []
    paths: list[tuple[Section, ...]] = []
    passages = [Passage(Kind.TITLE, "t", title, (), [], page, ocr)]
    subsections: Counter[int] = Counter()
    paragraphs: Counter[int] = Counter()
    for under, block in blocks:
        path = paths[under] if under >= 0 else ()
        if isinstance(block, Heading):
            subsections[under] += 1
            anchor = f"{path[-1].anchor}.{subsections[under]}" if path else str(subsections[under])
            part = part_of(block.heading) or (path[-1].part if path else OTHER_PART)
            section = Section(block.level, block.number, block.heading, block.text, anchor, part)
            sections.append(section)
            paths.append((*path, section))
            if not block.run_in:
                passages.append(
                    Passage(Kind.HEADING, anchor, block.text, paths[-1], [], block.page, block.ocr, find_statistics(block.text))
                )
        else:
            paragraphs[under] += block.piece == 1
            anchor = f"{path[-1].anchor if path else 0}.p{paragraphs[under]}" + (f"-{block.piece}" if block.piece > 1 else "")
            items = find_items(block.text, block.start)
            statistics = find_statistics(block.text, path[-1].heading if path else "")
            passages.append(Passage(Kind.PARAGRAPH, anchor, block.text, path, items, block.page, block.ocr, statistics))
    return tuple(sections), tuple(_with_instruments(passages))


def _with_instruments(passages: Sequence[Passage]) -> Iterator[Passage]:
    """Passages with what they name, which depends on what was explained in those before."""
    for passage, named in zip(passages, name_instruments(passage.text for passage in passages), strict=True):
        yield replace(passage, instruments=named) if named else passage
