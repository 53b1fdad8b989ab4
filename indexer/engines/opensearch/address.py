"""The address of an index on a cluster. Imports no client, so that addresses and folder names can be told apart without one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from indexer.errors import BadPath

_ADDRESS = re.compile(r"(?P<scheme>https?)://(?:(?P<user>[^@/]*)@)?(?P<hosts>[^@/]+)/(?P<name>[^/]+)/?")
_HOST = re.compile(r"(?P<host>[\w.-]+|\[[0-9a-fA-F:.]+\])(?::(?P<port>\d{1,5}))?")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")


@dataclass(frozen=True, slots=True)
class Address:
    """The address of an index on a cluster: `https://user:password@one:9200,two:9200/name`, where `name` is an alias."""

    scheme: str
    hosts: tuple[tuple[str, int], ...]
    name: str
    login: tuple[str, str] | None = field(default=None, repr=False)

    @classmethod
    def read(cls, text: str) -> Address:
        """Parse an address.

        Raises:
            BadPath: The text is not a valid address.
        """
        match = _ADDRESS.fullmatch(text)
        hosts = [_HOST.fullmatch(host) for host in match["hosts"].split(",")] if match else []
        if match is None or None in hosts or not _NAME.fullmatch(match["name"]):
            shown = re.sub(r"//[^@/]*@", "//", text)
            raise BadPath(f"--index {shown}: expected https://host:9200/name, the name of lower-case letters, digits, '-' and '_'")
        user, _, password = (match["user"] or "").partition(":")
        return cls(
            scheme=match["scheme"],
            hosts=tuple((host["host"].strip("[]"), int(host["port"] or 9200)) for host in hosts if host),
            name=match["name"],
            login=(unquote(user), unquote(password)) if match["user"] else None,
        )

    def __str__(self) -> str:
        """As written, without the password."""
        hosts = [f"[{host}]:{port}" if ":" in host else f"{host}:{port}" for host, port in self.hosts]
        return f"{self.scheme}://{','.join(hosts)}/{self.name}"


def is_address(location: str | Path) -> bool:
    """Whether a location is on a cluster rather than in a folder."""
    return str(location).startswith(("http://", "https://"))
