import pytest

from indexer import InvalidReport, Kind, Remark, Report
from tests.support import one_report

BLOCKS = [
    ((), "开头"),
    (("一、情况",), "总述"),
    (("一、情况", "(一)职能"), "一是甲。二是乙。"),
    (("一、情况", "(一)职能"), "又一段"),
    (("一、情况", "(七)数字"), "丙"),
    (("二、问题",), "丁"),
    (("一、情况",), "补述"),
]


def test_places_count_sections_and_paragraphs():
    report = Report.from_blocks(title="报告", blocks=BLOCKS)
    assert [(p.kind.value, p.anchor, p.text) for p in report.passages] == [
        ("title", "t", "报告"),
        ("paragraph", "0.p1", "开头"),
        ("heading", "1", "一、情况"),
        ("paragraph", "1.p1", "总述"),
        ("heading", "1.1", "(一)职能"),
        ("paragraph", "1.1.p1", "一是甲。二是乙。"),
        ("paragraph", "1.1.p2", "又一段"),
        ("heading", "1.2", "(七)数字"),
        ("paragraph", "1.2.p1", "丙"),
        ("heading", "2", "二、问题"),
        ("paragraph", "2.p1", "丁"),
        ("paragraph", "1.p2", "补述"),
    ]


def test_sections_have_level_number_and_heading():
    report = Report.from_blocks(title="报告", blocks=BLOCKS)
    assert [(s.level, s.number, s.heading) for s in report.sections] == [
        (1, "一、", "情况"),
        (2, "(一)", "职能"),
        (2, "(七)", "数字"),
        (1, "二、", "问题"),
    ]


def test_a_paragraph_knows_its_sections_and_items():
    paragraph = Report.from_blocks(title="报告", blocks=BLOCKS).paragraphs[2]
    assert [section.text for section in paragraph.section] == ["一、情况", "(一)职能"]
    assert paragraph.items == [(1, 0, 4), (2, 4, 8)]


def test_a_paragraph_s_text_is_kept_exactly():
    assert one_report(" 前\u200b后\n ").paragraphs[0].text == " 前\u200b后\n "


def test_the_id_depends_on_the_content_alone():
    assert one_report("甲").id == one_report("甲").id != one_report("乙").id
    assert one_report("甲", id="fx-2022").id == "fx-2022"


def test_a_region_is_found_by_its_code():
    region = one_report("甲", region="210921").region
    assert (region.name, region.path) == ("阜新蒙古族自治县", ("辽宁省", "阜新市", "阜新蒙古族自治县"))


def test_an_unknown_region_stays_unknown_and_is_said():
    report = one_report("甲", region="999999")
    assert report.region is None
    assert report.remarks == (Remark("region-unknown", code="999999"),)
    assert report.warnings == ("region 999999 is not in any table of GB/T 2260",)


@pytest.mark.parametrize(
    "fields",
    [
        {"title": " "},
        {"id": "a/b"},
        {"id": "a~b"},
        {"year": 22},
        {"region": "liaoning"},
        {"published": "2023-02-30"},
        {"blocks": [((), "  ")]},
        {"blocks": [(("",), "甲")]},
        {"blocks": [((), "\ud800")]},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_what_cannot_be_a_report_is_refused(fields):
    with pytest.raises(InvalidReport):
        one_report(**{"blocks": [((), "甲")]} | fields)


def test_passages_are_of_three_kinds():
    kinds = {passage.kind for passage in Report.from_blocks(title="报告", blocks=BLOCKS).passages}
    assert kinds == set(Kind)


def test_parts_in_words_are_sections_of_the_first_level():
    blocks = [
        (("第一部分 主要举措和成效", "一、严格执法"), "办理案件35件。"),
        (("第二部分 存在的不足和原因",), "人员偏少。"),
    ]
    report = Report.from_blocks(title="甲县2022年法治政府建设年度报告", blocks=blocks)
    assert [(one.level, one.number, one.heading, one.part, one.anchor) for one in report.sections] == [
        (1, "第一部分", "主要举措和成效", "主要举措和成效", "1"),
        (2, "一、", "严格执法", "行政执法", "1.1"),
        (1, "第二部分", "存在的不足和原因", "存在的不足", "2"),
    ]
