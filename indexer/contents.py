"""The contents that an annual report must have, and whether it was published in time. Pure.

法治政府建设与责任落实督察工作规定 (中共中央办公厅、国务院办公厅, 2019) lists them: 上一年度推进法治政府建设的主要举措和成效;
存在的不足和原因; 党政主要负责人履行推进法治建设第一责任人职责，加强法治政府建设的有关情况; 下一年度推进法治政府建设的主要安排;
其他需要报告的情况, of which there may be none. Reports of governments and their departments are to be public before 1 April of the next
year: 第二十四条, as http://www.hnhs.gov.cn/22560/22709/43459/43460/43462/43492/content_2139138.html quotes it; the article that lists the
contents is not named here, for it was read in notices that follow it only. For years before 2018 法治政府建设实施纲要（2015—2020年） asked
for reports in the first quarter, which ends on the same day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from indexer.outline import OTHER_PART, part_of, sentences


class Content(StrEnum):
    """One of the contents of a report."""

    MEASURES = "measures"
    SHORTCOMINGS = "shortcomings"
    FIRST_RESPONSIBLE = "first_responsible"
    PLANS = "plans"
    OTHER = "other"


REQUIRED = (Content.MEASURES, Content.SHORTCOMINGS, Content.FIRST_RESPONSIBLE, Content.PLANS)
"""Those that no report may lack."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage, as far as its content is concerned."""

    anchor: str
    text: str
    parts: tuple[str, ...]
    """The standard parts of the headings that it stands under, outermost first; a heading's own is the last."""
    headings: tuple[str, ...]
    """These headings."""
    is_heading: bool = False


_PARTS: dict[Content, frozenset[str]] = {
    Content.SHORTCOMINGS: frozenset({"存在的不足", "问题与安排"}),
    Content.FIRST_RESPONSIBLE: frozenset({"第一责任人履职"}),
    Content.PLANS: frozenset({"下一步安排", "问题与安排"}),
}
_OTHER_HEADING = re.compile("其[他它]?(?:需要|应当|有关|须)?(?:报告|说明|汇报)?的?(?:有关)?(?:情况|事项|工作)$")
# 针对存在的问题 tells what was done about them, and 排查问题 is a measure.
_NAMED = "(?:问题|不足|差距|短板|薄弱环节|弱项|困难)"
_SHORTCOMING = re.compile(
    rf"(?:[还仍也尚]|依然|仍然|主要)存在(?!的)|(?:[还仍尚]|依然|仍然)有(?![效序力])[^，。；]{{0,8}}?{_NAMED}|存在(?:着|以下|一些|一定|不少|许多|诸多|个别|下列|如下)(?:[^，。；]{{0,30}}?){_NAMED}"
    rf"|与[^，。；]{{2,30}}?(?:相比|要求)[^。；]{{0,20}}?(?:还有|仍有|尚有|存在)[^。；]{{0,12}}?{_NAMED}|(?:主要|突出)(?:问题|不足)(?:有|是|表现)"
    r"|(?:还|仍|尚)(?:不够|不足|不强|不高|不平衡|不完善|不到位|有待|需要?进一步|需加强)"
)
_SOLVED = re.compile(r"(?:针对|解决|整改|排查|查找|查摆|梳理|聚焦|围绕|就|对)[^，。；]{0,12}?存在")
# Of safety at work there are such persons too.
_FIRST = re.compile(
    r"(?:法治|依法)[^。；]{0,20}?第一责任人|第一责任人[^。；]{0,20}?(?:法治|依法)|(?:党政)?主要(?:负责人|负责同志|领导)[^。；]{0,24}?(?:法治|述法|依法行政|依法治)"
    r"|(?:[县市区镇乡州旗局]长|书记|主任)[^。；]{0,20}?(?:法治政府建设|法治建设|依法行政|述法)"
)
# 将法治建设纳入考核 is no plan: what stands behind 将 is then what is dealt with.
_INTENDED = (
    "(?:将(?:继续|进一步|以|按照|紧|坚持|着力|着重|围绕|深入|持续|全面|认真|重点|严格|从|切实|不断|聚焦|加|大力|积极|把|扎实|立足|在)"
    "|[要拟](?!求|点)|继续)"
)
_PLAN = re.compile(
    r"^[^。；]{0,6}?(?:下一?步|下一?阶段|下一?年|明年|来年|今后|新的一年|新一年)"
    rf"|^20\d\d年[,，][^。；]{{0,16}}?{_INTENDED}"
)
_DONE = re.compile("开展|推进|完成|制定|出台|组织|举办|建立|健全|加强|落实|深化|推动|强化|规范|审查|办理|培训")


