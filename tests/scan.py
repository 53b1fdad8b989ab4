"""The engine that reads every text: slow, short, and the oracle that all others are compared with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial

import numpy as np

from indexer.analysis.fold import fold
from indexer.boilerplate import Commonest, Copies, keys_of, sentence_at
from indexer.declared import DETAIL, Value
from indexer.engines.boundary import OCCURRENCES_LIMIT, Found, FoundFigures, FoundGroups, FoundPassage, FoundTexts, Holdings, Plan, Spread
from indexer.engines.common import best_suggestions, counts_of, labelled_of, tie_order, without_passages
from indexer.errors import NotFound
from indexer.facets import Condition, sorted_counts
from indexer.fields import FILTERS
from indexer.joined import JoinedTexts, Numbers
from indexer.matching import first_start, leftmost, near_starts, occurrences, starts_of
from indexer.model import Kind, Passage, Report, passage_id
from indexer.query.tree import And, IssuerHolds, Near, Node, Not, Or, PartIs, Query, RegionIs, Term, TitleHolds, YearIs, joined
from indexer.ranking import bm25, field_lengths, idf, length_norm, sentence_tokens, text_tokens
from indexer.records import counted_of
from indexer.request import Mode, Sort
from indexer.results import Counts, FacetCount, IndexStats, ListedReport, Totals
from indexer.wordlists import WordCounts, is_listed


@dataclass
class _Entry:
    """A passage with its report and its folded text."""

    report: Report
    passage: Passage
    folded: str

    @cached_property
    def tokens(self) -> dict[str, Counter[str]]:
        return {name: Counter(tokens) for name, tokens in text_tokens(self.folded).items()}

    @cached_property
    def lengths(self) -> dict[str, int]:
        return field_lengths(self.folded, self.tokens["words"].total())

    def values(self, name: str) -> tuple[Value, ...]:
        return FILTERS[name].values_of(self.passage if FILTERS[name].of_passages else self.report)

    def count(self, text: str) -> int:
        return len(leftmost(starts_of(text, self.folded), len(text)))


Scored = tuple[_Entry, float]


class ScanEngine:
    """Holds whole reports in memory."""

    def __init__(self, reports: Iterable[Report], generation: str = "scan") -> None:
        self._reports = {report.id: report for report in reports}
        self._bare = {id: without_passages(report) for id, report in self._reports.items()}
        ordered = sorted(self._reports.values(), key=tie_order)
        self._entries = [_Entry(report, passage, fold(passage.text)) for report in ordered for passage in report.passages]
        self._generation = generation
        # A page, its facets and its years ask for the same passages.
        self._holding = lru_cache(maxsize=8)(lambda tree: [entry for entry in self._entries if _holds(tree, entry)])

    @property
    def stats(self) -> IndexStats:
        """What is held."""
        reports = self._reports.values()
        return IndexStats(
            generation=self._generation,
            reports=len(reports),
            paragraphs=sum(entry.passage.kind is Kind.PARAGRAPH for entry in self._entries),
            passages=len(self._entries),
            years=tuple(sorted({report.year for report in reports if report.year is not None})),
            issuers=len({report.issuer for report in reports if report.issuer is not None}),
        )

    def search(self, plan: Plan) -> Found:
        """See `Engine.search`."""
        entries, ordered, same = self._in_order(plan)
        page = ordered[plan.skip : plan.skip + plan.take]
        return Found(
            total=Totals(
                reports=len({entry.report.id for entry in entries}),
                paragraphs=len(entries),
                occurrences=_occurrences(plan.query, entries),
                hits=len(ordered),
            ),
            passages=[self._found(entry, score, same) for entry, score in page],
            facets={name: _facet(name, self._but_for(name, plan, entries)) for name in plan.facets},
        )

    def each(self, plan: Plan) -> Iterator[FoundPassage]:
        """See `Engine.each`."""
        _, ordered, same = self._in_order(plan)
        return (self._found(entry, score, same) for entry, score in ordered)

    def figures(self, plan: Plan) -> FoundFigures:
        """See `Engine.figures`."""
        found = list(self.each(plan))
        counted = [[counted_of(figure) for figure in one.passage.statistics] for one in found]
        counts, labelled = partial(counts_of, counted), partial(labelled_of, counted)
        return FoundFigures(counts, labelled, lambda texts: [found[number] for number in texts], lambda: [one.report for one in found], 0)

    def _in_order(self, plan: Plan) -> tuple[list[_Entry], list[Scored], Counter[tuple[Kind, str]]]:
        """All that matches; what of it is shown, in order; and how many have each text."""
        entries = self._matching(plan)
        scores = self._scores(plan.query)
        ordered = _sorted([(entry, scores(entry)) for entry in entries], plan.sort)
        same: Counter[tuple[Kind, str]] = Counter()
        if plan.collapse:
            same.update((entry.passage.kind, entry.folded) for entry in entries)
            first = {(entry.passage.kind, entry.folded): (entry, score) for entry, score in reversed(ordered)}
            ordered = [(e, s) for e, s in ordered if first[e.passage.kind, e.folded][0] is e]
        return entries, ordered, same

    def _found(self, entry: _Entry, score: float, same: Counter[tuple[Kind, str]]) -> FoundPassage:
        return FoundPassage(self._bare[entry.report.id], entry.passage, score, max(0, same[entry.passage.kind, entry.folded] - 1))

    def years(self, plan: Plan) -> dict[int | None, tuple[int, int]]:
        """See `Engine.years`."""
        mentioning = {entry.report.id for entry in self._matching(plan)}
        held = {entry.report.id: entry.report.year for entry in self._matching(_of_reports(plan))}
        found: dict[int | None, tuple[int, int]] = {}
        for id, year in held.items():
            said, all_held = found.get(year, (0, 0))
            found[year] = (said + (id in mentioning), all_held + 1)
        return found

    def spread(self, plan: Plan, name: str, same: Mapping[str, str]) -> dict[str, Spread]:
        """See `Engine.spread`."""
        entries: dict[str, list[_Entry]] = {}
        for entry in self._matching(plan):
            stored = (value for value in FILTERS[name].stored_of(entry.passage) if isinstance(value, str))
            for value in {same.get(value, value) for value in stored}:
                entries.setdefault(value, []).append(entry)
        return {
            value: Spread(len(own), dict(Counter({entry.report.id: entry.report.year for entry in own}.values())))
            for value, own in entries.items()
        }

    def cross(self, plan: Plan, name: str, values: Set[str], fields: Sequence[str]) -> dict[tuple[Value, ...], int]:
        """See `Engine.cross`."""
        return dict(
            Counter(
                (value, *(FILTERS[field].values_of(entry.report)[-1] for field in fields))
                for entry in self._matching(plan)
                for value in FILTERS[name].stored_of(entry.passage)
                if isinstance(value, str) and value.partition(DETAIL)[0] in values
            )
        )

    def rank(self, query: Query, top: int) -> tuple[int, list[str], list[float]]:
        """See `Engine.rank`."""
        found = self.search(Plan(query, [], take=top))
        ids = [passage_id(hit.report.id, hit.passage.anchor) for hit in found.passages]
        return found.total.paragraphs, ids, [hit.score for hit in found.passages]

    def candidates(self, groups: Sequence[Sequence[str]], top: int) -> FoundGroups:
        """See `Engine.candidates`."""
        trees = [joined(Or, [Term(text) for text in group]) for group in groups]
        plans = [Plan(Query(tree, Mode.LITERAL), [], take=top, counts_occurrences=False) for tree in trees]
        return FoundGroups.of([self.search(plan).passages for plan in plans])

    def holding_each(self, texts: Sequence[str], top: int) -> Holdings:
        """See `Engine.holding_each`."""
        found = [self.search(Plan(Query(Term(text), Mode.LITERAL), [], Sort.NEWEST, 0, top, ("unit",))) for text in texts]
        counts = [Counts(one.total.reports, one.total.paragraphs) for one in found]
        units = [{value.value for value in one.facets["unit"]} for one in found]
        return Holdings(counts, FoundGroups.of([one.passages for one in found]), units.__getitem__)

    def holding_all(self, groups: Sequence[Sequence[str]]) -> tuple[FoundTexts, list[bool]]:
        """See `Engine.holding_all`."""
        trees = [joined(And, [Term(text) for text in dict.fromkeys(group)]) for group in groups]
        few = [self.counts(query, [[]])[0].paragraphs <= OCCURRENCES_LIMIT for query in (Query(tree, Mode.LITERAL) for tree in trees)]
        alternatives = [tree for tree, looked_up in zip(trees, few, strict=True) if looked_up]
        found = self.each(Plan(Query(joined(Or, alternatives), Mode.LITERAL), [], Sort.NEWEST)) if alternatives else ()
        return FoundTexts.of(list(found)), few

    def list_reports(self, plan: Plan, mention: bool | None) -> tuple[int, list[ListedReport]]:
        """See `Engine.list_reports`."""
        found, ids = self._listed(plan, mention)
        page = ids[plan.skip : plan.skip + plan.take]
        return len(ids), [ListedReport(self._bare[id], len(found[id]), _occurrences(plan.query, found[id])) for id in page]

    def each_listed(self, plan: Plan, mention: bool | None) -> Iterator[ListedReport]:
        """See `Engine.each_listed`."""
        return iter(self.list_reports(replace(plan, skip=0, take=len(self._bare)), mention)[1])

    def reports(self, plan: Plan) -> Iterator[Report]:
        """See `Engine.reports`."""
        return (self._bare[id] for id in self._listed(plan, None)[1])

    def _listed(self, plan: Plan, mention: bool | None) -> tuple[dict[str, list[_Entry]], list[str]]:
        """The matching passages of each report that is listed, and these reports in order."""
        found: dict[str, list[_Entry]] = {}
        for entry in self._matching(plan):
            found.setdefault(entry.report.id, []).append(entry)
        if mention is False:
            found = {e.report.id: [] for e in self._matching(_of_reports(plan)) if e.report.id not in found}
        ids = sorted(found, key=lambda id: tie_order(self._reports[id]))
        if plan.sort is Sort.RELEVANCE and plan.query.tree is not None:
            ids.sort(key=lambda id: -len(found[id]))
        else:
            ids.sort(key=lambda id: _sort_key(self._reports[id], plan.sort))
        return found, ids

    def tally(self, plan: Plan, fields: Sequence[str], *, passages: bool = False) -> dict[tuple[Value, ...], int]:
        """See `Engine.tally`."""
        counted = (found.report for found in self.each(plan)) if passages else self.reports(plan)
        return dict(Counter(tuple(FILTERS[name].values_of(report)[-1] for name in fields) for report in counted))

    def report(self, id: str) -> Report:
        """See `Engine.report`."""
        try:
            return self._reports[id]
        except KeyError:
            raise NotFound(id) from None

    def earlier(self, id: str) -> list[Report]:
        """None: what is held does not change."""
        return []

    def examples(self, facet: str, values: Collection[Value]) -> dict[Value, Report]:
        """See `Engine.examples`."""
        return {value: report for report in self._bare.values() for value in FILTERS[facet].values_of(report) if value in values}

    def counts(self, query: Query, filterings: Sequence[list[Condition]]) -> list[Counts]:
        """See `Engine.counts`."""
        found = [self._matching(Plan(query, conditions)) for conditions in filterings]
        return [Counts(len({entry.report.id for entry in entries}), len(entries)) for entries in found]

    def texts(self, plan: Plan) -> FoundTexts | None:
        """See `Engine.texts`."""
        scores = self._scores(plan.query)
        entries = [entry for entry, _ in _sorted([(entry, scores(entry)) for entry in self._matching(plan)], plan.sort)]
        if len(entries) > OCCURRENCES_LIMIT:
            return None
        return FoundTexts(
            JoinedTexts.of([entry.folded for entry in entries]),
            lambda texts: [FoundPassage(self._bare[entries[n].report.id], entries[n].passage, 0.0) for n in texts],
            np.array([list(self._bare).index(entry.report.id) for entry in entries], np.int64),
        )

    def word_counts(self, plan: Plan) -> WordCounts:
        """See `Engine.word_counts`."""
        matching = {id(entry) for entry in self._matching(plan)}
        sides = [[entry for entry in self._entries if (id(entry) in matching) == chosen] for chosen in (True, False)]
        own, rest = (Counter(word for entry in side for word in entry.tokens["words"] if is_listed(word)) for side in sides)
        words = sorted(own | rest)
        subset, others = (Counts(len({entry.report.id for entry in side}), len(side)) for side in sides)
        every = np.array([own[word] + rest[word] for word in words], np.int64)
        return WordCounts(words, np.array([own[word] for word in words], np.int64), every, subset, others)

    def holding(self, plan: Plan, words: Sequence[str]) -> list[tuple[Counts, Counts]]:
        """See `Engine.holding`."""
        matching = {id(entry) for entry in self._matching(plan)}

        def counted(word: str, chosen: bool) -> Counts:
            held = [entry for entry in self._entries if word in entry.tokens["words"] and (id(entry) in matching) == chosen]
            return Counts(len({entry.report.id for entry in held}), len(held))

        return [(counted(word, True), counted(word, False)) for word in words]

    def passages_holding(self, plan: Plan, words: Sequence[str]) -> Numbers:
        """See `Engine.passages_holding`."""
        return np.array([held.paragraphs for held, _ in self.holding(plan, words)], np.int64)

    def copies(self, keys: Collection[int]) -> dict[int, Copies]:
        """See `Engine.copies`."""
        return {key: self._copies[key] for key in keys if key in self._copies}

    def commonest(self) -> Commonest:
        """See `Engine.commonest`."""
        return Commonest.of(self._copies)

    @cached_property
    def _copies(self) -> dict[int, Copies]:
        reports: dict[int, set[str]] = {}
        for entry in self._entries:
            for key in keys_of(entry.folded):
                reports.setdefault(key, set()).add(entry.report.id)
        units = {id: report.unit.id for id, report in self._reports.items() if report.unit}
        return {key: Copies(len({units[id] for id in ids if id in units}), len(ids)) for key, ids in reports.items()}

    def _is_own(self, query: Query, entry: _Entry) -> bool:
        start = first_start(query, entry.folded)
        key = None if start is None else sentence_at(entry.folded, start).key
        return key is None or not self._copies[key].common

    def suggest(self, prefix: str, limit: int) -> list[tuple[str, int]]:
        """See `Engine.suggest`."""
        words = {word for entry in self._entries for word in entry.tokens["words"] if word.startswith(prefix)}
        headings = {fold(section.heading) for report in self._reports.values() for section in report.sections}
        candidates = words | {heading for heading in headings if heading.startswith(prefix)}
        return best_suggestions(
            {text: sum(text in entry.folded for entry in self._entries) for text in candidates if text != prefix}, limit
        )

    def texts_holding(self, alternatives: Sequence[Sequence[str]], most: int) -> JoinedTexts | None:
        """See `Engine.texts_holding`."""
        held = [e.folded for e in self._entries if any(all(piece in e.folded for piece in pieces) for pieces in alternatives)]
        return JoinedTexts.of(held) if len(held) <= most else None

    def outdated(self) -> bool:
        """Never: what is held does not change."""
        return False

    def close(self) -> None:
        """Nothing to give back."""

    def _matching(self, plan: Plan, leave_out: str | None = None) -> list[_Entry]:
        entries = self._entries if plan.query.tree is None else self._holding(plan.query.tree)
        if plan.same is not None:
            like = self._entry(plan.same)
            entries = [e for e in entries if (e.passage.kind, e.folded) == (like.passage.kind, like.folded)]
        if plan.sentence is not None:
            entries = [e for e in entries if plan.sentence in keys_of(e.folded)]
        if plan.own:
            entries = [e for e in entries if self._is_own(plan.query, e)]
        conditions = [condition for condition in plan.conditions if condition.facet != leave_out]
        return [entry for entry in entries if all(any(map(condition.accepts, entry.values(condition.facet))) for condition in conditions)]

    def _entry(self, id: str) -> _Entry:
        for entry in self._entries:
            if passage_id(entry.report.id, entry.passage.anchor) == id:
                return entry
        raise NotFound(id)

    def _but_for(self, name: str, plan: Plan, entries: list[_Entry]) -> list[_Entry]:
        """What matches where this facet's own filter is left out; `entries` is what matches with it."""
        filtered = any(condition.facet == name for condition in plan.conditions)
        return self._matching(plan, leave_out=name) if filtered else entries

    def _scores(self, query: Query) -> Callable[[_Entry], float]:
        """A function from a passage to its score."""
        if query.sentence:
            return self._sentence_scores(query.sentence)
        texts = query.scored
        total = len(self._entries)
        body = [len(entry.folded) for entry in self._entries if entry.passage.kind is Kind.PARAGRAPH]
        paragraph = max(1.0, sum(body) / max(1, len(body)))
        average = max(1.0, (sum(len(entry.folded) for entry in self._entries) + (total - len(body)) * paragraph) / max(1, total))
        weights = {text: idf(sum(text in entry.folded for entry in self._entries), total) for text in texts}

        def score(entry: _Entry) -> float:
            # A heading or title counts as so long as it is and an average body paragraph together.
            length = len(entry.folded) + (0.0 if entry.passage.kind is Kind.PARAGRAPH else paragraph)
            return sum(bm25(weights[text], float(entry.count(text)), length_norm(length, average)) for text in texts)

        return score

    def _sentence_scores(self, sentence: tuple[str, ...]) -> Callable[[_Entry], float]:
        """BM25 over words, bigrams and characters; counts and averages are those of body paragraphs."""
        body = [entry for entry in self._entries if entry.passage.kind is Kind.PARAGRAPH]
        parts: list[tuple[str, str, float, float]] = []
        for name, tokens in sentence_tokens(sentence).items():
            average = max(1.0, sum(entry.lengths[name] for entry in body) / max(1, len(body)))
            for token, times in tokens.items():
                parts.append((name, token, times * idf(sum(token in e.tokens[name] for e in body), len(body)), average))

        def score(entry: _Entry) -> float:
            return sum(
                bm25(weight, float(entry.tokens[name][token]), length_norm(float(entry.lengths[name]), average))
                for name, token, weight, average in parts
                if entry.tokens[name][token]
            )

        return score


