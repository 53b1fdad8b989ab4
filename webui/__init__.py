"""The web: pages for people, JSON for programs, both over the calls that `indexer` exports. HTTP only."""

from __future__ import annotations

import hashlib
import os
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from flask import Flask, Request, Response, g, request, url_for
from flask.json.provider import DefaultJSONProvider

from indexer import check_location, index_location
from webui import (
    adding,
    addresses,
    advanced,
    api,
    batch,
    cited,
    common,
    compare,
    compression,
    corpus,
    doubts,
    drafts,
    feed,
    instruments,
    machines,
    matrix,
    originals,
    pages,
    prefix,
    problems,
    promises,
    reading,
    reference,
    repeated,
    required,
    similar,
    statistics,
    texts,
    units,
    verify,
    versions,
    views,
    words,
    years,
)
from webui.costly import Costly
from webui.downloads import Downloads
from webui.live import LiveIndex

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class _Json(DefaultJSONProvider):
    """The same bytes as Python's own in a tenth of the time, which was an eighth of a reply's."""

    ensure_ascii = False
    sort_keys = False

    def response(self, *args: Any, **named: Any) -> Response:
        """See Flask."""
        return Response(msgspec.json.encode(self._prepare_response_obj(args, named)) + b"\n", mimetype=self.mimetype)


def create_app(
    index: str | None = None,
    *,
    cors: bool = True,
    uploads: bool | None = None,
    metrics: bool = False,
    corpus_folder: Path | None = None,
    adding_token: str | None = None,
    under: str | None = None,
) -> Flask:
    """The application on the index in this folder (default: FAZHI_INDEX, else var/index).

    It starts without an index too, and answers 503 until there is one. With `cors` pages of any site may read the API; it only
    ever reads. Drafts to be checked are taken from everybody (`uploads`), nobody (False) or this machine alone (None).
    Reports may be added to `corpus_folder`, by who has `adding_token`, and without one from this machine alone.
    With `metrics` it tells Prometheus how it is. FAZHI_HOSTS lists the names that are served, FAZHI_PUBLIC_URL is where the site is found.
    A proxy has it at the path `under` (default: FAZHI_PREFIX, else the path of FAZHI_PUBLIC_URL).

    Raises:
        BadPath: It can never be an index's folder, reports cannot be written to theirs, or a variable or the token cannot be used.
    """
    location = index_location(index or None)
    check_location(location)
    app = Flask(__name__)
    app.json = _Json(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.config["UPLOADS"] = uploads
    repeated.register(app)
    compression.register(app)
    app.extensions["index"] = LiveIndex(location)
    app.extensions["downloads"] = Downloads()
    app.extensions["costly"] = Costly()
    app.extensions["holdings"] = corpus.HeldCache()
    app.extensions["readings"] = reading.Readings()
    app.register_blueprint(pages.bp)
    app.register_blueprint(views.bp)
    app.register_blueprint(advanced.bp)
    app.register_blueprint(machines.bp)
    app.register_blueprint(feed.bp)
    app.register_blueprint(years.bp)
    app.register_blueprint(compare.bp)
    app.register_blueprint(matrix.bp)
    app.register_blueprint(words.bp)
    app.register_blueprint(versions.bp)
    app.register_blueprint(batch.bp)
    app.register_blueprint(required.bp)
    app.register_blueprint(promises.bp)
    app.register_blueprint(instruments.bp)
    app.register_blueprint(common.bp)
    app.register_blueprint(doubts.bp)
    app.register_blueprint(verify.bp)
    app.register_blueprint(similar.bp)
    app.register_blueprint(cited.bp)
    app.register_blueprint(drafts.bp)
    adding.register(app, corpus_folder, adding_token)
    app.register_blueprint(corpus.bp)
    app.register_blueprint(statistics.bp)
    app.register_blueprint(units.bp)
    app.register_blueprint(originals.bp)
    app.register_blueprint(api.bp)
    app.register_blueprint(reference.bp)
    problems.register(app)
    texts.register(app)
    if metrics:
        # The client decides when it is imported whether workers share their counts.
        from webui import metrics as figures

        figures.register(app)
    public_url = os.environ.get("FAZHI_PUBLIC_URL", "")
    prefix.register(app, os.environ.get("FAZHI_PREFIX") if under is None else under, public_url)
    addresses.register(app, os.environ.get("FAZHI_HOSTS", ""), public_url)

    # Once a request was let in.
    app.before_request(repeated.answer)

    @cache
    def version_of(name: str) -> str:
        return hashlib.sha256(Path(str(app.static_folder), name).read_bytes()).hexdigest()[:12]

    @app.template_global()
    def asset(name: str) -> str:
        """The address of a static file, changing with its content: browsers may keep what stands there for ever."""
        return url_for("static", filename=name, v=version_of(name))

    @app.after_request
    def finish(reply: Response) -> Response:
        # What looks for a name in the headers goes through all of them.
        there = {name for name, _ in reply.headers}
        reply.headers.extend([(name, value) for name, value in _HEADERS.items() if name not in there])
        # Of another version nothing may be cached: a cache before the server would have the wrong file under the next one's address.
        if request.endpoint == "static" and reply.status_code in (200, 304) and request.args.get("v") == version_of(_file(request)):
            reply.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        if cors and request.path.startswith("/api/"):
            reply.headers["Access-Control-Allow-Origin"] = "*"
            reply.headers["Access-Control-Expose-Headers"] = "ETag, Link, Retry-After"
            if request.method == "OPTIONS":
                reply.headers["Access-Control-Allow-Methods"] = "GET, HEAD, POST"
                reply.headers["Access-Control-Allow-Headers"] = "Content-Type"
        if reply.status_code == 200 and "index" in g and not reply.cache_control.no_store:
            _tag(reply, g.index.stats.generation)
        # Without a word on it a cache may keep a page that was not there, or that the index was away, for as long as it likes.
        reply.headers.setdefault("Cache-Control", "no-cache")
        return reply

    return app


def _file(request: Request) -> str:
    return str((request.view_args or {})["filename"])


def _tag(reply: Response, generation: str) -> None:
    """An ETag of all that a reply depends on, and on a page of the day, which it prints."""
    day = "" if reply.is_json else date.today().isoformat()
    whole = "\0".join((generation, day, *repeated.depends()))
    reply.set_etag(hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:24])
    reply.headers["Cache-Control"] = "no-cache"
    reply.make_conditional(request)
