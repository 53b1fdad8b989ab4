"""A request parsed once: its query, its filters, and what searching, marking, counting and explaining share. Pure."""

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
    """A parsed request. Make one with `Index.read`; every method of `Index` that takes a request takes one of these as well."""

    request: SearchRequest
    query: Query
    alike: Mapping[str, Mapping[Value, frozenset[Value]]] = field(default_factory=dict)
    """By facet: for a wanted value, other values that pass too (both as `comparable`), such as an instrument's number for its name."""

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
        """The query as it was understood, as text; parsing it gives the same query, unless it is too long."""
        return print_query(self.query)

    def on_page(self, page: int, per_page: int) -> PreparedQuery:
        """The same query with another page of its result."""
        return replace(self, request=replace(self.request, page=page, per_page=per_page))

    def occurrences(self, folded: str) -> list[Span]:
        """The spans to mark in a folded text: half-open, in its code points, in order, apart or touching."""
        return occurrences(self.query, folded)

    def matches(self, text: str, folded: str | None = None) -> list[Span]:
        """`occurrences`, but in the printed text.

        `folded` is the fold of the text, if already known.
        """
        folded = fold(text) if folded is None else folded
        return self.printed(self.occurrences(folded), text, folded)

    def printed(self, marks: list[Span], text: str, folded: str) -> list[Span]:
        """Spans of a folded text mapped to the printed text."""
        return printed_spans(marks, text, folded) if marks else []


Wanted = SearchRequest | PreparedQuery
"""A request, or one that has been parsed."""


def prepare(wanted: Wanted, segment: Callable[[str], Iterable[str]], *, has_filter: bool | None = None) -> PreparedQuery:
    """The parsed request, or `wanted` itself if it is parsed already; see `Index.read`."""
    if isinstance(wanted, PreparedQuery):
        return wanted
    beside = wanted.has_filter if has_filter is None else has_filter
    return PreparedQuery(wanted, parse_query(wanted.query, wanted.mode, segment, has_filter=beside))
