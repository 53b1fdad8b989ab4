"""The contents that an annual report must have, and whether it was published in time. Pure.

法治政府建设与责任落实督察工作规定 (中共中央办公厅、国务院办公厅, 厅字〔2019〕28号, in force since 2019-04-15) lists them:
上一年度推进法治政府建设的主要举措和成效; 存在的不足和原因; 党政主要负责人履行推进法治建设第一责任人职责，加强法治政府建设的有关情况;
下一年度推进法治政府建设的主要安排; 其他需要报告的情况, which may be absent: so quoted at http://scfzw.net/sifa/36/6427.html.
Reports of governments and their departments must be public before 1 April of the next year: 第二十四条, as
http://www.hnhs.gov.cn/22560/22709/43459/43460/43462/43492/content_2139138.html quotes it. The article that lists the contents is not
cited here, because it was read only in notices that follow it. For years before 2018, 法治政府建设实施纲要（2015—2020年）
(中发〔2015〕36号) asked for reports in the first quarter, which ends on the same day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Literal

from indexer.outline import FIRST_RESPONSIBLE, OTHER_PART, PLANS, PROBLEMS, PROBLEMS_AND_PLANS, part_of, read_number, sentences


class Content(StrEnum):
    """A required content of a report."""

    MEASURES = "measures"
    SHORTCOMINGS = "shortcomings"
    FIRST_RESPONSIBLE = "first_responsible"
    PLANS = "plans"
    OTHER = "other"


REQUIRED = (Content.MEASURES, Content.SHORTCOMINGS, Content.FIRST_RESPONSIBLE, Content.PLANS)
"""The contents that every report must have."""


@dataclass(frozen=True, slots=True)
class Source:
    """A rule that requires something of annual reports."""

    asks: Literal["contents", "publication"]
    """Whether it requires contents, or publication before a day."""
    rule: str
    number: str
    """The number of the document that issued it."""
    article: str | None
    """The article that requires it; None if its own text was not read."""
    first_year: int
    """The first reported year to which it applied."""
    last_year: int | None
    """The last reported year; None while it is in force."""


SOURCES = (
    Source("contents", "法治政府建设与责任落实督察工作规定", "厅字〔2019〕28号", None, 2018, None),
    Source("publication", "法治政府建设与责任落实督察工作规定", "厅字〔2019〕28号", "第二十四条", 2018, None),
    Source("publication", "法治政府建设实施纲要（2015—2020年）", "中发〔2015〕36号", None, 2015, 2017),
)


def sources_of(year: int | None) -> tuple[Source, ...]:
    """The rules for reports on a year; all of them for None."""
    return tuple(one for one in SOURCES if year is None or one.first_year <= year <= (one.last_year or year))


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage, reduced to what its content is judged by."""

    anchor: str
    text: str
    parts: tuple[str, ...]
    """The standard parts of the headings above it, outermost first; for a heading, its own is the last."""
    headings: tuple[str, ...]
    """These headings."""
    is_heading: bool = False


_PARTS: dict[Content, frozenset[str]] = {
    Content.SHORTCOMINGS: frozenset({PROBLEMS, PROBLEMS_AND_PLANS}),
    Content.FIRST_RESPONSIBLE: frozenset({FIRST_RESPONSIBLE}),
    Content.PLANS: frozenset({PLANS, PROBLEMS_AND_PLANS}),
}
_OTHER_HEADING = re.compile(
    "其[他它]?(?:需要?|应当|有关|须)?(?:报告|说明|汇报)?的?(?:有关)?(?:其他)?(?:情况|事项|工作)$|^[^，。；]{0,4}、?其[他它]$"
)
_DONE_AND_LACKING = re.compile(
    "(?:成[效绩果]|做法|举措|经验|进展|亮点|情况)[^。；]{0,4}[和与及、][^。；]{0,10}(?:问题|不足|短板|差距|困难)"
)
"""A heading of both achievements and shortcomings."""
_HEADS = 40
"""Longest text inside a paragraph, or in the first cell of a row, that counts as a heading."""

