"""Several threads work on one query of a large index: what comes back, or is raised, is what one of them alone would give."""

import os
import threading
from pathlib import Path

import pytest

from indexer import IndexCorrupt, Report, open_index
from indexer.catalogue import Catalogue
from indexer.engines.whoosh.engine import WhooshEngine
from indexer.engines.whoosh.evaluation import occurrences as occurrences_module
from indexer.engines.whoosh.evaluation import passages as passages_module
from indexer.engines.whoosh.evaluation import threads as threads_module
from indexer.engines.whoosh.evaluation.lookup import Lookup
from indexer.engines.whoosh.evaluation.threads import Threads
from indexer.engines.whoosh.writer import WhooshWriter

SECONDS = 20
"""How long a test waits for another thread before it fails."""


@pytest.fixture
def threads(monkeypatch):
    """Three of them, however many cores there are."""
    monkeypatch.setattr(threads_module, "cores", lambda: 3)
    threads = Threads()
    yield threads
    threads.close()


def test_what_is_made_comes_in_the_order_of_the_parts(threads):
    assert threads.each(lambda part: part * part, range(50)) == [part * part for part in range(50)]
    assert threads.each(str, [7]) == ["7"]
    assert threads.each(str, []) == []


def test_as_many_work_together_as_there_are_cores(threads):
    together = threading.Barrier(3)
    names = threads.each(lambda _: (together.wait(SECONDS), threading.current_thread().name)[1], range(3))
    assert threading.current_thread().name in names
    assert len(set(names)) == 3


def test_one_part_is_done_by_the_thread_that_wants_it(threads):
    before = {*_evaluating()}
    assert threads.each(lambda _: threading.current_thread(), [1]) == [threading.current_thread()]
    assert not {*_evaluating()} - before


def test_a_process_that_may_use_one_of_many_cores_works_alone(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {5}, raising=False)
    before = {*_evaluating()}
    assert Threads().each(abs, range(-9, 0)) == [*range(9, 0, -1)]
    assert not {*_evaluating()} - before


@pytest.mark.parametrize("helping", [False, True])
def test_an_error_of_any_thread_is_raised_where_the_parts_were_wanted(threads, helping):
    both = threading.Barrier(2)

    def work(part):
        if part < 2:
            both.wait(SECONDS)
            if (threading.current_thread() is not threading.main_thread()) is helping:
                raise IndexCorrupt(Path("a"), "damaged")
        return part

    threads._helpers = 1
    with pytest.raises(IndexCorrupt, match="damaged"):
        threads.each(work, range(100))
    assert threads.each(abs, [-1, -2]) == [1, 2]


def test_nothing_is_begun_after_an_error(threads):
    begun = []

    def work(part):
        begun.append(part)
        raise IndexCorrupt(Path("a"), "damaged")

    threads.close()
    with pytest.raises(IndexCorrupt):
        threads.each(work, range(100))
    assert begun == [0]


def test_nobody_waits_for_threads_that_are_busy_elsewhere(threads):
    over, busy = threading.Event(), threading.Barrier(4)

    def held(_):
        busy.wait(SECONDS)
        over.wait(SECONDS)

    other = threading.Thread(target=threads.each, args=(held, range(3)))
    other.start()
    busy.wait(SECONDS)
    assert threads.each(abs, range(-9, 0)) == [*range(9, 0, -1)]
    over.set()
    other.join(SECONDS)
    assert not other.is_alive()


def test_closed_or_refused_by_the_system_one_thread_does_all(threads, monkeypatch):
    def refused(self):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as limited:
        limited.setattr(threading.Thread, "start", refused)
        assert threads.each(abs, [-1, -2, -3]) == [1, 2, 3]
    assert {*threads.each(lambda _: threading.current_thread(), range(5))} == {threading.current_thread()}


def test_threads_end_once_they_are_closed_although_somebody_holds_on_to_them(threads):
    before = {*_evaluating()}
    assert threads.each(abs, range(-9, 0)) == [*range(9, 0, -1)]
    started = {*_evaluating()} - before
    assert started
    threads.close()
    assert_ended(started)


@pytest.fixture
def grown(tmp_path, monkeypatch):
    """An index of three segments that is worked on as if it were large."""
    location = tmp_path / "index"
    for number in range(3):
        writer = WhooshWriter(location)
        for own in range(40 if number == 0 else 3):
            writer.put(
                Report.from_blocks(id=f"r{number}-{own}", title="报告", year=2020 + number, blocks=[((), "依法行政复议" * (own % 3 + 1))])
            )
        writer.commit(Catalogue())
    monkeypatch.setattr(threads_module, "cores", lambda: 3)
    monkeypatch.setattr(passages_module, "LARGE", 1)
    monkeypatch.setattr(occurrences_module, "loops", lambda: None)
    monkeypatch.setattr(threads_module, "TOGETHER", 2)
    return location


def _evaluating():
    return [thread for thread in threading.enumerate() if thread.name.startswith("evaluation")]


def assert_ended(threads):
    for thread in threads:
        thread.join(SECONDS)
        assert not thread.is_alive()


def test_closing_an_index_ends_its_threads(grown):
    before = {*_evaluating()}
    with open_index(grown) as index:
        assert index.search("行政复议").total.paragraphs == 46
        started = {*_evaluating()} - before
        assert started
    assert_ended(started)


def test_a_small_index_starts_no_thread(grown, monkeypatch):
    monkeypatch.setattr(passages_module, "LARGE", 1_000)
    before = {*_evaluating()}
    with open_index(grown) as index:
        assert index.search("行政复议").total.paragraphs == 46
        assert not {*_evaluating()} - before


def test_damage_that_a_helping_thread_meets_is_raised_where_the_query_was_begun(grown, monkeypatch):
    engine = WhooshEngine(grown)
    passages = engine._passages
    whole, met = passages.occurrences.starts, threading.Event()

    def starts(pair, within=None):
        if threading.current_thread() is threading.main_thread():
            met.wait(SECONDS)
            return whole(pair, within)
        met.set()
        raise IndexCorrupt(grown, "a block has not its checksum")

    with monkeypatch.context() as damaged:
        damaged.setattr(passages.occurrences, "starts", starts)
        with pytest.raises(IndexCorrupt, match="checksum"):
            Lookup(passages).postings("依法行政")
    assert len(Lookup(passages).postings("依法行政")[0]) == 46
    engine.close()
