"""Automatic numbers of word processors: 一、 and (一) that are not in a paragraph's text but printed before it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from indexer.loaders.counting import branches, chinese, chinese_legal, circled, letters, roman, stems

_FULL_WIDTH = {ord("0") + digit: 0xFF10 + digit for digit in range(10)}
_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalHalfWidth": str,
    "decimalZero": lambda number: f"{number:02d}",
    "ordinal": str,
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "japaneseDigitalTenThousand": chinese,
    "ideographDigital": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "taiwaneseDigital": chinese,
    "chineseLegalSimplified": chinese_legal,
    "ideographLegalTraditional": chinese_legal,
    "japaneseLegal": chinese_legal,
    "ideographTraditional": stems,
    "ideographZodiac": branches,
    "lowerLetter": lambda number: letters(number).lower(),
    "upperLetter": letters,
    "lowerRoman": lambda number: roman(number).lower(),
    "upperRoman": roman,
    "decimalEnclosedCircle": circled,
    "decimalEnclosedCircleChinese": circled,
    "decimalFullWidth": lambda number: str(number).translate(_FULL_WIDTH),
    "decimalFullWidth2": lambda number: str(number).translate(_FULL_WIDTH),
    "decimalEnclosedParen": lambda number: f"({number})",
    "decimalEnclosedFullstop": lambda number: f"{number}.",
}
"""By name in Office Open XML (ST_NumberFormat). Bullets are left out, since they are not numbers."""


@dataclass(frozen=True, slots=True)
class Level:
    """How the paragraphs of one level of a list are numbered."""

    start: int
    format: str
    text: str
    """With %1, %2 … for the numbers of this level and those above."""
    restarts_below: int | None = None
    """A paragraph of a depth less than this restarts the count, 0 for none; None for any level above."""
    legal: bool = False
    """Whether the numbers of all levels are shown in Arabic digits."""


@dataclass(slots=True)
class Counters:
    """The automatic numbers of one document; call `next_number` for each paragraph in order."""

    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _started: set[tuple[str, int]] = field(default_factory=set)

    def next_number(self, counted: str, levels: Mapping[int, Level], depth: int, use: str, starts: Mapping[int, int]) -> str:
        """The number that is printed before a paragraph, "" if there is none.

        Args:
            counted: The key of the count, shared by all uses of a list that continue each other.
            levels: The list's levels by depth, 0 for the first.
            depth: The paragraph's depth.
            use: The use of the list that the paragraph refers to.
            starts: By depth, the numbers at which this use restarts when it first appears.
        """
        level = levels.get(depth)
        if level is None:
            return ""
        counts = self._counts.setdefault(counted, {})
        if depth in starts and (use, depth) not in self._started:
            counts[depth] = starts[depth]
        else:
            counts[depth] = counts.get(depth, level.start - 1) + 1
        self._started.add((use, depth))
        for deeper in [other for other in counts if other > depth]:
            below = levels[deeper].restarts_below if deeper in levels else None
            if below is None or depth < below:
                del counts[deeper]
        if level.format not in _FORMATS and level.format != "none":
            return ""

        def shown(match: re.Match[str]) -> str:
            other = levels.get(int(match[1]) - 1)
            if other is None or other.format == "none":
                return ""
            show = str if level.legal else _FORMATS.get(other.format, str)
            return show(counts.get(int(match[1]) - 1, other.start))

        number = re.sub(r"%([1-9])", shown, level.text).strip()
        # Without a space, a bare number would run into a figure at the start of the text.
        return number + " " if re.search(r"[0-9A-Za-z]$", number) else number
