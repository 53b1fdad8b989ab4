"""The bodies of the searches that a plan needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from indexer.engines.boundary import Plan
from indexer.engines.opensearch import translate
from indexer.engines.opensearch.cluster import Json
from indexer.request import Sort

GROUPS = 30_000
"""Different texts that one request counts for `collapse`; more are counted in parts."""


class SearchBody:
    """A plan as search bodies. A facet is counted as if its own filter were absent, so filters on facets are applied last."""

    def __init__(self, plan: Plan, same: int | None, left_out: Sequence[str] = ()) -> None:
        """`same` is the value of the field `same` that passages must have; `left_out` are ids of passages to leave out."""
        self.plan = plan
        held = {"same": same, "sentences": plan.sentence}
        self._held = [{"term": {name: {"value": value}}} for name, value in held.items() if value is not None]
        self._left_out = [{"ids": {"values": left_out}}] if left_out else []
        self._late = [condition for condition in plan.conditions if condition.facet in plan.facets]
        self._early = [condition for condition in plan.conditions if condition.facet not in plan.facets]

    @cached_property
    def query(self) -> Json:
        """The scored query for all passages that the plan matches, without the filters on its facets."""
        query = translate.passages_of(self.plan, self._early)
        query["bool"]["filter"] += self._held
        query["bool"]["must_not"] = self._left_out
        return query

    def body(self) -> Json:
        """The part that all searches for hits of this plan share."""
        return {
            "query": self.query,
            "post_filter": self._filter(None),
            "track_scores": True,
            "_source": ["report", "record"],
            "docvalue_fields": ["same"],
        }

    def every(self) -> Json:
        """The unscored query for all passages of the result."""
        return {"bool": {"filter": [self.query, self._filter(None)]}}

    def listing(self, mention: bool | None) -> Json:
        """The search for the listed reports, each scored by the number of its matching passages."""
        holding, reports = translate.holding(self.every()), translate.reports_of(self.plan.conditions)
        clauses = {"filter": reports, "must_not": [holding]} if mention is False else {"filter": reports, "must": [holding]}
        # Reports without a match have no useful score. The last sort key, the position in the report, is for passages only.
        by_mentions = self.plan if mention is not False else replace(self.plan, sort=Sort.NEWEST)
        plan = by_mentions if self.plan.sort is Sort.RELEVANCE else self.plan
        return {"query": {"bool": clauses}, "sort": translate.order(plan)[:-1], "_source": ["record"]}

    def every_report(self) -> Json:
        """The search for all reports with matching passages.

        If the plan restricts reports only, passages are not searched at all: every report has a title, which matches.
        """
        if self.plan.of_reports:
            return self.listing(None) | {"query": {"bool": {"filter": translate.reports_of(self.plan.conditions)}}}
        return self.listing(None)

    def _filter(self, leave_out: str | None) -> Json:
        return {"bool": {"filter": [translate.condition_clause(c) for c in self._late if c.facet != leave_out]}}

    def aggregations(self) -> Json:
        """The aggregations that count reports, groups of equal texts, and facets."""
        counted: Json = {"reports": {"parent": {"type": "passage"}}}
        if self.plan.collapse:
            counted |= counted_groups({"field": "same", "size": GROUPS})
        return {"all": {"filter": self._filter(None), "aggs": counted}} | {
            f"of {name}": {
                "filter": self._filter(name),
                "aggs": {"known": translate.facet_counts(name), "unknown": translate.unknown(name)},
            }
            for name in self.plan.facets
        }


def counted_groups(groups: Json) -> Json:
    """The aggregation that counts groups of equal texts; the groups themselves are not sent."""
    return {
        "groups": {"terms": {"shard_size": GROUPS, **groups}},
        "groups_counted": {"stats_bucket": {"buckets_path": "groups>_count"}},
    }