# 针对存在的问题 tells what was done about problems, and 排查问题 is a measure.
_NAMED = "(?:问题|不足|差距|短板|薄弱环节|弱项|困难|难题|难点|瓶颈|堵点|痛点|软肋|缺点|欠缺|隐忧|不尽?如?人意)"
_STILL = "(?:[还仍尚]|依然|面临|深?感到?|认识到|意识到|看到|我们也?发现|客观|坦率|不可否认|[目当]前)"
_FEW = "(?:一些|有些|有的|个别|(?<!第.)部分|少数|某些|多数)"
_WEAK = (
    "(?:不(?:够|足|强|高|深|透|到位|平衡|均衡|完善|规范|健全|充分|明显|主动|严格|严[，。；]|熟练|熟悉|扎实|平|大[，。；]|多[，。；]|细|广|牢|及时|匹配|适应"
    "|全面|清|畅|灵活|精|实|紧|稳定|理想|力|敢|愿|会|能|准|均|甚|太|很)|缺(?:乏|少|失|位|口|编)|薄弱|欠缺|偏(?:少|低|弱|慢|高|窄|老|软|紧|大)"
    "|[较过](?:弱|少|低|慢|差|窄|多)|滞后|落后|老化|单一|有待|短缺|紧缺|紧张|流失|断层|脱节|走过场|打折扣|流于形式|参差不齐|难以|跟不上"
    "|不上|不住|不过来|空白|淡薄|矛盾突出|力度弱|能力弱|屡禁不[止绝]|时有发生|随意|混乱|青黄不接|断档|(?:问题|隐患|矛盾|困难)较?多|至今[没未])"
)
_SOLVES = (
    "(?:针对|解决|整改|帮助|约谈|通报|纠正|督促|责令|查处|查出|揭示|化解|避免|防止|防范|克服|改变|扭转|杜绝|破解|消除|补齐|弥补|整治|着力|限期|曝光|查找|梳理"
    "|排查|摸排|聚焦|围绕|瞄准|指导|提醒|不再|确保|力争|就|对(?!照|标|策))"
)
_BASE_IS_WEAK = "起步[晚慢]|底子薄|基础(?:差|薄|弱)"
_SHORTCOMING = re.compile(
    rf"(?:[还仍也尚]|依然|仍然|主要)存在(?!的)|(?:[还仍尚]|依然|仍然)有(?![效序力])[^，。；]{{0,8}}?{_NAMED}"
    rf"|存在(?:着|以下|一些|一定|不少|许多|诸多|个别|下列|如下)(?:[^，。；]{{0,30}}?){_NAMED}"
    rf"|与[^，。；]{{2,30}}?(?:相比|要求)[^。；]{{0,20}}?(?:还有|仍有|尚有|存在)[^。；]{{0,12}}?{_NAMED}|(?:主要|突出)(?:问题|不足)(?:有|是|表现)"
    rf"|(?:与|同|比)(?=[^，。；]{{2,20}}相比[^。；]{{0,40}}?(?:{_WEAK}|{_BASE_IS_WEAK}))(?![^，。；]*(?:年|同期|以往|过去|之前))"
    rf"|(?:说到|说起|谈到|谈及|论及)[^，。；]{{0,6}}{_NAMED}"
    "|(?<!不)存在(?:短板|不足|差距)"
    "|[还仍尚](?:没有|未)(?:能|完全|真正|全部)?(?:建立|形成|健全|完善|覆盖|配备|落实|到位|解决|打通|理顺|贯通|取得|实现|做到)"
    "|(?:没有|未能|未)(?:得到)?(?:根本|完全|有效|彻底)(?:扭转|解决|改变|好转|改善)"
    "|清醒地?(?:看到|认识到?|意识到|感到)(?![^。；]*(?:重要性|意义|形势))"
    "|(?:还|仍|尚)(?:不够|不足|不强|不高|不平衡|不完善|不到位|有待|需要?进一步|需加强)"
    "|有待(?:进一步|不断|持续)?(?:加强|增强|提升|提高|改进|改善|完善|解决|规范|加大|加快|深化|破解|健全|强化|充实)"
    rf"|(?:^|[，,；;])[^，。；：:]{{0,12}}?{_NAMED}(?:之处|方面|的)?(?:主要)?(?:是|有(?!效)|在于|表现|体现|如下|[：:])"
)
_SOLVED = re.compile(
    "(?:针对|解决|整改|排查|查找|查摆|梳理|聚焦|围绕|就|对)[^，。；]{0,12}?存在"
    "|已经?(?:全部|基本|得到)?(?:有效)?(?:解决|补|整改|化解|消除|改善|缓解)"
    "|(?:反馈|指出)的[^。]{0,60}?(?:整改|销号|解决|办结)|(?:问题|不足)[^。；]{0,12}?(?:全部|均已?)(?:整改|销号|解决|办结)"
    "|发现[^。]{0,60}?(?:责令|当场|予以|[立均]即?已?整改|全部整改|下达|约谈)"
)
_WEAKNESS = re.compile(rf"^(?:(?!{_SOLVES}).)*?(?:{_STILL}|{_FEW}).{{0,40}}?(?:{_WEAK}|{_STILL}.{{0,20}}?{_NAMED})")
_MAY_BE_WEAK = re.compile(f"{_STILL}|{_FEW}")
_CONTRAST = re.compile(
    rf"(?:^|[，,；;])(?:但是?|然而|不过|同时|与此同时|虽然?|尽管)(?!.{{0,14}}{_SOLVES})[^。；]{{0,60}}?(?:{_WEAK}|有[^，。；]{{0,8}}{_NAMED})"
)
_WEAK_ENDS = (
    "不[足够强高深透畅实严细广紧]|不(?:到位|健全|完善|规范|平衡|均衡|充分|及时|彻底|明显|熟练|主动|稳定|匹配)"
    "|偏[少低弱大慢高]|较[少低弱慢差]|薄弱|滞后|欠缺|淡薄|老化|单一|有限|落后|慢|性差|量差|力差|度差"
    "|打折扣|流于形式|走过场|参差不齐|屡禁不[止绝]|跟不上|不过来|随意|混乱|水平不一|有(?:短板|不足|差距|弱项|欠缺)|青黄不接|断档"
    "|周期长|工期长|耗时长|成本高|压力大|阻力大|难度大|任务重|难、[^、，。；]{1,6}难"
)
_ENDS_WEAK = re.compile(rf"^(?:(?!{_SOLVES}|发现|面对|因|由于|为|原).)*?(?:{_WEAK_ENDS})[。！]?$")
"""A clause with such an ending states a shortcoming, unless the sentence says what was done about it."""
_HANDLED = re.compile("责令|整改|处罚|纠正|解决|查处|立案|约谈|通报|督促|移送|化解|下达|警告|关停|取缔|受理|支持|救助|帮扶|倾斜")
_MAY_FALL_SHORT = re.compile(
    "存在|还|仍|尚|依然|有待|问题|不足|差距|短板|薄弱|弱项|困难|难题|难点|瓶颈|堵点|痛点|软肋|缺点|欠缺|隐忧|人意|相比|但|然而|不过|同时|虽|尽管"
    "|面临|感|认识到|意识到|看到|清醒|我们也?发现|客观|坦率|不可否认|至今|没有[根完有彻]|未[根完有彻得能]|目前|当前"
    "|一些|有些|有的|个别|部分|少数|某些|多数"
)
_MAY_END_WEAK = re.compile(f"(?:{_WEAK_ENDS})[。！]?(?=[，,：:；;]|$)")
"""One of the two is found in every sentence in which one of the expressions above is found; tried first, because most sentences lack it.

Every alternative begins with a character and not with a class of several, so that `re` passes over the others at once: ten times as fast.
"""
# Safety at work has such persons too.
_OFFICE = "(?<![副村])[县市区镇乡州旗局]长(?!热线|信箱)|(?<![村部])书记|主任"
_LEADER = f"(?:党政)?主要(?:负责人|负责同志|领导)|{_OFFICE}|一把手”?"
_FIRST_RESPONSIBLE = "(?<!安全)(?<!生产)(?<!防火)(?<!质量)第一责任人"
_FIRST = re.compile(
    rf"(?:法治|依法)[^。；]{{0,20}}?{_FIRST_RESPONSIBLE}|{_FIRST_RESPONSIBLE}[^。；]{{0,20}}?(?:法治|依法)|党政主要(?:负责人|负责同志|领导)"
    r"|(?:党政)?主要(?:负责人|负责同志|领导)[^。；]{0,24}?(?:法治|述法|依法行政|依法治)"
    rf"|(?:{_OFFICE})[^。；]{{0,30}}?(?:法治政府建设|法治建设|依法行政|述法)"
    rf"|(?:{_OFFICE})[^，。；]{{0,10}}?法治(?!副校长|宣传|教育|培训|意识|咨询)"
    rf"|(?:{_LEADER})[^，。；]{{0,16}}?(?:研究|主持|部署|听取|督导|督办|调度|批示|领办|审定)[^，。；]{{0,16}}?法治"
    rf"|(?:{_LEADER})[^，。；]{{0,6}}?(?:带头|亲自|牵头)[^。；]{{0,16}}?(?:法治|学法|述法|讲法|法律|合法性|依法)"
)
_WHO = re.compile("责任人|主要(?:负责|领导)|长|书记|主任|一把手")
"""No sentence without one of these words speaks of a leader."""
_CITED = re.compile("(?P<with>[^，。；《》]{0,12})《[^》]*》")
"""The name of a rule, with the words before it: 根据《党政主要负责人履行推进法治建设第一责任人职责规定》 says nothing of a leader."""
_FOLLOWED = re.compile("执行|落实|贯彻|履行|遵守")
_OF_FIRMS = re.compile("(?:企业|公司|单位|经营者|场所|学校)[^，。；]{0,6}主要(?:负责人|领导)")
_NEXT = "(?:下一?步|下一?阶段|下一?年|下步|下个年度|接下来|往前走|明年|来年|今后|新的一年|新一年|新年度)"
# 将法治建设纳入考核 is not a plan: there 将 marks the object.
_INTENDED = (
    "(?:将(?:继续|进一步|以|按照|紧|坚持|着力|着重|围绕|深入|持续|全面|认真|重点|严格|从|切实|不断|聚焦|加|大力|积极|把|扎实|立足|在)"
    "|将(?![^，。；]{0,24}?(?:纳入|作为|列为|列入|融入|贯穿|移送|移交|下放|划转|下沉|写入|放在|摆在|置于|转化|压缩|缩短|降|报送|录入|上传|细化|分解|变为"
    "|调整|推送|送[到达至]|与))|[要拟](?!求|点)|继续|计划(?![并和及、，。；》”的]|编|任务|执行|完成|$)|打算)"
)
_PLAN = re.compile(
    rf"^[^。；]{{0,6}}?{_NEXT}"
    rf"|^(?:[^。；，]{{2,8}}，)?[^。；，]{{0,4}}20\d\d年(?:[,，][^。；]{{0,16}}?|[^。；，\d]{{0,8}}){_INTENDED}|作为{_NEXT}"
    r"|(?:^|[，,])(?:我们|[我本][省市县区旗镇乡街局委办院]\w{0,2})(?:打算|拟(?!定|订)|计划(?=在|于|20)|下[一步])"
)
_OWN_WILL = re.compile(rf"^[^。；，]{{0,2}}[我本][省市县区旗镇乡街局委办院厅][^。；，]{{0,4}}?(?={_INTENDED})将")
_MAY_BE_PLAN = re.compile("下|往前走|明年|来年|今后|新的?一年|新年度|20|打算|拟|计划|将")
"""Like `_MAY_FALL_SHORT`, for plans."""
_DONE = re.compile(
    r"\d[余多]?[万亿]?(?:件|次|人|起|份|场|期|项|个|家|宗|户|处|条|名|元|万元)|开展|推进|完成|制定|出台|组织|举办|建立|健全|加强|落实|深化|推动|强化|规范|审查|办理|培训|查处|检查|受理|化解|清理|调解"
)


