"""Where in the text of a Word file the findings on a report that was read from it stand. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.drafts import Finding
from indexer.matching import Span
from indexer.model import Passage, Report, passage_id
from indexer.outline import read_number

LEFT_ASIDE = re.compile(r"[\s|]+")
"""What is not compared: white space, and what joins the cells of a row."""


def bare(text: str) -> str:
    """A text without what is not compared."""
    return LEFT_ASIDE.sub("", text)


def anchors(report: Report, findings: Sequence[Finding], text: str) -> list[Span]:
    """Half-open spans of a bare text that is not empty, one for each finding.

    A passage that is not found, as a footnote, is commented on where the passage before it ends.
    """
    found = _passages(report, text)
    passages = {passage_id(report.id, passage.anchor): passage for passage in report.passages}
    return [_span(one, passages[one.passage], *found[one.passage], len(text)) for one in findings]


def _passages(report: Report, text: str) -> dict[str, tuple[int, int]]:
    """Where each passage begins in a text, and where it ends: by its id; both the same where it was not found."""
    found = {}
    end = 0
    for passage in report.passages:
        own = bare(passage.text)
        start = text.find(own, end)
        if start < 0 and (number := read_number(passage.text)) is not None:
            # Word makes numbers that stand in no text.
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
