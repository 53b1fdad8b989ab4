"""What the user may have meant, offered beside a result."""

from __future__ import annotations

from collections.abc import Collection

from indexer.prepared import Wanted
from indexer.results import Explanation, OtherWriting, Understood
from indexer.search.methods.opened import OpenIndex


class OfferMethods(OpenIndex):
    """The methods of `Index` that explain a result or offer another query."""

    def explain(self, wanted: Wanted) -> Explanation:
        """Why a result is empty: what each typed text finds alone, which filter excludes everything, what may have been meant.

        Raises:
            InvalidQuery: The query is malformed or too long.
        """
        return self._offers.explanation(self.read(wanted))

    def synonyms(self, wanted: Wanted) -> list[tuple[str, list[OtherWriting]]]:
        """Each typed term (folded) that has synonyms that find more passages, with those; raises as `search` does.

        Only as many as can be searched together: the query that `widened` makes of all of them is within the limits.
        """
        return self._offers.synonyms(self.read(wanted))

    def widened(self, wanted: Wanted, also: Collection[str]) -> str:
        """The query with these synonyms added; raises as `search` does."""
        return self._offers.widened(self.read(wanted), also)

    def understood(self, wanted: Wanted) -> list[Understood]:
        """The request that a query's text may stand for, in exact mode: one for everything it names, or none.

        Raises:
            As `search` does.
        """
        return self._offers.understood(self.read(wanted))

    def suggest(self, typed: str, limit: int = 8) -> list[tuple[str, int]]:
        """Completions of the last word typed: words and headings of the corpus, with how many passages contain each, most first.

        The text before the last word is kept, so each completion is a whole query.
        """
        return self._offers.completions(typed, limit)
