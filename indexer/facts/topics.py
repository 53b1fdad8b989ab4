"""The subjects of figures, for clauses that only say what was done: 受案81件 below 行政复议."""

from __future__ import annotations

import re
from collections.abc import Iterable

TOPICS = (
    "行政复议", "行政诉讼", "行政应诉", "行政裁决", "行政调解", "行政处罚", "行政许可", "行政强制", "行政检查", "法律援助", "人民调解",
    "矛盾纠纷", "规范性文件", "重大行政决策", "合法性审核", "合法性审查", "社区矫正", "政府信息公开", "依申请公开", "司法鉴定", "公证",
    "复议", "信访", "仲裁", "检察建议", "司法建议", "诉前调解", "12345", "12348",
)  # fmt: skip

TOPIC = re.compile("|".join(TOPICS))


def without_topics(label: str) -> str:
    """The part of a label that is in the text itself: a topic in it may come from the heading."""
    return TOPIC.sub("", label)


def one_of(words: Iterable[str]) -> str:
    """An expression for any of these words, longest first, grouped by first character, because alternatives are tried one after another."""
    by_first: dict[str, list[str]] = {}
    for word in sorted(set(words), key=lambda word: (-len(word), word)):
        by_first.setdefault(word[0], []).append(word[1:])
    single = "".join(first for first, rest in by_first.items() if rest == [""])
    longer = [re.escape(first) + "(?:" + "|".join(map(re.escape, rest)) + ")" for first, rest in by_first.items() if rest != [""]]
    return "|".join([*longer, *([f"[{re.escape(single)}]"] if single else [])])
