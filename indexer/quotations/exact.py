"""Where quotations occur word for word, with any punctuation between their runs, and in how many reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from indexer.analysis.fold import printed_offsets
from indexer.engines.boundary import OCCURRENCES_LIMIT, Engine, FoundPassage, FoundTexts, Plan
from indexer.matching import Span
from indexer.query.tree import And, Query, Term, joined
from indexer.quotations.bare import BareTexts, Finder
from indexer.quotations.everywhere import holding_each
from indexer.request import Mode, Sort

TOGETHER = 200_000
"""How many passages are searched at a time for several quotations."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a quotation occurs."""

    places: list[tuple[FoundPassage, Span]]
    """The newest passages that contain it, with the first match in each, in code points of the passage's text."""
    reports: int | None
    """How many reports contain it; None if unknown."""


@dataclass(frozen=True, slots=True)
class _Held:
    """A `Standing` before passages are read."""

    texts: FoundTexts
    spans: list[tuple[int, Span]]
    """The number of each text, and the first match in the folded text."""
    reports: int | None


def standing_each(quotations: Sequence[Sequence[str]], engine: Engine, top: int) -> list[Standing]:
    """For each quotation, given by its folded runs (see `runs`), where it occurs: at most `top` places."""
    # Mostly few passages contain the longest run, so they can be searched and the other runs need not be looked up.
    holdings = engine.holding_each([max(own, key=len) for own in quotations], top)
    texts = holdings.newest.texts
    text_of = cache(texts.joined.text)
    held: dict[int, _Held] = {}
    for number, (own, numbers, counts) in enumerate(zip(quotations, holdings.newest.groups, holdings.counts, strict=True)):
        if len(own) == 1 or counts.paragraphs <= top:
            spans = [(each, span) for each in numbers if (span := Finder(own).search(text_of(each))) is not None]
            reports = counts.reports if len(own) == 1 else _reports(texts, [each for each, _ in spans])
            held[number] = _Held(texts, spans, reports)
    left = [number for number in range(len(quotations)) if number not in held]
    for batch in _batches(left, [holdings.counts[number].paragraphs for number in left], engine.stats.passages):
        held |= zip(batch, _held_by_many([quotations[number] for number in batch], engine, top), strict=True)
    return _read([held[number] for number in range(len(quotations))])


def _batches(numbers: Sequence[int], passages: Sequence[int], every: int) -> Iterator[list[int]]:
    """Batches of quotations to search for together, given by number and by how many passages may contain each; `every` is the total."""
    batch: list[int] = []
    size = 0
    for number, own in zip(numbers, passages, strict=True):
        if batch and min(size + min(own, OCCURRENCES_LIMIT), every) > TOGETHER:
            yield batch
            batch, size = [], 0
        batch.append(number)
        size += min(own, OCCURRENCES_LIMIT)
    if batch:
        yield batch


def _held_by_many(quotations: Sequence[Sequence[str]], engine: Engine, top: int) -> list[_Held]:
    """Where quotations of several runs occur, if many passages may contain them, some with the runs far apart."""
    texts, looked_up = engine.holding_all(quotations)
    holding = iter(holding_each(BareTexts(texts.joined), [own for own, known in zip(quotations, looked_up, strict=True) if known]))
    held = []
    for own, known in zip(quotations, looked_up, strict=True):
        if known:
            numbers = next(holding).tolist()
            held.append(_Held(texts, _spans(own, texts, numbers[:top]), _reports(texts, numbers)))
        else:
            tree = joined(And, [Term(run) for run in dict.fromkeys(own)])
            plan = Plan(Query(tree, Mode.LITERAL), [], Sort.NEWEST, take=top, counts_occurrences=False)
            newest = FoundTexts.of(engine.search(plan).passages)
            held.append(_Held(newest, _spans(own, newest, range(newest.joined.count)), None))
    return held


def _spans(quotation: Sequence[str], texts: FoundTexts, numbers: Sequence[int]) -> list[tuple[int, Span]]:
    finder = Finder(quotation)
    return [(number, span) for number in numbers if (span := finder.search(texts.joined.text(number))) is not None]


def _reports(texts: FoundTexts, numbers: Sequence[int]) -> int:
    """The number of reports that these texts are from."""
    return len(np.unique(texts.reports[list(numbers)]))


def _read(held: Sequence[_Held]) -> list[Standing]:
    """Read the passages, each once."""
    of_texts = {id(one.texts): one.texts for one in held}
    wanted: dict[int, dict[int, dict[Span, None]]] = {key: {} for key in of_texts}
    for one in held:
        for number, span in one.spans:
            wanted[id(one.texts)].setdefault(number, {})[span] = None
    printed: dict[tuple[int, int], tuple[FoundPassage, dict[Span, Span]]] = {}
    for key, spans in wanted.items():
        for (number, own), found in zip(spans.items(), of_texts[key].passages(list(spans)), strict=True):
            printed[key, number] = found, _printed(list(own), found)
    standing = []
    for one in held:
        places = [(number, span, *printed[id(one.texts), number]) for number, span in one.spans]
        standing.append(Standing([(found, own[span]) for _, span, found, own in places], one.reports))
    return standing


def _printed(spans: Sequence[Span], found: FoundPassage) -> dict[Span, Span]:
    """Spans of a passage's folded text as spans of its text."""
    text = found.passage.text
    ends = np.array([(start, end - 1) for start, end in spans])
    firsts, lasts = printed_offsets(ends.T, text, len(found.folded_text)).tolist()
    return {span: (first, last + 1) for span, first, last in zip(spans, firsts, lasts, strict=True)}
