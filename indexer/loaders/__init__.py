"""Reads the bytes of report files into text. One module per format; each returns a `Document` with lines in reading order.

`read_document` runs in a worker process, see `indexer.workers`: files are untrusted until they have been read.
"""

from indexer.loaders.dispatch import (
    EXTENSIONS,
    Limits,
    files_of,
    is_ignored,
    loader_of,
    pages_beside,
    read_document,
    read_scanned_page,
    sha256_of_pages,
)
from indexer.loaders.document import Document, Line
from indexer.loaders.fixed import FIXED, fixed_beside, is_fixed
from indexer.loaders.ocr import engine_name
from indexer.loaders.page_files import IMAGES, PageFiles, name_of, page_files
from indexer.loaders.scanned import LEFT_WITHOUT_OCR, NotYetRead, ScannedPage, Unread

__all__ = [
    "EXTENSIONS",
    "FIXED",
    "IMAGES",
    "LEFT_WITHOUT_OCR",
    "Document",
    "Limits",
    "Line",
    "NotYetRead",
    "PageFiles",
    "ScannedPage",
    "Unread",
    "engine_name",
    "files_of",
    "fixed_beside",
    "is_fixed",
    "is_ignored",
    "loader_of",
    "name_of",
    "page_files",
    "pages_beside",
    "read_document",
    "read_scanned_page",
    "sha256_of_pages",
]
