"""Scans a typed query: white space, quotes, words, fields, signs, each with its position."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from indexer.analysis.fold import fold, is_white, next_other, next_white
from indexer.errors import InvalidQuery, InvalidRequest
from indexer.outline import STANDARD_PARTS
from indexer.places import find_region
from indexer.problems import QueryProblem
from indexer.query.tree import IssuerHolds, Leaf, PartIs, RegionIs, Term, TitleHolds, YearIs

_FIELD = re.compile(r"(year|region|issuer|section|title)[:：]")
_YEARS = re.compile(r"(\d{4})(?:[-－—–](\d{4}))?")
_SIGNS = str.maketrans("（）｜－", "()|-")

MAX_TERMS = 20
"""The most terms and phrases; values of fields do not count, nor do the words that a sentence is segmented into."""


class Kind(StrEnum):
    """The kind of a token."""

    OPEN = "("
    CLOSE = ")"
    OR = "OR"
    AND = "AND"
    NOT = "NOT"
    NEAR = "NEAR"
    LEAF = "leaf"
    END = "end"


class Token(NamedTuple):
    """A token of a query; `start` counts code points from 0."""

    kind: Kind
    start: int
    text: str
    leaf: Leaf | None = None
    distance: int = 0


class Scanner:
    """Reads a query from left to right."""

    def __init__(self, query: str) -> None:
        self.query = query
        self.signs = query.translate(_SIGNS)
        self.at = 0
        self._terms = 0

    def wrong(self, position: int, code: str, **params: str | int | Sequence[str]) -> InvalidQuery:
        """The error for a position in this query; for codes see `indexer.problems.TEXTS`."""
        return InvalidQuery(self.query, QueryProblem("q", code, position=position, **params))

    def skip_white(self) -> bool:
        """Move to the next character that is not white space; returns whether there is one."""
        self.at = next_other(self.query, self.at)
        return self.at < len(self.query)

    def ends_at(self, position: int) -> bool:
        """Whether a term ends before this position: there is white space, or the query ends."""
        return position >= len(self.query) or is_white(self.query[position])

    def word_end(self) -> int:
        """Where the white space after the current position begins."""
        return next_white(self.query, self.at)

    def quoted(self) -> str:
        """The text between the quote at the current position and its closing quote."""
        start = self.at
        text = ""
        self.at += 1
        while self.at < len(self.query) and self.query[self.at] != '"':
            if self.query[self.at : self.at + 2] in ('\\"', "\\\\"):
                self.at += 1
            text += self.query[self.at]
            self.at += 1
        if self.at == len(self.query):
            raise self.wrong(start, "unclosed-quote")
        self.at += 1
        return text

    def term(self, text: str, start: int) -> Term:
        """A new term; counts it against the limit."""
        self._terms += 1
        if self._terms > MAX_TERMS:
            raise self.wrong(start, "too-many-terms", most=MAX_TERMS)
        return Term(self._folded(text, start))

    def _folded(self, text: str, start: int) -> str:
        folded = fold(text)
        if not folded:
            raise self.wrong(start, "nothing-to-find")
        return folded

    def field(self, end: int) -> Leaf | None:
        """The field at the current position, its value quoted or up to `end`; None if there is none."""
        match = _FIELD.match(self.query, self.at, end)
        if match is None:
            return None
        self.at = match.end()
        start = self.at
        if self.query[start : start + 1] == '"' and match[1] in ("title", "issuer"):
            value = self._folded(self.quoted(), start)
        else:
            value = self.query[start:end]
            self.at = end
        if not value:
            raise self.wrong(start, "field-without-value", field=match[0])
        return self._field_leaf(match[1], value, start)

    def _field_leaf(self, name: str, value: str, start: int) -> Leaf:
        match name:
            case "title":
                return TitleHolds(self._folded(value, start))
            case "issuer":
                return IssuerHolds(self._folded(value, start))
            case "section":
                if value not in STANDARD_PARTS:
                    raise self.wrong(start, "no-part", value=value, known=STANDARD_PARTS)
                return PartIs(value)
            case "region":
                try:
                    return RegionIs(find_region(value).code)
                except InvalidRequest as error:
                    raise self.wrong(start, error.problems[0].code, **error.problems[0].params) from error
            case _:
                return self._years(value, start)

    def _years(self, value: str, start: int) -> YearIs:
        if value == "unknown":
            return YearIs(None, None)
        match = _YEARS.fullmatch(fold(value))
        if match is None:
            raise self.wrong(start, "no-years", value=value)
        low, high = int(match[1]), int(match[2] or match[1])
        if low > high:
            raise self.wrong(start, "years-reversed", first=low, last=high)
        return YearIs(low, high)