def found_contents(pieces: Iterable[Piece], year: int | None = None) -> dict[Content, tuple[str, ...]]:
    """Where each content that was found is: the anchors of its headings, or else of paragraphs that state it.

    A heading alone is enough, since the text below it may have any form; without one, a sentence has to state it. A content that is not
    found may still be there in words that nobody thought of: check before you call it absent.

    Args:
        pieces: The passages in text order, without the title.
        year: The report's year; a sentence that begins with the following year is a plan.
    """
    pieces = tuple(pieces)
    found = {content: _under(pieces, parts) for content, parts in _PARTS.items()}
    taken = frozenset().union(*_PARTS.values())
    rest = [piece for piece in pieces if not taken & set(piece.parts)]
    found[Content.OTHER] = _first_of_each(piece for piece in pieces if any(_OTHER_HEADING.search(heading) for heading in piece.headings))
    found[Content.MEASURES] = (
        _under(rest, {part for piece in rest for part in piece.parts} - {OTHER_PART})
        or _first_of_each(piece for piece in pieces if any(_DONE_AND_LACKING.search(heading) for heading in piece.headings))
        or _saying(rest, _does)
    )
    if not all(found[content] for content in _PARTS):
        named = [(piece.anchor, part_of(head)) for piece in pieces for head in _heads(piece)]
        for content, parts in _PARTS.items():
            found[content] = found[content] or tuple(dict.fromkeys(anchor for anchor, part in named if part in parts))
    found[Content.SHORTCOMINGS] = found[Content.SHORTCOMINGS] or _saying(rest, _falls_short) or _saying(pieces, _admits)
    # The deeds of leaders may be in the words of a heading.
    found[Content.FIRST_RESPONSIBLE] = found[Content.FIRST_RESPONSIBLE] or _saying(pieces, _leads, headings=True)
    found[Content.PLANS] = (
        found[Content.PLANS]
        or tuple(piece.anchor for piece in pieces if piece.is_heading and _begins_next(piece.headings[-1], year))
        or _saying(pieces, lambda sentence: is_plan(sentence) or _begins_next(sentence, year))
    )
    return {content: found[content] for content in Content if found[content]}


