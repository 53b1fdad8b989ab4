"""Compiled loops find what array operations find, in segments of any width, and read nothing unchecked."""

import random
import runpy
import shutil
import sys
import weakref
from itertools import pairwise

import numpy as np
import pytest

from indexer import IndexCorrupt, Report, open_index
from indexer.catalogue import Catalogue
from indexer.engines.whoosh.arrays import files, positions, postings
from indexer.engines.whoosh.arrays.keyed import KeyedReader
from indexer.engines.whoosh.engine import WhooshEngine
from indexer.engines.whoosh.evaluation import compiled as compiled_module
from indexer.engines.whoosh.evaluation import occurrences as occurrences_module
from indexer.engines.whoosh.evaluation import passages as passages_module
from indexer.engines.whoosh.evaluation import threads as threads_module
from indexer.engines.whoosh.evaluation.lookup import Lookup
from indexer.engines.whoosh.writer import WhooshWriter

ALPHABET = "法治政府行哈"
NEVER = "鑫"
QUERIES = [
    "法治政府",
    "法治政",
    "哈哈哈",
    "哈哈哈哈",
    "法哈哈治",
    "哈哈行",
    "法治政 治政府",
    "府行哈 OR 政府行",
    "法治政府行哈",
    "法治鑫",
    "治政 -法治政",
]


@pytest.fixture(scope="module")
def loops():
    pytest.importorskip("numba", reason="the extra `large` is not installed")
    loops = compiled_module._loading().result()
    assert loops is not None
    return loops


@pytest.fixture(scope="module")
def location(tmp_path_factory):
    """Two segments: of 600 passages with one of thousands of characters, and of a few short ones; some of each are deleted."""
    location = tmp_path_factory.mktemp("compiled") / "index"
    chance = random.Random(5)

    def text(most):
        return "".join(chance.choices(ALPHABET, k=chance.randint(1, most)))

    for name, passages, longest in (("a", 600, "法治" * 400 + "哈" * 700), ("b", 9, "法"), ("c", 5, "治政" * 300)):
        writer = WhooshWriter(location)
        for first in range(0, passages, 20):
            blocks = [((), text(30)) for _ in range(min(20, passages - first))]
            writer.put(
                Report.from_blocks(id=f"{name}{first}", title=text(5), year=2020, blocks=[*blocks, ((), longest)] if first == 0 else blocks)
            )
        if name == "c":
            writer.drop("a40")
            writer.drop("b0")
        writer.commit(Catalogue())
    return location


@pytest.fixture
def both(location, loops, monkeypatch):
    """The passages as array operations read them, and as the loops do."""
    monkeypatch.setattr(passages_module, "LARGE", 1)
    engines = [WhooshEngine(location), WhooshEngine(location)]
    monkeypatch.setattr(threads_module, "COMPILED_TOGETHER", 50)
    slow, fast = (engine._passages for engine in engines)
    monkeypatch.setattr(slow.occurrences, "compiled", lambda: None)
    assert fast.occurrences.compiled() is not None
    yield slow, fast
    for engine in engines:
        engine.close()


def test_the_index_has_what_the_loops_tell_apart(both):
    slow, _ = both
    widths = {tuple(array.address()[1] for array in segment.arrays(("bigrams.ids", "bigrams.places"))) for segment in slow.segments}
    assert widths == {(2, 2), (1, 2)}
    assert any(len(segment.arrays(("bigrams.large",))[0]) for segment in slow.segments)
    assert slow.deletions


def test_pairs_stand_in_the_passages_that_array_operations_say(both):
    slow, fast = both
    often = 0
    for pair in (one + other for one in ALPHABET + NEVER for other in ALPHABET + NEVER):
        found, right = fast.occurrences._gathered_pair(pair), slow.occurrences._gathered("bigrams", pair)
        if found is None:
            assert right[1].max() >= 255
            often += 1
            found = fast.occurrences.postings("bigrams", pair)
            right = slow.occurrences.postings("bigrams", pair)
        assert [own.tolist() for own in found] == [own.tolist() for own in right], pair
    assert often


def test_pairs_begin_where_array_operations_say(both):
    slow, fast = both
    segments = len(slow.segments)
    for pair in (one + other for one in ALPHABET + NEVER for other in ALPHABET + NEVER):
        for within in (None, np.arange(segments) == 0, np.arange(segments) > 0, np.zeros(segments, np.bool_)):
            assert fast.occurrences.starts(pair, within).tolist() == slow.occurrences._starts(pair, within).tolist(), pair


def test_pairs_follow_where_array_operations_say(both):
    slow, fast = both
    chance = random.Random(6)
    pairs = [one + other for one in ALPHABET for other in ALPHABET]
    for _ in range(300):
        pair, other, behind = chance.choice(pairs), chance.choice([*pairs, ALPHABET[0] + NEVER]), chance.randint(-9, 9)
        starts = slow.occurrences.starts(pair)
        # A few are searched for in the list, many gone through with it.
        starts = np.ascontiguousarray(starts[:: chance.choice([1, 1, 40, 300])])
        assert fast.occurrences.followed(starts, behind, other).tolist() == slow.occurrences.followed(starts, behind, other).tolist(), (
            pair,
            other,
            behind,
        )


