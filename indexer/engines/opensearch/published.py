"""The index that the alias names: what it holds, one complete reply to one question, and how a plan is searched for."""

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
"""Times that an answer is put together anew where a report was replaced between two of its requests."""


T = TypeVar("T")


class PublishedIndex:
    """Reads what the alias names at the time of each request."""

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
        """What the index holds now."""
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
        """One search on the alias, complete or not at all."""
        # The same copies of the shards answer the same query, so its pages go on from each other.
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
        """See that hits, or the lack of any, are those of an index of this version; the alias may name another by now.

        Raises:
            IndexOutdated: It does, and that is of another version.
        """
        if {hit["_index"] for hit in hits} != {self._index}:
            self._index, _ = published(self._cluster)

    def _whole(self, read: Callable[[], T]) -> T:
        """What is read, again where a report was replaced between two of its requests.

        Raises:
            IndexCorrupt: It is so every time.
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
        """The ids of the passages that a plan matches, its own filters aside, and whose first match stands in a common sentence.

        All texts that match are read here, for where in its text a match stands the cluster does not tell.
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
        """What the passages have in common that a plan wants to be like one of them."""
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
