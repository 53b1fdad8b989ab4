"""Takes apart the clause before a number: the name of what is counted, without who did it, when, and by how much it changed."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from indexer.facts.verbs import VERB, VERB_FIRSTS, VERB_START

LONGEST = 40
"""Longest label in code points."""
REMEMBERED = 4096
"""How many clauses are cached, since these reports repeat each other's wording."""
_YEAR = r"(?:19|20)\d\d"
_LEAD = re.compile(
    rf"(?:[、和与并且的\s)）】”]|及(?!时))+|以及|首批|其中|同时|此外|另外|中(?![国心小介级央队])|含(?!量)|包括|其次为?|再次为?|首先为?|结果分别为|结果为|辖区(?:现有|共有|内)|"
    rf"(?:自|从)?{_YEAR}(?:[-—－至到]+{_YEAR})?年(?:初|底|末|度|全年|上半年|下半年|第[一二三四]季度)?(?:至今|以来|来|期间)?|"
    r"截至|截止|\d{1,2}月(?:\d{1,2}日)?份?|\d{1,2}日|(?:今|去|本|当|上|全)年度?(?:以来)?|一年来|年初(?:以来|至今)?|年内|上半年|下半年|至今|"
    r"近年来|近[一二两三四五\d]年来?|以来|目前|现已|现有|现(?![场状代行任役金])|第[一二三四]季度|“\d{1,2}·\d{1,2}”期间|已经|已|累计|累积|总计|共计|合计|共有|总共|一共|共(?!同|享|治|建|服|青|产)|先后|陆续|分别|均|"
    r"我[省市县区州旗镇乡局委厅部]|全[省市县区州旗镇乡局国](?!.{0,2}法)|本[省市县区州旗镇乡局]|各地各部门|各级各部门|各地区?|"
    r"依法依规|依法(?!治|行政)|积极|主动(?!公开)|及时(?!率)|扎实|大力|认真|切实|进一步|率先|有效(?=化|处|解)|组织完成|其(?!他)|有(?!关|效)|是"
)
"""Words before the name of what is counted that say nothing of it: when, where, altogether."""
_TRAIL = re.compile(
    r"(?:达到|高达|多达|已达|(?<!发)达|(?<![行作])为|是|共计|共有|(?<!公)共|累计|累积|合计|总计|大约|(?<![节制公签预违民])约|将近|接近|(?<![附邻])近|超过|超额|超|逾|突破|"
    r"控制在|保持在?|维持在|稳定在|首次|(?<!急)需|须|分别|数量最多|数量|不少于|不低于|不超过|不足|不到|至少|最多|最少|(?<=[\u4e00-\u9fff])(?<![网线以础])上|"
    r"(?<![平人年日])均|各|(?<![首成])都|已|了|(?<![所国拥占公私享具])有|(?<![现存潜所])在|仅|只|(?<![发作提推移支输退派选转付评])出|(?<![自理事])由|从|(?<!目)的|之|[:：\s\-—（(]|"
    r"连续[一二两三四五六七八九十\d]+年|全[省市县区州旗镇乡国])$"
)
_CHANGE = re.compile(
    r"(?:(?:大幅|显著|明显|平均|净)?(?:增长|上升|提高|提升|增加|上涨|扩大|延长|提速|攀升|下降|减少|降低|压缩|压减|缩短|缩减|精简|削减|下跌|回落|下滑|(?<!新)增|升|降|"
    r"(?<!核)减)(?:了|幅度)?(?:至|到|为)?|[增降减涨升]幅(?:达到?|为)?|(?:调整|整合|优化|拓展|发展|扩大|扩容|提)(?:至|到|为))$"
)
# Regular expressions with many alternatives are tried at each position, and those anchored at the end of the text at each of its
# characters. So the first or last character is checked beforehand.
_LONGEST_TAIL = 16
_LEAD_FIRST = frozenset(
    "至与且并的和及以首其同此另中含包次再结辖自从截今去本当上全一年下近目现第已累总合共先陆分均我各依积主扎大认切进率有组是12"
    "03456789０１２３４５６７８９"
)
_TRAIL_LAST = frozenset(
    "到达为是计有共积约近超过额逾破在持首次需须别多量于低足少上均各都已了仅只出由从的之年省市县区州旗镇乡国：:（( \t\u3000—-"
)
_CHANGE_LAST = frozenset("幅达长升高加大速少低缩减短简落滑增降了度例至到为")
_OTHER_YEAR_LAST = frozenset("年度期初底末的")
_HOW_LAST = frozenset("比年度期月初同全量数，,")
_TOLD_LAST = _TRAIL_LAST | _CHANGE_LAST | _OTHER_YEAR_LAST | _HOW_LAST
"""Last characters of clauses that have more at their end than the name of what is counted."""
_HOW = re.compile(
    r"(?P<how>同比|环比|(?:相?较|比|与)(?:上一?年|去年|前年|往年|上月|年初|同期|(?:19|20)\d\d年)度?(?:同期|同比|全年|相比)?)(?:数量|案件数)?[，,]?$"
)
_WITH_ANOTHER = re.compile(r"与(?:上一?年|去年|同期|(?:19|20)\d\d年)度?(?:同期)?相比")
_AGENT = re.compile(
    r"(?:“[^”]{1,20}”|[\u4e00-\u9fff（）()“”、]{0,22}?(?:政府|办公室|机关|部门|机构|委员会|中心|法院|检察院|组织|专班|大队|支队|司法所|服务所|"
    rf"(?<![公当结布])局|委办|单位|说事点|街道|乡镇|镇街|律师|顾问|(?:执法|巡查|督查|工作)队|工作站|平台|大厅|公证处|仲裁委|领域|[县市区州镇乡旗]长|书记))(?:全年|共|累计|已|先后|依法|均|共计|协同|联合|主动|积极|通过)*(?:[共现]有|(?=(?:{VERB})(?!率)))"
)
"""The agent before the verb."""
FILLING = re.compile(
    rf"^向[\u4e00-\u9fff、]{{2,16}}(?=(?:报备|备案|报送备案)$)|各级各类|各类|各项|各种|(?<=[一-龥”])(?<!公)(?:全年|累计|共计|先后|共)(?=(?:{VERB}))|(?<=[理查办解处占取开])全[省市县区州旗镇](?!法)|(?<=[一-龥])了(?=[一-龥“])(?!率)"
)
_MAY_FILL = re.compile("[向各全累共先了]")
_ASIDES = re.compile(r"[（(](?:包括|含|其中|不含|不包括|[^（）()]{7})[^（）()]*[）)]$")
_OTHER_YEAR = re.compile(r"(?P<since>[由从])?(?P<year>(?:19|20)\d\d年|去年|上年|[一二三四]季度|上半年|年初)(?:度|同期|底|末)?的?$")


