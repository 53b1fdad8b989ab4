"""Paragraphs broken in the middle of a sentence, and lines that look so and are whole."""

import pytest

from indexer.loaders import Line
from indexer.parsing.rejoin import rejoined

DONE = "全年组织学习十二次，参加人员一百二十人次，相关材料均已归档备查。"
OPEN = "全年组织学习十二次，相关材料均已归档备查。不断加强制度建设，切实提高广"


def joined(*lines):
    return [line.text for line in rejoined([line if isinstance(line, Line) else Line(line) for line in lines])[0]]


@pytest.mark.parametrize(
    "parts",
    [
        (OPEN, "大干部员工的法律素质，全面推进法治建设工作。"),
        ("（一）加强组织领导。我局全面贯彻", "上级部署，切实履行主体责任。"),
        (f"{DONE}空气中PM", "2.5", "年平均浓度保持在二十微克以内。"),
        (f"{DONE}截至", "2022年底，全县共有律师12人。"),
        ("坚持把法治政府建设摆在全局工作的突出位置，与经济社会发展同部署、同推进、同督促、同考核、", "同奖惩，形成工作合力。"),
        (f"{DONE}认真落实《", "法治政府建设实施纲要》。"),
        (f"{DONE}全面推行行政执法公示制度、执法全过程记录制度和重大", "执法决定法制审核制度，严格规范公正文明执法，持续", "提升执法水平。"),
    ],
)  # fmt: skip
def test_a_broken_sentence_is_joined(parts):
    assert joined("一、主要举措", *parts, DONE) == ["一、主要举措", "".join(parts), DONE]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["一、主要举措", DONE], id="heading"),
        pytest.param(["一、深入学习贯彻上级全会精神和历次重要讲话重要指示精神，充分发挥审计监督在推动法治政府建设中的积极作用", DONE], id="long_heading"),
        pytest.param([OPEN, "（二）加强普法", DONE], id="number_below"),
        pytest.param([OPEN, "存在的主要问题", DONE], id="part_below"),
        pytest.param([OPEN, "队伍力量不足", DONE], id="short_line_below"),
        pytest.param([OPEN, "一是落实制度。"], id="item_below"),
        pytest.param([f"{DONE}全县法治水平进一步提高", "2023年，我县将继续推进法治政府建设。"], id="full_stop_forgotten"),
        pytest.param([f"{DONE}全县法治水平进一步提高", "石岭县司法局", "2023年1月9日"], id="signature_below"),
        pytest.param([f"{DONE}指标如下表", "指标 | 本年", DONE], id="table_below"),
        pytest.param(["主任、各位副主任、各位委员：", DONE], id="address"),
        pytest.param(["石岭县司法局局长 李某", DONE], id="speaker"),
        pytest.param([OPEN, Line("规范执法行为。", heading=2), DONE], id="styled_heading_below"),
        pytest.param([OPEN, "大干部员工的法律素质"], id="no_end"),
    ],
)  # fmt: skip
def test_what_is_whole_stays_apart(lines):
    assert joined(*lines) == [getattr(line, "text", line) for line in lines]


def test_breaks_are_counted():
    assert rejoined([Line(OPEN), Line("大干部"), Line("员工的法律素质。")])[1] == 0
    assert rejoined([Line(f"{DONE}空气中PM"), Line("2.5"), Line("年平均浓度下降。")])[1] == 2


@pytest.mark.parametrize(("length", "count"), [(39, 2), (40, 1)])
def test_how_long_a_line_without_a_full_stop_must_be_to_go_on(length, count):
    assert len(joined(("全县坚持依法行政，推进各项" * 4)[:length], "大干部员工的素质。")) == count


@pytest.mark.parametrize(("parts", "count"), [(8, 1), (9, 10)])
def test_in_how_many_parts_a_sentence_may_be_broken(parts, count):
    assert len(joined(OPEN, *["执法行政执法，推进"] * (parts - 1), "执法能力。")) == count


@pytest.mark.parametrize(
    ("one", "other", "turns", "ocr"),
    [
        pytest.param({"page": 1}, {"page": 1}, False, False, id="one_page"),
        pytest.param({"page": 1}, {"page": 2}, True, False, id="two_pages"),
        pytest.param({"page": 1, "turns": True}, {"page": 1}, True, False, id="it_turns_before"),
        pytest.param({"page": 1}, {"page": 1, "turns": True}, True, False, id="it_turns_behind"),
        pytest.param({"page": 1}, {"page": 1, "ocr": True}, False, True, id="a_part_is_read_by_ocr"),
    ],
)
def test_what_is_joined_has_the_page_of_its_first_part(one, other, turns, ocr):
    ((line,), _) = rejoined([Line(OPEN, **one), Line("大干部员工的法律素质。", **other)])
    assert (line.page, line.turns, line.ocr) == (1, turns, ocr)
