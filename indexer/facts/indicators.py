"""Which indicator a figure is a value of. The indicators are reviewed in indicators.toml beside this file; to add one, add it there.

A figure belongs to at most one indicator: its whole label must be one that the indicator names, so that parts ("其中…"), other kinds and
other bodies' figures do not match.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from indexer.facts.model import Indicator

_UNITS = {
    "件": "件 起 宗 例 件次 桩",
    "件+": "件 起 宗 例 件次 份 部 项 个 次 条",
    "件、次": "件 起 次 人次 件次",
    "本": "本 个 张 件 人 名 证 份",
    "人": "人 名 位 人次",
    "人次": "人次 人 名 次 个 件 人（次） 人(次)",
    "次": "次 场 场次 场（次） 场(次) 期 轮 批次 项 个 堂 课时 家次 户次 件",
    "家": "家 个 所 处 间",
    "份": "份 册 本 张 套 条 件 个 卷 宗 幅 封 期 页 部",
    "户": "户 家 个",
    "条": "条 件 份 项 个 篇",
    "项": "项 个 类",
    "%": "%",
    "元": "元",
}
"""For each unit, the units in which such counts are printed."""


@dataclass(frozen=True, slots=True)
class Rule:
    """An indicator with the labels of its figures."""

    indicator: Indicator
    labels: str
    """A regular expression for the whole label."""
    units: frozenset[str]
    holds: str
    """Characters of which each label contains one; only where the expression matches characters that it does not name."""


def _rule(row: Mapping[str, Any], words: Mapping[str, str]) -> Rule:
    labels = list(row.get("also", ()))
    if "subject" in row:
        subject, verbs = row["subject"] + "{案}", row["verbs"]
        labels += [rf"(?:{verbs})的?{subject}", rf"{subject}(?:{verbs})(?:数量?|案件)?"]
    expression = re.sub(r"\{(\w+)\}", lambda word: words.get(word[1], word[0]), "|".join(labels))
    about = f"{row['about']} ({row['source']})" if "source" in row else row["about"]
    indicator = Indicator(name=row["name"], unit=row["unit"].rstrip("+"), about=about, note=row["note"], source=row.get("source"))
    return Rule(indicator, expression, frozenset(_UNITS[row["unit"]].split()), row.get("holds", ""))


_TABLE = tomllib.loads(files("indexer.facts").joinpath("indicators.toml").read_text(encoding="utf-8"))
RULES = tuple(_rule(row, _TABLE["words"]) for row in _TABLE["indicator"])
INDICATORS: tuple[Indicator, ...] = tuple(rule.indicator for rule in RULES)
"""The reviewed indicators, in the usual order of subjects in these reports."""
ANY = re.compile(r"\.|\\[^()]|\[\^|\[[^\]]*-")
"""Parts of an expression that match characters they do not name."""

_compiled = cache(re.compile)
"""Compiled when a label may match for the first time."""


class _Bits(NamedTuple):
    """Sets of rules as bit masks."""

    of_units: dict[str, int]
    of_chars: dict[str, int]
    """By the characters of their expressions."""
    holding: dict[str, int]
    """Rules that match characters they do not name, by the characters of which their labels contain one."""


@cache
def _bits() -> _Bits:
    found = _Bits({}, {}, {})
    for number, rule in enumerate(RULES):
        for bits, keys in zip(found, (rule.units, set(rule.labels), rule.holds), strict=True):
            for key in keys:
                bits[key] = bits.get(key, 0) | 1 << number
    return found


def _matching(label: str, left: int) -> Iterator[Rule]:
    """The rules in `left` (a bit mask) whose expression matches this label."""
    _, of_chars, holding = _bits()
    held = 0
    for char in holding.keys() & label:
        held |= holding[char]
    for char in label:
        left &= of_chars.get(char, 0) | held
        if not left:
            return
    # Only a few rules are left, which name each of the label's characters.
    while left:
        rule = RULES[(left & -left).bit_length() - 1]
        if _compiled(rule.labels).fullmatch(label):
            yield rule
        left &= left - 1


@lru_cache(maxsize=4096)
def indicator_of(label: str, unit: str) -> str | None:
    """The name of the indicator that a figure with this label and unit is a value of; None for most figures."""
    return next((rule.indicator.name for rule in _matching(label, _bits().of_units.get(unit, 0))), None)


@lru_cache(maxsize=256)
def indicators_named(text: str) -> tuple[str, ...]:
    """The indicators that a text names, by their own name or by a label of their figures (受理行政复议案件); empty for most texts."""
    by_label = {rule.indicator.name for rule in _matching(text, (1 << len(RULES)) - 1)}
    return tuple(one.name for one in INDICATORS if one.name == text or one.name in by_label)
