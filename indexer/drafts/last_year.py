"""Compares a draft with the unit's report on the year before: unchanged figures, plans not taken up, sentences carried over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from indexer.analysis.fold import fold
from indexer.drafts.kinds import Finding, finding_at, finding_on_all
from indexer.facts import Statistic
from indexer.model import Report
from indexer.outline import sentences
from indexer.promises import promises

_EVENTS = frozenset("件 起 次 人次 场 场次 份 册 条 期 例 批 篇 宗 元 % 项".split())
"""Units of what happens anew each year; the number of offices and posts may well stay the same."""
_DIGITS_OF_EVENTS, _DIGITS = 2, 3
"""Digits from which equal figures are no coincidence, for events and for others."""
_NEARLY_ALL = 99
"""Percentage from which there is little room for another figure."""
_OF_STOCK = ("共有", "现有", "总数")
_LONG, _LONG_WITH_FIGURE = 20, 10
"""Code points from which equal sentences are no coincidence, without and with a figure."""
_FIGURE = re.compile("[0-9]{2}")
_ITEM = re.compile("^[一二三四五六七八九十]{1,3}是")
"""The item number, which is ignored when sentences are compared."""
_SHOWN = 40
_MATTER = 10
"""Code points from which a plan is more than a phrase."""
Sentence = tuple[int, tuple[int, int], str]
"""The paragraph's index, the sentence's span there, and its form for comparison."""


def same_figures(report: Report, previous: Report) -> Iterator[Finding]:
    """Figures with the same label and value as last year's."""
    held = {_key(one) for passage in previous.passages for one in passage.statistics}
    for passage in report.passages:
        for one in passage.statistics:
            if _is_telling(one) and _key(one) in held:
                yield finding_at("figure-same", report, passage, one.start, one.end, label=one.label)


def _key(one: Statistic) -> tuple[str, str, str, str | None]:
    return fold(one.label), one.unit, one.value, one.to


def _is_telling(one: Statistic) -> bool:
    digits = one.value.replace(".", "").lstrip("-0")
    if one.unit == "%" and (one.value in ("0", "90", "95") or float(one.value) >= _NEARLY_ALL):
        return False
    return len(digits) >= (_DIGITS_OF_EVENTS if one.unit in _EVENTS else _DIGITS) and not one.label.startswith(_OF_STOCK)


def plans_not_taken_up(report: Report, previous: Report) -> Iterator[Finding]:
    """Items of last year's plans for which there is no similar sentence."""
    for item in promises(previous, report).items:
        if item.taken_up == () and len(item.text) >= _MATTER:
            planned = item.text if len(item.text) <= _SHOWN else f"{item.text[:_SHOWN]}…"
            yield finding_on_all("promise-not-met", report, planned=planned)


def carried_over(report: Report, sentences: Sequence[Sentence], previous: Report) -> Iterator[Finding]:
    """Paragraphs with sentences from last year's report; `sentences` are those of the draft."""
    held = {sentence for _, _, sentence in each_sentence(previous)}
    share = round(100 * sum(sentence in held for _, _, sentence in sentences) / len(sentences)) if sentences else 0
    paragraphs = report.paragraphs
    for number, of_paragraph in groupby(sentences, key=itemgetter(0)):
        passage, own = paragraphs[number], list(of_paragraph)
        same = [span for _, span, sentence in own if sentence in held]
        if any(is_long(passage.text[start:end]) for start, end in same):
            counts = {"carried": len(same), "sentences": len(own), "share": share}
            yield finding_at("carried-over", report, passage, same[0][0], same[-1][1], **counts)


def is_long(sentence: str) -> bool:
    """Whether a sentence is too long to equal another by coincidence."""
    return len(sentence) >= (_LONG_WITH_FIGURE if _FIGURE.search(sentence) else _LONG)


def each_sentence(report: Report) -> Iterator[Sentence]:
    """The sentences of the paragraphs, in order."""
    for number, passage in enumerate(report.paragraphs):
        for start, end in sentences(passage.text, passage.items):
            yield number, (start, end), fold(_ITEM.sub("", passage.text[start:end]).rstrip("。；;"))
