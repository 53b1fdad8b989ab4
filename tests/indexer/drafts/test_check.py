"""What is found in drafts: planted slips of each kind, and nothing in clean ones."""

import os
import random
import re
from dataclasses import replace

import pytest

from indexer import Report, fold
from indexer.drafts import KINDS, Background, Copy, EndedIn, Finding, check
from indexer.facts.editions import Editions
from indexer.facts.replaced import ENDED, ending_of
from indexer.facts.slips import Names
from indexer.search.beside_drafts import BesideDrafts
from indexer.texts import speaking
from tests.indexer.drafts.made import HAN, NEIGHBOURS, RULES, Maker, changed
from tests.scan import ScanEngine
from tests.support import FIRST_REPORT

FULL = bool(os.environ.get("DRAFTS"))
"""DRAFTS=1 tries as many drafts as the shares are stated for; an ordinary run fewer."""
PLANTED = 40 if FULL else 12
FOUND = 0.95 if FULL else 0.9
CLEAN = 50 if FULL else 16
NAMES = Names(RULES)
EDITIONS = Editions([*RULES, "行政处罚法（2021年修订）", "行政复议法（2023年修订）", "优化营商环境评价指南（2020年版）"])


def slip_of(name):
    near = sorted(NAMES.near(name))
    return (near[0], 9) if near else None


def later_edition_of(name, year):
    later = EDITIONS.later_than(name, year)
    return (later, 9) if later else None


def of(draft, previous=None, others=None):
    report = draft.report()
    known = Background.of(report)
    background = Background(known.unit, known.year, (), previous.report() if previous else None, slip_of, later_edition_of)
    if others is not None:
        beside = BesideDrafts(others, known.unit.id if known.unit else None)
        background = replace(background, copy_of=beside.copy_of, ended_in=beside.ended_in)
    return report, check(report, background)


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


UNSAID = {"建设法治文化公园", "开展涉企检查专项整治", "完善行政复议听证制度", "推进乡镇综合执法队伍建设"}


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


@pytest.mark.parametrize("code", SLIPS)
def test_planted_slips_are_found(code):
    chance = random.Random(code)
    maker = Maker(chance)
    missed, planted = [], 0
    while planted < PLANTED:
        draft = maker.draft()
        if (spoilt := SLIPS[code](draft, chance)) is None:
            continue
        planted += 1
        draft.lines, printed = spoilt
        _, findings = of(draft)
        if code not in {one.code for one in findings}:
            missed.append((printed, [one.code for one in findings]))
    assert 1 - len(missed) / planted >= FOUND, missed


def test_what_stayed_from_last_year_is_found():
    chance = random.Random(22)
    maker = Maker(chance)
    found = {"carried-over": 0, "figure-same": 0}
    for _ in range(PLANTED):
        before, draft = maker.pair()
        draft.lines = carry_over(before, draft, chance)
        codes = {one.code for one in of(draft, before)[1]}
        for code in found:
            found[code] += code in codes
    assert min(found.values()) / PLANTED >= FOUND, found


def test_plans_that_nothing_is_said_of_are_found():
    chance = random.Random(23)
    maker = Maker(chance)
    missed = []
    for _ in range(PLANTED):
        # What no other sentence speaks of.
        before = next(draft for draft in iter(maker.draft, None) if {plan for plan, _ in draft.plans} & UNSAID)
        plan = next(plan for plan in before.plans if plan[0] in UNSAID)
        draft = maker.draft(before.place, before.year + 1, [one for one in before.plans if one != plan])
        planned = [dict(one.values)["planned"] for one in of(draft, before)[1] if one.code == "promise-not-met"]
        if not any(plan[0] in one for one in planned):
            missed.append(plan)
    assert 1 - len(missed) / PLANTED >= FOUND, missed


def others_of(maker):
    """Reports of four other units."""
    return [maker.draft(place) for place in NEIGHBOURS[:4]]


def test_sentences_of_other_units_are_found():
    chance = random.Random(25)
    maker = Maker(chance)
    missed = []
    others = others_of(maker)
    engine = ScanEngine([one.report() for one in others])
    for _ in range(PLANTED):
        draft = maker.draft()
        draft.lines = carry_over(source := chance.choice(others), draft, chance)
        found = [one for one in of(draft, others=engine)[1] if one.code == "other-unit-same"]
        if source.place not in {dict(one.values)["unit"].removesuffix("人民政府") for one in found}:
            missed.append(source.place)
    assert 1 - len(missed) / PLANTED >= FOUND, missed


