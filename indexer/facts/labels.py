"""Determines what a number counts, as the heading of a table would say it: the noun with its verb, from the clause around the number.

The grammar is that of these reports: a count follows its noun ("办理法律援助案件1073件") or precedes it ("29个部门"); a rate, a sum of
money or a change follows its name ("网上可办率99.3%"). What a clause omits is in the clause before: "受理81件，审结80件".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise, takewhile

from indexer.facts.clauses import FILLING, LONGEST, clean, found_at_end, take_apart, without_lead, without_trail
from indexer.facts.nouns import BARE, DONE, DONE_LAST, noun_behind, noun_of
from indexer.facts.quantities import Quantity
from indexer.facts.topics import TOPIC
from indexer.facts.verbs import VERB, VERB_START, last_verb

_REACH = 80
"""How far before a number its clause may begin, in code points."""
_BACK = 400
"""How far back a topic is searched for, in code points."""
# The sets of characters hold what the expressions of the same name begin or end with; checking them first avoids most attempts.
_OPENS_LAST = frozenset("的到为出了着成入定命录范整减次续面")
_NOUN_NEXT_LAST = frozenset("对将向为给把从由会同在针以确现到照按盖入有及惠余自")
_BETWEEN_FIRST = frozenset("以左余多的")
_NUMBERED_FIRST = frozenset("一二三四五六七八九十（(0123456789 \u3000\xa0")
_RATE = re.compile(
    rf"(?:满意|直接|综合|实际|总体|一次性?|初次|平均|整体|规范|调解|优良|良好|回访|参考|参训|公示|检查|挽回|{DONE})*(?:率|满意度)(?:[、和及][\u4e00-\u9fff]{{2,5}}率)*|占比|比例|占|涉及金额|标的额|及时率"
)
_OF_TOPIC = re.compile(rf"({TOPIC.pattern})(?:案件|申请|事项|业务|服务|工作)?$")
_BEHIND_NUMBER = re.compile(r"\s*(?:以上|以下|以内|左右|余|多)?\s*(?:的)?")
_ACTION = re.compile(rf"(?:广泛|集中|专题|现场|实地|带头|参观)?(?:{VERB}|研究|参观|(?<=广泛)\S)")
_ACTS = re.compile(rf"(?:正在|已|均|全部)?(?:{VERB}|实现)")
_BEFORE_NOUN = re.compile(r"(?:^|[对将向为给把从由会同在会同针以])$|(?:明确|实现|做到|按照?|覆盖|深入|共有|现有|会同|涉及|惠及|其余|来自)$")
_OPENS = re.compile(r"(?:[的到为出了着成入定]|任命|考录|规范|调整|删减|首次|连续|方面)$")
"""Words directly before a number that show that the noun after the number is what is counted."""
_MANNER = re.compile(r"(?:以|通过|经)(?P<how>.{1,24}?)(?:等)?(?:方式)?(?P<did>结案|终止|审结|办结|化解)$")
_LEVEL = re.compile(r"(?:国家|[省市县区州部乡镇])级|全[国省市县]")
_PERSONS = {"名": "人", "位": "人"}
_GENERAL = re.compile(rf"(?P<did>(?:{VERB}){{1,2}})(?P<what>案件|申请)")
"""受理案件: only the text before says which kind."""
_ITEM = re.compile(r"[。；：！？;:!?\n](?:[^\S\n]*+[一二三四五六七八九]?十?[一二三四五六七八九十]是|(?<=\n))")
_NUMBERED = re.compile(
    r"\s*(?:[一二三四五六七八九]?十?[一二三四五六七八九十]是|[（(][一二三四五六七八九十\d]{1,3}[）)]|[一二三四五六七八九十]{1,3}、|\d{1,2}[.．、])"
)
_CAUSES = ("组织", "推动", "完成", "推进")
"""Verbs whose object continues after the noun: 组织79个部门开展案卷评查."""
_ONE_BY_ONE = re.compile(
    r"(?P<how>同比|环比|[较比]上年)?分别(?P<what>同比|环比|[较比]上年)?(?:(?P<changed>增长|上升|提高|提升|增加|下降|减少|降低)了?|达到?|为|是|有|(?P<share>占(?:比|[^，。；、]{1,12}的)?))?$"
)
_MARKS = re.compile(r"[，。；：！？,;:!?\n\r\t…（()）]")
_OF_HOTLINE = ("诉求", "工单", "群众诉求")
_BEYOND = re.compile(r"(?:高于|低于|超过|高出|好于|优于)[全本]?[国省市县区]")
_YEARS = re.compile(r"(?P<years>(?:(?:19|20)\d\d年[、和]){1,6}(?:19|20)\d\d年)分别")
_BETWEEN = ("、", "和", "及", "与", "，")
_END = re.compile(r"[，。；：、！？,;:!?\n]")
_SHARES = ("%", "‰", "个百分点", "百分点", "倍", "比", "分", "元")
"""Units of numbers that follow their name and never precede a noun."""
_OCCASIONS = ("次", "场", "场次", "轮", "人次", "批次", "期", "件次")


@dataclass(slots=True)
class _Context:
    """What the text before a number says, for clauses that omit it."""

    text: str
    heading: str
    """The heading above the text."""
    item: int
    """Where the item or paragraph begins."""
    at: int = 0
    """Where the number begins."""
    end: int = 0
    """Where the noun counted by the number before ends."""
    label: str = ""
    """The label of the number before."""
    nouns: dict[str, str] = field(default_factory=dict)
    """What was counted last in each unit, without its verb."""
    noun: str = ""
    """What was counted last."""
    compared: str = ""
    """What the last number was compared with."""
    recent: list[str] = field(default_factory=list)
    """The labels in the sentence so far."""
    joined: int = 1
    """How many numbers are listed after 分别."""
    years: list[str] = field(default_factory=list)
    """The years of the numbers that follow one by one."""
    is_part: bool = False
    """Whether the number is one of the parts after 其中."""
    names: list[str] = field(default_factory=list)
    """The names of the numbers that follow one by one: 受理、审结分别为81件、80件."""

    def counts(self, noun: str, unit: str) -> None:
        """Record what was counted; a part of it ("其中企业5户、个体7户") does not replace it."""
        if not self.is_part or not self.noun:
            self.noun = self.nouns[_PERSONS.get(unit, unit)] = noun

    def counted(self, unit: str) -> str:
        """What was counted last in a unit."""
        return self.nouns.get(_PERSONS.get(unit, unit), "")

    def about(self, noun: str) -> str:
        """What a bare verb or rate is about: the noun before it, shortened to its topic if it is one; otherwise the topic of the text."""
        if noun:
            found = _OF_TOPIC.search(noun)
            return found[1] if found else noun
        topics = TOPIC.findall(self.text, max(self.item, self.at - _BACK), self.at) or TOPIC.findall(self.heading)
        return topics[-1] if topics else ""


def label_all(text: str, quantities: list[Quantity], heading: str = "") -> list[str]:
    """The label of each quantity of a text, in order; empty if the text does not tell what is counted.

    Args:
        text: The text as printed.
        quantities: The quantities of the text, in order.
        heading: The heading above the text; supplies a topic if the text names none.
    """
    labels: list[str] = []
    context = _Context(text, heading, 0)
    behind = looked = 0
    backwards = text[::-1]
    limits = [quantity.start for quantity in quantities[1:]] + [len(text)]
    for number, (quantity, limit) in enumerate(zip(quantities, limits, strict=False)):
        at = quantity.start
        item = context.item
        if text.find("是", looked, at) >= 0 or text.find("\n", looked, at) >= 0:
            for mark in _ITEM.finditer(text, looked, at):
                item = mark.end()
        looked = at
        if item > context.item or text.find("。", behind, at) >= 0:
            context = _Context(text, heading, item)
        context.at, context.end = at, behind
        start = _clause_start(text, backwards, at, behind)
        if text.find("分别", start, at) >= 0:
            context.joined = _joined(text, quantities, number)
        label, behind = _label(text, quantity, start, limit, context)
        labels.append(label[:LONGEST])
    return labels


def _joined(text: str, quantities: list[Quantity], first: int) -> int:
    """How many numbers are listed side by side from this one on: 8.7%和12.5%."""
    pairs = pairwise(quantities[first : first + LONGEST])
    return 1 + sum(1 for _ in takewhile(lambda pair: text[pair[0].end : pair[1].start] in _BETWEEN, pairs))


def _clause_start(text: str, backwards: str, at: int, behind: int) -> int:
    """Where the clause before `at` begins: after punctuation, an open bracket or the number before. `backwards` is the reversed text."""
    closed = 0
    first = max(behind, at - _REACH)
    found = _MARKS.search(backwards, len(text) - at, len(text) - first)
    while found:
        mark = len(text) - found.end()
        char = text[mark]
        if char in "）)":
            closed += 1
        elif char in "（(":
            if not closed and mark + 1 < at:
                return mark + 1
            closed -= 1
        elif char == "," and text[mark + 1 : mark + 2].isdigit() and text[mark - 1 : mark].isdigit():
            pass
        # In "案件：81件" the noun is before the colon.
        elif char not in "：:" or mark + 1 != at:
            return mark + 1
        found = _MARKS.search(backwards, found.end(), len(text) - first)
    return first


def _label(text: str, quantity: Quantity, start: int, limit: int, context: _Context) -> tuple[str, int]:
    """The label of a quantity whose clause begins at `start`, and where the text it was read from ends."""
    context.is_part = "其中" in text[start : start + 3] or (context.is_part and text[context.end : start].strip() in ("", "、"))
    clause, begins = _note_one_by_one(_clause(text[start : quantity.start]), context)
    name, compared, changes, other_year = take_apart(clause)
    if context.names and (begins or not name):
        name = context.names.pop(0)
        if context.years:
            # The last year is the report's own.
            other_year = context.years.pop(0) if len(context.years) > 1 else ""
        elif quantity.is_share:
            context.label = clean(name)
            return context.label, quantity.end
    if compared and not name and not changes:
        # "较2022年558件增加了555件": the other year's figure, then by how much it has changed since.
        context.compared = compared
        return re.sub("^相?[较比与]", "", compared) + context.label, quantity.end
    if changes and not name:
        return context.label + (compared or context.compared), quantity.end
    if quantity.unit in _SHARES and name and not _BEFORE_NOUN.fullmatch(name):
        label, end = _share(name, context), quantity.end
        if name.startswith("占") or _BEYOND.match(name):
            return label, end
        context.label = label
    else:
        label, end = _count(text, quantity, name, limit, context)
        context.label = label[:LONGEST]
    context.compared = ""
    context.recent.append(context.label)
    return other_year + context.label + compared, end


def _clause(before: str) -> str:
    """The clause before a number, without cell separators and its own number; empty if 和 joins the number to the one before."""
    if "|" in before:
        before = before.strip(" |")
    if before.endswith(("、", "和", "及", "与")):
        return ""
    if before[:1] in _NUMBERED_FIRST and (numbered := _NUMBERED.match(before)):
        return before[numbered.end() :]
    return before


def _note_one_by_one(clause: str, context: _Context) -> tuple[str, bool]:
    """Record what several numbers count that follow one by one: 受理、审结分别为81件、80件, 2021年和2022年分别受理80件、81件.

    Returns:
        The part of the clause still to be read, and whether such numbers begin after it.
    """
    if "分别" not in clause:
        return clause, False
    listed = _ONE_BY_ONE.search(clause)
    if listed:
        before, share = clause[: listed.start()], listed["share"]
        names = context.recent[-context.joined :] if (listed["changed"] or share) and not before else _names_one_by_one(before)
        of = "" if share is None else "占比" if share == "占" else share.removesuffix("的")
        context.names = [name + (listed["how"] or listed["what"] or of) for name in names]
        if listed["changed"] or (share and names):
            return "", True
    years = _YEARS.match(clause)
    if years:
        context.years = re.split("[、和]", years["years"])
        context.names = [clause[years.end() :]] * len(context.years)
    return clause, bool(listed or years)


def _names_one_by_one(names: str) -> list[str]:
    """Expands 调解、排查和预防纠纷量 to 调解纠纷量, 排查纠纷量, 预防纠纷量."""
    parts = re.split("[、和及与]", without_lead(names))
    tail = parts[-1][len(parts[0]) :] if parts[0][-1:] != parts[-1][-1:] else ""
    return [*(part + tail for part in parts[:-1]), parts[-1]] if len(parts) > 1 else []


def _share(name: str, context: _Context) -> str:
    """The label of a rate, a sum of money or any other number after its name."""
    name = clean(name)
    if _BEYOND.match(name):
        return context.label + name
    if name.endswith("占") and len(name) > 1:
        return name.removesuffix("占").removesuffix("的") + "占比"
    if name.startswith("占"):
        return context.label + (name if len(name) > 1 else "占比")
    if not _RATE.fullmatch(name):
        return name
    if name in ("占比", "比例"):
        return context.label + name
    if name == "成功率" and re.search("调解|调处|化解", context.label):
        name = "调解成功率"
    noun = context.about(context.noun)
    if noun in _OF_HOTLINE and "12345" in context.text[context.item : context.at]:
        noun = "12345热线" + noun
    # 一审行政诉讼败诉案件5件，败诉率3.6%: do not repeat the act.
    act = noun.find(name.removesuffix("率").removeprefix("直接").removeprefix("综合"))
    # 行政调解成功率 from 行政调解 and 调解成功率.
    return (noun[:act] if act > 0 else noun.removesuffix(name[:2]) if len(name) > 3 else noun) + name


def _count(text: str, quantity: Quantity, name: str, limit: int, context: _Context) -> tuple[str, int]:
    """The label of a count of things, and where the text it was read from ends."""
    verb = last_verb(name)
    at, next_to = quantity.end, text[quantity.end : quantity.end + 1]
    if (next_to in _BETWEEN_FIRST or next_to.isspace()) and (between := _BEHIND_NUMBER.match(text, at)):
        at = between.end()
    if _is_named_behind(text, quantity.start, name, verb) and (found := noun_behind(text, at, limit)):
        noun, end, owns = found
        context.counts(noun, quantity.unit)
        did = verb if not owns and (text[quantity.start - 1] != "的" or name == verb) else ""
        return ("" if did in _CAUSES else did) + noun, end
    is_occasion = quantity.unit in _OCCASIONS and _ACTION.match(text, at) is not None
    if is_occasion and (name[:1] in ("", "为", "向", "对") or not VERB_START.search(name)):
        end = _clause_end(text, at, limit)
        return FILLING.sub("", text[at:end]), end
    label = clean(name)
    if not label:
        action = text[at : _clause_end(text, at, limit)].strip()
        if _ACTS.match(action):
            return action, at + len(action)
        label = _before_mark(context.text, quantity.start, context.end)
    return _completed(label, quantity.unit, context) if label else context.label, quantity.end


def _is_named_behind(text: str, start: int, name: str, verb: str) -> bool:
    """Whether the noun after the number at `start` is what it counts, rather than the name in the clause before it."""
    return (
        len(name) <= 2
        or verb != ""
        or (text[start - 1] in _OPENS_LAST and _OPENS.search(text, max(0, start - 2), start) is not None)
        or (name[-1] in _NOUN_NEXT_LAST and found_at_end(_BEFORE_NOUN, name) is not None)
    )


def _clause_end(text: str, start: int, limit: int) -> int:
    """Where the clause that begins at `start` ends: at its punctuation, else at `limit`."""
    mark = _END.search(text, start, limit)
    return mark.start() if mark else limit


def _completed(label: str, unit: str, context: _Context) -> str:
    """A clause's label completed from the text before: which cases 审结 or 受理案件 refers to, what 市级 refers to."""
    if label[0] in "以通经" and (manner := _MANNER.fullmatch(label)):
        return context.about(context.counted(unit)) + manner["how"] + manner["did"]
    if label.endswith(DONE_LAST) and BARE.fullmatch(label):
        return context.about(context.counted(unit)) + label
    if label.endswith(("案件", "申请")) and (general := _GENERAL.fullmatch(label)) and (topic := context.about("")):
        label = general["did"] + topic + general["what"]
    if len(label) <= 3 and _LEVEL.fullmatch(label):
        return label + _LEVEL.sub("", context.counted(unit), count=1)
    noun = noun_of(label)
    if len(noun) > 1:
        context.counts(noun, unit)
    return label


def _before_mark(text: str, at: int, behind: int) -> str:
    """The name in the clause before, as in "行政处罚类数量最多，共349件"."""
    before = text[max(behind, at - LONGEST) : at]
    clauses = re.split("[，,]", before)
    if len(clauses) < 2 or _END.search(clauses[-1]):
        return ""
    return clean(without_trail(without_lead(re.split("[。；：;:]", clauses[-2])[-1])))
