"""A connection as it may be used: what a request's head must be like, how long it may take, how slowly a reply may be read.

cheroot reads requests generously. Behind a proxy that is how one client's bytes become another one's request, so what two
servers could read in two ways is refused.
"""

from __future__ import annotations

import logging
import re
import socket
import time
from typing import Any

from cheroot.server import HeaderReader, HTTPConnection, HTTPRequest

log = logging.getLogger(__name__)

HEAD_SECONDS = 10.0
"""In which a request must have come, from its first byte on."""
SEND_SECONDS = 10.0
"""In which some bytes of a reply must be taken."""
SLOW_AFTER = 30.0
SLOWEST = 2_000
"""Bytes a second, as a mean, at which a reply must be taken when `SLOW_AFTER` seconds are over."""

_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_HOST = re.compile(rb"(?P<name>[\w.-]*|\[[\da-f:.]+\])(:(?P<port>\d{0,5}))?", re.ASCII | re.IGNORECASE)
_LENGTH = re.compile(rb"\d{1,12}")
_ONCE = frozenset({b"content-length", b"host", b"transfer-encoding"})


def _is_host(host: bytes) -> bool:
    """Whether addresses can be made of a Host header."""
    read = _HOST.fullmatch(host)
    if read is None or int(read["port"] or 0) > 0xFFFF:
        return False
    try:
        read["name"].decode("idna")
    except UnicodeError:
        return False
    return True


class HurriedSocket:
    """A socket that gives up what takes too long in all, however often a byte comes or goes."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self.begin()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)

    def begin(self) -> None:
        """Count from now: the next request begins."""
        self._until = time.monotonic() + HEAD_SECONDS
        self._sending_since: float | None = None
        self._sent = 0

    def recv_into(self, buffer: Any) -> int:
        """See `socket.recv_into`.

        Raises:
            TimeoutError: The request should have been complete by now.
        """
        # Never 0, which would mean not to wait at all.
        self._socket.settimeout(max(0.001, self._until - time.monotonic()))
        return self._socket.recv_into(buffer)

    def send(self, content: bytes) -> int:
        """See `socket.send`.

        Raises:
            TimeoutError: The reply is taken too slowly.
        """
        now = time.monotonic()
        since = self._sending_since = now if self._sending_since is None else self._sending_since
        if now - since > SLOW_AFTER and self._sent < SLOWEST * (now - since):
            # Said as sockets say it: the server knows it by these words.
            raise TimeoutError("timed out")
        self._socket.settimeout(SEND_SECONDS)
        sent = self._socket.send(content)
        self._sent += sent
        return sent


class _Lines:
    """Lines of a stream, each changed or refused by `_line`."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def readline(self) -> bytes:
        return self._line(self._stream.readline())

    def _line(self, line: bytes) -> bytes:
        raise NotImplementedError


class _QuotedLines(_Lines):
    """With every byte beyond ASCII percent-encoded, as browsers do."""

    def _line(self, line: bytes) -> bytes:
        return re.sub(rb"[\x80-\xff]", lambda byte: b"%%%02X" % byte[0][0], line)


class _HeaderLines(_Lines):
    """Refuses names that are none, folded lines, control characters, and a second value of what has one."""

    def __init__(self, stream: Any) -> None:
        super().__init__(stream)
        self._seen: set[bytes] = set()

    def _line(self, line: bytes) -> bytes:
        if line in (b"", b"\r\n"):
            return line
        name = line.partition(b":")[0]
        if not _NAME.fullmatch(name) or _CONTROL.search(line.removesuffix(b"\r\n")):
            raise ValueError("Illegal header line.")
        if name.lower() in self._seen & _ONCE:
            raise ValueError("Repeated header.")
        self._seen.add(name.lower())
        return line


class _Headers(HeaderReader):
    def __call__(self, rfile: Any, hdict: Any = None) -> Any:
        return super().__call__(_HeaderLines(rfile), hdict)


class Request(HTTPRequest):
    """Strict headers, and a line that may hold UTF-8 as it stands: `curl 'http://…/?q=法治'`, which cheroot 11 answers with 400."""

    header_reader = _Headers()

    def read_request_line(self) -> Any:
        """Whether the line could be read; the headers after it are read as they are."""
        stream = self.rfile
        self.rfile = _QuotedLines(stream)
        try:
            return super().read_request_line()  # type: ignore[no-untyped-call]
        except ValueError:  # urlsplit on "//["
            self.simple_response("400 Bad Request", "Malformed Request-URI")
            return False
        finally:
            self.rfile = stream

    def read_request_headers(self) -> Any:
        """Whether the headers could be read and say one thing only."""
        if not super().read_request_headers():  # type: ignore[no-untyped-call]
            return False
        headers = self.inheaders
        if b"Transfer-Encoding" in headers:
            # Nothing here takes a body; one of unknown length would be read as the next request.
            self.simple_response("411 Length Required", "Send no body.")
            return False
        length = headers.get(b"Content-Length", b"0")
        if not _LENGTH.fullmatch(length):
            self.simple_response("400 Bad Request", "Malformed Content-Length Header.")
            return False
        if int(length):
            # To be read away it would have to be waited for.
            self.simple_response("413 Content Too Large", "Send no body.")
            return False
        host = headers.get(b"Host", b"" if self.response_protocol == "HTTP/1.0" else None)
        if host is None or not _is_host(host):
            self.simple_response("400 Bad Request", "Malformed Host Header.")
            return False
        return True

    def simple_response(self, status: str, msg: str = "") -> None:
        """A reply of the server itself, after which the connection ends."""
        log.info("refused: %s %s", status, msg, extra={"status": int(status[:3])})
        super().simple_response(status, msg)


class Connection(HTTPConnection):
    """A connection in a hurry, with strict requests."""

    RequestHandlerClass = Request

    def __init__(self, server: Any, sock: Any, *makefile: Any) -> None:
        super().__init__(server, HurriedSocket(sock), *makefile)

    def communicate(self) -> Any:
        """Whether the connection stays open after the request that has begun to come."""
        self.socket.begin()
        return super().communicate()  # type: ignore[no-untyped-call]
