"""The context of a hit that says little alone: the text below a heading, the head of the table that a row belongs to. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.model import Kind, Passage, Report
from indexer.outline.sentences import sentences

CELLS = " | "
"""Between the cells of a row."""


@dataclass(frozen=True, slots=True)
class Around:
    """What is shown with a hit."""

    below: str = ""
    """Of a heading: the first sentence of what stands below it, its run-in heading left out; empty where nothing does."""
    head: str = ""
    """Of a row of a table: the row that stands above all others; empty for that row itself."""


def tells_little(passage: Passage) -> bool:
    """Whether a hit in this passage is shown with what stands around it."""
    return passage.kind is Kind.HEADING or (passage.kind is Kind.PARAGRAPH and CELLS in passage.text)


def around(report: Report, passage: Passage) -> Around:
    """What stands around a passage of a report with its passages."""
    at = next((at for at, other in enumerate(report.passages) if other.anchor == passage.anchor), None)
    if at is None:
        return Around()
    if passage.kind is Kind.HEADING:
        return Around(below=_below(report.passages[at + 1 :], passage.section[-1].anchor))
    return Around(head=_head(report.passages[:at], passage))


def _below(following: Sequence[Passage], section: str) -> str:
    for other in following:
        if all(one.anchor != section for one in other.section):
            return ""
        if other.kind is Kind.PARAGRAPH:
            heading = other.section[-1].text
            text = other.text[len(heading) :].lstrip("。．. 　:：") if other.text.startswith(heading) else other.text
            first = next(iter(sentences(text)), (0, 0))
            return text[slice(*first)]
    return ""


def _head(before: Sequence[Passage], row: Passage) -> str:
    head = ""
    for other in reversed(before):
        if other.kind is not Kind.PARAGRAPH or CELLS not in other.text or other.section != row.section:
            break
        head = other.text
    return head
