"""The `webui` command: serve pages and API until asked to stop."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from types import FrameType
from typing import NoReturn

from cheroot.wsgi import Server

from indexer import BadPath
from webui import create_app
from webui.server import make_server

BAD_CONFIGURATION = 5


def main() -> None:
    """The console script."""
    options = parser().parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        app = create_app(options.index, cors=not options.no_cors)
    except BadPath as error:
        _give_up(str(error))
    server = make_server(app, options.host, options.port)
    signal.signal(signal.SIGTERM, _stop)
    try:
        _listen(server, options.host, options.port)
        server.serve()
    except KeyboardInterrupt:
        pass
    finally:
        # Requests under way are finished first; without this the server's threads would keep the process.
        server.stop()


def _listen(server: Server, host: str, port: int) -> None:
    try:
        server.prepare()
    except OSError as error:
        _give_up(f"cannot listen on {host}:{port}: {error}; choose another --port")
    name = f"[{host}]" if ":" in host else host
    print(f"Serving on http://{name}:{server.bind_addr[1]}", flush=True)


def _give_up(reason: str) -> NoReturn:
    print(f"webui: {reason}", file=sys.stderr)
    sys.exit(BAD_CONFIGURATION)


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) < 1 << 16):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: expected 0 to 65535")
    return int(text)


def parser() -> argparse.ArgumentParser:
    """The flags of `webui`."""
    made = argparse.ArgumentParser(prog="webui", description="Serve the search pages and the JSON API.")
    made.add_argument("--index", default=os.environ.get("FAZHI_INDEX"), help="the index's folder (default: $FAZHI_INDEX or var/index)")
    made.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    made.add_argument("--port", type=_port, default=8000, help="port to listen on (default: 8000)")
    made.add_argument(
        "--no-cors",
        action="store_true",
        default=os.environ.get("FAZHI_CORS") == "0",
        help="let no page of another site read the API (default: where FAZHI_CORS is 0)",
    )
    return made
