"""The required contents, over reports made in many habits of which it is known what they contain."""

import random
import re

import pytest

from indexer import Report, contents
from indexer.contents import REQUIRED, Content, is_on_time
from indexer.loaders import Line
from indexer.loaders.document import Document
from indexer.parsing import parse_report
from tests.support import ROOT

HEADINGS = {
    "measures": [
        "主要举措和成效", "2022年法治政府建设工作开展情况", "工作开展情况", "推进法治政府建设的主要做法", "依法全面履行政府职能", "主要工作情况", "取得的成效",
    ],
    "shortcomings": [
        "存在的主要问题和不足", "2022年推进法治政府建设存在的不足和原因", "存在问题", "工作中存在的短板", "存在的困难与问题", "存在的差距和薄弱环节",
        "法治政府建设中存在的不足及原因分析", "主要问题",
    ],
    "first_responsible": [
        "党政主要负责人履行推进法治建设第一责任人职责情况", "主要负责人履行法治建设第一责任人职责，加强法治政府建设的有关情况", "主要负责同志履职情况",
        "第一责任人履职情况", "履行推进法治建设第一责任人职责情况",
    ],
    "plans": [
        "2023年工作安排", "下一年度推进法治政府建设的主要安排", "下步工作打算", "2023年法治政府建设工作思路", "下一步工作重点", "努力方向", "下一阶段工作计划",
    ],
    "other": ["其他需要报告的情况", "其他需要报告事项", "其他有关情况", "需要报告的其他情况"],
}  # fmt: skip
SAID = {
    "measures": ["全年组织执法人员培训3期，审查规范性文件12件。", "深入推进“放管服”改革，完成权责清单调整。", "制定年度普法计划，开展宪法宣传周活动。"],
    "shortcomings": [
        "虽然我县法治政府建设取得了一定成效，但仍存在一些不足，主要表现在：一是执法力量薄弱。",
        "我们也清醒地认识到，依法行政工作与上级要求相比还有一定差距。",
        "执法人员业务能力有待提升，部分单位对法治建设还不够重视。",
        "我局法治建设工作还存在以下不足：执法人员偏少。",
        "同时，工作中也存在执法人员老龄化等问题。",
        "一些干部运用法治思维的能力还需进一步提高。",
        "对照群众期盼，我镇工作仍有不少差距，主要表现为学法不深入。",
        "当前，我局法治工作尚有薄弱环节。",
    ],
    "first_responsible": [
        "县委书记、县长认真履行推进法治建设第一责任人职责，对重点工作亲自部署。",
        "党政主要负责人切实履行法治建设第一责任人职责，带头学法。",
        "县长多次主持召开政府常务会议研究法治政府建设工作。",
        "局主要负责人带头述法，定期听取法治工作汇报。",
        "主要领导认真落实法治建设主体责任。",
    ],
    "plans": [
        "下一步，我局将持续推进严格规范公正文明执法。",
        "2023年，我县将继续深入学习贯彻习近平法治思想。",
        "今后，要进一步加强执法队伍建设。",
        "下一阶段，重点抓好行政复议体制改革。",
        "2023年，全镇将以创建法治政府示范镇为抓手，推进各项工作。",
    ],
    "other": [],
}  # fmt: skip
NEITHER = [
    "针对督察反馈存在的问题，逐项整改到位。",
    "对存在问题的文件予以纠正，全年审查合同35份。",
    "着力解决群众反映的突出问题，办结信访事项60件。",
    "整改后仍有效运行的窗口12个，问题全部解决。",
    "排查发现存在安全隐患的企业35家，全部整改。",
    "2022年，我县将法治建设纳入绩效考核。",
    "组织企业主要负责人参加安全生产培训。",
    "压实企业安全生产第一责任人责任，检查企业200家次。",
    "开展乡村振兴领域专项执法检查，立案12件。",
    "要求各部门加强执法数据报送。",
]
FILLER = ["认真组织实施，取得实效。", "形成工作合力。", "受到群众好评。"]


def made(chance):
    """A report, and which contents it has."""
    has = {content for content in Content if chance.random() < (0.5 if content == "other" else 0.75)} | {Content.MEASURES}
    style = chance.choice(["headed", "headed", "headed", "plain", "mixed"])
    blocks = [((), "现将2022年度法治政府建设情况报告如下：")]
    number = 0
    for content in Content:
        if content not in has:
            continue
        headed = content is Content.OTHER or style == "headed" or (style == "mixed" and chance.random() < 0.5)
        path = ()
        if headed:
            number += 1
            path = ("一二三四五"[number - 1] + "、" + chance.choice(HEADINGS[content]),)
        said = [] if content is Content.OTHER or (headed and chance.random() < 0.5) else [chance.choice(SAID[content])]
        text = "".join([*said, *chance.sample(FILLER, 2)])
        if content is Content.MEASURES:
            text = "".join([chance.choice(SAID[content]), *chance.sample(NEITHER, 3)])
            if headed and chance.random() < 0.4:
                path = (*path, "（一）加强行政执法监督")
        blocks.append((path, text))
        if not headed:
            # What follows without a heading belongs to no heading before.
            number = number
    return blocks, has


