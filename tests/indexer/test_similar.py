"""Passages that are like a text, on every engine."""

import pytest

from indexer import InvalidRequest, NotFound, Report
from indexer import similar as alike

TEXT = "推进行政复议体制改革，成立行政复议中心，全年受理行政复议案件81件，办结80件。"
CHANGED = "推进行政复议体制改革，设立行政复议中心，全年共受理行政复议案件35件，办结30件。"
OTHER = "开展宪法宣传周活动，组织领导干部旁听庭审，发放普法宣传资料三千余份。"


def report(id, issuer, region, *texts, year=2022):
    return Report.from_blocks(
        id=id, title=f"{issuer}{year}年法治政府建设工作报告", year=year, issuer=issuer, region=region, blocks=[((), text) for text in texts]
    )


@pytest.fixture
def index(make_index):
    return make_index(
        [
            report("a", "阜新蒙古族自治县", "210921", TEXT, OTHER),
            report("b", "阜蒙县人民政府", "210921", TEXT, year=2023),
            report("c", "彰武县", "210922", CHANGED, "执法。"),
            report("d", "清河门区", "210905", f"{OTHER}{CHANGED}", f"一是{OTHER}"),
            report("e", "海州区", "210902", TEXT),
        ]
    )


def test_the_most_alike_of_other_units_come_first(index):
    found = index.similar(passage="a~0.p1")
    assert [one.id for one in found[:3]] == ["e~0.p1", "c~0.p1", "d~0.p1"]
    assert not {"a", "b"} & {one.found.report.id for one in found}
    first, second = found[:2]
    assert (first.similarity, first.shared) == (1.0, ((0, len(TEXT) - 1),))  # the last mark aside
    assert 0.8 < second.similarity < 1
    assert "推进行政复议体制改革" in [CHANGED[start:end] for start, end in second.shared]


def test_a_text_is_like_the_stretch_of_a_longer_paragraph(index):
    by_id = {one.id: one for one in index.similar(CHANGED)}
    assert by_id["d~0.p1"].similarity == by_id["c~0.p1"].similarity == 1
    # Of those with the same text the first in order stands for all: the newer year, then the id.
    assert "b~0.p1" in by_id
    assert not {"a~0.p1", "e~0.p1"} & by_id.keys()


def test_a_long_text_is_compared_with_what_stands_in_it(index):
    long = ("无关的话。" * 5 + OTHER) * 30
    assert index.similar(long[: alike.LONGEST])[0].similarity == 1


def test_filters_narrow_it(index):
    assert {one.found.report.id for one in index.similar(TEXT, regions=["210922"])} == {"c"}
    assert index.similar(TEXT, years=[2019]) == []


def test_what_is_not_alike_is_not_listed(index):
    assert index.similar("渔业捕捞许可证书样式尺寸") == []


@pytest.mark.parametrize(
    ("wanted", "param", "code"),
    [
        ({}, "text", "parameter-needed"),
        ({"text": " \n"}, "text", "parameter-needed"),
        ({"text": "，。"}, "text", "sentence-without-words"),
        ({"text": "长" * 2001}, "text", "text-too-long"),
        ({"text": "法", "passage": "a~0.p1"}, "passage", "text-and-passage"),
    ],
)
def test_what_cannot_be_compared_is_a_problem(index, wanted, param, code):
    with pytest.raises(InvalidRequest) as error:
        index.similar(**wanted)
    assert [(problem.param, problem.code) for problem in error.value.problems] == [(param, code)]


def test_a_text_of_two_thousand_characters_is_compared(index):
    assert index.similar(TEXT + "长" * (2_000 - len(TEXT)))[0].similarity == 1


def test_an_unknown_passage_is_not_found(index):
    with pytest.raises(NotFound):
        index.similar(passage="a~9.p9")


@pytest.mark.parametrize("length", [200, 301, 1000, 2000])
def test_a_long_text_is_ranked_by_a_bounded_part_of_it(length):
    for text in ("行政复议" * 500, "行政。" * 700, "一是推进改革。二是公开信息，接受监督！" * 100):
        pieces = alike._ranked(text[:length])
        assert pieces
        assert sum(map(len, pieces)) <= alike._RANKED
