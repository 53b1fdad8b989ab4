"""Compares a report's plans with what its unit's next report says on the same matters. Pure.

Only wording is compared: a match shows that a matter is mentioned again, not that anything was done about it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from indexer.analysis.fold import fold
from indexer.contents import is_plan
from indexer.model import Passage, Report, passage_id
from indexer.outline import PLANS, PROBLEMS, PROBLEMS_AND_PLANS, sentences, words

TAKEN_UP = 0.4
"""Score from which a sentence is shown. Of 154 labelled pairs (`tests/data/promises`), many chosen to be hard, it
finds 86 % of the true ones, and 88 % of the pairs it finds are true."""
MOST = 3
"""How many sentences are shown per item."""
_SHARED, _RUN = 0.65, 0.35
"""Weights of the shared character pairs and of the longest common run."""
_LONG_RUN = 5
"""Characters of a common run from which it counts in full."""
# Every plan is full of these words, so they say nothing about its subject.
_GENERIC = words(
    """
    推进 加强 加大 深入 进一步 全面 落实 开展 提升 强化 完善 健全 规范化 规范 做好 工作 提高 水平 能力 积极 认真 持续 严格 实施
    机制 体系 组织 推动 推行 深化 优化 力度 作用 发挥 坚持 发展 新时代 新 及时 有效 不断 切实 扎实 加快 活动 情况
    全县 全市 全区 我县 我市 我区 我局 各 部门 单位 等 和 与 及 的 对 在 为 进行 建立 制定
    完成 实现 使用 意识 质量 效率 效能 人员 下一步 将 要 是
    """
)
_GENERIC_WORD = re.compile("|".join(sorted(map(re.escape, _GENERIC), key=len, reverse=True)))
# Numbers of up to four digits are counts, longer ones are names such as the hotline 12345.
_BETWEEN = re.compile(r"[^\w]+|(?<!\d)\d{1,4}(?!\d)|(?:19|20)\d\d年")


@dataclass(frozen=True, slots=True)
class TakenUp:
    """A sentence of the next report on the same matter."""

    passage: str
    """The passage's id."""
    start: int
    end: int
    """Half-open, in code points of the passage's text."""
    text: str
    score: float
    """0 to 1."""


@dataclass(frozen=True, slots=True)
class Promise:
    """An item of a report's plans."""

    passage: str
    """The passage's id."""
    item: int | None
    """The number of the 一是-item; None for a paragraph without items."""
    start: int
    end: int
    """Half-open, in code points of the passage's text."""
    text: str
    taken_up: tuple[TakenUp, ...] | None
    """Best first; empty if nothing similar was found; None if the next report is not held."""


@dataclass(frozen=True, slots=True)
class Promises:
    """The plans of a report."""

    report: Report
    next: Report | None
    """The unit's report on the following year; None if none is held."""
    items: tuple[Promise, ...]


def promises(report: Report, following: Report | None) -> Promises:
    """Each item of a report's plans with the sentences of the next report (with passages) that take it up."""
    found = [(passage, item, start, end) for passage in _plans(report) for item, start, end in _items(passage)]
    matters = _Matters(following) if following else None
    return Promises(
        report,
        following,
        tuple(
            Promise(
                passage_id(report.id, passage.anchor),
                item,
                start,
                end,
                passage.text[start:end],
                matters.like(passage.text[start:end]) if matters else None,
            )
            for passage, item, start, end in found
        ),
    )


def _plans(report: Report) -> Iterator[Passage]:
    """The paragraphs of a report's plans; under a heading for both problems and plans, only those from the first that speaks of plans."""
    planned = False
    for passage in report.paragraphs:
        parts = {section.part for section in passage.section}
        if PLANS in parts:
            yield passage
        elif PROBLEMS_AND_PLANS in parts:
            # Problems are named first, so all that follows belongs to the plans.
            planned = planned or any(is_plan(passage.text[start:end]) for start, end in sentences(passage.text, passage.items))
            if planned:
                yield passage
        else:
            planned = False