def contents_of(blocks):
    return set(Report.from_blocks(title="甲县2022年法治政府建设年度报告", year=2022, blocks=blocks).contents)


def test_contents_are_found_in_many_habits():
    chance = random.Random(20)
    wrong = dict.fromkeys(Content, 0)
    for _ in range(400):
        blocks, has = made(chance)
        found = contents_of(blocks)
        for content in Content:
            wrong[content] += (content in has) != (content in found)
    assert wrong == dict.fromkeys(Content, 0)


@pytest.mark.parametrize("sentence", NEITHER)
def test_what_was_done_about_problems_is_no_shortcoming_and_no_plan(sentence):
    assert contents_of([((), sentence)]) <= {Content.MEASURES}


@pytest.mark.parametrize(("content", "sentence"), [(content, one) for content, said in SAID.items() for one in said])
def test_a_sentence_says_it_where_no_heading_does(content, sentence):
    assert content in contents_of([((), sentence)])


def test_where_it_stands_is_said():
    report = Report.from_blocks(
        title="甲县2022年报告",
        blocks=[
            (("一、主要举措和成效", "（一）严格执法"), "制定清单。"),
            (("二、存在的不足和下一步安排", "（一）执法力量不足"), "人员偏少。"),
            (("三、其他需要报告的情况",), "无。"),
            (("三、其他需要报告的情况",), "县长带头履行推进法治建设第一责任人职责。"),
        ],
    )
    assert report.contents == {
        Content.MEASURES: ("1",),
        Content.SHORTCOMINGS: ("2",),
        Content.FIRST_RESPONSIBLE: ("3.p2",),
        Content.PLANS: ("2",),
        Content.OTHER: ("3",),
    }
    assert report.lacking == ()


def test_plans_may_stand_under_what_falls_short():
    blocks = [(("一、存在的不足",), "执法力量薄弱。"), (("一、存在的不足",), "下一步，我镇将健全合法性审核流程。")]
    assert Report.from_blocks(title="甲镇2022年报告", blocks=blocks).contents[Content.PLANS] == ("1.p2",)


def test_what_is_lacking_is_what_is_required_and_not_found():
    report = Report.from_blocks(title="甲县2022年报告", blocks=[((), "全年开展普法活动12场。")])
    assert report.lacking == (Content.SHORTCOMINGS, Content.FIRST_RESPONSIBLE, Content.PLANS)
    assert set(REQUIRED) == set(Content) - {Content.OTHER}


@pytest.mark.parametrize(
    ("year", "published", "on_time"),
    [(2022, "2023-03-31", True), (2022, "2023-04-01", False), (2022, None, None), (None, "2023-01-01", None), (2022, "2022-12-30", True)],
)
def test_a_report_is_public_before_april(year, published, on_time):
    assert is_on_time(year, published) is on_time


def test_lines_that_number_parts_in_words_name_their_contents():
    lines = [
        "第一部分 2022年法治政府建设主要举措和成效", "全年办理案件。", "第二部分　存在的不足和原因", "人员编制较少。",
        "第三部分：党政主要负责人履行推进法治建设第一责任人职责情况", "认真履行职责。", "第四部分 2023年工作安排", "加强培训。",
    ]  # fmt: skip
    report = Report.from_blocks(id="r", title="某县2022年法治政府建设报告", blocks=[((), line) for line in lines])
    assert report.lacking == ()
    assert report.contents["shortcomings"] == ("0.p3",)
    assert report.contents["plans"] == ("0.p7",)
    told = Report.from_blocks(id="r", title="某县2022年法治政府建设报告", blocks=[((), "第二部分的不足已经补上。")])
    assert "shortcomings" in told.lacking


LABELS = {content.value[0]: content for content in Content}


