"""The `fazhi-mcp` command: the tools for assistants on standard input and output, or over HTTP."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass

from flask import Flask

from indexer import BadPath, texts
from indexer import gettext as _
from webui import create_app
from webui.cli import give_up, listening_on
from webui.mcp import http, stdio
from webui.mcp.protocol import Server
from webui.mcp.tools import INSTRUCTIONS, tools
from webui.server import Configuration, serve


def main() -> None:
    """The console script."""
    options = parser().parse_args()
    with texts.speaking(texts.ENGLISH):
        try:
            if options.http is None:
                stdio.serve(server_of(create_app(options.index)), sys.stdin.buffer, sys.stdout.buffer)
            else:
                _serve_http(options.index, options.http)
        except BadPath as error:
            give_up("fazhi-mcp", error)


def server_of(app: Flask) -> Server:
    """The server with all tools over an application's index; addresses begin with FAZHI_PUBLIC_URL, and are paths if it is not set."""
    return Server(tools(app, app.config["PUBLIC_URL"] or None), INSTRUCTIONS)


@dataclass(frozen=True, slots=True)
class _Configuration(Configuration):
    """What a worker receives when it starts."""

    @property
    def awaits_files(self) -> bool:
        """False, since no tool takes a file."""
        return False

    def site(self) -> Flask:
        """The pages' application with the address for assistants."""
        app = create_app(self.index, cors=False)
        app.register_blueprint(http.blueprint(server_of(app), os.environ.get("FAZHI_MCP_TOKEN") or None))
        return app


def _serve_http(index: str | None, address: tuple[str, int]) -> None:
    host, port = address
    configuration = _Configuration(index)
    configuration.configure_logging()
    # Errors are to show before a worker starts.
    configuration.site()
    listening = listening_on(host, port)
    where = f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}{http.PATH}"
    serve(listening, 1, configuration, lambda: print(_("Serving on %(address)s", address=where), flush=True))


def _address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or not host or not (port.isascii() and port.isdecimal() and int(port) < 1 << 16):
        raise argparse.ArgumentTypeError(f"{text!r} is not an address: expected HOST:PORT, like 127.0.0.1:8001")
    return host.strip("[]"), int(port)


def parser() -> argparse.ArgumentParser:
    """The flags of `fazhi-mcp`."""
    made = argparse.ArgumentParser(
        prog="fazhi-mcp",
        description="Serve the search as Model Context Protocol tools, on standard input and output or over HTTP.",
        allow_abbrev=False,
    )
    made.add_argument("--index", default=os.environ.get("FAZHI_INDEX"), help="location of the index (default: $FAZHI_INDEX or var/index)")
    made.add_argument(
        "--http", type=_address, metavar="HOST:PORT", help="serve at http://HOST:PORT/mcp instead of on standard input and output"
    )
    return made