def test_texts_stand_in_the_same_passages_as_often(both):
    slow, fast = both
    chance = random.Random(7)
    for size in range(3, 9):
        for _ in range(25):
            text = "".join(chance.choices(ALPHABET, k=size))
            numbers, counts = Lookup(fast).postings(text)
            right_numbers, right_counts = Lookup(slow).postings(text)
            assert (numbers.tolist(), counts.tolist()) == (right_numbers.tolist(), right_counts.tolist()), text
    assert fast.occurrences.postings("bigrams", "法治")[1].max() > 255


def test_sentences_stand_in_the_passages_that_array_operations_say(both, monkeypatch):
    monkeypatch.setattr(compiled_module, "ROOM", 1)
    slow, fast = both
    held = np.unique(np.concatenate([segment.sentences.all().keys for segment in slow.segments]))
    for keys in (held, held[::7], held[:1], np.array([0, *held[:3] + 1]), held[:0]):
        found = fast.occurrences.compiled().holding(keys)
        right = KeyedReader.gathered([segment.sentences for segment in slow.segments], keys)
        assert [own.tolist() for own in found] == [own.tolist() for own in right]
    assert len(held) > 100


def test_what_the_loops_read_of_sentences_is_held_though_another_thread_makes_it_anew(location, loops, monkeypatch):
    monkeypatch.setattr(passages_module, "LARGE", 1)
    engine = WhooshEngine(location)
    sentences = [segment.sentences for segment in engine._passages.segments]
    engine._passages.occurrences.compiled().holding(sentences[0].all().keys[:1])
    read = [weakref.ref(reader.starts()) for reader in sentences]
    for reader in sentences:
        del reader._starts
    assert all(starts() is not None for starts in read)
    engine.close()


def test_searches_give_the_same(location, loops, monkeypatch):
    with open_index(location) as slow:
        pages = [slow.search(query, per_page=100) for query in QUERIES]
    monkeypatch.setattr(passages_module, "LARGE", 1)
    with open_index(location) as fast:
        assert fast._engine._passages.occurrences.compiled() is not None
        for query, right in zip(QUERIES, pages, strict=True):
            page = fast.search(query, per_page=100)
            assert (page.total, [(hit.id, hit.score) for hit in page.hits]) == (right.total, [(hit.id, hit.score) for hit in right.hits]), (
                query
            )
    assert any(page.hits for page in pages)


def _all_read(passages):
    for one, other in pairwise(ALPHABET):
        passages.occurrences.starts(one + other)
    passages.occurrences.compiled().holding(np.unique(passages.segments[0].sentences.all().keys[:20]))


def test_a_block_that_is_damaged_is_not_read(location, loops, tmp_path, monkeypatch):
    damaged = tmp_path / "index"
    shutil.copytree(location, damaged)
    monkeypatch.setattr(passages_module, "LARGE", 1)
    for name in (*loops.ARRAYS, "sentences.rest", "sentences.ids"):
        engine = WhooshEngine(damaged)
        passages = engine._passages
        assert passages.occurrences.compiled() is not None
        for segment in passages.segments:
            (array,) = segment.arrays([name])
            array._unread[:] = b"\1" * len(array._unread)
            monkeypatch.setattr(array, "_sums", memoryview(np.zeros(len(array._sums), "<u4")))
            monkeypatch.setattr(array, "_checksum", 0)
        with pytest.raises(IndexCorrupt, match=name):
            _all_read(passages)
        engine.close()


def test_each_block_is_checked_before_it_is_read(location, loops, monkeypatch):
    monkeypatch.setattr(passages_module, "LARGE", 1)
    engine = WhooshEngine(location)
    assert len(engine._passages.occurrences.starts("法治")) > 500
    checked = {}
    for segment in engine._passages.segments:
        for name, array in zip(loops.ARRAYS, segment.arrays(loops.ARRAYS), strict=True):
            checked[name] = checked.get(name, 0) + array._unread.count(0)
            assert len(array._unread) == -(-len(array) * array._itemsize // files.BLOCK)
    assert all(checked.values())
    engine.close()


def test_without_numba_there_are_array_operations(location, monkeypatch):
    monkeypatch.setattr(passages_module, "LARGE", 1)
    monkeypatch.setitem(sys.modules, "indexer.engines.whoosh.arrays.loops", None)
    assert compiled_module._loaded() is None
    monkeypatch.setattr(occurrences_module, "loops", compiled_module._loaded)
    with open_index(location) as index:
        assert index._engine._passages.occurrences.compiled() is None
        assert index.search("法治政").total.paragraphs


@pytest.mark.parametrize(("module", "name"), [(files, "BLOCK"), (positions, "EVERY"), (positions, "START_BITS"), (postings, "MOST")])
def test_what_was_compiled_for_other_numbers_is_not_taken(loops, monkeypatch, module, name):
    monkeypatch.setattr(module, name, 2 * getattr(module, name))
    with pytest.raises(ImportError, match="compiled for"):
        runpy.run_path(loops.__file__)


def test_where_nothing_may_be_compiled_that_is_logged(monkeypatch, caplog):
    def refused(name):
        raise PermissionError(13, "cannot allocate executable memory")

    monkeypatch.setattr(compiled_module, "import_module", refused)
    assert compiled_module._loaded() is None
    assert "cannot allocate executable memory" in caplog.text


def test_a_small_index_loads_nothing(location, monkeypatch):
    def loaded():
        raise AssertionError

    monkeypatch.setattr(occurrences_module, "loops", loaded)
    with open_index(location) as index:
        assert index.search("法治政").total.paragraphs
