"""Files to text: bytes end here. A module per format; each gives a `Document`, lines in the order of the page.

`read_document` is run in a worker process (`worker`), which `extractors` starts and watches over: files are hostile until
they are read.
"""

from indexer.loaders.document import Document, Line
from indexer.loaders.extractors import Extractors
from indexer.loaders.reading import EXTENSIONS, Limits, read_document

__all__ = ["EXTENSIONS", "Document", "Extractors", "Limits", "Line", "read_document"]
