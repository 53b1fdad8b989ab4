"""A cache of whole replies: when a class searches for the same words, the search runs once.

The key is all that a reply depends on, from which its ETag is made too. The cache belongs to one generation of the index; the first reply
of a newer one empties it. It holds the body as it was sent, compressed or not, and a few headers; all others are made for each request, so
that conditions (If-None-Match) and the counts of requests work as without a cache.

Requests that arrive while an equal one is being answered wait for its reply: forty clients that ask for one page at the same moment cost
one page.
"""

from __future__ import annotations

import sys
import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.metadata import version

from flask import Flask, Response, current_app, g, request

from webui import compression
from webui.adding import may_add
from webui.live import current_index
from webui.texts import language_tag

MOST_BYTES = 32 << 20
"""The most bytes of replies that a worker caches."""
LARGEST = 1 << 18
"""The most bytes of a cached reply, with its overhead; larger ones are seldom requested twice."""
VIEWS = frozenset({"api.search", "api.reports", "api.concordance", "api.suggest", "pages.index", "pages.report"})
"""The views that are cached: those that a class requests all at once, whose replies depend only on `depends`, the index and the day."""
PATIENCE = 10.0
"""Seconds that a request waits for the reply to an equal one before it is answered by itself."""
_OVERHEAD = 2_000
"""The most bytes of an entry besides its content and the address in its key: the rest of the key, headers, and the objects themselves."""
_HEADS = ("Content-Type", "Content-Encoding", "Link")


@dataclass(frozen=True, slots=True)
class _Sent:
    """A reply as it was sent."""

    content: bytes
    heads: tuple[tuple[str, str], ...]
    address: int = 0
    """Bytes of the address in the key, counted because somebody may send long ones to fill the memory."""

    def __len__(self) -> int:
        return len(self.content) + self.address + _OVERHEAD


class _Flight:
    """A reply that is being made, for all requests that wait for it."""

    def __init__(self) -> None:
        self._ended = threading.Event()
        self._sent: _Sent | None = None

    def end(self, sent: _Sent | None) -> None:
        """Give the reply to the waiting requests; None if it cannot be shared."""
        if not self._ended.is_set():
            self._sent = sent
            self._ended.set()

    def wait(self) -> _Sent | None:
        """The reply; None if none comes within `PATIENCE` or it cannot be shared."""
        self._ended.wait(PATIENCE)
        return self._sent


class Repeated:
    """The cache of a worker; the least recently used reply is dropped first."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most, self._size, self._generation = most, 0, ""
        self._sent: OrderedDict[Hashable, _Sent] = OrderedDict()
        self._flights: dict[Hashable, _Flight] = {}
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        """Bytes of all cached replies with their overhead."""
        return self._size

    def get(self, generation: str, key: Hashable) -> _Sent | None:
        """The reply of this generation under a key, None if there is none."""
        with self._lock:
            if generation != self._generation or (found := self._sent.get(key)) is None:
                return None
            self._sent.move_to_end(key)
            return found

    def begin(self, generation: str, key: Hashable) -> tuple[_Flight, bool]:
        """The flight of this generation and key, and whether this call began it; whoever begins it must `end` it."""
        with self._lock:
            flight = self._flights.get((generation, key))
            if flight is not None:
                return flight, False
            self._flights[generation, key] = flight = _Flight()
            return flight, True

    def end(self, generation: str, key: Hashable, sent: _Sent | None) -> None:
        """End a flight that `begin` began, with the reply if it can be shared; does nothing if the flight has ended."""
        with self._lock:
            flight = self._flights.pop((generation, key), None)
        if flight is not None:
            flight.end(sent)

    def put(self, generation: str, key: Hashable, sent: _Sent) -> None:
        """Cache a reply, and drop those of any other generation."""
        with self._lock:
            if generation != self._generation:
                self._sent.clear()
                self._size, self._generation = 0, generation
            if key in self._sent or len(sent) > LARGEST:
                return
            self._sent[key] = sent
            self._size += len(sent)
            while self._size > self._most:
                self._size -= len(self._sent.popitem(last=False)[1])


def depends() -> tuple[str, ...]:
    """All that a reply depends on besides the index and the day: product, language, coding, address, and whether it links to `/add`.

    Computed once per request, after it was accepted and its language chosen.
    """
    if "depends" not in g:
        g.depends = _depends()
    known: tuple[str, ...] = g.depends
    return known


def _depends() -> tuple[str, ...]:
    prefix: str = current_app.config["PREFIX"]
    adding = "add" if may_add() else ""
    return _version(), language_tag(), compression.coding(request), adding, request.host, prefix, request.full_path


@cache
def _version() -> str:
    """The product's version, read once: reading it takes a tenth of the time of a reply."""
    return version("fazhi-search")


def register(app: Flask) -> None:
    """Cache this application's replies. Must be registered first, to see a reply last."""
    app.extensions["repeated"] = Repeated()
    app.after_request(_keep)
    app.teardown_request(_end)


def answer() -> Response | None:
    """The cached reply to this request, or None. To be called after the request was accepted and its language chosen."""
    if request.method != "GET" or request.endpoint not in VIEWS or "HTTP_RANGE" in request.environ:
        return None
    kept: Repeated = current_app.extensions["repeated"]
    key, generation = (*depends(), date.today()), current_index().stats.generation
    found = kept.get(generation, key)
    if found is None:
        flight, is_first = kept.begin(generation, key)
        g.repeated = generation, key
        if is_first:
            g.is_flying = True
            return None
        found = flight.wait()
        if found is None:
            return None
    g.is_repeated = True
    reply = Response(found.content)
    del reply.headers["Content-Type"]
    for name, value in found.heads:
        reply.headers.add(name, value)
    return reply


def _keep(reply: Response) -> Response:
    if "repeated" not in g or "is_repeated" in g or reply.status_code != 200 or reply.is_streamed or "Set-Cookie" in reply.headers:
        return reply
    heads = tuple((name, value) for name, value in reply.headers.items() if name in _HEADS)
    kept: Repeated = current_app.extensions["repeated"]
    generation, key = g.repeated
    sent = _Sent(reply.get_data(), heads, sys.getsizeof(request.full_path))
    # Into the cache first, so that a request that comes between the two calls finds it.
    kept.put(generation, key, sent)
    if "is_flying" in g:
        kept.end(generation, key, sent)
    return reply


def _end(error: BaseException | None) -> None:
    """However a request ended, let no other wait for it any longer."""
    if g.pop("is_flying", False):
        kept: Repeated = current_app.extensions["repeated"]
        generation, key = g.repeated
        kept.end(generation, key, None)
