"""The engine on a cluster: turns a plan into a page of passages with totals and facets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice

import numpy as np

from indexer.analysis.fold import fold
from indexer.declared import Value
from indexer.engines.boundary import OCCURRENCES_LIMIT, Found, FoundFigures, FoundGroups, FoundPassage, FoundTexts, Holdings, Plan
from indexer.engines.common import counts_of, labelled_of, size_of
from indexer.engines.opensearch import translate
from indexer.engines.opensearch.cluster import Json
from indexer.engines.opensearch.counting import Counting
from indexer.engines.opensearch.earlier import kept
from indexer.engines.opensearch.fetching import (
    BATCH,
    PointInTime,
    Replaced,
    buckets_of,
    hits_of,
    newest_first,
    passage_of,
    read_whole,
    record_of,
    score_of,
    walk_through,
)
from indexer.engines.opensearch.search_body import GROUPS, SearchBody, counted_groups
from indexer.errors import NotFound
from indexer.facets import Condition, sorted_counts
from indexer.joined import JoinedTexts
from indexer.matching import occurrences
from indexer.model import Report
from indexer.query.tree import And, Or, Query, Term, holding_one_of, joined
from indexer.records import counted_of, read_report
from indexer.request import Mode, Sort
from indexer.results import Counts, FacetCount, ListedReport, Totals

WINDOW = 10_000
"""Hits within reach of `from` and `size`; later pages are reached by walking from hit to hit."""


class OpenSearchEngine(Counting):
    """Finds passages and reads reports; occurrences are counted only when a page holds the whole result."""

    def search(self, plan: Plan) -> Found:
        """See `Engine.search`."""
        return self._whole(lambda: self._search(plan))

    def _search(self, plan: Plan) -> Found:
        search = self._searched(plan)
        deep = plan.skip + plan.take > WINDOW
        body = search.body() | {"track_total_hits": True, "aggs": search.aggregations()}
        body |= {"from": 0 if deep else plan.skip, "size": 0 if deep else plan.take, "sort": translate.order(plan)}
        if plan.collapse:
            body["collapse"] = {"field": "same"}
        reply = self._ask(body, plan)
        counts = reply["aggregations"]
        paragraphs = reply["hits"]["total"]["value"]
        shown = paragraphs
        if plan.collapse:
            shown = counts["all"]["groups_counted"]["count"]
            if counts["all"]["groups"]["sum_other_doc_count"]:
                shown = self._count_groups(search, paragraphs)
        hits = hits_of(reply)
        if deep and plan.skip < shown:
            with PointInTime(self._cluster, self._name) as point:
                hits = list(islice(self._walk(search, point), plan.skip, plan.skip + plan.take))
        found = self._found(hits, self._alike(search, hits))
        return Found(
            total=Totals(counts["all"]["reports"]["doc_count"], paragraphs, _occurrences(plan.query, found, paragraphs), shown),
            passages=found,
            facets={name: _facet(name, counts[f"of {name}"]) for name in plan.facets},
        )

    def each(self, plan: Plan) -> Iterator[FoundPassage]:
        """See `Engine.each`."""
        return self._each(self._searched(plan))

    def _each(self, search: SearchBody) -> Iterator[FoundPassage]:
        with PointInTime(self._cluster, self._name) as point:
            alike = self._all_alike(search, point) if search.plan.collapse else {}
            hits = self._walk(search, point)
            while batch := list(islice(hits, BATCH)):
                yield from self._found(batch, alike, point)

    def rank(self, query: Query, top: int) -> tuple[int, list[str], list[float]]:
        """See `Engine.rank`."""
        plan = Plan(query, [], take=top)
        body = {"query": translate.passages_of(plan, []), "sort": translate.order(plan), "size": top, "_source": False}
        reply = self._ask(body | {"track_total_hits": True}, plan)
        hits = hits_of(reply)
        return reply["hits"]["total"]["value"], [hit["_id"] for hit in hits], [score_of(hit) for hit in hits]

    def candidates(self, groups: Sequence[Sequence[str]], top: int) -> FoundGroups:
        """See `Engine.candidates`."""
        trees = [joined(Or, [Term(text) for text in group]) for group in groups]
        plans = [Plan(Query(tree, Mode.LITERAL), [], take=top, counts_occurrences=False) for tree in trees]
        return FoundGroups.of([self.search(plan).passages for plan in plans])

    def holding_each(self, texts: Sequence[str], top: int) -> Holdings:
        """See `Engine.holding_each`."""
        plans = [Plan(Query(Term(text), Mode.LITERAL), [], Sort.NEWEST, take=top, counts_occurrences=False) for text in texts]
        found = [self.search(plan) for plan in plans]
        counts = [Counts(one.total.reports, one.total.paragraphs) for one in found]
        return Holdings(counts, FoundGroups.of([one.passages for one in found]), lambda text: self._units_of(plans[text]))

    def _units_of(self, plan: Plan) -> set[Value]:
        return {one.value for one in self.search(replace(plan, take=0, facets=("unit",))).facets["unit"]}

    def holding_all(self, groups: Sequence[Sequence[str]]) -> tuple[FoundTexts, list[bool]]:
        """See `Engine.holding_all`."""
        hits: dict[str, Json] = {}
        few = []
        # One query each: a cluster limits the clauses of a query.
        for group in groups:
            tree = joined(And, [Term(text) for text in dict.fromkeys(group)])
            own = self._hits(Plan(Query(tree, Mode.LITERAL), [], Sort.NEWEST), OCCURRENCES_LIMIT)
            few.append(own is not None)
            hits |= {hit["_id"]: hit for hit in own or ()}
        return self._texts_of(sorted(hits.values(), key=newest_first)), few

    def list_reports(self, plan: Plan, mention: bool | None) -> tuple[int, list[ListedReport]]:
        """See `Engine.list_reports`."""
        body = self._searched(plan).listing(mention) | {"track_total_hits": True, "track_scores": True}
        if plan.skip + plan.take > WINDOW:
            hits = list(islice(walk_through(self._cluster, self._name, body), plan.skip, plan.skip + plan.take))
            total = self._ask(body | {"size": 0, "sort": []}, plan)["hits"]["total"]["value"]
        else:
            reply = self._ask(body | {"from": plan.skip, "size": plan.take}, plan)
            hits, total = hits_of(reply), reply["hits"]["total"]["value"]
        return total, [_listed(hit, mention) for hit in hits]

    def each_listed(self, plan: Plan, mention: bool | None) -> Iterator[ListedReport]:
        """See `Engine.each_listed`."""
        return self._each_listed(self._searched(plan).listing(mention) | {"track_scores": True}, mention)

    def _each_listed(self, body: Json, mention: bool | None) -> Iterator[ListedReport]:
        for hit in walk_through(self._cluster, self._name, body):
            self._recognize([hit])
            yield _listed(hit, mention)

    def reports(self, plan: Plan) -> Iterator[Report]:
        """See `Engine.reports`."""
        return self._read_reports(self._searched(plan).every_report())

    def _read_reports(self, body: Json) -> Iterator[Report]:
        for hit in walk_through(self._cluster, self._name, body):
            self._recognize([hit])
            yield read_report(record_of(hit))

    def report(self, id: str) -> Report:
        """See `Engine.report`."""
        report = self._whole(lambda: read_whole(self._cluster, self._name, id))
        if report is None:
            raise NotFound(id)
        return report

    def earlier(self, id: str) -> list[Report]:
        """See `Engine.earlier`."""
        return kept(self._cluster, id)

    def examples(self, facet: str, values: Collection[Value]) -> dict[Value, Report]:
        """See `Engine.examples`."""
        found: dict[Value, Report] = {}
        wanted = sorted(values, key=str)
        for first in range(0, len(wanted), BATCH):
            held = {"terms": {facet: wanted[first : first + BATCH]}}
            query = {"bool": {"filter": [{"term": {"join": "report"}}, held]}}
            body = {"query": query, "collapse": {"field": facet}, "size": BATCH, "_source": ["record"]}
            for hit in hits_of(self._ask(body)):
                found[hit["fields"][facet][0]] = read_report(record_of(hit))
        return found

    def counts(self, query: Query, filterings: Sequence[list[Condition]]) -> list[Counts]:
        """See `Engine.counts`."""
        totals = [self._search(Plan(query, conditions, take=0)).total for conditions in filterings]
        return [Counts(total.reports, total.paragraphs) for total in totals]

    def texts(self, plan: Plan) -> FoundTexts | None:
        """See `Engine.texts`."""
        hits = self._hits(plan, OCCURRENCES_LIMIT)
        if hits is None:
            return None
        return self._texts_of(hits)

    def _texts_of(self, hits: Sequence[Json]) -> FoundTexts:
        _, reports = np.unique([hit["_source"]["report"] for hit in hits], return_inverse=True)
        return FoundTexts(_joined(hits), lambda texts: self._whole(lambda: self._found([hits[number] for number in texts], {})), reports)

    def figures(self, plan: Plan) -> FoundFigures:
        """See `Engine.figures`."""
        found = list(self.each(plan))
        counted = [[counted_of(figure) for figure in one.passage.statistics] for one in found]
        size = sum(size_of(one.passage) for one in found)
        counts, labelled = partial(counts_of, counted), partial(labelled_of, counted)
        return FoundFigures(
            counts, labelled, lambda texts: [found[number] for number in texts], lambda: [one.report for one in found], size
        )

    def _hits(self, plan: Plan, most: int) -> list[Json] | None:
        """The hits of all passages that match, in order; None where there are more than `most`, since each is fetched."""
        if self._search(replace(plan, take=0, facets=())).total.paragraphs > most:
            return None
        search = self._searched(plan)
        with PointInTime(self._cluster, self._name) as point:
            return list(self._walk(search, point))

    def texts_holding(self, alternatives: Sequence[Sequence[str]], most: int) -> JoinedTexts | None:
        """See `Engine.texts_holding`."""
        hits = self._hits(Plan(Query(holding_one_of(alternatives), Mode.LITERAL), []), most)
        return None if hits is None else _joined(hits)

    def _walk(self, search: SearchBody, point: PointInTime) -> Iterator[Json]:
        """All hits of a plan in order; with `collapse`, only the first hit of each text."""
        seen: set[int] = set()
        for hit in point.walk(search.body() | {"sort": translate.order(search.plan)}):
            if search.plan.collapse:
                same = hit["fields"]["same"][0]
                if same in seen:
                    continue
                seen.add(same)
            yield hit

    def _count_groups(self, search: SearchBody, passages: int) -> int:
        """How many different texts the result has, counted in parts when they are too many for one request."""
        parts = -(-passages // (GROUPS // 2))
        counted = 0
        for part in range(parts):
            groups = {"field": "same", "size": GROUPS, "include": {"partition": part, "num_partitions": parts}}
            reply = self._ask({"size": 0, "query": search.every(), "aggs": counted_groups(groups)})["aggregations"]
            counted += reply["groups_counted"]["count"]
        return counted

    def _alike(self, search: SearchBody, hits: list[Json]) -> dict[int, int]:
        """By text of these hits: how many passages of the result have it. Empty without `collapse`."""
        if not search.plan.collapse or not hits:
            return {}
        numbers = [hit["fields"]["same"][0] for hit in hits]
        query = {"bool": {"filter": [search.every(), {"terms": {"same": numbers}}]}}
        body = {"size": 0, "query": query, "aggs": {"alike": {"terms": {"field": "same", "include": numbers, "size": len(numbers)}}}}
        return {bucket["key"]: bucket["doc_count"] for bucket in buckets_of(self._ask(body)["aggregations"]["alike"])}

    def _all_alike(self, search: SearchBody, point: PointInTime) -> dict[int, int]:
        """By text that more than one passage of the result has: how many have it."""
        body: Json = {"query": search.every(), "sort": ["_doc"], "_source": False, "docvalue_fields": ["same"]}
        numbers = np.fromiter((hit["fields"]["same"][0] for hit in point.walk(body)), np.int64)
        values, counts = np.unique(numbers, return_counts=True)
        several = counts > 1
        return dict(zip(values[several].tolist(), counts[several].tolist(), strict=True))

    def _found(self, hits: list[Json], alike: dict[int, int], point: PointInTime | None = None) -> list[FoundPassage]:
        """The hits as passages with their reports, which are read at `point` or as of the last refresh."""
        if not hits:
            return []
        self._recognize(hits)
        ids = list(dict.fromkeys(hit["_source"]["report"] for hit in hits))
        reports = _reports_at(point, ids) if point else self._reports_now(ids)
        for id in ids:
            if id not in reports:
                raise Replaced(id)
        return [
            FoundPassage(report, passage_of(hit, report), score_of(hit), alike.get(hit["fields"]["same"][0], 1) - 1 if alike else 0)
            for hit in hits
            for report in [reports[hit["_source"]["report"]]]
        ]

    def _reports_now(self, ids: list[str]) -> dict[str, Report]:
        """By id: these reports as far as they exist, without passages."""
        wanted = [{"_id": id, "routing": id, "_source": ["record"]} for id in ids]
        with self._cluster.asking() as client:
            # As of the last refresh, like the hits: reports that a run has sent since are not published yet.
            found = client.mget(index=self._name, body={"docs": wanted}, realtime="false")["docs"]
        return {document["_id"]: read_report(record_of(document)) for document in found if document.get("found")}


def _reports_at(point: PointInTime, ids: list[str]) -> dict[str, Report]:
    """By id: these reports as far as they existed at that time, without passages."""
    body: Json = {"query": {"bool": {"filter": [{"ids": {"values": ids}}]}}, "size": len(ids), "_source": ["record"]}
    return {hit["_id"]: read_report(record_of(hit)) for hit in point.search(body)}


def _listed(hit: Json, mention: bool | None) -> ListedReport:
    """A listed report; its score is the number of its matching passages."""
    return ListedReport(read_report(record_of(hit)), 0 if mention is False else round(score_of(hit)), None)


def _occurrences(query: Query, found: list[FoundPassage], passages: int) -> int | None:
    """How often a query occurs in the result; None unless `found` covers all its passages."""
    if query.tree is None:
        return 0
    if sum(1 + hit.same for hit in found) < passages:
        return None
    return sum(len(occurrences(query, fold(hit.passage.text))) * (1 + hit.same) for hit in found)


def _facet(name: str, aggregations: Json) -> list[FacetCount]:
    counts: Counter[Value] = Counter({bucket["key"]: bucket["doc_count"] for bucket in buckets_of(aggregations["known"])})
    counts[None] = aggregations["unknown"]["doc_count"]
    return sorted_counts(name, counts)


def _joined(hits: Sequence[Json]) -> JoinedTexts:
    """The folded texts of the passages of these hits."""
    return JoinedTexts.of([fold(record_of(hit)["text"]) for hit in hits])
