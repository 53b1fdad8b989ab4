"""The query language: what was typed to a query tree, and back."""

from indexer.query.grammar import MAX_LENGTH, parse_query
from indexer.query.printer import print_query
from indexer.query.tree import Query
from indexer.query.widening import offered, widened

__all__ = ["MAX_LENGTH", "Query", "offered", "parse_query", "print_query", "widened"]
