"""Files to text: bytes end here. A module per format; each gives a `Document`, lines in the order of the page.

`read_document` is run in a worker process, see `indexer.workers`: files are hostile until they are read.
"""

from indexer.loaders.dispatch import EXTENSIONS, IMAGES, Limits, read_document, read_scanned_page
from indexer.loaders.document import Document, Line
from indexer.loaders.fixed import FIXED, fixed_beside, is_fixed
from indexer.loaders.ocr import engine_name
from indexer.loaders.scanned import NotYetRead, ScannedPage

__all__ = [
    "EXTENSIONS",
    "FIXED",
    "IMAGES",
    "Document",
    "Limits",
    "Line",
    "NotYetRead",
    "ScannedPage",
    "engine_name",
    "fixed_beside",
    "is_fixed",
    "read_document",
    "read_scanned_page",
]
