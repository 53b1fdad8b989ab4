"""Fetches a URL politely: obeys robots.txt, pauses between requests to a host, retries when a server asks for it, and has limits."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from typing import Any
from urllib.parse import unquote

import urllib3
from protego import Protego

from indexer.collect.targets import Refused, Target, machine_of
from indexer.loaders import Limits

MOST_BYTES = Limits().file_size
MOST_SECONDS = 120.0
"""Most seconds for one response, headers and body together."""
MOST_REDIRECTS = 5
TRIES = 3
LONGEST_PAUSE = 300.0
"""Seconds; a request is given up if the server wants a longer pause."""
_LATER = frozenset({429, 500, 502, 503, 504})
_MOVED = frozenset({301, 302, 303, 307, 308})
_ROBOTS_BYTES = 512_000
"""Most bytes of a robots.txt, as many as RFC 9309 2.5 requires at least."""
_CHUNK = 1 << 16
NAME = "fazhi-collect"
"""The user agent by which a robots.txt may address this program."""


class Answered(Refused):
    """The server answered with a status other than 200."""

    def __init__(self, address: str, status: int) -> None:
        super().__init__(f"{address}: the server answers {status}")
        self.status = status


@dataclass(frozen=True, slots=True)
class Manners:
    """Settings for requests to servers."""

    pause: float = 2.0
    """Seconds between two requests to a host; longer if its robots.txt says so."""
    contact: str = ""
    """An address for the operators of the servers, sent with each request."""
    private: bool = False
    """Whether requests to private network addresses are allowed."""
    most_bytes: int = MOST_BYTES
    most_seconds: float = MOST_SECONDS
    backoff: float = 5.0
    """Seconds before the second attempt and twice as many before the third, unless the server states a time."""

    @property
    def agent(self) -> str:
        """The value of the User-Agent header."""
        return f"{NAME}/{version('fazhi-search')}" + (f" (+{self.contact})" if self.contact else "")


@dataclass(frozen=True, slots=True)
class Fetched:
    """The response to a request."""

    address: str
    """The final URL, after redirects."""
    content: bytes | None
    """None if it has not changed."""
    kind: str = ""
    """The media type stated by the server."""
    name: str = ""
    """The file name given by the server, "" if none."""
    etag: str = ""
    last_modified: str = ""


class Fetcher:
    """Fetches URLs one at a time."""

    def __init__(
        self, manners: Manners, sleep: Callable[[float], object] = time.sleep, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._manners, self._sleep, self._clock = manners, sleep, clock
        self._robots: dict[str, Protego | Refused] = {}
        self._last: dict[str, float] = {}

    def fetch(self, address: str, etag: str = "", last_modified: str = "") -> Fetched:
        """Fetch a URL.

        Args:
            address: The URL.
            etag: The ETag of the content already held; if it still applies, no content is returned.
            last_modified: Likewise, the Last-Modified header of that content.

        Raises:
            Refused: The URL may not be fetched, or could not be.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        return self._follow(Target.of(address), {name: value for name, value in conditions.items() if value}, by_rules=True)

    def _follow(self, target: Target, headers: dict[str, str], *, by_rules: bool, most: int | None = None) -> Fetched:
        for _ in range(MOST_REDIRECTS + 1):
            pause = self._allowed_after(target) if by_rules else self._manners.pause
            status, answer, content = self._ask(target, headers, pause, most or self._manners.most_bytes)
            if status in _MOVED and answer.get("Location"):
                target = Target.of(_text(answer["Location"]), target.address)
                continue
            if status == 304 and headers:
                return Fetched(target.address, None)
            if status != 200:
                raise Answered(target.address, status)
            return Fetched(
                target.address,
                content,
                answer.get("Content-Type", "").partition(";")[0].strip().lower(),
                _file_name(answer.get("Content-Disposition", "")),
                answer.get("ETag", ""),
                answer.get("Last-Modified", ""),
            )
        raise Refused(f"{target.address}: more than {MOST_REDIRECTS} redirects")

    def _allowed_after(self, target: Target) -> float:
        """The seconds between two requests to the host, if its robots.txt allows this URL.

        Raises:
            Refused: It does not, or cannot be fetched.
        """
        if target.origin not in self._robots:
            self._robots[target.origin] = self._rules(target)
        rules = self._robots[target.origin]
        if isinstance(rules, Refused):
            # RFC 9309, 2.3.1.4: in this case nothing may be fetched.
            raise Refused(f"{target.address}: the site's robots.txt cannot be fetched: {rules}")
        if not rules.can_fetch(target.address, NAME):
            raise Refused(f"{target.address}: the site's robots.txt does not allow it")
        pause = max(self._manners.pause, rules.crawl_delay(NAME) or 0.0)
        if pause > max(LONGEST_PAUSE, self._manners.pause):
            raise Refused(f"{target.origin}: its robots.txt wants pauses of {pause:g} seconds")
        return pause

    def _rules(self, target: Target) -> Protego | Refused:
        """The rules in a site's robots.txt, no rules if there is no such file, or the error why it cannot be fetched."""
        try:
            found = self._follow(replace(target, path="/robots.txt"), {}, by_rules=False, most=_ROBOTS_BYTES)
        except Answered as error:
            return Protego.parse("") if 400 <= error.status < 500 and error.status != 429 else error
        except Refused as error:
            return error
        return Protego.parse((found.content or b"").decode("utf-8", "replace"))

    def _ask(self, target: Target, headers: dict[str, str], pause: float, most: int) -> tuple[int, urllib3.HTTPHeaderDict, bytes]:
        """Status, headers and body of a response; retries if the server is busy or the connection breaks."""
        for number in range(1, TRIES + 1):
            self._wait(target.host, pause)
            try:
                status, answer, content = self._exchange(target, headers, most)
            except (urllib3.exceptions.HTTPError, OSError) as error:
                if number == TRIES or isinstance(error, urllib3.exceptions.SSLError):
                    raise Refused(f"{target.address}: {_said(error)}") from error
                self._sleep(self._manners.backoff * 2 ** (number - 1))
                continue
            finally:
                self._last[target.host] = self._clock()
            if status not in _LATER or number == TRIES:
                return status, answer, content
            wanted = _seconds(answer.get("Retry-After", ""))
            if wanted is not None and wanted > LONGEST_PAUSE:
                raise Refused(f"{target.address}: the server is busy ({status}) and wants to be asked in {wanted:.0f} seconds again")
            self._sleep(self._manners.backoff * 2 ** (number - 1) if wanted is None else wanted)
        raise AssertionError("unreachable")

    def _wait(self, host: str, pause: float) -> None:
        if host in self._last and (rest := self._last[host] + pause - self._clock()) > 0:
            self._sleep(rest)

    def _exchange(self, target: Target, headers: dict[str, str], most: int) -> tuple[int, urllib3.HTTPHeaderDict, bytes]:
        """Send one request, to the very IP address that was checked.

        Raises:
            Refused: The request is not allowed, or the response is too large or too slow.
            HTTPError, OSError: The request failed.
        """
        machine = machine_of(target, private=self._manners.private)
        timeout = urllib3.Timeout(connect=20.0, read=30.0)
        pool = (
            urllib3.HTTPSConnectionPool(machine, target.port, timeout=timeout, server_hostname=target.host, assert_hostname=target.host)
            if target.scheme == "https"
            else urllib3.HTTPConnectionPool(machine, target.port, timeout=timeout)
        )
        until = self._clock() + self._manners.most_seconds
        sent = {"Host": target.authority, "User-Agent": self._manners.agent, "Accept-Encoding": "identity", "Accept": "*/*", **headers}
        with pool, _ended_after(pool, self._manners.most_seconds) as over:
            try:
                reply = pool.urlopen("GET", target.path, headers=sent, redirect=False, retries=False, preload_content=False)
            except ValueError as error:
                raise Refused(f"{target.address}: it cannot be asked for ({error})") from error
            except (urllib3.exceptions.HTTPError, OSError) as error:
                if over.is_set():
                    raise self._too_slow(target) from error
                raise
            try:
                content = self._body(reply, target, most, until) if reply.status == 200 else b""
            finally:
                reply.close()
            if over.is_set():
                # Headers that were cut off look complete.
                raise self._too_slow(target)
            return reply.status, reply.headers, content

    def _too_slow(self, target: Target) -> Refused:
        return Refused(f"{target.address}: it takes more than {self._manners.most_seconds:g} seconds")

    def _body(self, reply: urllib3.BaseHTTPResponse, target: Target, most: int, until: float) -> bytes:
        announced = reply.headers.get("Content-Length", "")
        if announced.isdecimal() and int(announced) > most:
            raise Refused(f"{target.address}: {int(announced):,} bytes; at most {most:,}")
        content = bytearray()
        # `read1` returns whatever has arrived, so that a server that sends byte by byte is noticed.
        while chunk := reply.read1(_CHUNK, decode_content=True):
            content += chunk
            if len(content) > most:
                raise Refused(f"{target.address}: more than {most:,} bytes")
            if self._clock() > until:
                raise self._too_slow(target)
        if announced.isdecimal() and "Content-Encoding" not in reply.headers and len(content) < int(announced):
            raise urllib3.exceptions.IncompleteRead(len(content), int(announced) - len(content))
        return bytes(content)


