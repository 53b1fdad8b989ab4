"""Readers see the old generation or the new one, whenever a writer publishes or dies; threads of one reader agree."""

import os
import random
import signal
import subprocess
import sys
import threading

import pytest

from indexer import open_index
from indexer.cli import main
from indexer.engines.whoosh import generations
from tests.indexer.engines.whoosh.published import publish, total
from tests.support import ROOT


def test_readers_keep_what_they_opened(place):
    with open_index(place) as index:
        publish(place, "法治")
        publish(place, "法治")
        assert index.outdated()
        assert index.search("法治", kinds=["paragraph"]).total.paragraphs == 2


def test_readers_during_writes_see_old_or_new(tmp_path):
    place = tmp_path / "index"
    publish(place, *["法治"] * 10)
    wrong, done = [], threading.Event()

    def read():
        while not done.is_set():
            with open_index(place) as index:
                held = index.stats.reports
                for _ in range(5):
                    page = index.search("法治", kinds=["paragraph"])
                    if not page.total.paragraphs == len(page.hits) == held == 10 + held % 10:
                        wrong.append((page.total, held))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for round in range(15):
        publish(place, *["法治"] * (10 + round % 3))
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []


def test_one_index_answers_many_threads_alike(place):
    with open_index(place) as index:
        right = [hit.id for hit in index.search("法治").hits]
        answers = []

        def ask():
            for _ in range(50):
                answers.append([hit.id for hit in index.search("法治").hits] == right)

        threads = [threading.Thread(target=ask) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(answers) == 300
        assert all(answers)


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is POSIX")
def test_a_killed_reindex_leaves_the_old_index_or_the_new_one(tmp_path):
    """Kills a real `reindex` at many moments; whatever is live answers whole, and the next run finishes the work."""
    corpus, place = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    chance = random.Random(9)

    def write(number, text):
        body = f"某县{number}年报告。\n\n" + "\n\n".join([text] * 20)
        (corpus / f"{number}.txt").write_text(f"某县{2000 + number}年法治政府建设情况报告\n\n{body}\n", encoding="utf-8")

    def run(seconds):
        """A run that kills itself after so many seconds of its processor, however long they take; says how many it used."""
        code = (
            "import signal, sys, time; from indexer.cli import main; started = time.process_time()\n"
            "signal.setitimer(signal.ITIMER_PROF, float(sys.argv.pop()))\n"
            "ended = main(); print(time.process_time() - started); raise SystemExit(ended)"
        )
        command = [sys.executable, "-c", code, str(corpus), "--index", str(place), "-q", str(seconds)]
        return subprocess.run(command, stdout=subprocess.PIPE, cwd=ROOT, text=True, check=False)

    for number in range(12):
        write(number, "法治旧")
    whole = run(0)
    assert whole.returncode == 0
    takes = float(whole.stdout)
    killed = 0
    # Each takes seconds; TORTURE=1, as make torture has it, for more.
    for round in range(60 if os.environ.get("TORTURE") else 6):
        old, new = ("法治旧", "法治新") if round % 2 == 0 else ("法治新", "法治旧")
        for number in range(12):
            write(number, new)
        killed += run(chance.uniform(0.001, 1.1) * takes).returncode == -signal.SIGPROF
        with open_index(place) as index:
            counts = (index.search(old).total.paragraphs, index.search(new).total.paragraphs)
            assert counts in ((240, 0), (0, 240)), counts
            assert index.stats.reports == 12
        # It takes over from the dead process like any other, and this one has read the dictionary already.
        assert main([str(corpus), "--index", str(place), "-q"]) == 0
        assert total(place, new) == 240
    assert killed > 2


def test_who_opens_an_index_while_its_generation_is_taken_away_reads_the_new_one(place, monkeypatch):
    named, published = generations.Generation.named, []

    def late(index, name):
        if not published:
            published.append(name)
            published.append(publish(place, "法治", "法治", "法治"))
            for manifest in (place / "generations" / name).glob("manifest.json*"):
                manifest.unlink()
        return named(index, name)

    with monkeypatch.context() as patched:
        patched.setattr(generations.Generation, "named", late)
        index = open_index(place)
    with index:
        assert index.stats.generation == published[1]
        assert index.search("法治", kinds=["paragraph"]).total.paragraphs == 3
