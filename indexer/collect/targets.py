"""Parses URLs and resolves their hosts, refusing private networks, so that no page can make `collect` send requests there (SSRF)."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from indexer.errors import IndexerError

LONGEST = 2000
"""Most characters of a URL."""
_EMBEDDED = IPv6Network("64:ff9b::/96")
"""Addresses of this network embed an IPv4 address (RFC 6052)."""
_PORTS = {"http": 80, "https": 443}


class Refused(IndexerError):
    """A URL is not fetched; the message says why."""


@dataclass(frozen=True, slots=True)
class Target:
    """A parsed URL."""

    scheme: str
    host: str
    """In the form of DNS (IDNA), in lower case."""
    port: int
    path: str
    """Path and query, as sent."""

    @classmethod
    def of(cls, address: str, base: str = "") -> Target:
        """Parse a URL, which may be relative to `base`, the URL of the page it is on.

        Raises:
            Refused: It is not a URL that may be fetched.
        """
        try:
            parts = urlsplit(urljoin(base, address.strip()))
            host, port = (parts.hostname or "").rstrip("."), parts.port
            name = host if ":" in host else host.encode("idna").decode("ascii").lower()
        except ValueError as error:
            raise Refused(f"{address[:LONGEST]}: no address: {error}") from error
        if parts.scheme not in _PORTS or not name:
            raise Refused(f"{address[:LONGEST]}: expected an address that begins with http:// or https://")
        if parts.username is not None or parts.password is not None:
            raise Refused(f"{name}: the address holds a user or a password; expected none")
        path = quote(urlunsplit(("", "", parts.path or "/", parts.query, "")), safe="/%?=&;:,@+$!*'()[]~#")
        target = cls(parts.scheme, name, port if port is not None else _PORTS[parts.scheme], path)
        if len(target.address) > LONGEST:
            raise Refused(f"{name}: an address of more than {LONGEST} characters")
        return target

    @property
    def authority(self) -> str:
        """Host and port, as in the header Host."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == _PORTS[self.scheme] else f"{name}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port: the scope of a robots.txt."""
        return f"{self.scheme}://{self.authority}"

    @property
    def address(self) -> str:
        """The whole URL."""
        return self.origin + self.path


def machine_of(target: Target, *, private: bool) -> str:
    """The IP address to connect to. The caller connects to this checked address, whatever the name resolves to later.

    Args:
        target: The URL.
        private: Whether private network addresses are allowed.

    Raises:
        Refused: The name cannot be resolved, or one of its IP addresses is not public.
    """
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refused(f"{target.host}: no such host ({error})") from error
    numbers = list(dict.fromkeys(str(address[0]) for *_, address in found))
    for number in numbers:
        if not private and not is_public(number):
            raise Refused(f"{target.host} leads to {number}, which is not on the public network; --allow-private fetches from there too")
    return numbers[0]


def is_public(number: str) -> bool:
    """Whether an IP address is public; for an IPv6 address that embeds an IPv4 address, whether that one is."""
    address: IPv4Address | IPv6Address = ip_address(number.partition("%")[0])
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (IPv4Address(int(address) & 0xFFFFFFFF) if address in _EMBEDDED else None)
        if inner is not None:
            return is_public(str(inner))
        if address.teredo is not None:
            return False
    return address.is_global and not address.is_multicast
