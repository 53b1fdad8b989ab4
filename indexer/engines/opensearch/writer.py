"""Brings an index on a cluster up to date: builds a new index beside the live one, or changes the live one report by report."""

from __future__ import annotations

import logging
import os
import pickle
import re
import secrets
import tempfile
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
import opensearchpy

from indexer.analysis.fold import fold
from indexer.analysis.segmentation import Batch, Segmentation, Words
from indexer.catalogue import Catalogue
from indexer.engines.common import volume_of
from indexer.engines.opensearch.address import Address
from indexer.engines.opensearch.bulk import Loader, Operation
from indexer.engines.opensearch.catalogues import catalogue_documents, catalogue_hits, held_by, read_catalogue, this_machine
from indexer.engines.opensearch.cluster import Cluster, Json
from indexer.engines.opensearch.documents import index_body, meta, report_documents, suggestible, this_fingerprint, word_document
from indexer.engines.opensearch.earlier import keep
from indexer.engines.opensearch.fetching import described, read_whole, walk_through
from indexer.engines.opensearch.leases import Lease
from indexer.errors import BadPath, IndexCorrupt, IndexerError, IndexOutdated
from indexer.model import Report

log = logging.getLogger(__name__)

AHEAD = 4_000
"""Typical passages being segmented into words while earlier ones are loaded."""

SETTINGS: Json = {"auto_expand_replicas": "0-1"}
"""A replica of each shard as soon as there is a second node, also while the index is filled: a node may die at any time."""