def test_rules_that_other_reports_say_were_ended_are_found():
    chance = random.Random(26)
    maker = Maker(chance)
    missed = []
    for _ in range(PLANTED):
        draft = maker.draft()
        name = (
            f"{draft.place}{chance.choice(['城市管理', '殡葬管理', '行政调解', '政府投资项目管理'])}{chance.choice(['办法', '暂行规定'])}"
        )
        before = maker.draft(draft.place, draft.year - 1)
        said = chance.choice(
            [f"废止《{name}》等文件。", f"《{RULES[0]}》公布，《{name}》同时废止。", f"清理后，决定废止《某办法》、《{name}》。"]
        )
        at = lines_of(before)[0]
        before.lines[at] += said
        if (spoilt := changed(draft.lines, "(?<=《)[^》]+(?=》)", lambda _, name=name: name, chance)) is None:
            continue
        draft.lines = spoilt[0]
        if "instrument-ended" not in {one.code for one in of(draft, others=ScanEngine([before.report()]))[1]}:
            missed.append((name, said))
    assert 1 - len(missed) / PLANTED >= FOUND, missed


def test_what_everybody_says_or_the_unit_itself_is_nobody_elses():
    sentence = "全面落实行政执法公示、执法全过程记录和重大执法决定法制审核制度。"
    places = ["彰武县", "法库县", "昌图县", "建平县", "康平县", "兴城市"]

    def made(place, year):
        blocks = [((), sentence)]
        return Report.from_blocks(id=f"{place}{year}", title=f"{place}{year}年法治政府建设情况报告", year=year, issuer=place, blocks=blocks)

    def found(*held):
        draft = made("彰武县", 2024)
        beside = BesideDrafts(ScanEngine([made(place, 2022) for place in held]), draft.unit.id)
        return [dict(one.values) for one in check(draft, Background(draft.unit, copy_of=beside.copy_of)) if one.code == "other-unit-same"]

    [one] = found("法库县", "昌图县")
    assert (one["copied"], one["sentences"], one["share"], one["unit"]) == (1, 1, 100, "昌图县人民政府")
    assert found("法库县", "彰武县") == []
    assert found(*places[1:]) == []
    assert found() == []


RULE = "殡葬管理办法"


def said(place, year, line, number=""):
    title = f"{place}{year}年法治政府建设情况报告"
    return Report.from_blocks(id=f"{place}{year}{number}", title=title, year=year, issuer=place, blocks=[((), line)])


def ended(*held, year=2023, unit="210922"):
    return BesideDrafts(ScanEngine(held), unit).ended_in(RULE, year)


def test_a_rule_was_ended_where_the_own_unit_or_three_others_said_so_before():
    line = f"废止《{RULE}》。"
    own, same_year = said("彰武县", 2021, line), said("彰武县", 2023, line)
    assert ended(own) == EndedIn(2021, own.title, 0)
    assert ended(own, same_year) == EndedIn(2021, own.title, 0)
    assert ended(same_year) is None
    assert ended(own, said("法库县", 2020, line)) == EndedIn(2020, "法库县2020年法治政府建设情况报告", 1)
    others = [said("法库县", 2022, line), said("昌图县", 2020, line), said("康平县", 2021, line)]
    assert ended(*others) == EndedIn(2020, "昌图县2020年法治政府建设情况报告", 2)
    assert ended(*others[:2], said("昌图县", 2021, line)) is None
    assert ended(*others, year=2022) is None
    assert ended(*others, unit=None) is not None
    assert ended(said("法库县", None, line), *others[:2]) is None


@pytest.mark.parametrize(
    ("line", "is_ended"),
    [
        (f"废止《{RULE}》。", True),
        (f"废止了《{RULE}》等3件。", True),
        (f"废止《甲办法》（2019年）、《乙办法》和《{RULE}》。", True),
        (f"《{RULE}》同时废止。", True),
        (f"《{RULE}》、《甲办法》（2019年）予以废止。", True),
        (f"《{RULE}》施行。废止《甲办法》。", False),
        (f"废止《甲办法》。修订《{RULE}》。", False),
        (f"废止文件5件，公布《{RULE}实施细则》；《{RULE}》有效。", False),
    ],
)
def test_how_it_is_said_that_a_rule_was_ended(line, is_ended):
    assert (ended(said("彰武县", 2021, line)) is not None) == is_ended


