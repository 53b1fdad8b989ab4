import random
import threading
import tracemalloc

import pytest

from indexer.cache import _ENTRY, Cache, _size_of

ENTRY = _ENTRY + _size_of("a")


def cached(cache, keys):
    return [key for key in keys if cache.get(key) is not None]


def test_the_least_recently_used_is_dropped_first():
    cache = Cache(4 * ENTRY)
    for key in "abcd":
        cache.put(key, key, 0)
    assert cache.get("a") == "a"
    cache.put("e", "e", 0)
    assert cached(cache, "abcde") == ["a", "c", "d", "e"]


def test_it_never_holds_more_than_its_limit():
    cache, chance = Cache(50_000), random.Random(1)
    sizes = {}
    for number in range(2_000):
        sizes[number] = chance.randint(1, 20_000)
        cache.put(number, number, sizes[number])
        cache.get(chance.randrange(2_000))
        held = list(cache._entries)
        assert sum(sizes[key] + _ENTRY + _size_of(key) for key in held) == cache._bytes <= 50_000
    assert held


def test_what_is_larger_than_half_of_the_limit_is_given_back_and_not_cached():
    cache = Cache(10 * ENTRY)
    cache.put("a", 1, 0)
    assert cache.put("b", 2, 5 * ENTRY) == 2
    assert cached(cache, "ab") == ["a"]


def test_a_key_counts_once():
    cache = Cache(4 * ENTRY)
    for _ in range(9):
        cache.put("a", 1, 0)
    cache.put("b", 2, 0)
    assert cached(cache, "ab") == ["a", "b"]


@pytest.mark.parametrize("length", [1, 2_000])
def test_keys_of_what_does_not_exist_take_no_more_memory_than_the_limit(length):
    cache = Cache(2_000_000)
    tracemalloc.start()
    for number in range(30_000):
        cache.put(("chars", f"{number:0{length}}"), ((), ()), 0)
    used = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert cache.get(("chars", f"{29_999:0{length}}")) is not None
    assert used < 2_500_000


def test_threads_may_share_it():
    cache = Cache(5 * ENTRY)
    wrong = []

    def use(seed):
        for number in range(3_000):
            key = (number * seed) % 13
            found = cache.get(key) or cache.put(key, f"{key}", 10)
            if found != f"{key}":
                wrong.append(key)

    threads = [threading.Thread(target=use, args=(seed,)) for seed in (3, 5, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert cache._bytes == sum(size for _, size in cache._entries.values())
