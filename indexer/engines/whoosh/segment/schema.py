"""The Whoosh schema of a passage. The three text fields have the tokens of its folded text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whoosh.analysis import Token, Tokenizer
from whoosh.fields import ID, STORED, TEXT, Schema

from indexer.analysis.fold import fold
from indexer.fields import FILTERS
from indexer.ranking import text_tokens

SCHEMA_VERSION = 10
TEXT_FIELDS = ("bigrams", "chars", "words")
VALUE_FIELDS = ("report", *FILTERS)


class ReportTokenizer(Tokenizer):  # type: ignore[misc]  # whoosh has no types
    """Yields the tokens of one text field with ordinal positions, for Whoosh's own query parser.

    It is pickled into the index, so its only attribute is the field's name.
    """

    def __init__(self, field: str) -> None:
        self.field = field

    def __call__(self, value: str, positions: bool = False, start_pos: int = 0, **options: Any) -> Iterator[Token]:
        """The tokens as Whoosh expects them: a single object, changed and yielded repeatedly."""
        token = Token(positions, **options)
        for position, text in enumerate(text_tokens(fold(value))[self.field], start_pos):
            token.text = text
            token.pos = position
            token.boost = 1.0
            token.stopped = False
            yield token


def new_schema() -> Schema:
    """A new schema for each caller, because Whoosh modifies the one it gets."""
    texts = {name: TEXT(analyzer=ReportTokenizer(name), phrase=False) for name in TEXT_FIELDS}
    values = {name: ID() for name in VALUE_FIELDS}
    return Schema(passage=STORED(), described=STORED(), **texts, **values)
