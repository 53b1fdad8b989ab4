"""The open index: a request in, a page of marked hits out. Query, engine and highlight meet here and nowhere else.

`Index` is the door; what is more than a call or two behind it stands in the modules beside: `offers`, `units`, `across`, `facts`
and `occurrences`, each over one engine.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from types import TracebackType
from typing import Any

from indexer.analysis import words
from indexer.around import Around, around, tells_little
from indexer.batch import MOST_TERMS, Batch, BatchBy, numbered
from indexer.comparison import Comparison, compare
from indexer.declared import Value
from indexer.directory import UnitPage, UnitRecord, UnitSort
from indexer.doubts import doubt_page, each_doubt
from indexer.drafts import Background, Finding, check
from indexer.engines.boundary import Engine, Plan
from indexer.errors import InvalidQuery, InvalidRequest, NotFound
from indexer.fields import FILTERS
from indexer.holdings import TALLIED, Holdings, holdings
from indexer.matching import Span
from indexer.matrix import Matrix, MatrixPage, MatrixSort
from indexer.model import Passage, Report, ReportType, report_and_anchor
from indexer.places import governments
from indexer.prepared import PreparedQuery, Wanted, prepare
from indexer.problems import Problem
from indexer.promises import Promises, promises
from indexer.query import MAX_LENGTH, parse_query
from indexer.quotations import Verification, verify
from indexer.request import (
    Concordance,
    ConcordanceLine,
    Context,
    Doubt,
    DoubtPage,
    Explanation,
    FacetCount,
    Hit,
    IndexStats,
    ListedReport,
    Mode,
    OtherWriting,
    Ranking,
    ReportPage,
    ResultPage,
    SearchRequest,
    Understood,
    YearShare,
    read_choice,
    read_mode,
)
from indexer.search.across import batch, whole_matrix, year_shares
from indexer.search.beside_drafts import BesideDrafts
from indexer.search.copies import CommonSentence, CommonSentencePage, ReportNovelty, common_sentences, hits_of, novelty_of
from indexer.search.facts import HeldFacts
from indexer.search.news import changed_reports, latest_reports, newest_passages
from indexer.search.occurrences import Occurrences
from indexer.search.offers import Offers
from indexer.search.plans import bounded_plan, plan_of
from indexer.search.units import HeldUnits
from indexer.search.wordlists import Words
from indexer.similar import LONGEST as LONGEST_COMPARED
from indexer.similar import SimilarPassage, similar
from indexer.stated import (
    IndicatorCount,
    Instrument,
    InstrumentPage,
    Overview,
    Series,
    StatedFigure,
    StatisticPage,
    indicator_counts,
    series_of,
)
from indexer.units import Unit
from indexer.versions import ReportVersion, version_id, versions_of
from indexer.wordlists import CharacteristicWord, Neighbour, WordPage, WordSide, WordsOf, WordSort

LONGEST_VERIFIED = 20_000
"""Code points of a text whose quotations are looked for."""


class Index:
    """One published state of an index; safe to share between threads. Use it as a context manager or call `close`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._units = HeldUnits(engine)
        self._facts = HeldFacts(engine)
        self._offers = Offers(engine, self.read, self._units)

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
            read = replace(read, alike={"instrument": self._facts.alike})
        return read

    def run(self, wanted: Wanted) -> ResultPage:
        """One page of hits for a request; raises as `search` does."""
        read = self.read(wanted)
        plan = bounded_plan(read)
        found = self._engine.search(plan)
        return ResultPage(
            request=read.request,
            parsed=read.parsed,
            total=found.total,
            hits=list(hits_of(self._engine, read, found.passages)),
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

    def _united(self, facet: str, counts: list[FacetCount], plan: Plan) -> list[FacetCount]:
        return self._facts.united(counts, plan) if facet == "instrument" else counts

    def facets(self, wanted: Wanted, names: Sequence[str]) -> dict[str, list[FacetCount]]:
        """How many passages with each value of these fields match, each field's own filter left aside; without query and filter all count.

        Raises:
            InvalidQuery: The query is malformed or too long.
            InvalidRequest: A value is impossible.
        """
        read = self.read(wanted)
        plan = plan_of(replace(read, request=replace(read.request, facets=tuple(names), page=1, per_page=1, collapse=False)))
        found = self._engine.search(replace(plan, counts_occurrences=False))
        return {name: self._named(name, self._united(name, counts, plan)) for name, counts in found.facets.items()}

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
        return hits_of(self._engine, read, self._engine.each(bounded_plan(read)))

    def years(self, wanted: Wanted) -> list[YearShare]:
        """For each reported year how many reports mention the query, of how many held; filters of years left aside.

        Years come from the first to the last that is held, with 0 held where there is none between; unknown last.

        Raises:
            InvalidQuery: The query is malformed or too long.
            InvalidRequest: A value is impossible, or there is no query.
        """
        return year_shares(self._engine, self.read(wanted))

    def list_reports(self, wanted: Wanted, *, mention: bool | None = None) -> ReportPage:
        """Reports with passages that match, and how many; with `mention` False the reports that the filters pass and that have none.

        Without query and filter it lists all. By relevance the reports with most matching passages come first.

        Raises:
            InvalidQuery: The query is malformed or too long.
            InvalidRequest: A value is impossible, or `mention` stands without a query.
        """
        read = self._read_listing(wanted, mention)
        total, listed = self._engine.list_reports(plan_of(read), mention)
        return ReportPage(read.request, read.parsed, listed, total, self.stats)

    def listed(self, wanted: Wanted, *, mention: bool | None = None) -> Iterator[ListedReport]:
        """Every report of `list_reports` in its order, one after another, whatever the request's page; raises as that does, at once."""
        return self._engine.each_listed(plan_of(self._read_listing(wanted, mention)), mention)

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
        return self._engine.reports(plan_of(self.read(wanted)))

    def tally(self, wanted: Wanted, fields: Sequence[str]) -> dict[tuple[Value, ...], int]:
        """How many reports with passages that match have each combination of values of these fields; no report is read for it.

        Args:
            wanted: Without query and filter all reports count.
            fields: Names of filters of reports; of several values of a report the most exact one counts.

        Raises:
            InvalidQuery: The query is malformed or too long.
        """
        return self._engine.tally(plan_of(self.read(wanted)), fields)

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
        return MatrixPage(request, whole, tuple(request.page_of(whole.rows)), self.stats)

    def whole_matrix(self, wanted: Wanted, sort: MatrixSort = MatrixSort.REGION, mention: bool | None = None) -> Matrix:
        """The same with all units, whatever the request's page."""
        return whole_matrix(self._engine, self.read(wanted), self._units.by_id, sort, mention)

    def words(
        self,
        query: str = "",
        *,
        of: WordsOf | str | None = None,
        sort: WordSort | str = WordSort.LIKELIHOOD,
        side: WordSide | str = WordSide.MORE,
        page: int = 1,
        per_page: int = 50,
        **wanted: Any,
    ) -> WordPage:
        """Which words distinguish the passages that match from all others, or which stand near the query's occurrences.

        Methods and formulas: `indexer.wordlists`. Words are those that the index was cut into, the shorter ones inside long ones too.

        Args:
            query: As in `search`; it may be empty where a filter says what the subset is.
            of: "subset", or "neighbours": words with at most 10 code points between them and an occurrence; by default these where
                something is looked for.
            sort: Words of a subset by log-"likelihood" or by log-"ratio".
            side: Words of a subset that are "more" frequent in it, or "less".
            page: From 1.
            per_page: Words, at most 100.
            **wanted: Mode and filters as in `search`.

        Raises:
            InvalidQuery: The query is malformed or too long.
            InvalidRequest: A value is impossible, there is neither query nor filter, neighbours are wanted of no query or of one that
                more than 20,000 passages match.
        """
        request = SearchRequest.of(query, page=page, per_page=per_page, **wanted)
        kind = None if of is None else read_choice("of", of, WordsOf)
        return self.word_page(request, kind, read_choice("sort", sort, WordSort), read_choice("side", side, WordSide))

    def word_page(
        self, wanted: Wanted, of: WordsOf | None = None, sort: WordSort = WordSort.LIKELIHOOD, side: WordSide = WordSide.MORE
    ) -> WordPage:
        """The same for a request."""
        read = self.read(wanted)
        found = Words(self._engine, read, of, sort, side)
        return WordPage(read.request, found.list, found.some(read.request.page_of(found.list.words)), self.stats)

    def all_words(
        self, wanted: Wanted, of: WordsOf | None = None, sort: WordSort = WordSort.LIKELIHOOD, side: WordSide = WordSide.MORE
    ) -> tuple[CharacteristicWord | Neighbour, ...]:
        """All words of `word_page`, whatever the request's page; raises as that does."""
        found = Words(self._engine, self.read(wanted), of, sort, side)
        return found.some(found.list.words)

    def batch(self, terms: Iterable[str], *, by: BatchBy | str = BatchBy.YEAR, **wanted: Any) -> Batch:
        """How many reports of each year or place mention each of many terms, and how many are held.

        Reports of every type count where none is wanted, as in `years`.

        Args:
            terms: At most 200, each read as a query in exact mode; blank ones count for nothing but the numbers of lines in errors.
            by: "year" or "region": provinces, or the places right below those that are wanted.
            **wanted: Filters as in `search`.

        Raises:
            InvalidRequest: A value is impossible, there are too many terms or none, or one is malformed: a problem names its line.
        """
        return self.batch_of(terms, read_choice("by", by, BatchBy), SearchRequest.of(**wanted))

    def batch_of(self, terms: Iterable[str], by: BatchBy, filters: SearchRequest) -> Batch:
        """The same with the filters of a request."""
        lines = numbered(terms)
        if not lines:
            raise InvalidRequest(Problem("terms", "parameter-needed", name="terms"))
        if len(lines) > MOST_TERMS:
            raise InvalidRequest(Problem("terms", "too-many-lines", count=len(lines), most=MOST_TERMS))
        read, problems = [], []
        for number, term in lines:
            try:
                read.append(self.read(filters.changed(query=term, mode=Mode.EXACT)))
            except InvalidQuery as error:
                problems.append(Problem("terms", "wrong-line", line=number, reason=error.reason))
        if problems:
            raise InvalidRequest(*problems)
        return batch(self._engine, read, by)

    def newest(self, wanted: Wanted, most: int = 100) -> list[Hit]:
        """Hits of the reports that the index held last, these first; no more than `most`.

        Raises:
            InvalidQuery: The query is malformed or too long.
            InvalidRequest: A value is impossible, or there is neither query nor filter.
        """
        read = self.read(wanted)
        return list(hits_of(self._engine, read, newest_passages(self._engine, bounded_plan(read), most)))

    def latest(self, wanted: Wanted, most: int = 100) -> list[Report]:
        """The reports that changed last, new ones among them, these first; without passages and no more than `most`.

        Raises:
            As `list_reports`.
        """
        return latest_reports(self._engine, plan_of(self.read(wanted)), most)

    def changed(self, wanted: Wanted, counts: Callable[[str], bool]) -> Iterator[Report]:
        """Whole reports that changed last at a time that counts (see `indexer.versions`), in the order of these times.

        Raises:
            As `list_reports`, at once.
        """
        return changed_reports(self._engine, plan_of(self.read(wanted)), counts)

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
        order = read_choice("sort", sort, UnitSort)
        records, total = self._units.find(query, request, self.read(request).conditions, order, expected=expected)
        return UnitPage(records, total, request.page, request.per_page, self.years_covered)

    def unit(self, id: str, *, expected: bool = False) -> UnitRecord:
        """A unit with what is held of it, also a government of the table of places of which nothing is.

        Raises:
            NotFound: No unit has this id.
        """
        return self._units.record(id, expected=expected)

    def named_units(self, ids: Collection[str]) -> dict[str, Unit]:
        """The units with these ids that have reports or that a table tells, by their ids."""
        return self._units.named(ids)

    @property
    def years_covered(self) -> range:
        """From the first year of which an annual report is held to the last that is due or held."""
        return self._units.years_covered

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
        """A whole report; "<id>@<digits>" is the version of it whose SHA-256 begins so, see `versions`.

        Raises:
            NotFound: No report has this id, nor was there such a version.
        """
        try:
            return self._engine.report(id)
        except NotFound:
            own, _, digits = id.partition("@")
            if digits:
                for version in self.versions(own):
                    if id in (version.report.id, version_id(version.report)):
                        return version.report
            raise

    def versions(self, report: str | Report) -> tuple[ReportVersion, ...]:
        """All versions of a report that are or were held, the newest first.

        `reindex` keeps what it held of a file that was replaced by one with another text. Search and all counts know the live one alone.

        Args:
            report: Its id, or one of its versions or that one's id.
        """
        own = (report if isinstance(report, str) else report.id).partition("@")[0]
        live = report if isinstance(report, Report) and report.id == own else None
        with suppress(NotFound):
            live = live or self._engine.report(own)
        return versions_of(live, self._engine.earlier(own))

    def passage(self, id: str) -> tuple[Report, Passage]:
        """A passage by its id, "<report>~<anchor>", with its whole report; of an earlier version where the newest has none of this id.

        Raises:
            NotFound: No passage has this id, nor had one.
        """
        report, _ = report_and_anchor(id)
        try:
            return _passage_in(self.report(report), id)
        except NotFound:
            for version in self.versions(report):
                with suppress(NotFound):
                    return _passage_in(version.report, id)
            raise

    def compare(self, left: str, right: str) -> Comparison:
        """The paragraphs of two reports (their ids) aligned, with what differs; the earlier one belongs on the left.

        Raises:
            NotFound: No report has one of these ids.
            InvalidRequest: One of the reports has more than 200,000 code points.
        """
        return compare(self.report(left), self.report(right))

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
        return InstrumentPage(request, self._facts.with_slips(request.page_of(listed)), len(listed), self.stats)

    def all_instruments(self, request: SearchRequest) -> list[Instrument]:
        """All that `list_instruments` lists; raises as that does."""
        return self._facts.with_slips(self._listed_instruments(request))

    def _listed_instruments(self, request: SearchRequest) -> list[Instrument]:
        if len(request.query) > MAX_LENGTH:
            raise InvalidRequest(Problem("q", "too-long", length=len(request.query), most=MAX_LENGTH))
        return self._facts.instruments(self.read(replace(request, query=""), has_filter=True), request.query)

    def indicators(self, **wanted: Any) -> list[IndicatorCount]:
        """Every reviewed indicator, and who gives it among the passages that filters pass; raises as `search` does."""
        return self.list_indicators(SearchRequest.of(**wanted))

    def list_indicators(self, wanted: Wanted) -> list[IndicatorCount]:
        """The same for a request."""
        return indicator_counts(self._engine, plan_of(self.read(wanted, has_filter=True)))

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
        return StatisticPage(request, label, list(request.page_of(found)), len(found), self.stats)

    def all_statistics(self, wanted: Wanted, label: str | None = None) -> Sequence[StatedFigure]:
        """All that `list_statistics` lists; raises as that does."""
        return self._facts.figures(self.read(wanted, has_filter=True), label)

    def overview(self, wanted: Wanted) -> Overview:
        """The values of a request's indicators over units and years without their sentences; however many there are, no text is read.

        Raises:
            InvalidQuery: The query is malformed or too long.
        """
        return self._facts.overview(self.read(wanted, has_filter=True))

    def similar(self, text: str = "", *, passage: str | None = None, **wanted: Any) -> list[SimilarPassage]:
        """The paragraphs most like a text or a passage, the most alike first; no more than 30, of the best by the ranking of sentences.

        Args:
            text: At most 2,000 code points.
            passage: The id of a passage in place of a text; paragraphs of its unit are left out.
            **wanted: Filters as in `search`.

        Raises:
            NotFound: No passage has this id.
            InvalidRequest: A value is impossible, the text is too long or holds nothing to compare, or there is neither, or both.
        """
        return self.similar_to(text, passage, SearchRequest.of(**wanted))

    def similar_to(self, text: str, passage: str | None, filters: SearchRequest) -> list[SimilarPassage]:
        """The same with the filters of a request."""
        if passage is not None and not text:
            report, held = self.passage(passage)
            return similar(held.text, self._engine, self.read(filters).conditions, report)
        if passage is not None:
            raise InvalidRequest(Problem("passage", "text-and-passage"))
        if not text.strip():
            raise InvalidRequest(Problem("text", "parameter-needed", name="text"))
        if len(text) > LONGEST_COMPARED:
            raise InvalidRequest(Problem("text", "text-too-long", length=len(text), most=LONGEST_COMPARED))
        return similar(text, self._engine, self.read(filters).conditions)

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
        return self._annual(report.unit.id, report.year + 1)

    def _annual(self, unit: str, year: int) -> Report | None:
        """The annual report of a unit about a year, whole."""
        wanted = SearchRequest.of(units=[unit], years=[year], types=[ReportType.REPORT], per_page=1)
        listed = self.list_reports(wanted).reports
        return self.report(listed[0].report.id) if listed else None

    def check(self, report: Report, unit: str | None = None, year: int | None = None, *, without: Collection[str] = ()) -> list[Finding]:
        """What somebody should look at in a draft before it is published, the most serious first; nothing of it is stored.

        Args:
            report: The draft, whole.
            unit: The id of the unit whose report it is; None: whom it names.
            year: The year that it is about; None: the one that it says.
            without: Codes of `indexer.drafts.KINDS` that are not wanted.

        Raises:
            NotFound: No unit has this id.
        """
        return check(report, self.background(report, unit, year), without)

    def background(self, report: Report, unit: str | None = None, year: int | None = None) -> Background:
        """What this index knows beside a draft; raises as `check` does."""
        said = Background.of(report, self.unit(unit).unit if unit else None, year)
        previous = self._annual(said.unit.id, said.year - 1) if said.unit and said.year else None
        names = self._units.names_of(said.unit.id) if said.unit else ()
        others = BesideDrafts(self._engine, said.unit.id if said.unit else None)
        return replace(
            said,
            names=names,
            previous=previous,
            slip_of=self._facts.slip_of,
            later_edition_of=self._facts.later_edition_of,
            ended_in=others.ended_in,
            copy_of=others.copy_of,
        )

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
        return self._offers.explanation(self.read(wanted))

    def synonyms(self, wanted: Wanted) -> list[tuple[str, list[OtherWriting]]]:
        """Each typed term (folded) that is also written otherwise, with those writings; raises as `search` does.

        No more of them than can be looked for together: the query that `widened` gives for all of them can be read.
        """
        return self._offers.synonyms(self.read(wanted))

    def widened(self, wanted: Wanted, also: Collection[str]) -> str:
        """The query that looks for some of those writings as well; raises as `search` does."""
        return self._offers.widened(self.read(wanted), also)

    def understood(self, wanted: Wanted) -> list[Understood]:
        """The request that a query's text stands for perhaps, in exact mode: one for all that it names, none where it names nothing.

        Raises:
            As `search` does.
        """
        return self._offers.understood(self.read(wanted))

    def suggest(self, typed: str, limit: int = 8) -> list[tuple[str, int]]:
        """How the last word typed may go on: words and headings of the corpus, each with the passages that hold it, most first.

        What stands before the last word stays, so each answer is a whole query.
        """
        return self._offers.completions(typed, limit)

    def around(self, hits: Iterable[Hit]) -> dict[str, Around]:
        """What stands around the hits that tell little alone, headings and rows of tables, by their ids; their reports are read for it."""
        reports: dict[str, Report] = {}
        found = {}
        for hit in hits:
            if tells_little(hit.passage):
                if (id := hit.report.id) not in reports:
                    reports[id] = self._engine.report(id)
                found[hit.id] = around(reports[id], hit.passage)
        return found

    def concordance(self, wanted: Wanted, context: Context = Context.NONE) -> Concordance:
        """Each occurrence on a line of its own, with up to 20 code points on either side; pages count lines.

        Raises:
            InvalidQuery: The query is malformed or too long.
            InvalidRequest: A value is impossible, there is no query, or more than 20,000 passages match.
        """
        found = Occurrences.of(self._engine, self.read(wanted))
        return Concordance(found.read.request, found.read.parsed, context, found.page(context), found.total, self.stats)

    def lines(self, wanted: Wanted, context: Context = Context.NONE) -> Iterator[ConcordanceLine]:
        """Every line of `concordance` in its order, one after another, whatever the request's page; raises as that does, at once."""
        return Occurrences.of(self._engine, self.read(wanted)).every_line(context)

    def common_sentences(self, page: int = 1, per_page: int = 20) -> CommonSentencePage:
        """One page of the sentences that stand in reports of at least five units, figures aside: those of most units first.

        Raises:
            InvalidRequest: A number is impossible.
        """
        return self.list_common_sentences(SearchRequest.of(page=page, per_page=per_page))

    def list_common_sentences(self, request: SearchRequest) -> CommonSentencePage:
        """The same for a request, of which the page alone counts."""
        held = self._engine.commonest()
        part = range(len(held))[request.skip : request.skip + request.per_page]
        return CommonSentencePage(request, list(common_sentences(self._engine, held, part)), len(held), self.stats)

    def all_common_sentences(self) -> Iterator[CommonSentence]:
        """Every one of `common_sentences` in its order, one after another."""
        held = self._engine.commonest()
        return common_sentences(self._engine, held, range(len(held)))

    def novelty(self, report: Report, folded: Mapping[str, str] | None = None) -> ReportNovelty:
        """What of a whole report is common, and what its own; the report must be one that this index holds.

        `folded` are the folds of its passages by anchor, where they are known already.
        """
        return novelty_of(self._engine, report, folded or {})

    def matches(self, wanted: Wanted, passages: Iterable[Passage], folded: Mapping[str, str] | None = None) -> dict[str, list[Span]]:
        """What a query marks in passages: half-open spans in code points of each text, by anchor; passages without any left out.

        `folded` are the folds of the passages by anchor, where they are known already.

        Raises:
            InvalidQuery: The query is malformed or too long.
        """
        # The filters that stood beside it need not be known to mark it.
        read = self.read(wanted, has_filter=True)
        if not read.query.scored:
            return {}
        known = folded or {}
        marked = {passage.anchor: read.matches(passage.text, known.get(passage.anchor)) for passage in passages}
        return {anchor: spans for anchor, spans in marked.items() if spans}


def _passage_in(report: Report, id: str) -> tuple[Report, Passage]:
    _, anchor = report_and_anchor(id)
    for passage in report.passages:
        if passage.anchor == anchor:
            return report, passage
    raise NotFound(id)
