"""Instruments over a whole index, on every engine; against a plain reading of what each passage names."""

import random
from collections import Counter, defaultdict

import pytest

from indexer import Report, SearchRequest, fold

NAMES = ["行政处罚法", "中华人民共和国行政处罚法", "甲县信访办法", "甲县信访办法（试行）", "重大行政决策程序暂行条例", "Ａ计划"]
NUMBERED = {"关于加强备案的意见": "国发〔2021〕3号", "甲县信访办法": "甲政发〔2020〕12号"}


def reports(seed=7, count=40):
    chance = random.Random(seed)

    def text():
        pieces = chance.choices(
            [*(f"《{name}》" for name in NAMES), *(f"《{n}》（{no}）" for n, no in NUMBERED.items()), *NUMBERED.values(), "无"],
            k=chance.randint(0, 3),
        )
        return "落实" + "，".join(pieces) + "。"

    for number in range(count):
        blocks = [(chance.choice([("一、成效",), ("二、问题",)]), text()) for _ in range(chance.randint(1, 5))]
        yield Report.from_blocks(
            id=f"r{number:02}",
            title=f"报告{number}",
            year=chance.choice([None, 2019, 2020, 2021]),
            issuer=f"单位{number % 3}",
            blocks=blocks,
        )


def keys(passage):
    """What a passage names, a number as the name that it always stands with here."""
    names = {number: name for name, number in NUMBERED.items()}
    return {names.get(one.key, one.key) for one in passage.instruments}


def plainly(held, passes=lambda report, passage: True):
    """By instrument: in how many passages, and in how many reports of each year."""
    passages, named = Counter(), defaultdict(dict)
    for report in held:
        for passage in report.passages:
            if passes(report, passage):
                for key in keys(passage):
                    passages[key] += 1
                    named[key][report.id] = report.year
    return {key: (count, dict(Counter(named[key].values()))) for key, count in passages.items()}


def listed(page):
    return {one.key: (one.passages, one.years) for one in page.instruments}


def test_instruments_are_those_of_a_plain_reading(make_index):
    held = list(reports())
    index = make_index(held)
    page = index.instruments(per_page=100)
    assert listed(page) == plainly(held)
    assert page.total == len(page.instruments)
    assert [(one.reports, one.key) for one in page.instruments] == sorted(
        ((one.reports, one.key) for one in page.instruments), key=lambda entry: (-entry[0], entry[1])
    )
    assert {one.key: one.number for one in page.instruments if one.number} == NUMBERED


def test_filters_leave_what_their_passages_name(make_index):
    held = list(reports())
    index = make_index(held)
    page = index.instruments(years=[2020, None], sections=["主要举措和成效"], per_page=100)
    assert listed(page) == plainly(held, lambda r, p: r.year in (2020, None) and p.part == "主要举措和成效")
    assert listed(page) != plainly(held)


def test_an_instrument_is_found_by_its_name_its_number_and_its_spellings(make_index):
    held = list(reports())
    index = make_index(held)
    for typed, key in [
        ("《中华人民共和国行政处罚法》", "行政处罚法"),
        ("行政处罚法", "行政处罚法"),
        ("甲政发[2020]12号", "甲县信访办法"),
        ("甲县信访办法", "甲县信访办法"),
        ("a计划", "A计划"),
    ]:
        ids = {f"{r.id}~{p.anchor}" for r in held for p in r.passages if key in keys(p)}
        page = index.search(instruments=[typed], facets=("instrument",), per_page=100)
        assert page.total.paragraphs == len(ids)
        assert {hit.id for hit in index.hits(SearchRequest.of(instruments=[typed]))} == ids


def test_a_facet_counts_the_passages_that_name_each(make_index):
    held = list(reports())
    counts = Counter(key for r in held for p in r.passages for key in keys(p) or {None})
    index = make_index(held)
    for instruments in ([], ["行政处罚法"]):
        facet = index.search("", instruments=instruments, years=[None, 2019, 2020, 2021], facets=("instrument",)).facets["instrument"]
        assert {count.value: count.count for count in facet} == counts
        assert [count.count for count in facet] == sorted(counts.values(), reverse=True)


def test_the_list_is_narrowed_by_what_names_hold(make_index):
    index = make_index(list(reports()))
    assert {one.key for one in index.instruments("信访").instruments} == {"甲县信访办法", "甲县信访办法（试行）"}
    assert [one.key for one in index.instruments("中华人民共和国行政处罚法").instruments] == ["行政处罚法"]
    assert [one.key for one in index.instruments("国发〔2021〕3号").instruments] == ["关于加强备案的意见"]
    assert index.instruments("无此名").total == 0


def test_pages_go_on_from_each_other(make_index):
    index = make_index(list(reports()))
    whole = index.instruments(per_page=100).instruments
    paged = [one for number in (1, 2, 3, 4) for one in index.instruments(page=number, per_page=2).instruments]
    assert paged == whole
    assert index.all_instruments(SearchRequest.of(page=3)) == whole
    assert index.instruments(per_page=2).pages == -(-len(whole) // 2)


def test_spellings_are_told_most_frequent_first(make_index):
    texts = ["依据《中华人民共和国行政处罚法》", "依据《行政处罚法》", "依据《 行政处罚法 》", "依据《中华人民共和国行政处罚法》"]
    held = [Report.from_blocks(id=f"r{n}", title="题", year=2020 + n, blocks=[((), text)]) for n, text in enumerate(texts)]
    (one,) = make_index(held).instruments().instruments
    assert (one.name, one.kind, one.first, one.reports) == ("行政处罚法", "law", 2020, 4)
    assert one.aliases == ("中华人民共和国行政处罚法", " 行政处罚法 ")


@pytest.mark.parametrize(
    ("name", "slip_of"),
    [
        pytest.param("重大行政决策程序暂行条列", "重大行政决策程序暂行条例", id="wrong_character"),
        pytest.param("重大行政决策程暂行条例", "重大行政决策程序暂行条例", id="lost_character"),
        pytest.param("重大行政绝策程序暂行条列", "重大行政决策程序暂行条例", id="two_characters"),
        pytest.param("重大行政决策程序暂行规定", None, id="another_kind"),
        pytest.param("辽宁省信访工作条例", None, id="another_place"),
        pytest.param("法治建设纲要（2016—2020年）", None, id="other_years"),
        pytest.param("无关的管理办法", None, id="another_name"),
    ],
)
def test_a_name_near_a_frequent_one_is_perhaps_a_slip(tmp_path, name, slip_of):
    frequent = ["重大行政决策程序暂行条例", "吉林省信访工作条例", "法治建设纲要（2021—2025年）"]
    names = [*frequent * 4, name]
    held = [Report.from_blocks(id=f"r{n}", title="题", blocks=[((), f"落实《{one}》。")]) for n, one in enumerate(names)]
    from indexer import build_index, open_index

    build_index(tmp_path / "index", held)
    with open_index(tmp_path / "index") as index:
        found = {one.key: one.slip_of for one in index.instruments().instruments}
    assert found == dict.fromkeys(frequent) | {name: slip_of}


def test_a_name_written_often_enough_is_no_slip(tmp_path):
    from indexer import Index
    from tests.scan import ScanEngine

    names = ["重大行政决策程序暂行条例"] * 5 + ["重大行政决策程序暂行条列"] * 2
    held = [Report.from_blocks(id=f"r{n}", title="题", blocks=[((), f"落实《{one}》。")]) for n, one in enumerate(names)]
    assert [one.slip_of for one in Index(ScanEngine(held)).instruments().instruments] == [None, None]
    assert fold("条例") != fold("条列")
