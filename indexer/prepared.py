"""A request read once: its query, its filters, and what searching, marking, counting and explaining it have in common. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from indexer.analysis.fold import fold, printed_spans
from indexer.declared import Value
from indexer.facets import Condition, conditions
from indexer.matching import Span, occurrences
from indexer.query import Query, parse_query, print_query
from indexer.request import SearchRequest


@dataclass(frozen=True)
class PreparedQuery:
    """What a request means. Make one with `Index.read`; every method of `Index` that takes a request takes one of these as well."""

    request: SearchRequest
    query: Query
    alike: Mapping[str, Mapping[Value, frozenset[Value]]] = field(default_factory=dict)
    """By facet, what passes too where a value is wanted (both as `comparable`): the number of an instrument with its name."""

    @cached_property
    def conditions(self) -> list[Condition]:
        """The filters.

        Raises:
            InvalidRequest: A region is unknown, or its name is that of several places.
        """
        return [self._widened(condition) for condition in conditions(self.request)]

    def _widened(self, condition: Condition) -> Condition:
        others = self.alike.get(condition.facet, {})
        return replace(condition, values=condition.values.union(*(others.get(value, frozenset()) for value in condition.values)))

    @cached_property
    def parsed(self) -> str:
        """The query as it was understood; reading it again gives the same query, where it is not too long for one."""
        return print_query(self.query)

    def on_page(self, page: int, per_page: int) -> PreparedQuery:
        """The same query with another page of its result."""
        return replace(self, request=replace(self.request, page=page, per_page=per_page))

    def occurrences(self, folded: str) -> list[Span]:
        """What the query marks in a folded text: half-open spans in its code points, in order, apart or touching."""
        return occurrences(self.query, folded)

    def matches(self, text: str, folded: str | None = None) -> list[Span]:
        """As `occurrences`, in a text as printed.

        `folded` is the fold of the text where that is known already.
        """
        folded = fold(text) if folded is None else folded
        return self.printed(self.occurrences(folded), text, folded)

    def printed(self, marks: list[Span], text: str, folded: str) -> list[Span]:
        """Where spans of the fold of a text stand in the text."""
        return printed_spans(marks, text, folded) if marks else []


Wanted = SearchRequest | PreparedQuery
"""A request, or one that was read before."""


def prepare(wanted: Wanted, segment: Callable[[str], Iterable[str]], *, has_filter: bool | None = None) -> PreparedQuery:
    """A request read, or as it is where it was read before; see `Index.read`."""
    if isinstance(wanted, PreparedQuery):
        return wanted
    beside = wanted.has_filter if has_filter is None else has_filter
    return PreparedQuery(wanted, parse_query(wanted.query, wanted.mode, segment, has_filter=beside))
