import pytest

from indexer import SearchRequest
from indexer.joined import JoinedTexts
from indexer.spelling import nearest_spelling
from tests.support import one_report

TEXTS = ["畅通行政复议渠道", "行政复议和行政应诉", "一网通办", "一网通管", "督察工作"]


@pytest.fixture
def index(make_index):
    return make_index([one_report(text, id=f"r{number}") for number, text in enumerate(TEXTS)])


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        pytest.param("行政服议", ("行政复议", 2), id="one_changed"),
        pytest.param("行政复", None, id="nothing_wrong"),
        pytest.param("行复议", ("行政复议", 2), id="one_missing"),
        pytest.param("行政政复议", ("行政复议", 2), id="one_too_many"),
        pytest.param("行复政议", ("行政复议", 2), id="neighbours_swapped"),
        pytest.param("信政复议", ("行政复议", 2), id="first_changed"),
        pytest.param("一网通扮", ("一网通办", 1), id="of_equals_the_first_in_code_point_order"),
        pytest.param("督查", None, id="two_characters_are_never_guessed"),
        pytest.param("完全没有的词", None, id="nothing_near"),
    ],
)
def test_nearest_spelling(index, typed, nearest):
    explained = index.explain(index.search(typed).request)
    assert explained.nearest == ([(typed, *nearest)] if nearest else [])


def test_nothing_rare_is_offered_where_what_is_frequent_cannot_be_read():
    texts = ["行政复议"] * 5 + ["政服议"]

    def count_holding(text):
        return sum(text in held for held in texts)

    def texts_holding(alternatives, most=5):
        found = [held for held in texts if any(all(piece in held for piece in pieces) for pieces in alternatives)]
        return JoinedTexts.of(found) if len(found) <= most else None

    assert nearest_spelling("行政服议", count_holding, lambda alternatives: texts_holding(alternatives, 6)) == ("行政复议", 5)
    assert nearest_spelling("行政服议", count_holding, texts_holding) is None
    # No text need be read to count what is frequent.
    assert nearest_spelling("行政复议议", count_holding, lambda alternatives: JoinedTexts.of([])) == ("行政复议", 5)


def test_no_more_passages_are_read_for_the_spellings_of_a_query_than_take_a_moment(index, monkeypatch):
    def work(typed):
        gaps = [(typed[:at], typed[after:]) for at in range(len(typed)) for after in (at, at + 1) if at or after]
        return len(gaps) * sum(any(before in text and behind in text for before, behind in gaps) for text in TEXTS)

    needed = {("行政服议", "行政复议"): work("行政服议"), ("一网通扮", "一网通办"): work("一网通扮")}
    first, second = needed.values()
    for most in (first - 1, first, first + second - 1, first + second):
        monkeypatch.setattr("indexer.search.offers.SPELLING_WORK", most)
        left, right = most, []
        for pair, passages in needed.items():
            if passages <= left:
                right.append(pair)
                left -= passages
        explained = index.explain(SearchRequest("行政服议 一网通扮"))
        assert [(typed, spelling) for typed, spelling, _ in explained.nearest] == right, most


def test_years_that_are_not_held_are_told_from_years_without_a_mention(index):
    assert index.explain(index.search("一网通办", years=[2022]).request).held == 0
    assert index.explain(index.search("没有的词").request).held == 5


def test_a_report_without_such_a_passage_is_held_all_the_same(index):
    assert index.explain(index.search("一网通办", kinds=["title"], sections=["复议应诉"]).request).held == 5
