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
    """A sentence that occurs in reports of at least 5 units, ignoring figures."""

    sentence: Annotated[str, "Its key, for the parameter `sentence` of a search."]
    text: Annotated[str, "As printed in the oldest report."]
    passage: PassageId
    units: int
    reports: int
    first: Annotated[int | None, "The first reported year whose reports contain it."]
    last: Annotated[int | None, "The last such year."]
    years: Annotated[list[SentenceYear], "Ascending; unknown last."]
    provinces: Annotated[list[SentenceProvince], "By descending number of units; units of unknown place are left out."]
    url: Annotated[str, "Web page with every copy."]


class CommonSentences(Pages):
    """The commonest sentences, those of most units first, then of most reports."""

    total: int
    sentences: list[CommonSentence]
    links: ListLinks
