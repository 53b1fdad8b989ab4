"""The index behind the server while a newer one is looked for."""

import threading

import pytest

from indexer import Index
from tests.scan import ScanEngine
from tests.support import one_report
from webui import live
from webui.live import LiveIndex


class Slow(ScanEngine):
    """Says whether it is outdated only when it is let."""

    def __init__(self):
        super().__init__([one_report("法")])
        self.asked, self.let = threading.Event(), threading.Event()

    def outdated(self):
        self.asked.set()
        assert self.let.wait(60)
        return True


@pytest.fixture
def engines(monkeypatch):
    """Engines that are opened one after another."""
    engines = [Slow(), Slow()]
    opening = iter(engines)
    monkeypatch.setattr(live, "open_index", lambda place: Index(next(opening)))
    monkeypatch.setattr(live, "damaged_files", lambda place: ("", []))
    monkeypatch.setattr(live, "CHECK_EVERY", -1.0)
    yield engines
    for engine in engines:
        engine.let.set()


def test_nobody_waits_for_who_looks_for_a_newer_index(engines):
    found = LiveIndex("somewhere")
    first = found.get()
    newer = []
    looking = threading.Thread(target=lambda: newer.append(found.get()))
    looking.start()
    assert engines[0].asked.wait(60)
    others = [threading.Thread(target=lambda: answered.append(found.get()), daemon=True) for _ in range(3)]
    answered = []
    for other in others:
        other.start()
    for other in others:
        other.join(50)
    assert answered == [first] * 3
    engines[0].let.set()
    looking.join(60)
    assert newer != [first]
    assert newer[0]._engine is engines[1]
