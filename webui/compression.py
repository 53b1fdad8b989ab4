"""Compress text replies of a kilobyte or more with gzip for clients that accept it: a page of 60 kB becomes one of 10 kB.

zlib of the standard library is enough: Flask-Compress would bring brotli and zstandard for every platform of the bundle, and computes
the ETag of a compressed reply anew for each request. Streamed replies and files (whole results, originals) are not compressed, since
memory and time would grow with them. Pages hold no secrets (no tokens; a cookie only chooses the language), so the length of a
compressed page reveals nothing besides what its reader typed (BREACH).
"""

from __future__ import annotations

import zlib
from functools import lru_cache

from flask import Flask, Request, Response, request

LEAST = 1_000
"""Bytes; shorter replies are not worth compressing."""
LEVEL = 5
"""The zlib level: a page of results of 44 kB becomes one of 10 kB in 0.7 ms of processor time, JSON of 154 kB one of 40 kB in 5 ms."""
_TEXTS = (
    "text/",
    "application/json",
    "application/problem+json",
    "application/javascript",
    "application/atom+xml",
    "application/opensearchdescription+xml",
    "application/xml",
    "image/svg+xml",
)
_GZIP = 16 + zlib.MAX_WBITS


def register(app: Flask) -> None:
    """Compress this application's replies. Must be registered first, to see a reply last."""
    app.after_request(_finish)


def coding(asked: Request) -> str:
    """The coding in which a client wants texts: "gzip", or "" for none. A reply's ETag depends on it."""
    accepted = asked.accept_encodings
    return "gzip" if 0 < accepted["gzip"] >= accepted["identity"] else ""


def _finish(reply: Response) -> Response:
    if not (reply.mimetype or "").startswith(_TEXTS):
        return reply
    reply.headers["Vary"] = ", ".join([*reply.headers.getlist("Vary"), "Accept-Encoding"])
    is_file = request.endpoint == "static"
    if is_file and (etag := reply.get_etag()[0]):
        # Both codings share the ETag of the file, so it is weak.
        reply.set_etag(etag, weak=True)
    is_packed = "Content-Encoding" in reply.headers
    if (
        coding(request)
        and not is_packed
        and reply.status_code not in (204, 206, 304)
        and (is_file or not reply.is_streamed)
        and request.method != "HEAD"
    ):
        reply.direct_passthrough = False
        body = reply.get_data()
        if len(body) >= LEAST:
            reply.set_data(_of_file(body) if is_file else _compressed(body))
            reply.headers["Content-Encoding"] = "gzip"
    return reply


def _compressed(body: bytes) -> bytes:
    packing = zlib.compressobj(LEVEL, zlib.DEFLATED, _GZIP)
    return packing.compress(body) + packing.flush()


_of_file = lru_cache(maxsize=16)(_compressed)
