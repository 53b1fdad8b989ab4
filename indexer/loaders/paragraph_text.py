"""What the loaders of Word and RTF files share: the text of a paragraph with its bold beginning, and the lines of a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from indexer.loaders.document import Line

_Piece = TypeVar("_Piece")


@dataclass(slots=True)
class ParagraphText:
    """The displayed text of a paragraph, collected piece by piece."""

    shown: str = ""
    bold: int = 0
    """How many characters at the start of `shown` are bold."""

    def add(self, piece: str, *, bold: bool) -> None:
        """Append text that is shown."""
        if bold and self.bold == len(self.shown):
            self.bold += len(piece)
        self.shown += piece

    def lines(self, number: str = "", role: int | None = None) -> Iterator[Line]:
        """The paragraph's lines, several if it has line breaks; `number` is put before the text, `role` is their `Line.heading`."""
        bold = self.bold + len(number) if self.bold else 0
        for line in (number + self.shown).split("\n"):
            if shown := whole(line).strip():
                leading = len(line) - len(line.lstrip())
                yield Line(shown, min(max(0, bold - leading), len(shown)), role)
            bold = max(0, bold - len(line) - 1)


def whole(text: str) -> str:
    """A text with surrogate pairs joined into single characters."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") if re.search("[\ud800-\udfff]", text) else text


def table_pieces(rows: Sequence[Sequence[Sequence[_Piece]]]) -> Iterator[_Piece | Line]:
    """A table's rows as lines, each after whatever else its cells contain; for a table of one column, which is a frame, its paragraphs."""
    framed = all(len(cells) == 1 for cells in rows)
    for cells in rows:
        if framed:
            yield from cells[0]
            continue
        yield from (piece for cell in cells for piece in cell if not isinstance(piece, Line))
        texts = [" ".join(" ".join(piece.text for piece in cell if isinstance(piece, Line)).split()) for cell in cells]
        if any(texts):
            yield Line(" | ".join(texts).strip())
