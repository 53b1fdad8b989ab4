"""Compares two reports paragraph by paragraph: what stayed, what changed, what was removed and what was added. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from indexer.analysis.fold import fold, fold_with_offsets
from indexer.comparison.differences import Differences, Figure, differences
from indexer.comparison.pairing import Paragraph, paired
from indexer.errors import InvalidRequest
from indexer.facts import Statistic, find_statistics
from indexer.matching import Span
from indexer.model import Passage, Report, passage_id
from indexer.outline import PLANS, sentences
from indexer.problems import Problem

LONGEST = 60_000
"""Longest report or draft that is compared, in code points: three times the longest real one, and 1/7 s for the whole page."""


class Relation(StrEnum):
    """What a row of a comparison shows."""

    EQUAL = "equal"
    CHANGED = "changed"
    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Side:
    """A paragraph of one of the reports."""

    id: str
    """The paragraph's id."""
    passage: Passage
    spans: tuple[Span, ...]
    """What the other side lacks: half-open, in code points of its text. The whole text if there is no other side."""

    @property
    def text(self) -> str:
        """The paragraph's text as printed."""
        return self.passage.text


@dataclass(frozen=True, slots=True)
class FigurePair:
    """A figure that both paragraphs have, with different values."""

    left: Figure
    right: Figure


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph of the left report, one of the right, or a pair of them."""

    relation: Relation
    left: Side | None
    right: Side | None
    numbers: tuple[FigurePair, ...] = ()
    """The figures that differ, in the order of the left text."""

    @property
    def part(self) -> str | None:
        """The standard part of the right paragraph, or of the left one if that is alone; None before the first heading."""
        side = self.right or self.left
        return side.passage.part if side else None

    @property
    def moved(self) -> bool:
        """Whether it is in another part now."""
        return self.left is not None and self.right is not None and self.left.passage.part != self.right.passage.part


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two reports side by side."""

    left: Report
    right: Report
    rows: tuple[Row, ...]
    """In the order of the right report; paragraphs only in the left one come after the one they followed there. A paragraph that was
    split has a row for each piece; one that was merged has a row for each paragraph it was made of."""
    carried_over: int
    """How many sentences of the right report are also in the left one, unchanged."""
    sentences: int
    """How many sentences the right report has."""


def is_too_long(report: Report) -> bool:
    """Whether a whole report has more than `LONGEST` code points."""
    return sum(len(passage.text) for passage in report.passages) > LONGEST


def check_length(report: Report, param: str) -> None:
    """Raises InvalidRequest: The report, given in this argument, has more than `LONGEST` code points."""
    if is_too_long(report):
        raise InvalidRequest(Problem(param, "too-long-to-compare", most=LONGEST))


def compare(left: Report, right: Report) -> Comparison:
    """Align the paragraphs of two reports, within standard parts and, where they moved, across them.

    Raises:
        InvalidRequest: One of them has more than `LONGEST` code points.
    """
    check_length(left, "left")
    check_length(right, "right")
    folded = [fold(passage.text) for passage in left.paragraphs], [fold(passage.text) for passage in right.paragraphs]
    pairs = paired(_paragraphs(left, folded[0]), _paragraphs(right, folded[1]))
    rows = _rows(left, right, pairs, folded)
    held = set(_sentences(left, folded[0]))
    theirs = list(_sentences(right, folded[1]))
    return Comparison(left, right, tuple(rows), sum(sentence in held for sentence in theirs), len(theirs))


def _paragraphs(report: Report, folded: Sequence[str]) -> list[Paragraph]:
    """The paragraphs of a report as they are compared; `folded` are the folds of their texts."""
    headings = {section.anchor: fold(section.heading) for section in report.sections}
    return [
        Paragraph(text, passage.part, headings[passage.section[-1].anchor] if passage.section else "")
        for passage, text in zip(report.paragraphs, folded, strict=True)
    ]


