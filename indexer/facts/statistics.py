"""The figures of a text."""

from __future__ import annotations

from indexer.facts.model import Indicator, Statistic

INDICATORS: tuple[Indicator, ...] = ()
"""The reviewed list."""


def find_statistics(text: str) -> tuple[Statistic, ...]:
    """The figures of a passage's text, as printed, in order; `Statistic.passage` is left empty."""
    return ()
