"""Which host names are served, and what absolute addresses of the site begin with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit, urlunsplit

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import BadRequest, LengthRequired

from indexer import BadPath, InvalidRequest, Problem

_HOST = re.compile(r"(?P<name>[\w.-]+|\[[\da-f:.]+\])(:(?P<port>\d{1,5}))?", re.ASCII | re.IGNORECASE)
_REFUSED = "webui.refused_host"
_PROBES = frozenset({"/healthz", "/readyz"})
"""Served under any host name: monitors ask for them by whatever address a machine has."""
_FORWARDED = frozenset({"HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_VIA"})
"""Headers that a proxy adds to a request it passes on, as WSGI names them."""
MOST_ARGUMENTS = 1000
"""The most arguments of an address: all filters have fewer values together, and a message on each wrong one takes time and room."""


def register(app: Flask, hosts: str, public_url: str) -> None:
    """Refuse requests for other hosts, and begin absolute addresses with `public_url`.

    Args:
        app: The application.
        hosts: The host names that are served, separated by commas; any when empty.
        public_url: The site's address from outside; taken from each request when empty.

    Raises:
        BadPath: `hosts` or `public_url` is malformed.
    """
    names = frozenset(name.strip().casefold() for name in hosts.split(",") if name.strip())
    for name in names:
        if _name(name) != name:
            raise BadPath(f"FAZHI_HOSTS: {name!r} is not a host name; expected names without ports, separated by commas")
    parts = urlsplit(public_url)
    if public_url and (parts.scheme not in ("http", "https") or _name(parts.netloc) is None or parts.query or parts.fragment):
        raise BadPath(f"FAZHI_PUBLIC_URL: {public_url!r} is not an address; expected one like https://fazhi.example.cn")
    app.add_template_global(public_root)
    app.config["PUBLIC_URL"] = public_url.rstrip("/")
    app.config["HOSTS"] = names | ({_name(parts.netloc)} if public_url else set())
    app.wsgi_app = _Hosts(app.wsgi_app, names)  # type: ignore[method-assign]
    app.before_request(_refuse)
    app.after_request(_finish)


def public_root() -> str:
    """What absolute addresses of the site begin with, without a slash at the end."""
    public: str = current_app.config["PUBLIC_URL"]
    return public or request.url_root.rstrip("/") + str(current_app.config["PREFIX"])


def is_of_another_site(*, by_any_name: bool) -> bool:
    """Whether a page of another site made its reader's browser send this request.

    Args:
        by_any_name: Whether this site may go by any host name. If not, the name must be an address, localhost, or one of
            FAZHI_HOSTS or FAZHI_PUBLIC_URL: whoever owns another name may let it resolve to this machine (DNS rebinding).
    """
    origin = request.headers.get("Origin")
    if origin is None:
        # Programs and old browsers send none.
        return request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin")
    if urlsplit(origin).netloc != request.host:
        return True
    return not (by_any_name or _is_ours(_name(request.host) or ""))


def is_from_here() -> bool:
    """Whether a program on this machine sent this request, rather than a proxy that passed it on."""
    try:
        local = ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
    return local and _FORWARDED.isdisjoint(request.environ)


def _is_ours(name: str) -> bool:
    if name == "localhost" or name in current_app.config["HOSTS"]:
        return True
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def published(path: str) -> str:
    """The absolute address of a path of this site; empty if FAZHI_PUBLIC_URL is not set."""
    root: str = current_app.config["PUBLIC_URL"]
    return root and root + path


class _Hosts:
    """WSGI middleware that marks requests for a host that is not served, and replaces the Host so that no address is made of it."""

    def __init__(self, application: Callable[..., Iterable[bytes]], names: frozenset[str]) -> None:
        self._application, self._names = application, names

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        host = environ.get("HTTP_HOST", "")
        if not host and not environ["SERVER_PROTOCOL"].startswith("HTTP/1.1"):
            # HTTP before 1.1 has no Host.
            host = environ["SERVER_NAME"]
            host = environ["HTTP_HOST"] = f"[{host}]" if ":" in host else host
        name = _name(host)
        if name is None or (self._names and name not in self._names and environ["PATH_INFO"] not in _PROBES):
            environ[_REFUSED], environ["HTTP_HOST"] = True, "localhost"
        return self._application(environ, start_response)


@lru_cache(maxsize=64)
def _name(host: str) -> str | None:
    """The name in a Host header, casefolded; None if no address can be made of it."""
    read = _HOST.fullmatch(host)
    if read is None or int(read["port"] or 0) > 0xFFFF:
        return None
    try:
        if read["name"].startswith("["):
            IPv6Address(read["name"][1:-1])
        # Both ways, as the framework does; an empty label and one of more than 63 letters cannot be encoded.
        read["name"].encode("idna").decode("idna")
    except ValueError:
        return None
    return read["name"].casefold()


def _finish(reply: Response) -> Response:
    if "Location" in reply.headers:
        # Only the path: a cache might keep an address with the host name of one request for everybody.
        _, _, path, query, fragment = urlsplit(reply.headers["Location"])
        reply.headers["Location"] = urlunsplit(("", "", f"/{path.lstrip('/')}", query, fragment))
    if reply.status_code == LengthRequired.code:
        reply.headers["Connection"] = "close"
    return reply


def _refuse() -> None:
    if request.environ.get(_REFUSED) or request.query_string.count(b"&") >= MOST_ARGUMENTS:
        raise BadRequest
    if "HTTP_TRANSFER_ENCODING" in request.environ:
        # Request smuggling: a proxy may go by a Content-Length instead, and take a part of this body for the next request. So the
        # connection is closed after the reply (`_finish`).
        raise LengthRequired
    try:
        unquote_to_bytes(request.query_string).decode()
    except UnicodeDecodeError:
        raise InvalidRequest(*_not_text(request.query_string)) from None


def _not_text(query_string: bytes) -> Iterator[Problem]:
    """A problem for each argument that is not UTF-8: cut within a character, or in another encoding."""
    for argument in query_string.split(b"&"):
        name = argument.partition(b"=")[0]
        try:
            unquote_to_bytes(argument).decode()
        except UnicodeDecodeError:
            shown = unquote_to_bytes(name).decode(errors="replace")
            yield Problem(shown, "not-text", name=shown)
