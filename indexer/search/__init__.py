"""The open index: a request in, a page of marked hits out. Query, engine and highlight meet here and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from types import TracebackType
from typing import Any

import numpy as np

from indexer.analysis import words
from indexer.analysis.fold import fold
from indexer.analysis.lexicon import synonyms
from indexer.cache import Cache
from indexer.comparison import Comparison, compare
from indexer.declared import Value
from indexer.directory import Directory, ListedUnit, UnitPage, UnitRecord, UnitSort
from indexer.doubts import doubt_page, each_doubt
from indexer.engines.boundary import OCCURRENCES_LIMIT, Engine, FoundPassage, FoundTexts, Plan
from indexer.errors import InvalidQuery, InvalidRequest, NotFound
from indexer.facets import Condition, sorted_counts
from indexer.fields import FILTERS
from indexer.highlight import item_at, snippet
from indexer.holdings import TALLIED, Holdings, expected_years, holdings, years_covered
from indexer.joined import JoinedTexts, Numbers
from indexer.matching import Span
from indexer.matrix import Matrix, MatrixPage, MatrixSort, matrix
from indexer.model import Passage, Report, ReportType, passage_id, report_and_anchor
from indexer.places import governments, region_of_code
from indexer.prepared import PreparedQuery, Wanted, prepare
from indexer.problems import Problem
from indexer.promises import Promises, promises
from indexer.query import MAX_LENGTH, Query, offered, parse_query, print_query, widened
from indexer.query.tree import Term
from indexer.quotations import Verification, verify
from indexer.request import (
    Concordance,
    ConcordanceLine,
    Context,
    Counts,
    Doubt,
    DoubtPage,
    Explanation,
    FacetCount,
    Hit,
    IndexStats,
    ListedReport,
    Mode,
    Ranking,
    ReportPage,
    ResultPage,
    SearchRequest,
    Sort,
    Understood,
    YearShare,
    read_choice,
    read_mode,
)
from indexer.spelling import nearest_spelling
from indexer.stated import (
    IndicatorCount,
    Instrument,
    InstrumentPage,
    Instruments,
    Series,
    StatedFigure,
    StatisticPage,
    indicator_counts,
    series_of,
    stated,
)
from indexer.understood import Names, offer
from indexer.units import Unit, unit_of_id

CONTEXT_WIDTH = 20
"""Code points on either side of an occurrence in a concordance."""
LINES_TOGETHER = 1_000
"""Lines of a whole concordance whose passages are read together."""


_CELL = ("unit", "year")
LONGEST_VERIFIED = 20_000
"""Code points of a text whose quotations are looked for."""
SPELLING_LIMIT = 20_000
"""Passages that are read for the nearest spellings of the texts of a query that nothing holds: some hundredths of a second."""


STATED_CACHE = 16_000_000
"""Bytes of figures that were listed, for the next page of them."""

STATED = 2_000
"""Bytes that a figure takes with its passage, about."""


class Index:
    """One published state of an index; safe to share between threads. Use it as a context manager or call `close`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._stated: Cache[tuple[StatedFigure, ...]] = Cache(STATED_CACHE)

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

    def read(self, request: Wanted, *, has_filter: bool | None = None) -> PreparedQuery:
        """The request with its query read, for several of the methods below instead of the request.

        Args:
            request: What is wanted; one that was read before is returned as it is.
            has_filter: Whether a filter stands beside the query, so that it may consist of exclusions; by default what the request says.

        Raises:
            InvalidQuery: The query is malformed or too long.
        """
        read = prepare(request, words.cut, has_filter=has_filter)
        if read.request.values("instrument") and not read.alike:
            read = replace(read, alike={"instrument": self._instruments.alike})
        return read

    def run(self, wanted: Wanted) -> ResultPage:
        """One page of hits for a request; raises as `search` does."""
        read = self.read(wanted)
        plan = _bounded_plan(read)
        found = self._engine.search(plan)
        return ResultPage(
            request=read.request,
            parsed=read.parsed,
            total=found.total,
            hits=list(_hits(read, found.passages)),
            index=self.stats,
            facets={name: self._named(name, self._united(name, counts, plan)) for name, counts in found.facets.items()},
        )

    def _named(self, facet: str, counts: list[FacetCount]) -> list[FacetCount]:
        """The counts of a facet, those of codes that do not tell what they stand for with the name that a report has."""
        field = FILTERS[facet]
        unnamed = {count.value for count in counts if count.label is None and count.value is not None} if field.called else ()
        if not (field.called and unnamed):
            return counts
        names = {value: field.called(getattr(report, field.attribute)) for value, report in self._engine.examples(facet, unnamed).items()}
        return [replace(count, label=names.get(count.value)) if count.value in unnamed else count for count in counts]

    def rank(self, query: str, mode: str = "exact", top: int = 10) -> Ranking:
        """Evaluation alone: how many passages match, and the ids and scores of the best; nothing is fetched or marked."""
        total, ids, scores = self._engine.rank(parse_query(query, read_mode(mode), words.cut), top)
        return Ranking(total, ids, scores)

    def hits(self, wanted: Wanted) -> Iterator[Hit]:
        """Every hit of a request in order, one after another, whatever its page; as many as `total.hits` of `run` says.

        Raises:
            As `run`, at once.
        """
        read = self.read(wanted)
        return _hits(read, self._engine.each(_bounded_plan(read)))

    def years(self, wanted: Wanted) -> list[YearShare]:
        """For each reported year how many reports mention the query, of how many held; filters of years left aside.

        Years come from the first to the last that is held, with 0 held where there is none between; unknown last.

        Raises:
            InvalidQuery: The query is malformed or too long.
            InvalidRequest: A value is impossible, or there is no query.
        """
        read = self.read(wanted)
        if read.query.tree is None:
            raise InvalidRequest(Problem("q", "years-without-query"))
        allowed = [condition for condition in read.conditions if condition.facet != "year"]
        found = self._engine.years(Plan.of(read.request, read.query, allowed))
        known = [year for year in found if year is not None]
        years: list[int | None] = [*range(min(known), max(known) + 1)] if known else []
        return [YearShare(year, *found.get(year, (0, 0))) for year in [*years, *([None] if None in found else [])]]

    def list_reports(self, wanted: Wanted, *, mention: bool | None = None) -> ReportPage:
        """Reports with passages that match, and how many; with `mention` False the reports that the filters pass and that have none.

        Without query and filter it lists all. By relevance the reports with most matching passages come first.

        Raises:
            InvalidQuery: The query is malformed or too long.
            InvalidRequest: A value is impossible, or `mention` stands without a query.
        """
        read = self._read_listing(wanted, mention)
        total, listed = self._engine.list_reports(_plan(read), mention)
        return ReportPage(read.request, read.parsed, listed, total, self.stats)

    def listed(self, wanted: Wanted, *, mention: bool | None = None) -> Iterator[ListedReport]:
        """Every report of `list_reports` in its order, one after another, whatever the request's page; raises as that does, at once."""
        return self._engine.each_listed(_plan(self._read_listing(wanted, mention)), mention)

    def _read_listing(self, wanted: Wanted, mention: bool | None) -> PreparedQuery:
        read = self.read(wanted)
        if mention is not None and read.query.tree is None:
            raise InvalidRequest(Problem("mention", "mention-without-query"))
        return read

    def reports(self, wanted: Wanted) -> Iterator[Report]:
        """Every report of `list_reports` in its order, one after another and without passages, whatever the request's page.

        Raises:
            InvalidQuery: The query is malformed or too long; raised at once.
        """
        return self._engine.reports(_plan(self.read(wanted)))

    def tally(self, wanted: Wanted, fields: Sequence[str]) -> dict[tuple[Value, ...], int]:
        """How many reports with passages that match have each combination of values of these fields; no report is read for it.

        Args:
            wanted: Without query and filter all reports count.
            fields: Names of filters of reports, of which a report has one value each.

        Raises:
            InvalidQuery: The query is malformed or too long.
        """
        return self._engine.tally(_plan(self.read(wanted)), fields)

    def matrix(
        self,
        query: str,
        *,
        sort: MatrixSort | str = MatrixSort.REGION,
        mention: bool | None = None,
        page: int = 1,
        per_page: int = 100,
        **wanted: Any,
    ) -> MatrixPage:
        """Which units mention a query in which year: how many passages match, 0 where a report is held, None where none is.

        Annual reports alone count where no type is wanted. Filters of passages, as `sections`, say what counts as a mention, the
        others which reports are looked at.

        Args:
            query: As in `search`.
            sort: The order of the units: "region", "first" or "most".
            mention: True for the units that mention it alone, False for those that never do.
            page: From 1.
            per_page: Units, at most 100.
            **wanted: Mode and filters as in `search`.

        Raises:
            InvalidQuery: The query is malformed or too long.
            InvalidRequest: A value is impossible, or there is no query.
        """
        request = SearchRequest.of(query, page=page, per_page=per_page, **wanted)
        return self.matrix_page(request, read_choice("sort", sort, MatrixSort), mention)

    def matrix_page(self, wanted: Wanted, sort: MatrixSort = MatrixSort.REGION, mention: bool | None = None) -> MatrixPage:
        """The same for a request."""
        whole, request = self.whole_matrix(wanted, sort, mention), self.read(wanted).request
        skip = (request.page - 1) * request.per_page
        return MatrixPage(request, whole, whole.rows[skip : skip + request.per_page], self.stats)

    def whole_matrix(self, wanted: Wanted, sort: MatrixSort = MatrixSort.REGION, mention: bool | None = None) -> Matrix:
        """The same with all units, whatever the request's page."""
        read = self.read(wanted)
        if read.query.tree is None:
            raise InvalidRequest(Problem("q", "matrix-without-query"))
        annual = [] if read.request.values("type") else [Condition("type", frozenset({ReportType.REPORT.value}))]
        conditions = [*read.conditions, *annual]
        of_reports = [condition for condition in conditions if not condition.field.of_passages]
        held = self._engine.tally(Plan(Query(None, Mode.EXACT), of_reports), _CELL)
        matching = self._engine.tally(Plan(read.query, conditions, same=read.request.same), _CELL, passages=True)
        names = {id: listed.unit for id, listed in self._directory.units.items()}
        years = [condition for condition in of_reports if condition.facet == "year"]
        return matrix(held, matching, names, lambda year: all(one.accepts(year) for one in years), sort, mention)

    def units(
        self,
        query: str = "",
        *,
        regions: Collection[str | None] = (),
        levels: Collection[str | None] = (),
        sort: UnitSort | str = UnitSort.REGION,
        page: int = 1,
        per_page: int = 20,
        expected: bool = False,
    ) -> UnitPage:
        """One page of the units that have reports, each with what is held of it and what is missing, year by year.

        Args:
            query: Words that stand in the unit's names or in those of the places that it lies in.
            regions: Codes or names of places in one of which it lies.
            levels: Of which it is of one.
            sort: The order: "region", "name" or "-reports".
            page: From 1.
            per_page: At most 100.
            expected: Whether each government of the table of places is listed, and its report expected in every year that it was there.

        Raises:
            InvalidQuery: The query is too long.
            InvalidRequest: A value is impossible.
        """
        request = SearchRequest.of(query.strip(), mode=Mode.LITERAL, regions=regions, levels=levels, page=page, per_page=per_page)
        wanted = {condition.facet: condition.values for condition in self.read(request).conditions}
        found = self._directory.find(
            query,
            regions=wanted.get("region", ()),
            levels=wanted.get("level", ()),
            sort=read_choice("sort", sort, UnitSort),
            also=filter(None, map(unit_of_id, self._expected_years)) if expected else (),
        )
        first = (request.page - 1) * request.per_page
        records = self._records(found[first : first + request.per_page], expected=expected)
        return UnitPage(records, len(found), request.page, request.per_page, self.years_covered)

    def unit(self, id: str, *, expected: bool = False) -> UnitRecord:
        """A unit with what is held of it, also a government of the table of places of which nothing is.

        Raises:
            NotFound: No unit has this id.
        """
        listed = self._directory.unit(id)
        if listed is None:
            raise NotFound(id)
        return self._records([listed], expected=expected)[0]

    def named_units(self, ids: Collection[str]) -> dict[str, Unit]:
        """The units with these ids that have reports or that a table tells, by their ids."""
        known = {id: unit for id in ids if (unit := unit_of_id(id)) is not None}
        unnamed = [id for id in ids if id not in known]
        held = self._engine.examples("unit", unnamed) if unnamed else {}
        return known | {str(id): report.unit for id, report in held.items() if report.unit is not None}

    @property
    def years_covered(self) -> range:
        """From the first year of which an annual report is held to the last that is due or held."""
        return years_covered(self._held_years, date.today())

    @cached_property
    def _held_years(self) -> list[int]:
        annual = Plan(Query(None, Mode.EXACT), [Condition("type", frozenset({ReportType.REPORT.value}))])
        return [year for (year,) in self._engine.tally(annual, ("year",)) if isinstance(year, int)]

    @property
    def _expected_years(self) -> dict[str, frozenset[int]]:
        """By the code of each government of the table of places: in which of the years covered it was there."""
        return expected_years(self.years_covered, governments)

    @cached_property
    def _directory(self) -> Directory:
        counts = self._engine.tally(Plan(Query(None, Mode.EXACT), []), ("unit", "issuer"))
        return Directory(counts, self.named_units({str(id) for id, _ in counts if id is not None}))

    def _records(self, listed: Sequence[ListedUnit], *, expected: bool) -> list[UnitRecord]:
        """These units with their reports."""
        ids = frozenset(one.unit.id for one in listed if one.reports)
        of_each: dict[str, list[Report]] = {one.unit.id: [] for one in listed}
        if ids:
            for report in self._engine.reports(Plan(Query(None, Mode.EXACT), [Condition("unit", ids)], sort=Sort.NEWEST)):
                of_each[report.unit.id if report.unit else ""].append(report)
        table = self._expected_years if expected else {}
        return [
            self._directory.record(
                one, of_each[one.unit.id], self.years_covered, date.today(), expected=table.get(one.unit.id, frozenset())
            )
            for one in listed
        ]

    def holdings(self, today: date, *, expected_by_table: bool = False) -> Holdings:
        """Of which years each unit's report is held, due and missing; no report is read for it.

        Args:
            today: The day as of which something is due.
            expected_by_table: Whether reports are expected of every province, city and county that the table of places has in a year.
        """
        return holdings(self.tally(SearchRequest(), TALLIED), today, governments if expected_by_table else None)

    def doubts(self, wanted: Wanted) -> DoubtPage:
        """What somebody should look at: the remarks of each code on each report that the filters pass; the query does not count.

        Raises:
            InvalidRequest: A value is impossible.
        """
        page = doubt_page(self._engine, self.read(wanted))
        return replace(page, facets={name: self._named(name, counts) for name, counts in page.facets.items()})

    def each_doubt(self, wanted: Wanted) -> Iterator[Doubt]:
        """Every doubt of `doubts` in its order, one after another, whatever the request's page; raises at once as that does."""
        return each_doubt(self._engine, self.read(wanted))

    def report(self, id: str) -> Report:
        """A whole report.

        Raises:
            NotFound: No report has this id.
        """
        return self._engine.report(id)

    def passage(self, id: str) -> tuple[Report, Passage]:
        """A passage by its id, "<report>~<anchor>", with its whole report.

        Raises:
            NotFound: No passage has this id.
        """
        return _passage_in(self.report(report_and_anchor(id)[0]), id)

    def compare(self, left: str, right: str) -> Comparison:
        """The paragraphs of two reports (their ids) aligned, with what differs; the earlier one belongs on the left.

        Raises:
            NotFound: No report has one of these ids.
            InvalidRequest: One of the reports has more than 200,000 code points.
        """
        return compare(self.report(left), self.report(right))

    def _united(self, facet: str, counts: list[FacetCount], plan: Plan) -> list[FacetCount]:
        """The counts of a facet, of instruments those once that are counted under a name and under its number alone."""
        names = self._instruments.names if facet == "instrument" else {}
        if not any(count.value in names for count in counts):
            return counts
        others = [condition for condition in plan.conditions if condition.facet != "instrument"]
        spread = self._engine.spread(replace(plan, conditions=others), "instrument", names)
        united: dict[Value, int] = {value: own.passages for value, own in spread.items()}
        united[None] = sum(count.count for count in counts if count.value is None)
        return sorted_counts("instrument", united)

    @cached_property
    def _instruments(self) -> Instruments:
        return Instruments(self._engine)

    def instruments(self, q: str = "", **wanted: Any) -> InstrumentPage:
        """One page of the rules and documents that reports name; the keyword arguments are as in `search`.

        Args:
            q: What the name, the number or another spelling holds; all where it is empty. No query: it is compared as it stands.
            **wanted: Filters, whose passages alone count, and the page.

        Raises:
            InvalidRequest: A value is impossible.
        """
        return self.list_instruments(SearchRequest.of(q, **wanted))

    def list_instruments(self, request: SearchRequest) -> InstrumentPage:
        """The same for a request, whose query is `q`."""
        listed = self._listed_instruments(request)
        skip = (request.page - 1) * request.per_page
        page = self._instruments.with_slips(listed[skip : skip + request.per_page])
        return InstrumentPage(request, page, len(listed), self.stats)

    def all_instruments(self, request: SearchRequest) -> list[Instrument]:
        """All that `list_instruments` lists; raises as that does."""
        return self._instruments.with_slips(self._listed_instruments(request))

    def _listed_instruments(self, request: SearchRequest) -> list[Instrument]:
        if len(request.query) > MAX_LENGTH:
            raise InvalidRequest(Problem("q", "too-long", length=len(request.query), most=MAX_LENGTH))
        read = self.read(replace(request, query=""), has_filter=True)
        return self._instruments.listed(_plan(read), request.query)

    def indicators(self, **wanted: Any) -> list[IndicatorCount]:
        """Every reviewed indicator, and who gives it among the passages that filters pass; raises as `search` does."""
        return self.list_indicators(SearchRequest.of(**wanted))

    def list_indicators(self, wanted: Wanted) -> list[IndicatorCount]:
        """The same for a request."""
        return indicator_counts(self._engine, _plan(self.read(wanted, has_filter=True)))

    def statistics(self, indicator: str | None = None, label: str | None = None, **wanted: Any) -> StatisticPage:
        """One page of figures, newest years first; the keyword arguments are as in `search`.

        Args:
            indicator: The name of a reviewed indicator; `indicators` takes several.
            label: What is counted, as `Statistic.label` has it, compared under `fold`.
            **wanted: Filters and the page.

        Raises:
            InvalidRequest: A value is impossible, there is neither indicator nor label nor filter, or more than 20,000 passages are
                to be read.
        """
        named = {"indicators": (indicator,)} if indicator else {}
        return self.list_statistics(SearchRequest.of(**{**named, **wanted}), label)

    def series(self, indicator: str | None = None, label: str | None = None, **wanted: Any) -> list[Series]:
        """All figures that `statistics` finds, unit by unit and year by year; raises as that does."""
        named = {"indicators": (indicator,)} if indicator else {}
        return series_of(self.all_statistics(SearchRequest.of(**{**named, **wanted}), label))

    def list_statistics(self, wanted: Wanted, label: str | None = None) -> StatisticPage:
        """The same for a request; a query in it is one that the passages match."""
        found, request = self.all_statistics(wanted, label), self.read(wanted, has_filter=True).request
        skip = (request.page - 1) * request.per_page
        return StatisticPage(request, label, list(found[skip : skip + request.per_page]), len(found), self.stats)

    def all_statistics(self, wanted: Wanted, label: str | None = None) -> Sequence[StatedFigure]:
        """All that `list_statistics` lists; raises as that does."""
        read = self.read(wanted, has_filter=True)
        if label and len(label) > MAX_LENGTH:
            raise InvalidRequest(Problem("label", "too-long", length=len(label), most=MAX_LENGTH))
        if not label and read.query.tree is None and not read.request.has_filter:
            raise InvalidRequest(Problem("indicator", "nothing-asked"))
        plan = _plan(read)
        key = (repr((plan.query, plan.conditions, plan.sort, plan.same)), label or "")
        if (found := self._stated.get(key)) is None:
            found = tuple(stated(self._engine, plan, read.request.values("indicator"), label))
            self._stated.put(key, found, STATED * len(found))
        return found

    def promises(self, report: str) -> Promises:
        """Each item of a report's plans with the sentences of its unit's report about the next year that take it up.

        Raises:
            NotFound: No report has this id.
        """
        held = self.report(report)
        return promises(held, self._next(held))

    def _next(self, report: Report) -> Report | None:
        """The annual report of the same unit about the year after."""
        if report.unit is None or report.year is None:
            return None
        wanted = SearchRequest.of(units=[report.unit.id], years=[report.year + 1], types=[ReportType.REPORT], per_page=1)
        listed = self.list_reports(wanted).reports
        return self.report(listed[0].report.id) if listed else None

    def verify(self, text: str) -> Verification:
        """Whether the quotations of a text are real: the verdict on each, and where it stands; see `indexer.quotations.verify`.

        Raises:
            InvalidRequest: The text has nothing to look for, or more than 20,000 code points.
        """
        if len(text) > LONGEST_VERIFIED:
            raise InvalidRequest(Problem("text", "text-too-long", length=len(text), most=LONGEST_VERIFIED))
        if not (found := verify(text, self._engine)).pieces:
            raise InvalidRequest(Problem("text", "parameter-needed", name="text"))
        return found

    def explain(self, wanted: Wanted) -> Explanation:
        """Why a result is empty: what each typed text gives alone, which filter stands in the way, what was perhaps meant.

        Raises:
            InvalidQuery: The query is malformed or too long.
        """
        read = self.read(wanted)
        filters = read.conditions

        def counts_of(text: str) -> Counts:
            return self._engine.counts(Query(Term(text), Mode.LITERAL), [[]])[0]

        alone = [(text, counts_of(text)) for text in read.query.scored]
        less = [[other for other in filters if other is not out] for out in filters]
        return Explanation(
            alone=alone,
            without=list(zip((out.facet for out in filters), self._engine.counts(read.query, less), strict=True)) if filters else [],
            held=self._engine.counts(Query(None, Mode.EXACT), [[one for one in filters if not one.field.of_passages]])[0].reports,
            nearest=list(self._nearest([text for text, counts in alone if not counts.paragraphs])),
            words=self._holding_words(read) if read.request.mode is Mode.EXACT else 0,
        )

    def _nearest(self, missing: list[str]) -> Iterator[tuple[str, str, int]]:
        """The nearest spelling of each of these texts that has one, as long as not too many passages are to be read."""
        left = SPELLING_LIMIT

        def count_holding(text: str) -> int:
            return self._engine.counts(Query(Term(text), Mode.LITERAL), [[]])[0].paragraphs

        def texts_holding(alternatives: Sequence[Sequence[str]]) -> JoinedTexts | None:
            nonlocal left
            if (texts := self._engine.texts_holding(alternatives, left)) is not None:
                left -= texts.count
            return texts

        for text in missing:
            if (found := nearest_spelling(text, count_holding, texts_holding)) is not None:
                yield text, *found

    def _holding_words(self, read: PreparedQuery) -> int:
        try:
            sentence = self.read(replace(read.request, mode=Mode.ANY))
        except InvalidQuery:
            return 0  # it has no words, or too many
        return self._engine.counts(sentence.query, [read.conditions])[0].paragraphs

    def synonyms(self, wanted: Wanted) -> list[tuple[str, list[str]]]:
        """Each typed term (folded) that is also written otherwise, with those writings; raises as `search` does.

        No more of them than can be looked for together: the query that `widened` gives for all of them can be read.
        """
        read = self.read(wanted)
        writings = [(text, other) for text, others in offered(read.query, synonyms()) for other in others]
        while writings and not self._can_be_read(self.widened(read, [other for _, other in writings]), read):
            writings.pop()
        by_term: dict[str, list[str]] = {}
        for text, other in writings:
            by_term.setdefault(text, []).append(other)
        return list(by_term.items())

    def _can_be_read(self, query: str, read: PreparedQuery) -> bool:
        try:
            parse_query(query, Mode.EXACT, words.cut, has_filter=read.request.has_filter)
        except InvalidQuery:
            return False
        return True

    def widened(self, wanted: Wanted, also: Collection[str]) -> str:
        """The query that looks for some of those writings as well; raises as `search` does."""
        return print_query(widened(self.read(wanted).query, {fold(text) for text in also}, synonyms()))

    def understood(self, wanted: Wanted) -> list[Understood]:
        """The request that a query's text stands for perhaps, in exact mode: one for all that it names, none where it names nothing.

        Raises:
            As `search` does.
        """
        read = self.read(wanted)
        if read.request.mode is not Mode.EXACT or (found := offer(read.request.query, self._names, words.cut)) is None:
            return []
        years = {"year_from": None, "year_to": None} if "year" in found.values else {}
        filters = {FILTERS[name].plural: [value] for name, value in found.values.items()}
        meant = read.request.changed(query=found.rest, page=1, **filters, **years)
        counts = self._engine.counts(self.read(meant).query, [self.read(meant).conditions])
        labels = {name: label(str(value)) for name, value in found.values.items() if (label := FILTERS[name].label)}
        if (unit := found.values.get("unit")) is not None:
            labels["unit"] = self.named_units([str(unit)])[str(unit)].name
        return [Understood(found.text, found.values, {name: text for name, text in labels.items() if text}, meant, counts[0].paragraphs)]

    @cached_property
    def _names(self) -> Names:
        """What a query's text can name: what this state of the index holds."""

        def held(name: str) -> set[str]:
            return {str(value) for (value,) in self._engine.tally(everything, (name,)) if value is not None}

        def regions() -> set[str]:
            return {above for code in held("region") if (place := region_of_code(code)) for above in place.codes}

        def units() -> dict[str, set[str]]:
            found: dict[str, set[str]] = {}
            for id, issuer in self._engine.tally(everything, ("unit", "issuer")):
                if id is not None:
                    found.setdefault(fold(str(issuer or "")), set()).add(str(id))
            return found

        everything = Plan(Query(None, Mode.EXACT), [])
        return Names(self.stats.years, regions, lambda: held("level"), units)

    def suggest(self, typed: str, limit: int = 8) -> list[tuple[str, int]]:
        """How the last word typed may go on: words and headings of the corpus, each with the passages that hold it, most first.

        What stands before the last word stays, so each answer is a whole query.
        """
        # Nothing is done with a text that is too long to be a query, however long it is.
        if len(typed) > MAX_LENGTH:
            return []
        start = max((space.end() for space in re.finditer(r"\s", typed)), default=0)
        before, prefix = typed[:start], fold(typed[start:])
        if not prefix:
            return []
        return [(before + text, count) for text, count in self._engine.suggest(prefix, limit)]

    def concordance(self, wanted: Wanted, context: Context = Context.NONE) -> Concordance:
        """Each occurrence on a line of its own, with up to 20 code points on either side; pages count lines.

        Raises:
            InvalidQuery: The query is malformed or too long.
            InvalidRequest: A value is impossible, there is no query, or more than 20,000 passages match.
        """
        found = self._occurrences(wanted)
        request = found.read.request
        first = (request.page - 1) * request.per_page
        lines = found.lines(found.order(context, first, first + request.per_page))
        return Concordance(request, found.read.parsed, context, lines, found.total, self.stats)

    def lines(self, wanted: Wanted, context: Context = Context.NONE) -> Iterator[ConcordanceLine]:
        """Every line of `concordance` in its order, one after another, whatever the request's page; raises as that does, at once."""
        found = self._occurrences(wanted)
        order = found.order(context, 0, found.total)
        return (line for first in range(0, found.total, LINES_TOGETHER) for line in found.lines(order[first : first + LINES_TOGETHER]))

    def _occurrences(self, wanted: Wanted) -> _Occurrences:
        read = self.read(wanted)
        if not read.query.scored:
            raise InvalidRequest(Problem("q", "concordance-without-query"))
        texts = self._engine.texts(_plan(read))
        if texts is None:
            raise InvalidRequest(Problem("q", "too-many-passages", most=OCCURRENCES_LIMIT))
        return _Occurrences(read, texts, *texts.joined.occurrences(read.query.terms, read.query.nears))

    def matches(self, wanted: Wanted, passages: Iterable[Passage]) -> dict[str, list[Span]]:
        """What a query marks in passages: half-open spans in code points of each text, by anchor; passages without any left out.

        Raises:
            InvalidQuery: The query is malformed or too long.
        """
        # The filters that stood beside it need not be known to mark it.
        read = self.read(wanted, has_filter=True)
        if not read.query.scored:
            return {}
        marked = {passage.anchor: read.matches(passage.text) for passage in passages}
        return {anchor: spans for anchor, spans in marked.items() if spans}


