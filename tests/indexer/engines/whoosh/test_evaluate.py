import random

import numpy as np
import pytest

from indexer import Mode, Report, build_index, open_index
from indexer.analysis.words import cut
from indexer.engines.whoosh.evaluation.evaluate import Evaluation, floor
from indexer.engines.whoosh.evaluation.lookup import Lookup, among, intersect
from indexer.query import parse_query


@pytest.mark.parametrize("size", [10, 640, 641, 5_000, 100_000])
def test_the_best_reach_the_floor_and_few_others_do(size):
    keys = np.random.default_rng(size).random(size)
    least = floor(keys, 10)
    assert np.sort(keys)[-10:].min() >= least
    assert np.count_nonzero(keys >= least) <= 40


def test_equal_keys_all_reach_the_floor():
    assert floor(np.ones(10_000), 10) == 1


@pytest.mark.parametrize("few", [0, 1, 5, 400])
@pytest.mark.parametrize("many", [0, 1, 700])
def test_which_numbers_are_among_others(few, many):
    chance = np.random.default_rng(few + many)
    numbers, others = (np.sort(chance.choice(1_000, size, replace=False)) for size in (few, many))
    assert among(numbers, others, 1_000).tolist() == [number in set(others.tolist()) for number in numbers.tolist()]
    held, at = intersect(numbers, others, 1_000)
    assert numbers[held].tolist() == others[at].tolist() == sorted(set(numbers.tolist()) & set(others.tolist()))


def test_pairs_that_were_looked_for_are_read_once_and_found_again(tmp_path, monkeypatch):
    chance = random.Random(1)
    texts = ["".join(chance.choices("甲乙丙丁，", k=30)) for _ in range(60)]
    build_index(tmp_path / "index", [Report.from_blocks(id="r", title="题", blocks=[((), text) for text in texts])])
    queries = ["甲乙 NEAR/3 丙", "甲乙 NEAR/9 丙", "甲乙 NEAR/3 丙 OR 丁丁 NEAR/0 甲", "丙 -(甲乙 NEAR/9 丙)", "丁丁 NEAR/0 甲"]
    with open_index(tmp_path / "index") as index:
        passages = index._engine._passages
        for text in queries:
            query = parse_query(text, Mode.EXACT, cut)
            monkeypatch.setattr(passages.made, "known", lambda key: None)
            anew = Evaluation(passages, query).matching()
            monkeypatch.undo()
            again = Evaluation(passages, query)
            # Reading would fail.
            monkeypatch.setattr(passages, "joined", None)
            assert again.matching().tolist() == anew.tolist()
            assert 0 < len(anew) < passages.count
            monkeypatch.undo()
            once = Evaluation(passages, query).occurrences(query.terms, query.nears, anew).tolist()
            assert again.occurrences(query.terms, query.nears, anew).tolist() == once


def test_a_longer_text_is_looked_up_once_and_found_again(tmp_path, monkeypatch):
    chance = random.Random(2)
    texts = ["".join(chance.choices("甲乙丙", k=40)) for _ in range(60)]
    build_index(tmp_path / "index", [Report.from_blocks(id="r", title="题", blocks=[((), text) for text in texts])])
    queries = ["甲乙丙", "甲甲乙 OR 乙丙甲", "丙丙丙丙 乙甲乙", "甲乙丙 -丙乙甲乙", "甲乙丙"]
    with open_index(tmp_path / "index") as index:
        anew = [index.rank(query) for query in queries]
        assert anew[0].total == sum("甲乙丙" in text for text in texts)
        # Looking up would fail.
        monkeypatch.setattr(Lookup, "_look_up", None)
        assert [index.rank(query) for query in queries] == anew
