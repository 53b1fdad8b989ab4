"""The server on standard input and output: one message per line."""

from __future__ import annotations

from typing import BinaryIO

import msgspec

from webui.mcp.protocol import Server

MOST_BYTES = 1 << 20
"""The most bytes of a message; a longer one is refused unread."""


def serve(server: Server, incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Answer until the input ends."""
    while line := incoming.readline(MOST_BYTES + 1):
        if len(line) > MOST_BYTES:
            while line and not line.endswith(b"\n"):
                line = incoming.readline(MOST_BYTES)
            line = b"{"
        if not line.strip():
            continue
        if (reply := server.answer(line)) is not None:
            outgoing.write(msgspec.json.encode(reply) + b"\n")
            outgoing.flush()