_NUMBERED_PART = re.compile("第[一二三四五六七八九十]{1,2}部分[ 　、:：]*(?P<heading>[^。；]{2,40})")
"""A line that numbers a part in words, which is no heading: what is numbered 一、 below it would stand beside it."""


def found_contents(pieces: Iterable[Piece]) -> dict[Content, tuple[str, ...]]:
    """Where each content that is there stands: the anchors of its headings, or of the paragraphs that say it under no such heading.

    A heading alone is enough, for what stands below it may be set in any way; without one a sentence has to say it. What is not
    found may be there all the same in words that nobody thought of: look before you call it absent.
    """
    pieces = tuple(pieces)
    found = {content: _under(pieces, parts) for content, parts in _PARTS.items()}
    taken = frozenset().union(*_PARTS.values())
    rest = [piece for piece in pieces if not taken & set(piece.parts)]
    found[Content.OTHER] = _first_of_each(piece for piece in pieces if any(_OTHER_HEADING.search(heading) for heading in piece.headings))
    found[Content.MEASURES] = _under(rest, {part for piece in rest for part in piece.parts} - {OTHER_PART}) or _saying(rest, _does)
    for content, parts in _PARTS.items():
        found[content] = found[content] or _named(pieces, parts)
    for content, says in _SAYS.items():
        # 下一步 stands at the end of what falls short too.
        found[content] = found[content] or _saying(rest if content is Content.SHORTCOMINGS else pieces, says)
    return {content: found[content] for content in Content if found[content]}


def _under(pieces: Iterable[Piece], parts: Collection[str]) -> tuple[str, ...]:
    """The first passage below each heading that stands for one of these parts, the outermost such heading counting."""
    return _first_of_each(piece for piece in pieces if any(part in parts for part in piece.parts))


def _named(pieces: Iterable[Piece], parts: Collection[str]) -> tuple[str, ...]:
    """The lines that number one of these parts in words: 第二部分 存在的不足."""
    lines = ((piece.anchor, _NUMBERED_PART.fullmatch(piece.text)) for piece in pieces if not piece.is_heading)
    return tuple(anchor for anchor, line in lines if line and part_of(line["heading"]) in parts)


def _first_of_each(pieces: Iterable[Piece]) -> tuple[str, ...]:
    firsts: dict[str, str] = {}
    for piece in pieces:
        firsts.setdefault(piece.headings[0], piece.anchor)
    return tuple(firsts.values())


def _saying(pieces: Iterable[Piece], says: Callable[[str], bool]) -> tuple[str, ...]:
    """The paragraphs with a sentence that says it."""
    return tuple(
        piece.anchor
        for piece in pieces
        if not piece.is_heading and any(says(piece.text[start:end]) for start, end in sentences(piece.text))
    )


def _falls_short(sentence: str) -> bool:
    return bool(_SHORTCOMING.search(sentence)) and not _SOLVED.search(sentence)


def _does(sentence: str) -> bool:
    return bool(_DONE.search(sentence)) and not (_PLAN.search(sentence) or _falls_short(sentence))


def is_plan(sentence: str) -> bool:
    """Whether a sentence says what is to be done in the next year."""
    return bool(_PLAN.search(sentence))


_SAYS: dict[Content, Callable[[str], bool]] = {
    Content.SHORTCOMINGS: _falls_short,
    Content.FIRST_RESPONSIBLE: lambda sentence: bool(_FIRST.search(sentence)),
    Content.PLANS: is_plan,
}


def is_on_time(year: int | None, published: str | None) -> bool | None:
    """Whether a report about a year was public before 1 April of the next; None where the year or the day (ISO 8601) is unknown."""
    if year is None or published is None:
        return None
    return date.fromisoformat(published) < date(year + 1, 4, 1)
