"""What units of measure are called in another language."""

from decimal import Decimal

import pytest

from indexer import texts
from indexer.facts import find_statistics, measures
from indexer.facts.counted import UNITS


@pytest.fixture
def english():
    with texts.speaking(texts.ENGLISH):
        yield


@pytest.mark.parametrize(
    ("unit", "of", "number", "called"),
    [
        ("件", "受理行政复议案件", "81", "cases"),
        ("件", "受理行政复议案件", "1", "case"),
        ("件", "受理行政复议案件", Decimal("0.5"), "cases"),
        ("件", "受理行政复议案件", None, "cases"),
        ("件", "移送司法机关", "2", "cases"),
        ("件", "审查行政规范性文件", "1", "item"),
        ("件", "办理人大代表议案建议", "12", "items"),
        ("件、次", "12345热线诉求", None, "items, times"),
        ("人次", "培训", "1", "person-time"),
        ("元", "罚没款", "350000", "yuan"),
        ("个百分点", "办结率", "-1", "percentage point"),
        ("%", "办结率", "1", "%"),
        ("比", "男女比例", "3:1", "ratio"),
    ],
)
def test_a_unit_is_called_by_what_it_counts_and_how_many(english, unit, of, number, called):
    assert measures.called(unit, of, number) == called


def test_in_chinese_a_unit_is_what_it_is():
    assert measures.called("件", "审查行政规范性文件", "1") == "件"
    assert measures.called("件", "审查行政规范性文件", language=texts.ENGLISH) == "items"
    assert measures.inexact("余") == "余"


def test_every_unit_and_every_inexact_word_has_its_english(english):
    units = {unit: measures.called(unit, "案件") for unit in UNITS.split()}
    assert {unit for unit, called in units.items() if called == unit} == {"%", "％", "‰", "TB", "GB", "PB"}
    assert [word for word in measures.WORDS if measures.inexact(word) == word] == []


def test_the_words_of_inexact_figures_are_those_that_are_read():
    before = [f"受理案件{word}90件。" for word in measures.WORDS]
    behind = [f"受理案件90件{word}。" for word in measures.WORDS]
    inside = [f"受理案件90{word}件。" for word in measures.WORDS]
    found = {one.approximate for text in (*before, *behind, *inside) for one in find_statistics(text)}
    # 至少 says what has to be, which is no figure; it is one of the words all the same.
    assert found - {None} == set(measures.WORDS) - {"至少"}
