"""The bodies of the searches that a plan needs: one query for all that it counts and shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from indexer.engines.boundary import Plan
from indexer.engines.opensearch import translate
from indexer.engines.opensearch.cluster import Json
from indexer.request import Sort

GROUPS = 30_000
"""Different texts counted in one go for `collapse`; where there are more, they are counted in parts."""


class SearchBody:
    """A plan with its filters sorted out: a facet counts as if its own filter were not there, so those of facets come last."""

    def __init__(self, plan: Plan, same: int | None, left_out: Sequence[str] = ()) -> None:
        """Of a plan, what passages have in common that it wants to be like one, and the ids of passages that are left out of it."""
        self.plan = plan
        held = {"same": same, "sentences": plan.sentence}
        self._held = [{"term": {name: {"value": value}}} for name, value in held.items() if value is not None]
        self._left_out = [{"ids": {"values": left_out}}] if left_out else []
        self._late = [condition for condition in plan.conditions if condition.facet in plan.facets]
        self._early = [condition for condition in plan.conditions if condition.facet not in plan.facets]

    @cached_property
    def query(self) -> Json:
        """The query for all passages that the plan matches, scored, where filters that are facets too are left out."""
        query = translate.passages_of(self.plan, self._early)
        query["bool"]["filter"] += self._held
        query["bool"]["must_not"] = self._left_out
        return query

    def body(self) -> Json:
        """What every search for the hits of this plan says."""
        return {
            "query": self.query,
            "post_filter": self._filter(None),
            "track_scores": True,
            "_source": ["report", "record"],
            "docvalue_fields": ["same"],
        }

    def every(self) -> Json:
        """The query for all passages of the result, not scored."""
        return {"bool": {"filter": [self.query, self._filter(None)]}}

    def listing(self, mention: bool | None) -> Json:
        """The search for the reports that are listed; the score of each is the number of its matching passages."""
        holding, reports = translate.holding(self.every()), translate.reports_of(self.plan.conditions)
        clauses = {"filter": reports, "must_not": [holding]} if mention is False else {"filter": reports, "must": [holding]}
        # The score of those that hold no match says nothing; and a report has no position in itself.
        by_mentions = self.plan if mention is not False else replace(self.plan, sort=Sort.NEWEST)
        plan = by_mentions if self.plan.sort is Sort.RELEVANCE else self.plan
        return {"query": {"bool": clauses}, "sort": translate.order(plan)[:-1], "_source": ["record"]}

    def every_report(self) -> Json:
        """The search for all reports with matching passages, not scored unless that is their order.

        Where nothing is asked of passages they need not be looked through for each batch: every report has a title, which matches.
        """
        if self.plan.of_reports:
            return self.listing(None) | {"query": {"bool": {"filter": translate.reports_of(self.plan.conditions)}}}
        return self.listing(None)

    def _filter(self, leave_out: str | None) -> Json:
        return {"bool": {"filter": [translate.condition_clause(c) for c in self._late if c.facet != leave_out]}}

    def aggregations(self) -> Json:
        """What is counted: reports, groups of equal texts, facets."""
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
    """Groups of equal texts, and beside them how many there are; the groups themselves are not sent."""
    return {
        "groups": {"terms": {"shard_size": GROUPS, **groups}},
        "groups_counted": {"stats_bucket": {"buckets_path": "groups>_count"}},
    }
