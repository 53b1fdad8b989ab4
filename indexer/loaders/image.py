"""Image files (PNG, JPEG, TIFF): a page or several, each of which OCR has read."""

from __future__ import annotations

from collections.abc import Mapping

from indexer.loaders.document import Document
from indexer.loaders.ocr import engine_name
from indexer.loaders.printed import read_sheets
from indexer.loaders.scanned import A_SCAN, NotYetRead, ScannedPage, no_text_because, ocr_of, remarks_on
from indexer.loaders.scans import count_pictures, sheet_of

_FORMATS = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpeg"}


def load_image(content: bytes, scanned: Mapping[int, ScannedPage]) -> Document:
    """The paragraphs and table rows of a scan whose pages were read before.

    Raises:
        NotYetRead: Some were not.
        ValueError: It is damaged, too large, holds no text, or there is no engine that reads it.
    """
    missing = [page for page in range(1, count_pictures(content) + 1) if page not in scanned]
    if missing:
        raise NotYetRead(missing) if engine_name() else ValueError(A_SCAN)
    text = read_sheets([sheet_of(number, page) for number, page in sorted(scanned.items())])
    if not text.lines:
        raise ValueError(no_text_because(scanned))
    return Document(
        text.lines,
        next((name for signature, name in _FORMATS.items() if content.startswith(signature)), "tiff"),
        left_out=text.left_out,
        remarks=[*text.remarks, *remarks_on(scanned)],
        ocr=ocr_of(scanned),
    )
