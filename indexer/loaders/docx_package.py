"""The parts of an Office Open XML file (ISO/IEC 29500, transitional or strict): their XML and their relationships."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

_MAX_UNPACKED = 200_000_000
_MAX_PARTS = 5_000
_MAX_RATIO = 400
"""Word's XML shrinks by a factor of ten or twenty; a bomb by a thousand."""
_MAX_DEPTH = 250
_PREFIXES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w.",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w.",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m.",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m.",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r.",
    "http://purl.oclc.org/ooxml/officeDocument/relationships": "r.",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc.",
    "urn:schemas-microsoft-com:vml": "v.",
    "http://purl.org/dc/elements/1.1/": "dc.",
}
"""Prefixes of element names by namespace; names from other namespaces have none."""


class Relation(NamedTuple):
    """A reference from one part to another."""

    kind: str
    """The last word of its type: "header", "footnotes", "image" …"""
    target: str
    """The name of a part, which may be missing from the package."""


class _Builder(TreeBuilder):
    """Builds elements with short names; refuses nesting deeper than in any real file, and declared entities."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0
        self._names: dict[str, str] = {}

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise ValueError("its XML is nested deeper than any report's")
        return super().start(self._short(tag), {self._short(name): value for name, value in attrs.items()})

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(self._short(tag))

    def doctype(self, name: str, public: str | None, system: str | None, /) -> None:
        raise ValueError("it declares XML entities, which no Word file does")

    def _short(self, name: str) -> str:
        if (short := self._names.get(name)) is None:
            space, _, local = name.removeprefix("{").rpartition("}")
            short = self._names[name] = _PREFIXES.get(space, "") + local
        return short


class Package:
    """An open package.

    Raises:
        ValueError: The content is not a package, is damaged or encrypted, or unpacks to more than any report has.
    """

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
            raise _damaged(error) from error
        parts = self._zip.infolist()
        # zipfile never unpacks more than a part declares.
        unpacked = sum(part.file_size for part in parts)
        bombs = any(part.file_size > 10_000_000 and part.file_size > _MAX_RATIO * part.compress_size for part in parts)
        if unpacked > _MAX_UNPACKED or len(parts) > _MAX_PARTS or bombs:
            raise ValueError(f"it unpacks to {unpacked:,} bytes in {len(parts):,} parts; no report does")
        if any(part.flag_bits & 1 for part in parts):
            raise ValueError("it is encrypted with a password; open it in Word and save it without one")
        self._names = {part.filename.lower(): part.filename for part in parts}

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._names

    def read(self, name: str) -> bytes:
        """A part's content."""
        try:
            return self._zip.read(self._names[name.lower()])
        except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, RuntimeError, NotImplementedError, OSError) as error:
            raise _damaged(error) from error

    def xml(self, name: str) -> Element:
        """A part's root element."""
        parser = XMLParser(target=_Builder())
        try:
            parser.feed(self.read(name))
            root = parser.close()
        except (ParseError, LookupError) as error:
            raise _damaged(error) from error
        if not isinstance(root, Element):
            raise _damaged(ValueError(f"{name} is empty"))
        return root

    def relations(self, name: str) -> dict[str, Relation]:
        """By id, the relations of a part to others in the package; `name` is "" for the package itself."""
        folder, file = posixpath.split(name)
        listing = posixpath.join(folder, "_rels", f"{file}.rels")
        if listing not in self:
            return {}
        found = {}
        for relation in self.xml(listing).iter("Relationship"):
            if relation.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/" + folder, relation.get("Target") or "")).lstrip("/")
                found[relation.get("Id") or ""] = Relation((relation.get("Type") or "").rpartition("/")[2], target)
        return found


class Part:
    """One part of a package, with its relations."""

    def __init__(self, package: Package, name: str) -> None:
        self.package = package
        self.relations = package.relations(name)

    def target(self, element: Element, *attributes: str) -> str | None:
        """The name of the part that an element refers to by the first of these attributes that it has; None if there is no such part."""
        relation = self.relations.get(next(filter(None, map(element.get, attributes)), ""))
        return relation.target if relation is not None and relation.target in self.package else None

    def of_kind(self, kind: str) -> list[str]:
        """The distinct names of the existing parts of a kind that this part refers to."""
        names = dict.fromkeys(relation.target for relation in self.relations.values() if relation.kind == kind)
        return [name for name in names if name in self.package]


def _damaged(error: Exception) -> ValueError:
    return ValueError(f"it is no Word file, or a damaged one ({error}); open it in Word and save it anew")
