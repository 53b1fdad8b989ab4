"""Two reports compared: every kind of edit is found again."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import InvalidRequest, Report, fold, parse_file
from indexer.comparison import LONGEST, compare
from indexer.comparison.differences import Figure, differences
from tests.indexer.comparison.pairs_of_reports import edited
from tests.support import ROOT


@pytest.fixture(scope="module")
def pool():
    """Sentences of the first report, two or three a paragraph."""
    report = parse_file(next((ROOT / "corpus").glob("*.txt")))
    pieces = [piece + "。" for passage in report.paragraphs for piece in passage.text.split("。") if len(piece) >= 20]
    return ["".join(pieces[at : at + 2]) for at in range(0, len(pieces) - 1, 2)]


@pytest.mark.parametrize("seed", range(10))
def test_paragraphs_are_found_again_whatever_was_done_to_them(pool, seed):
    made = edited(random.Random(seed), pool, min(len(pool), 40))
    rows = compare(made.left, made.right).rows
    found = {(row.left.text, row.right.text) for row in rows if row.left and row.right}
    assert len(found & made.pairs) >= 0.97 * len(made.pairs)
    assert len(found - made.pairs) <= 0.03 * len(made.pairs)


@pytest.mark.parametrize("seed", range(10))
def test_every_paragraph_has_a_row(pool, seed):
    made = edited(random.Random(seed), pool, min(len(pool), 40))
    rows = compare(made.left, made.right).rows
    for report, sides in ((made.left, [row.left for row in rows]), (made.right, [row.right for row in rows])):
        assert {side.passage.anchor for side in sides if side} == {passage.anchor for passage in report.paragraphs}
    for row in rows:
        assert (row.left is None, row.right is None) == (row.relation == "right", row.relation == "left")
        if row.relation == "equal":
            assert fold(row.left.text) == fold(row.right.text)
            assert not row.left.spans
            assert not row.right.spans


@pytest.mark.parametrize("seed", range(10))
def test_what_stands_outside_the_spans_is_the_same(pool, seed):
    randoms = random.Random(seed)
    left = randoms.choice(pool)
    right = list(left)
    for _ in range(randoms.randint(1, 9)):
        right[randoms.randrange(len(right))] = randoms.choice(["", "不", "81", randoms.choice(pool)[:5]])
    assert_alike_outside(left, "".join(right))


@given(st.text("甲乙丙12%.，。 \nＡab", max_size=40), st.text("甲乙丙12%.，。 \nＡab", max_size=40))
def test_of_any_two_texts_what_is_not_marked_is_the_same(left, right):
    assert_alike_outside(left, right)


def assert_alike_outside(left, right):
    found = differences(left, right)
    assert bare(left, found.left) == bare(right, found.right)
    if bare(left, []) == bare(right, []):
        assert not found.left
        assert not found.right


def bare(text, spans):
    """The text without its spans, as it is compared: folded and without white space."""
    left_out = {at for start, end in spans for at in range(start, end)}
    return "".join(fold(char) for at, char in enumerate(text) if at not in left_out and not char.isspace())


def figures(text, *printed):
    """The figures of a text, from their printed forms: what each counts, its value and unit."""
    return [
        Figure(one, text.index(one), text.index(one) + len(one), label, one.strip("0123456789"), one.rstrip("件项%"))
        for one, label in printed
    ]


def test_a_figure_is_paired_with_what_it_became():
    left, right = "受理行政复议案件38件，办结35件，制定制度3项。", "全年受理行政复议案件41件，审结35件，新定制度12项。"
    of_left = figures(left, ("38件", "受理行政复议案件"), ("35件", "办结案件"), ("3项", "制定制度"))
    of_right = figures(right, ("41件", "受理行政复议案件"), ("35件", "审结案件"), ("12项", "新定制度"))
    found = differences(left, right, of_left, of_right)
    assert [(one.value, other.value) for one, other in found.figures] == [("38", "41"), ("3", "12")]
    assert [left[start:end] for start, end in found.left] == ["38件", "办", "制", "3项"]
    assert [right[start:end] for start, end in found.right] == ["全年", "41件", "审", "新", "12项"]


def test_a_figure_of_other_words_is_no_change_of_it():
    left, right = "受理案件38件。", "举办讲座12场，培训人员300人，发放资料6件。"
    found = differences(left, right, figures(left, ("38件", "受理案件")), figures(right, ("6件", "发放资料")))
    assert not found.figures


def test_a_split_paragraph_lacks_nothing_that_its_pieces_have():
    first, second = "全面推行行政执法公示制度，公开执法信息三千余条。", "严格落实重大执法决定法制审核，审核案件二百余件。"
    left = Report.from_blocks(title="甲县报告", blocks=[((), first + second)])
    right = Report.from_blocks(title="甲县报告", blocks=[((), first), ((), second)])
    rows = compare(left, right).rows
    assert [row.relation for row in rows] == ["changed", "changed"]
    assert all(row.left.text == first + second and not row.left.spans and not row.right.spans for row in rows)
    assert compare(left, right).carried_over == 2


def test_what_went_stands_behind_what_it_followed():
    left = Report.from_blocks(title="甲县报告", blocks=[((), text * 5) for text in ("普法宣传", "执法监督", "行政复议")])
    right = Report.from_blocks(title="甲县报告", blocks=[((), text * 5) for text in ("营商环境", "普法宣传", "行政复议")])
    rows = compare(left, right).rows
    assert [(row.relation.value, (row.left or row.right).passage.text[:4]) for row in rows] == [
        ("right", "营商环境"),
        ("equal", "普法宣传"),
        ("left", "执法监督"),
        ("equal", "行政复议"),
    ]


def test_what_is_too_long_is_refused():
    long = Report.from_blocks(title="甲县报告", blocks=[((), "长" * (LONGEST + 1))])
    short = Report.from_blocks(title="甲县报告", blocks=[((), "短")])
    with pytest.raises(InvalidRequest, match="60000"):
        compare(short, long)


@pytest.mark.parametrize("sections", [(("一、主要举措和成效",), ("二、下一步安排",)), (("二、下一步安排",), ("一、主要举措和成效",))])
def test_figures_of_a_sentence_that_moved_into_plans_or_out_of_them_are_paired(sections):
    """Under a heading of plans it states no figures, so it would have none to pair."""
    texts = "加强行政复议工作，受理行政复议案件38件，办结36件。", "加强行政复议工作，受理行政复议案件41件，办结36件。"
    left, right = (
        Report.from_blocks(title="报告", id=f"r{at}", blocks=[(section, text)])
        for at, (section, text) in enumerate(zip(sections, texts, strict=True))
    )
    assert sum(map(bool, (left.statistics, right.statistics))) == 1
    (row,) = compare(left, right).rows
    assert row.moved
    assert [(pair.left.text, pair.right.text) for pair in row.numbers] == [("38件", "41件")]


def test_a_target_is_still_no_figure_that_changed():
    left = Report.from_blocks(title="报告", id="a", blocks=[(("一、主要举措和成效",), "受理行政复议案件38件，推进行政复议规范化。")])
    right = Report.from_blocks(
        title="报告", id="b", blocks=[(("二、下一步安排",), "力争受理行政复议案件控制在30件以内，推进行政复议规范化。")]
    )
    assert [row.numbers for row in compare(left, right).rows if row.left and row.right] == [()]