@dataclass(frozen=True, slots=True)
class _Occurrences:
    """Every occurrence of a query, in the order of the passages and of their texts."""

    read: PreparedQuery
    texts: FoundTexts
    starts: Numbers
    ends: Numbers

    @property
    def total(self) -> int:
        return len(self.starts)

    def order(self, context: Context, first: int, last: int) -> Numbers:
        """Which occurrences stand from index `first` to `last` of the concordance."""
        if context is Context.NONE:
            return np.arange(self.total)[first:last]
        spans = (self.starts, self.ends)
        return self.texts.joined.sorted_by_context(spans, CONTEXT_WIDTH, first, last, leftwards=context is Context.LEFT)

    def lines(self, chosen: Numbers) -> list[ConcordanceLine]:
        """These occurrences with what stands around them."""
        joined = self.texts.joined
        owners = joined.text_of(self.starts[chosen])
        # How many occurrences of its own text stand before each.
        at = chosen - joined.text_of(self.starts).searchsorted(owners)
        shown = np.unique(owners).tolist()
        found = dict(zip(shown, self.texts.passages(shown), strict=True))
        spans = {owner: self.read.matches(one.passage.text, one.folded) for owner, one in found.items()}
        return [_line(spans[owner][number], found[owner]) for owner, number in zip(owners.tolist(), at.tolist(), strict=True)]


