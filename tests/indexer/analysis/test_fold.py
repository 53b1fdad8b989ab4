import random
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import fold
from indexer.analysis import fold_table
from indexer.analysis.fold import fold_with_offsets, is_han, is_white, original_spans, printed_spans

NASTY = st.text(st.sampled_from("法治復裁⼀豈aAÅİ１，Ａ \t\u3000\xa0\u200b\u00ad\ufe0f\U000e0100。1·“”\U00020000")) | st.text(max_size=30)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        pytest.param("Ａ１　《裁決》\u200b", "a1 《裁决》", id="the_contract's_example"),
        pytest.param("９９．６％", "99.6%", id="full_width_digits"),
        pytest.param("，；：（）", ",;:()", id="full_width_marks"),
        pytest.param("行政復議", "行政复议", id="traditional"),
        pytest.param("⼀⻓⺟豈", "一长母岂", id="radicals_and_compatibility_ideographs"),
        pytest.param("İSTANBUL Σ", "istanbul σ", id="simple_lower_case"),
        pytest.param("保畅通 \u3000保复产", "保畅通保复产", id="white_space_beside_han_vanishes"),
        pytest.param(" open \t data ", "open data", id="other_white_space_is_one_space"),
        pytest.param("法\u200b 1", "法1", id="white_space_is_beside_han_across_what_is_dropped"),
        pytest.param("\u200b\ufeff", "", id="nothing_but_ignorable"),
        pytest.param("。“”〔〕·", "。“”〔〕·", id="chinese_marks_stay"),
    ],
)
def test_each_kind_of_character_folds_to_its_plain_form(text, folded):
    assert fold(text) == folded


@given(NASTY, st.data())
def test_fold_of_a_part_stands_in_the_fold_of_the_whole(whole, data):
    start = data.draw(st.integers(0, len(whole)))
    part = whole[start : data.draw(st.integers(start, len(whole)))]
    if part and not is_white(part[0]) and not is_white(part[-1]):
        assert fold(part) in fold(whole)


@given(NASTY)
def test_offsets_lead_back_to_the_characters_that_were_folded(text):
    folded, offsets = fold_with_offsets(text)
    assert folded == fold(text)
    assert list(fold_with_offsets(text, folded)[1]) == list(offsets)
    assert len(offsets) == len(folded)
    assert list(offsets) == sorted(set(offsets))
    for char, offset in zip(folded, offsets, strict=True):
        assert is_white(text[offset]) if char == " " else fold(text[offset]) == char


def test_original_spans_leave_dropped_characters_at_the_ends_out():
    folded, offsets = fold_with_offsets("\u200b行\u200b政\u200b复")
    assert original_spans([(0, 2)], offsets) == [(1, 4)]
    assert folded == "行政复"


@given(NASTY, st.data())
def test_printed_spans_are_those_of_the_offsets(text, data):
    folded, offsets = fold_with_offsets(text)
    bounds = sorted(data.draw(st.sets(st.integers(0, len(folded)), max_size=6)))
    spans = [(start, end) for start, end in pairwise(bounds) if data.draw(st.booleans())]
    assert printed_spans(spans, text, folded) == original_spans(spans, offsets)


def test_the_table_is_what_unicode_and_opencc_say():
    pytest.importorskip("opencc")
    kept = {}
    for line in fold_table.PATH.read_text("ascii").splitlines():
        first, last, to = line.split("\t")
        for code in range(int(first, 16), int(last, 16) + 1):
            kept[code] = None if to == "-" else int(to, 16) + code - int(first, 16)
    chance = random.Random(5)
    import opencc
    import regex

    simplify = opencc.OpenCC("t2s").convert
    for code in [*range(0x3000), *range(0x4E00, 0x9FFF), *chance.sample(range(0x3000, 0xD800), 2000), *range(0xFF00, 0x10000)]:
        char = chr(code)
        if regex.match(r"\p{Default_Ignorable_Code_Point}", char):
            assert kept[code] is None, hex(code)
        elif 0x4E00 <= code <= 0x9FFF:
            assert chr(kept.get(code, code)) == simplify(char)[0], char
        elif code in fold_table.FULL_WIDTH:
            assert chr(kept[code]) == unicodedata.normalize("NFKC", char).lower()


def test_what_is_han_stays_han_and_nothing_becomes_white_space():
    for code in range(0x32000):
        char = chr(code)
        if not 0xD800 <= code < 0xE000 and (folded := fold(f"a{char}a")[1:-1]):
            assert is_han(folded) == is_han(char), hex(code)
            assert is_white(folded) == is_white(char), hex(code)


@pytest.mark.unmeasured
def test_han_and_white_space_are_unicode_s():
    regex = pytest.importorskip("regex")
    for code in range(0x32000):
        char = chr(code)
        if not 0xD800 <= code < 0xE000 and unicodedata.category(char) != "Cn":
            assert is_white(char) == bool(regex.match(r"\p{White_Space}", char)), hex(code)
            assert is_han(char) == bool(regex.match(r"\p{Script=Han}", char)), hex(code)