def _under(pieces: Iterable[Piece], parts: Collection[str]) -> tuple[str, ...]:
    """The first passage under each outermost heading whose parts, or those of headings below it, include one of these."""
    return _first_of_each(piece for piece in pieces if any(part in parts for part in piece.parts))


def _heads(piece: Piece) -> Iterator[str]:
    """The texts in a paragraph that are printed like headings: the first cell of a row, a numbered line, words before a colon."""
    if piece.is_heading:
        return
    first, *cells = piece.text.split(" | ")
    if len(cells) > 1 and _BARE_NUMBER.fullmatch(first):
        first, *cells = cells
    if cells:
        yield from (first,) if len(first) <= _HEADS and any(len(cell) >= _SAYS_SOMETHING for cell in cells) else ()
        return
    if len(piece.text) <= _HEADS and not re.search("[。；;，,：:]", piece.text) and not _BEGINS_SOLVED.search(piece.text):
        yield piece.text
        return
    for sentence in _sentences(piece.text):
        # Most sentences end with a mark, which is found sooner than that they have no number.
        if len(sentence) <= _HEADS and not _MARK.search(sentence) and (number := read_number(sentence)):
            yield sentence[number.length :]
        elif sentence.endswith("方面。") and _ASPECT.fullmatch(sentence):
            yield sentence.rstrip("。")
        elif (lead := _LEAD.match(sentence)) and not _SOLVED.search(lead[0]):
            yield lead["head"]


