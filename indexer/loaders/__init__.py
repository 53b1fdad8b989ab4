"""Files to text: bytes end here. A module per format; each gives a `Document`, lines in the order of the page.

`read_document` is run in a worker process, see `indexer.workers`: files are hostile until they are read.
"""

from indexer.loaders.dispatch import EXTENSIONS, Limits, read_document
from indexer.loaders.document import Document, Line
from indexer.loaders.fixed import FIXED, fixed_beside, is_fixed

__all__ = ["EXTENSIONS", "FIXED", "Document", "Limits", "Line", "fixed_beside", "is_fixed", "read_document"]
