"""Counts that the cluster makes without sending a passage: reports and passages by value or word, and completions of a prefix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set

import numpy as np

from indexer.declared import DETAIL, Value
from indexer.engines.boundary import Plan, Spread
from indexer.engines.common import best_suggestions
from indexer.engines.opensearch import translate
from indexer.engines.opensearch.cluster import Json
from indexer.engines.opensearch.documents import counted_field
from indexer.engines.opensearch.fetching import PointInTime, buckets_of, every_bucket, hits_of
from indexer.engines.opensearch.published import PublishedIndex
from indexer.joined import Numbers
from indexer.query.tree import Query, Term
from indexer.request import Mode
from indexer.results import Counts
from indexer.wordlists import WordCounts, is_listed

SUGGESTED_FROM = 40
"""How many of the most frequent words and headings have their passages counted for one completion."""

COMBINATIONS = 10_000
"""Combinations of values that one reply counts."""

BUCKETS = 10_000
"""Pairs of a value and a report that one reply counts."""

WORDS = 20_000
"""Words that one reply counts."""

WORDS_AT_ONCE = 100
"""Words whose passages and reports one reply counts."""

FILTERS_AT_ONCE = 500
"""Values that one reply counts with a filter each."""


class Counting(PublishedIndex):
    """The engine's counting methods."""

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
        # A passage with two names of one value counts once.
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
        """Each combination of values, and exactly how many passages have it. Unknown values are missing from the key."""
        unknown = {name: None for source in composite["sources"] for name in source}
        while True:
            reply = self._ask({"size": 0, "query": query, "aggs": {"counted": {"composite": composite}}}, plan)
            # The reply after the last bucket is empty, and `filter_path` drops empty objects.
            reply = reply.get("aggregations", {}).get("counted", {})
            for bucket in buckets_of(reply):
                yield bucket["key"], bucket["doc_count"]
            if "after_key" not in reply:
                return
            # The reply leaves out unknown values, but the next request needs them.
            composite = {**composite, "after": {**unknown, **reply["after_key"]}}

    def _values_by_report(self, query: Json, name: str, plan: Plan) -> Iterator[tuple[tuple[str, int | None, str], int]]:
        """Each value of a field with the reported year and the id of each report that has it, and exactly how many passages do."""
        sources = [{"value": {"terms": {"field": name}}}, {"year": {"terms": {"field": "year", "missing_bucket": True}}}]
        composite: Json = {"size": BUCKETS, "sources": [*sources, {"report": {"terms": {"field": "report"}}}]}
        for key, count in self._combinations(query, composite, plan):
            yield (key["value"], key.get("year"), key["report"]), count

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
        """How many of these passages contain each listed word."""
        buckets = every_bucket(lambda body: self._ask(body, plan), query, {"field": "words", "size": WORDS})
        return {bucket["key"]: bucket["doc_count"] for bucket in buckets if is_listed(bucket["key"])}

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

    def passages_holding(self, plan: Plan, words: Sequence[str]) -> Numbers:
        """See `Engine.passages_holding`."""
        return np.array([held.paragraphs for held, _ in self.holding(plan, words)], np.int64)

    def _counted(self, queries: Sequence[Json], plan: Plan) -> list[Counts]:
        """How many passages each query matches, and how many reports these belong to."""
        if not queries:
            return []
        counted = {f"p{at}": {"filter": query} for at, query in enumerate(queries)}
        counted |= {f"r{at}": {"filter": translate.holding(query)} for at, query in enumerate(queries)}
        reply = self._ask({"size": 0, "query": {"match_all": {}}, "aggs": counted}, plan)["aggregations"]
        return [Counts(reply[f"r{at}"]["doc_count"], reply[f"p{at}"]["doc_count"]) for at in range(len(queries))]

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
