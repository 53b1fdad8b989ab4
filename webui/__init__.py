"""The web: pages for people, JSON for programs, both over the calls that `indexer` exports. HTTP only."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from flask import Flask, Response
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
    headers,
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

_VIEWS = (
    pages,
    views,
    advanced,
    machines,
    feed,
    years,
    compare,
    matrix,
    words,
    versions,
    batch,
    required,
    promises,
    instruments,
    common,
    doubts,
    verify,
    similar,
    cited,
    drafts,
    corpus,
    statistics,
    units,
    originals,
    api,
    reference,
)
"""Whatever has addresses of its own, each with a blueprint; `adding`, which has them too, wants a folder."""


class _Site(Flask):
    """Flask whose functions are all plain ones: it would look at each of the dozen that a request passes whether it is a coroutine."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """See Flask."""
        return func


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
    app = _Site(__name__)
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
    for view in _VIEWS:
        app.register_blueprint(view.bp)
    adding.register(app, corpus_folder, adding_token)
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
    headers.register(app, cors=cors)
    return app
