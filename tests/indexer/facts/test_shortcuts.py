"""What is looked at first, so that few expressions are tried, leaves out nothing that they would find."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.facts import clauses, counted, labels, quantities, verbs
from indexer.facts.indicators import ANY, RULES
from indexer.facts.quantities import find_quantities
from tests.indexer.facts.marked import DATA, read_marked

SENTENCES = [text for path in sorted(DATA.glob("*.txt")) for text, _ in read_marked(path.name)]
PIECES = st.sampled_from(
    "，。；、 　-—至到为达了近余多约超下降减少分别同比第每个件名条项人次场份%％千米百分点0 12 3.5 １２ 7至9 1,203 一二三十百千万亿 以上 左右 （ ） “ ” 受理 培训".split(
        " "
    )
)
LABEL = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF) | st.sampled_from("“”、（）()")


@given(st.lists(PIECES | st.integers(0, 3000).map(str) | st.sampled_from(counted.UNITS.split()), max_size=12).map("".join))
def test_simple_counts_are_read_as_all_are(text):
    found = find_quantities(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quantities, "_plain_count", lambda text, run: None)
        assert find_quantities(text) == found


def test_simple_counts_of_reports_are_read_as_all_are(monkeypatch):
    found = [find_quantities(text) for text in SENTENCES]
    monkeypatch.setattr(quantities, "_plain_count", lambda text, run: None)
    assert [find_quantities(text) for text in SENTENCES] == found


@pytest.mark.parametrize("rule", [rule for rule in RULES if ANY.search(rule.labels)], ids=lambda rule: rule.indicator.name)
def test_labels_of_an_indicator_hold_what_it_says(rule):
    @settings(max_examples=40)
    @given(st.from_regex(rule.labels, fullmatch=True, alphabet=LABEL))
    def holds(label):
        assert set(rule.holds) & set(label)

    holds()


def test_only_indicators_whose_labels_take_any_character_say_what_they_hold():
    assert [rule.indicator.name for rule in RULES if bool(rule.holds) != bool(ANY.search(rule.labels))] == []


@pytest.mark.parametrize(
    ("expression", "first"),
    [
        pytest.param(clauses._LEAD, clauses._LEAD_FIRST, id="lead"),
        pytest.param(labels._BEHIND_NUMBER, labels._BETWEEN_FIRST, id="behind_number"),
        pytest.param(verbs.VERB_START, verbs.VERB_FIRSTS, id="verb_start"),
    ],
)
def test_every_match_begins_with_a_character_that_is_looked_at_first(expression, first):
    found = {match[0][0] for text in SENTENCES for at in range(len(text)) if (match := expression.match(text, at)) and match[0]}
    assert {char for char in found if char.isalnum()} <= first
    assert found


@pytest.mark.parametrize(
    ("expression", "last"),
    [
        pytest.param(labels._OPENS, labels._OPENS_LAST, id="opens"),
        pytest.param(labels._BEFORE_NOUN, labels._NOUN_NEXT_LAST, id="before_noun"),
        pytest.param(clauses._TRAIL, clauses._TRAIL_LAST, id="trail"),
        pytest.param(clauses._CHANGE, clauses._CHANGE_LAST, id="change"),
        pytest.param(clauses._HOW, clauses._HOW_LAST, id="how"),
        pytest.param(clauses._OTHER_YEAR, clauses._OTHER_YEAR_LAST, id="other_year"),
    ],
)
def test_every_match_ends_with_a_character_that_is_looked_at_first(expression, last):
    found = {
        match[0][-1]
        for text in SENTENCES
        for at in range(1, len(text))
        if (match := expression.search(text[max(0, at - 12) : at])) and match[0]
    }
    assert found <= last
    assert found
