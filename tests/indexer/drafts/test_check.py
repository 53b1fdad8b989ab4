"""What is found in drafts, and what is left alone."""

import random
import re
from dataclasses import replace

import pytest

from indexer import Report
from indexer.drafts import KINDS, Background, Finding, check
from indexer.facts.replaced import ENDED
from indexer.texts import speaking
from tests.indexer.drafts.checked import checked, later_edition_of
from tests.indexer.drafts.made import Maker
from tests.support import FIRST_REPORT


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
    report, found = checked(draft)
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
