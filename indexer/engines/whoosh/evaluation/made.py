"""A cache of arrays that a query computed, for other pages, facets and views of it, and for other queries with the same word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray

from indexer.cache import Cache

LIMIT = 24_000_000
"""Bytes of arrays that stay in memory; see `OF_A_PASSAGE` for a large index."""

OF_A_PASSAGE = 24
"""Bytes per passage of an index of more than a million: enough for three lists with an offset in every passage."""

ARRAY = 160
"""Bytes of an array object besides its values."""


class MadeArrays:
    """Posting lists of one generation, and arrays computed from them, by key. Stored arrays become read-only."""

    def __init__(self, passages: int) -> None:
        """The limit depends on how many passages the index has."""
        self._cache: Cache[tuple[NDArray[Any], ...]] = Cache(max(LIMIT, OF_A_PASSAGE * passages))

    def known(self, key: tuple[str, ...]) -> tuple[NDArray[Any], ...] | None:
        """The arrays under a key, None if they are not in the cache."""
        return self._cache.get(key)

    def keep(self, key: tuple[str, ...], *arrays: NDArray[Any]) -> tuple[NDArray[Any], ...]:
        """Store arrays under a key and return them."""
        for array in arrays:
            array.setflags(write=False)
        return self._cache.put(key, arrays, sum(ARRAY + array.nbytes for array in arrays))

    def one(self, key: tuple[str, ...], make: Callable[[], NDArray[Any]]) -> NDArray[Any]:
        """The single array under a key, computed if it is not in the cache."""
        if (known := self._cache.get(key)) is None:
            known = self.keep(key, make())
        return known[0]
