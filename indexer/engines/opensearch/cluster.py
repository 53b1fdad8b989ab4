"""The connection to a cluster: its nodes, login and timeout, and how the client's errors become ours."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import opensearchpy
from opensearchpy import OpenSearch

from indexer.engines.opensearch.address import Address
from indexer.errors import BadPath, ClusterAway, ClusterRefused

Json = dict[str, Any]

CONNECTIONS = 32
"""Open connections per node: more than there are threads sending requests."""

# The client logs a warning for every unsuccessful reply, with a traceback when a node is away; our errors say what matters.
logging.getLogger("opensearch").setLevel(logging.ERROR)


class Cluster:
    """A client of the cluster at an address; safe to share between threads.

    The login and the certificate authority that the cluster is checked against come from the environment:
    FAZHI_OPENSEARCH_USER and FAZHI_OPENSEARCH_PASSWORD or FAZHI_OPENSEARCH_API_KEY, FAZHI_OPENSEARCH_CA (a file),
    FAZHI_OPENSEARCH_TIMEOUT (seconds).
    """

    def __init__(self, address: Address) -> None:
        self.address = address
        self.timeout = _seconds()
        key = os.environ.get("FAZHI_OPENSEARCH_API_KEY")
        user = os.environ.get("FAZHI_OPENSEARCH_USER")
        login = address.login or ((user, os.environ.get("FAZHI_OPENSEARCH_PASSWORD", "")) if user else None)
        authority = os.environ.get("FAZHI_OPENSEARCH_CA")
        if authority and not Path(authority).is_file():
            raise BadPath(f"FAZHI_OPENSEARCH_CA={authority}: no such file; give a PEM file with certificates")
        self.client = OpenSearch(
            hosts=[{"host": host, "port": port, "use_ssl": address.scheme == "https"} for host, port in address.hosts],
            http_auth=login if not key else None,
            headers={"Authorization": f"ApiKey {key}"} if key else None,
            ca_certs=authority,
            verify_certs=True,
            ssl_show_warn=False,
            timeout=self.timeout,
            # Every node once and one of them again, which limits how many timeouts a request may wait for.
            max_retries=len(address.hosts),
            retry_on_timeout=True,
            # A search gets 500 when a node dies between its phases; sent again it succeeds.
            retry_on_status=(500, 502, 503, 504),
            pool_maxsize=CONNECTIONS,
        )

    @contextmanager
    def asking(self) -> Iterator[OpenSearch]:
        """The client; its exceptions are turned into our errors.

        Raises:
            ClusterAway: No node answers, or too few for a complete reply.
            ClusterRefused: The cluster rejects the login or the request.
        """
        try:
            yield self.client
        except opensearchpy.exceptions.ConnectionError as error:
            raise ClusterAway(self.address, _reason(error)) from error
        except opensearchpy.exceptions.TransportError as error:
            if is_for_now(error.status_code):
                raise ClusterAway(self.address, _reason(error)) from error
            raise ClusterRefused(self.address, _reason(error)) from error

    def close(self) -> None:
        """Close the connections."""
        self.client.close()


def is_for_now(status: int | str) -> bool:
    """Whether a refusal is temporary: a full queue, a shard without a node, a node that left. An error without a status is not."""
    return isinstance(status, int) and (status == 429 or status >= 500)


def _seconds() -> float:
    text = os.environ.get("FAZHI_OPENSEARCH_TIMEOUT") or "30"
    if not re.fullmatch(r"\d+(\.\d+)?", text) or float(text) <= 0:
        raise BadPath(f"FAZHI_OPENSEARCH_TIMEOUT={text}: expected seconds, like 30")
    return float(text)


def _reason(error: opensearchpy.exceptions.TransportError) -> str:
    """What went wrong, in one line, in the words of the cluster or the system; neither contains the password."""
    if error.status_code in (401, 403):
        return f"it answers {error.status_code}; check FAZHI_OPENSEARCH_USER and _PASSWORD, or _API_KEY, and what they may do"
    if isinstance(error, opensearchpy.exceptions.ConnectionTimeout):
        return "no answer in time (FAZHI_OPENSEARCH_TIMEOUT)"
    if isinstance(error, opensearchpy.exceptions.SSLError):
        return f"its certificate cannot be trusted; name its authority in FAZHI_OPENSEARCH_CA ({error.info})"
    if isinstance(error, opensearchpy.exceptions.ConnectionError):
        return "it cannot be reached"
    try:
        error_body: Json = error.info["error"]  # type: ignore[index]
        causes = error_body.get("root_cause") or [error_body]
        return f"{error.status_code} {error_body['type']}: {causes[0].get('reason')}"
    except (KeyError, TypeError, IndexError, AttributeError):
        return f"{error.status_code} {error.error}"