def test_a_copy_is_of_the_newest_report_of_another_unit():
    sentence = fold("全面落实行政执法公示、执法全过程记录和重大执法决定法制审核制度。")
    held = [said(place, year, sentence) for place, year in (("法库县", 2020), ("法库县", 2022), ("昌图县", 2021))]
    nameless = Report.from_blocks(id="nameless", title="某报告", year=2023, blocks=[((), sentence)])
    assert nameless.unit is None
    right = Copy("法库县人民政府", "法库县2022年法治政府建设情况报告")
    assert BesideDrafts(ScanEngine(held), "210922").copy_of(sentence) == right
    assert BesideDrafts(ScanEngine([*held, nameless]), "210922").copy_of(sentence) == right
    assert BesideDrafts(ScanEngine([nameless]), None).copy_of(sentence) is None
    assert BesideDrafts(ScanEngine(held), "211224").copy_of(sentence) is None
    # Five have it in common.
    places = ["法库县", "昌图县", "建平县", "康平县", "兴城市"]
    for count, is_found in ((4, True), (5, False)):
        beside = BesideDrafts(ScanEngine([said(place, 2020, sentence) for place in places[:count]]), None)
        assert (beside.copy_of(sentence) is not None) == is_found


@pytest.mark.parametrize(
    ("year", "line", "named"),
    [
        (2023, "贯彻《合同法》，审查合同12份。", True),
        (2020, "贯彻《合同法》，审查合同12份。", False),
        (2023, "《民法典》施行后，《合同法》同时废止。", False),
        (2023, "原《合同法》案件全部审结。", False),
        (2024, "落实《民法典》和《信访工作条例》。", False),
    ],
)
def test_a_rule_that_was_replaced_is_named_only_where_it_was_over(year, line, named):
    report = Report.from_blocks(title=f"彰武县{year}年法治政府建设情况报告", year=year, issuer="彰武县", blocks=[((), line)])
    found = [one for one in check(report) if one.code == "instrument-replaced"]
    assert len(found) == named
    if named:
        assert (dict(found[0].values)["by"], dict(found[0].values)["since"]) == ("民法典", "2021-01-01")


@pytest.mark.parametrize(
    ("year", "line", "newer"),
    [
        (2023, "贯彻《法治政府建设实施纲要（2015-2020年）》，分解任务12项。", "法治政府建设实施纲要（2021—2025年）"),
        (2020, "贯彻《法治政府建设实施纲要（2015-2020年）》，分解任务12项。", None),
        (2023, "《法治政府建设实施纲要（2015—2020年）》终期评估完成。", None),
        (2021, "从《法治政府建设实施纲要（2015—2020年）》到《法治政府建设实施纲要（2021－2025年）》。", None),
        (2023, "学习《行政处罚法（2021年修订）》。", None),
        (2022, "学习《行政复议法（2017年修正）》。", None),
        (2023, "学习《行政复议法（2017年修正）》。", "行政复议法（2023年修订）"),
        (2023, "完成《提升行政执法质量三年行动计划（2022—2024年）》任务。", None),
    ],
)
def test_an_older_edition_is_named_where_a_later_one_was_there(year, line, newer):
    report = Report.from_blocks(title=f"彰武县{year}年法治政府建设情况报告", year=year, issuer="彰武县", blocks=[((), line)])
    known = replace(Background.of(report), later_edition_of=later_edition_of)
    found = [dict(one.values)["newer"] for one in check(report, known) if one.code == "instrument-older"]
    assert found == ([newer] if newer else [])


def test_what_replaced_a_rule_is_not_replaced_itself_before_that():
    for name, ending in ENDED.items():
        assert name != ending.by
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", ending.since)
        assert ending.by not in ENDED or ENDED[ending.by].since > ending.since


def test_clean_drafts_have_hardly_any_finding():
    maker = Maker(random.Random(24))
    shown = []
    others = ScanEngine([one.report() for one in others_of(maker)])
    for number in range(CLEAN):
        before, draft = maker.pair() if number % 2 else (None, maker.draft())
        shown += [(one.code, one.text) for one in of(draft, before, others)[1]]
    assert len(shown) <= CLEAN / 5, shown


