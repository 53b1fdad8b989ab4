"""Plans beside what the next report says."""

import math
from collections import Counter

import pytest

from indexer import Report
from indexer.analysis.fold import fold
from indexer.promises import MOST, TAKEN_UP, _grams, _longest_common_run, _Matters, _runs, promises
from tests.support import ROOT


def report(id, year, blocks):
    return Report.from_blocks(id=id, title=f"甲县{year}年法治政府建设情况报告", year=year, issuer="甲县", blocks=blocks)


OLD = report(
    "old",
    2022,
    [
        (("一、主要举措和成效",), "推进行政复议体制改革。"),
        (("二、存在的不足",), "一是执法人员培训不够。"),
        (("三、下一步工作安排",), "一是加强行政执法人员培训。二是推行证明事项告知承诺制。三是建设法治文化公园。"),
        (("三、下一步工作安排",), "（四）推进行政复议体制改革，提高办案质量。"),
    ],
)
NEW = report(
    "new",
    2023,
    [
        (("一、主要举措和成效",), "组织行政执法人员业务培训3期，培训420人次。在全县推行证明事项告知承诺制，涉及证明事项86项。"),
        (("二、依法化解矛盾",), "行政复议体制改革任务完成，县政府集中行使复议职责。"),
        (("三、存在的不足",), "法治文化公园建设滞后。"),
        (("四、下一步工作安排",), "建设法治文化公园。"),
    ],
)


def test_each_item_stands_beside_what_takes_it_up():
    found = promises(OLD, NEW)
    assert [(one.passage, one.item, one.text) for one in found.items] == [
        ("old~3.p1", 1, "一是加强行政执法人员培训。"),
        ("old~3.p1", 2, "二是推行证明事项告知承诺制。"),
        ("old~3.p1", 3, "三是建设法治文化公园。"),
        ("old~3.p2", None, "（四）推进行政复议体制改革，提高办案质量。"),
    ]
    best = [one.taken_up[0].text if one.taken_up else None for one in found.items]
    # What the next report only plans again, or names as missing, does not take it up.
    assert best == [
        "组织行政执法人员业务培训3期，培训420人次。",
        "在全县推行证明事项告知承诺制，涉及证明事项86项。",
        None,
        "行政复议体制改革任务完成，县政府集中行使复议职责。",
    ]
    for one in found.items:
        assert one.text == next(p for p in OLD.passages if one.passage.endswith("~" + p.anchor)).text[one.start : one.end]
        for taken in one.taken_up:
            assert taken.text == next(p for p in NEW.passages if taken.passage.endswith("~" + p.anchor)).text[taken.start : taken.end]
            assert TAKEN_UP <= taken.score <= 1


def test_without_a_next_report_nothing_is_said():
    assert {one.taken_up for one in promises(OLD, None).items} == {None}


def test_of_a_heading_for_problems_and_plans_the_plans_are_taken():
    both = report(
        "both",
        2022,
        [
            (("二、存在问题和下一步打算",), "执法力量薄弱。"),
            (("二、存在问题和下一步打算",), "下一步，加强法治宣传。"),
            (("二、存在问题和下一步打算",), "加强执法监督。"),
        ],
    )
    assert [one.text for one in promises(both, None).items] == ["下一步，加强法治宣传。", "加强执法监督。"]


@pytest.fixture(scope="module")
def pairs():
    lines = (ROOT / "tests" / "data" / "promises" / "pairs.tsv").read_text(encoding="utf-8").splitlines()
    return [(plan, told, label == "1") for plan, told, label in (line.split("\t") for line in lines)]


def test_precision_and_recall_on_marked_pairs(pairs):
    """Each sentence among all the others, as in a report."""
    matters = _Matters(report("all", 2023, [((), told + "。") for told in dict.fromkeys(told for _, told, _ in pairs)]))
    shown = {plan: {one.text.rstrip("。"): one.score for one in matters.like(plan)} for plan in dict.fromkeys(plan for plan, _, _ in pairs)}
    right = sum(label and told in shown[plan] for plan, told, label in pairs)
    wrong = sum(not label and told in shown[plan] for plan, told, label in pairs)
    belonging = sum(label for _, _, label in pairs)
    assert len(pairs) >= 150
    assert right / belonging >= 0.8
    assert right / (right + wrong) >= 0.85


def test_a_sentence_that_shares_a_long_run_alone_is_taken_up():
    plan = "推广某某调解室工作法并且编写教材汇编案例"
    old = report("old", 2022, [(("三、下一步工作安排",), f"一是{plan}。")])
    new = report("new", 2023, [(("一、主要举措",), "某某调解室写入了村规民约。今年天气很好。")])
    ((found,),) = [one.taken_up for one in promises(old, new).items]
    assert found.text == "某某调解室写入了村规民约。"


def test_scores_are_those_of_a_plain_reading(pairs):
    sentences = list(dict.fromkeys(sentence for _, sentence, _ in pairs))
    matters = _Matters(report("next", 2023, [(("一、主要举措和成效",), sentence) for sentence in sentences]))
    held = Counter(gram for one in matters._sentences for gram in one.grams)
    weights = {gram: math.log((len(matters._sentences) + 1) / (held[gram] + 0.5)) for gram in held}
    unseen = math.log((len(matters._sentences) + 1) / 0.5)
    for plan in {plan for plan, _, _ in pairs}:
        runs = _runs(fold(plan))
        whole = sum(weights.get(gram, unseen) for gram in _grams(runs))
        scores = [
            0.65 * sum(weights[gram] for gram in one.grams & _grams(runs)) / whole + 0.07 * _longest_common_run(runs, one.folded)
            for one in matters._sentences
            if one.grams & _grams(runs)
        ]
        shown = sorted((min(score, 1) for score in scores if score >= TAKEN_UP), reverse=True)[:MOST]
        assert [one.score for one in matters.like(plan)] == pytest.approx(shown, abs=1e-4)


def test_where_the_next_report_tells_of_nothing_that_was_done_nothing_is_taken_up():
    new = report("new", 2023, [(("三、存在的不足",), "行政执法人员培训不够。")])
    assert {one.taken_up for one in promises(OLD, new).items} == {()}
