"""The query language: what was typed to a query tree, and back."""

from indexer.query.grammar import parse_query
from indexer.query.printer import print_query
from indexer.query.tree import Query, positive_texts

__all__ = ["Query", "parse_query", "positive_texts", "print_query"]
