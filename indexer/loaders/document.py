"""What a loader gives: the lines of a file, and what the file itself says about them. Open it to write a loader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from indexer.model import LeftOut, Ocr
from indexer.remarks import Remark


@dataclass(frozen=True, slots=True)
class Line:
    """A line, a block of a page, a paragraph, or a table row with its cells joined by " | "."""

    text: str
    """Not empty, white space at the ends stripped."""
    bold: int = 0
    """So many code points at its start are set in bold."""
    heading: int | None = None
    """0 where the file's own styles call it the title, 1 and up where they call it a heading."""
    page: int | None = None
    """The page of the file that it begins on, from 1; None where the format has none, and of a part of a line that `turns`."""
    turns: bool = False
    """Whether it goes on on another page, so that nobody knows which page a part of it begins on."""
    ocr: bool = False
    """Whether OCR read it, or a part of it, in a picture."""
    note: bool = False
    """Whether it is a footnote, which is no heading whatever it begins with."""
    number: int = 0
    """The number of the document's line that it is a part of; `indexer.parsing.clean` counts, whoever cuts a line keeps it."""

    def part(self, start: int, text: str) -> Line:
        """A part of it, with this text, that begins `start` code points behind its own beginning."""
        return replace(self, text=text, page=self.page if start == 0 or not self.turns else None)


@dataclass(frozen=True, slots=True)
class Document:
    """The text of a file; where its paragraphs begin and end is already found out."""

    lines: list[Line]
    format: str
    encoding: str | None = None
    titles: list[str] = field(default_factory=list)
    """What the file itself calls its title, likeliest first."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """What the file says of itself out of sight: "published", "source", "editor", "site", "source_url"."""
    body_start: int = 0
    """The number of the first line of what the page is about; before it stand navigation and metadata."""
    remarks: list[Remark] = field(default_factory=list)
    ocr: Ocr | None = None
    """What OCR read of it, None where nothing."""
    left_out: list[tuple[int, LeftOut]] = field(default_factory=list)
    """What was found beside the lines and is no text of the report, in order, each with the number of the line that it stands before."""
