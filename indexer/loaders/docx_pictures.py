"""The sizes at which pictures in a Word file are shown."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

_EMU = 12_700.0
"""English Metric Units per point."""
_LENGTH = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*([^;\s]+)")
_UNITS = {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "px": 0.75, "": 0.75}
_PAGE = (595.0, 842.0)
_SHOWN = frozenset({"chart", "blip", "v.imagedata"})
"""Elements for which an alternative is chosen even if it has no text."""


def shown_size(element: Element) -> tuple[float, float]:
    """The width and height at which a picture is shown, in points; the size of a page if not stated."""
    if (extent := element.find("spPr/xfrm/ext")) is not None:
        sides = [extent.get(name) or "" for name in ("cx", "cy")]
        return (int(sides[0]) / _EMU, int(sides[1]) / _EMU) if all(side.isdecimal() and len(side) < 12 for side in sides) else _PAGE
    style = dict(_LENGTH.findall(element.get("style") or ""))
    lengths = [re.fullmatch(r"(\d{1,6}(?:\.\d+)?)(pt|in|cm|mm|px|)", style.get(name, "")) for name in ("width", "height")]
    width, height = (float(length[1]) * _UNITS[length[2]] if length else None for length in lengths)
    return (width, height) if width is not None and height is not None else _PAGE


def shows_something(choice: Element) -> bool:
    """Whether one of several alternative drawings contains a picture or a chart."""
    return not _SHOWN.isdisjoint(below.tag for below in choice.iter())
