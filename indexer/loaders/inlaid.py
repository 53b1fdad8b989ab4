"""Pictures in Word files: which of them may contain text, and how that text is inserted once OCR has read it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from indexer.loaders.document import Document, Line
from indexer.loaders.ocr import INSTALL, engine_name
from indexer.loaders.printed import read_sheets
from indexer.loaders.scanned import NotYetRead, ScannedPage, Unread, no_text_because, ocr_of, remarks_on
from indexer.loaders.scanned_sheet import sheet_of
from indexer.model import LeftOut
from indexer.remarks import Remark

_SMALLEST = (200.0, 60.0)
"""Points: 7 by 2 cm. A seal is 42 mm wide, logos and emblems are smaller; a line of text, a red head or a table is wider."""
_CAPTION = 30
"""Characters; less text than this is on a banner or a door in a photograph, if the report also has text of its own."""
_TEXT = 100
"""A file with fewer characters of its own consists of pictures."""
_READ = (b"\x89PNG", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"GIF8", b"BM")
"""The first bytes of picture formats that OCR can read."""
_MOST = 300
A_DOCUMENT_OF_PICTURES = f"its pages are pictures without text; what reads them: {INSTALL}"


@dataclass(frozen=True, slots=True)
class Inlaid:
    """A picture, and the size at which it is shown, in points."""

    content: bytes
    width: float
    height: float

    def may_hold_text(self) -> bool:
        """Whether it is at least as large as a line of text, in either orientation."""
        return max(self.width, self.height) >= _SMALLEST[0] and min(self.width, self.height) >= _SMALLEST[1]

    @property
    def digest(self) -> str:
        """The SHA-256 of its content, under which the result of OCR is stored."""
        return hashlib.sha256(self.content).hexdigest()


Piece = Line | LeftOut | Inlaid


def word_document(pieces: Iterable[Piece], format: str, scanned: Mapping[int, ScannedPage]) -> Document:
    """The document of these pieces in order. `scanned` has the results of OCR for its pictures, numbered from 1 in their order.

    In a file that consists of pictures each is a page; otherwise a picture's text takes its place and has no page.

    Raises:
        NotYetRead: OCR must read pictures first.
        ValueError: There are only pictures, and no OCR engine is installed or they have no text.
    """
    found = [piece for piece in pieces if not isinstance(piece, Inlaid) or piece.may_hold_text()]
    own = sum(len(piece.text) for piece in found if isinstance(piece, Line))
    pictures = [piece for piece in found if isinstance(piece, Inlaid)]
    numbers = {id(piece): number for number, piece in enumerate((one for one in pictures if one.content.startswith(_READ)), 1)}
    if len(numbers) > _MOST:
        raise ValueError(f"{len(numbers)} pictures; expected at most {_MOST}")
    if engine_name() is None and not scanned:
        numbers = {}
    if missing := [Unread(numbers[id(one)], 1, one.digest) for one in pictures if numbers.get(id(one), 0) not in {0, *scanned}]:
        raise NotYetRead(missing)
    resolved = _Resolved([], [], [])
    for run in _runs(found):
        if isinstance(run, list):
            resolved.read({number: scanned[number] for one in run if (number := numbers.get(id(one)))}, alone=own < _TEXT)
        else:
            resolved.add(run)
    remarks = [*resolved.remarks, *remarks_on(scanned)]
    if unread := len(pictures) - len(numbers):
        if not resolved.lines:
            raise ValueError(A_DOCUMENT_OF_PICTURES)
        remarks.append(Remark("pictures-unread", count=unread))
    if scanned and not resolved.lines:
        raise ValueError(no_text_because(scanned))
    return Document(resolved.lines, format, left_out=resolved.left_out, remarks=remarks, ocr=ocr_of(scanned))


def _runs(pieces: Sequence[Piece]) -> Iterator[Line | LeftOut | list[Inlaid]]:
    """The pieces, with consecutive pictures as one list, since a paragraph may continue from one to the next."""
    run: list[Inlaid] = []
    for piece in pieces:
        if isinstance(piece, Inlaid):
            run.append(piece)
            continue
        if run:
            yield run
            run = []
        yield piece
    if run:
        yield run


@dataclass(frozen=True, slots=True)
class _Resolved:
    lines: list[Line]
    left_out: list[tuple[int, LeftOut]]
    remarks: list[Remark]

    def add(self, piece: Line | LeftOut) -> None:
        if isinstance(piece, Line):
            self.lines.append(piece)
        else:
            self.left_out.append((len(self.lines), piece))

    def read(self, scanned: Mapping[int, ScannedPage], *, alone: bool) -> None:
        """Add the text of consecutive pictures; `alone` says that the file has no text of its own."""
        try:
            text = read_sheets([sheet_of(number, page) for number, page in sorted(scanned.items())])
        except ValueError as error:
            self.remarks.extend(Remark("ocr-failed", page=number, reason=str(error)) for number in scanned)
            return
        before = len(self.lines)
        if not alone and sum(len(line.text) for line in text.lines) < _CAPTION:
            self.left_out.extend((before, LeftOut(line.text, "picture")) for line in text.lines)
        else:
            self.lines.extend(line if alone else replace(line, page=None, turns=False) for line in text.lines)
            self.remarks.extend(text.remarks)
        self.left_out.extend((min(before + number, len(self.lines)), piece) for number, piece in text.left_out)
