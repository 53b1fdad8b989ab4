"""Tokens and their laws; what the tokens find is tested on a real node."""

from itertools import product

import pytest

from indexer.analysis.words import bigrams, segmenter
from indexer.engines.opensearch.documents import index_body, meta, neighbours, token, tokens
from indexer.engines.whoosh.segment.schema import TEXT_FIELDS
from indexer.fields import FILTERS

ODD = [" ", "\x1c", "\x1f", "u", "2", "0", "1", "c", "法", "\ue000", "\U00020000", "\\", '"']


def test_different_words_are_different_tokens_without_white_space():
    words = ["".join(pair) for pair in product(ODD, repeat=2)] + ODD
    tokens = set(map(token, words))
    assert len(tokens) == len(words)
    assert not any(char.isspace() for each in tokens for char in each)


@pytest.mark.parametrize("words", [["法 治", "\x1c", "a"], ["法治", "政府"], [" "], []])
def test_tokens_in_one_go_are_those_one_by_one(words):
    assert tokens(words).split() == list(map(token, words))


def test_a_text_has_all_neighbours_of_what_it_holds():
    text = "哈哈哈 法治法治"
    held = set(bigrams(text))
    assert all(set(neighbours(text[start:end])) <= held for start in range(len(text)) for end in range(start, len(text) + 1))


def test_no_filter_is_called_what_the_engines_call_something_of_their_own(monkeypatch):
    filters = set(FILTERS)
    monkeypatch.setattr("indexer.engines.opensearch.documents.FILTERS", {})
    own = set(index_body("1", 1, {})["mappings"]["properties"])
    assert not filters & {*own, *TEXT_FIELDS, "passage", "described", "score"}


def test_an_index_names_what_cut_its_words():
    assert meta("1")["segmenter"] == segmenter()
