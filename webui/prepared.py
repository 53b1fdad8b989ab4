"""Do in the background, after a start, what the first pages would otherwise wait for."""

from __future__ import annotations

import threading
from contextlib import suppress

from flask import Flask

from indexer import FACETS, IndexerError, SearchRequest, prepare_figures
from webui.live import LiveIndex


def begin_to_prepare(site: Flask) -> threading.Thread:
    """Start a thread that opens the index, counts the values of all filters (which reads what pages need), and compiles templates and the
    expressions that figures of a text are read by.
    """
    thread = threading.Thread(target=_open_and_compile, args=(site,), name="prepare", daemon=True)
    thread.start()
    return thread


def _open_and_compile(site: Flask) -> None:
    live: LiveIndex = site.extensions["index"]
    # If there is no index or it is damaged, the requests that need it say so.
    with suppress(IndexerError, OSError):
        live.get().facets(SearchRequest(), FACETS)
    for name in site.jinja_env.list_templates():
        site.jinja_env.get_template(name)
    prepare_figures()
