"""Loads documents in several concurrent bulk requests, retrying whatever the cluster refuses for the moment.

The client's own helpers do not do this: `parallel_bulk` never retries a refused document, and
`streaming_bulk` does so only with errors switched off.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from indexer.engines.opensearch.cluster import Cluster, Json, is_for_now
from indexer.engines.opensearch.documents import as_json
from indexer.errors import ClusterAway, ClusterRefused

log = logging.getLogger(__name__)

SENDERS = 4
"""Concurrent requests."""

FULL = 2_000_000
"""Characters at which a request is sent: 5 to 8 MB; the cluster refuses requests over 100 MB."""

WRITTEN_AFTER = 8
"""While a new index is filled, every so many requests ask for a refresh, so that it is not all left for the end, where we would wait."""

PAUSE = 0.2
"""Seconds before the first retry of a document."""

PATIENCE = 300.0
"""Seconds for which a document is retried; a node that died is replaced within one or two minutes."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One document to write or delete, as lines of a bulk request."""

    id: str
    lines: str
    deletes: bool = False

    @classmethod
    def write(cls, id: str, routing: str, document: Json) -> Operation:
        """Write a document, replacing the one with its id."""
        head = as_json({"index": {"_id": id, "routing": routing}})
        return cls(id, f"{head}\n{as_json(document)}\n")

    @classmethod
    def delete(cls, id: str, routing: str) -> Operation:
        """Delete a document; nothing happens where there is none."""
        return cls(id, as_json({"delete": {"_id": id, "routing": routing}}) + "\n", deletes=True)


class Loader:
    """Sends batches of operations to one index; `finish` waits until all are done.

    A batch is never split over requests, so that a report is written as a whole or not at all if the process dies.
    """

    def __init__(self, cluster: Cluster, index: str, *, is_new: bool) -> None:
        """`is_new` means that nobody reads the index yet, so documents may become visible at any time."""
        self._cluster, self._index, self._is_new = cluster, index, is_new
        self._requests = 0
        self._threads = ThreadPoolExecutor(SENDERS, thread_name_prefix="load")
        self._sending: set[Future[None]] = set()
        self._waiting: list[Operation] = []
        self._size = 0
        self._given_up = threading.Event()

    def add(self, batch: Sequence[Operation]) -> None:
        """Queue operations; blocks while `SENDERS` requests are running.

        Raises:
            ClusterAway: An earlier batch could not be loaded in time.
            ClusterRefused: An earlier batch was refused for good.
        """
        self._waiting += batch
        self._size += sum(len(operation.lines) for operation in batch)
        if self._size >= FULL:
            self._send()

    def finish(self) -> None:
        """Wait until everything is loaded; raises as `add` does."""
        self._send()
        while self._sending:
            self._settle()

    def close(self) -> None:
        """Discard everything that is not loaded yet."""
        self._given_up.set()
        self._threads.shutdown(cancel_futures=True)

    def _send(self) -> None:
        if self._waiting:
            self._requests += 1
            refresh = self._is_new and self._requests % WRITTEN_AFTER == 0
            self._sending.add(self._threads.submit(self._load, self._waiting, refresh="true" if refresh else "false"))
            self._waiting, self._size = [], 0
        while len(self._sending) > SENDERS:
            self._settle()

    def _settle(self) -> None:
        done, self._sending = wait(self._sending, return_when=FIRST_COMPLETED)
        for future in done:
            future.result()

    def _load(self, operations: list[Operation], refresh: str) -> None:
        """Send operations and retry those that are refused for now, with growing pauses."""
        params = {"filter_path": "errors,items.*.status,items.*.error", "refresh": refresh}
        ends, pause = time.monotonic() + PATIENCE, PAUSE
        while operations:
            try:
                with self._cluster.asking() as client:
                    body = "".join(operation.lines for operation in operations)
                    reply = client.bulk(body=body, index=self._index, params=params)
                operations, reason = self._refused(operations, reply)
            except ClusterAway as away:
                reason = away.reason
            if not operations:
                return
            if time.monotonic() > ends:
                raise ClusterAway(self._cluster.address, f"{len(operations)} documents not taken in {PATIENCE:.0f} s: {reason}")
            log.warning("%s: sending %d documents again: %s", self._cluster.address, len(operations), reason)
            if self._given_up.wait(pause * random.uniform(0.5, 1)):
                return
            pause = min(2 * pause, 10.0)

    def _refused(self, operations: list[Operation], reply: Json) -> tuple[list[Operation], str]:
        """The operations to retry, and the reason."""
        if not reply["errors"]:
            return [], ""
        again, reason = [], ""
        for operation, item in zip(operations, reply["items"], strict=True):
            (result,) = item.values()
            # Deleting a document that does not exist is a success.
            if result["status"] < 300 or (operation.deletes and result["status"] == 404):
                continue
            reason = f"{operation.id}: {result['status']} {result['error']['type']}: {result['error'].get('reason')}"
            if not is_for_now(result["status"]):
                raise ClusterRefused(self._cluster.address, reason)
            again.append(operation)
        return again, reason