@contextmanager
def _ended_after(pool: urllib3.HTTPConnectionPool, seconds: float) -> Iterator[threading.Event]:
    """Shut down a pool's connections after so many seconds. Its own timeouts apply to each read, and headers may arrive byte by byte.

    Yields:
        An event that is set when the time is over.
    """
    opened: list[Any] = []
    over = threading.Event()
    kind: Any = pool.ConnectionCls

    class Noted(kind):  # type: ignore[misc]
        def connect(self) -> None:
            super().connect()
            opened.append(self)
            if over.is_set():
                end()

    def end() -> None:
        over.set()
        for connection in opened:
            if (connected := connection.sock) is not None:
                with suppress(OSError):
                    # On the plain socket, because another thread may be reading through TLS.
                    socket.socket.shutdown(connected, socket.SHUT_RDWR)

    pool.ConnectionCls = Noted
    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield over
    finally:
        timer.cancel()


def _seconds(text: str) -> float | None:
    """The value of Retry-After as seconds from now, None if it has none."""
    if text.strip().isascii() and text.strip().isdecimal():
        return float(text)
    with suppress(ValueError, TypeError):
        when = parsedate_to_datetime(text)
        return max(0.0, (when.replace(tzinfo=when.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
    return None


def _file_name(disposition: str) -> str:
    """The file name in a Content-Disposition: plain, encoded (RFC 5987), or in UTF-8 or GBK as Chinese servers write it."""
    message = Message()
    message["Content-Disposition"] = _text(disposition)
    found = message.get_filename() or ""
    return unquote(found) if "%" in found else found


def _text(header: str) -> str:
    """A header's value, which arrives as Latin-1, decoded as UTF-8 or GBK."""
    for encoding in ("utf-8", "gb18030"):
        with suppress(UnicodeError):
            return header.encode("latin-1").decode(encoding)
    return header


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
