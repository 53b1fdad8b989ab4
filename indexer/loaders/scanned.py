"""What OCR read on the pages of a scan, and what is said of it. Nothing here reads pictures: `scans` does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from indexer.loaders.ocr import INSTALL
from indexer.loaders.sheets import Box
from indexer.model import Ocr, OcrPage
from indexer.remarks import Remark

A_SCAN = f"it is a scan: pictures of pages without text; what reads them: {INSTALL}"
"""Why a scan is rejected where no engine is installed."""
_DOUBTFUL = 0.88
"""A page read with less confidence should be looked at; clean and degraded ones reach .95 and more."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A page that is a picture, or a picture in a Word file, and where OCR finds it."""

    page: int
    """Of the report, from 1."""
    inside: int = 1
    """Its number in the file, from 1."""
    digest: str = ""
    """The SHA-256 that what is read is remembered by: of the file, or of the picture itself where it stands among text."""
    file: str = ""
    """The name of the file beside the report's own that it stands in; empty: its own."""


LEFT_WITHOUT_OCR = frozenset({"page-without-text", "pictures-unread"})
"""The codes of remarks on what OCR may read once it is installed."""


class NotYetRead(Exception):
    """Pages of a report are pictures that OCR has to read first."""

    def __init__(self, pictures: Sequence[Unread], digest: str = "") -> None:
        super().__init__(f"pages {[picture.page for picture in pictures]} are pictures")
        self.pictures = tuple(pictures)
        self.digest = digest
        """The SHA-256 of the file, or of all files of the report."""

    @property
    def pages(self) -> tuple[int, ...]:
        """Their numbers, from 1."""
        return tuple(picture.page for picture in self.pictures)

    def of_file(self, digest: str) -> NotYetRead:
        """The same of a file with this SHA-256."""
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
    """What OCR read on a page, which was set straight before."""

    width: float
    """Points."""
    height: float
    lines: tuple[ScannedLine, ...] = ()
    tables: tuple[tuple[tuple[Box | None, ...], ...], ...] = ()
    """Ruled tables: rows of cells, None for one that another spans."""
    confidence: float | None = None
    """Of its characters in the mean, from 0 to 1; None for a page without text."""
    unreadable: str | None = None
    """Why it could not be read."""


def ocr_of(scanned: Mapping[int, ScannedPage]) -> Ocr | None:
    """What OCR read of a document, None where no page is a picture."""
    return Ocr(tuple(OcrPage(number, page.confidence) for number, page in sorted(scanned.items()))) if scanned else None


def remarks_on(scanned: Mapping[int, ScannedPage]) -> Iterator[Remark]:
    """Pages that somebody should look at, and those without text."""
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
