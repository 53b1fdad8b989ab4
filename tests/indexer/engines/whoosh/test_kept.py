import threading

import numpy as np

from indexer.engines.whoosh.kept import Kept


def arrays(size, value=0):
    return (np.full(size, value, np.uint8),)


def test_the_least_recently_asked_for_goes_first():
    kept = Kept(limit=30)
    for key in "abc":
        kept.put(key, arrays(10))
    assert kept.get("a") is not None
    kept.put("d", arrays(10))
    assert [key for key in "abcd" if kept.get(key) is not None] == ["a", "c", "d"]


def test_what_is_larger_than_all_room_is_given_back_and_not_kept():
    kept = Kept(limit=30)
    kept.put("small", arrays(1))
    assert kept.put("large", arrays(31, 7))[0][0] == 7
    assert kept.get("large") is None
    assert kept.get("small") is not None


def test_a_key_counts_once():
    kept = Kept(limit=30)
    for _ in range(5):
        kept.put("a", arrays(20))
    kept.put("b", arrays(10))
    assert kept.get("a") is not None


def test_threads_may_share_it():
    kept = Kept(limit=50)
    wrong = []

    def use(seed):
        for number in range(3_000):
            key = (number * seed) % 13
            found = kept.get(key) or kept.put(key, arrays(10, key))
            if found[0][0] != key:
                wrong.append(key)

    threads = [threading.Thread(target=use, args=(seed,)) for seed in (3, 5, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
