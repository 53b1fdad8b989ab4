"""The result of a loader: the lines of a file, and what the file itself says about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from indexer.model import LeftOut, Ocr
from indexer.remarks import Remark


@dataclass(frozen=True, slots=True)
class Line:
    """A line, a block of a page, a paragraph, or a table row with its cells joined by " | "."""

    text: str
    """Not empty, without white space at the ends."""
    bold: int = 0
    """How many code points at the start are bold."""
    heading: int | None = None
    """0 if the file's styles make it the title, 1 and up if they make it a heading of that level."""
    page: int | None = None
    """The page of the file on which it begins, from 1; None if the format has no pages, or for a later part of a line that `turns`."""
    turns: bool = False
    """Whether it continues on another page, so that the page of a later part is unknown."""
    ocr: bool = False
    """Whether OCR read it, or a part of it, in a picture."""
    note: bool = False
    """Whether it is a footnote, which is never a heading, whatever it begins with."""
    number: int = 0
    """The number of the document's line that it is part of; set by `indexer.parsing.clean` and kept when a line is divided."""

    def part(self, start: int, text: str) -> Line:
        """The part of the line with this text, which begins `start` code points after the line's own start."""
        return replace(self, text=text, page=self.page if start == 0 or not self.turns else None)


@dataclass(frozen=True, slots=True)
class Document:
    """The text of a file, already divided into paragraphs."""

    lines: list[Line]
    format: str
    encoding: str | None = None
    titles: list[str] = field(default_factory=list)
    """Titles stated by the file itself, likeliest first."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Hidden metadata of the file: "published", "source", "editor", "site", "source_url"."""
    body_start: int = 0
    """The number of the first line of the page's main content; navigation and metadata precede it."""
    remarks: list[Remark] = field(default_factory=list)
    ocr: Ocr | None = None
    """What OCR read of the file, None if nothing."""
    left_out: list[tuple[int, LeftOut]] = field(default_factory=list)
    """Text that is not part of the report, in order, each with the number of the line that it precedes."""
