"""Sentences of a draft that are another unit's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from indexer.drafts.kinds import Finding, finding_at
from indexer.drafts.last_year import each_sentence
from indexer.model import Report

COMMON = 5
"""Units from which on a sentence is anybody's."""
_MOST = 1_000
"""Sentences that are looked for; a report has some two hundred."""
_LONG, _LONG_WITH_FIGURE = 30, 10
"""Code points of a sentence that two units do not write by chance."""
_FIGURE = re.compile("(?<![0-9])[0-9]{2,}(?![0-9年月日号])")
"""No date: many do the same by the same day."""
_FRAME = re.compile("现将|(?:报告|汇报|总结|通报)如下")


@dataclass(frozen=True, slots=True)
class Copy:
    """A report of another unit in which a sentence stands."""

    unit: str
    """Its name."""
    report: str
    """The title of its newest such report."""


def sentences_of_others(report: Report, copies_of: Callable[[Sequence[str]], Mapping[str, Copy]]) -> Iterator[Finding]:
    """Paragraphs with sentences of other units, each with the unit of most of them.

    Args:
        report: The draft.
        copies_of: Whose sentences are, as `each_sentence` has them; without those that are nobody's, its own unit's, or `COMMON` units'.
    """
    all_ = list(each_sentence(report))
    looked_up = [number for number, (_, _, sentence) in enumerate(all_) if _is_telling(sentence)][:_MOST]
    found = copies_of([all_[number][2] for number in looked_up])
    copies = {number: found[all_[number][2]] for number in looked_up if all_[number][2] in found}
    share = round(100 * len(copies) / len(all_)) if all_ else 0
    paragraphs = report.paragraphs
    for of, own in groupby(range(len(all_)), key=lambda at: all_[at][0]):
        sentences = list(own)
        same = [at for at in sentences if at in copies]
        if same:
            passage = paragraphs[of]
            [(copy, _)] = Counter(copies[at] for at in same).most_common(1)
            counts = {"copied": len(same), "sentences": len(sentences), "share": share}
            span = all_[same[0]][1][0], all_[same[-1]][1][1]
            yield finding_at("other-unit-same", report, passage, *span, unit=copy.unit, title=copy.report, **counts)


def _is_telling(sentence: str) -> bool:
    """Whether a sentence is not the same as another unit's by chance or custom."""
    return len(sentence) >= (_LONG_WITH_FIGURE if _FIGURE.search(sentence) else _LONG) and not _FRAME.search(sentence)
