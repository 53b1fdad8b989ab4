"""Names of units of measure, and of the words that make a figure inexact, in another language: in English 件 are cases or items.

Their translations are in the catalogue of texts, in the contexts named here; `extract` lists them for `make texts`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

from indexer.facts.counted import UNITS
from indexer.facts.model import RATIO, Statistic
from indexer.texts import CHINESE, in_context, spoken

MEASURE, INEXACT = "measure", "inexact"
"""The contexts in the catalogue."""
_HAN = re.compile("[\u4e00-\u9fff]")
MEASURES = tuple(unit for unit in dict.fromkeys([*UNITS.split(), RATIO]) if _HAN.match(unit))
"""The units that have to be translated: all but %, TB and the like."""
WORDS = tuple("余 多 近 超 约 逾 上 以上 以下 以内 左右 上下 之多 不少于 不低于 不足 不到 不超过 至少 最多 最少".split())
"""The possible values of `Statistic.approximate`."""
_CASES = re.compile("(?<![提议方预备档草文])案|复议|诉讼|应诉|纠纷|仲裁|法律援助|移送|信访|投诉|举报|处罚")
"""Things counted in 件 that go through a procedure; rules, files and the like are counted in 件 too, but are items, as with 项."""


def called(unit: str, of: str, number: str | Decimal | None = None, language: str | None = None) -> str:
    """The name of a unit of measure: "cases" for 件 in English; in Chinese, or if it needs no translation, the unit itself.

    Args:
        unit: As `Statistic.unit`; several joined by 、, as in some indicators, are translated one by one.
        of: What is counted, a label or an indicator.
        number: How many there are, for languages with plural forms; None if unknown.
        language: One of the catalogues; by default the current language.
    """
    count = 1 if number is not None and _is_one(number) else 2
    one_by_one = ["项" if one == "件" and not _CASES.search(of) else one for one in unit.split("、")]
    # In Chinese a unit is never translated.
    if (language or spoken()) == CHINESE:
        return unit
    return ", ".join(_translated(one, count, language or spoken()) if one in MEASURES else one for one in one_by_one)


@cache
def _translated(measure: str, count: int, language: str) -> str:
    """The translation of one of `MEASURES`; cached, because a page has thousands of figures in a few units."""
    return in_context(MEASURE, measure, count, language)


def inexact(word: str, language: str | None = None) -> str:
    """The name of a word that makes a figure inexact: "over" for 余 in English."""
    return in_context(INEXACT, word, 1, language)


def measure_of(statistic: Statistic, language: str | None = None) -> str:
    """The name of a figure's unit of measure on its own, as in a column."""
    return called(statistic.unit, what(statistic), language=language)


def what(statistic: Statistic) -> str:
    """What a figure counts, in all words known of it."""
    return f"{statistic.indicator or ''} {statistic.label}"


def extract(*_: Any, **__: Any) -> Iterator[tuple[int, str, tuple[str, str, str], list[str]]]:
    """A Babel extractor: every unit and every word, with singular and plural, in its context."""
    for context, words in ((MEASURE, MEASURES), (INEXACT, WORDS)):
        for word in words:
            yield 0, "npgettext", (context, word, word), []


def _is_one(number: str | Decimal) -> bool:
    return str(number).removeprefix("-") == "1"
