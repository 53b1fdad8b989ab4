"""What was perhaps meant, offered beside a result."""

from __future__ import annotations

from collections.abc import Collection

from indexer.prepared import Wanted
from indexer.results import Explanation, OtherWriting, Understood
from indexer.search.methods.opened import OpenIndex


class OfferMethods(OpenIndex):
    """The methods of `Index` that explain a result or offer another query."""

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
