"""How many planted slips are found, and how little in clean drafts."""

import os
import random

import pytest

from tests.indexer.drafts.checked import checked
from tests.indexer.drafts.made import NEIGHBOURS, RULES, Maker, changed
from tests.indexer.drafts.slips import SLIPS, carry_over, lines_of
from tests.scan import ScanEngine

FULL = bool(os.environ.get("DRAFTS"))
"""DRAFTS=1 tries as many drafts as the shares are stated for; an ordinary run fewer."""
PLANTED = 40 if FULL else 12
FOUND = 0.95 if FULL else 0.9
CLEAN = 50 if FULL else 16

UNSAID = {"建设法治文化公园", "开展涉企检查专项整治", "完善行政复议听证制度", "推进乡镇综合执法队伍建设"}


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
        _, findings = checked(draft)
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
        codes = {one.code for one in checked(draft, before)[1]}
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
        planned = [dict(one.values)["planned"] for one in checked(draft, before)[1] if one.code == "promise-not-met"]
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
        found = [one for one in checked(draft, others=engine)[1] if one.code == "other-unit-same"]
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
        if "instrument-ended" not in {one.code for one in checked(draft, others=ScanEngine([before.report()]))[1]}:
            missed.append((name, said))
    assert 1 - len(missed) / PLANTED >= FOUND, missed


def test_clean_drafts_have_hardly_any_finding():
    maker = Maker(random.Random(24))
    shown = []
    others = ScanEngine([one.report() for one in others_of(maker)])
    for number in range(CLEAN):
        before, draft = maker.pair() if number % 2 else (None, maker.draft())
        shown += [(one.code, one.text) for one in checked(draft, before, others)[1]]
    assert len(shown) <= CLEAN / 5, shown
