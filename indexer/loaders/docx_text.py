"""The text of a paragraph of a Word file: what is shown, what is hidden, and attached elements that follow it."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from olefile import OleFileIO

from indexer.loaders.docx_charts import chart_texts
from indexer.loaders.docx_numbers import is_on, value
from indexer.loaders.docx_package import Part
from indexer.loaders.docx_pictures import shows_something
from indexer.loaders.equations import equation_text
from indexer.loaders.formulas import formula_text
from indexer.loaders.mtef import equation_native
from indexer.loaders.paragraph_text import ParagraphText
from indexer.loaders.symbols import in_font, symbol
from indexer.model import LeftOut

NOTES = {"w.footnoteReference": "footnotes", "w.endnoteReference": "endnotes"}
"""By element that refers to a note: the kind of part with the note."""
DELETED = frozenset({"w.del", "w.moveFrom"})
PROPERTIES = frozenset({"w.pPr", "w.rPr", "w.sectPr", "w.tblPr", "w.trPr", "w.tcPr", "w.sdtPr", "w.rubyPr"})
"""Elements without text."""
_SIGNS = {
    "w.tab": " ",
    "w.ptab": " ",
    "w.br": "\n",
    "w.cr": "\n",
    "w.noBreakHyphen": "-",
}
_SHOWN = frozenset({"w.t", "m.oMath", "w.sym", *_SIGNS})
_BEHIND = frozenset({"w.txbxContent", "v.textpath", "txBody", "relIds", *NOTES})
"""Text boxes, drawn text, SmartArt and notes."""
_WITH_TEXT = frozenset({"w.t", "w.delText", "m.t", "t", "v.textpath"})


@dataclass(slots=True)
class AttachedText(ParagraphText):
    """The text of a paragraph, and elements attached to it."""

    left_out: list[LeftOut] = field(default_factory=list)
    behind: list[Element] = field(default_factory=list)
    """Text boxes, notes and pictures, to be read after the paragraph."""

    def leave_out(self, piece: str, reason: str) -> None:
        """Record text that is not shown."""
        if text := " ".join(piece.split()):
            self.left_out.append(LeftOut(text, reason))


@dataclass(slots=True)
class TextReader:
    """Reads the text of the paragraphs of a part, in order: a field may begin in one and end in another."""

    part: Part
    hiding: Set[str]
    """Styles whose text is hidden."""
    objects: list[str] = field(default_factory=list)
    """The programs of embedded objects, which are not read."""
    _fields: list[str] = field(default_factory=list)
    """The instructions of the open fields."""

    def read(self, element: Element, text: AttachedText, *, bold: bool, hidden: bool) -> None:
        """Add the text below an element to `text`."""
        for child in read_children(element):
            tag = child.tag
            if tag in PROPERTIES:
                continue
            if tag in DELETED:
                text.leave_out(all_text(child), "hidden")
            elif tag == "w.rt":
                text.leave_out(all_text(child), "note")
            elif tag in _SHOWN:
                shown = _text_of(child)
                if re.search("[\uf020-\uf0ff]", shown) and (fonts := element.find("w.rPr/w.rFonts")) is not None:
                    shown = in_font(fonts.get("w.ascii") or fonts.get("w.hAnsi") or "", shown)
                if hidden:
                    text.leave_out(shown, "hidden")
                else:
                    text.add(shown, bold=bold)
            elif tag in _BEHIND:
                text.behind.append(child)
            elif tag == "w.r":
                self.read(child, text, bold=is_set(child, "w.b"), hidden=hidden or self._is_hidden(child))
            elif not self._take_object(child, element, text, bold=bold, hidden=hidden):
                self.read(child, text, bold=bold, hidden=hidden)

    def _take_object(self, child: Element, parent: Element, text: AttachedText, *, bold: bool, hidden: bool) -> bool:
        """Read a field, a chart, an embedded object or a picture; False if the element is none of these."""
        tag = child.tag
        if tag in ("w.fldChar", "w.instrText"):
            if formula := self._field(child):
                text.add(formula, bold=bold)
        elif tag == "chart" and "r.id" in child.attrib:
            if (name := self.part.target(child, "r.id")) is not None:
                for piece in chart_texts(self.part.package.xml(name)):
                    text.leave_out(piece, "chart")
        elif tag == "OLEObject":
            if (formula := self._formula(child)) is None:
                self.objects.append(child.get("ProgID") or "?")
            else:
                text.add(formula, bold=bold)
        elif tag == "pic" and child.find(".//blip") is not None:
            if not hidden:
                text.behind.append(child)
        elif tag == "v.shape" and parent.tag != "w.object" and child.find("v.imagedata") is not None and not hidden:
            text.behind.append(child)
            self.read(child, text, bold=bold, hidden=hidden)
        else:
            return False
        return True

    def _is_hidden(self, run: Element) -> bool:
        mark = run.find("w.rPr/w.vanish")
        return is_on(mark) if mark is not None else value(run, "w.rPr/w.rStyle") in self.hiding

    def _field(self, element: Element) -> str | None:
        """The formula of a field that ends here with only an instruction; a field's result is read as ordinary text."""
        if element.tag == "w.instrText":
            if self._fields:
                self._fields[-1] += element.text or ""
            return None
        kind = element.get("w.fldCharType")
        if kind == "begin":
            self._fields.append("")
        elif self._fields and kind == "separate":
            self._fields[-1] = ""
        elif self._fields and kind == "end":
            return equation_text(self._fields.pop())
        return None

    def _formula(self, element: Element) -> str | None:
        """The formula of an embedded object of the old equation editor or MathType; None if it is not one or cannot be read."""
        name = self.part.target(element, "r.id")
        if name is None or not (element.get("ProgID") or "").startswith("Equation"):
            return None
        try:
            with OleFileIO(io.BytesIO(self.part.package.read(name))) as ole:
                return equation_native(ole.openstream("Equation Native").read()) if ole.exists("Equation Native") else None
        except (OSError, IndexError, KeyError, TypeError, AttributeError, struct.error, RecursionError):
            return None


def _text_of(element: Element) -> str:
    if element.tag == "w.t":
        return element.text or ""
    if element.tag == "m.oMath":
        return formula_text(element)
    if element.tag == "w.sym":
        code = element.get("w.char") or ""
        return symbol(element.get("w.font") or "", int(code, 16)) if re.fullmatch("[0-9A-Fa-f]{1,4}", code) else ""
    return _SIGNS[element.tag]


def read_children(element: Element) -> Iterator[Element]:
    """An element's children, with one chosen of alternatives for old and new programs."""
    for child in element:
        if child.tag != "mc.AlternateContent":
            yield child
            continue
        choices = [choice for choice in child if choice.tag in ("mc.Choice", "mc.Fallback")]
        yield from next((choice for choice in choices if all_text(choice) or shows_something(choice)), ())


def all_text(element: Element) -> str:
    """All text below an element."""
    return "".join(
        below.get("string") or "" if below.tag == "v.textpath" else below.text or "" for below in element.iter() if below.tag in _WITH_TEXT
    )


def is_set(element: Element, name: str) -> bool:
    """Whether a run or a style has an on/off property on."""
    properties = element.find("w.rPr")
    return properties is not None and shows(properties, name)


def shows(properties: Element, name: str) -> bool:
    """Whether an on/off property is among these and on."""
    mark = properties.find(name)
    return mark is not None and is_on(mark)