def _plan(read: PreparedQuery) -> Plan:
    return Plan.of(read.request, read.query, read.conditions)


def _bounded_plan(read: PreparedQuery) -> Plan:
    """The plan of a request that must have a query or a filter."""
    if read.query.tree is None and not read.request.has_filter:
        raise InvalidRequest(Problem("q", "nothing-asked"))
    return _plan(read)


def _passage_in(report: Report, id: str) -> tuple[Report, Passage]:
    _, anchor = report_and_anchor(id)
    for passage in report.passages:
        if passage.anchor == anchor:
            return report, passage
    raise NotFound(id)


def _line(span: Span, found: FoundPassage) -> ConcordanceLine:
    (start, end), passage = span, found.passage
    id, text = passage_id(found.report.id, passage.anchor), passage.text
    before, after = text[max(0, start - CONTEXT_WIDTH) : start], text[end : end + CONTEXT_WIDTH]
    return ConcordanceLine(id, passage.anchor, found.report, before, text[start:end], after, passage.page, passage.ocr)


def _hits(read: PreparedQuery, passages: Iterable[FoundPassage]) -> Iterator[Hit]:
    for found in passages:
        passage = found.passage
        matches = read.matches(passage.text, found.folded)
        yield Hit(
            id=passage_id(found.report.id, passage.anchor),
            passage=passage,
            score=found.score,
            report=found.report,
            item=item_at(passage.items, matches[0][0]) if matches else None,
            matches=matches,
            snippet=snippet(passage.text, matches, passage.items),
            same=found.same,
        )
