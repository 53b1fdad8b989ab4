"""What is drawn on a page: characters with their places, ruled tables; and printed lines, in which they are read. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from indexer.analysis.fold import fold

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(slots=True)
class Char:
    """A character, or the value of a form's field, and where it is drawn (points, from the left and the top)."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float


@dataclass(slots=True)
class Sheet:
    """What is drawn on a page, or on it in one direction, turned so that lines run from left to right."""

    page: int
    """Counted from 1."""
    width: float
    height: float
    chars: list[Char] = field(default_factory=list)
    tables: list[list[list[Box | None]]] = field(default_factory=list)
    """What rules make that has rows of several cells, None for one that another spans; of a single row it may be no table."""
    pale: list[Char] = field(default_factory=list)
    """Characters in a light colour or of a size that text has not: watermarks, if they repeat themselves or lie across the text."""
    oblique: list[Char] = field(default_factory=list)
    """Characters at an angle, in the order in which they are drawn."""
    faint: bool = False
    """Whether those are in a light colour."""
    runs: list[list[Char]] | None = None
    """The lines, where the characters' positions do not tell them."""
    main: bool = True
    """Whether it is the direction in which most of the page is printed."""
    scanned: bool = False
    """Whether OCR read it in a picture."""
    aside: list[tuple[str, list[Char]]] = field(default_factory=list)
    """Lines that are no part of the text, each with the reason why."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed line, or a row of a table."""

    text: str
    page: int
    left: float
    right: float
    top: float
    size: float
    block: tuple[int, int] = (0, 0)
    """The page and the number of the block on it that the line belongs to."""
    measure: tuple[int, ...] = ()
    """Lines with equal ones are set to the same width: the page's size, and the column."""
    edge: str | None = None
    """"top" or "bottom" where it stands where page numbers and running heads do."""
    table: int | None = None
    """The number of the table whose row it is."""
    note: bool = False
    """Whether it is part of a footnote."""
    left_out: str | None = None
    """Why it is no part of the text."""
    cells: tuple[str, ...] = ()
    """Of a row of a ruled table."""
    until: int | None = None
    """The page that a row ends on, where that is another one."""
    scanned: bool = False
    """Whether OCR read it in a picture."""


def size_of(text: str) -> int:
    """How many characters of a text are seen."""
    return len("".join(text.split()))


def by_line(chars: Sequence[Char]) -> Iterator[list[Char]]:
    """Characters whose middles are level, from left to right."""
    line: list[Char] = []
    for char in sorted(chars, key=lambda char: (char.top + char.bottom) / 2):
        middle = (char.top + char.bottom) / 2
        if line and middle - (line[-1].top + line[-1].bottom) / 2 > 0.4 * char.size:
            yield sorted(line, key=lambda char: char.left)
            line = []
        line.append(char)
    if line:
        yield sorted(line, key=lambda char: char.left)


def text_of(line: Sequence[Char]) -> str:
    """A line's text; spaces only where they are wide or stand between Latin letters."""
    text = ""
    previous: Char | None = None
    for char in line:
        if char.text.isspace():
            continue
        if previous is not None:
            level = abs(char.top - previous.top) < 0.1 * char.size
            if level and abs(char.left - previous.left) < 0.1 * char.size and char.text == previous.text:
                continue  # drawn twice to look bold
            space = char.left - previous.right
            both = previous.text + char.text
            latin = both.isascii() and both.isalnum() and not both.isdigit()
            if space > 0.9 * char.size or (latin and space > 0.15 * char.size):
                text += " "
        text += _unified(char.text)
        previous = char
    return text.strip()


def _unified(text: str) -> str:
    """A character as it is written: fonts that draw 生 and ⽣ with one shape let the file say the radical."""
    if "\u2f00" <= text <= "\u2fdf":
        return unicodedata.normalize("NFKC", text)
    return fold(text) if "\u2e80" <= text <= "\u2eff" else text
