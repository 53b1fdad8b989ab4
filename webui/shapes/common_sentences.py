"""Sentences that occur in reports of many units."""

from __future__ import annotations

from typing import Annotated, TypedDict

from webui.shapes.common import ListLinks, Pages, PassageId, Year


class SentenceYear(TypedDict):
    """How many reports about a year contain the sentence."""

    year: Year
    reports: int


class SentenceProvince(TypedDict):
    """How many units of a province have the sentence in their reports."""

    code: Annotated[str, "GB/T 2260 code, six digits."]
    name: str
    units: int


class CommonSentence(TypedDict):
    """A sentence that occurs in reports of at least 5 units, figures aside."""

    sentence: Annotated[str, "Its key, see the parameter of search."]
    text: Annotated[str, "As the oldest report prints it."]
    passage: PassageId
    units: int
    reports: int
    first: Annotated[int | None, "The first reported year that holds it."]
    last: Annotated[int | None, "The last one."]
    years: Annotated[list[SentenceYear], "Rising; unknown last."]
    provinces: Annotated[list[SentenceProvince], "Those of most units first; units of no known place left out."]
    url: Annotated[str, "Every copy, for people."]


class CommonSentences(Pages):
    """The commonest sentences, those of most units first, then of most reports."""

    total: int
    sentences: list[CommonSentence]
    links: ListLinks
