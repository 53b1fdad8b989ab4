"""Reads annual reports, keeps them in an index, and finds exactly what is there.

Data flows in one direction:

file → `loaders` (bytes to text) → `parsing` (text to a `Report`) → `analysis` (fold, words) → an engine's index
→ `query` (typed text to a tree) → `engines` (tree to passages, totals, facets) → `highlight` → a `ResultPage`.

Everything that `public` lists can be imported from here; pages and other programs use nothing else. To begin with: `parse_file` and
`Report.from_blocks` make reports, `build_index` makes an index of them, and `open_index` opens one as an `Index`, whose methods take plain
values or a `SearchRequest`. The other names are the types of what is returned, the declared fields (`FIELDS`, `FILTERS`), the reviewed
lists (`INDICATORS`, `STANDARD_PARTS`, …), errors and texts.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from indexer.public import *  # noqa: F403 - these are listed there


def __getattr__(name: str) -> Any:
    """A public name. `public` is imported on first use: processes that read files or segment words need only a third of its modules."""
    public = import_module("indexer.public")
    if name not in ("__all__", *public.__all__):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(public, name)


def __dir__() -> list[str]:
    return [*globals(), *import_module("indexer.public").__all__]