_SAYS_SOMETHING = 6
"""Characters of a cell from which it is more than a figure."""
_MARK = re.compile("[。；;，,]")
_BARE_NUMBER = re.compile("[（(]?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[）)、.]?")
_ASPECT = re.compile("[^，。；：:“”]{2,8}方面。")
"""工作推进方面。, which names the subject of the sentences after it."""
_BEGINS_SOLVED = re.compile(f"^.{{0,6}}{_SOLVES}")
_LEAD = re.compile(f"【?(?P<head>(?=[^，。；：:、“”【】]{{2,14}}[：:】])(?!.{{0,6}}{_SOLVES})[^，。；：:、“”【】]{{2,14}})[：:】]")
"""存在问题： or 【存在问题】 at the start of a sentence."""


def _first_of_each(pieces: Iterable[Piece]) -> tuple[str, ...]:
    firsts: dict[str, str] = {}
    for piece in pieces:
        firsts.setdefault(piece.headings[0], piece.anchor)
    return tuple(firsts.values())


def _saying(pieces: Iterable[Piece], says: Callable[[str], bool], headings: bool = False) -> tuple[str, ...]:
    """The passages with a sentence for which `says` holds: paragraphs, and headings that end like a sentence (`headings`: any heading)."""
    return tuple(
        piece.anchor
        for piece in pieces
        if (headings or not piece.is_heading or piece.text.endswith("。")) and any(map(says, _sentences(piece.text)))
    )


