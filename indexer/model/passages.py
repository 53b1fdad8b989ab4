"""Passages, the units that are searched and found, and the sections that hold them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from indexer.declared import DETAIL, declared
from indexer.facts import Naming, Statistic, normal_key
from indexer.outline import STANDARD_PARTS, Item


class Kind(StrEnum):
    """The kind of a passage."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and everything below it."""

    level: int
    """1 for 一、, 2 for (一), 3 for 1., 4 for (1), 5 for ①; one more below 第一部分 or 第一章; for unnumbered headings, their depth."""
    number: str | None
    """The number as shown, repaired and with ASCII brackets: "一、", "(七)", "1.", "第一部分"; None for an unnumbered heading."""
    heading: str
    """The heading without its number and without a closing 。"""
    text: str
    """The heading as printed, number included."""
    anchor: str
    """Ordinals from the outermost section, counted from 1: "1.7"."""
    part: str
    """The standard part it belongs to, see `indexer.outline.STANDARD_PARTS`."""

    def as_json(self) -> dict[str, object]:
        """The form in which programs receive it with a passage below it."""
        return {"number": self.number, "heading": self.heading}


def _read_instrument(text: str) -> tuple[Naming, ...]:
    return (Naming(name=normal_key(text), number=None, kind="other", start=0, end=len(text), spelling=text),)


def instrument_details(namings: Iterable[Naming]) -> tuple[str, ...]:
    """Details of each instrument for `Field.details`: the number it is named with, and each spelling that is not its key.

    After the mark, a number begins with "#", a spelling with "=".
    """
    numbers = (f"{one.key}{DETAIL}#{one.number}" for one in namings if one.number not in (None, one.key))
    spellings = (f"{one.key}{DETAIL}={one.spelling}" for one in namings if one.spelling != one.key)
    return (*numbers, *spellings)


def indicator_details(figures: Iterable[Statistic]) -> tuple[str, ...]:
    """Details of each indicator for `Field.details`: how many figures state it, the value, the end of a range, the unit."""
    counts = Counter((one.indicator, one.value, one.to or "", one.unit) for one in figures if one.indicator)
    return tuple(f"{name}{DETAIL}{count}|{value}|{to}|{unit}" for (name, value, to, unit), count in counts.items())


@dataclass(frozen=True, slots=True)
class Passage:
    """A unit of search: a body paragraph, a heading on its own line, or the title."""

    kind: Kind = field(metadata=declared(meaning="Kind of passage.", plural="kinds", aside=True))
    anchor: str
    """Unique in its report, and its fragment on the page: "t", "1.7", "1.7.p2", "0.p1"; the second piece of a long one is "1.7.p2-2"."""
    text: str
    """The text as printed, spaces at the ends stripped; a run-in heading is part of its paragraph."""
    section: tuple[Section, ...] = field(
        metadata=declared(
            meaning="The headings above it, outermost first.",
            plural="sections",
            wanted="Standard part that the passage belongs to.",
            values=lambda path: (path[-1].part if path else None,),
            choices=STANDARD_PARTS,
        )
    )
    """Outermost first; for a heading, its own section is the last; empty for the title and before the first heading."""
    items: list[Item]
    page: int | None = field(
        default=None,
        metadata=declared(meaning="Page of the original on which it begins, from 1; null if there are no pages or it is unknown."),
    )
    ocr: bool = False
    """Whether OCR read any of it in a scan, so that some of its characters may be wrong."""
    statistics: tuple[Statistic, ...] = field(
        default=(),
        metadata=declared(
            name="indicator",
            plural="indicators",
            wanted="Name of an indicator for which the passage gives a figure.",
            values=lambda figures: tuple(figure.indicator for figure in figures if figure.indicator) or (None,),
            details=indicator_details,
            sparse=True,
            listed=False,
        ),
    )
    """The figures in its text, in order."""
    instruments: tuple[Naming, ...] = field(
        default=(),
        metadata=declared(
            name="instrument",
            plural="instruments",
            wanted="Name or number of a rule or document that the passage names, with or without 《》.",
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
        """The standard part; None for the title and before the first heading."""
        return self.section[-1].part if self.section else None


def passage_id(report: str, anchor: str) -> str:
    """A passage's id, from its report's and its anchor."""
    return f"{report}~{anchor}"


def report_and_anchor(id: str) -> tuple[str, str]:
    """The report's id and the anchor that `passage_id` combined; the anchor is empty if the id is not a passage's."""
    report, _, anchor = id.partition("~")
    return report, anchor
