import numpy as np
import pytest

from indexer.engines.whoosh.evaluation.evaluate import floor
from indexer.engines.whoosh.evaluation.lookup import among, intersect


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
