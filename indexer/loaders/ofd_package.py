"""The parts of an OFD file and their XML. Names are matched without their namespace, of which several are in use."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from math import isfinite
from xml.etree import ElementTree

_MAX_PARTS = 20_000
_MAX_PART = 32_000_000
_MAX_UNPACKED = 200_000_000
_MAX_RATIO = 400
"""XML is compressed by a factor of ten or twenty; a zip bomb by a thousand."""
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_FORBIDDEN = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_TAG = re.compile("<[^<>]*>")
_PREFIX = re.compile(r"(?<=<)(?=[A-Za-z])[\w.-]+:|(?<=</)[\w.-]+:|(?<=\s)[\w.-]+:(?=[\w.-]+\s*=)")
_UNBOUND_PREFIX = 27
"""expat's XML_ERROR_UNBOUND_PREFIX."""


class Package:
    """The parts of the zip; nothing is ever written to disk."""

    def __init__(self, content: bytes) -> None:
        """Open the zip.

        Raises:
            ValueError: The content is not a zip, or unpacks to more than any report has.
        """
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError) as error:
            raise ValueError(f"it is no OFD file, or a damaged one ({error}); open it in a reader and save it anew") from error
        parts = self._zip.infolist()
        if len(parts) > _MAX_PARTS:
            raise ValueError(f"{len(parts):,} parts; expected at most {_MAX_PARTS:,}")
        unpacked = sum(part.file_size for part in parts)
        if unpacked > min(_MAX_UNPACKED, max(1_000_000, _MAX_RATIO * len(content))):
            raise ValueError(f"it unpacks to {unpacked:,} bytes; no report is that large")
        self._parts = {_normal(part.filename).casefold(): part for part in reversed(parts) if not part.is_dir()}

    def find(self, location: str | None, base: str = "") -> str | None:
        """The name of the part at a location relative to `base` or to the root; None if there is none."""
        location = (location or "").strip().replace("\\", "/")
        if not location:
            return None
        below = posixpath.join(posixpath.dirname(base), location) if not location.startswith("/") else location
        for name in (below, location):
            name = _normal(posixpath.normpath(name)).casefold()
            if name in self._parts:
                return name
        return None

    def xml(self, name: str) -> ElementTree.Element:
        """A part's XML.

        Raises:
            ValueError: It is damaged, encrypted or too large, or declares entities.
        """
        part = self._parts[name]
        if part.flag_bits & 1:
            raise ValueError("it is encrypted; save it without a password")
        try:
            with self._zip.open(part) as stream:
                content = stream.read(_MAX_PART + 1)
        except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError) as error:
            raise ValueError(f"it is damaged: {part.filename} ({error}); open it in a reader and save it anew") from error
        if len(content) > _MAX_PART:
            raise ValueError(f"{part.filename} unpacks to more than {_MAX_PART:,} bytes; no report is that large")
        text = _decoded(content)
        if _FORBIDDEN.search(text):
            raise ValueError("it declares XML entities, which no OFD file does")
        text = _DECLARATION.sub("", text, count=1)
        try:
            return _parsed(text)
        except (ElementTree.ParseError, ValueError) as error:
            raise ValueError(f"it is damaged: {part.filename} ({error}); open it in a reader and save it anew") from error


def _parsed(text: str) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        if error.code != _UNBOUND_PREFIX:
            raise
    # Some programs never declare the namespace of their prefix; names are matched without it anyway.
    return ElementTree.fromstring(_TAG.sub(lambda tag: _PREFIX.sub("", tag[0]), text))


def _normal(name: str) -> str:
    return name.replace("\\", "/").lstrip("./")


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    declared = _DECLARED.match(content)
    chinese = declared is not None and declared[1].lower() in (b"gb2312", b"gbk", b"gb18030", b"cp936")
    return content.decode("gb18030" if chinese else "utf-8-sig", "replace")


# XML by local names.


def name_of(element: ElementTree.Element) -> str:
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def elements(element: ElementTree.Element | None, *path: str) -> Iterator[ElementTree.Element]:
    """The elements at a path of names."""
    if element is None:
        return
    for child in element:
        if name_of(child) == path[0]:
            if len(path) == 1:
                yield child
            else:
                yield from elements(child, *path[1:])


def text_at(element: ElementTree.Element | None, *path: str) -> str | None:
    """The text of the first element at a path of names, None where there is none."""
    found = next(elements(element, *path), None)
    return (found.text or "").strip() or None if found is not None else None


def floats(value: str | None, count: int) -> tuple[float, ...] | None:
    """The first `count` numbers in a text, None if there are fewer or one is invalid."""
    try:
        numbers = tuple(map(float, (value or "").split()[:count]))
    except ValueError:
        return None
    return numbers if len(numbers) == count and all(map(isfinite, numbers)) and all(abs(number) < 1e6 for number in numbers) else None


def float_of(value: str | None, default: float) -> float:
    """The number in a text, or the default if there is none."""
    numbers = floats(value, 1)
    return numbers[0] if numbers else default