def without_lead(text: str) -> str:
    """The text without words before the name that say nothing of it: 截至2022年底, 累计."""
    while text and (text[0] in _LEAD_FIRST or not text[0].isalnum()) and (lead := _LEAD.match(text)):
        text = text[lead.end() :]
    return text


class Clause(NamedTuple):
    """The clause before a number, taken apart."""

    name: str
    """The name of what is counted; empty if the clause omits it."""
    compared: str
    """What the number is compared with: 同比, 较上年; empty if there is no comparison."""
    changes: bool
    """Whether the number says by how much something changed, or what it changed to."""
    other_year: str
    """The earlier year that the number belongs to (由2021年的15.3%降至…); empty if it belongs to the report's own."""


@lru_cache(maxsize=REMEMBERED)
def take_apart(before: str) -> Clause:
    """The clause before a number, without words that say nothing of what is counted."""
    if before and before[0] not in _LEAD_FIRST and before[0].isalnum() and before[-1] not in _TOLD_LAST:
        return Clause(before, "", False, "")
    # A leading 与 may join the clause to what came before, but not in 与去年相比.
    name, then = before if before.startswith("与") and _WITH_ANOTHER.match(before) else without_lead(before), ""
    if name[-1:] in _OTHER_YEAR_LAST and (another := found_at_end(_OTHER_YEAR, name)) and not found_at_end(_HOW, name):
        # "纠错率由2021年的15.3%降至2023年的8.6%"
        name, then = name[: another.start()], another["year"] if another["since"] else ""
    name, compared, changes = _without_change(name)
    return Clause(without_lead(name), compared, changes, then)


def _without_change(text: str) -> tuple[str, str, bool]:
    """The name before 同比增长 or 由 … 缩短至, what it is compared with, and whether a change is stated."""
    short = without_trail(text)
    change = found_at_end(_CHANGE, text) if text[-1:] in _CHANGE_LAST else None
    if change is None and short[-1:] in _CHANGE_LAST:
        change = found_at_end(_CHANGE, short)
    text = without_trail(change.string[: change.start()]) if change else short
    how = ""
    if text[-1:] in _HOW_LAST and (compared := found_at_end(_HOW, text)):
        how, text = compared["how"], without_trail(text[: compared.start()])
    return text, how, change is not None


def found_at_end(expression: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The match of an expression at the end of a text; these expressions are tried at each character, and none is longer than this."""
    return expression.search(text, max(0, len(text) - _LONGEST_TAIL))


def without_trail(text: str) -> str:
    """The text without words between the name and the number: 达到, 共计."""
    while text[-1:] in _TRAIL_LAST and (trail := found_at_end(_TRAIL, text)):
        text = text[: trail.start()]
    return text


@lru_cache(maxsize=REMEMBERED)
def clean(name: str) -> str:
    """The name without its agent and without words that say nothing."""
    filled = FILLING.sub("", name) if _MAY_FILL.search(name) else name
    name = (_ASIDES.sub("", filled) if filled[-1:] in ("）", ")") else filled) or name
    if (
        not name.endswith(("率", "比例", "占比", "满意度"))
        and not (name[:1] in VERB_FIRSTS and VERB_START.match(name))
        and (agent := _AGENT.match(name))
    ):
        name = name[agent.end() :]
    name = without_lead(name)
    if not (name[:1].isalnum() and name[-1:].isalnum()):
        name = name.strip("、，“ " if name.count("“") != name.count("”") else "、， ")
    return name if len(name) <= LONGEST else name[-LONGEST:]
