"""Sentences that reports share: how many units and reports contain each, and which are common, counted by the cluster."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from indexer.boilerplate import UNITS, Commonest, Copies
from indexer.engines.opensearch.cluster import Json
from indexer.engines.opensearch.fetching import buckets_of, every_bucket
from indexer.engines.opensearch.search_body import GROUPS, counted_groups

SENTENCES_AT_ONCE = 5_000
"""Sentences whose reports one reply counts."""

UNITS_AT_ONCE = 10_000
"""Pairs of a sentence and a report whose units one reply counts."""

_REPORT = {"term": {"join": "report"}}


class SentenceCopies:
    """Counts copies of sentences in an index on a cluster."""

    def __init__(self, ask: Callable[[Json], Json]) -> None:
        """`ask` runs one search and returns the reply."""
        self._ask = ask

    def of(self, keys: Collection[int], least: int = 1) -> dict[int, Copies]:
        """The copies of each of these sentences; sentences in fewer than `least` reports are left out."""
        reports: dict[int, int] = {}
        wanted = sorted(keys)
        for first in range(0, len(wanted), SENTENCES_AT_ONCE):
            part = wanted[first : first + SENTENCES_AT_ONCE]
            counted = self._counted(part, {"include": part, "size": len(part), "min_doc_count": least})
            reports |= {bucket["key"]: bucket["doc_count"] for bucket in counted}
        return self._with_units(reports)

    def commonest(self) -> Commonest:
        """All common sentences."""
        terms = {"field": "sentences", "min_doc_count": UNITS, "size": GROUPS, "shard_size": GROUPS}
        buckets = every_bucket(self._ask, {"bool": {"filter": [_REPORT]}}, terms)
        return Commonest.of(self._with_units({bucket["key"]: bucket["doc_count"] for bucket in buckets}))

    def _with_units(self, reports: Mapping[int, int]) -> dict[int, Copies]:
        """Add how many units contain each sentence to how many reports do, in requests of about `UNITS_AT_ONCE` pairs."""
        found: dict[int, Copies] = {}
        part: list[int] = []
        pairs = 0
        for at, (key, count) in enumerate(reports.items(), 1):
            part.append(key)
            pairs += count + 1
            if pairs >= UNITS_AT_ONCE or at == len(reports):
                units = counted_groups({"field": "unit", "size": GROUPS})
                for bucket in self._counted(part, {"include": part, "size": len(part)}, aggs=units):
                    found[bucket["key"]] = Copies(bucket["groups_counted"]["count"], bucket["doc_count"])
                part, pairs = [], 0
        return found

    def _counted(self, keys: list[int], terms: Json, **beside: Json) -> list[Json]:
        """A bucket of reports for each of these sentences; `beside` goes into the aggregation."""
        query = {"bool": {"filter": [_REPORT, {"terms": {"sentences": keys}}]}}
        aggregation = {"terms": {"field": "sentences", **terms}, **beside}
        return buckets_of(self._ask({"size": 0, "query": query, "aggs": {"sentences": aggregation}})["aggregations"]["sentences"])
