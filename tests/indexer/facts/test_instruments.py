"""Names of rules and documents in texts: where each stands, and that one instrument is one however it is printed."""

from itertools import product

import pytest

from indexer.facts.instruments import find_names, kind_of, name_instruments, normal_key
from tests.support import ROOT


def named(*texts):
    return [[(one.name, one.number) for one in found] for found in name_instruments(texts)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("落实《重大行政决策程序暂行条例》。", [("重大行政决策程序暂行条例", None)], id="name"),
        pytest.param("《中华人民共和国行政处罚法》和《行政处罚法》", [("行政处罚法", None)] * 2, id="republic"),
        pytest.param("《 法治政府建设实施纲要 ( 2021-2025年 ) 》", [("法治政府建设实施纲要（2021—2025年）", None)], id="spaces_and_marks"),
        pytest.param("《法治政府建设实施纲要〔2021－2025年〕》", [("法治政府建设实施纲要（2021—2025年）", None)], id="full_width_dash"),
        pytest.param("印发《关于贯彻〈辽宁省信访条例〉的通知》", [("关于贯彻〈辽宁省信访条例〉的通知", None)], id="single_angles_within"),
        pytest.param("印发《关于贯彻《辽宁省信访条例》的通知》", [("关于贯彻〈辽宁省信访条例〉的通知", None)], id="double_angles_within"),
        pytest.param("《甲办法》《乙办法》、《丙办法》", [("甲办法", None), ("乙办法", None), ("丙办法", None)], id="a_row"),
        pytest.param("《甲办法、《乙办法》实施", [("乙办法", None)], id="never_closed"),
        pytest.param("甲办法》实施", [], id="never_opened"),
        pytest.param("《》实施", [], id="empty"),
        pytest.param(
            "印发《关于深入学习宣传贯彻习近平法治思想的通知》(阜蒙法办发〔2022〕7号)",
            [("关于深入学习宣传贯彻习近平法治思想的通知", "阜蒙法办发〔2022〕7号")],
            id="number_behind",
        ),
        pytest.param("《甲意见》（国发[2021] 第03号）", [("甲意见", "国发〔2021〕3号")], id="number_in_other_brackets"),
        pytest.param("国发﹝２０２１﹞３号《甲意见》", [("甲意见", "国发〔2021〕3号")], id="number_before"),
        pytest.param("《甲意见（国发〔2021〕3号）》", [("甲意见", "国发〔2021〕3号")], id="number_within"),
        pytest.param("根据国发〔2021〕3号文件要求", [(None, "国发〔2021〕3号")], id="number_alone"),
        pytest.param("《甲意见》和辽政办发【2020】12号", [("甲意见", None), (None, "辽政办发〔2020〕12号")], id="number_apart"),
        pytest.param(
            "《甲意见》（国发〔2021〕3号）和国发〔2022〕7号",
            [("甲意见", "国发〔2021〕3号"), (None, "国发〔2022〕7号")],
            id="number_behind_a_bracket",
        ),
        pytest.param(
            "国发〔2021〕3号和国办发〔2022〕7号", [(None, "国发〔2021〕3号"), (None, "国办发〔2022〕7号")], id="number_behind_a_number"
        ),
        pytest.param("和政发〔2022〕7号", [(None, "和政发〔2022〕7号")], id="number_of_a_county"),
        pytest.param("《甲条例》（国务院令第713号）", [("甲条例", "国务院令第713号")], id="decree"),
        pytest.param("按照中华人民共和国国务院第713号令", [(None, "国务院令第713号")], id="decree_turned"),
        pytest.param("辽宁省人民政府令第三百四十一号公布", [(None, "辽宁省人民政府令第341号")], id="decree_in_chinese"),
        pytest.param("主席令第七十号", [(None, "主席令第70号")], id="decree_of_the_president"),
        pytest.param("拨打12348，第713号，3号楼", [], id="no_number"),
        pytest.param("（2021）辽09行终3号", [], id="number_of_a_case"),
    ],
)
def test_what_a_text_names(text, expected):
    assert named(text) == [expected]


def test_spans_hold_name_and_number():
    text = "印发《甲意见》（国发〔2021〕3号），据《乙办法》办理"
    (found,) = name_instruments([text])
    assert [text[one.start : one.end] for one in found] == ["《甲意见》（国发〔2021〕3号", "《乙办法》"]
    assert [one.spelling for one in found] == ["甲意见", "乙办法"]


def test_a_short_name_is_the_instrument_it_was_explained_as():
    texts = ["按照《法治政府建设实施纲要（2021—2025年）》（以下简称《纲要》）", "落实《纲要》要求"]
    name = "法治政府建设实施纲要（2021—2025年）"
    assert named(*texts) == [[(name, None), (name, None)], [(name, None)]]
    # Of another report it says nothing.
    assert named(texts[1]) == [[("纲要", None)]]


def test_a_number_alone_is_what_the_report_named_with_it():
    assert named("《甲意见》（国发〔2021〕3号）", "再学国发〔2021〕3号") == [[("甲意见", "国发〔2021〕3号")]] * 2


def test_all_of_the_first_report(first_report_names):
    (text, names) = first_report_names
    assert [one.spelling for found in name_instruments([text]) for one in found] == names


@pytest.fixture
def first_report_names():
    """The first report, and what stands in it between 《 and 》 by a plain reading; no name in it holds another."""
    text = next((ROOT / "corpus").glob("*.txt")).read_text("utf-8")
    return text, [piece.split("》")[0] for piece in text.split("《")[1:]]


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("《中华人民共和国行政处罚法》", "行政处罚法"),
        ("行政处罚法", "行政处罚法"),
        ("国发[2021]3号", "国发〔2021〕3号"),
        ("国务院第713号令", "国务院令第713号"),
    ],
)
def test_what_somebody_means(typed, key):
    assert normal_key(typed) == key


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("行政处罚法", "law"),
        ("重大行政决策程序暂行条例", "regulation"),
        ("辽宁省惩戒严重失信行为规定", "rule"),
        ("辽宁省政务严重失信行为联合惩戒实施办法（试行）", "rule"),
        ("法治政府建设实施纲要（2021—2025年）", "plan"),
        ("关于做好城市信用监测工作的通知", "normative"),
        ("习近平法治思想学习纲要", "plan"),
        ("有事找彪哥", "other"),
        ("工作方法", "other"),
    ],
)
def test_what_a_name_tells(name, kind):
    assert kind_of(name) == kind


def test_brackets_are_found_as_a_stack_finds_them():
    """Against a plain reading of every arrangement of six brackets."""
    for brackets in product("《》字", repeat=6):
        text = "".join(brackets)
        pairs, waiting = [], []
        for offset, char in enumerate(text):
            if char == "《":
                waiting.append(offset)
            elif char == "》" and waiting:
                pairs.append((waiting.pop(), offset + 1))
        pairs = [(start, end) for start, end in pairs if end - start > 2]
        outer = [one for one in pairs if not any(other[0] < one[0] and one[1] < other[1] for other in pairs)]
        assert find_names(text) == sorted(outer), text
