"""The path at which a proxy serves the site, as /fazhi of https://office.example/fazhi/.

Inside the application every address is a path from the site's own root, whether a template, a translated text, a view or a shape makes
it. Only here, as replies leave, the prefix is put before each. That is exact: templates and JSON escape quotation marks in all other
text, so `href="/` and `"url":"/` are found in addresses alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response

from indexer import BadPath

_PREFIX = re.compile(r"(/[A-Za-z0-9._~-]+)+")
_HTML = rb'(\s(?:href|src|action|formaction|data-root|data-progress)=")'
_JSON = rb'("(?:url|html|self|next|prev|csv|xlsx|ndjson)":\s?")'
_HEADERS = {"Location": "^()", "Link": "(<)"}
"""The headers of a reply that hold addresses, each with a pattern of what precedes one."""


class Prefix:
    """Puts a prefix before the addresses of an application; does nothing if `path` is empty."""

    def __init__(self, path: str) -> None:
        self._path = path
        # No address of the site itself begins with the prefix, so one that does has it already.
        address = f'/(?!/|{re.escape(path[1:])}(?:[/?#"]|$))'.encode()
        self._forms = {"text/html": re.compile(_HTML + address)}
        self._forms |= dict.fromkeys(("application/json", "application/x-ndjson"), re.compile(_JSON + address))
        self._heads = {name: re.compile(before + address.decode()) for name, before in _HEADERS.items()}

    def before(self, content: bytes, media: str) -> bytes:
        """The content of a reply with the prefix before its addresses; all of it, or a part that cuts no line."""
        form = self._forms.get(media.partition(";")[0]) if self._path else None
        return form.sub(rb"\1%s/" % self._path.encode(), content) if form else content

    def finish(self, reply: Response) -> Response:
        """Put the prefix before the addresses in a reply's body and headers."""
        for name, form in self._heads.items():
            if values := reply.headers.getlist(name):
                reply.headers.setlist(name, [form.sub(rf"\1{self._path}/", value) for value in values])
        # A reply from the cache (`repeated`) has the prefix already, and may be compressed.
        if not reply.is_streamed and reply.mimetype in self._forms and "Content-Encoding" not in reply.headers:
            reply.set_data(self.before(reply.get_data(), reply.mimetype))
        return reply


class _Stripped:
    """WSGI middleware that takes the prefix from paths, so that a proxy may pass them on with or without it."""

    def __init__(self, application: Callable[..., Iterable[bytes]], prefix: str) -> None:
        self._application, self._prefix = application, prefix

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == self._prefix or path.startswith(f"{self._prefix}/"):
            environ["PATH_INFO"] = path[len(self._prefix) :] or "/"
        environ["SCRIPT_NAME"] = ""
        return self._application(environ, start_response)


def register(app: Flask, prefix: str | None, public_url: str) -> None:
    """Have the application's addresses begin with a prefix.

    Must be registered before `addresses`, which reduces addresses to paths: the function registered last sees a reply first.

    Args:
        app: The application, with all its views.
        prefix: The path; None for that of `public_url`.
        public_url: The site's address from outside, empty if it is not set.

    Raises:
        BadPath: The prefix is no path, one of the site's own, or not that of `public_url`.
    """
    parts = urlsplit(public_url)
    # A malformed address is reported by `addresses`.
    public = parts.path.rstrip("/") if parts.netloc else ""
    path = public if prefix is None else prefix.rstrip("/")
    if path and not _PREFIX.fullmatch(path):
        raise BadPath(f"--prefix: {path!r} is not a path; expected one like /fazhi")
    if public_url and path != public:
        raise BadPath(f"--prefix: {path!r} does not match FAZHI_PUBLIC_URL: {public_url!r}")
    if path and path.split("/")[1] in _first_parts(app):
        raise BadPath(f"--prefix: {path!r} is an address of the site itself; expected another one, like /fazhi")
    app.config["PREFIX"] = path
    app.extensions["prefix"] = made = Prefix(path)
    if path:
        app.after_request(made.finish)
        app.wsgi_app = _Stripped(app.wsgi_app, path)  # type: ignore[method-assign]


def _first_parts(app: Flask) -> Iterator[str]:
    return (re.split(r"[/<.]", rule.rule)[1] for rule in app.url_map.iter_rules())
