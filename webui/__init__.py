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
"""The modules with a blueprint (`bp`). `adding` has one too, but needs a folder and registers itself."""


class _Site(Flask):
    """Flask that does not check whether each of the dozen functions that a request passes is a coroutine: none is."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """See Flask."""
        return func


class _Json(DefaultJSONProvider):
    """JSON by msgspec: the same bytes as the standard library's in a tenth of the time, which was an eighth of a reply's."""

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
    """Create the application over the index in this folder (default: FAZHI_INDEX, else var/index).

    It also starts without an index, and answers 503 until there is one. FAZHI_HOSTS lists the host names that are served,
    FAZHI_PUBLIC_URL is the site's address from outside.

    Args:
        index: The index's folder.
        cors: Whether pages of any site may read the API, which is read-only.
        uploads: Who may upload drafts to check: everybody (True), nobody (False) or only this machine (None).
        metrics: Whether to serve figures for Prometheus.
        corpus_folder: The folder that reports may be added to; None for none.
        adding_token: The token that adding reports requires; without one only this machine may add them.
        under: The path at which a proxy serves the site (default: FAZHI_PREFIX, else the path of FAZHI_PUBLIC_URL).

    Raises:
        BadPath: No index can be at this location, `corpus_folder` is not writable, or a variable or the token cannot be used.
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
        # prometheus_client decides at import whether workers share their counts.
        from webui import metrics as figures

        figures.register(app)
    public_url = os.environ.get("FAZHI_PUBLIC_URL", "")
    prefix.register(app, os.environ.get("FAZHI_PREFIX") if under is None else under, public_url)
    addresses.register(app, os.environ.get("FAZHI_HOSTS", ""), public_url)
    # After the functions that may refuse a request.
    app.before_request(repeated.answer)
    headers.register(app, cors=cors)
    return app
