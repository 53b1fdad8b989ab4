"""Finds the positions in a Word file's text to which the findings on its report refer. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.drafts import Finding
from indexer.matching import Span
from indexer.model import Passage, Report, passage_id
from indexer.outline import read_number

LEFT_ASIDE = re.compile(r"[\s|]+")
"""Characters that are not compared: white space, and the separators between cells of a row."""


def bare(text: str) -> str:
    """The text without the characters that are not compared."""
    return LEFT_ASIDE.sub("", text)


def anchors(report: Report, findings: Sequence[Finding], text: str) -> list[Span]:
    """Half-open spans in a bare text (not empty), one for each finding.

    For a passage that is not found, such as a footnote, the end of the passage before it is used.
    """
    found = _passages(report, text)
    passages = {passage_id(report.id, passage.anchor): passage for passage in report.passages}
    return [_span(one, passages[one.passage], *found[one.passage], len(text)) for one in findings]


def _passages(report: Report, text: str) -> dict[str, tuple[int, int]]:
    """The start and end of each passage in a text, by id; both are equal if it was not found."""
    found = {}
    end = 0
    for passage in report.passages:
        own = bare(passage.text)
        start = text.find(own, end)
        if start < 0 and (number := read_number(passage.text)) is not None:
            # Word generates numbers that are not in the text.
            made = len(bare(passage.text[: number.length]))
            rest = text.find(own[made:], end) if own[made:] else -1
            start = rest - made if rest >= 0 else -1
        found[passage_id(report.id, passage.anchor)] = (start, start + len(own)) if start + len(own) > end else (end, end)
        end = max(end, found[passage_id(report.id, passage.anchor)][1])
    return found


def _span(one: Finding, passage: Passage, start: int, end: int, length: int) -> Span:
    first = start + len(bare(passage.text[: one.start]))
    last = start + len(bare(passage.text[: one.end]))
    if start == end:
        first = last = end
    first = min(max(first, 0), length - 1)
    return first, min(max(last, first + 1), length)
