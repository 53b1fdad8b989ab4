"""The one cache: least recently used values go first, and what stays is bounded by bytes. For what is slow to make, never for answers."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from sys import getsizeof
from typing import Generic, TypeVar

Value = TypeVar("Value")

_ENTRY = 350
"""Bytes of an entry beside its key's texts and what is counted of its value: links, tuples, heads of arrays. Measured on CPython 3.12."""


class Cache(Generic[Value]):
    """Values by key, of at most `limit` bytes together; the least recently used are dropped first. Safe to share between threads.

    Keys count, and every entry for `_ENTRY` bytes at least: a stranger can ask for any number of things that do not exist.
    Not cachetools: its cache is not safe to share without a lock around each look-up, which then costs five times as much.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._entries: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()
        """Held while entries are added or dropped; each step of a look-up is one of the interpreter's own."""

    def get(self, key: Hashable) -> Value | None:
        """The value of a key, None where there is none."""
        try:
            value, _ = self._entries[key]
            self._entries.move_to_end(key)
        except KeyError:  # as if it had never been there, where another thread dropped it in between
            return None
        return value

    def put(self, key: Hashable, value: Value, size: int) -> Value:
        """Keep a value of `size` bytes, unless it takes more than half of the limit. Returns it."""
        size += _ENTRY + _size_of(key)
        if 2 * size > self._limit:
            return value
        with self._lock:
            if key not in self._entries:
                self._entries[key] = value, size
                self._bytes += size
                while self._bytes > self._limit:
                    self._bytes -= self._entries.popitem(last=False)[1][1]
        return value


def _size_of(key: Hashable) -> int:
    return sum(map(getsizeof, key)) if isinstance(key, tuple) else getsizeof(key)
