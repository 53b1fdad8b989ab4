"""Log a line for every request, once its reply is sent or given up."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import quote

log = logging.getLogger(__name__)

REQUEST_ID = "webui.request_id"
"""The key of a request's id in its WSGI environment."""
WHOLE = 1 << 20
"""Replies of at most this many bytes are handed over in one piece, so that a slow reader occupies no thread."""
_USABLE_ID = re.compile(r"[\w.:-]{1,64}", re.ASCII)


class AccessLog:
    """WSGI middleware that logs each request: never who sent it, and what was searched for only with `queries`."""

    def __init__(self, application: Callable[..., Iterable[bytes]], *, queries: bool = False) -> None:
        self._application, self._queries = application, queries
        self._open: set[_Reply] = set()

    @property
    def is_busy(self) -> bool:
        """Whether any reply is being made or sent."""
        return bool(self._open)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """The reply, with the request's id in the log: the one that the request brought (from a proxy, say) or a new one."""
        received = environ.get("HTTP_X_REQUEST_ID", "")
        environ[REQUEST_ID] = id = received if _USABLE_ID.fullmatch(received) else secrets.token_hex(8)
        reply = _Reply(self._about(environ), id, self._open)
        self._open.add(reply)

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            reply.status = int(status[:3])
            length = next((value for name, value in headers if name.lower() == "content-length"), None)
            reply.is_short = length is not None and int(length) <= WHOLE
            return start_response(status, [*headers, ("X-Request-ID", id)], *error)

        try:
            reply.parts = self._application(environ, start)
        except BaseException:
            self._open.discard(reply)
            raise
        return reply.joined() if reply.is_short else reply

    def _about(self, environ: dict[str, Any]) -> dict[str, Any]:
        # The bytes as received, percent-encoded to ASCII: no request can forge a line of the log.
        about = {"method": quote(environ["REQUEST_METHOD"], safe=""), "path": quote(environ["PATH_INFO"].encode("latin-1"))}
        if self._queries:
            about["query"] = quote(environ["QUERY_STRING"].encode("latin-1"), safe="=&%+")
        return about


class _Reply:
    """The parts of a reply; logged when it is closed."""

    def __init__(self, about: dict[str, Any], id: str, among: set[_Reply]) -> None:
        self._about, self._id, self._among = about, id, among
        self._started = time.perf_counter()
        self._bytes = 0
        self.status = 500
        self.is_short = False
        self.parts: Iterable[bytes] = ()

    def __iter__(self) -> Iterator[bytes]:
        for part in self.parts:
            self._bytes += len(part)
            yield part

    def joined(self) -> list[bytes]:
        """The whole reply as one part; logs and closes it."""
        try:
            return [b"".join(self)]
        finally:
            self.close()

    def close(self) -> None:
        """Close the application's reply, then log the request."""
        try:
            if hasattr(self.parts, "close"):
                self.parts.close()
        finally:
            self._among.discard(self)
            ms = round(1000 * (time.perf_counter() - self._started), 1)
            fields = {**self._about, "status": self.status, "ms": ms, "bytes": self._bytes, "id": self._id}
            target = self._about["path"] + (f"?{query}" if (query := self._about.get("query")) else "")
            log.info("%s %s %d, %.1f ms, %d bytes, %s", self._about["method"], target, self.status, ms, self._bytes, self._id, extra=fields)
