"""The numbers that a browser prints before the items of an <ol>."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from selectolax.lexbor import LexborNode

from indexer.loaders.counting import chinese, letters, roman

_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([^;]+)", re.IGNORECASE)
_STYLES: dict[str, Callable[[int], str]] = {
    "decimal": lambda number: f"{number}.",
    "decimal-leading-zero": lambda number: f"{number:02d}.",
    "lower-alpha": lambda number: letters(number).lower() + ".",
    "upper-alpha": lambda number: letters(number) + ".",
    "lower-roman": lambda number: roman(number).lower() + ".",
    "upper-roman": lambda number: roman(number) + ".",
    "cjk-ideographic": lambda number: chinese(number) + "、",
}
_SAME = dict.fromkeys(("cjk-decimal", "simp-chinese-informal", "simp-chinese-formal", "trad-chinese-informal"), "cjk-ideographic") | {
    "lower-latin": "lower-alpha",
    "upper-latin": "upper-alpha",
}
_NO_NUMBER = frozenset(("none", "disc", "circle", "square"))
_TYPES = {"1": "decimal", "a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}


def list_markers(ordered: LexborNode, children: Sequence[LexborNode]) -> dict[int, str]:
    """The numbers of an <ol>'s items by their index in `children`; items whose style prints no number are left out."""
    style = _style_of(ordered, "decimal")
    number = _whole(ordered.attributes.get("start"), 1)
    found = {}
    for order, child in enumerate(children):
        if child.tag == "li":
            number = _whole(child.attributes.get("value"), number)
            if (show := _STYLES.get(_style_of(child, style))) is not None:
                found[order] = show(number)
            number += 1
    return found


def _style_of(node: LexborNode, otherwise: str) -> str:
    """The name of the list style of a list or an item, which may be one that prints no number."""
    declared = _STYLE.findall(node.attributes.get("style") or "")
    names = [name.lower() for name in declared[-1].split()] if declared else []
    known = [_SAME.get(name, name) for name in names if name in _STYLES or name in _SAME or name in _NO_NUMBER]
    return known[0] if known else _TYPES.get(node.attributes.get("type") or "", otherwise)


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch(r"-?\d{1,6}", text.strip()) else otherwise
