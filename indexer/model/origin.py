"""What is known of the file that a report was read from: what OCR read of it, and what of its text was left out."""

from __future__ import annotations

from dataclasses import dataclass

_PROSE = 25
"""A sentence of fewer code points than this is a notice of the page."""


@dataclass(frozen=True, slots=True)
class OcrPage:
    """A page that OCR read."""

    page: int
    """From 1."""
    confidence: float | None
    """Of its characters in the mean, from 0 to 1; None for a page on which it found none."""
    file: str | None = None
    """The name of the file that it is, where the pages are several files of one folder."""


@dataclass(frozen=True, slots=True)
class Ocr:
    """What OCR read of a report: pages that are pictures."""

    by_page: tuple[OcrPage, ...]

    @property
    def pages(self) -> int:
        """How many."""
        return len(self.by_page)

    @property
    def confidence(self) -> float | None:
        """Of the pages in the mean, from 0 to 1; None where none of them holds text."""
        known = [page.confidence for page in self.by_page if page.confidence is not None]
        return round(sum(known) / len(known), 4) if known else None

    def as_json(self) -> dict[str, object]:
        """What programs receive of it."""
        return {"pages": self.pages, "confidence": self.confidence}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A piece of a file's text that is neither a passage nor a value that the report knows."""

    text: str
    """As printed, spaces at the ends stripped; never empty."""
    reason: str
    """A short code: `furniture` (menus, buttons and footers around the text), `metadata` (a label with a value that no field holds),
    `signature`, `repeated` (printed twice), `hidden` (the page does not show it), `control` (a form, a menu), `outside` (beside the
    part of the page that holds the report), `page-number`, `running-head`, `watermark`, `turned` (set sideways), `note` (a footnote
    or a comment), `chart` (the words and figures of one), `laid-over` (printed over a picture of the page, which was read)."""

    @property
    def is_prose(self) -> bool:
        """Whether it reads like a part of a text, so that somebody should look at it; what was printed twice is in the text already."""
        return len(self.text) >= _PROSE and "。" in self.text and self.reason not in ("repeated", "running-head")
