"""Arrays that a query made, for the next page, facet or view of the same query, and for the next query with the same word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray

from indexer.cache import Cache

LIMIT = 24_000_000
"""Bytes of arrays that stay; more of a large index."""

OF_A_PASSAGE = 24
"""Bytes of them for each passage of an index of more than a million: as much as three lists with an offset in every passage."""

ARRAY = 160
"""Bytes of an array beside its values."""


class MadeArrays:
    """Posting lists of one generation, and what was made of them, by key. Nobody may change an array from then on."""

    def __init__(self, passages: int) -> None:
        """For an index of so many passages."""
        self._cache: Cache[tuple[NDArray[Any], ...]] = Cache(max(LIMIT, OF_A_PASSAGE * passages))

    def known(self, key: tuple[str, ...]) -> tuple[NDArray[Any], ...] | None:
        """The arrays under a key, None where they are not known any more."""
        return self._cache.get(key)

    def keep(self, key: tuple[str, ...], *arrays: NDArray[Any]) -> tuple[NDArray[Any], ...]:
        """The arrays, from now on under this key."""
        for array in arrays:
            array.setflags(write=False)
        return self._cache.put(key, arrays, sum(ARRAY + array.nbytes for array in arrays))

    def one(self, key: tuple[str, ...], make: Callable[[], NDArray[Any]]) -> NDArray[Any]:
        """The one array under a key, made where it is not known."""
        if (known := self._cache.get(key)) is None:
            known = self.keep(key, make())
        return known[0]
