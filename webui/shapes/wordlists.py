"""The words of a subset, and the neighbours of a term."""

from __future__ import annotations

from typing import Annotated, NotRequired, TypedDict

from indexer import WordsOf
from webui.shapes.common import ListLinks, Typed


class Frequency(TypedDict):
    """How often something occurs."""

    passages: int
    reports: Annotated[int, "Reports with such passages."]


class Word(TypedDict):
    """A word of a subset, or a neighbour of a term."""

    word: str
    likelihood: NotRequired[Annotated[float, "For a subset: log-likelihood G² of the 2×2 table of passages with and without the word."]]
    ratio: NotRequired[
        Annotated[float, "For a subset: log2 of the word's share of the subset's passages divided by its share of the others."]
    ]
    subset: NotRequired[Annotated[Frequency, "For a subset: the word's frequency in it."]]
    rest: NotRequired[Annotated[Frequency, "For a subset: the word's frequency outside it."]]
    dice: NotRequired[Annotated[float, "For a term: logDice, at most 14."]]
    together: NotRequired[Annotated[Frequency, "For a term: how often both occur with at most 10 characters between them."]]
    held: NotRequired[Annotated[Frequency, "For a term: the word's frequency in all passages that pass the filters."]]
    url: Annotated[str | None, "The passages, including those where the word's characters span several words; null if no query finds them."]


class WordsTotal(TypedDict):
    """How many words are listed."""

    words: Annotated[int, "At most 1,000, the most significant ones."]


class Words(TypedDict):
    """The words of a subset, or the neighbours of a term."""

    query: Typed
    of: WordsOf
    subset: Annotated[Frequency, "The matching passages."]
    rest: Annotated[Frequency, "All other passages; for neighbours, all passages that pass the filters."]
    words: list[Word]
    total: WordsTotal
    page: Annotated[int, "From 1."]
    per_page: Annotated[int, "Words."]
    pages: int
    links: ListLinks
