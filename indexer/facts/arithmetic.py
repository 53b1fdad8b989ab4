"""Checks whether the figures of a sentence agree: a rate with the counts beside it, parts with their sum, a change with what it changed
from. A new relation must hold in every sentence, not only in most, because people look at each disagreement.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from indexer.facts.model import RATIO, Statistic
from indexer.remarks import Remark


@dataclass(frozen=True, slots=True)
class Check:
    """A stated figure compared with what the other figures of its sentence give."""

    statistic: Statistic
    """The stated figure."""
    reckoning: str
    """The figures it was compared with: "5762/5785", "30+80"."""
    computed: str
    """The computed number, with as many digits as are stated, and its unit."""
    agrees: bool


_RATE = re.compile(r"(?P<did>成功|办结|审结|结案|合格|备案|报备|整改|纠错|败诉|胜诉|出庭应诉|答复|回复|通过|受理|优秀|化解|兑现|清偿)率$")
_COMPARED = re.compile("同比|[较比与]")
_ANOTHER_YEAR = re.compile(r"(?:(?:19|20)\d\d年|上一?年|去年)(?:同期)?")
_AMONG_THEM = re.compile(r"[，,]?[（(]?其中[，,：:]?")
_LISTED = re.compile(r"[^，。；,;]{0,12}[、和及与][^，。；,;]{1,24}|[、和及]")
_SENTENCE = re.compile(r"[。！？!?\n]")
MOST_DISAGREEMENTS = 20
_MOST = 12
"""A sentence with more figures than this is treated as a table."""


def check_figures(text: str, statistics: Sequence[Statistic]) -> Iterator[Check]:
    """The relations between the figures of each sentence of a text, in order; inexact figures are ignored."""
    sentence: list[Statistic] = []
    for statistic in statistics:
        if sentence and _SENTENCE.search(text, sentence[-1].end, statistic.start):
            yield from _check(text, sentence)
            sentence = []
        sentence.append(statistic)
    yield from _check(text, sentence)


def remarks_on_figures(passages: Iterable[tuple[str, str, Sequence[Statistic]]]) -> Iterator[Remark]:
    """Remarks on a report's figures: each disagreement, up to `MOST_DISAGREEMENTS`, and how many relations agree.

    Args:
        passages: Anchor, text and figures of each passage.
    """
    agreed = disagreed = 0
    for anchor, text, statistics in passages:
        for check in check_figures(text, statistics):
            agreed += check.agrees
            disagreed += not check.agrees
            if not check.agrees and disagreed <= MOST_DISAGREEMENTS:
                one = check.statistic
                stated = f"{one.label}{text[one.start : one.end]}"
                yield Remark("figures-disagree", passage=anchor, stated=stated, figures=check.reckoning, computed=check.computed)
    if agreed:
        yield Remark("figures-agree", count=agreed)


def _check(text: str, sentence: list[Statistic]) -> Iterator[Check]:
    if not 1 < len(sentence) <= _MOST:
        return
    for place, statistic in enumerate(sentence):
        if not place or statistic.approximate or statistic.to:
            continue
        before = sentence[:place]
        if check := _growth(statistic, before) or _rate(statistic, before) or _difference(statistic, before):
            yield check
    yield from _parts(text, sentence)


def _rate(stated: Statistic, before: list[Statistic]) -> Check | None:
    """成功率 with 调解成功5762件 and 排查5785件: the count that names the same act, divided by a count before it."""
    rate = _RATE.search(stated.label) if stated.unit == "%" else None
    named = [(place, one) for place, one in enumerate(before) if rate and rate["did"] in one.label and _is_count(one)]
    if not named:
        return None
    place, part = named[-1]
    wholes = [one for one in before[:place] if one.unit == part.unit and _is_count(one) and Decimal(one.value) >= Decimal(part.value) > 0]
    if not wholes or part.to or part.approximate or any(one.approximate for one in wholes):
        return None
    tried = [_compare(stated, Decimal(part.value) / Decimal(whole.value) * 100, f"{part.value}/{whole.value}") for whole in wholes]
    return next((check for check in tried if check.agrees), tried[-1])


def _growth(stated: Statistic, before: list[Statistic]) -> Check | None:
    """同比增长99.5% with 1113件 and 2022年558件."""
    if stated.unit != "%" or not _COMPARED.search(stated.label):
        return None
    pair = _years(before)
    if pair is None or not stated.label.startswith(pair[0].label):
        return None
    now, then = Decimal(pair[0].value), Decimal(pair[1].value)
    return _compare(stated, (now - then) / then * 100, f"{now}/{then}") if then else None


def _difference(stated: Statistic, before: list[Statistic]) -> Check | None:
    """增加了555件 with 1113件 and 2022年558件."""
    pair = _years(before) if "较" in stated.label else None
    if pair is None or stated.unit != pair[0].unit or not stated.label.startswith(pair[0].label + "较"):
        return None
    return _compare(stated, Decimal(pair[0].value) - Decimal(pair[1].value), f"{pair[0].value}-{pair[1].value}")


def _years(before: list[Statistic]) -> tuple[Statistic, Statistic] | None:
    """This year's figure and another year's directly after it; ratios are excluded, because no change can be computed from them."""
    for now, then in reversed(list(pairwise(before))):
        another = _ANOTHER_YEAR.fullmatch(then.label.removesuffix(now.label))
        if another and now.unit == then.unit != RATIO and not now.approximate and not then.approximate:
            return now, then
    return None


def _parts(text: str, sentence: list[Statistic]) -> Iterator[Check]:
    """共100件，其中A30件、B80件: disjoint parts may not add up to more than the whole."""
    for place, whole in enumerate(sentence[:-1]):
        first = sentence[place + 1]
        if not _AMONG_THEM.match(text, whole.end, first.start) or not _is_count(whole) or whole.approximate:
            continue
        parts = [first]
        for one, other in pairwise(sentence[place + 1 :]):
            if not _LISTED.fullmatch(text[one.end : other.start]) or "其中" in text[one.end : other.start]:
                break
            parts.append(other)
        if len(parts) < 2 or any(one.unit != whole.unit or one.approximate or one.to for one in parts):
            continue
        total = sum(Decimal(one.value) for one in parts)
        if total >= Decimal(whole.value):
            yield Check(whole, "+".join(one.value for one in parts), f"{total}{whole.unit}", total == Decimal(whole.value))


def _is_count(statistic: Statistic) -> bool:
    return statistic.unit not in ("%", "‰", "个百分点", "百分点", "倍", "比", "元") and statistic.value.isdigit()


def _compare(stated: Statistic, computed: Decimal, reckoning: str) -> Check:
    """Compare with as many digits as are stated; truncated numbers agree as well as rounded ones."""
    value = Decimal(stated.value)
    step = Decimal(1).scaleb(-max(0, -int(value.as_tuple().exponent)))
    rounded = computed.quantize(step, rounding=ROUND_HALF_UP)
    return Check(stated, reckoning, f"{rounded}{stated.unit}", abs(value - computed) < step)