@lru_cache(maxsize=2048)
def _sentences(text: str) -> list[str]:
    """The sentences of a paragraph; cached, because several contents are searched for in turn."""
    return [text[start:end] for start, end in sentences(text)]


def _falls_short(sentence: str) -> bool:
    if not (_MAY_FALL_SHORT.search(sentence) or _MAY_END_WEAK.search(sentence)) or _PLAN.search(sentence) or _SOLVED.search(sentence):
        return False
    if _SHORTCOMING.search(sentence) or _CONTRAST.search(sentence):
        return True
    clauses = re.split("[，,：:；;]", sentence)
    if _MAY_BE_WEAK.search(sentence) and any(map(_WEAKNESS.search, clauses)):
        return True
    return not _HANDLED.search(sentence) and any(map(_ENDS_WEAK.search, clauses))


def _admits(sentence: str) -> bool:
    """Whether a sentence admits a shortcoming, among plans or about leaders, where many sentences sound similar."""
    return bool(re.search("但|虽|[还仍尚](?:存在|有|不)", sentence)) and _falls_short(sentence)


def _leads(sentence: str) -> bool:
    if not _WHO.search(sentence) or _OF_FIRMS.search(sentence):
        return False
    return bool(_FIRST.search(_CITED.sub(lambda cited: cited[0] if _FOLLOWED.search(cited["with"]) else "", sentence)))


def _does(sentence: str) -> bool:
    return bool(_DONE.search(sentence)) and not (is_plan(sentence) or _falls_short(sentence))


def is_plan(sentence: str) -> bool:
    """Whether a sentence says what will be done in the next year."""
    return bool(_MAY_BE_PLAN.search(sentence)) and bool(_PLAN.search(sentence) or _OWN_WILL.search(sentence))


def _begins_next(sentence: str, year: int | None) -> bool:
    """Whether a sentence begins with the year after that of its report, other than as part of a date."""
    if year is None or str(year + 1) not in sentence:
        return False
    only_drawn_up = "编制|制[定订]|印发|出台|[发公]布|下达|审议|完成"
    begins = rf"(?!{only_drawn_up})[^。；，,至\d]{{0,4}}{year + 1}(?:年|(?=行动|任务|展望))(?![初上]|\d|[^，。；]{{0,3}}月)"
    return (
        re.match(begins, sentence) is not None
        or re.search(rf"(?:计划|拟|打算|力争|争取|预计|将|谋划|展望)[在于到]?{year + 1}年", sentence) is not None
    )


def is_on_time(year: int | None, published: str | None) -> bool | None:
    """Whether a report on a year was public before 1 April of the next; None if the year or the day (ISO 8601) is unknown."""
    if year is None or published is None:
        return None
    return date.fromisoformat(published) < date(year + 1, 4, 1)
