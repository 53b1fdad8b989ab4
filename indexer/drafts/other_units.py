"""Finds sentences of a draft that were copied from other units."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from indexer.drafts.kinds import Finding, finding_at
from indexer.drafts.last_year import Sentence
from indexer.model import Report

COMMON = 5
"""How many units make a sentence common property."""
_MOST = 1_000
"""How many sentences are looked up; a report has about two hundred."""
_LONG, _LONG_WITH_FIGURE = 30, 10
"""Code points from which two units do not write the same sentence by coincidence, without and with a figure."""
_FIGURE = re.compile("(?<![0-9])[0-9]{2,}(?![0-9年月日号])")
"""A figure that is not part of a date: many do the same by the same day."""
_FRAME = re.compile("现将|(?:报告|汇报|总结|通报)如下")


@dataclass(frozen=True, slots=True)
class Copy:
    """A report of another unit that contains a sentence."""

    unit: str
    """The unit's name."""
    report: str
    """The title of the newest such report."""


def sentences_of_others(
    report: Report, sentences: Sequence[Sentence], copies_of: Callable[[Sequence[str]], Mapping[str, Copy]]
) -> Iterator[Finding]:
    """Paragraphs with sentences of other units, each with the unit that most of them come from.

    Args:
        report: The draft.
        sentences: Its sentences.
        copies_of: Maps sentences, in their form for comparison, to copies; without those of nobody else, its own unit, or `COMMON` units.
    """
    looked_up = [number for number, (_, _, sentence) in enumerate(sentences) if _is_telling(sentence)][:_MOST]
    found = copies_of([sentences[number][2] for number in looked_up])
    copies = {number: found[sentences[number][2]] for number in looked_up if sentences[number][2] in found}
    share = round(100 * len(copies) / len(sentences)) if sentences else 0
    paragraphs = report.paragraphs
    for of, of_paragraph in groupby(range(len(sentences)), key=lambda at: sentences[at][0]):
        own = list(of_paragraph)
        same = [at for at in own if at in copies]
        if same:
            [(copy, _)] = Counter(copies[at] for at in same).most_common(1)
            counts = {"copied": len(same), "sentences": len(own), "share": share}
            span = sentences[same[0]][1][0], sentences[same[-1]][1][1]
            yield finding_at("other-unit-same", report, paragraphs[of], *span, unit=copy.unit, title=copy.report, **counts)


def _is_telling(sentence: str) -> bool:
    """Whether a sentence is too specific to equal another unit's by coincidence or custom."""
    return len(sentence) >= (_LONG_WITH_FIGURE if _FIGURE.search(sentence) else _LONG) and not _FRAME.search(sentence)