def _sentences(report: Report, folded: Sequence[str]) -> Iterator[str]:
    """The sentences of a report, folded."""
    for passage, text in zip(report.paragraphs, folded, strict=True):
        _, offsets = fold_with_offsets(passage.text, text)
        for start, end in sentences(passage.text, passage.items):
            # White space at the end of a sentence may have become a space in the paragraph's fold.
            yield text[bisect_left(offsets, start) : bisect_left(offsets, end)].strip(" ")


def _rows(left: Report, right: Report, pairs: Sequence[tuple[int, int]], folded: tuple[Sequence[str], Sequence[str]]) -> list[Row]:
    lefts, rights = left.paragraphs, right.paragraphs
    found = {(i, j): differences(lefts[i].text, rights[j].text, *_figures(lefts[i], rights[j])) for i, j in pairs}
    lacking = _lacking(found)
    of_left, of_right = _fellows(pairs)
    rows: list[Row] = []
    shown: set[int] = set()

    def alone_behind(at: int) -> Iterator[Row]:
        """The paragraphs from this one on that only the left report has."""
        while at < len(lefts) and at not in of_left and at not in shown:
            shown.add(at)
            yield Row(Relation.LEFT, _whole(left, lefts[at]), None)
            at += 1

    rows += alone_behind(0)
    for j, passage in enumerate(rights):
        if j not in of_right:
            rows.append(Row(Relation.RIGHT, None, _whole(right, passage)))
        for i in of_right.get(j, ()):
            sides = _side(left, lefts[i], lacking[0, i]), _side(right, passage, lacking[1, j])
            equal = folded[0][i] == folded[1][j]
            pairs_of_figures = tuple(FigurePair(one, other) for one, other in found[i, j].figures)
            rows.append(Row(Relation.EQUAL if equal else Relation.CHANGED, *sides, pairs_of_figures))
            rows += alone_behind(i + 1)
    return rows


def _fellows(pairs: Sequence[tuple[int, int]]) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    of_left: dict[int, list[int]] = defaultdict(list)
    of_right: dict[int, list[int]] = defaultdict(list)
    for i, j in pairs:
        of_left[i].append(j)
        of_right[j].append(i)
    return of_left, of_right


def _lacking(found: dict[tuple[int, int], Differences]) -> dict[tuple[int, int], tuple[Span, ...]]:
    """By side and index of a paragraph, the spans that none of its counterparts has."""
    spans: dict[tuple[int, int], list[Span]] = {}
    for pair, differing in found.items():
        for side, own in enumerate((differing.left, differing.right)):
            key = side, pair[side]
            spans[key] = own if key not in spans else _in_both(spans[key], own)
    return {key: tuple(own) for key, own in spans.items()}


def _in_both(one: Sequence[Span], other: Sequence[Span]) -> list[Span]:
    """The overlaps of two ascending sequences of spans."""
    overlaps: list[Span] = []
    i = j = 0
    while i < len(one) and j < len(other):
        start, end = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if start < end:
            overlaps.append((start, end))
        if one[i][1] < other[j][1]:
            i += 1
        else:
            j += 1
    return overlaps


def _side(report: Report, passage: Passage, spans: tuple[Span, ...]) -> Side:
    return Side(passage_id(report.id, passage.anchor), passage, spans)


def _whole(report: Report, passage: Passage) -> Side:
    return _side(report, passage, ((0, len(passage.text)),))


def _figures(left: Passage, right: Passage) -> tuple[list[Figure], list[Figure]]:
    """The figures of two paragraphs that belong together.

    Under a heading of plans, sentences without a subject state no figures. Where only one of the two is under such a heading, both are
    read as if neither was, so that a paragraph that moved is compared as it was.
    """
    moved = _is_plan(left) != _is_plan(right)
    found = [_read_anew(side) if moved and _is_plan(side) else side.statistics for side in (left, right)]
    of_left, of_right = (
        [Figure(side.text[one.start : one.end], one.start, one.end, one.label, one.unit, one.value) for one in statistics]
        for side, statistics in zip((left, right), found, strict=True)
    )
    return of_left, of_right


def _is_plan(passage: Passage) -> bool:
    return any(section.part == PLANS for section in passage.section)


def _read_anew(passage: Passage) -> Sequence[Statistic]:
    return find_statistics(passage.text, passage.section[-1].heading)
