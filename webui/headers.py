"""The headers of every reply: what a browser may do with it, which other sites may read it, how long it may stay in a cache."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import cache
from pathlib import Path
from urllib.parse import quote

from flask import Flask, Request, Response, g, request

from webui import repeated

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_FOR_ALL_SITES = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag, Link, Retry-After"}
_METHODS = {"Access-Control-Allow-Methods": "GET, HEAD, POST", "Access-Control-Allow-Headers": "Content-Type"}
_CONDITIONS = frozenset({"HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_IF_RANGE"})


def register(app: Flask, *, cors: bool) -> None:
    """Add the headers to every reply, before functions registered earlier see it, and `asset` to templates; `cors` as in `create_app`."""

    @cache
    def version_of(name: str) -> str:
        return hashlib.sha256(Path(str(app.static_folder), name).read_bytes()).hexdigest()[:12]

    @app.template_global()
    @cache
    def asset(name: str) -> str:
        """The address of a static file; it changes with the content, so browsers may keep the file for ever."""
        return f"{app.static_url_path}/{quote(name)}?v={version_of(name)}"

    @app.after_request
    def finish(reply: Response) -> Response:
        # A set, since every look-up in the headers goes through all of them.
        there = {name for name, _ in reply.headers}
        added = dict(_HEADERS)
        if cors and request.path.startswith("/api/"):
            added |= _FOR_ALL_SITES
            if request.method == "OPTIONS":
                added |= _METHODS
        reply.headers.extend([(name, value) for name, value in added.items() if name not in there])
        # Only under its own version: a proxy's cache could otherwise hold the old file under the address of the next version.
        if request.endpoint == "static" and reply.status_code in (200, 304) and request.args.get("v") == version_of(_file(request)):
            reply.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        if reply.status_code == 200 and "index" in g and not ("Cache-Control" in there and reply.cache_control.no_store):
            _tag(reply, g.index.stats.generation)
        elif "Cache-Control" not in there:
            # Without this header a cache may keep a reply such as 404 or 503 for as long as it likes.
            reply.headers.setdefault("Cache-Control", "no-cache")
        return reply


def _file(request: Request) -> str:
    return str((request.view_args or {})["filename"])


def _tag(reply: Response, generation: str) -> None:
    """Set an ETag of all that the reply depends on: for a page also the day, which it prints."""
    day = "" if reply.is_json else date.today().isoformat()
    whole = "\0".join((generation, day, *repeated.depends()))
    reply.set_etag(hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:24])
    reply.headers["Cache-Control"] = "no-cache"
    if not _CONDITIONS.isdisjoint(request.environ):
        reply.make_conditional(request)
