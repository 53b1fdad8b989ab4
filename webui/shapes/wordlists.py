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
    likelihood: NotRequired[Annotated[float, "Of a subset: log-likelihood G² over the four cells of passages with and without it."]]
    ratio: NotRequired[Annotated[float, "Of a subset: log2 of its share of the subset's passages over that of the others."]]
    subset: NotRequired[Annotated[Frequency, "Of a subset: what of it holds the word."]]
    rest: NotRequired[Annotated[Frequency, "Of a subset: what else holds the word."]]
    dice: NotRequired[Annotated[float, "Of a term: logDice, at most 14."]]
    together: NotRequired[Annotated[Frequency, "Of a term: where at most 10 characters stand between both."]]
    held: NotRequired[Annotated[Frequency, "Of a term: what the filters let through and holds the word anywhere."]]
    url: Annotated[str | None, "The passages; those too that hold the text of the word across words. null where no query finds them."]


class WordsTotal(TypedDict):
    """How many words are listed."""

    words: Annotated[int, "At most 1,000: the most telling ones."]


class Words(TypedDict):
    """The words of a subset, or the neighbours of a term."""

    query: Typed
    of: WordsOf
    subset: Annotated[Frequency, "The passages that match."]
    rest: Annotated[Frequency, "All others; of neighbours all that the filters let through."]
    words: list[Word]
    total: WordsTotal
    page: Annotated[int, "From 1."]
    per_page: Annotated[int, "Words."]
    pages: int
    links: ListLinks
