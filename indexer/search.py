"""The open index: a request in, a page of marked hits out. Query, engine and highlight meet here and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from types import TracebackType
from typing import Any

from indexer.analysis import words
from indexer.analysis.fold import fold, fold_with_offsets, original_spans
from indexer.analysis.lexicon import synonyms
from indexer.engines.boundary import OCCURRENCES_LIMIT, Engine, FoundPassage, Plan, without_passages
from indexer.errors import InvalidQuery, InvalidRequest, NotFound, Problem
from indexer.facets import Condition, conditions
from indexer.highlight import item_at, snippet
from indexer.matching import Span, occurrences_of, scored_texts
from indexer.model import Passage, Report
from indexer.query import MAX_LENGTH, Query, offered, parse_query, print_query, widened
from indexer.query.tree import Near, Term, positive_texts
from indexer.request import (
    Concordance,
    ConcordanceLine,
    Context,
    Explanation,
    Hit,
    IndexStats,
    Mode,
    Ranking,
    ReportPage,
    ResultPage,
    SearchRequest,
    Totals,
    YearShare,
    read_mode,
)
from indexer.spelling import nearest_spelling

CONTEXT_WIDTH = 20
"""Code points on either side of an occurrence in a concordance."""


Positive = tuple[list[Term], list[Near]]
"""What a query marks, see `positive_texts`."""

SPELLED = 3
"""Texts that nothing holds for which the nearest spelling is looked for; each takes some hundredths of a second."""


class Index:
    """One published state of an index; safe to share between threads. Use it as a context manager or call `close`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __enter__(self) -> Index:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give back what was opened."""
        self._engine.close()

    @property
    def stats(self) -> IndexStats:
        """What the index holds."""
        return self._engine.stats

    def outdated(self) -> bool:
        """Whether a newer generation has been published; cheap."""
        return self._engine.outdated()

    def search(self, query: str = "", **wanted: Any) -> ResultPage:
        """One page of hits; the keyword arguments are the fields of `SearchRequest`, strings standing for its choices.

        Raises:
            InvalidQuery: The query is malformed or too long.
            InvalidRequest: A value is impossible, or there is neither query nor filter.
        """
        return self.run(SearchRequest.of(query, **wanted))

    def run(self, request: SearchRequest) -> ResultPage:
        """One page of hits for a request; raises as `search` does."""
        query, plan = self._planned(request)
        found = self._engine.search(plan)
        return ResultPage(
            request=request,
            parsed=print_query(query),
            total=found.total,
            hits=list(_hits(query, found.passages)),
            index=self.stats,
            facets=found.facets,
        )

    def rank(self, query: str, mode: str = "exact", top: int = 10) -> Ranking:
        """Evaluation alone: how many passages match, and the ids and scores of the best; nothing is fetched or marked."""
        total, ids, scores = self._engine.rank(parse_query(query, read_mode(mode), words.cut), top)
        return Ranking(total, ids, scores)

    def hits(self, request: SearchRequest) -> Iterator[Hit]:
        """Every hit of a request in order, one after another, whatever its page; as many as `total.hits` of `run` says.

        Raises:
            As `run`, at once.
        """
        query, plan = self._planned(request)
        return _hits(query, self._engine.each(plan))

    def years(self, request: SearchRequest) -> list[YearShare]:
        """For each reported year how many reports mention the query, of how many held; filters of years left aside.

        Years come from the first to the last that is held, with 0 held where there is none between; unknown last.

        Raises:
            InvalidQuery: The query is malformed or too long.
            InvalidRequest: A value is impossible, or there is no query.
        """
        query = _read(request)
        if query.tree is None:
            raise InvalidRequest(Problem("q", "历年对照要有检索词"))
        allowed = [condition for condition in conditions(request) if condition.facet != "year"]
        found = self._engine.years(Plan.of(request, query, allowed))
        known = [year for year in found if year is not None]
        years: list[int | None] = [*range(min(known), max(known) + 1)] if known else []
        return [YearShare(year, *found.get(year, (0, 0))) for year in [*years, *([None] if None in found else [])]]

    def _planned(self, request: SearchRequest) -> tuple[Query, Plan]:
        query = _read(request)
        if query.tree is None and not request.has_filter:
            raise InvalidRequest(Problem("q", "请输入检索词，或者至少选一个筛选条件"))
        return query, Plan.of(request, query, conditions(request))

    def list_reports(self, request: SearchRequest, *, mention: bool | None = None) -> ReportPage:
        """Reports with passages that match, and how many; with `mention` False the reports the filters let through that have none.

        Without query and filter it lists all. By relevance the reports with most matching passages come first.

        Raises:
            InvalidQuery: The query is malformed or too long.
            InvalidRequest: A value is impossible, or `mention` is asked without a query.
        """
        query = _read(request)
        if mention is not None and query.tree is None:
            raise InvalidRequest(Problem("mention", "“未提及”要有检索词才能判断"))
        total, listed = self._engine.list_reports(Plan.of(request, query, conditions(request)), mention)
        return ReportPage(request, print_query(query), listed, total, self.stats)

    def reports(self, request: SearchRequest) -> Iterator[Report]:
        """Every report of `list_reports` in its order, one after another and without passages, whatever the request's page.

        Raises:
            InvalidQuery: The query is malformed or too long; raised at once.
        """
        return self._engine.reports(Plan.of(request, _read(request), conditions(request)))

    def report(self, id: str) -> Report:
        """A whole report.

        Raises:
            NotFound: No report has this id.
        """
        return self._engine.report(id)

    def passage(self, id: str) -> tuple[Report, Passage]:
        """A passage by its id, "<report>~<place>", with its whole report.

        Raises:
            NotFound: No passage has this id.
        """
        return _passage_in(self.report(id.partition("~")[0]), id)

    def explain(self, request: SearchRequest) -> Explanation:
        """Why a result is empty: what each typed text gives alone, which filter stands in the way, what was perhaps meant.

        Raises:
            InvalidQuery: The query is malformed or too long.
        """
        query = _read(request)

        def totals(query: Query, conditions: list[Condition]) -> Totals:
            return self._engine.search(Plan(query, conditions, take=0)).total

        filters = conditions(request)

        def totals_of(text: str) -> Totals:
            return totals(Query(Term(text), Mode.LITERAL), [])

        def count_holding(text: str) -> int:
            return totals_of(text).paragraphs

        alone = [(text, totals_of(text)) for text in scored_texts(query)]
        missing = [text for text, total in alone if not total.paragraphs]
        nearest = [(text, nearest_spelling(text, count_holding, self._engine.texts_holding)) for text in missing[:SPELLED]]
        return Explanation(
            alone=alone,
            without=[(out.facet, totals(query, [kept for kept in filters if kept is not out])) for out in filters],
            held=totals(Query(None, Mode.EXACT), filters).reports,
            nearest=[(text, *found) for text, found in nearest if found is not None],
            words=self._holding_words(request, filters) if request.mode is Mode.EXACT else 0,
        )

    def _holding_words(self, request: SearchRequest, filters: list[Condition]) -> int:
        try:
            query = _read(replace(request, mode=Mode.ANY))
        except InvalidQuery:
            return 0  # it has no words, or too many
        return self._engine.search(Plan(query, filters, take=0)).total.paragraphs

    def synonyms(self, request: SearchRequest) -> list[tuple[str, list[str]]]:
        """Each typed term (folded) that is also written otherwise, with those writings; raises as `search` does."""
        return offered(_read(request), synonyms())

    def widened(self, request: SearchRequest, also: Collection[str]) -> str:
        """The query that looks for some of those writings as well; raises as `search` does."""
        return print_query(widened(_read(request), {fold(text) for text in also}, synonyms()))

    def suggest(self, typed: str, limit: int = 8) -> list[tuple[str, int]]:
        """How the last word typed may go on: words and headings of the corpus, each with the passages that hold it, most first.

        What stands before the last word is kept, so each answer is a whole query.
        """
        # Nothing is done with a text that is too long to be a query, however long it is.
        if len(typed) > MAX_LENGTH:
            return []
        start = max((space.end() for space in re.finditer(r"\s", typed)), default=0)
        before, prefix = typed[:start], fold(typed[start:])
        if not prefix:
            return []
        return [(before + text, count) for text, count in self._engine.suggest(prefix, limit)]

    def concordance(self, request: SearchRequest, context: Context = Context.NONE) -> Concordance:
        """Each occurrence on a line of its own, with up to 20 code points on either side; pages count lines.

        Raises:
            InvalidQuery: The query is malformed or too long.
            InvalidRequest: A value is impossible, there is no query, or more than 20,000 passages match.
        """
        query = _read(request)
        if not scored_texts(query):
            raise InvalidRequest(Problem("q", "逐处列出要有检索词"))
        plan = Plan.of(request, query, conditions(request))
        if self._engine.search(replace(plan, take=0)).total.paragraphs > OCCURRENCES_LIMIT:
            raise InvalidRequest(Problem("q", f"超过 {OCCURRENCES_LIMIT} 段，太多了，请加上筛选条件"))
        texts = positive_texts(query.tree)
        found = [
            (id, at, *_around(folded, span, CONTEXT_WIDTH))
            for id, folded in self._engine.folded_texts(plan)
            for at, span in enumerate(occurrences_of(*texts, folded))
        ]
        if context is Context.LEFT:
            found.sort(key=lambda line: line[2][::-1])
        elif context is Context.RIGHT:
            found.sort(key=lambda line: line[3])
        page = found[plan.skip : plan.skip + plan.take]
        reports = {report: self.report(report) for report in {id.partition("~")[0] for id, _, _, _ in page}}
        passages = {id: _passage_in(reports[id.partition("~")[0]], id) for id in {id for id, _, _, _ in page}}
        spans = {id: _matches(texts, passage.text) for id, (_, passage) in passages.items()}
        lines = [_line(id, spans[id][at], *passages[id]) for id, at, _, _ in page]
        return Concordance(request, print_query(query), context, lines, len(found), self.stats)

    def matches(self, query: str, mode: Mode, passages: Iterable[Passage]) -> dict[str, list[Span]]:
        """What a query marks in passages: half-open spans in code points of each text, by anchor; passages without any left out.

        Raises:
            InvalidQuery: The query is malformed or too long.
        """
        wanted = parse_query(query, mode, words.cut, has_filter=True)
        texts = positive_texts(wanted.tree)
        marked = {passage.anchor: _matches(texts, passage.text) for passage in passages}
        return {place: spans for place, spans in marked.items() if spans}


def _read(request: SearchRequest) -> Query:
    return parse_query(request.query, request.mode, words.cut, has_filter=request.has_filter)


def _matches(texts: Positive, text: str, folded: str | None = None) -> list[Span]:
    folded, offsets = fold_with_offsets(text, folded)
    return original_spans(occurrences_of(*texts, folded), offsets)


def _passage_in(report: Report, id: str) -> tuple[Report, Passage]:
    anchor = id.partition("~")[2]
    for passage in report.passages:
        if passage.anchor == anchor:
            return report, passage
    raise NotFound(id)


def _around(text: str, span: Span, width: int) -> tuple[str, str]:
    return text[max(0, span[0] - width) : span[0]], text[span[1] : span[1] + width]


def _line(id: str, span: Span, report: Report, passage: Passage) -> ConcordanceLine:
    start, end = span
    before, after = _around(passage.text, (start, end), CONTEXT_WIDTH)
    return ConcordanceLine(id, passage.anchor, without_passages(report), before, passage.text[start:end], after)


def _hits(query: Query, passages: Iterable[FoundPassage]) -> Iterator[Hit]:
    texts = positive_texts(query.tree)
    for found in passages:
        passage = found.passage
        matches = _matches(texts, passage.text, found.folded)
        yield Hit(
            id=f"{found.report.id}~{passage.anchor}",
            kind=passage.kind,
            anchor=passage.anchor,
            text=passage.text,
            score=found.score,
            report=found.report,
            section=passage.section,
            item=item_at(passage.items, matches[0][0]) if matches else None,
            matches=matches,
            snippet=snippet(passage.text, matches, passage.items),
            same=found.same,
        )
