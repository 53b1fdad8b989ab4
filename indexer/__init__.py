"""Reads annual reports, keeps them in an index, and finds exactly what is there.

The way of the data, one way, no going back:

file → `loaders` (bytes to text) → `parsing` (text to a `Report`) → `analysis` (fold, words) → an engine's index
→ `query` (what was typed to a tree) → `engines` (tree to passages, totals, facets) → `highlight` → a `ResultPage`.

What `public` lists can be imported from here, and is all that pages and other programs use. To begin with: `parse_file` and
`Report.from_blocks` make reports, `build_index` an index of them, `open_index` opens one as an `Index`, whose methods take plain values or
a `SearchRequest`. The rest are the types of what comes back, the declared fields (`FIELDS`, `FILTERS`), the reviewed lists (`INDICATORS`,
`STANDARD_PARTS`, …), errors and texts.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from indexer.public import *  # noqa: F403 - these are listed there


def __getattr__(name: str) -> Any:
    """A public name. All that they are of is imported when one is asked for: processes that read files or cut words do with a third."""
    public = import_module("indexer.public")
    if name not in ("__all__", *public.__all__):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(public, name)


def __dir__() -> list[str]:
    return [*globals(), *import_module("indexer.public").__all__]
