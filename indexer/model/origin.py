"""What is known of the file of a report: what OCR read in it, and which of its text was left out."""

from __future__ import annotations

from dataclasses import dataclass

_PROSE = 25
"""Sentences shorter than this, in code points, are notices of the page."""


@dataclass(frozen=True, slots=True)
class OcrPage:
    """A page that OCR read."""

    page: int
    """From 1."""
    confidence: float | None
    """The mean confidence of its characters, from 0 to 1; None for a page without any."""
    file: str | None = None
    """The name of its file, if the pages are several files in one folder."""


@dataclass(frozen=True, slots=True)
class Ocr:
    """What OCR read of a report: the pages that are pictures."""

    by_page: tuple[OcrPage, ...]

    @property
    def pages(self) -> int:
        """How many pages OCR read."""
        return len(self.by_page)

    @property
    def confidence(self) -> float | None:
        """The mean confidence of the pages, from 0 to 1; None if none of them has text."""
        known = [page.confidence for page in self.by_page if page.confidence is not None]
        return round(sum(known) / len(known), 4) if known else None

    def as_json(self) -> dict[str, object]:
        """The summary that programs receive."""
        return {"pages": self.pages, "confidence": self.confidence}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A piece of a file's text that is neither in a passage nor in another field of the report."""

    text: str
    """As printed, spaces at the ends stripped; never empty."""
    reason: str
    """A short code: `furniture` (menus, buttons and footers around the text), `metadata` (a label with a value that no field holds),
    `signature`, `repeated` (printed twice), `hidden` (not displayed by the page), `control` (a form, a menu), `outside` (outside the
    part of the page that holds the report), `page-number`, `running-head`, `watermark`, `turned` (set sideways), `note` (a footnote
    or a comment), `chart` (its words and figures), `laid-over` (printed over a picture of the page that was read)."""

    @property
    def is_prose(self) -> bool:
        """Whether it reads like running text, so that somebody should look at it; text printed twice is in a passage anyway."""
        return len(self.text) >= _PROSE and "。" in self.text and self.reason not in ("repeated", "running-head")
