"""A door before a node that asks who comes, speaks TLS, and can be shut, silent or busy: what a cluster does on a bad day."""

from __future__ import annotations

import http.client
import json
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


class Door(ThreadingHTTPServer):
    """Passes requests on to the node at a port of an address of this machine; a context manager. `at` is its own port, by default a free one."""

    daemon_threads = True

    def __init__(
        self, port: int, context: ssl.SSLContext | None = None, authorization: str | None = None, *, host: str = "127.0.0.1", at: int = 0
    ) -> None:
        super().__init__(("127.0.0.1", at), _Handler)
        self.node, self.authorization = (host, port), authorization
        self.shut = self.silent = self.forgetful = False
        """Forgetful: the node does what it is asked, but the first reply to each path gets lost."""
        self.forgotten: set[tuple[str, str]] = set()
        self.refusing: dict[str, list[int]] = {}
        """By what a path ends with: the statuses that the next requests get from the door, which the node never hears of; 0 hangs up."""
        self.turning_away: list[int] = []
        """The statuses that every second document of the next bulk requests gets; only the others come to the node."""
        self.letting: dict[str, int] = {}
        """By what a path ends with: how many requests more come to the node; those behind them wait at the door for good."""
        self.waiting = 0
        self.counting, self.over = threading.Lock(), threading.Event()
        self.asked = 0
        if context:
            self.socket = context.wrap_socket(self.socket, server_side=True)

    def __enter__(self) -> Door:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.silent = False
        self.over.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that does not trust the certificate hangs up; that is what is tested."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Door

    def _answer(self) -> None:
        self.server.asked += 1
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        while self.server.silent:
            time.sleep(0.02)
        if self.server.shut:
            self.close_connection = True
            return
        if self.server.authorization and self.headers.get("Authorization") != self.server.authorization:
            self._reply(401, b"", "")
            return
        path = urlsplit(self.path).path
        for end, statuses in self.server.refusing.items():
            if path.endswith(end) and statuses:
                if status := statuses.pop(0):
                    said = {"error": {"type": "refused_at_the_door", "reason": "come again"}}
                    self._reply(status, json.dumps(said).encode(), "application/json")
                else:
                    self.close_connection = True
                return
        if not self._is_let(path):
            self.server.over.wait()
            self.close_connection = True
            return
        if self.server.forgetful and (self.command, path) not in self.server.forgotten:
            self.server.forgotten.add((self.command, path))
            self._of_node(body)
            self.close_connection = True
        elif path.endswith("/_bulk") and self.server.turning_away:
            self._reply(200, self._half(body, self.server.turning_away.pop(0)), "application/json")
        else:
            self._reply(*self._of_node(body))

    def _is_let(self, path: str) -> bool:
        with self.server.counting:
            for end, left in self.server.letting.items():
                if path.endswith(end):
                    self.server.letting[end] = left - 1
                    self.server.waiting += left <= 0
                    return left > 0
        return True

    def _of_node(self, body: bytes) -> tuple[int, bytes, str]:
        node = http.client.HTTPConnection(*self.server.node, timeout=60)
        try:
            kept = {name: value for name, value in self.headers.items() if name.lower() in ("content-type", "accept")}
            node.request(self.command, self.path, body, kept)
            reply = node.getresponse()
            return reply.status, reply.read(), reply.headers.get("Content-Type", "")
        finally:
            node.close()

    def _half(self, body: bytes, status: int) -> bytes:
        """The reply to a bulk request of which the node gets every second operation, and the others this status."""
        lines = iter(body.rstrip(b"\n").split(b"\n"))
        operations = [head if b'"delete"' in head[:12] else head + b"\n" + next(lines) for head in lines]
        passed = operations[1::2]
        items = iter(json.loads(self._of_node(b"\n".join(passed) + b"\n")[1]).get("items", []) if passed else [])
        away = {"index": {"status": status, "error": {"type": "rejected_execution_exception", "reason": "queue full"}}}
        told = [next(items, {"index": {"status": 200}}) if number % 2 else away for number in range(len(operations))]
        return json.dumps({"errors": True, "items": told}).encode()

    def _reply(self, status: int, body: bytes, media: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _answer  # noqa: N815 - the names that the base class calls

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""
