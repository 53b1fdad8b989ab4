"""Tokens and their laws; what the tokens find is tested on a real node."""

from itertools import product

import pytest

from indexer.analysis.words import bigrams
from indexer.engines.opensearch.schema import char_tokens, neighbours, same_number, token, tokens
from tests.support import one_report

ODD = [" ", "\x1c", "\x1f", "u", "2", "0", "1", "c", "法", "\ue000", "\U00020000", "\\", '"']


def test_different_pairs_are_different_tokens_without_white_space():
    pairs = ["".join(pair) for pair in product(ODD, repeat=2)]
    tokens = {token(pair) for pair in pairs} | {token(char) for char in ODD}
    assert len(tokens) == len(pairs) + len(ODD)
    assert not any(char.isspace() for each in tokens for char in each)


def test_every_character_is_one_token():
    assert char_tokens("法 治\x1fA").split() == ["法", "u20", "治", "u1f", "A"]


@pytest.mark.parametrize("text", ["法% 1治", " 法 治 ", "a b", "\x1c", "法治"])
def test_tokens_in_one_go_are_those_one_by_one(text):
    for texts in (text, bigrams(text), [text], text.split("法")[:1]):
        assert tokens(texts).split() == [token(each) for each in texts if each]


def test_a_text_has_all_neighbours_of_what_it_holds():
    text = "哈哈哈 法治法治"
    held = set(map(token, bigrams(text)))
    assert all(set(neighbours(text[start:end])) <= held for start in range(len(text)) for end in range(start, len(text) + 1))


def test_equal_texts_of_one_kind_share_a_number():
    title, paragraph = one_report("标题").passages
    assert same_number(paragraph, "标题") == same_number(paragraph, "标题")
    assert len({same_number(paragraph, "标题"), same_number(title, "标题"), same_number(paragraph, "标 题")}) == 3
