import re
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.highlight import REACH, SNIPPET_LENGTH, snippet
from indexer.matching import occurrences
from indexer.outline import find_items
from indexer.query import parse_query
from indexer.request import Mode

SENTENCE = "全县共排查各类矛盾纠纷5785件,调解成功5762件,成功率99.6%,没有发生一起上访事件。"


def cut(text, typed, length=SNIPPET_LENGTH):
    query = parse_query(typed, Mode.LITERAL, str.split)
    return snippet(text, occurrences(query, text), find_items(text), length)


def test_a_short_text_is_shown_whole():
    found = cut("行政复议工作", "复议")
    assert (found.text, found.marks, found.cut_before, found.cut_after) == ("行政复议工作", [(2, 4)], False, False)


def test_a_long_text_is_cut_at_sentences():
    found = cut(SENTENCE * 5 + "推进行政复议。" + SENTENCE * 5, "复议")
    assert found.text == SENTENCE * 2 + "推进行政复议。"
    assert found.cut_before
    assert found.cut_after


def test_the_densest_place_is_shown():
    found = cut("复议在前。" + SENTENCE * 6 + "复议和复议与复议。" + SENTENCE, "复议")
    assert len(found.marks) == 3


def test_the_item_that_a_snippet_begins_in_is_named_unless_it_begins_with_the_words_themselves():
    text = "一是甲事。" + SENTENCE * 4 + "二是推进复议。"
    found = cut(text, "复议")
    assert (found.item, found.text.startswith("全县")) == (1, True)
    assert cut("二是推进复议。" + SENTENCE * 4, "复议").item is None
    assert cut("二是乙事。" + SENTENCE * 3 + "推进复议。", "复议").item == 2
    assert cut("总述。一是推进复议。", "复议").item is None


def test_a_long_sentence_is_shown_whole_and_a_longer_one_is_not_cut_within_a_number():
    sentence = "全县复议" + "和行政应诉" * 30 + "。"
    assert cut(SENTENCE * 2 + sentence + SENTENCE, "复议").text == sentence
    number = "无" * 110 + "复议" + "1234567890" * 3 + "无" * 200 + "。"
    assert cut(number, "复议").text.endswith("1234567890")


texts = st.lists(st.sampled_from(["复议", "甲", "乙,", "。", "；", SENTENCE[:30], "\n", "“", "”"]), max_size=60).map("".join)


@given(texts, st.sampled_from(["复议", "甲乙", "。复议", "议甲"]))
def test_a_snippet_is_verbatim_and_its_marks_are_matches(text, typed):
    if not text.strip():
        return
    found = cut(text, typed, 40)
    # What is cut off is said: put back on either side, it gives the text.
    starts = [at for at in range(len(text)) if text.startswith(found.text, at)]
    assert (found.cut_before, found.cut_after) in {(at > 0, at + len(found.text) < len(text)) for at in starts}
    assert [found.text[a:b] for a, b in found.marks] == [typed] * len(found.marks)
    assert bool(found.marks) == (typed in text)
    assert len(found.text) <= 2 * 40 + 2 * len(typed)


@pytest.mark.parametrize(("before", "after"), [("", SENTENCE), (SENTENCE, ""), (SENTENCE * 4, SENTENCE * 4), ("复议。" + SENTENCE, "")])
def test_a_snippet_says_on_which_side_it_is_cut(before, after):
    text = before + "行政应诉" * 10 + "。" + after
    found = cut(text, "应诉", 40)
    assert found.cut_before == bool(before)
    assert found.cut_after == bool(after)
    assert text[text.index("行政应诉") :].startswith(found.text)


@given(st.lists(st.sampled_from(["复议", "甲乙,", "丙。"]), min_size=1, max_size=40).map("".join))
def test_of_all_runs_of_whole_sentences_the_first_with_most_matches_is_shown(text):
    length = 20
    if len(text) <= length or "复议" not in text:
        return
    pieces = re.findall(r"[^。]*。|[^。]+$", text)
    if max(map(len, pieces)) > length:
        return
    starts = [sum(map(len, pieces[:at])) for at in range(len(pieces) + 1)]
    runs = [(a, b) for a, b in combinations(starts, 2) if b - a <= length]
    widest = [max(run for run in runs if run[0] == start) for start in sorted({a for a, _ in runs})]
    start, end = max(widest, key=lambda run: (text.count("复议", *run), -run[0]))
    assert cut(text, "复议", length).text == text[start:end]


def test_of_a_long_text_only_what_is_near_the_first_match_is_looked_at():
    text = SENTENCE * 300 + "先复议。" + SENTENCE * 2_000 + "复议和复议。" + SENTENCE
    found = cut(text, "复议")
    assert found.text.endswith("先复议。")
    assert found.text.startswith("全县")
    assert len(found.marks) == 1
    assert (found.cut_before, found.cut_after) == (True, True)
    assert cut(SENTENCE * 2_000, "复议").text == cut(SENTENCE * 3, "复议").text


