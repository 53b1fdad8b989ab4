"""Leases for writers, kept in an index of their own: a full build runs alone, and each machine has one writer at a time.

A lease expires by itself when its writer is gone, so none has to be removed by hand. Folder names are stored here too:
they are parts of ids, so each belongs to one machine.
"""

from __future__ import annotations

import logging
import os
import secrets
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import opensearchpy

from indexer.engines.opensearch.cluster import Cluster, Json
from indexer.engines.opensearch.fetching import walk_through
from indexer.errors import IndexBusy, IndexerError

log = logging.getLogger(__name__)

LASTS = 600.0
"""Seconds for which a lease is valid without renewal: longer than a loader waits for a cluster that is away."""
RENEWED = 30.0
"""Seconds between renewals."""


class Lease:
    """The right to write until `release`: exclusively, or alongside writers of other machines.

    Raises:
        IndexBusy: Another writer of this machine is running, or an exclusive one is, or, for an exclusive lease, any writer is.
    """

    def __init__(self, cluster: Cluster, origin: str, *, alone: bool) -> None:
        self._cluster, self._index, self._origin = cluster, f"{cluster.address.name}.machines", origin
        self._id = "alone" if alone else f"machine~{origin}"
        self._holder = {"origin": origin, "system": _system(), "process": os.getpid(), "writer": secrets.token_hex(8)}
        self._make_index()
        self._take()
        try:
            others = [id for id, lease in self._documents().items() if "ends" in lease and id != self._id and not self._is_over(lease)]
            if others and (alone or "alone" in others):
                raise IndexBusy(cluster.address)
        except BaseException:
            self._remove()
            raise
        self._over = threading.Event()
        self._renewal = threading.Thread(target=self._renew, name="lease", daemon=True)
        self._renewal.start()

    def release(self) -> None:
        """Give up the right to write."""
        self._over.set()
        self._renewal.join()
        # If the cluster is away, the lease expires by itself.
        with suppress(IndexerError):
            self._remove()

    def confirm(self) -> None:
        """Check that the lease is still held.

        Raises:
            IndexBusy: It was not renewed in time; another writer may have come and gone.
        """
        held = self._documents().get(self._id)
        if held is None or not self._is_valid(held):
            raise IndexBusy(self._cluster.address)

    def claim(self, folders: Iterable[str]) -> None:
        """Reserve these folder names for this machine.

        Raises:
            IndexBusy: Another machine has just taken one; the next run chooses another name.
        """
        taken = set(self.taken())
        for folder in folders:
            with self._cluster.asking() as client:
                try:
                    client.create(index=self._index, id=f"folder~{folder}", body={"origin": self._origin})
                except opensearchpy.exceptions.ConflictError:
                    if folder in taken or folder in self.taken():
                        raise IndexBusy(self._cluster.address) from None

    def taken(self) -> list[str]:
        """The folder names that other machines have reserved."""
        leases = {id.removeprefix("folder~"): lease for id, lease in self._documents().items() if id.startswith("folder~")}
        return sorted(name for name, lease in leases.items() if lease["origin"] != self._origin)

    def _make_index(self) -> None:
        with self._cluster.asking() as client:
            if not client.indices.exists(index=self._index):
                body = {
                    "settings": {"number_of_shards": 1, "auto_expand_replicas": "0-1"},
                    "mappings": {"dynamic": "false", "properties": {}},
                }
                with suppress(opensearchpy.exceptions.RequestError):  # made by another writer just now
                    client.indices.create(index=self._index, body=body)

    def _take(self) -> None:
        lease = self._new()
        with self._cluster.asking() as client:
            try:
                client.create(index=self._index, id=self._id, body=lease)
                return
            except opensearchpy.exceptions.ConflictError:
                pass
            try:
                held = client.get(index=self._index, id=self._id)
                if held["_source"] == lease:
                    return  # the client sent it again after it was written
                if not self._is_over(held["_source"]):
                    raise IndexBusy(self._cluster.address)
                seen = {"if_seq_no": held["_seq_no"], "if_primary_term": held["_primary_term"]}
                client.index(index=self._index, id=self._id, body=lease, params=seen)
            except (opensearchpy.exceptions.ConflictError, opensearchpy.exceptions.NotFoundError):
                # Another writer has just taken it over or released it.
                raise IndexBusy(self._cluster.address) from None

    def _documents(self) -> dict[str, Json]:
        with self._cluster.asking() as client:
            client.indices.refresh(index=self._index)
        return {hit["_id"]: hit["_source"] for hit in walk_through(self._cluster, self._index, {"sort": ["_doc"]})}

    def _new(self) -> Json:
        return self._holder | {"ends": time.time() + LASTS}

    def _is_valid(self, lease: Json) -> bool:
        """Whether a lease is this writer's and has not expired."""
        return bool(lease.get("writer") == self._holder["writer"] and lease["ends"] >= time.time())

    def _is_over(self, lease: Json) -> bool:
        """Whether a lease's writer is gone: checked directly for a process visible from here, by the clock for others."""
        seen = self._holder["system"] is not None and lease.get("system") == self._holder["system"]
        return bool((seen and not _is_alive(lease["process"])) or lease["ends"] < time.time())

    def _renew(self) -> None:
        while not self._over.wait(RENEWED):
            try:
                self._replace(self._new())
            except IndexerError as error:
                log.warning("%s", error)

    def _remove(self) -> None:
        self._replace(None)

    def _replace(self, lease: Json | None) -> None:
        """Rewrite the lease, or remove it if None; nothing happens if it has expired, is another writer's or does not exist."""
        with self._cluster.asking() as client, suppress(opensearchpy.exceptions.NotFoundError, opensearchpy.exceptions.ConflictError):
            held = client.get(index=self._index, id=self._id)
            if not self._is_valid(held["_source"]):
                return
            seen = {"if_seq_no": held["_seq_no"], "if_primary_term": held["_primary_term"]}
            if lease:
                client.index(index=self._index, id=self._id, body=lease, params=seen)
            else:
                client.delete(index=self._index, id=self._id, params=seen)


def _system() -> str | None:
    """An identifier of the boot and the process namespace, within which process numbers are comparable; None where unknown.

    Host names will not do: hosts, and containers even more so, may share one.
    """
    try:
        return f"{Path('/proc/sys/kernel/random/boot_id').read_text(encoding='ascii').strip()} {os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return None


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
