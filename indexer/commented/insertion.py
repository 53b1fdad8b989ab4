"""Inserts comments into a .docx (ISO/IEC 29500, transitional or strict): bytes are added, none is changed.

python-docx can comment too, but it refuses strict files and broken relations that are read here, comments on whole runs only, and
depends on lxml; here a run is split where a comment begins or ends.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import escape

from indexer.commented.anchors import LEFT_ASIDE, bare
from indexer.loaders.docx_package import Package
from indexer.texts import gettext as _

_WORD = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "http://purl.oclc.org/ooxml/officeDocument/relationships",
}
"""Maps the namespace of Word's elements to that of the relations between parts."""
_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_UNCOMMENTED = frozenset({"moveFrom", "txbxContent", "rt"})
"""Elements whose text cannot be commented on."""
_LONGEST = 20_000_000
"""Largest main part, in bytes; that of a report has a few hundred thousand."""
UNDATED = (1980, 1, 1, 0, 0, 0)
"""The timestamp of added parts: the same draft gives the same bytes."""
XML_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_IMPOSSIBLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML does not allow."""


class Comment(NamedTuple):
    """A comment on a piece of a document."""

    start: int
    end: int
    """Half-open, in code points of the document's bare text."""
    text: str
    """The comment, one paragraph per line."""


def escaped(text: str) -> str:
    """The text escaped for XML."""
    return escape(_IMPOSSIBLE.sub("", text))


def with_comments(content: bytes, comments_on: Callable[[str], Sequence[Comment]]) -> bytes:
    """The .docx with comments added to those it has.

    Args:
        content: The file.
        comments_on: Returns the comments for the document's bare text, see `bare`.

    Raises:
        ValueError: It is not a .docx, is damaged, or is written in a way that cannot be commented here.
    """
    package = Package(content)
    main = next((one.target for one in package.relations("").values() if one.kind == "officeDocument"), "word/document.xml")
    document = _Document(package.read(main))
    if not document.text:
        raise ValueError("there is no text in it to comment on")
    comments = comments_on(document.text)
    existing = next((one.target for one in package.relations(main).values() if one.kind == "comments" and one.target in package), None)
    held = package.read(existing) if existing else b""
    first = 1 + max((int(number) for number in re.findall(rb'<w:comment\s[^>]*?w:id="(\d{1,9})"', held)), default=-1)
    added = "".join(_comment(first + number, one) for number, one in enumerate(comments)).encode()
    replaced = {main: document.commented(comments, first)}
    if existing:
        replaced[existing] = _before_end(held, "comments", added)
    else:
        folder, name = posixpath.split(main)
        part = next(path for path in (posixpath.join(folder, f"comments{n or ''}.xml") for n in range(1_000)) if path not in package)
        listing = posixpath.join(folder, "_rels", f"{name}.rels")
        relation = f'<Relationship xmlns="{_RELATIONSHIPS}" Id="addedComments" Type="{_WORD[document.space]}/comments" Target="/{part}"/>'
        kind = f'<Override xmlns="{_TYPES}" PartName="/{part}" ContentType="{_CONTENT_TYPE}"/>'
        empty = f'<Relationships xmlns="{_RELATIONSHIPS}"></Relationships>'.encode()
        replaced[part] = f'{XML_HEAD}<w:comments xmlns:w="{document.space}">'.encode() + added + b"</w:comments>"
        replaced[listing] = _before_end(package.read(listing) if listing in package else empty, "Relationships", relation.encode())
        replaced[_TYPES_PART] = _before_end(package.read(_TYPES_PART), "Types", kind.encode())
    return _packed(content, package, replaced)


_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_TYPES_PART = "[Content_Types].xml"


def _comment(id: int, one: Comment) -> str:
    author = escaped(_("文稿检查"))
    lines = "".join(f'<w:p><w:r><w:t xml:space="preserve">{escaped(line)}</w:t></w:r></w:p>' for line in one.text.split("\n"))
    return f'<w:comment w:id="{id}" w:author="{author}" w:initials="{author[:1]}">{lines}</w:comment>'


def _before_end(xml: bytes, element: str, added: bytes) -> bytes:
    """The part with `added` inserted at the end of its root element."""
    end = re.search(rf"</(?:\w+:)?{element}\s*>\s*$".encode(), xml)
    if end is None:
        raise ValueError(f"{element} has no end where it is expected")
    return xml[: end.start()] + added + xml[end.start() :]


def _packed(content: bytes, package: Package, replaced: dict[str, bytes]) -> bytes:
    """The file with these parts replaced or added."""
    made = io.BytesIO()
    left = {name.lower(): (name, part) for name, part in replaced.items()}
    with zipfile.ZipFile(io.BytesIO(content)) as held, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for info in held.infolist():
            _name, part = left.pop(info.filename.lower(), (None, None))
            info.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(info, package.read(info.filename) if part is None else part)
        for name, part in left.values():
            packed.writestr(zipfile.ZipInfo(name, UNDATED), part, zipfile.ZIP_DEFLATED)
    return made.getvalue()


