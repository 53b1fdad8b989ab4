"""The `webui` command: serve pages and API until a signal stops it."""

from __future__ import annotations

import argparse
import os
import sys
from typing import NoReturn

from indexer import BadPath, add_log_format, texts
from indexer import gettext as _
from webui.server import Configuration, default_workers, listen, serve

BAD_CONFIGURATION = 5
MAX_WORKERS = 64


def main() -> None:
    """The console script."""
    with texts.speaking(texts.ENGLISH):
        _serve()


def _serve() -> None:
    options = parser().parse_args()
    configuration = Configuration(options.index, not options.no_cors, options.log_format, options.log_queries, options.uploads)
    configuration.configure_logging()
    try:
        # Every worker makes its own; whether that can be done shows before there is one.
        configuration.application()
    except BadPath as error:
        _give_up(str(error))
    try:
        listening = listen(options.host, options.port)
    except OSError as error:
        wanted = f"{options.host}:{options.port}"
        _give_up(_("cannot listen on %(address)s: %(error)s; choose another --port or --host", address=wanted, error=str(error)))
    name = f"[{options.host}]" if ":" in options.host else options.host
    address = f"http://{name}:{listening.getsockname()[1]}"
    ready = _("Serving on %(address)s", address=address)
    serve(listening, options.workers, configuration, lambda: print(ready, flush=True))


def _give_up(reason: str) -> NoReturn:
    print(f"webui: {reason}", file=sys.stderr)
    sys.exit(BAD_CONFIGURATION)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) < 1 << 16):
        raise argparse.ArgumentTypeError(_("%(value)s is not a port: expected 0 to 65535", value=repr(text)))
    return int(text)


def _workers(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text) <= MAX_WORKERS):
        raise argparse.ArgumentTypeError(_("%(value)s is no number of workers: expected 1 to %(most)s", value=repr(text), most=MAX_WORKERS))
    return int(text)


def parser() -> argparse.ArgumentParser:
    """The flags of `webui`."""
    made = argparse.ArgumentParser(prog="webui", description=_("Serve the search pages and the JSON API."))
    made.add_argument("--index", default=os.environ.get("FAZHI_INDEX"), help=_("the index's folder (default: $FAZHI_INDEX or var/index)"))
    made.add_argument("--host", default="127.0.0.1", help=_("address to listen on (default: 127.0.0.1)"))
    made.add_argument("--port", type=_port, default=8000, help=_("port to listen on (default: 8000)"))
    made.add_argument(
        "--workers",
        type=_workers,
        default=default_workers(),
        help=_("processes that answer (default: one for each core, at most 4; always 1 on Windows)"),
    )
    made.add_argument(
        "--no-cors",
        action="store_true",
        default=os.environ.get("FAZHI_CORS") == "0",
        help=_("let no page of another site read the API (default: where FAZHI_CORS is 0)"),
    )
    made.add_argument(
        "--log-queries",
        action="store_true",
        default=os.environ.get("FAZHI_LOG_QUERIES") == "1",
        help=_("log what is searched for too (default: where FAZHI_LOG_QUERIES is 1)"),
    )
    made.add_argument(
        "--uploads",
        action=argparse.BooleanOptionalAction,
        default={"1": True, "0": False}.get(os.environ.get("FAZHI_UPLOADS", "")),
        help=_("take drafts to be checked from everybody, or from nobody (default: $FAZHI_UPLOADS, 1 or 0, else from this machine alone)"),
    )
    add_log_format(made)
    return made
