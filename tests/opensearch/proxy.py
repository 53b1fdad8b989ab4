"""A door before a node that asks who comes, speaks TLS, and can be shut: what a cluster's own security does."""

from __future__ import annotations

import http.client
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Door(ThreadingHTTPServer):
    """Passes requests on to the node at a port; a context manager."""

    daemon_threads = True

    def __init__(self, port: int, context: ssl.SSLContext | None = None, authorization: str | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.node, self.authorization = port, authorization
        self.shut = False
        self.asked = 0
        if context:
            self.socket = context.wrap_socket(self.socket, server_side=True)

    def __enter__(self) -> Door:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that does not trust the certificate hangs up; that is what is tested."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Door

    def _pass_on(self) -> None:
        self.server.asked += 1
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.server.shut:
            self.close_connection = True
            return
        if self.server.authorization and self.headers.get("Authorization") != self.server.authorization:
            self._reply(401, b"", {})
            return
        node = http.client.HTTPConnection("127.0.0.1", self.server.node, timeout=60)
        try:
            kept = {name: value for name, value in self.headers.items() if name.lower() in ("content-type", "accept")}
            node.request(self.command, self.path, body, kept)
            reply = node.getresponse()
            self._reply(reply.status, reply.read(), {"Content-Type": reply.headers.get("Content-Type", "")})
        finally:
            node.close()

    def _reply(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _pass_on  # noqa: N815 - the names that the base class calls

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""
