"""The contents of a printed page: positioned characters, ruled tables, and the lines that they form. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from indexer.analysis.fold import fold

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(slots=True)
class Char:
    """A character, or the value of a form field, with its position in points from the top left."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float


@dataclass(slots=True)
class Sheet:
    """The contents of a page, or those in one writing direction, rotated so that lines run from left to right."""

    page: int
    """From 1."""
    width: float
    height: float
    chars: list[Char] = field(default_factory=list)
    tables: list[list[list[Box | None]]] = field(default_factory=list)
    """Ruled tables as rows of several cells, None for a cell covered by a spanning one; one with a single row may not be a table."""
    pale: list[Char] = field(default_factory=list)
    """Characters of a light colour or an unusual size, which are watermarks if they repeat or lie over the text."""
    oblique: list[Char] = field(default_factory=list)
    """Characters at an angle, in drawing order."""
    faint: bool = False
    """Whether the oblique characters have a light colour."""
    runs: list[list[Char]] | None = None
    """The lines, if they cannot be found from the characters' positions."""
    main: bool = True
    """Whether this is the main direction of the page, or the upright one."""
    scanned: bool = False
    """Whether OCR read it in a picture."""
    aside: list[tuple[str, list[Char]]] = field(default_factory=list)
    """Lines that are not part of the text, each with the reason."""


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
    """The page, and the number of the line's block on it."""
    measure: tuple[int, ...] = ()
    """The page's size and the column; lines with equal values have the same layout."""
    edge: str | None = None
    """"top" or "bottom" if it is where page numbers and running heads are."""
    table: int | None = None
    """The number of the table if the line is a row."""
    note: bool = False
    """Whether it is part of a footnote."""
    left_out: str | None = None
    """Why it is not part of the text, None if it is."""
    cells: tuple[str, ...] = ()
    """The cells if the line is a row of a ruled table."""
    until: int | None = None
    """The page on which a row ends, if not `page`."""
    scanned: bool = False
    """Whether OCR read it in a picture."""


def size_of(text: str) -> int:
    """How many visible characters a text has."""
    return len("".join(text.split()))


def by_line(chars: Sequence[Char]) -> Iterator[list[Char]]:
    """Group characters whose middles are level into lines, from top to bottom; each line from left to right."""
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
    """A line's text, with spaces only for wide gaps and between Latin letters."""
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
    """The usual character for a radical: with fonts that draw 生 and ⽣ alike, files may contain the radical."""
    if "\u2f00" <= text <= "\u2fdf":
        return unicodedata.normalize("NFKC", text)
    return fold(text) if "\u2e80" <= text <= "\u2eff" else text
