"""What was read from an index once and is likely to be read again: decoded posting lists. Never an answer."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

from numpy.typing import NDArray

Arrays = tuple[NDArray[Any], ...]


class Kept:
    """Arrays by key; the least recently asked for are given up where all take more than `limit` bytes. Safe to share between threads."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held: OrderedDict[Hashable, Arrays] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Arrays | None:
        """What is kept under a key, None where nothing is."""
        with self._lock:
            if (arrays := self._held.get(key)) is not None:
                self._held.move_to_end(key)
            return arrays

    def put(self, key: Hashable, arrays: Arrays) -> Arrays:
        """Keep arrays, unless they take more than all room; nobody may change them from now on. Returns them."""
        with self._lock:
            if key not in self._held and _size(arrays) <= self._limit:
                self._held[key] = arrays
                self._bytes += _size(arrays)
                while self._bytes > self._limit:
                    self._bytes -= _size(self._held.popitem(last=False)[1])
        return arrays


def _size(arrays: Arrays) -> int:
    return sum(array.nbytes for array in arrays)
