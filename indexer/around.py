"""Context for a hit that says little alone: the text below a heading, the header row above a table row. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.model import Kind, Passage, Report
from indexer.outline.sentences import sentences

CELLS = " | "
"""The separator between the cells of a row."""


@dataclass(frozen=True, slots=True)
class Around:
    """The context shown with a hit."""

    below: str = ""
    """For a heading: the first sentence below it, without its run-in heading; empty if there is no text below."""
    head: str = ""
    """For a table row: the first row of the table; empty for that row itself."""


def tells_little(passage: Passage) -> bool:
    """Whether hits in this passage are shown with their context."""
    return passage.kind is Kind.HEADING or (passage.kind is Kind.PARAGRAPH and CELLS in passage.text)


def around(report: Report, passage: Passage) -> Around:
    """The context of a passage; the report must have its passages."""
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
