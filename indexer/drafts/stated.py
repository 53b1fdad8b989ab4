"""Findings on what a draft states: figures that contradict each other, and names of rules that may be slips or out of force."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from indexer.drafts.kinds import Finding, finding_at
from indexer.facts import check_figures
from indexer.facts.instruments import normal_name
from indexer.facts.replaced import ending_of
from indexer.facts.slips import is_slip
from indexer.model import Passage, Report
from indexer.outline import sentences

_LAST_YEAR = re.compile("(?:19|20)[0-9]{2}年?—((?:19|20)[0-9]{2})年")
_MISWRITTEN = {
    "条列": "条例",
    "条理": "条例",
    "办发": "办法",
    "规订": "规定",
    "细侧": "细则",
    "钢要": "纲要",
    "刚要": "纲要",
    "意件": "意见",
    "通之": "通知",
    "决订": "决定",
    "方按": "方案",
}
"""Misspelt endings of names with the right ones: the same sound, or nearly the same strokes."""
_ENDS_WRONG = re.compile(f"({'|'.join(_MISWRITTEN)})(?:（[^（）]*）)*$")
Slip = tuple[str, int]
"""Another name that may be meant, and how many reports have it."""
_OF_THE_PAST = re.compile("废止|失效|清理|取代|代替|原《|修订|修改|衔接")
"""A sentence with such a word may well name a rule that is no longer in force."""

_CONCLUDED = re.compile("终期|评估|收官|期满|期间|圆满|验收|总结")
"""A sentence with such a word may well name a plan whose years are over."""


@dataclass(frozen=True, slots=True)
class EndedIn:
    """Reports that say that a rule was ended."""

    year: int
    """The year of the first such report."""
    title: str
    """The title of the first."""
    others: int
    """How many more there are."""


def figures_that_disagree(report: Report) -> Iterator[Finding]:
    """Rates, sums and changes that contradict the figures beside them."""
    for passage in report.passages:
        for check in check_figures(passage.text, passage.statistics):
            if not check.agrees:
                one = check.statistic
                yield finding_at("figures-disagree", report, passage, one.start, one.end, figures=check.reckoning, computed=check.computed)


def instruments_to_look_at(
    report: Report, year: int | None, slip_of: Callable[[str], Slip | None], later_edition_of: Callable[[str, int], Slip | None]
) -> Iterator[Finding]:
    """Names that may be slips of names in other reports or elsewhere in the draft; older editions; plans whose years were over."""
    names = [(passage, one, one.name) for passage in report.passages for one in passage.instruments if one.name]
    counts = Counter(name for _, _, name in names)
    for passage, one, name in names:
        start, end = passage.text.find(one.spelling, one.start, one.end), one.end
        start, end = (start, start + len(one.spelling)) if start >= 0 else (one.start, end)
        if (other := slip_of(name)) is not None:
            yield finding_at("instrument-slip", report, passage, start, end, name=other[0], count=other[1])
        elif (more := next((key for key, count in counts.items() if count > counts[name] and is_slip(name, key)), None)) is not None:
            yield finding_at("instrument-differs", report, passage, start, end, name=more)
        elif wrong := _ENDS_WRONG.search(name):
            yield finding_at("instrument-kind", report, passage, start, end, wrong=wrong[1], right=_MISWRITTEN[wrong[1]])
        if year is None:
            continue
        last = _LAST_YEAR.search(name)
        if (later := later_edition_of(name, year)) is not None and not _tells_of_both(_sentence(passage, one.start), later[0]):
            yield finding_at("instrument-older", report, passage, start, end, name=name, newer=later[0], count=later[1])
        elif last and int(last[1]) < year:
            yield finding_at("instrument-over", report, passage, start, end, name=name, year=year)


def instruments_that_ended(report: Report, year: int, ended_in: Callable[[str, int], EndedIn | None]) -> Iterator[Finding]:
    """Rules that had ended before the draft's year, according to their successors or to other reports."""
    endings: dict[str, EndedIn | None] = {}
    for passage in report.passages:
        for one in passage.instruments:
            if one.name is None or _OF_THE_PAST.search(_sentence(passage, one.start)):
                continue
            if (ending := ending_of(one.name, year)) is not None:
                about = {"name": one.name, "by": ending.by, "article": ending.article, "since": ending.since}
                yield finding_at("instrument-replaced", report, passage, one.start, one.end, **about)
                continue
            if one.name not in endings:
                endings[one.name] = ended_in(one.name, year)
            if (ended := endings[one.name]) is not None:
                params: dict[str, str | int] = {"name": one.name, "since": ended.year, "title": ended.title, "others": ended.others}
                yield finding_at("instrument-ended", report, passage, one.start, one.end, **params)


def _tells_of_both(sentence: str, later: str) -> bool:
    """Whether a sentence with an older edition speaks of the past or also names the later one."""
    return bool(_OF_THE_PAST.search(sentence) or _CONCLUDED.search(sentence)) or later in normal_name(sentence)


def _sentence(passage: Passage, offset: int) -> str:
    """The sentence of a passage that holds a code point."""
    return next(passage.text[start:end] for start, end in sentences(passage.text) if start <= offset < end)
