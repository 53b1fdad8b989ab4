"""Facts go with their passage through records and are named by the ids of their passages."""

from dataclasses import replace

from indexer import Report
from indexer.declared import DETAIL
from indexer.facets import Condition
from indexer.facts import Naming, Statistic
from indexer.records import read_whole, whole_record

TEXT = "全年受理行政复议案件81余件。依据《重大行政决策程序暂行条例》办理。"
FIGURE = Statistic(label="受理行政复议案件", value="81", unit="件", approximate="余", start=10, end=14, sentence=(0, 15))
NAMING = Naming(name="重大行政决策程序暂行条例", number=None, kind="regulation", start=17, end=31, spelling="重大行政决策程序暂行条例")


def with_facts():
    report = Report.from_blocks(id="r", title="报告", blocks=[(("一、情况",), TEXT)])
    paragraph = replace(report.passages[-1], statistics=(FIGURE,), instruments=(NAMING,))
    return replace(report, passages=(*report.passages[:-1], paragraph))


def test_a_record_gives_back_the_facts_of_a_passage():
    report = with_facts()
    assert read_whole(whole_record(report)) == report


def test_facts_of_a_report_name_their_passages():
    report = with_facts()
    assert report.statistics == (replace(FIGURE, passage="r~1.p1"),)
    assert report.instruments == (replace(NAMING, passage="r~1.p1"),)


def test_what_is_stored_beside_the_values_of_a_filter_passes_none():
    condition = Condition("indicator", frozenset({"调解成功率"}))
    assert condition.accepts("调解成功率")
    assert not condition.accepts(f"调解成功率{DETAIL}1|99.6||%")
