"""Reads OFD files (GB/T 33190), which are zips of XML: text objects, ruled tables and watermarks of each page with positions.

The format: OFD.xml names the document, which names its pages and templates; a page has layers of text, path and composite objects.
Lengths are in millimetres from the top left. Names are matched without their namespace, of which several are in use.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from math import atan2, degrees, hypot, sqrt
from xml.etree import ElementTree

from indexer.loaders.directions import Drawn, quarters, sheets_of
from indexer.loaders.document import Document
from indexer.loaders.ofd_package import Package, elements, float_of, floats, name_of, text_at
from indexer.loaders.printed import read_sheets
from indexer.loaders.ruled import MAX_RULES, ruled_tables
from indexer.loaders.sheets import Box, Char, Sheet
from indexer.model import LeftOut
from indexer.remarks import Remark

_MAX_PAGES = 300
_MAX_OBJECTS = 300_000
_MAX_CHARACTERS = 1_000_000
_MAX_DEPTH = 16
_POINTS = 72 / 25.4
_A4 = (0.0, 0.0, 210.0, 297.0)
_CURVES = frozenset("BQA")
"""The path commands that draw curves; C closes a path."""
_DRAWN_SHAPES = 20
"""A page with so many filled shapes with curves has words drawn as shapes, such as a letterhead."""

_Transform = tuple[float, float, float, float, float, float]
"""a, b, c, d, e, f: x becomes ax + cy + e, y becomes bx + dy + f."""


def load_ofd(content: bytes) -> Document:
    """The paragraphs and table rows of an OFD file.

    Raises:
        ValueError: It is not an OFD file, is damaged, encrypted or too large, or has only pictures and drawn shapes.
    """
    package = Package(content)
    reader = _Reader(package)
    sheets = reader.sheets()
    text = read_sheets(sheets)
    if not text.lines:
        raise ValueError("no text in it: its pages are pictures or drawn shapes; get it with text, or run it through OCR first")
    remarks = [*text.remarks, *reader.remarks, *(Remark("page-without-text", page=number) for number in text.empty)]
    left_out = [*text.left_out, *((len(text.lines), piece) for piece in reader.left_out)]
    return Document(text.lines, "ofd", titles=reader.titles, left_out=left_out, remarks=remarks)


@dataclass(slots=True)
class _Page:
    """The contents of a page."""

    drawn: list[Drawn] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    """Annotations declared as watermarks."""
    hidden: list[str] = field(default_factory=list)
    rules: list[Box] = field(default_factory=list)
    """Horizontal and vertical lines."""
    shapes: int = 0
    """Filled shapes with curves."""
    incomplete: bool = False
    """Whether it refers to something that is missing from the file."""


class _Reader:
    """The document of a package, page by page."""

    def __init__(self, package: Package) -> None:
        self.titles: list[str] = []
        self.remarks: list[Remark] = []
        self.left_out: list[LeftOut] = []
        self._package = package
        self._parsed: dict[str, ElementTree.Element] = {}
        self._units: dict[str, ElementTree.Element] = {}
        self._objects = self._characters = 0

    def sheets(self) -> list[Sheet]:
        """All pages.

        Raises:
            ValueError: It is not an OFD file, or is damaged or encrypted.
        """
        entry = self._package.find("OFD.xml")
        if entry is None:
            encrypted = self._package.find("Encryptions.xml") or self._package.find("OFDEntries.xml")
            raise ValueError("it is encrypted; save it without a password" if encrypted else "it is no OFD file: OFD.xml is missing")
        sheets: list[Sheet] = []
        for body in elements(self._xml(entry), "DocBody"):
            if title := text_at(body, "DocInfo", "Title"):
                self.titles.append(title)
            root = self._package.find(text_at(body, "DocRoot"), entry)
            if root is None:
                raise ValueError("it is damaged: the document that OFD.xml names is missing; get it anew")
            sheets += self._document(root, len(sheets))
        if not sheets:
            raise ValueError("no page in it although it is an OFD file")
        return sheets

    def _xml(self, name: str) -> ElementTree.Element:
        if name not in self._parsed:
            self._parsed[name] = self._package.xml(name)
        return self._parsed[name]

    def _document(self, root: str, before: int) -> Iterator[Sheet]:
        document = self._xml(root)
        common = next(elements(document, "CommonData"), None)
        box = floats(text_at(common, "PageArea", "PhysicalBox"), 4) or _A4
        templates = {item.get("ID"): self._package.find(item.get("BaseLoc"), root) for item in elements(common, "TemplatePage")}
        for kind in ("PublicRes", "DocumentRes"):
            for resource in elements(common, kind):
                self._read_units(self._package.find(resource.text, root))
        pages = list(elements(document, "Pages", "Page"))
        if before + len(pages) > _MAX_PAGES:
            raise ValueError(f"{before + len(pages)} pages; expected at most {_MAX_PAGES}")
        notes, missing = self._annotations(root, document)
        for number, page in enumerate(pages, before + 1):
            if missing & {page.get("ID"), None}:
                self.remarks.append(Remark("page-incomplete", page=number))
            location = self._package.find(page.get("BaseLoc"), root)
            if location is None:
                raise ValueError(f"it is damaged: page {number} is missing; get it anew")
            yield from self._page(number, location, box, templates, notes.get(page.get("ID"), []))

    def _read_units(self, name: str | None) -> None:
        if name is not None:
            for unit in elements(self._xml(name), "CompositeGraphicUnits", "CompositeGraphicUnit"):
                self._units.setdefault(unit.get("ID", ""), unit)

    def _annotations(self, root: str, document: ElementTree.Element) -> tuple[dict[str | None, list[ElementTree.Element]], set[str | None]]:
        """The annotations by page ID, and the IDs of pages whose annotations are missing from the file (None: of all pages)."""
        found: dict[str | None, list[ElementTree.Element]] = defaultdict(list)
        missing: set[str | None] = set()
        location = text_at(document, "Annotations")
        name = self._package.find(location, root)
        if name is None:
            return found, {None} if location else missing
        for page in elements(self._xml(name), "Page"):
            part = self._package.find(text_at(page, "FileLoc"), name)
            if part is None:
                missing.add(page.get("PageID", ""))
            else:
                found[page.get("PageID")] += elements(self._xml(part), "Annot")
        return found, missing

    def _page(
        self,
        number: int,
        location: str,
        box: tuple[float, ...],
        templates: dict[str | None, str | None],
        notes: list[ElementTree.Element],
    ) -> Iterator[Sheet]:
        root = self._xml(location)
        self._parsed.pop(location)  # each page is read once
        left, top, width, height = floats(text_at(root, "Area", "PhysicalBox"), 4) or box
        for resource in elements(root, "PageRes"):
            self._read_units(self._package.find(resource.text, location))
        base = (_POINTS, 0.0, 0.0, _POINTS, -left * _POINTS, -top * _POINTS)
        page = _Page()
        for used in elements(root, "Template"):
            template = templates.get(used.get("TemplateID"))
            if template is None:
                self.remarks.append(Remark("page-incomplete", page=number))
            else:
                for layer in elements(self._xml(template), "Content", "Layer"):
                    self._walk(layer, base, page, 0)
        for layer in elements(root, "Content", "Layer"):
            self._walk(layer, base, page, 0)
        for note in notes:
            self._lay_on(note, base, page)
        if page.incomplete:
            self.remarks.append(Remark("page-incomplete", page=number))
        size = (width * _POINTS, height * _POINTS)
        inside = [item for item in page.drawn if _is_on(item.char, *size)]
        outside = "".join(item.char.text for item in page.drawn if not _is_on(item.char, *size))
        self.left_out += [LeftOut(text, "watermark") for text in page.marks]
        self.left_out += [LeftOut(text.strip(), "hidden") for text in (*page.hidden, outside) if text.strip()]
        if page.shapes >= _DRAWN_SHAPES and inside:
            self.remarks.append(Remark("text-drawn", page=number))
        found, vertical = sheets_of(number, size[0], size[1], inside, ruled_tables(page.rules))
        if vertical:
            self.remarks.append(Remark("text-vertical", page=number))
        yield from found

    def _lay_on(self, note: ElementTree.Element, base: _Transform, page: _Page) -> None:
        own = _Page()
        for appearance in elements(note, "Appearance"):
            self._walk(appearance, _within(base, appearance), own, 0)
        if note.get("Type") == "Watermark":
            text = "".join(item.char.text for item in own.drawn).strip()
            page.marks += [text] if text else []
        elif note.get("Visible", "true").lower() == "false":
            page.hidden.append("".join(item.char.text for item in own.drawn))
        else:
            page.drawn += own.drawn

    def _walk(self, parent: ElementTree.Element, transform: _Transform, page: _Page, depth: int) -> None:
        """Add everything drawn below an element to a page."""
        for element in parent:
            self._objects += 1
            if self._objects > _MAX_OBJECTS or self._characters > _MAX_CHARACTERS:
                raise ValueError("more is drawn on its pages than any report holds")
            name = name_of(element)
            if name == "TextObject":
                self._write(element, transform, page)
            elif name == "PathObject":
                _draw(element, transform, page)
            elif name == "PageBlock" and depth < _MAX_DEPTH:
                self._walk(element, transform, page, depth + 1)
            elif name == "CompositeObject" and depth < _MAX_DEPTH:
                unit = self._units.get((element.get("ResourceID") or "").strip())
                page.incomplete |= unit is None
                for content in elements(unit, "Content"):
                    self._walk(content, _within(transform, element), page, depth + 1)

    def _write(self, element: ElementTree.Element, outer: _Transform, page: _Page) -> None:
        """Add the characters of a text object to a page."""
        transform = _within(outer, element)
        a, b, c, d, _, _ = transform
        size = float_of(element.get("Size"), 0.0)
        scale = sqrt(abs(a * d - b * c)) or 1.0
        turn = quarters(-degrees(atan2(b, a)) - float_of(element.get("CharDirection"), 0.0))
        faint = _is_faint(element)
        seen = element.get("Visible", "true").lower() != "false"
        x = y = 0.0
        for code in elements(element, "TextCode"):
            text = "".join(
                " " if char.isspace() else char for char in code.text or "" if char.isspace() or unicodedata.category(char) != "Cc"
            )
            self._characters += len(text)
            if not seen:
                page.hidden.append(text)
                continue
            x, y = float_of(code.get("X"), x), float_of(code.get("Y"), y)
            across, down = _deltas(code.get("DeltaX"), len(text)), _deltas(code.get("DeltaY"), len(text))
            left, base = x, y
            for at, char in enumerate(text):
                width = size if unicodedata.east_asian_width(char) in "WFA" else 0.5 * size
                step = across[at] if at < len(across) else None
                right = left + (min(width, step) if step and step > 0.3 * width else width)
                page.drawn.append(
                    Drawn(_placed(char, (left, base - 0.85 * size, right, base + 0.15 * size), transform, size * scale), turn, faint)
                )
                left += step if step is not None else 0.0 if at < len(down) else width
                base += down[at] if at < len(down) else 0.0


def _within(outer: _Transform, element: ElementTree.Element) -> _Transform:
    """The transform from an object's coordinates to the page's: its matrix, then a translation to its corner."""
    box = floats(element.get("Boundary"), 4) or (0.0, 0.0, 0.0, 0.0)
    a, b, c, d, e, f = floats(element.get("CTM"), 6) or (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    e, f = e + box[0], f + box[1]
    oa, ob, oc, od, oe, of = outer
    return (oa * a + oc * b, ob * a + od * b, oa * c + oc * d, ob * c + od * d, oa * e + oc * f + oe, ob * e + od * f + of)


def _moved(x: float, y: float, transform: _Transform) -> tuple[float, float]:
    a, b, c, d, e, f = transform
    return (a * x + c * y + e, b * x + d * y + f)


def _placed(char: str, box: Box, transform: _Transform, size: float) -> Char:
    left, top, right, bottom = box
    corners = [_moved(x, y, transform) for x in (left, right) for y in (top, bottom)]
    across, down = [x for x, _ in corners], [y for _, y in corners]
    return Char(char, min(across), max(across), min(down), max(down), max(size, 0.1))


def _is_on(char: Char, width: float, height: float) -> bool:
    return char.right > -6 and char.left < width + 6 and char.bottom > -6 and char.top < height + 6


def _deltas(value: str | None, limit: int) -> list[float]:
    """The steps from character to character; `g 3 4.2` means three steps of 4.2."""
    words = (value or "").split()
    found: list[float] = []
    at = 0
    while at < len(words) and len(found) < limit:
        if words[at] == "g" and at + 2 < len(words):
            count = int(min(float_of(words[at + 1], 0.0), limit - len(found)))
            found += [float_of(words[at + 2], 0.0)] * count
            at += 3
        else:
            found.append(float_of(words[at], 0.0))
            at += 1
    return found


def _is_faint(element: ElementTree.Element) -> bool:
    """Whether a text has a light or transparent fill colour, as watermarks do."""
    fill = next(elements(element, "FillColor"), None)
    alpha = min(float_of(element.get("Alpha"), 255.0), float_of(fill.get("Alpha"), 255.0) if fill is not None else 255.0)
    value = (fill.get("Value") or "").split() if fill is not None else []
    color = [float_of(part, 0.0) / 255 for part in value]
    return alpha < 128 or (len(color) in (1, 3) and min(color) > 0.6)


# Tables.


def _draw(element: ElementTree.Element, outer: _Transform, page: _Page) -> None:
    """Add a path's horizontal and vertical lines to a page; shapes with curves are only counted."""
    data = (text_at(element, "AbbreviatedData") or "").split()
    if _CURVES.intersection(data):
        page.shapes += element.get("Fill", "false").lower() == "true"
        return
    transform = _within(outer, element)
    points: list[tuple[float, float]] = []
    start: tuple[float, float] | None = None
    for at, word in enumerate(data[: 6 * MAX_RULES]):
        if word in ("M", "S", "L"):
            numbers = floats(" ".join(data[at + 1 : at + 3]), 2)
            if numbers is None:
                return
            point = _moved(numbers[0], numbers[1], transform)
            if word != "L":
                _add_rules(points, page)
                points, start = [], point
            points.append(point)
        elif word == "C" and start:
            points.append(start)
    _add_rules(points, page)


def _add_rules(points: list[tuple[float, float]], page: _Page) -> None:
    for (x0, y0), (x1, y1) in pairwise(points):
        if min(abs(x1 - x0), abs(y1 - y0)) < 1 and hypot(x1 - x0, y1 - y0) > 4:
            page.rules.append((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))
