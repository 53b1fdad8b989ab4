"""What was read from an index once and is likely to be read again: posting lists, where pairs begin, what a term gives. Never an answer."""

from __future__ import annotations

import threading
from collections.abc import Hashable
from typing import Any

from numpy.typing import NDArray

Arrays = tuple[NDArray[Any], ...]


class Kept:
    """Arrays by key, of at most `limit` bytes together; what was not asked for lately is given up. Safe to share between threads.

    Two tables: where the newer one is half of all room it becomes the older one, which is forgotten; what is asked for moves to the
    newer one. So nothing is put in order, and no lock taken, each time that something is found.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._newer: dict[Hashable, Arrays] = {}
        self._older: dict[Hashable, Arrays] = {}
        self._bytes = 0
        """Of the newer ones."""
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Arrays | None:
        """What is kept under a key, None where nothing is."""
        if (arrays := self._newer.get(key)) is None and (arrays := self._older.get(key)) is not None:
            self.put(key, arrays)
        return arrays

    def put(self, key: Hashable, arrays: Arrays) -> Arrays:
        """Keep arrays, unless they take more than half of all room; nobody may change them from now on. Returns them."""
        size = sum(array.nbytes for array in arrays)
        for array in arrays:
            array.setflags(write=False)
        with self._lock:
            if key not in self._newer and 2 * size <= self._limit:
                if 2 * (self._bytes + size) > self._limit:
                    self._newer, self._older, self._bytes = {}, self._newer, 0
                self._newer[key] = arrays
                self._bytes += size
        return arrays
