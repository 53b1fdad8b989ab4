"""The engine past one machine: a plan to a page of passages, with totals and facets, all from the cluster."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from itertools import islice
from typing import TypeVar

import numpy as np
import opensearchpy

from indexer.analysis.fold import fold
from indexer.boilerplate import UNITS, Commonest, Copies, sentence_at
from indexer.declared import DETAIL, Value
from indexer.engines.boundary import OCCURRENCES_LIMIT, Candidate, Found, FoundPassage, FoundTexts, Plan, Spread, best_suggestions
from indexer.engines.opensearch import translate
from indexer.engines.opensearch.address import Address
from indexer.engines.opensearch.cluster import Cluster, Json
from indexer.engines.opensearch.copies import SentenceCopies
from indexer.engines.opensearch.documents import counted_field
from indexer.engines.opensearch.earlier import kept
from indexer.engines.opensearch.fetching import (
    BATCH,
    PointInTime,
    Replaced,
    buckets_of,
    hits_of,
    passage_of,
    published,
    read_whole,
    record_of,
    score_of,
    walk_through,
)
from indexer.engines.opensearch.search_body import GROUPS, SearchBody, counted_groups
from indexer.errors import IndexCorrupt, IndexMissing, NotFound
from indexer.facets import Condition, sorted_counts
from indexer.joined import JoinedTexts
from indexer.matching import first_start, occurrences
from indexer.model import Report
from indexer.query.tree import Query, Term, holding_one_of
from indexer.records import read_report
from indexer.request import Mode
from indexer.results import Counts, FacetCount, IndexStats, ListedReport, Totals
from indexer.wordlists import WordCounts, is_listed

WINDOW = 10_000
"""Hits that a search reaches by their number; behind them it goes on from hit to hit."""

SUGGESTED_FROM = 40
"""Words and headings whose passages are counted for one completion: the most frequent."""

COMBINATIONS = 10_000
"""Combinations of values that one reply counts."""
BUCKETS = 10_000
"""Pairs of a value and a report that one reply counts."""
WORDS = 20_000
"""Words that one reply counts."""
WORDS_AT_ONCE = 100
"""Words of which one reply counts passages and reports."""

FILTERS_AT_ONCE = 500
"""Values that one reply counts apart."""

ATTEMPTS = 3
"""Times that an answer is put together anew where a report was replaced between two of its requests."""


T = TypeVar("T")


class OpenSearchEngine:
    """Reads what the alias names at the time of each request; occurrences are counted where a page holds the whole result."""

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

    def years(self, plan: Plan) -> dict[int | None, tuple[int, int]]:
        """See `Engine.years`."""
        search = self._searched(plan)
        shares = {"mentioning": {"filter": translate.holding(search.every())}}
        reply = self._ask(
            {
                "size": 0,
                "query": {"bool": {"filter": translate.reports_of(plan.conditions)}},
                "aggs": {
                    "years": translate.facet_counts("year") | {"aggs": shares},
                    "unknown": translate.unknown("year") | {"aggs": shares},
                },
            },
            plan,
        )
        buckets = [(bucket["key"], bucket) for bucket in buckets_of(reply["aggregations"]["years"])]
        return {
            year: (bucket["mentioning"]["doc_count"], bucket["doc_count"])
            for year, bucket in [*buckets, (None, reply["aggregations"]["unknown"])]
            if bucket["doc_count"]
        }

    def spread(self, plan: Plan, name: str, same: Mapping[str, str]) -> dict[str, Spread]:
        """See `Engine.spread`."""
        passages: Counter[str] = Counter()
        members: dict[str, set[str]] = {}
        years: dict[str, dict[str, int | None]] = {}
        query = self._searched(plan).every()
        for (held, year, report), count in self._values_by_report(query, name, plan):
            value = same.get(held, held)
            passages[value] += count
            members.setdefault(value, set()).add(held)
            years.setdefault(value, {})[report] = year
        # A passage that has a value under two names has it once.
        shared = [value for value, names in members.items() if len(names) > 1]
        for first in range(0, len(shared), FILTERS_AT_ONCE):
            part = shared[first : first + FILTERS_AT_ONCE]
            counted = {str(at): {"filter": {"terms": {name: sorted(members[value])}}} for at, value in enumerate(part)}
            reply = self._ask({"size": 0, "query": query, "aggs": counted}, plan)["aggregations"]
            passages.update({value: reply[str(at)]["doc_count"] - passages[value] for at, value in enumerate(part)})
        return {value: Spread(count, dict(Counter(years[value].values()))) for value, count in passages.items()}

    def cross(self, plan: Plan, name: str, values: Set[str], fields: Sequence[str]) -> dict[tuple[Value, ...], int]:
        """See `Engine.cross`."""
        of_reports: list[Json] = [{field: {"terms": {"field": counted_field(field), "missing_bucket": True}}} for field in fields]
        composite: Json = {"size": BUCKETS, "sources": [{"value": {"terms": {"field": name}}}, *of_reports]}
        found: dict[tuple[Value, ...], int] = {}
        for key, count in self._combinations(self._searched(plan).every(), composite, plan):
            if str(key["value"]).partition(DETAIL)[0] in values:
                found[(key["value"], *(key.get(field) for field in fields))] = count
        return found

    def _combinations(self, query: Json, composite: Json, plan: Plan) -> Iterator[tuple[Json, int]]:
        """Each combination of values, and in how many passages; exact. A value that is not known is left out."""
        unknown = {name: None for source in composite["sources"] for name in source}
        while True:
            reply = self._ask({"size": 0, "query": query, "aggs": {"counted": {"composite": composite}}}, plan)
            # The reply after the last one is empty, and nothing of what is empty is sent.
            reply = reply.get("aggregations", {}).get("counted", {})
            for bucket in buckets_of(reply):
                yield bucket["key"], bucket["doc_count"]
            if "after_key" not in reply:
                return
            # What is left out of the reply is missed by the next request.
            composite = {**composite, "after": {**unknown, **reply["after_key"]}}

    def _values_by_report(self, query: Json, name: str, plan: Plan) -> Iterator[tuple[tuple[str, int | None, str], int]]:
        """Each value of a field, the reported year and the id of each report that has it, and in how many passages; exact."""
        sources = [{"value": {"terms": {"field": name}}}, {"year": {"terms": {"field": "year", "missing_bucket": True}}}]
        composite: Json = {"size": BUCKETS, "sources": [*sources, {"report": {"terms": {"field": "report"}}}]}
        for key, count in self._combinations(query, composite, plan):
            yield (key["value"], key.get("year"), key["report"]), count

    def rank(self, query: Query, top: int) -> tuple[int, list[str], list[float]]:
        """See `Engine.rank`."""
        plan = Plan(query, [], take=top)
        body = {"query": translate.passages_of(plan, []), "sort": translate.order(plan), "size": top, "_source": False}
        reply = self._ask(body | {"track_total_hits": True}, plan)
        hits = hits_of(reply)
        return reply["hits"]["total"]["value"], [hit["_id"] for hit in hits], [score_of(hit) for hit in hits]

    def candidates(self, query: Query, top: int) -> list[Candidate]:
        """See `Engine.candidates`."""
        return [Candidate.of(found) for found in self.search(Plan(query, [], take=top, counts_occurrences=False)).passages]

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

    def tally(self, plan: Plan, fields: Sequence[str], *, passages: bool = False) -> dict[tuple[Value, ...], int]:
        """See `Engine.tally`."""
        self._recognize([])
        sources = [{name: {"terms": {"field": counted_field(name), "missing_bucket": True}}} for name in fields]
        searched = self._searched(plan)
        query = searched.every() if passages else searched.every_report()["query"]
        found: dict[tuple[Value, ...], int] = {}
        after: Json = {}
        with PointInTime(self._cluster, self._name) as point:
            while True:
                counted = {"composite": {"sources": sources, "size": COMBINATIONS, **after}}
                reply = point.ask({"size": 0, "query": query, "aggs": {"counted": counted}})["aggregations"]["counted"]
                found |= {tuple(bucket["key"][name] for name in fields): bucket["doc_count"] for bucket in buckets_of(reply)}
                if "after_key" not in reply:
                    return found
                after = {"after": reply["after_key"]}

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
        _, reports = np.unique([hit["_source"]["report"] for hit in hits], return_inverse=True)
        return FoundTexts(_joined(hits), lambda texts: self._whole(lambda: self._found([hits[number] for number in texts], {})), reports)

    def _hits(self, plan: Plan, most: int) -> list[Json] | None:
        """All passages that match, in order; None where more than `most` do, for each is sent here."""
        if self._search(replace(plan, take=0, facets=())).total.paragraphs > most:
            return None
        search = self._searched(plan)
        with PointInTime(self._cluster, self._name) as point:
            return list(self._walk(search, point))

    def suggest(self, prefix: str, limit: int) -> list[tuple[str, int]]:
        """See `Engine.suggest`."""
        frequent: Json = {
            "query": {"bool": {"filter": [{"prefix": {"word": prefix}}]}},
            "sort": [{"reports": "desc"}, {"word": "asc"}],
            "size": SUGGESTED_FROM + 1,
            "_source": ["word"],
        }
        found = [hit["_source"]["word"] for hit in hits_of(self._ask(frequent))]
        words = [word for word in found if word != prefix][:SUGGESTED_FROM]
        if not words:
            return []
        lines: list[Json] = []
        for word in words:
            query = translate.passages_of(Plan(Query(Term(word), Mode.LITERAL), []), [])
            lines += [{"index": self._name}, {"size": 0, "track_total_hits": True, "query": query}]
        with self._cluster.asking() as client:
            replies = client.msearch(body=lines)["responses"]
        counts = {word: reply["hits"]["total"]["value"] for word, reply in zip(words, replies, strict=True) if "hits" in reply}
        return best_suggestions({word: count for word, count in counts.items() if count}, limit)

    def texts_holding(self, alternatives: Sequence[Sequence[str]], most: int) -> JoinedTexts | None:
        """See `Engine.texts_holding`."""
        hits = self._hits(Plan(Query(holding_one_of(alternatives), Mode.LITERAL), []), most)
        return None if hits is None else _joined(hits)

    def word_counts(self, plan: Plan) -> WordCounts:
        """See `Engine.word_counts`."""
        chosen = self._searched(plan).every()
        others = translate.but(chosen)
        own, rest = self._word_counts(chosen, plan), self._word_counts(others, plan)
        words = sorted(own.keys() | rest.keys())
        subset, of_others = self._counted([chosen, others], plan)
        every = [own.get(word, 0) + rest.get(word, 0) for word in words]
        return WordCounts(words, np.array([own.get(word, 0) for word in words], np.int64), np.array(every, np.int64), subset, of_others)

    def _word_counts(self, query: Json, plan: Plan) -> dict[str, int]:
        """How many of these passages hold each listed word; in as many parts as it takes for none to be left out of a reply."""
        parts = 1
        while True:
            found: dict[str, int] = {}
            for part in range(parts):
                counted = {"terms": {"field": "words", "size": WORDS, "include": {"partition": part, "num_partitions": parts}}}
                words = self._ask({"size": 0, "query": query, "aggs": {"words": counted}}, plan)["aggregations"]["words"]
                if words["sum_other_doc_count"]:
                    break
                found |= {bucket["key"]: bucket["doc_count"] for bucket in buckets_of(words) if is_listed(bucket["key"])}
            else:
                return found
            parts *= 4

    def holding(self, plan: Plan, words: Sequence[str]) -> list[tuple[Counts, Counts]]:
        """See `Engine.holding`."""
        chosen = self._searched(plan).every()
        sides = [chosen, translate.but(chosen)]
        found: list[tuple[Counts, Counts]] = []
        for first in range(0, len(words), WORDS_AT_ONCE):
            part = words[first : first + WORDS_AT_ONCE]
            queries = [translate.both(side, translate.word(word)) for word in part for side in sides]
            counts = self._counted(queries, plan)
            found += zip(counts[::2], counts[1::2], strict=True)
        return found

    def _counted(self, queries: Sequence[Json], plan: Plan) -> list[Counts]:
        """How many passages each of several queries matches, and how many reports these stand in."""
        if not queries:
            return []
        counted = {f"p{at}": {"filter": query} for at, query in enumerate(queries)}
        counted |= {f"r{at}": {"filter": translate.holding(query)} for at, query in enumerate(queries)}
        reply = self._ask({"size": 0, "query": {"match_all": {}}, "aggs": counted}, plan)["aggregations"]
        return [Counts(reply[f"r{at}"]["doc_count"], reply[f"p{at}"]["doc_count"]) for at in range(len(queries))]

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

    def _walk(self, search: SearchBody, point: PointInTime) -> Iterator[Json]:
        """All hits of a plan in order; with `collapse` the first of each text."""
        seen: set[int] = set()
        for hit in point.walk(search.body() | {"sort": translate.order(search.plan)}):
            if search.plan.collapse:
                same = hit["fields"]["same"][0]
                if same in seen:
                    continue
                seen.add(same)
            yield hit

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

    def _count_groups(self, search: SearchBody, passages: int) -> int:
        """How many different texts there are, where they are too many to be counted in one go."""
        parts = -(-passages // (GROUPS // 2))
        counted = 0
        for part in range(parts):
            groups = {"field": "same", "size": GROUPS, "include": {"partition": part, "num_partitions": parts}}
            reply = self._ask({"size": 0, "query": search.every(), "aggs": counted_groups(groups)})["aggregations"]
            counted += reply["groups_counted"]["count"]
        return counted

    def _alike(self, search: SearchBody, hits: list[Json]) -> dict[int, int]:
        """How many passages of the result have the text of each of these hits."""
        if not search.plan.collapse or not hits:
            return {}
        numbers = [hit["fields"]["same"][0] for hit in hits]
        query = {"bool": {"filter": [search.every(), {"terms": {"same": numbers}}]}}
        body = {"size": 0, "query": query, "aggs": {"alike": {"terms": {"field": "same", "include": numbers, "size": len(numbers)}}}}
        return {bucket["key"]: bucket["doc_count"] for bucket in buckets_of(self._ask(body)["aggregations"]["alike"])}

    def _all_alike(self, search: SearchBody, point: PointInTime) -> dict[int, int]:
        """How many passages of the result have each text, of those that more than one has."""
        body: Json = {"query": search.every(), "sort": ["_doc"], "_source": False, "docvalue_fields": ["same"]}
        numbers = np.fromiter((hit["fields"]["same"][0] for hit in point.walk(body)), np.int64)
        values, counts = np.unique(numbers, return_counts=True)
        several = counts > 1
        return dict(zip(values[several].tolist(), counts[several].tolist(), strict=True))

    def _found(self, hits: list[Json], alike: dict[int, int], point: PointInTime | None = None) -> list[FoundPassage]:
        """The hits as passages of their reports, which are read at the same point in time, or as of the last refresh."""
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
        """Those of these reports that there are, without their passages, by id."""
        wanted = [{"_id": id, "routing": id, "_source": ["record"]} for id in ids]
        with self._cluster.asking() as client:
            # As of the last refresh, like the hits: a run that has sent some reports has not published them.
            found = client.mget(index=self._name, body={"docs": wanted}, realtime="false")["docs"]
        return {document["_id"]: read_report(record_of(document)) for document in found if document.get("found")}

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


def _reports_at(point: PointInTime, ids: list[str]) -> dict[str, Report]:
    """Those of these reports that there were, without their passages, by id."""
    body: Json = {"query": {"bool": {"filter": [{"ids": {"values": ids}}]}}, "size": len(ids), "_source": ["record"]}
    return {hit["_id"]: read_report(record_of(hit)) for hit in point.search(body)}


def _listed(hit: Json, mention: bool | None) -> ListedReport:
    """A report of a list; its score is the number of its matching passages."""
    return ListedReport(read_report(record_of(hit)), 0 if mention is False else round(score_of(hit)), None)


def _occurrences(query: Query, found: list[FoundPassage], passages: int) -> int | None:
    """How often a query occurs, where all the passages are here to be read; None where they are not."""
    if query.tree is None:
        return 0
    if sum(1 + hit.same for hit in found) < passages:
        return None
    return sum(len(occurrences(query, fold(hit.passage.text))) * (1 + hit.same) for hit in found)


def _facet(name: str, aggregations: Json) -> list[FacetCount]:
    counts: Counter[Value] = Counter({bucket["key"]: bucket["doc_count"] for bucket in buckets_of(aggregations["known"])})
    counts[None] = aggregations["unknown"]["doc_count"]
    return sorted_counts(name, counts)


def _joined(hits: list[Json]) -> JoinedTexts:
    """The folded texts of passages that were found."""
    return JoinedTexts.of([fold(record_of(hit)["text"]) for hit in hits])
