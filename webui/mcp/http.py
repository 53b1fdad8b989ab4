"""The server over HTTP ("streamable HTTP"): each POST carries one message and gets its answer.

The server sends nothing on its own, so there are no streams.
"""

from __future__ import annotations

import msgspec
from flask import Blueprint, Response, request

from indexer import BadPath
from webui.addresses import is_of_another_site
from webui.mcp import protocol
from webui.mcp.protocol import Json, RpcError, Server
from webui.mcp.stdio import MOST_BYTES
from webui.tokens import LEAST_TOKEN, is_same

PATH = "/mcp"
_STATUS = {
    protocol.PARSE_ERROR: 400,
    protocol.INVALID_REQUEST: 400,
    protocol.INVALID_PARAMS: 400,
    protocol.HEADER_MISMATCH: 400,
    protocol.UNSUPPORTED_VERSION: 400,
    protocol.UNKNOWN_METHOD: 404,
}


def blueprint(server: Server, token: str | None = None) -> Blueprint:
    """The blueprint that answers at `PATH` for this server.

    Args:
        server: The tools.
        token: What a client must send as `Authorization: Bearer …`; None for nothing.

    Raises:
        BadPath: The token is too short.
    """
    if token is not None and len(token) < LEAST_TOKEN:
        raise BadPath(f"FAZHI_MCP_TOKEN has {len(token)} characters; expected at least {LEAST_TOKEN}")
    made = Blueprint("mcp", __name__)

    @made.post(PATH)
    def answer() -> Response:
        request.max_content_length = MOST_BYTES
        if is_of_another_site(by_any_name=False):
            return Response("this origin is not served\n", 403, mimetype="text/plain")
        if token is not None and not _has(token):
            return Response("a token is needed\n", 401, {"WWW-Authenticate": "Bearer"}, mimetype="text/plain")
        try:
            message = protocol.decoded(request.get_data(cache=False))
            mismatch = _mismatch(message)
        except RpcError as error:
            return _reply(protocol.error_reply(None, error))
        if mismatch is not None:
            return _reply(protocol.error_reply(message.get("id"), mismatch))
        reply = server.reply(message)
        return Response(status=202) if reply is None else _reply(reply)

    return made


def _has(token: str) -> bool:
    """Whether a request carries the token."""
    scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
    return is_same(sent.strip(), token) and scheme.lower() == "bearer"


def _mismatch(message: Json | None) -> RpcError | None:
    """The error if a request's headers contradict its body or name an unsupported version, else None."""
    if not isinstance(message, dict):
        return None
    params = message.get("params")
    meta = params.get("_meta") if isinstance(params, dict) else None
    stated = request.headers.get("MCP-Protocol-Version")
    if not isinstance(meta, dict) or protocol.VERSION_KEY not in meta:
        if stated is not None and stated not in protocol.HANDSHAKE:
            supported = {"supported": [*protocol.HANDSHAKE, *protocol.MODERN], "requested": stated}
            return RpcError(protocol.UNSUPPORTED_VERSION, "Unsupported protocol version", supported)
        return None
    assert isinstance(params, dict)
    said = {"MCP-Protocol-Version": meta[protocol.VERSION_KEY], "Mcp-Method": message.get("method")}
    if message.get("method") == "tools/call":
        said["Mcp-Name"] = params.get("name")
    for head, value in said.items():
        if request.headers.get(head) != value:
            return RpcError(protocol.HEADER_MISMATCH, f"the head {head} does not say what the body says")
    return None


def _reply(reply: Json) -> Response:
    # Versions before 2026 treat an error as an ordinary answer; clients of both generations read the body whatever the status.
    status = _STATUS.get(reply["error"]["code"], 200) if "error" in reply else 200
    return Response(msgspec.json.encode(reply), status, mimetype="application/json")