@pytest.mark.parametrize(
    ("before", "cut_before"),
    [pytest.param("推进", False, id="near_its_beginning"), pytest.param("无" * 3_000, True, id="with_no_sentence_before")],
)
def test_in_a_long_text_a_snippet_holds_its_match(before, cut_before):
    text = before + "复议" + "无" * 3_000
    found = cut(text, "复议")
    assert [found.text[a:b] for a, b in found.marks] == ["复议"]
    assert (found.cut_before, found.cut_after) == (cut_before, True)
    assert cut_before or found.text.startswith("推进复议")
    assert SNIPPET_LENGTH <= len(found.text) <= SNIPPET_LENGTH + 4


def test_a_sentence_that_just_fits_is_not_cut_at_its_commas():
    sentence = "推进行政复议，" + "全" * 12 + "。"
    assert cut("甲。" + sentence + "乙" * 30, "复议", len(sentence)).text == sentence


def test_of_one_character_cut_off_in_front_it_is_said_too():
    found = cut("。" + "推进行政复议工作。" + "乙" * 30, "复议", 9)
    assert (found.text, found.cut_before) == ("推进行政复议工作。", True)


def test_a_match_that_ends_where_an_item_ends_stands_in_it():
    found = cut("一是甲乙丙丁。推进复议。二是严格执法。", "复议。", 10)
    assert (found.text, found.item) == ("推进复议。", 1)


def test_a_match_that_ends_where_the_snippet_begins_is_none_of_it():
    found = cut("甲甲甲甲甲复议。" + "复议。" * 6 + "乙" * 30, "复议。", 20)
    assert (found.text, found.marks) == ("复议。" * 6, [(at, at + 3) for at in range(0, 18, 3)])


def test_the_last_sentence_stands_with_those_before_it():
    assert cut("甲" * 30 + "。先复议。后复议。", "复议", 8).text == "先复议。后复议。"


@pytest.mark.parametrize("rest", [100, REACH * 20 - 52])
def test_within_reach_a_long_clause_is_cut_from_its_beginning(rest):
    assert cut("甲" * 50 + "复议" + "乙" * rest, "复议", 20).text.startswith("甲" * 10 + "复议")


def test_the_reach_is_counted_from_where_the_first_match_begins():
    text = "甲" * 1_000
    assert snippet(text, [(0, 10), (402, 403), (404, 405)], [], 20).marks == [(0, 10)]


def test_beyond_reach_a_snippet_begins_at_an_end_of_a_sentence_that_leaves_room_for_the_match():
    text = "甲" * REACH * 20 + "。" + "乙" * 19 + "复议" + "丙" * 100
    assert cut(text, "复议", 20).text == "乙" * 19 + "复议"


def test_beyond_reach_a_sentence_that_ends_inside_of_the_match_is_none_before_it():
    text = "甲" * 490 + "，" + "乙" * 9 + "复议。公开" + "丙" * 100
    assert cut(text, "复议。公开", 20).text == "甲" * 10 + "，" + "乙" * 9 + "复议。公开"


def test_beyond_reach_marks_before_a_match_that_begins_with_one_are_not_shown():
    assert snippet("甲" * 420 + "。。公开" + "丙" * 100, [(421, 424)], [], 20).text == "。公开"


def test_a_word_that_begins_behind_the_cut_does_not_move_it():
    text = "复议" + "甲" * 98 + "AI，GPT" + "乙" * 200 + "。"
    assert cut(text, "复议").text == "复议" + "甲" * 98 + "AI，"


@pytest.mark.parametrize(("letters", "shown"), [pytest.param(40, 40, id="moved"), pytest.param(41, 1, id="not_moved")])
def test_a_bound_is_moved_by_fewer_than_forty_letters(letters, shown):
    assert cut("复议" + "甲" * 17 + "a" * letters + "乙" * 100, "复议", 20).text == "复议" + "甲" * 17 + "a" * shown


def test_a_bound_is_moved_to_the_beginning_of_the_word_or_the_text():
    found = cut("a" * 25 + "甲" * 5 + "复议" + "乙" * 60, "复议", 20)
    assert (found.text[:26], found.cut_before) == ("a" * 25 + "甲", False)
    assert cut("甲" + "a" * 24 + "甲" * 5 + "复议" + "乙" * 60, "复议", 20).text[:25] == "a" * 24 + "甲"


def test_without_matches_a_snippet_has_as_many_sentences_as_fit_into_its_length():
    first, second = "甲" * 59 + "。", "乙" * 59 + "。"
    assert cut(first + second + "丙。", "复议").text == first + second
    assert cut(first + "乙" + second + "丙。", "复议").text == first


@pytest.mark.parametrize(("rest", "shown"), [pytest.param(32, 40, id="twice_as_long"), pytest.param(33, 7, id="longer")])
def test_a_sentence_of_up_to_twice_the_length_is_not_cut_at_its_commas(rest, shown):
    sentence = "推进行政复议，" + "全" * rest + "。"
    assert cut("甲。" + sentence + "乙" * 50, "复议", 20).text.removeprefix("甲。") == sentence[:shown]


def test_the_quotes_that_close_behind_a_sentence_belong_to_it():
    assert cut("“推进行政复议工作。”" + "甲" * 30 + "。", "复议", 20).text == "“推进行政复议工作。”"