def labelled():
    """Reports written by hand, labelled before the rules were tried on them: lines, and which contents they have."""
    for path in sorted((ROOT / "tests" / "data" / "contents").glob("*.txt")):
        for made in re.split("^=== ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            labels, *lines = made.strip().splitlines()
            yield lines, {LABELS[label] for label in labels.partition("|")[0].split()}


def test_contents_are_found_in_reports_written_by_hand():
    wrong = {content: [] for content in Content}
    reports = list(labelled())
    for lines, has in reports:
        found = set(parse_report(Document([Line(line) for line in lines], "txt"), "r.txt").contents)
        for content in has ^ found:
            wrong[content].append(lines[0])
    assert len(reports) >= 200
    assert all(len(titles) <= 0.02 * len(reports) for titles in wrong.values()), wrong


def test_the_quick_looks_pass_over_nothing(monkeypatch):
    sentences = [sentence for lines, _ in labelled() for line in lines for sentence in contents._sentences(line)]
    quickly = [(contents._falls_short(one), contents.is_plan(one)) for one in sentences]
    for name in ("_MAY_FALL_SHORT", "_MAY_END_WEAK", "_MAY_BE_WEAK", "_MAY_BE_PLAN"):
        monkeypatch.setattr(contents, name, re.compile(""))
    assert quickly == [(contents._falls_short(one), contents.is_plan(one)) for one in sentences]


@pytest.mark.parametrize(
    ("line", "content"),
    [
        ("上年度存在问题整改情况", Content.SHORTCOMINGS),
        ("打通政务服务的堵点、难点", Content.SHORTCOMINGS),
        ("针对督察反馈的不足，从严从实整改", Content.SHORTCOMINGS),
        ("对照2022年度工作计划，逐项抓好落实", Content.PLANS),
        ("做好下一年度执法检查计划编制工作", Content.PLANS),
        ("落实校园安全第一责任人制度，推进法治进校园", Content.FIRST_RESPONSIBLE),
    ],
)
def test_a_heading_of_what_was_dealt_with_is_none(line, content):
    blocks = [((f"二、{line}",), "全年审查合同35份。")]
    assert content not in contents_of(blocks)


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("根据《党政主要负责人履行推进法治建设第一责任人职责规定》，现将有关情况报告如下。", False),
        ("学习《党政主要负责人履行推进法治建设第一责任人职责规定》2次。", False),
        ("认真落实《党政主要负责人履行推进法治建设第一责任人职责规定》，专题研究4次。", True),
        ("党政“一把手”研究法治议题5个。", True),
    ],
)
def test_a_rule_about_leaders_that_is_only_cited_tells_of_none(sentence, found):
    assert (Content.FIRST_RESPONSIBLE in contents_of([((), sentence)])) is found


@pytest.mark.parametrize(
    "sentence",
    [
        "着力解决一些部门执法不规范、不透明的问题。",
        "检查发现部分餐饮店存在台账不规范等问题，当场责令改正47家。",
        "反馈的“部分乡镇法律顾问作用不明显”等5个问题，全部整改完成。",
        "揭示部分单位预算编制不够细化等问题，提出建议98条。",
        "尚未发生一起行政败诉案件。",
        "编制完成2023年行政执法检查计划并报备。",
        "对个别培训不到位的单位予以通报。",
        "第二部分的不足已经补上。",
        "部分乡镇执法力量不足的问题已全部解决。",
        "防止一些部门执法不严。",
        "我局将普法工作纳入年度考核。",
        "2023年1月，召开总结会议。",
        "截至2023年底，共办理案件12件。",
        "企业主要负责人参加法治培训200人次。",
        "县长热线受理依法行政咨询31件。",
    ],
)
def test_what_sounds_like_it_is_none(sentence):
    blocks = [((), sentence)]
    assert set(Report.from_blocks(title="甲县2022年法治政府建设年度报告", year=2022, blocks=blocks).contents) <= {Content.MEASURES}


def test_a_sentence_that_begins_with_the_next_year_is_a_plan_of_its_year_only():
    blocks = [((), "2023年建成法治文化公园2处。")]
    assert Content.PLANS in Report.from_blocks(title="甲县报告", year=2022, blocks=blocks).contents
    assert Content.PLANS not in Report.from_blocks(title="甲县报告", year=2023, blocks=blocks).contents


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("存在的不足和原因 | 执法人员少，原因是编制受限", Content.SHORTCOMINGS),
        ("存在问题：一是执法装备不足；二是法律顾问参与决策不多。", Content.SHORTCOMINGS),
        ("下步措施：一是申请经费；二是建立制度。", Content.PLANS),
    ],
)
def test_a_cell_or_words_before_a_colon_are_a_heading(text, content):
    assert content in contents_of([((), text)])


def test_a_heading_of_what_was_done_and_what_falls_short_is_both():
    blocks = [(("一、2020年法治政府建设成效与问题",), "一些部门走过场。")]
    assert {Content.MEASURES, Content.SHORTCOMINGS} <= contents_of(blocks)


@pytest.mark.parametrize("piece", ["与甲", "比甲", "同甲乙"])
def test_a_long_clause_that_compares_nothing_states_no_shortcoming(piece):
    assert not contents._SHORTCOMING.search(piece * (100_000 // len(piece)))