@dataclass(frozen=True, slots=True)
class _Run:
    """The formatting of a run, to be repeated after a comment mark."""

    properties: bytes


class _Chunk(NamedTuple):
    """A piece of the text of a run."""

    start: int
    """Its offset in code points of the bare text."""
    at: int
    """Its offset in bytes of the part."""
    text: str
    run: _Run


class _Document:
    """The main part of a .docx: its bare text, and the position of each of its characters.

    Raises:
        ValueError: It is not in UTF-8, declares entities, uses another prefix than w: for Word's elements, or is longer than any report.
    """

    def __init__(self, xml: bytes) -> None:
        if len(xml) > _LONGEST or b"<![CDATA[" in xml:
            raise ValueError("the main part is too long, or has text in marked sections")
        self._xml = xml
        self._chunks: list[_Chunk] = []
        self._open: list[str] = []
        self._properties: list[bytes] = []
        self._begun = 0
        self._length = 0
        self.space = ""
        """The namespace of Word's elements."""
        self._parse()
        self.text = "".join(bare(chunk.text) for chunk in self._chunks)
        self._starts = [chunk.start for chunk in self._chunks]

    def _parse(self) -> None:
        parser = self._parser = expat.ParserCreate(namespace_separator=" ")
        parser.XmlDeclHandler = self._declared
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartNamespaceDeclHandler = self._namespace
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        try:
            parser.Parse(self._xml, True)
        except expat.ExpatError as error:
            raise ValueError(f"its XML is damaged: {error}") from error
        if not self.space:
            raise ValueError("it has no elements of Word")

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in ("utf-8", "us-ascii"):
            raise ValueError(f"it is in {encoding}")

    def _doctype(self, *_about: object) -> None:
        raise ValueError("it declares XML entities, which no Word file does")

    def _namespace(self, prefix: str | None, space: str) -> None:
        if (space in _WORD) != (prefix == "w") or (self.space and space in _WORD and space != self.space):
            raise ValueError("Word's elements are called otherwise than w:")
        if space in _WORD:
            self.space = space

    def _begin(self, name: str, _attributes: dict[str, str]) -> None:
        space, _sep, local = name.rpartition(" ")
        own = local if space == self.space else "Fallback" if local == "Fallback" else ""
        self._open.append(own)
        if own == "r":
            self._properties.append(b"")
        elif own == "rPr" and self._open[-2:-1] == ["r"]:
            self._begun = self._parser.CurrentByteIndex

    def _end(self, _name: str) -> None:
        own = self._open.pop()
        if own == "r":
            self._properties.pop()
        elif own == "rPr" and self._open[-1:] == ["r"]:
            end = self._xml.index(b">", self._parser.CurrentByteIndex) + 1
            self._properties[-1] = self._xml[self._begun : end]

    def _characters(self, text: str) -> None:
        if self._open[-2:] != ["r", "t"] or _UNCOMMENTED.intersection(self._open) or "Fallback" in self._open or not bare(text):
            return
        self._chunks.append(_Chunk(self._length, self._parser.CurrentByteIndex, text, _Run(self._properties[-1])))
        self._length += len(bare(text))

    def commented(self, comments: Sequence[Comment], first: int) -> bytes:
        """The part with the ranges of these comments, which are numbered from `first`."""
        cuts: dict[int, tuple[list[str], list[str], bytes]] = {}
        for id, one in enumerate(comments, first):
            end, run = self._behind(one.end - 1)
            cuts.setdefault(end, ([], [], run.properties))[0].append(
                f'<w:commentRangeEnd w:id="{id}"/><w:r><w:commentReference w:id="{id}"/></w:r>'
            )
            start, run = self._before(one.start)
            cuts.setdefault(start, ([], [], run.properties))[1].append(f'<w:commentRangeStart w:id="{id}"/>')
        made = []
        last = 0
        for at, (ends, starts, properties) in sorted(cuts.items()):
            marks = "".join([*ends, *starts]).encode()
            made += [self._xml[last:at], b"</w:t></w:r>", marks, b"<w:r>", properties, b'<w:t xml:space="preserve">']
            last = at
        return b"".join([*made, self._xml[last:]])

    def _before(self, number: int) -> tuple[int, _Run]:
        """The byte offset before a code point of the bare text, and its run."""
        chunk, at = self._chunk(number)
        return chunk.at + len(chunk.text[:at].encode()), chunk.run

    def _behind(self, number: int) -> tuple[int, _Run]:
        """The byte offset after a code point of the bare text, and its run."""
        chunk, at = self._chunk(number)
        if self._xml.startswith(b"&", chunk.at):
            return self._xml.index(b";", chunk.at) + 1, chunk.run
        return chunk.at + len(chunk.text[: at + 1].encode()), chunk.run

    def _chunk(self, number: int) -> tuple[_Chunk, int]:
        """The chunk that holds a code point of the bare text, and its index there."""
        chunk = self._chunks[bisect_right(self._starts, number) - 1]
        at = number - chunk.start
        for left_aside in LEFT_ASIDE.finditer(chunk.text):
            if left_aside.start() > at:
                break
            at += left_aside.end() - left_aside.start()
        return chunk, at
