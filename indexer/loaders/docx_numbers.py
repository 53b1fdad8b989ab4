"""The automatic numbers of a Word file: its lists, and which of them each paragraph belongs to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from indexer.loaders.numbering import Counters, Level


@dataclass(frozen=True, slots=True)
class _Use:
    counted: str
    levels: dict[int, Level]
    starts: dict[int, int]
    level_of_style: dict[str, int]


@dataclass(slots=True)
class Numbering:
    """The automatic numbers of one document; call `next_number` for each paragraph in order."""

    _uses: dict[str, _Use] = field(default_factory=dict)
    _of_style: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)
    _counters: Counters = field(default_factory=Counters)

    def read(self, numbering: Element | None, styles: Element | None) -> None:
        """Read the lists and the styles of the document."""
        if styles is not None:
            bases = {}
            for style in styles.iter("w.style"):
                name = style.get("w.styleId") or ""
                self._of_style[name] = _named(style)
                bases[name] = value(style, "w.basedOn")
            for name in list(self._of_style):
                self._of_style[name] = self._inherited(name, bases)
        if numbering is None:
            return
        lists = {abstract.get("w.abstractNumId") or "": abstract for abstract in numbering.iter("w.abstractNum")}
        linked = {link: name for name, abstract in lists.items() if (link := value(abstract, "w.styleLink"))}
        for number in numbering.iter("w.num"):
            name = value(number, "w.abstractNumId") or ""
            if name in lists and (link := value(lists[name], "w.numStyleLink")):
                name = linked.get(link, name)
            levels, starts, of_style = {}, {}, {}
            for level in lists[name].iter("w.lvl") if name in lists else ():
                levels[_number(level.get("w.ilvl"))] = _level(level)
                if style_name := value(level, "w.pStyle"):
                    of_style[style_name] = _number(level.get("w.ilvl"))
            for override in number.iter("w.lvlOverride"):
                depth = _number(override.get("w.ilvl"))
                if (changed := override.find("w.lvl")) is not None:
                    levels[depth] = _level(changed)
                if (start := value(override, "w.startOverride")) is not None:
                    starts[depth] = _number(start)
            self._uses[number.get("w.numId") or ""] = _Use(name, levels, starts, of_style)

    def next_number(self, paragraph: Element, style: str | None) -> str:
        """The number that is printed before a paragraph, "" if it is not numbered."""
        name, level = _named(paragraph)
        inherited = self._of_style.get(style) if style else None
        if name is None and inherited is not None:
            name, level = inherited[0], level or inherited[1]
        use = self._uses.get(name or "")
        if use is None or name is None:
            return ""
        depth = use.level_of_style.get(style or "", 0) if level is None else _number(level)
        return self._counters.next_number(use.counted, use.levels, depth, name, use.starts)

    def _inherited(self, style: str, bases: dict[str, str | None]) -> tuple[str | None, str | None]:
        """The list and the level of a style, or of the nearest style that it is based on."""
        seen: set[str] = set()
        name: str | None = style
        level = None
        while name is not None and name not in seen:
            seen.add(name)
            number, own = self._of_style.get(name, (None, None))
            level = level or own
            if number is not None:
                return number, level
            name = bases.get(name)
        return None, level


def _level(level: Element) -> Level:
    restart = value(level, "w.lvlRestart")
    legal = level.find("w.isLgl")
    number_format = level.find(".//w.numFmt")
    shown = number_format.get("w.val") or "" if number_format is not None else "decimal"
    return Level(
        _number(value(level, "w.start"), 1 if shown != "bullet" else 0),
        shown,
        value(level, "w.lvlText") or "",
        None if restart is None else _number(restart),
        legal is not None and is_on(legal),
    )


def _named(element: Element) -> tuple[str | None, str | None]:
    """The list and the level stated in a paragraph or a style."""
    properties = element.find("w.pPr/w.numPr")
    return (None, None) if properties is None else (value(properties, "w.numId"), value(properties, "w.ilvl"))


def value(element: Element, name: str) -> str | None:
    """The value of a child element, None if there is no such child."""
    child = element.find(name)
    return child.get("w.val") if child is not None else None


def is_on(mark: Element) -> bool:
    """Whether an on/off property is on."""
    return mark.get("w.val") not in ("0", "false", "off")


def _number(text: str | None, absent: int = 0) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,4}", text) else absent
