import random
import threading

import numpy as np

from indexer.engines.whoosh.evaluation.cache import Kept


def arrays(size, value=0):
    return (np.full(size, value, np.uint8),)


def held(kept, keys):
    return [key for key in keys if kept.get(key) is not None]


def test_what_is_asked_for_stays_and_what_is_not_goes():
    kept = Kept(limit=60)
    for key in "abc":
        kept.put(key, arrays(10))
    for key in "defghi":
        assert kept.get("a") is not None
        kept.put(key, arrays(10))
    assert held(kept, "bcd") == []
    assert held(kept, "ai") == ["a", "i"]


def test_it_never_holds_more_than_its_room():
    kept, chance = Kept(limit=1_000), random.Random(1)
    for number in range(500):
        kept.put(number, arrays(chance.randint(1, 600)))
        kept.get(chance.randrange(500))
        tables = {**kept._older, **kept._newer}
        assert sum(found[0].nbytes for found in tables.values()) <= 1_000


def test_what_is_larger_than_half_of_all_room_is_given_back_and_not_kept():
    kept = Kept(limit=30)
    kept.put("small", arrays(1))
    assert kept.put("large", arrays(16, 7))[0][0] == 7
    assert held(kept, ["small", "large"]) == ["small"]


def test_a_key_counts_once():
    kept = Kept(limit=60)
    for _ in range(5):
        kept.put("a", arrays(20))
    kept.put("b", arrays(10))
    assert held(kept, "ab") == ["a", "b"]


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
