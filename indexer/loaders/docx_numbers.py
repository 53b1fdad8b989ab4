"""Word's automatic numbers: 一、 and (一) that stand in no paragraph's text but are printed before it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from indexer.loaders.counting import branches, chinese, chinese_legal, circled, letters, roman, stems

_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02d}",
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "ideographDigital": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "chineseLegalSimplified": chinese_legal,
    "ideographTraditional": stems,
    "ideographZodiac": branches,
    "lowerLetter": lambda number: letters(number).lower(),
    "upperLetter": letters,
    "lowerRoman": lambda number: roman(number).lower(),
    "upperRoman": roman,
    "decimalEnclosedCircle": circled,
    "decimalEnclosedCircleChinese": circled,
    "decimalFullWidth": lambda number: str(number).translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)}),
    "decimalEnclosedParen": lambda number: f"({number})",
    "decimalEnclosedFullstop": lambda number: f"{number}.",
}
"""Bullets are left out: they number nothing."""


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    format: str
    text: str
    """With %1, %2 … for the numbers of this level and those above."""


@dataclass(slots=True)
class Numbering:
    """The numbers of one document; asked for each paragraph in order."""

    word: WordDocument
    _levels: dict[tuple[str, int], _Level] = field(default_factory=dict)
    _abstract: dict[str, str] = field(default_factory=dict)
    _of_style: dict[str, tuple[str, int]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        part = next((rel.target_part for rel in self.word.part.rels.values() if rel.reltype.endswith("/numbering")), None)
        root = getattr(part, "element", None)
        if root is None:
            return
        for abstract in root.iter(qn("w:abstractNum")):
            name = abstract.get(qn("w:abstractNumId"))
            for level in abstract.iter(qn("w:lvl")):
                self._levels[name, _number(level.get(qn("w:ilvl")))] = _Level(
                    _number(_value(level, "w:start"), 1), _value(level, "w:numFmt") or "", _value(level, "w:lvlText") or ""
                )
        for number in root.iter(qn("w:num")):
            self._abstract[number.get(qn("w:numId"))] = _value(number, "w:abstractNumId") or ""
        for style in self.word.styles.element.iter(qn("w:style")):
            if given := _given(style):
                self._of_style[style.get(qn("w:styleId"))] = given

    def next_number(self, paragraph: BaseOxmlElement, style: str | None) -> str:
        """What is printed before a paragraph, "" where nothing is counted."""
        given = _given(paragraph) or (self._of_style.get(style) if style else None)
        if given is None:
            return ""
        abstract, depth = self._abstract.get(given[0], ""), given[1]
        level = self._levels.get((abstract, depth))
        if level is None or level.format not in _FORMATS:
            return ""
        counts = self._counts.setdefault(abstract, {})
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [other for other in counts if other > depth]:
            del counts[deeper]
        return re.sub(r"%([1-9])", lambda match: self._shown(abstract, int(match[1]) - 1), level.text)

    def _shown(self, abstract: str, depth: int) -> str:
        level = self._levels.get((abstract, depth))
        if level is None:
            return ""
        return _FORMATS.get(level.format, str)(self._counts[abstract].get(depth, level.start))


def _given(element: BaseOxmlElement) -> tuple[str, int] | None:
    """The list and the level that a paragraph or a style names."""
    properties = element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
    number = _value(properties, "w:numId") if properties is not None else None
    return (number, _number(_value(properties, "w:ilvl"))) if number and properties is not None else None


def _value(element: BaseOxmlElement, name: str) -> str | None:
    child = element.find(qn(name))
    return child.get(qn("w:val")) if child is not None else None


def _number(text: str | None, absent: int = 0) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,4}", text) else absent