def found_in(line):
    blocks = [((), "现将彰武县2023年法治政府建设情况报告如下。"), (("一、主要举措和成效",), line)]
    report = Report.from_blocks(id="d", title="彰武县2023年法治政府建设情况报告", year=2023, issuer="彰武县", blocks=blocks)
    found = check(report, without=["content-missing"])
    assert {one.passage for one in found} <= {"d~1.p1"}
    return [(one.code, line[one.start : one.end]) for one in found]


@pytest.mark.parametrize(
    "line",
    [
        "2023年，审查文件78件，同比增长3%。",
        "2022年审查文件60件，2023年审查78件。",
        "2022年以来，较去年同期多审查12件。",
        "2022年7月，制定《彰武县2022年度立法计划》。",
        "认真整改2022年度督察反馈的问题。",
        "要求：一是加强领导，二是压实责任，三是强化督察。",
        "（一）“三集中三到位”稳步推进；1）取消证明；2）减少环节。",
        "与阜新市司法局、黑山县司法局联合检查12次。",
        "彰武县委、彰武县人民法院、彰武县财政局共同参加。",
    ],
)
def test_what_is_right_is_left_alone(line):
    assert found_in(line) == []


@pytest.mark.parametrize(
    ("line", "code", "printed"),
    [
        ("一是加强领导。三是压实责任。", "items-gap", "三是"),
        ("一是加强领导，压实责任。", "items-gap", "一是"),
        ("一是加强领导。二是压实责任。二是强化督察。", "items-gap", "二是"),
        ("一是加强领导。三是压实责任。三是强化督察。", "items-gap", "三是"),
        ("落实《重大行政决策程序暂行条列（试行）》。", "instrument-kind", "重大行政决策程序暂行条列（试行）"),
        ("落实《行政处罚法》《信访工作条例》《信访工作条例》和《信仿工作条例》。", "instrument-differs", "信仿工作条例"),
        ("推进“放管服改革。", "unpaired", "“"),
        ("取消证明12项）。", "unpaired", "）"),
        ("黑山县扎实推进依法行政。", "unit-other", "黑山县"),
        ("彰式县人民政府召开会议。", "unit-slip", "彰式县人民政府"),
        ("截至2022年底，共审查文件12件。", "year-in-text", "2022年"),
        ("受理案件共100件，其中维持30件、撤销80件。", "figures-disagree", "100件"),
    ],
)
def test_what_is_found_and_where(line, code, printed):
    assert found_in(line) == [(code, printed)]


def test_the_most_serious_come_first_and_kinds_can_be_left_out():
    report = Report.from_blocks(title="彰武县2023年法治政府建设情况报告", blocks=[((), "取消证明）。彰武县2022年度工作。黑山县推进。")])
    found = check(report)
    severities = [one.severity for one in found]
    assert severities == sorted(severities, key=["high", "medium", "low"].index)
    codes = {one.code for one in found}
    assert {one.code for one in check(report, without=["content-missing"])} == codes - {"content-missing"}


def test_the_first_report_has_a_bracket_without_its_other_half():
    lines = FIRST_REPORT.read_text("utf-8").splitlines()
    draft = Maker(random.Random(1)).draft()
    draft.lines = [line.strip() for line in lines if line.strip()]
    report, found = of(draft)
    text = {f"{report.id}~{passage.anchor}": passage.text for passage in report.passages}
    assert [(one.code, text[one.passage][: one.end]) for one in found] == [("unpaired", "七)")]


@pytest.mark.parametrize("code", KINDS)
def test_each_kind_says_what_why_and_what_would_settle_it_in_both_languages(code):
    kind = KINDS[code]
    names = {name for text in (kind.text, kind.because, kind.see) for name in re.findall(r"%\((\w+)\)s", text)}
    one = Finding(code, "d~t", 0, 1, **dict.fromkeys(names, "measures"))
    said = []
    for language in ("en", "zh_Hans"):
        with speaking(language):
            said.append([one.text, one.because, one.see, one.advice])
    assert all(text and "%(" not in text for texts in said for text in texts)
    assert all(english != chinese for english, chinese in zip(*said, strict=True))
    assert (said[0][3][-1], said[1][3][-1], re.findall("[；。]", said[0][3])) == (".", "。", [])


def test_a_finding_of_no_kind_is_refused():
    with pytest.raises(ValueError, match="nonsense"):
        Finding("nonsense", "d~t", 0, 1)
