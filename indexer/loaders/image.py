"""Reads image files (PNG, JPEG, TIFF) of one or several pages, in one or several files, from the results of OCR."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from indexer.loaders.document import Document
from indexer.loaders.ocr import engine_name
from indexer.loaders.pictures import MAX_PAGES, count_pictures
from indexer.loaders.printed import read_sheets
from indexer.loaders.scanned import A_SCAN, NotYetRead, ScannedPage, Unread, no_text_because, ocr_of, remarks_on
from indexer.loaders.scanned_sheet import sheet_of
from indexer.model import Ocr

_FORMATS = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpeg"}


def load_image(content: bytes, scanned: Mapping[int, ScannedPage]) -> Document:
    """The paragraphs and table rows of a scan whose pages OCR has read.

    Raises:
        NotYetRead: OCR has not read all pages.
        ValueError: It is damaged or too large, has no text, or no OCR engine is installed.
    """
    return _read([Unread(page, page) for page in range(1, count_pictures(content) + 1)], content, scanned)


def load_images(files: Iterable[tuple[str, bytes]], scanned: Mapping[int, ScannedPage]) -> Document:
    """Like `load_image`, for a report in several files, given as names and contents in order. `Ocr.by_page` has each page's file.

    Raises:
        NotYetRead: OCR has not read all pages.
        ValueError: A file is damaged or too large, the files have no text, or no OCR engine is installed.
    """
    pages: list[Unread] = []
    begins: list[bytes] = []
    for name, content in files:
        begins.append(content[:8])
        try:
            count = count_pictures(content)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error
        digest = hashlib.sha256(content).hexdigest()
        pages += [Unread(len(pages) + page, page, digest, name) for page in range(1, count + 1)]
        if len(pages) > MAX_PAGES:
            raise ValueError(f"{len(pages)} pages up to {name}; expected at most {MAX_PAGES}")
    return _read(pages, begins[0], scanned)


def _read(pages: Sequence[Unread], first: bytes, scanned: Mapping[int, ScannedPage]) -> Document:
    if missing := [page for page in pages if page.page not in scanned]:
        raise NotYetRead(missing) if engine_name() else ValueError(A_SCAN)
    text = read_sheets([sheet_of(number, page) for number, page in sorted(scanned.items())])
    if not text.lines:
        raise ValueError(no_text_because(scanned))
    ocr, files = ocr_of(scanned), {page.page: page.file or None for page in pages}
    return Document(
        text.lines,
        next((name for signature, name in _FORMATS.items() if first.startswith(signature)), "tiff"),
        left_out=text.left_out,
        remarks=[*text.remarks, *remarks_on(scanned)],
        ocr=ocr and Ocr(tuple(replace(page, file=files[page.page]) for page in ocr.by_page)),
    )
