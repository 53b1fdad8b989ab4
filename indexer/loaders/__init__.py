"""Files to text: bytes end here. A module per format; each gives a `Document`, lines in the order of the page.

`read_document` is run in a worker process, see `indexer.workers`: files are hostile until they are read.
"""

from indexer.loaders.dispatch import (
    EXTENSIONS,
    Limits,
    files_of,
    is_ignored,
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
    "name_of",
    "page_files",
    "pages_beside",
    "read_document",
    "read_scanned_page",
    "sha256_of_pages",
]
