"""Reads from an index on a cluster that the engine and the writer share: its metadata, all hits in order, whole reports."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress

import opensearchpy

from indexer.engines.opensearch.cluster import Cluster, Json
from indexer.engines.opensearch.documents import this_fingerprint
from indexer.errors import ClusterRefused, IndexerError, IndexMissing, IndexOutdated
from indexer.model import Passage, Report
from indexer.records import Record, read_passage, read_report

BATCH = 1_000
"""Hits per request when all are fetched."""

KEEP_ALIVE = "5m"
"""How long the cluster keeps a point in time after the last request for it."""


class Replaced(IndexerError):
    """A report and its passages do not belong together: the report was replaced between two requests."""

    def __init__(self, report: str) -> None:
        super().__init__(f"report {report} lacks what its passages name")


def published(cluster: Cluster) -> tuple[str, str]:
    """The index that the alias points to, and its generation.

    Raises:
        IndexMissing: The alias does not exist.
        IndexOutdated: The index was written by another version.
    """
    found = described(cluster)
    if found is None:
        raise IndexMissing(cluster.address)
    name, described_as = found
    if described_as.get("fingerprint") != this_fingerprint():
        raise IndexOutdated(cluster.address, described_as.get("fingerprint"), this_fingerprint())
    return name, str(described_as["generation"])


def described(cluster: Cluster) -> tuple[str, Json] | None:
    """The index that the alias points to, and its metadata; None where there is none."""
    with cluster.asking() as client:
        try:
            reply = client.indices.get_mapping(index=cluster.address.name, params={"filter_path": "*.mappings._meta"})
        except opensearchpy.exceptions.NotFoundError:
            return None
    for name, mapping in reply.items():
        return name, mapping["mappings"]["_meta"]
    raise ClusterRefused(cluster.address, "the index of this name was not made by `reindex`; choose a name that is free")


class PointInTime:
    """A frozen view of an index, unaffected by later writes; a context manager.

    Raises:
        ClusterAway: The node that held the view is gone.
    """

    def __init__(self, cluster: Cluster, index: str, routing: str | None = None) -> None:
        self._cluster = cluster
        where = {"routing": routing} if routing else {}
        with cluster.asking() as client:
            self._id = client.create_pit(index=index, keep_alive=KEEP_ALIVE, **where)["pit_id"]

    def __enter__(self) -> PointInTime:
        return self

    def __exit__(self, *error: object) -> None:
        with suppress(IndexerError), self._cluster.asking() as client:
            client.delete_pit(body={"pit_id": [self._id]})

    def search(self, body: Json) -> list[Json]:
        """The hits of one search."""
        return self.ask(body)["hits"]["hits"]  # type: ignore[no-any-return]

    def ask(self, body: Json) -> Json:
        """The reply to one search."""
        wanted = body | {"pit": {"id": self._id, "keep_alive": KEEP_ALIVE}}
        with self._cluster.asking() as client:
            reply: Json = client.search(body=wanted, search_type="dfs_query_then_fetch", allow_partial_search_results=False)
        self._id = reply.get("pit_id", self._id)
        return reply

    def walk(self, body: Json, batch: int = BATCH) -> Iterator[Json]:
        """All hits of a search in order. If it raises, the hits yielded so far are correct."""
        after: Json = {}
        while True:
            hits = self.search(body | after | {"size": batch})
            yield from hits
            if len(hits) < batch:
                return
            after = {"search_after": hits[-1]["sort"]}


def walk_through(cluster: Cluster, index: str, body: Json, batch: int = BATCH, routing: str | None = None) -> Iterator[Json]:
    """All hits of a search in order, from a `PointInTime` of their own; raises as that does."""
    with PointInTime(cluster, index, routing) as point:
        yield from point.walk(body, batch)


def newest_first(hit: Json) -> tuple[bool, int, str, bool, int]:
    """The sort key of hits of several searches by `Sort.NEWEST`, from the values by which the cluster sorted each."""
    year, report, at = hit["sort"][:3]
    return year is None, -(year or 0), report, at is None, at or 0


def read_whole(cluster: Cluster, index: str, id: str) -> Report | None:
    """A report with its passages, None where there is none.

    Raises:
        Replaced: The report was replaced while it was being read.
    """
    body: Json = {
        "query": {"bool": {"filter": [{"term": {"report": id}}]}},
        "sort": [{"at": {"order": "asc", "missing": "_first"}}],
        "_source": ["record"],
    }
    with cluster.asking() as client:
        reply = client.search(index=index, body=body | {"size": BATCH}, routing=id, allow_partial_search_results=False)
    hits = reply["hits"]["hits"]
    if len(hits) == BATCH:
        # One reply may not hold all passages: read all again, from one state.
        hits = list(walk_through(cluster, index, body, routing=id))
    if not hits or hits[0]["_id"] != id:
        return None
    bare = read_report(record_of(hits[0]))
    return read_report(record_of(hits[0]), [passage_of(hit, bare) for hit in hits[1:]])


def passage_of(hit: Json, report: Report) -> Passage:
    """The passage of a hit in its report.

    Raises:
        Replaced: The report no longer has the passage's section.
    """
    sections = {section.anchor: section for section in report.sections}
    try:
        return read_passage(record_of(hit), sections)
    except KeyError:
        raise Replaced(report.id) from None


def record_of(hit: Json) -> Record:
    """The stored record of a hit's document."""
    record: Record = json.loads(hit["_source"]["record"])
    return record


def hits_of(reply: Json) -> list[Json]:
    """The hits of a filtered reply, which leaves out empty lists."""
    return reply["hits"].get("hits", [])  # type: ignore[no-any-return]


def buckets_of(aggregation: Json) -> list[Json]:
    """The buckets of a filtered reply."""
    return aggregation.get("buckets", [])  # type: ignore[no-any-return]


def every_bucket(ask: Callable[[Json], Json], query: Json, terms: Json) -> list[Json]:
    """The buckets of all values of a terms aggregation, fetched in as many partitions as it takes for no reply to be cut off."""
    parts = 1
    while True:
        found: list[Json] = []
        for part in range(parts):
            counted = {"terms": {**terms, "include": {"partition": part, "num_partitions": parts}}}
            values = ask({"size": 0, "query": query, "aggs": {"values": counted}})["aggregations"]["values"]
            if values["sum_other_doc_count"]:
                break
            found += buckets_of(values)
        else:
            return found
        parts *= 4


def score_of(hit: Json) -> float:
    """A hit's score, 0 where it has none."""
    return float(hit["_score"] or 0.0)