def _facet(name: str, entries: list[_Entry]) -> list[FacetCount]:
    counts: Counter[Value] = Counter()
    for entry in entries:
        counts.update(entry.values(name))
    return sorted_counts(name, counts)


def _of_reports(plan: Plan) -> Plan:
    """What the filters on reports let through, whatever is typed."""
    return Plan(Query(None, plan.query.mode), [c for c in plan.conditions if not c.field.of_passages])


def _holds(node: Node, entry: _Entry) -> bool:
    report = entry.report
    match node:
        case Term(text):
            return text in entry.folded
        case Near():
            return near_starts(node, entry.folded) != ([], [])
        case YearIs(low, high):
            if low is None or high is None:
                return report.year is None
            return report.year is not None and low <= report.year <= high
        case RegionIs(code):
            return report.region is not None and code in report.region.codes
        case PartIs(part):
            return entry.passage.part == part
        case TitleHolds(text):
            return text in fold(report.title)
        case IssuerHolds(text):
            return text in fold(report.issuer or "")
        case And(children):
            return all(_holds(child, entry) for child in children)
        case Or(children):
            return any(_holds(child, entry) for child in children)
        case Not(child):
            return not _holds(child, entry)


def _occurrences(query: Query, entries: list[_Entry]) -> int | None:
    if len(entries) > OCCURRENCES_LIMIT:
        return None
    return sum(len(occurrences(query, entry.folded)) for entry in entries)


def _sort_key(report: Report, sort: Sort) -> tuple[bool, str | int]:
    match sort:
        case Sort.OLDEST:
            return (report.year is None, report.year or 0)
        case Sort.REGION:
            return (report.region is None, report.region.code if report.region else "")
        case _:
            return (report.year is None, -(report.year or 0))


def _sorted(scored: list[Scored], sort: Sort) -> list[Scored]:
    """In the order asked for; entries come in the order of equals, and sorting keeps it."""
    if sort is Sort.RELEVANCE:
        return sorted(scored, key=lambda pair: -pair[1])
    return sorted(scored, key=lambda pair: _sort_key(pair[0].report, sort))
