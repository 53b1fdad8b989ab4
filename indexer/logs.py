"""What commands write to stderr while they work: lines for people, or one JSON object per line (`--log-format json`)."""

from __future__ import annotations

import argparse
import io
import json
import logging
import os
import sys
from datetime import datetime
from typing import Any

from indexer.texts import gettext as _

FORMATS = ("plain", "json")
VARIABLE = "FAZHI_LOG"

_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def add_log_format(parser: argparse.ArgumentParser) -> None:
    """Add the flag for the log format to a command."""
    parser.add_argument(
        "--log-format",
        type=_format,
        default=os.environ.get(VARIABLE) or "plain",
        metavar="FORMAT",
        help=_(
            "%(formats)s: plain text, or one JSON object per line (default: $%(variable)s or plain)", formats=FORMATS, variable=VARIABLE
        ),
    )


def _format(text: str) -> str:
    if text not in FORMATS:
        raise argparse.ArgumentTypeError(_("%(value)s: expected one of %(known)s", value=repr(text), known=FORMATS))
    return text


def configure_logging(form: str, level: int, plain: str) -> None:
    """Log to stderr in one of `FORMATS`; `plain` is the format string of lines for people."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if form == "json" else logging.Formatter(plain))
    logging.basicConfig(level=level, handlers=[handler], force=True)


class JsonLines(logging.Formatter):
    """Formats a record as an object: time with zone, level, logger, message, the `extra` values, and the traceback of an error."""

    def format(self, record: logging.LogRecord) -> str:
        """The record on one line: JSON escapes line ends, and ASCII suits every terminal and collector."""
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **{name: value for name, value in vars(record).items() if name not in _OWN},
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry, default=str)


def printable(text: str) -> str:
    """The text with unprintable characters escaped, so that it stays on one line and cannot control a terminal."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)


def write_chinese() -> None:
    """Let commands print Chinese.

    Characters that the terminal's encoding lacks (a rare one in GBK) are escaped; an encoding without Chinese is replaced by UTF-8.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if _holds_chinese(stream.encoding) else "utf-8", errors="backslashreplace")


def _holds_chinese(encoding: str) -> bool:
    return bytes("法", encoding, "ignore") != b""
