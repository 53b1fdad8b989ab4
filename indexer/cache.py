"""The one cache: least recently used, bounded by bytes. For objects that are slow to build, never for answers."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from sys import getsizeof
from typing import Generic, TypeVar

Value = TypeVar("Value")

_ENTRY = 350
"""Bytes of an entry besides its key's texts and its value's declared size: links, tuples, array headers. Measured on CPython 3.12."""


class Cache(Generic[Value]):
    """Values by key, at most `limit` bytes together; the least recently used are dropped first. Safe to share between threads.

    Keys count too, and every entry counts at least `_ENTRY` bytes: a stranger can ask for any number of things that do not exist.
    Not cachetools: its cache needs a lock around each look-up to be shared between threads, and then look-ups cost five times as much.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._entries: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()
        """Held while entries are added or dropped; a look-up needs no lock, since each of its steps is atomic in the interpreter."""

    def get(self, key: Hashable) -> Value | None:
        """The value of a key; None if there is none."""
        try:
            value, _ = self._entries[key]
            self._entries.move_to_end(key)
        except KeyError:  # also if another thread dropped the entry between the two steps
            return None
        return value

    def put(self, key: Hashable, value: Value, size: int) -> Value:
        """Keep a value of `size` bytes, unless it takes more than half of the limit. Returns the value."""
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
