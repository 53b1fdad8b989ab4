"""Converts a formula of a Word file (Office Math) to text on one line: (a+b)/c, x^2, √16."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

_SIMPLE = re.compile(r"[\w.%]*")


def formula_text(element: Element) -> str:
    """The text of a formula, or of a part of one."""
    tag = element.tag
    if tag in ("m.t", "w.t"):
        return element.text or ""
    if tag in ("m.del", "w.del", "w.rPr", "m.rPr"):
        return ""
    if tag == "m.f":
        return f"{_part(element, 'm.num')}/{_part(element, 'm.den')}"
    if tag in ("m.sSup", "m.sSub", "m.sSubSup"):
        sub, sup = element.find("m.sub"), element.find("m.sup")
        shown = _part(element, "m.e")
        if sub is not None:
            shown += "_" + _part(element, "m.sub")
        return shown + ("^" + _part(element, "m.sup") if sup is not None else "")
    if tag == "m.rad":
        return _inside(element, "m.deg") + "√" + _part(element, "m.e")
    if tag == "m.d":
        begin, end = (_property(element, f"m.dPr/{name}", otherwise) for name, otherwise in (("m.begChr", "("), ("m.endChr", ")")))
        separator = _property(element, "m.dPr/m.sepChr", "|")
        return begin + separator.join(formula_text(part) for part in element.findall("m.e")) + end
    if tag == "m.nary":
        sign = _property(element, "m.naryPr/m.chr", "∫")
        return sign + _inside(element, "m.sub") + _inside(element, "m.sup") + _inside(element, "m.e")
    if tag in ("m.eqArr", "m.m", "m.mr"):
        return " ".join(filter(None, map(formula_text, element)))
    return "".join(map(formula_text, element))


def _inside(element: Element, name: str) -> str:
    part = element.find(name)
    return formula_text(part) if part is not None else ""


def _part(element: Element, name: str) -> str:
    """A child's text, in brackets if it is more than a number or a name."""
    return in_brackets(_inside(element, name))


def in_brackets(shown: str) -> str:
    """Part of a formula, in brackets if it is more than a number or a name."""
    return shown if _SIMPLE.fullmatch(shown) else f"({shown})"


def _property(element: Element, name: str, otherwise: str) -> str:
    found = element.find(name)
    return otherwise if found is None else found.get("m.val", "")
