"""JSON-RPC 2.0 as the Model Context Protocol has it, for a server that has tools and nothing else.

Both generations: with a handshake (`initialize`, up to 2025-11-25), and without (2026-07-28: each request carries its version, and
`server/discover` says what there is). No sessions and no state, so one answer depends on one message alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import msgspec

from indexer import IndexerError, UserError

log = logging.getLogger(__name__)

HANDSHAKE = ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25")
MODERN = ("2026-07-28",)
PARSE_ERROR, INVALID_REQUEST, UNKNOWN_METHOD, INVALID_PARAMS, INTERNAL = -32700, -32600, -32601, -32602, -32603
HEADER_MISMATCH, UNSUPPORTED_VERSION = -32020, -32022
_META = "io.modelcontextprotocol/"
VERSION_KEY, CAPABILITIES_KEY, SERVER_KEY = f"{_META}protocolVersion", f"{_META}clientCapabilities", f"{_META}serverInfo"
TOOLS_FRESH = 3_600_000
"""Milliseconds for which a client may cache the list of tools."""

Json = dict[str, Any]


class RpcError(Exception):
    """A request that cannot be answered, in the terms of JSON-RPC."""

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        super().__init__(message)
        self.code, self.message, self.data = code, message, data


class ToolFailed(Exception):
    """A tool cannot answer; the message tells the assistant what to correct."""


@dataclass(frozen=True, slots=True)
class Tool:
    """Something that an assistant can ask for."""

    name: str
    description: str
    """What it gives and when to use it, in Chinese and English."""
    properties: Mapping[str, Json]
    """Its arguments as JSON Schema."""
    required: Sequence[str]
    call: Callable[[Json], Json]
    """The result for these arguments; raises `UserError` or `ToolFailed` if they are wrong."""

    def described(self) -> Json:
        """The tool as `tools/list` describes it."""
        schema = {"type": "object", "properties": dict(self.properties), "required": list(self.required), "additionalProperties": False}
        return {"name": self.name, "description": self.description, "inputSchema": schema, "annotations": {"readOnlyHint": True}}


class Server:
    """Answers messages, one at a time or several at once."""

    def __init__(self, tools: Sequence[Tool], instructions: str) -> None:
        self._tools = {tool.name: tool for tool in tools}
        self._instructions = instructions
        self._info = {"name": "fazhi-search", "title": "法治政府建设报告检索", "version": version("fazhi-search")}

    def answer(self, message: bytes) -> Json | None:
        """The reply to a message in JSON, None if none is due."""
        try:
            return self.reply(decoded(message))
        except RpcError as error:
            return error_reply(None, error)

    def reply(self, request: Any) -> Json | None:
        """The reply to a decoded message, None if none is due."""
        id = request.get("id") if isinstance(request, dict) else None
        if not isinstance(request, dict) or request.get("jsonrpc") != "2.0" or not isinstance(id, str | int | None) or isinstance(id, bool):
            return error_reply(None, RpcError(INVALID_REQUEST, "expected one JSON-RPC 2.0 request"))
        method, params = request.get("method"), request.get("params", {})
        if not isinstance(method, str):
            # Perhaps a reply, though the server never sends a request.
            return None if "result" in request or "error" in request else error_reply(id, RpcError(INVALID_REQUEST, "there is no method"))
        if id is None:
            return None
        try:
            if not isinstance(params, dict):
                raise RpcError(INVALID_PARAMS, "params must be an object")
            modern = self._is_modern(method, params)
            result = self._result(method, params)
        except RpcError as error:
            return error_reply(id, error)
        if modern:
            result = {**result, "resultType": "complete", "_meta": {SERVER_KEY: self._info}}
        return {"jsonrpc": "2.0", "id": id, "result": result}

    def _is_modern(self, method: str, params: Json) -> bool:
        """Whether a request carries its version, as those without a handshake do."""
        meta = params.get("_meta")
        if not isinstance(meta, dict) or VERSION_KEY not in meta:
            if method == "server/discover":
                raise RpcError(INVALID_PARAMS, f"params._meta must have {VERSION_KEY} and {CAPABILITIES_KEY}")
            return False
        if CAPABILITIES_KEY not in meta or not isinstance(meta[VERSION_KEY], str):
            raise RpcError(INVALID_PARAMS, f"params._meta must have {VERSION_KEY}, a text, and {CAPABILITIES_KEY}")
        if meta[VERSION_KEY] not in MODERN:
            data = {"supported": [*HANDSHAKE, *MODERN], "requested": meta[VERSION_KEY]}
            raise RpcError(UNSUPPORTED_VERSION, "Unsupported protocol version", data)
        return True

    def _result(self, method: str, params: Json) -> Json:
        match method:
            case "initialize":
                wanted = params.get("protocolVersion")
                spoken = wanted if wanted in HANDSHAKE else HANDSHAKE[-1]
                return {"protocolVersion": spoken, "serverInfo": self._info, **self._offer()}
            case "server/discover":
                return {"supportedVersions": [*HANDSHAKE, *MODERN], **self._offer(), **_cached()}
            case "ping":
                return {}
            case "tools/list":
                return {"tools": [tool.described() for tool in self._tools.values()], **_cached()}
            case "tools/call":
                return self._called(params.get("name"), params.get("arguments") or {})
        raise RpcError(UNKNOWN_METHOD, f"there is no method {method[:100]}")

    def _offer(self) -> Json:
        return {"capabilities": {"tools": {"listChanged": False}}, "instructions": self._instructions}

    def _called(self, name: Any, arguments: Any) -> Json:
        tool = self._tools.get(name) if isinstance(name, str) else None
        if tool is None:
            raise RpcError(INVALID_PARAMS, f"there is no tool {str(name)[:100]!r}; expected one of {', '.join(self._tools)}")
        if not isinstance(arguments, dict):
            raise RpcError(INVALID_PARAMS, "arguments must be an object")
        if unknown := [each for each in arguments if each not in tool.properties]:
            return _told(f"{name}: there is no argument {unknown[0][:100]!r}; expected one of {', '.join(tool.properties)}")
        if missing := [each for each in tool.required if each not in arguments]:
            return _told(f"{name}: {missing[0]} is missing")
        if nested := [each for each, value in arguments.items() if not _is_plain(value)]:
            return _told(f"{name}: {nested[0]} must be a text or a number, or a list of them, not an object")
        try:
            found = tool.call(arguments)
        except (UserError, ToolFailed) as error:
            # A result, not a JSON-RPC error, so that the assistant reads what is wrong with its arguments.
            return _told(str(error))
        except IndexerError as error:
            # The message names folders of this machine, and is for its operator alone.
            log.error("%s", error)
            return _told("there is no index to answer from at the moment; the operator of this server has to look")
        except Exception as error:
            # A bug ends one answer, not the session.
            log.exception("%s: internal error", name)
            raise RpcError(INTERNAL, "internal error; the log of this server has its traceback") from error
        return {"content": [_text(msgspec.json.encode(found).decode())], "structuredContent": found, "isError": False}


def decoded(message: bytes) -> Any:
    """A message in JSON.

    Raises:
        RpcError: The message is no JSON, or is nested too deep.
    """
    try:
        return msgspec.json.decode(message)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RpcError(PARSE_ERROR, "the message is no JSON") from error


def _is_plain(value: Any) -> bool:
    """Whether a query string can carry an argument: a text, a number, or a list of them."""
    return not any(isinstance(one, dict | list) for one in (value if isinstance(value, list) else [value]))


def _cached() -> Json:
    return {"ttlMs": TOOLS_FRESH, "cacheScope": "public"}


def _told(reason: str) -> Json:
    return {"content": [_text(reason)], "isError": True}


def _text(text: str) -> Json:
    return {"type": "text", "text": text}


def error_reply(id: str | int | None, error: RpcError) -> Json:
    """The reply that says what is wrong with a request."""
    about = {"code": error.code, "message": error.message} | ({"data": error.data} if error.data is not None else {})
    return {"jsonrpc": "2.0", "id": id, "error": about}
