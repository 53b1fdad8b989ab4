"""Under which names the site is served, and what addresses of it begin with where they leave it."""

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
"""Monitors ask for these by whatever address a machine has."""
_FORWARDED = frozenset({"HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_VIA"})
"""Headers of a request that somebody passed on, as WSGI names them."""
MOST_ARGUMENTS = 1000
"""Arguments of an address, more than all filters can have values: what is said of each that is wrong takes time and room."""


def register(app: Flask, hosts: str, public_url: str) -> None:
    """Refuse requests for other hosts, and begin addresses with this one.

    Args:
        app: The application.
        hosts: The names that are served, separated by commas; any when empty.
        public_url: Where the site is found from outside; as the request says when empty.

    Raises:
        BadPath: One of them cannot be used.
    """
    names = frozenset(name.strip().casefold() for name in hosts.split(",") if name.strip())
    for name in names:
        if _name(name) != name:
            raise BadPath(f"FAZHI_HOSTS: {name!r} is no host's name; expected names without ports, separated by commas")
    parts = urlsplit(public_url)
    if public_url and (parts.scheme not in ("http", "https") or _name(parts.netloc) is None or parts.query or parts.fragment):
        raise BadPath(f"FAZHI_PUBLIC_URL: {public_url!r} is no address; expected one like https://fazhi.example.cn")
    app.add_template_global(public_root)
    app.config["PUBLIC_URL"] = public_url.rstrip("/")
    app.config["HOSTS"] = names | ({_name(parts.netloc)} if public_url else set())
    app.wsgi_app = _Hosts(app.wsgi_app, names)  # type: ignore[method-assign]
    app.before_request(_refuse)
    app.after_request(_finish)


def public_root() -> str:
    """What addresses that leave the site begin with, without a slash at the end."""
    public: str = current_app.config["PUBLIC_URL"]
    return public or request.url_root.rstrip("/") + str(current_app.config["PREFIX"])


def is_of_another_site(*, by_any_name: bool) -> bool:
    """Whether a page of another site sends this request in its reader's name.

    Args:
        by_any_name: Whether a page of this site is one under any name. If not, the name must be an address, localhost, or one of
            FAZHI_HOSTS or FAZHI_PUBLIC_URL: whoever owns another name may let it lead to this machine (DNS rebinding).
    """
    origin = request.headers.get("Origin")
    if origin is None:
        # Programs send none, and old browsers.
        return request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin")
    if urlsplit(origin).netloc != request.host:
        return True
    return not (by_any_name or _is_ours(_name(request.host) or ""))


def is_from_here() -> bool:
    """Whether a program on this machine sends this request, and no proxy on it passes it on."""
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
    """The address of a path of this site for others; empty where FAZHI_PUBLIC_URL does not say where they find it."""
    root: str = current_app.config["PUBLIC_URL"]
    return root and root + path


class _Hosts:
    """Marks requests whose Host is none that is served: nothing after it makes an address of what came there."""

    def __init__(self, application: Callable[..., Iterable[bytes]], names: frozenset[str]) -> None:
        self._application, self._names = application, names

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        host = environ.get("HTTP_HOST", "")
        if not host and not environ["SERVER_PROTOCOL"].startswith("HTTP/1.1"):
            # Before 1.1 none was sent.
            host = environ["SERVER_NAME"]
            host = environ["HTTP_HOST"] = f"[{host}]" if ":" in host else host
        name = _name(host)
        if name is None or (self._names and name not in self._names and environ["PATH_INFO"] not in _PROBES):
            environ[_REFUSED], environ["HTTP_HOST"] = True, "localhost"
        return self._application(environ, start_response)


@lru_cache(maxsize=64)
def _name(host: str) -> str | None:
    """The name in a Host header; None where no address can be made of it."""
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
        # To a path: under the name that a request gives the site, a cache might keep it for everybody.
        _, _, path, query, fragment = urlsplit(reply.headers["Location"])
        reply.headers["Location"] = urlunsplit(("", "", f"/{path.lstrip('/')}", query, fragment))
    if reply.status_code == LengthRequired.code:
        reply.headers["Connection"] = "close"
    return reply


def _refuse() -> None:
    if request.environ.get(_REFUSED) or request.query_string.count(b"&") >= MOST_ARGUMENTS:
        raise BadRequest
    if "HTTP_TRANSFER_ENCODING" in request.environ:
        # A proxy may have gone by a length beside it: what one takes for a body is the next request to the other, so it is the last one.
        raise LengthRequired
    try:
        unquote_to_bytes(request.query_string).decode()
    except UnicodeDecodeError:
        raise InvalidRequest(*_not_text(request.query_string)) from None


def _not_text(query_string: bytes) -> Iterator[Problem]:
    """A problem for each argument that is no text: half a character, or one of another encoding than UTF-8."""
    for argument in query_string.split(b"&"):
        name = argument.partition(b"=")[0]
        try:
            unquote_to_bytes(argument).decode()
        except UnicodeDecodeError:
            shown = unquote_to_bytes(name).decode(errors="replace")
            yield Problem(shown, "not-text", name=shown)
