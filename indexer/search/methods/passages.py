"""Which passages match: hits, facets, scores, every occurrence, and their contexts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from indexer.analysis import words
from indexer.analysis.fold import fold
from indexer.around import Around, around, tells_little
from indexer.engines.boundary import Plan
from indexer.joined import JoinedTexts
from indexer.matching import Span
from indexer.model import Passage, Report
from indexer.prepared import Wanted
from indexer.query import parse_query
from indexer.request import Context, Mode, SearchRequest, read_choice
from indexer.results import Concordance, ConcordanceLine, FacetCount, Hit, Ranking, ResultPage
from indexer.search.copies import hits_of
from indexer.search.methods.opened import OpenIndex
from indexer.search.news import newest_passages
from indexer.search.occurrences import Occurrences
from indexer.search.plans import bounded_plan, plan_of


class PassageMethods(OpenIndex):
    """The methods of `Index` that find passages."""

    def search(self, query: str = "", **wanted: Any) -> ResultPage:
        """One page of hits; the keyword arguments are the fields of `SearchRequest`, strings standing for its choices.

        Raises:
            InvalidQuery: The query is malformed or too long.
            InvalidRequest: A value is impossible, or there is neither query nor filter.
        """
        return self.run(SearchRequest.of(query, **wanted))

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

    def _united(self, facet: str, counts: list[FacetCount], plan: Plan) -> list[FacetCount]:
        return self._facts.united(counts, plan) if facet == "instrument" else counts

    def facets(self, wanted: Wanted, names: Sequence[str]) -> dict[str, list[FacetCount]]:
        """How many matching passages have each value of these fields, ignoring each field's own filter; without query and filter all count.

        Raises:
            InvalidQuery: The query is malformed or too long.
            InvalidRequest: A value is impossible.
        """
        read = self.read(wanted)
        plan = plan_of(replace(read, request=replace(read.request, facets=tuple(names), page=1, per_page=1, collapse=False)))
        found = self._engine.search(replace(plan, counts_occurrences=False))
        return {name: self._named(name, self._united(name, counts, plan)) for name, counts in found.facets.items()}

    def rank(self, query: str, mode: str = "exact", top: int = 10) -> Ranking:
        """For evaluation only: the number of matching passages, and the ids and scores of the best; nothing is fetched or marked."""
        total, ids, scores = self._engine.rank(parse_query(query, read_choice("mode", mode, Mode), words.cut), top)
        return Ranking(total, ids, scores)

    def hits(self, wanted: Wanted) -> Iterator[Hit]:
        """Every hit of a request in order, one at a time, whatever its page; as many as `total.hits` of `run` says.

        Raises:
            As `run`, before the first hit is taken.
        """
        read = self.read(wanted)
        return hits_of(self._engine, read, self._engine.each(bounded_plan(read)))

    def newest(self, wanted: Wanted, most: int = 100) -> list[Hit]:
        """Hits in the reports that the index added last, newest first; at most `most`.

        Raises:
            InvalidQuery: The query is malformed or too long.
            InvalidRequest: A value is impossible, or there is neither query nor filter.
        """
        read = self.read(wanted)
        return list(hits_of(self._engine, read, newest_passages(self._engine, bounded_plan(read), most)))

    def around(self, hits: Iterable[Hit]) -> dict[str, Around]:
        """The contexts of the hits that say little alone (headings and table rows), by hit id; reads their reports."""
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
        """Every line of `concordance` in its order, one at a time, whatever the request's page; raises as `concordance`, at once."""
        return Occurrences.of(self._engine, self.read(wanted)).every_line(context)

    def matches(self, wanted: Wanted, passages: Iterable[Passage], folded: Mapping[str, str] | None = None) -> dict[str, list[Span]]:
        """The spans that a query marks in passages: half-open, in code points of each text, by anchor; passages without any are left out.

        `folded` has the folds of passages by anchor, as far as they are already known.

        Raises:
            InvalidQuery: The query is malformed or too long.
        """
        # Marking needs none of the filters that came with the query.
        read = self.read(wanted, has_filter=True)
        if not read.query.scored:
            return {}
        known = folded or {}
        looked_at = [(passage, fold(passage.text) if (own := known.get(passage.anchor)) is None else own) for passage in passages]
        # All passages together: a long report has hundreds of paragraphs, and a query may have twenty terms or more.
        marked = JoinedTexts.of([text for _, text in looked_at]).occurrences_in_each(read.query.terms, read.query.nears)
        return {looked_at[at][0].anchor: read.printed(spans, looked_at[at][0].text, looked_at[at][1]) for at, spans in marked.items()}
