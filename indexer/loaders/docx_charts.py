"""Reads charts in Word files (ISO/IEC 29500-1 21.2, and the newer chartex): titles, and the value of each series per category. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from xml.etree.ElementTree import Element

_MOST = 5_000
"""At most so many points of a series are read; nobody reads a chart with more."""


def chart_texts(chart: Element) -> Iterator[str]:
    """The texts of a chart part: each title and label, then each series as its name and "category value" pairs."""
    titles = [*chart.iter("title")]
    inside = {id(element) for title in titles for element in title.iter()}
    for text in map(_joined, [*titles, *(label for label in chart.iter("rich") if id(label) not in inside)]):
        if text:
            yield text
    for series in chart.iter("ser"):
        name = " ".join(_values(series.find("tx")))
        pairs = zip_longest(_values(_first(series, "cat", "xVal")), _values(_first(series, "val", "yVal")), fillvalue="")
        points = [" ".join(filter(None, pair)) for pair in pairs]
        if text := " | ".join(filter(None, [name, *points])):
            yield text
    # The newer format keeps data apart from its series, by dimension.
    for dimension in (*chart.iter("strDim"), *chart.iter("numDim")):
        if text := " | ".join(filter(None, ((point.text or "").strip() for point in dimension.iter("pt")))):
            yield text


def _first(series: Element, *names: str) -> Element | None:
    return next((found for name in names if (found := series.find(name)) is not None), None)


def _values(holder: Element | None) -> list[str]:
    """The values cached below an element; categories with several levels are read level by level."""
    found = [(value.text or "").strip() for value in holder.iter("v")] if holder is not None else []
    return found[:_MOST]


def _joined(element: Element) -> str:
    return " ".join("".join(piece.text or "" for piece in element.iter() if piece.tag in ("t", "v")).split())
