"""Slips of each kind, planted in drafts."""

import re

from indexer.facts.replaced import ENDED, ending_of
from tests.indexer.drafts.made import HAN, NEIGHBOURS, changed

# Each of these puts one slip into a draft: lines, and what is found of it. None where the draft has nothing that it could spoil.


def drop_content(draft, chance):
    word = chance.choice(["不足|问题", "第一责任人", "安排|打算|思路"])
    at = next(at for at, line in enumerate(draft.lines) if re.match("[一二三四五]、", line) and re.search(word, line))
    rest = draft.lines[at + 2 :]
    # The headings behind it move up.
    rest = [re.sub("^[三四五]、", lambda old: HAN[HAN.index(old[0][0]) - 1] + "、", line) for line in rest]
    return [*draft.lines[:at], *rest], None


def leave_year(draft, chance):
    at = chance.choice([at for at in (0, 1, 2) if str(draft.year) in draft.lines[at]])
    return [*draft.lines[:at], draft.lines[at].replace(str(draft.year), str(draft.year - 1)), *draft.lines[at + 1 :]], str(draft.year - 1)


def plan_for_the_same_year(draft, chance):
    return changed(draft.lines, f"(?<!—){draft.year + 1}年", f"{draft.year}年", chance, 3)


def leave_year_in_text(draft, chance):
    begin = chance.choice(["{}年，全县共", "截至{}年底，", "{}年，我县"]).format(draft.year - 1)
    return changed(draft.lines, "(?<=。|是)(?=组织|审查|开展|举办|办理|聘请|清理)(?![^。]*同比)", lambda _: begin, chance, 3)


def name_another_place(draft, chance):
    other = chance.choice(NEIGHBOURS)
    if chance.random() < 0.5 and draft.place in draft.lines[1]:
        return [draft.lines[0], draft.lines[1].replace(draft.place, other), *draft.lines[2:]], other
    return changed(draft.lines, "(?<=。)(?=组织|审查|开展|举办|办理|聘请|清理)", lambda _: f"{other}扎实", chance, 3)


def spell_place_wrong(draft, chance):
    at = chance.randrange(len(draft.place) - 1)
    wrong = draft.place[:at] + chance.choice("张钊铂彬孛嵌") + draft.place[at + 1 :]
    if draft.place in draft.lines[1] and chance.random() < 0.5:
        return [draft.lines[0], draft.lines[1].replace(draft.place, wrong), *draft.lines[2:]], wrong
    said = f"{wrong}人民政府召开专题会议12次。"
    return changed(draft.lines, "(?<=。)(?=组织|审查|开展|举办|办理|聘请|清理)", lambda _: said, chance, 3)


def spell_rule_wrong(draft, chance):
    def wrong(match):
        name = match[0]
        at = chance.choice([at for at, char in enumerate(name) if not re.match(r"[\d（）—一二三]", char)])
        return name.replace("条例", "条列") if "条例" in name else name[:at] + "泽" + name[at + 1 :]

    return changed(draft.lines, "(?<=《)[^》]{5,}(?=》)", wrong, chance)


def name_rule_that_is_over(draft, chance):
    return changed(draft.lines, "(?<=《)[^》]+(?=》)", lambda _: "全面推进依法行政规划（2016—2020年）", chance)


def name_older_edition(draft, chance):
    older = [
        "法治政府建设实施纲要（2015—2020年）",
        "行政处罚法（2017年修正）",
        "中华人民共和国行政处罚法（2009 修正）",
        "优化营商环境评价指南（2018版）",
    ]
    return changed(draft.lines, "(?<=《)[^》]+(?=》)", lambda _: chance.choice(older), chance)


def name_rule_that_was_replaced(draft, chance):
    over = [name for name in ENDED if ending_of(name, draft.year)]
    return changed(draft.lines, "(?<=《)[^》]+(?=》)", lambda _: chance.choice(["中华人民共和国", ""]) + chance.choice(over), chance)


def miscount(draft, chance):
    forms = [
        ("(?<=成功率)(\\d+)(?=\\.\\d%)", lambda match: str(int(match[1]) - 11)),
        ("(?<=案件共)(\\d+)(?=件，其中)", lambda match: str(int(match[1]) - 7)),
    ]
    chance.shuffle(forms)
    return changed(draft.lines, *forms[0], chance) or changed(draft.lines, *forms[1], chance)


def misnumber(draft, chance):
    def wrong(match):
        return match[1] + HAN[HAN.index(match[2]) + chance.choice([-1, 1])]

    return changed(draft.lines, "^((?:（)?)([二三四五六])(?=）|、)", wrong, chance)


def repeat_heading(draft, chance):
    heads = [(at, line) for at, line in enumerate(draft.lines) if re.match("（[二三四五六]）", line)]
    first = next(re.sub("^（一）", "", line).partition("。")[0] for line in draft.lines if line.startswith("（一）"))
    at, line = chance.choice(heads)
    return [*draft.lines[:at], line[:3] + first + "".join(line.partition("。")[1:]), *draft.lines[at + 1 :]], first


def lose_item(draft, chance):
    if chance.random() < 0.5:
        return changed(draft.lines, "(?<=[。；])二是", "", chance, 2)
    return changed(draft.lines, "(?<=[。；])(二|三)是", lambda match: HAN[HAN.index(match[1]) + chance.choice([-1, 1])] + "是", chance, 2)


def lose_mark(draft, chance):
    return changed(draft.lines[:1] + draft.lines[1:], "(?<!^)[（）《》“”](?!.{0,2}$)", "", chance, 3)


def lines_of(draft):
    return [at for at, line in enumerate(draft.lines) if "。" in line and at > 2]


def carry_over(before, draft, chance):
    """A sentence with a figure of last year's report."""
    text = "\n".join(before.lines[3:-4])
    sentence = chance.choice([one for one in re.findall("(?<=。)(?:[一二三四]是)?([^。（\n]{15,})。", text) if re.search("[1-9]\\d", one)])
    at = chance.choice(lines_of(draft)[:-4])
    return [*draft.lines[:at], draft.lines[at] + sentence + "。", *draft.lines[at + 1 :]]


SLIPS = {
    "content-missing": drop_content,
    "year-left-over": leave_year,
    "plan-year": plan_for_the_same_year,
    "year-in-text": leave_year_in_text,
    "unit-other": name_another_place,
    "unit-slip": spell_place_wrong,
    "instrument-slip": spell_rule_wrong,
    "instrument-over": name_rule_that_is_over,
    "instrument-older": name_older_edition,
    "instrument-replaced": name_rule_that_was_replaced,
    "figures-disagree": miscount,
    "number-order": misnumber,
    "heading-twice": repeat_heading,
    "items-gap": lose_item,
    "unpaired": lose_mark,
}
