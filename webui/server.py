"""The production server: cheroot with its limits set, and taught to take addresses as people type them."""

from __future__ import annotations

import re
from typing import Any

from cheroot.server import HTTPConnection, HTTPRequest
from cheroot.wsgi import Server
from flask import Flask

THREADS = 8
MAX_REQUEST = 1 << 16
"""Bytes of a request's line and headers, and of its body, of which nothing here takes any."""


def make_server(app: Flask, host: str, port: int) -> Server:
    """A server that listens once it is prepared."""
    server = Server((host, port), app, numthreads=THREADS, server_name="webui")
    server.max_request_body_size = server.max_request_header_size = MAX_REQUEST
    server.ConnectionClass = _Connection
    return server


class _QuotedLines:
    """Lines of a stream with every byte beyond ASCII percent-encoded, as browsers do."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def readline(self) -> bytes:
        line: bytes = self._stream.readline()
        return re.sub(rb"[\x80-\xff]", lambda byte: b"%%%02X" % byte[0][0], line)


class _Request(HTTPRequest):
    """A request whose line may hold UTF-8 as it stands: `curl 'http://…/?q=法治'`, which cheroot 11 answers with 400."""

    def read_request_line(self) -> Any:
        """Whether the line could be read; the headers after it are read as they are."""
        stream = self.rfile
        self.rfile = _QuotedLines(stream)
        try:
            return super().read_request_line()  # type: ignore[no-untyped-call] # cheroot's stubs leave it out
        except ValueError:  # urlsplit on "//["
            self.simple_response("400 Bad Request", "Malformed Request-URI")
            return False
        finally:
            self.rfile = stream


class _Connection(HTTPConnection):
    RequestHandlerClass = _Request
