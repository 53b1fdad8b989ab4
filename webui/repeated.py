"""A cache of whole replies: a class that looks for the same words has its search worked out once.

The key is all that a reply depends on, of which its ETag is made too, and the cache is of one generation of the index: the first reply
of a newer one empties it. It has the body as it went out, compressed or not; other headers are made for each request, so that conditions
(If-None-Match) are met and requests are counted as without a cache.

Requests that come while the reply to one like them is worked out wait for that reply: forty clients that ask for one page at the same
moment cost one page.
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
"""Of the replies that a worker caches."""
LARGEST = 1 << 18
"""Bytes of one, with its overhead; larger ones seldom come twice."""
VIEWS = frozenset({"api.search", "api.reports", "api.concordance", "api.suggest", "pages.index", "pages.report"})
"""What a class asks for at once; their replies depend on nothing but what `depends` names, the index and the day."""
PATIENCE = 10.0
"""Seconds for which a request waits for the reply to one like it; then its own is worked out."""
_OVERHEAD = 2_000
"""Bytes of an entry beside its content and the address in its key, at most: the rest of the key, heads, and the objects themselves."""
_HEADS = ("Content-Type", "Content-Encoding", "Link")


@dataclass(frozen=True, slots=True)
class _Sent:
    """A reply as it went out."""

    content: bytes
    heads: tuple[tuple[str, str], ...]
    address: int = 0
    """Bytes of the address that the key holds: of some kilobytes, where somebody wants to fill the memory."""

    def __len__(self) -> int:
        return len(self.content) + self.address + _OVERHEAD


class _Flight:
    """A reply that is worked out, for all who want it."""

    def __init__(self) -> None:
        self._ended = threading.Event()
        self._sent: _Sent | None = None

    def end(self, sent: _Sent | None) -> None:
        """Let those go who wait, with the reply; None where it is for nobody else."""
        if not self._ended.is_set():
            self._sent = sent
            self._ended.set()

    def wait(self) -> _Sent | None:
        """The reply, None where none comes within `PATIENCE` that may be shared."""
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
        """Bytes of all replies with their overhead, at most those that are allowed."""
        return self._size

    def get(self, generation: str, key: Hashable) -> _Sent | None:
        """The reply of this generation under a key, None where there is none."""
        with self._lock:
            if generation != self._generation or (found := self._sent.get(key)) is None:
                return None
            self._sent.move_to_end(key)
            return found

    def begin(self, generation: str, key: Hashable) -> tuple[_Flight, bool]:
        """The flight of the reply of this generation under a key, and whether it begins with this call; who begins it must `end` it."""
        with self._lock:
            flight = self._flights.get((generation, key))
            if flight is not None:
                return flight, False
            self._flights[generation, key] = flight = _Flight()
            return flight, True

    def end(self, generation: str, key: Hashable, sent: _Sent | None) -> None:
        """End a flight that `begin` began, with the reply where it may be shared; one that has ended stays as it is."""
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
    """All that a reply depends on beside the index and the day: product, language, coding, address, and who sees the link to `/add`.

    Worked out once for a request, when it was let in and its language is settled.
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
    """The product's, read once: reading it takes a tenth of an answer."""
    return version("fazhi-search")


def register(app: Flask) -> None:
    """Cache what this application replies: to be registered first, for what was registered last sees a reply first."""
    app.extensions["repeated"] = Repeated()
    app.after_request(_keep)
    app.teardown_request(_end)


def answer() -> Response | None:
    """The reply to this request where one like it was answered before: to be called when it was let in and its language is settled."""
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
    # First into the cache: who comes between the two finds it.
    kept.put(generation, key, sent)
    if "is_flying" in g:
        kept.end(generation, key, sent)
    return reply


def _end(error: BaseException | None) -> None:
    """Whatever became of a request, nobody waits for it any longer."""
    if g.pop("is_flying", False):
        kept: Repeated = current_app.extensions["repeated"]
        generation, key = g.repeated
        kept.end(generation, key, None)