def _items(passage: Passage) -> Iterator[tuple[int | None, int, int]]:
    """The items of a paragraph, or the whole paragraph."""
    if passage.items:
        yield from ((item.number, item.start, item.end) for item in passage.items)
    elif len(passage.text) > _LONG_RUN:
        yield None, 0, len(passage.text)


@dataclass(frozen=True, slots=True)
class _Sentence:
    passage: str
    start: int
    end: int
    text: str
    folded: str
    grams: frozenset[str]


class _Matters:
    """The sentences of a report that tell what was done, with the rarity of each character pair among them."""

    def __init__(self, report: Report) -> None:
        self._sentences = list(_reported(report))
        numbers: dict[str, int] = {}
        grams = np.fromiter((numbers.setdefault(gram, len(numbers)) for sentence in self._sentences for gram in sentence.grams), np.intp)
        held_by = np.repeat(np.arange(len(self._sentences)), [len(sentence.grams) for sentence in self._sentences])
        self._numbers = numbers
        self._sentences_of = held_by[np.argsort(grams, kind="stable")]
        """The sentences that hold pair 0, then those that hold pair 1, and so on."""
        held = np.bincount(grams, minlength=len(numbers))
        self._bounds = np.concatenate(([0], np.cumsum(held)))
        count = len(self._sentences)
        self._weights = np.log((count + 1) / (held + 0.5))
        self._unseen = math.log((count + 1) / 0.5)

    def like(self, text: str) -> tuple[TakenUp, ...]:
        """The sentences most similar to an item of a plan, best first."""
        runs = _runs(fold(text))
        grams = _grams(runs)
        known = sorted(self._numbers[gram] for gram in grams if gram in self._numbers)
        if not known:
            return ()
        whole = float(self._weights[known].sum()) + self._unseen * (len(grams) - len(known))
        holding = [self._sentences_of[self._bounds[number] : self._bounds[number + 1]] for number in known]
        weights = np.repeat(self._weights[known], [len(sentences) for sentences in holding])
        shared = _SHARED * np.bincount(np.concatenate(holding), weights, len(self._sentences)) / whole
        # Summation order differs between processes; without rounding, equal scores could come out different.
        shared = shared.round(9)
        found: list[tuple[float, _Sentence]] = []
        # The slow search for the common run is done only for sentences that can still reach the threshold.
        for number in np.flatnonzero((shared > 0) & (shared + _RUN >= TAKEN_UP)).tolist():
            sentence = self._sentences[number]
            score = float(shared[number]) + _RUN * _longest_common_run(runs, sentence.folded) / _LONG_RUN
            if score >= TAKEN_UP:
                found.append((score, sentence))
        found.sort(key=lambda one: (-one[0], len(one[1].text)))
        return tuple(TakenUp(one.passage, one.start, one.end, one.text, round(min(score, 1.0), 4)) for score, one in found[:MOST])


def _reported(report: Report) -> Iterator[_Sentence]:
    """The sentences of a report outside its shortcomings and plans."""
    for passage in report.paragraphs:
        if {section.part for section in passage.section} & {PLANS, PROBLEMS_AND_PLANS, PROBLEMS}:
            continue
        for start, end in sentences(passage.text, passage.items):
            text = passage.text[start:end]
            folded = fold(text)
            yield _Sentence(passage_id(report.id, passage.anchor), start, end, text, folded, frozenset(_grams(_runs(folded))))


def _runs(folded: str) -> tuple[str, ...]:
    """A text's runs of characters without punctuation, counts and generic words."""
    return tuple(filter(None, _BETWEEN.split(_GENERIC_WORD.sub(" ", folded))))


def _grams(runs: Sequence[str]) -> set[str]:
    return {run[at : at + 2] for run in runs for at in range(len(run) - 1)}


def _longest_common_run(runs: Sequence[str], text: str) -> int:
    """The length of the longest common run, at most `_LONG_RUN`; 0 if it is a single character."""
    best = 1
    for run in runs:
        for at in range(len(run) - 1):
            while at + best < len(run) and run[at : at + best + 1] in text:
                best += 1
                if best == _LONG_RUN:
                    return best
    return best if best > 1 else 0