class OpenSearchWriter:
    """Prepares the next state. A new index becomes visible when the alias is switched to it; changes to the live one when it is refreshed.

    Where nothing was published, or with `full` or `anew`, everything goes to a new index, and this writer must be alone.
    With `full`, reports that are neither put nor dropped are taken over from the live index; with `anew` nothing is.
    Otherwise reports that are put wait on this machine's disk until `commit` sends them, each whole in one request.

    Raises:
        IndexBusy: Another writer is running, and the two cannot run side by side.
        IndexOutdated: The live index was written by another version, and `anew` is False.
    """

    def __init__(self, address: Address, *, anew: bool = False, full: bool = False) -> None:
        self.anew = anew
        self._origin = this_machine()
        self._cluster = Cluster(address)
        self._held = ExitStack()
        self._held.callback(self._cluster.close)
        try:
            builds = anew or full or described(self._cluster) is None
            self._lease = Lease(self._cluster, self._origin, alone=builds)
            self._held.callback(self._lease.release)
            found = described(self._cluster)
            if found and not anew and found[1]["fingerprint"] != this_fingerprint():
                raise IndexOutdated(address, found[1]["fingerprint"], this_fingerprint())
            self._live = found[0] if found else None
            self.generation: str | None = found[1]["generation"] if found else None
            self.anew = anew and found is not None
            self.catalogue = self._catalogue()
            self._next = f"{datetime.now(UTC):%Y%m%dt%H%M%Sz}-{secrets.token_hex(4)}"
            self._new = self._make_index() if builds or self._live is None else None
            self._segmentation = Segmentation()
            self._held.callback(self._segmentation.close)
            self._loader = Loader(self._cluster, self._target, is_new=self._new is not None)
            self._held.callback(self._loader.close)
            self._spool = self._held.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - closed with the rest
        except BaseException:
            self._held.close()
            raise
        self._pending: deque[_Pending] = deque()
        self._pending_volume = 0
        self._last: dict[str, int] = {}
        """By report: the number of its last operation, from 1."""
        self._changes = 0
        self._expected: dict[str, int] = {}
        """By report: how many passages it has in the new index."""
        self._words: Counter[str] = Counter()

    @property
    def _target(self) -> str:
        return self._new or self._live or self._cluster.address.name

    def report(self, id: str) -> Report | None:
        """See `Writer.report`."""
        return read_whole(self._cluster, self._live, id) if self._live and not self.anew else None

    def lost(self, ids: Iterable[str]) -> set[str]:
        """See `Writer.lost`. Always empty: a cluster repairs its own files."""
        return set()

    def put(self, report: Report) -> None:
        """See `Writer.put`."""
        folded = [fold(passage.text) for passage in report.passages]
        self._pending.append(_Pending(report, self._count_change(report.id), folded, self._segmentation.submit(folded)))
        self._pending_volume += volume_of(folded)
        while self._pending_volume > AHEAD:
            self._take_first()

    def keep(self, report: Report) -> None:
        """See `Writer.keep`."""
        keep(self._cluster, report)

    def drop(self, id: str) -> None:
        """See `Writer.drop`."""
        number = self._count_change(id)
        if self._new:
            self._take_all()
            self._remove(id, set())
        else:
            pickle.dump((id, number, []), self._spool)

    def _count_change(self, id: str) -> int:
        self._changes += 1
        self._last[id] = self._changes
        return self._changes

    def commit(self, catalogue: Catalogue) -> str:
        """See `Writer.commit`.

        Raises:
            ClusterAway: The cluster did not answer for minutes; a new index is deleted, a live one may have some reports updated.
            IndexCorrupt: The new index does not hold what was loaded; it is deleted.
        """
        try:
            self._lease.confirm()
            self._lease.claim(catalogue.folders)
            self._take_all()
            if self._new:
                self._take_over()
            else:
                self._send_spooled()
            self._load_words()
            self._loader.finish()
            self._write_catalogue(catalogue)
            with self._cluster.asking() as client:
                client.indices.refresh(index=self._target)
            if self._new:
                self._verify()
            self._lease.confirm()
            if self._new:
                self._switch(self._new)
            else:
                with self._cluster.asking() as client:
                    client.indices.put_mapping(index=self._target, body={"_meta": meta(self._next)})
            return self._next
        except BaseException:
            self._give_up()
            raise
        finally:
            self._held.close()

    def abort(self) -> None:
        """See `Writer.abort`."""
        self._give_up()
        self._held.close()

    def _give_up(self) -> None:
        self._loader.close()
        if self._new:
            with suppress(IndexerError), self._cluster.asking() as client:
                client.indices.delete(index=self._new, params={"ignore_unavailable": "true"})

    def _make_index(self) -> str:
        """Create a new index and delete those that crashed builds left behind."""
        name = self._cluster.address.name
        with self._cluster.asking() as client:
            for left in client.indices.get(index=f"{name}.build-*", params={"filter_path": "*.aliases"}):
                if left != self._live:
                    client.indices.delete(index=left)
            made = f"{name}.build-{self._next}"
            try:
                client.indices.create(index=made, body=index_body(self._next, _shards(), SETTINGS))
            except opensearchpy.exceptions.RequestError as error:
                # The client retries when a node dies before it answers; nobody else creates an index of this name.
                if error.error != "resource_already_exists_exception":
                    raise
        return made

    def _take_all(self) -> None:
        while self._pending:
            self._take_first()

    def _take_first(self) -> None:
        """Turn the report that has waited longest into operations."""
        pending = self._pending.popleft()
        self._pending_volume -= volume_of(pending.folded)
        words = pending.words.result()
        if self._last[pending.report.id] != pending.number:
            return
        documents = report_documents(pending.report, pending.folded, _by_text(words))
        operations = [Operation.write(id, pending.report.id, document) for id, document in documents]
        self._words.update(suggestible(pending.report, words.distinct))
        if self._new is None:
            pickle.dump((pending.report.id, pending.number, operations), self._spool)
            return
        if pending.report.id in self._expected:
            self._remove(pending.report.id, {operation.id for operation in operations})
        self._expected[pending.report.id] = len(pending.folded)
        self._loader.add(operations)

    def _remove(self, id: str, keep: set[str]) -> None:
        """Delete a report's documents from the new index, except those with the ids `keep`."""
        if self._expected.pop(id, None) is not None:
            self._loader.finish()
            with self._cluster.asking() as client:
                client.indices.refresh(index=self._target)
            self._loader.add([Operation.delete(old, id) for old in self._documents_of(id) - keep])

    def _send_spooled(self) -> None:
        """Send the last operation of each report."""
        # Make documents visible that a killed run sent, so that they are found and replaced too.
        with self._cluster.asking() as client:
            client.indices.refresh(index=self._target)
        for id, number, operations in self._spooled():
            if self._last[id] == number:
                old = self._documents_of(id) - {operation.id for operation in operations}
                self._loader.add([*operations, *(Operation.delete(gone, id) for gone in old)])

    def _spooled(self) -> Iterator[tuple[str, int, list[Operation]]]:
        self._spool.seek(0)
        with suppress(EOFError):
            while True:
                yield pickle.load(self._spool)

    def _documents_of(self, id: str) -> set[str]:
        """The ids of a report's documents."""
        body = {"query": {"bool": {"filter": [{"term": {"report": id}}]}}, "_source": False, "sort": ["_doc"]}
        return {hit["_id"] for hit in walk_through(self._cluster, self._target, body, routing=id)}

    def _take_over(self) -> None:
        """Put the reports of the live index that have been neither put nor dropped."""
        if self._live is None or self.anew:
            return
        body = {"query": {"bool": {"filter": [{"term": {"join": "report"}}]}}, "_source": False, "sort": ["_doc"]}
        for hit in walk_through(self._cluster, self._live, body):
            if hit["_id"] not in self._last and (report := self.report(hit["_id"])) is not None:
                self.put(report)
        self._take_all()

    def _load_words(self) -> None:
        """Load the counts of words that may be suggested; in a live index they are added to its own."""
        words = list(self._words)
        for start in range(0, len(words), 5_000):
            batch = dict(word_document(word, self._words[word]) for word in words[start : start + 5_000])
            if self._new is None:
                wanted = [{"_id": id, "routing": id} for id in batch]
                with self._cluster.asking() as client:
                    known = client.mget(index=self._target, body={"docs": wanted})["docs"]
                for old in known:
                    if old.get("found"):
                        batch[old["_id"]]["reports"] += old["_source"]["reports"]
            self._loader.add([Operation.write(id, id, document) for id, document in batch.items()])

    def _verify(self) -> None:
        held = held_by(self._cluster, self._target)
        expected = (len(self._expected), sum(self._expected.values()))
        if (held.reports, held.passages, held.expected) != (*expected, expected[1]):
            raise IndexCorrupt(self._cluster.address, f"loaded {expected} reports and passages, the new index holds {held}")

    def _switch(self, new: str) -> None:
        """Point the alias to the new index atomically, then delete the old one."""
        name, old = self._cluster.address.name, self._live
        actions: list[Json] = [{"add": {"index": new, "alias": name}}]
        if old:
            actions.append({"remove": {"index": old, "alias": name, "must_exist": False}})
        # From here on the new index may be live, whatever the reply; if it is not, the next full build deletes it.
        self._new = None
        with self._cluster.asking() as client:
            client.indices.update_aliases(body={"actions": actions})
        try:
            if old:
                with self._cluster.asking() as client:
                    client.indices.delete(index=old, params={"ignore_unavailable": "true"})
        except IndexerError as error:
            log.warning("%s; %s is not in use any more, the next full build removes it", error, old)

    def _catalogue(self) -> Catalogue | None:
        """This machine's catalogue, with the folder names that other machines have reserved."""
        own = read_catalogue(self._cluster, self._live, self._origin) if self._live else None
        taken = self._lease.taken()
        return replace(own or Catalogue(), taken=taken) if taken else own

    def _write_catalogue(self, catalogue: Catalogue) -> None:
        """Store the catalogue in parts, then delete its previous parts. A new index also gets the catalogues of other machines."""
        operations = []
        old = list(catalogue_hits(self._cluster, self._live)) if self._live and not self.anew else []
        if self._new:
            others = [hit for hit in old if hit["_source"]["origin"] != self._origin]
            operations += [Operation.write(hit["_id"], hit["_id"], hit["_source"]) for hit in others]
        for id, document in catalogue_documents(catalogue, self._origin, self._next):
            operations.append(Operation.write(id, id, document))
        self._loader.add(operations)
        self._loader.finish()
        if self._new is None:
            self._loader.add([Operation.delete(hit["_id"], hit["_id"]) for hit in old if hit["_source"]["origin"] == self._origin])
            self._loader.finish()


def _by_text(words: Words) -> Iterator[list[str]]:
    """The words of each text."""
    for numbers in np.split(words.order, np.cumsum(words.sizes)[:-1]) if len(words.sizes) else []:
        yield [words.distinct[number] for number in numbers.tolist()]


def _shards() -> int:
    text = os.environ.get("FAZHI_OPENSEARCH_SHARDS") or "3"
    if not re.fullmatch(r"[1-9]\d{0,2}", text):
        raise BadPath(f"FAZHI_OPENSEARCH_SHARDS={text}: expected a number from 1 to 999")
    return int(text)


@dataclass(frozen=True, slots=True)
class _Pending:
    """A report that is being segmented into words."""

    report: Report
    number: int
    """The number of its operation, see `_last`."""
    folded: list[str]
    words: Batch
