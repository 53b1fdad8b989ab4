"""The query language: typed text to a query tree, and back."""

from indexer.query.form import FilledForm, QueryForm, filled_form, words_of
from indexer.query.grammar import MAX_DISTANCE, MAX_LENGTH, parse_query
from indexer.query.printer import print_query
from indexer.query.tree import Query
from indexer.query.widening import offered, widened

__all__ = [
    "MAX_DISTANCE",
    "MAX_LENGTH",
    "FilledForm",
    "Query",
    "QueryForm",
    "filled_form",
    "offered",
    "parse_query",
    "print_query",
    "widened",
    "words_of",
]
