"""The `webui` command: serve pages and API until a signal stops it."""

from __future__ import annotations

import argparse
import os
import socket
import sys
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from indexer import BadPath, Check, Condition, add_log_format, corpus_location, examine, index_location, is_well, print_checks, texts
from indexer import gettext as _
from webui.server import Configuration, default_workers, listen, serve, shared_counts

BAD_CONFIGURATION = 5
MAX_WORKERS = 64


def main() -> None:
    """The console script."""
    with texts.speaking(texts.ENGLISH):
        _serve()


def _serve() -> None:
    options = parser().parse_args()
    try:
        configuration = _configuration(options)
    except BadPath as error:
        give_up("webui", error)
    configuration.configure_logging()
    if options.check:
        _check(options, configuration)
    with shared_counts() if options.metrics else nullcontext():
        try:
            # Each worker makes its own application; errors are to show before a worker starts.
            replace(configuration, metrics=False).site()
            listening = listening_on(options.host, options.port)
        except BadPath as error:
            give_up("webui", error)
        _announce_and_serve(options, configuration, listening)


def _configuration(options: argparse.Namespace) -> Configuration:
    folder = options.allow_adding
    token = os.environ.get("FAZHI_ADDING_TOKEN") or None
    if options.adding_token_file is not None:
        try:
            token = Path(options.adding_token_file).read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            raise BadPath(f"--adding-token-file {options.adding_token_file}: {error}") from error
    return Configuration(
        options.index,
        not options.no_cors,
        options.log_format,
        options.log_queries,
        options.uploads,
        options.metrics,
        None if folder is None else Path(corpus_location(folder or None)).absolute(),
        token,
        options.prefix,
    )


def listening_on(host: str, port: int) -> socket.socket:
    """A socket that listens.

    Raises:
        BadPath: There is no such host, or the port is taken.
    """
    try:
        return listen(host, port)
    except OSError as error:
        wanted = f"{host}:{port}"
        reason = _("cannot listen on %(address)s: %(error)s; choose another --port or --host", address=wanted, error=str(error))
        raise BadPath(reason) from error


def _check(options: argparse.Namespace, configuration: Configuration) -> NoReturn:
    """Print what would keep the server from working, and exit."""
    checks = examine(index_location(options.index or None), serving=True)
    for about, look in (
        ("settings", replace(configuration, metrics=False).site),
        ("address", lambda: listening_on(options.host, options.port).close()),
    ):
        try:
            look()
            checks.append(Check(Condition.OK, about, "can be used"))
        except BadPath as error:
            checks.append(Check(Condition.WRONG, about, str(error)))
    print_checks(checks)
    sys.exit(0 if is_well(checks) else BAD_CONFIGURATION)


def _announce_and_serve(options: argparse.Namespace, configuration: Configuration, listening: socket.socket) -> None:
    name = f"[{options.host}]" if ":" in options.host else options.host
    address = f"http://{name}:{listening.getsockname()[1]}"
    ready = _("Serving on %(address)s", address=address)
    serve(listening, options.workers, configuration, lambda: print(ready, flush=True))


def give_up(program: str, reason: object) -> NoReturn:
    """Print why a program does not start, and exit."""
    print(f"{program}: {reason}", file=sys.stderr)
    sys.exit(BAD_CONFIGURATION)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) < 1 << 16):
        raise argparse.ArgumentTypeError(_("%(value)s is not a port: expected 0 to 65535", value=repr(text)))
    return int(text)


def _workers(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text) <= MAX_WORKERS):
        raise argparse.ArgumentTypeError(
            _("%(value)s is not a number of workers: expected 1 to %(most)s", value=repr(text), most=MAX_WORKERS)
        )
    return int(text)


def parser() -> argparse.ArgumentParser:
    """The flags of `webui`."""
    made = argparse.ArgumentParser(prog="webui", description=_("Serve the search pages and the JSON API."), allow_abbrev=False)
    made.add_argument(
        "--index", default=os.environ.get("FAZHI_INDEX"), help=_("location of the index (default: $FAZHI_INDEX or var/index)")
    )
    made.add_argument("--host", default="127.0.0.1", help=_("address to listen on (default: 127.0.0.1)"))
    made.add_argument("--port", type=_port, default=8000, help=_("port to listen on (default: 8000)"))
    made.add_argument(
        "--workers",
        type=_workers,
        default=default_workers(),
        help=_("number of worker processes (default: one per core, at most 4; always 1 on Windows)"),
    )
    made.add_argument(
        "--prefix",
        metavar="PATH",
        default=os.environ.get("FAZHI_PREFIX"),
        help=_("URL path under which a proxy serves the site, such as /fazhi (default: $FAZHI_PREFIX, else the path of $FAZHI_PUBLIC_URL)"),
    )
    made.add_argument(
        "--no-cors",
        action="store_true",
        default=os.environ.get("FAZHI_CORS") == "0",
        help=_("do not let pages of other sites read the API (default: if FAZHI_CORS is 0)"),
    )
    made.add_argument(
        "--log-queries",
        action="store_true",
        default=os.environ.get("FAZHI_LOG_QUERIES") == "1",
        help=_("also log the search queries (default: if FAZHI_LOG_QUERIES is 1)"),
    )
    made.add_argument(
        "--uploads",
        action=argparse.BooleanOptionalAction,
        default={"1": True, "0": False}.get(os.environ.get("FAZHI_UPLOADS", "")),
        help=_("accept drafts to check from everybody, or from nobody (default: $FAZHI_UPLOADS, 1 or 0; else only from this machine)"),
    )
    made.add_argument(
        "--metrics",
        action="store_true",
        default=os.environ.get("FAZHI_METRICS") == "1",
        help=_("serve Prometheus metrics at /metrics (default: if FAZHI_METRICS is 1)"),
    )
    made.add_argument(
        "--allow-adding",
        nargs="?",
        const="",
        default=os.environ.get("FAZHI_ADDING") or None,
        metavar="FOLDER",
        help=_("let users add reports to this folder on /add (default: $FAZHI_ADDING, else off; without FOLDER: $FAZHI_CORPUS or corpus)"),
    )
    made.add_argument(
        "--adding-token-file",
        metavar="FILE",
        help=_("file with the token required to add reports (default: $FAZHI_ADDING_TOKEN; without a token only this machine may add)"),
    )
    made.add_argument(
        "--check", action="store_true", help=_("check whether the server could start, say how to fix what is wrong, and exit")
    )
    add_log_format(made)
    return made
