"""The `webui` command: serve pages and API until asked to stop."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
from types import FrameType
from typing import NoReturn

from indexer import BadPath, add_log_format, configure_logging
from webui import create_app
from webui.server import Server, make_server

log = logging.getLogger(__name__)

BAD_CONFIGURATION = 5


def main() -> None:
    """The console script."""
    options = parser().parse_args()
    configure_logging(options.log_format, logging.INFO, "%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        app = create_app(options.index, cors=not options.no_cors)
    except BadPath as error:
        _give_up(str(error))
    server = make_server(app, options.host, options.port, log_queries=options.log_queries)
    asked = _stop_when_asked()
    _listen(server, options.host, options.port)
    serving = threading.Thread(target=server.serve, name="serving")
    serving.start()
    # In pieces, for on Windows a wait without an end is not interrupted by Ctrl-C.
    while serving.is_alive() and not asked.wait(0.5):
        pass
    log.info("stopping after the requests under way")
    server.stop()
    serving.join()
    log.info("stopped")


def _stop_when_asked() -> threading.Event:
    """What is set when the process is asked to stop; asked again, it stops at once."""
    asked = threading.Event()

    def ask(number: int, frame: FrameType | None) -> None:
        if asked.is_set():
            os._exit(128 + number)
        asked.set()

    # A console's Ctrl-Break and closing are SIGBREAK, on Windows alone.
    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), ask)
    return asked


def _listen(server: Server, host: str, port: int) -> None:
    try:
        server.prepare()
    except OSError as error:
        server.stop()
        _give_up(f"cannot listen on {host}:{port}: {error}; choose another --port or --host")
    name = f"[{host}]" if ":" in host else host
    print(f"Serving on http://{name}:{server.bind_addr[1]}", flush=True)


def _give_up(reason: str) -> NoReturn:
    print(f"webui: {reason}", file=sys.stderr)
    sys.exit(BAD_CONFIGURATION)


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
    made.add_argument(
        "--log-queries",
        action="store_true",
        default=os.environ.get("FAZHI_LOG_QUERIES") == "1",
        help="log what is searched for too (default: where FAZHI_LOG_QUERIES is 1)",
    )
    add_log_format(made)
    return made
