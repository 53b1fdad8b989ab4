"""Addresses for machines: liveness and readiness, the OpenSearch description, the sitemap, the icon."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, current_app, render_template, request

from indexer import IndexCorrupt, IndexerError
from webui.addresses import public_root
from webui.live import LiveIndex, all_reports, current_index
from webui.params import read_request

bp = Blueprint("machines", __name__)

SITEMAP_MOST = 50_000
"""The most addresses in one file, according to sitemaps.org."""


@bp.get("/healthz")
def healthz() -> Response:
    """Whether the server is alive."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
def readyz() -> Response:
    """Whether it can answer searches."""
    try:
        index = current_index()
        index.outdated()  # raises if a cluster cannot be reached
        generation = index.stats.generation
        live: LiveIndex = current_app.extensions["index"]
        if damage := live.damage():
            raise IndexCorrupt(live.location, damage)
    except (IndexerError, OSError) as error:
        return Response(f"{type(error).__name__}\n", 503, mimetype="text/plain", headers={"Retry-After": "10"})
    return Response(f"ready {generation}\n", mimetype="text/plain")


@bp.get("/favicon.ico")
def favicon() -> Response:
    """The icon, for clients that ask for it by this name without having read a page."""
    return current_app.send_static_file("favicon.ico")


@bp.get("/opensearch.xml")
def opensearch() -> Response:
    """The description by which a browser adds this search."""
    return Response(render_template("opensearch.xml", base=f"{public_root()}/"), mimetype="application/opensearchdescription+xml")


@bp.get("/sitemap.xml")
def sitemap() -> Response:
    """The address of every report; if one file cannot hold them, an index of the files, which `page` selects."""
    number = read_request(request.args, only=["page"]).page if request.args else None
    paths = ["", "corpus", *(f"reports/{quote(found.id)}" for found in all_reports())]
    parts = -(-len(paths) // SITEMAP_MOST)
    if number is None and parts > 1:
        page = render_template("sitemaps.xml", base=f"{public_root()}/", parts=parts)
    else:
        first = ((number or 1) - 1) * SITEMAP_MOST
        page = render_template("sitemap.xml", base=f"{public_root()}/", paths=paths[first : first + SITEMAP_MOST])
    return Response(page, mimetype="application/xml")
