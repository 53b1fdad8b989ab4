"""What takes long waits for its turn; everything else is answered meanwhile."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest


@pytest.mark.parametrize(
    "address",
    [
        "/statistics?label=行政复议",
        "/api/v1/statistics?label=行政复议",
        "/api/v1/statistics?q=行政&by=year",
        "/promises?report=r0",
        "/api/v1/promises?report=r0",
        "/compare?left=r0&right=r3",
        "/api/v1/compare?left=r0&right=r3",
        "/words?q=行政",
        "/api/v1/words?year=2022",
        "/api/v1/words.csv?year=2022",
        "/common",
        "/api/v1/common",
        "/api/v1/common.csv",
        "/similar?text=行政复议",
        "/api/v1/similar?text=行政复议",
    ],
)
def test_what_takes_long_waits_for_its_turn(client, monkeypatch, address):
    monkeypatch.setattr("webui.costly.PATIENCE", 0.01)
    turns = client.application.extensions["costly"]
    with turns.turn(), turns.turn():
        assert client.get(address).status_code == 503
        assert client.get("/?q=行政").status_code == 200
    assert client.get(address).status_code == 200


class Noted:
    """A lock that says when somebody wants it."""

    def __init__(self, lock):
        self._lock, self.wanted = lock, threading.Event()

    def acquire(self, timeout):
        self.wanted.set()
        return self._lock.acquire(timeout=timeout)

    def release(self):
        self._lock.release()


@pytest.mark.parametrize("path", ["/?q=行政&per_page=", "/api/v1/search?q=行政&per_page="])
def test_large_pages_are_made_one_after_another_and_smaller_ones_meanwhile(client, monkeypatch, path):
    turns = client.application.extensions["costly"]
    with turns.page(100), ThreadPoolExecutor(1) as threads:
        monkeypatch.setattr(turns, "_pages", lock := Noted(turns._pages))
        large = threads.submit(client.application.test_client().get, f"{path}100")
        assert lock.wanted.wait(60)
        assert client.get(f"{path}20").status_code == 200
        assert not large.done()
        lock.release()
        assert large.result(60).status_code == 200
        lock.acquire(60)


def test_nobody_is_refused_a_large_page(client, monkeypatch):
    monkeypatch.setattr("webui.costly.PATIENCE", 0.01)
    with client.application.extensions["costly"].page(100):
        assert client.get("/?q=行政&per_page=100").status_code == 200
