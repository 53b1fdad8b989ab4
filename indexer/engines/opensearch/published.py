"""The index that the alias points to: its counts, complete replies to searches, and the search body of a plan."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from typing import TypeVar

import opensearchpy

from indexer.analysis.fold import fold
from indexer.boilerplate import UNITS, Commonest, Copies, sentence_at
from indexer.engines.boundary import Plan
from indexer.engines.opensearch import translate
from indexer.engines.opensearch.address import Address
from indexer.engines.opensearch.cluster import Cluster, Json
from indexer.engines.opensearch.copies import SentenceCopies
from indexer.engines.opensearch.fetching import PointInTime, Replaced, buckets_of, hits_of, published, record_of
from indexer.engines.opensearch.search_body import SearchBody
from indexer.errors import IndexCorrupt, IndexMissing, NotFound
from indexer.matching import first_start
from indexer.results import IndexStats

ATTEMPTS = 3
"""How often an answer is tried when a report is replaced between two of its requests."""


T = TypeVar("T")


class PublishedIndex:
    """Reads the index that the alias points to at the time of each request."""

    def __init__(self, address: Address) -> None:
        self._cluster = Cluster(address)
        self._name = address.name
        self._copies = SentenceCopies(self._ask)
        try:
            self._index, self._generation = published(self._cluster)
            self._stats = self._count()
        except BaseException:
            self._cluster.close()
            raise

    @property
    def stats(self) -> IndexStats:
        """See `Engine.stats`."""
        return self._stats

    def outdated(self) -> bool:
        """See `Engine.outdated`."""
        return published(self._cluster)[1] != self._generation

    def close(self) -> None:
        """See `Engine.close`."""
        self._cluster.close()

    def copies(self, keys: Collection[int]) -> dict[int, Copies]:
        """See `Engine.copies`."""
        return self._copies.of(keys)

    def commonest(self) -> Commonest:
        """See `Engine.commonest`."""
        self._recognize([])
        return self._copies.commonest()

    def _count(self) -> IndexStats:
        """Count what the index holds now."""
        reply = self._ask(
            {
                "size": 0,
                "query": {"match_all": {}},
                "aggs": {
                    "reports": {
                        "filter": {"term": {"join": "report"}},
                        "aggs": {"years": translate.facet_counts("year"), "issuers": translate.facet_counts("issuer")},
                    },
                    "passages": {
                        "filter": {"term": {"join": "passage"}},
                        "aggs": {"paragraphs": {"filter": {"term": {"kind": "paragraph"}}}},
                    },
                },
            }
        )
        reports, passages = reply["aggregations"]["reports"], reply["aggregations"]["passages"]
        return IndexStats(
            generation=self._generation,
            reports=reports["doc_count"],
            paragraphs=passages["paragraphs"]["doc_count"],
            passages=passages["doc_count"],
            years=tuple(sorted(bucket["key"] for bucket in buckets_of(reports["years"]))),
            issuers=len(buckets_of(reports["issuers"])),
        )

    def _ask(self, body: Json, plan: Plan | None = None) -> Json:
        """Run one search on the alias; the reply is complete, or an error is raised."""
        # The same shard copies answer the same query, so that its pages are consistent with each other.
        sticky = {"preference": hashlib.sha256(repr(plan.query).encode()).hexdigest()} if plan else {}
        with self._cluster.asking() as client:
            try:
                reply: Json = client.search(
                    index=self._name,
                    body=body,
                    search_type="dfs_query_then_fetch",
                    allow_partial_search_results=False,
                    filter_path="-**.groups.buckets",
                    **sticky,
                )
            except opensearchpy.exceptions.NotFoundError:
                raise IndexMissing(self._cluster.address) from None
        if plan:
            self._recognize(hits_of(reply))
        return reply

    def _recognize(self, hits: list[Json]) -> None:
        """Check that hits, or the lack of any, come from an index of this version; the alias may point to another by now.

        Raises:
            IndexOutdated: The alias now points to an index of another version.
        """
        if {hit["_index"] for hit in hits} != {self._index}:
            self._index, _ = published(self._cluster)

    def _whole(self, read: Callable[[], T]) -> T:
        """Call `read`, and again if a report was replaced between two of its requests.

        Raises:
            IndexCorrupt: This happened `ATTEMPTS` times.
        """
        for _ in range(ATTEMPTS):
            try:
                return read()
            except Replaced as error:
                replaced = error
        raise IndexCorrupt(self._cluster.address, str(replaced), full=True) from replaced

    def _searched(self, plan: Plan) -> SearchBody:
        search = SearchBody(plan, self._same_number(plan))
        if plan.own and (plan.query.terms or plan.query.nears):
            return SearchBody(plan, self._same_number(plan), self._in_common_sentences(search))
        return search

    def _in_common_sentences(self, search: SearchBody) -> list[str]:
        """The ids of the passages that a plan matches, facet filters aside, and whose first match is in a common sentence.

        All matching texts are fetched, because the cluster does not say where in its text a match is.
        """
        key_of: dict[str, int] = {}
        with PointInTime(self._cluster, self._name) as point:
            for hit in point.walk({"query": search.query, "sort": ["_doc"], "_source": ["record"]}):
                folded = fold(record_of(hit)["text"])
                start = first_start(search.plan.query, folded)
                key = None if start is None else sentence_at(folded, start).key
                if key is not None:
                    key_of[hit["_id"]] = key
        common = {key for key, copies in self._copies.of(set(key_of.values()), UNITS).items() if copies.common}
        return [id for id, key in key_of.items() if key in common]

    def _same_number(self, plan: Plan) -> int | None:
        """The `same` value of the passage `Plan.same`; None where the plan names none."""
        if plan.same is None:
            return None
        body = {
            "query": {"bool": {"filter": [{"ids": {"values": [plan.same]}}, {"term": {"join": "passage"}}]}},
            "docvalue_fields": ["same"],
        }
        hits = hits_of(self._ask(body))
        if not hits:
            raise NotFound(plan.same)
        return int(hits[0]["fields"]["same"][0])
