"""The results of OCR for the pages of a scan, and the remarks on them. `scans` does the reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from indexer.loaders.ocr import INSTALL
from indexer.loaders.sheets import Box
from indexer.model import Ocr, OcrPage
from indexer.remarks import Remark

A_SCAN = f"it is a scan: pictures of pages without text; what reads them: {INSTALL}"
"""Why a scan is rejected if no engine is installed."""
_DOUBTFUL = 0.88
"""A page read with less confidence should be checked by somebody; clean and even degraded pages reach 0.95 and more."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A page that is a picture, or a picture in a Word file, and where OCR can find it."""

    page: int
    """The page of the report, from 1."""
    inside: int = 1
    """Its number in the file, from 1."""
    digest: str = ""
    """The SHA-256 under which the result is stored: of the file, or of a picture among text."""
    file: str = ""
    """The name of its file if it is another one beside the report's own."""


LEFT_WITHOUT_OCR = frozenset({"page-without-text", "pictures-unread"})
"""The codes of remarks on what OCR could read if it were installed."""


class NotYetRead(Exception):
    """Pages of a report are pictures that OCR must read first."""

    def __init__(self, pictures: Sequence[Unread], digest: str = "") -> None:
        super().__init__(f"pages {[picture.page for picture in pictures]} are pictures")
        self.pictures = tuple(pictures)
        self.digest = digest
        """The SHA-256 of the file, or of all files of the report."""

    @property
    def pages(self) -> tuple[int, ...]:
        """The pages' numbers, from 1."""
        return tuple(picture.page for picture in self.pictures)

    def of_file(self, digest: str) -> NotYetRead:
        """The same exception with the SHA-256 of the file filled in."""
        return NotYetRead([replace(picture, digest=picture.digest or digest) for picture in self.pictures], digest)


@dataclass(frozen=True, slots=True)
class ScannedLine:
    """A line of text in a picture, or the part of one between wide gaps; lengths in points."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """The result of OCR for a page, after straightening it."""

    width: float
    """Points, like the height."""
    height: float
    lines: tuple[ScannedLine, ...] = ()
    tables: tuple[tuple[tuple[Box | None, ...], ...], ...] = ()
    """Ruled tables as rows of cells, None for a cell covered by a spanning one."""
    confidence: float | None = None
    """The mean confidence of its characters, from 0 to 1; None for a page without text."""
    unreadable: str | None = None
    """Why it could not be read, None if it was."""


def ocr_of(scanned: Mapping[int, ScannedPage]) -> Ocr | None:
    """Which pages of a document OCR read and with what confidence, None if it read none."""
    return Ocr(tuple(OcrPage(number, page.confidence) for number, page in sorted(scanned.items()))) if scanned else None


def remarks_on(scanned: Mapping[int, ScannedPage]) -> Iterator[Remark]:
    """Remarks on pages that failed, have no text, or should be checked by somebody."""
    for number, page in sorted(scanned.items()):
        if page.unreadable is not None:
            yield Remark("ocr-failed", page=number, reason=page.unreadable)
        elif page.confidence is None:
            yield Remark("ocr-without-text", page=number)
        elif page.confidence < _DOUBTFUL:
            yield Remark("ocr-doubtful", page=number, percent=round(100 * page.confidence))


def no_text_because(scanned: Mapping[int, ScannedPage]) -> str:
    """Why a document of pictures has no text."""
    failed = next((f"page {number}: {page.unreadable}" for number, page in sorted(scanned.items()) if page.unreadable), None)
    return f"it is a scan that could not be read: {failed}" if failed else "it is a picture or a scan in which OCR found no text"
