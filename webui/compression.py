"""Texts of more than a kilobyte go out as gzip to who takes it: a page of 60 kB is one of 10.

zlib of the standard library does it: Flask-Compress would bring brotli and zstandard for every system that is packed for, and makes the
ETag of what it compresses anew for each request. Nothing is compressed that flows or is a file already (whole results, originals), for
memory and time would grow with them. A page says nothing secret: there are no tokens, and the one cookie says which language was
chosen. So how long it is when compressed tells nobody anything beside what he typed himself (BREACH).
"""

from __future__ import annotations

import zlib
from functools import lru_cache

from flask import Flask, Request, Response, request

LEAST = 1_000
"""Bytes from which on it is worth it."""
LEVEL = 5
"""Of zlib: a page of results of 44 kB becomes one of 10 in 0.7 ms of processor time, JSON of 154 kB one of 40 in 5 ms."""
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
    """Compress what this application replies; to be registered first, for what was registered last sees a reply first."""
    app.after_request(_finish)


def coding(asked: Request) -> str:
    """In which form a client wants texts: "gzip", or "" for as they are. A reply's ETag depends on it."""
    accepted = asked.accept_encodings
    return "gzip" if 0 < accepted["gzip"] >= accepted["identity"] else ""


def _finish(reply: Response) -> Response:
    if not (reply.mimetype or "").startswith(_TEXTS):
        return reply
    reply.headers["Vary"] = ", ".join([*reply.headers.getlist("Vary"), "Accept-Encoding"])
    is_file = request.endpoint == "static"
    if is_file and (etag := reply.get_etag()[0]):
        # The one that was made of the file stands for both forms.
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
