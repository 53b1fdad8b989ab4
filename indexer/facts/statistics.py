"""The figures of a text: numbers with their units, what they count, and the indicator that they belong to."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from indexer.facts.indicators import INDICATORS, indicator_of
from indexer.facts.intended import find_intended
from indexer.facts.model import Statistic

if TYPE_CHECKING:
    from indexer.facts.quantities import Quantity

__all__ = ["INDICATORS", "find_statistics"]

_SENTENCE_END = re.compile(r"[。！？；!?;\n，,：:](?:(?<![，,：:])[”’」』）)]*|(?=[二三四五六七八九]?十?[一二三四五六七八九十]是))")
"""A sentence ends at its punctuation, or where the next 一是-item begins."""


def find_statistics(text: str, heading: str = "", is_plan: bool = False) -> tuple[Statistic, ...]:
    """The figures in a passage's text, in order; `Statistic.passage` is left empty.

    Args:
        text: The text as printed.
        heading: The heading above the passage: "受案81件" below "加强行政复议工作" counts 行政复议受案.
        is_plan: Whether it is under a heading of plans, where sentences that begin with what to do state at most what exists already.
    """
    find_quantities, label_all = _readers()
    quantities = find_quantities(text)
    if not quantities:
        return ()
    labels = label_all(text, quantities, heading)
    left_out = find_intended(text, [(quantity.start, quantity.unit) for quantity in quantities], is_plan)
    ends = _SENTENCE_END.finditer(text)
    # In a table row with several figures, only the table's header says which year or kind each belongs to.
    is_row = len(quantities) > 1 and " | " in text
    found = []
    start, end = 0, 0
    for quantity, label in zip(quantities, labels, strict=True):
        if quantity.start in left_out:
            continue
        while end <= quantity.start:
            mark = next(ends, None)
            start, end = end, mark.end() if mark else len(text)
        while text[start].isspace():
            start += 1
        found.append(
            Statistic(
                label=label,
                value=quantity.value,
                to=quantity.to,
                unit=quantity.unit,
                approximate=quantity.approximate,
                indicator=None if is_row else indicator_of(label, quantity.unit),
                start=quantity.start,
                end=quantity.end,
                sentence=(start, end),
            )
        )
    return tuple(found)


def prepare_figures() -> None:
    """Compile the expressions that figures are read by, which the first text that is read would otherwise wait for."""
    _readers()


@cache
def _readers() -> tuple[Callable[[str], list[Quantity]], Callable[[str, list[Quantity], str], list[str]]]:
    # Compiling the expressions of both takes a tenth of a second, which only processes that read texts should pay.
    from indexer.facts.labels import label_all
    from indexer.facts.quantities import find_quantities

    return find_quantities, label_all
