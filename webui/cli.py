"""The `webui` command: serve pages and API until asked to stop."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from types import FrameType

from cheroot.wsgi import Server

from webui import create_app

THREADS = 8
MAX_REQUEST = 1 << 16
"""Bytes of a request's line and headers, and of its body, of which nothing here takes any."""
BAD_CONFIGURATION = 5


def main() -> None:
    """The console script."""
    options = _parser().parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    server = Server((options.host, options.port), create_app(options.index), numthreads=THREADS, server_name="webui")
    server.max_request_body_size = server.max_request_header_size = MAX_REQUEST
    try:
        server.prepare()
    except OSError as error:
        print(f"webui: cannot listen on {options.host}:{options.port}: {error}; choose another --port", file=sys.stderr)
        sys.exit(BAD_CONFIGURATION)
    signal.signal(signal.SIGTERM, _stop)
    host = f"[{options.host}]" if ":" in options.host else options.host
    print(f"Serving on http://{host}:{server.bind_addr[1]}", flush=True)
    try:
        server.serve()
    except (KeyboardInterrupt, SystemExit):
        # Requests under way are finished first.
        server.stop()


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="webui", description="Serve the search pages and the JSON API.")
    parser.add_argument("--index", default=os.environ.get("FAZHI_INDEX"), help="the index's folder (default: $FAZHI_INDEX or var/index)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: 8000)")
    return parser
