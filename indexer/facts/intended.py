"""Finds numbers that state an intention (力争达到95%, 计划培训300人次) or a duty (每年至少开展2次), and so count nothing that happened.

Judged by the words before the number in its sentence. Look here where a target is taken for a figure, or a figure for a target.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

_MAY_BE = re.compile("力争|争取|计划|打算|拟于|拟在|预计|将|要|须|目标|应当|不得|每|不少于|不低于|至少|下一|下步|明年|来年|今后|接下来")
"""Without any of these words, a text outside of plans has only figures. Plain alternatives, because they are searched for quickly."""
_LATER = re.compile("下一|下步|下阶段|明年|来年|今后|接下来")
_SENTENCE = re.compile(r"[。；！？;!?\n]")
_FROM_HERE_ON = re.compile(r"(?:^|[。；！？;!?\n])[^\S\n]*+(?:下一?步|下一?阶段|下一年度?|明年|来年|今后|接下来)")
"""Matches the beginning of plans, which extend to the end of the paragraph."""
_INTENDED = re.compile(
    r"力争|预计|争取(?=[在到于用年实]|达到|完成)"
    r"|(?:^|[，,年度月季底县市区州旗局步们还也])(?:计划|打算)(?=[于在用再新共\d]|全年|培训|开展|举办|组织|完成|建成|建设|投入|实施|制定|修订|清理|审查)"
    r"|拟[于在]"
    r"|(?:^|[，,年度月季底县市区州旗局步们还也])将(?=[在于再新]|继续|进一步|持续|全面|组织|开展|举办|完成|达到|实现|培训|培育|建成|建设|选派|投入|制定|出台)"
    r"|(?<![主重必需只首纲概])要(?=达到|完成|实现|确保|在|于)|(?:工作|年度|任务|预期|总体)目标[为是：:]|目标(?:值|数)[为是：:]?"
)
_HAPPENED = re.compile(r"已|了|实际|目前|累计|共计|先后|平均|年均")
_AGAIN = re.compile(r"每(?:半?年|两年|一?季度?|个?月|周|学期)")
_AT_LEAST = re.compile(r"至少|不得[少低]于")
_FLOOR = re.compile(r"(?:不少于|不低于)\s?$")
_OUGHT = re.compile(r"应当|必须|(?<![必无])须(?!知)")
_EACH = re.compile(r"每[人名个家村所位]|要求|应")
_THERE = re.compile(r"已|全年|了|目前|现有|累计|发挥|依托|利用|巩固|针对|围绕|用好|对照")
"""In a plan: words for what exists already."""
_TO_DO = re.compile(
    r"\s*+(?:[（(]?[一二三四五六七八九十\d]{1,3}(?:是|[）)、.．])\s*+)?"
    r"(?:要|将|再|新|继续|进一步|积极|大力|持续|全面|着力|重点|不断|切实|扎实|深入|加快|认真|严格|分批)*"
    r"(?:培训|轮训|开展|建成|建设|举办|组织|完成|新建|打造|培育|培养|实施|制定|修订|修改|清理|推进|推动|推行|加强|加大|深化|健全|完善|"
    r"落实|选派|配备|投入|提升|提高|强化|优化|抓好|做好|创建|建立|设立|增设|招录|招聘|选聘|选任|发放|评查|抽查|检查|争创|召开|发挥|依托|"
    r"利用|巩固|在|到|对|围绕|针对)"
)
"""Matches a sentence of a plan that begins with what to do; one with a subject may tell what happened, even under a heading of plans."""
_OF_DUTIES = ("学时", "课时", "小时", "个小时", "%", "‰")
"""Units of duties: whoever reports what was done knows the exact number."""


def find_intended(text: str, numbers: list[tuple[int, str]], is_plan: bool = False) -> set[int]:
    """The offsets of the numbers that are only intended or required.

    Args:
        text: The text as printed.
        numbers: The offset of each number, and its unit.
        is_plan: Whether the text is under a heading of plans, where sentences without a subject are plans.
    """
    may_be = [word.start() for word in _MAY_BE.finditer(text)]
    if not is_plan and not may_be:
        return set()
    ends = [0, *(mark.end() for mark in _SENTENCE.finditer(text))]
    opened = [mark.end() for mark in _FROM_HERE_ON.finditer(text)] if _LATER.search(text) else []
    found = set()
    for at, unit in numbers:
        start = ends[bisect_right(ends, at) - 1]
        is_opened = any(mark <= at and "\n" not in text[mark:at] for mark in opened)
        if not is_opened and not is_plan and bisect_left(may_be, start) == bisect_left(may_be, at):
            continue
        sentence = text[start:at]
        clause = sentence[max(sentence.rfind("，"), sentence.rfind(",")) + 1 :]
        if is_opened or (is_plan and _TO_DO.match(sentence)):
            intended = not _THERE.search(clause)
        else:
            intended = _MAY_BE.search(sentence) is not None and (_is_intended(sentence) or _is_asked_for(clause, unit))
        if intended:
            found.add(at)
    return found


def _is_intended(sentence: str) -> bool:
    """Whether a sentence, up to its number, states an intention that no later word turns into a fact."""
    found = list(_INTENDED.finditer(sentence))
    return bool(found) and not _HAPPENED.search(sentence, found[-1].end())


def _is_asked_for(clause: str, unit: str) -> bool:
    """Whether a clause, up to its number, states a duty: for each year, or at least so many."""
    if _HAPPENED.search(clause):
        return False
    floor = _FLOOR.search(clause) is not None
    return bool(_AGAIN.search(clause) or _AT_LEAST.search(clause) or _OUGHT.search(clause)) or (
        floor and (unit in _OF_DUTIES or _EACH.search(clause) is not None)
    )
