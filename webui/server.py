"""The production server: cheroot with its limits set, and a stop that lets requests under way end."""

from __future__ import annotations

import logging
from typing import Any

from cheroot.wsgi import Server as WsgiServer
from flask import Flask

from webui.access import AccessLog
from webui.connections import SEND_SECONDS, Connection
from webui.heads import Heads

log = logging.getLogger(__name__)

THREADS = 24
"""Requests answered at a time; most of them wait for slow readers, not for a core."""
MAX_CONNECTIONS = 400
"""Open at a time: fewer than the files a process may open, and than Windows can watch."""
BACKLOG = 128
MAX_REQUEST = 1 << 16
"""Bytes of a request's line and headers."""


class Server(WsgiServer):
    """Gives a connection to a thread when the head of a request is there, not before."""

    ConnectionClass = Connection
    _connections: Any
    """Set when it listens; cheroot's stubs leave it out."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._heads = Heads(super().process_conn, MAX_CONNECTIONS, MAX_REQUEST)

    def process_conn(self, conn: Any) -> None:
        """Have a connection answered; a new one is watched first, so that none that is silent keeps a thread."""
        if not self.ready:
            super().process_conn(conn)
        elif conn.last_used is not None:
            self._heads.take(conn)
        elif self._connections._num_connections >= MAX_CONNECTIONS:
            conn.close()
        else:
            self._connections.put(conn)

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
        """What the server has to say, in the product's log."""
        log.log(level, "%s", msg, exc_info=traceback)


def make_server(app: Flask, host: str, port: int, *, log_queries: bool = False) -> Server:
    """A server that listens once it is prepared."""
    server = Server(
        (host, port),
        AccessLog(app, queries=log_queries),
        numthreads=THREADS,
        server_name="webui",
        request_queue_size=BACKLOG,
        timeout=int(SEND_SECONDS),
    )
    server.keep_alive_conn_limit = MAX_CONNECTIONS
    server.max_request_body_size = server.max_request_header_size = MAX_REQUEST
    return server
