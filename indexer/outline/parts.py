"""The standard parts that headings stand for, so that counties can be compared: one readable table."""

from __future__ import annotations

OTHER_PART = "其他"

# In the order in which they are tried; a heading stands for the first part of which it holds a word.
_TABLE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("第一责任人履职", ("第一责任人",)),
    ("问题与安排", ()),
    ("存在的不足", ("问题", "不足", "差距", "短板")),
    ("下一步安排", ("下一步", "下步", "打算", "安排", "工作计划", "努力方向")),
    ("主要举措和成效", ("主要举措", "成效", "主要做法", "法治政府建设情况", "法治政府建设工作情况")),
    ("矛盾纠纷化解", ("矛盾", "纠纷")),
    ("复议应诉", ("复议", "应诉")),
    ("公共法律服务", ("公共法律服务", "法律援助")),
    ("普法宣传", ("普法", "宣传教育")),
    ("数字法治", ("数字", "科技")),
    ("营商环境", ("营商环境",)),
    ("行政决策", ("决策",)),
    ("行政执法", ("执法",)),
    ("权力监督", ("监督", "制约")),
    ("依法行政制度", ("制度体系", "规范性文件", "立法")),
    ("政府职能", ("职能", "放管服")),
    ("组织保障", ("保障", "组织领导", "党的领导")),
)

STANDARD_PARTS: tuple[str, ...] = (
    "主要举措和成效",
    "存在的不足",
    "下一步安排",
    "问题与安排",
    "第一责任人履职",
    "政府职能",
    "依法行政制度",
    "行政决策",
    "行政执法",
    "权力监督",
    "矛盾纠纷化解",
    "公共法律服务",
    "普法宣传",
    "复议应诉",
    "数字法治",
    "营商环境",
    "组织保障",
    OTHER_PART,
)


def part_of(heading: str) -> str | None:
    """The standard part a heading stands for, None where no word of the table occurs in it."""
    held = [part for part, words in _TABLE if any(word in heading for word in words)]
    if "存在的不足" in held and "下一步安排" in held:
        return "问题与安排"
    return held[0] if held else None
