import pytest
from hypothesis import given

from indexer import parse_file
from indexer.facts import check_figures, find_statistics
from tests.indexer.facts.test_statistics import REPORT_LIKE
from tests.support import FIRST_REPORT, one_report


def checks(text):
    return [(check.reckoning, check.computed, check.agrees) for check in check_figures(text, find_statistics(text))]


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("排查矛盾纠纷5785件，调解成功5762件，成功率99.6%。", ("5762/5785", "99.6%", True)),
        ("排查纠纷3529件，调解成功3521件，成功率92.5%。", ("3521/3529", "99.8%", False)),
        ("审结行政复议案件977件，直接纠错236件，纠错率约为24%。", None),
        ("审结行政复议案件977件，直接纠错236件，纠错率24%。", ("236/977", "24%", True)),
        ("审结行政复议案件977件，直接纠错236件，纠错率24.15%。", ("236/977", "24.16%", True)),
        ("收到申请23件，受理4件，审结4件，纠错率88%。", None),
        ("办理行政复议案件63件，其中维持21件、撤销5件、驳回37件。", ("21+5+37", "63件", True)),
        ("办理行政复议案件63件，其中维持41件、撤销5件、驳回37件。", ("41+5+37", "83件", False)),
        ("办理行政复议案件63件，其中维持21件、撤销5件。", None),
        ("收到行政复议申请1113件，同比增长99.5%。", None),
        ("排查纠纷近3000件，调解成功2762件，成功率99%。", None),
        ("抽查案卷120卷。合格100卷，合格率96%。", None),
    ],
)
def test_figures_of_a_sentence_that_follow_from_one_another_are_compared(text, check):
    assert checks(text) == ([check] if check else [])


def test_a_change_is_held_against_both_years():
    text = "收到行政复议申请1113件，较2022年558件增加了555件，同比增长99.5%。"
    assert checks(text) == [("1113-558", "555件", True), ("1113/558", "99.5%", True)]
    assert checks(text.replace("555", "545")) == [("1113-558", "555件", False), ("1113/558", "99.5%", True)]


@pytest.mark.parametrize("change", ["增长50%", "增加了1:1"])
def test_a_change_between_ratios_is_left_aside(change):
    report = one_report(f"男女调解员比例为3:1，较上年2:1{change}。受理案件4件，较2022年3件增加了1件。", year=2023)
    assert [one.value for one in report.statistics][:2] == ["3:1", "2:1"]
    assert [remark.params for remark in report.remarks if remark.code == "figures-agree"] == [{"count": 1}]


def test_a_report_is_to_be_looked_at_for_a_disagreement_and_not_for_agreement():
    wrong, right = (one_report(f"排查纠纷3529件，调解成功3521件，成功率{rate}%。").remarks for rate in ("92.5", "99.8"))
    assert [(remark.code, remark.look) for remark in wrong] == [("figures-disagree", True)]
    assert wrong[0].params == {"passage": "0.p1", "stated": "纠纷调解成功率92.5%", "figures": "3521/3529", "computed": "99.8%"}
    assert [(remark.code, remark.look, remark.params) for remark in right] == [("figures-agree", False, {"count": 1})]


def test_the_first_report_agrees_with_itself():
    assert [remark.params for remark in parse_file(FIRST_REPORT).remarks if remark.code.startswith("figures-")] == [{"count": 1}]


def test_not_more_disagreements_than_somebody_will_look_at():
    report = one_report("排查纠纷3529件，调解成功3521件，成功率92.5%。" * 50)
    assert sum(remark.code == "figures-disagree" for remark in report.remarks) == 20


@pytest.mark.unmeasured
@given(REPORT_LIKE)
def test_any_text_can_be_checked(text):
    for check in check_figures(text, find_statistics(text)):
        assert check.computed.endswith(check.statistic.unit)
