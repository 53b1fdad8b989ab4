"""How terms are used over years, places and units, and which words go with them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from indexer.batch import MOST_TERMS, Batch, BatchBy, numbered
from indexer.errors import InvalidQuery, InvalidRequest
from indexer.matrix import Matrix, MatrixPage, MatrixSort
from indexer.prepared import PreparedQuery, Wanted
from indexer.problems import Problem
from indexer.request import Mode, SearchRequest, read_choice
from indexer.results import YearShare
from indexer.search.across import batch, whole_matrix, year_shares
from indexer.search.methods.opened import OpenIndex
from indexer.search.plans import plan_of
from indexer.search.wordlists import Words
from indexer.wordlists import CharacteristicWord, Neighbour, WordPage, WordSide, WordsOf, WordSort


class TermMethods(OpenIndex):
    """The methods of `Index` that count who mentions a term, and the words that go with it."""

    def years(self, wanted: Wanted) -> list[YearShare]:
        """For each reported year, how many reports mention the query and how many are held; filters by year are ignored.

        The years run without gaps from the first to the last held, with 0 held for a year without reports; unknown comes last.

        Raises:
            InvalidQuery: The query is malformed or too long.
            InvalidRequest: A value is impossible, or there is no query.
        """
        return year_shares(self._engine, self.read(wanted))

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
        """Which units mention a query in which year: the number of matching passages, 0 if a report is held, None if none is.

        Only annual reports count unless a type is given. Filters on passages, such as `sections`, say what counts as a mention, the
        others which reports are examined.

        Args:
            query: As in `search`.
            sort: The order of the units: "region", "first" or "most".
            mention: True for only the units that mention it, False for those that never do.
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
        """`matrix` for a request."""
        whole, request = self.whole_matrix(wanted, sort, mention), self.read(wanted).request
        return MatrixPage(request, whole, tuple(request.page_of(whole.rows)), self.stats)

    def whole_matrix(self, wanted: Wanted, sort: MatrixSort = MatrixSort.REGION, mention: bool | None = None) -> Matrix:
        """`matrix` for a request with all units, whatever its page."""
        return whole_matrix(self._engine, self.read(wanted), self._units.by_id, sort, mention)

    def batch(self, terms: Iterable[str], *, by: BatchBy | str = BatchBy.YEAR, **wanted: Any) -> Batch:
        """How many reports of each year or place mention each of many terms, and how many are held.

        Reports of every type count unless a type is given, as in `years`.

        Args:
            terms: At most 200, each read as a query in exact mode; blank lines are skipped but count for the line numbers in errors.
            by: "year" or "region": provinces, or the places directly below those in the filter.
            **wanted: Filters as in `search`.

        Raises:
            InvalidRequest: A value is impossible, there are too many terms or none, or one is malformed: the problem names its line.
        """
        return self.batch_of(terms, read_choice("by", by, BatchBy), SearchRequest.of(**wanted))

    def batch_of(self, terms: Iterable[str], by: BatchBy, filters: SearchRequest) -> Batch:
        """`batch` with the filters of a request."""
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
        """Which words distinguish the matching passages from all others, or which words are near the query's occurrences.

        For methods and formulas see `indexer.wordlists`. Words are those that the index was segmented into, also shorter ones in long ones.

        Args:
            query: As in `search`; may be empty if a filter defines the subset.
            of: "subset", or "neighbours": words with at most 10 code points between them and an occurrence. The default is neighbours if
                there is a query to search for.
            sort: Sorts the words of a subset by log-"likelihood" or by log-"ratio".
            side: Selects words that are "more" or "less" frequent in the subset.
            page: From 1.
            per_page: Words, at most 100.
            **wanted: Mode and filters as in `search`.

        Raises:
            InvalidQuery: The query is malformed or too long.
            InvalidRequest: A value is impossible, there is neither query nor filter, or neighbours are wanted without a query or for one
                that more than 20,000 passages match.
        """
        request = SearchRequest.of(query, page=page, per_page=per_page, **wanted)
        kind = None if of is None else read_choice("of", of, WordsOf)
        return self.word_page(request, kind, read_choice("sort", sort, WordSort), read_choice("side", side, WordSide))

    def word_page(
        self, wanted: Wanted, of: WordsOf | None = None, sort: WordSort = WordSort.LIKELIHOOD, side: WordSide = WordSide.MORE
    ) -> WordPage:
        """`words` for a request."""
        read = self.read(wanted)
        found = self._words(read, of, sort, side)
        return WordPage(read.request, found.list, found.some(read.request.page_of(found.list.words)), self.stats)

    def all_words(
        self, wanted: Wanted, of: WordsOf | None = None, sort: WordSort = WordSort.LIKELIHOOD, side: WordSide = WordSide.MORE
    ) -> tuple[CharacteristicWord | Neighbour, ...]:
        """All words of `word_page`, whatever the request's page; raises as `word_page` does."""
        found = self._words(self.read(wanted), of, sort, side)
        return found.some(found.list.words)

    def _words(self, read: PreparedQuery, of: WordsOf | None, sort: WordSort, side: WordSide) -> Words:
        """All words of a request, whatever its page; cached."""
        plan = plan_of(read)
        # Everything that decides which passages match, how their words are ordered, and the query that finds each word.
        key = (repr((plan.query, plan.conditions, plan.same, plan.sentence, plan.own)), read.request.mode, of, sort, side)
        found = self._word_lists.get(key)
        if found is None:
            found = Words(self._engine, read, of, sort, side, self._cut_texts)
            self._word_lists.put(key, found, found.size)
        return found
