"""Latency of ordinary requests while the server is under attack, each attack compared with a quiet period in the same run.

`python -m benchmarks.attacks --texts TEXTS.jsonl.gz [--passages 20000] [--seconds 20] [--limit 500] [--only NAME …]`, or `--index FOLDER`.
From the texts a folder of files is made and indexed, so that there are originals to fetch. Twenty ordinary requests a second, each on a
new connection, go to a `webui` started for this, while another process attacks it. For each attack this prints p50 and p99 of the
ordinary requests in milliseconds, counted from the time when each was due, the number that failed, the longest time of /healthz, and
what the attackers achieved. Exits with 1 if p99 exceeds the limit or a request failed. Other work on the machine affects every row,
including the quiet ones.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import random
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from benchmarks.http import serving
from benchmarks.texts import reports_of_governments, rows

A_SECOND = 20
"""Ordinary requests per second."""
PATIENCE = 15.0
"""Seconds after which an ordinary request counts as failed."""
SLOW = 4_000
"""Bytes per second that a slow reader reads."""
QUERIES = [
    "行政复议",
    "人民政府",
    "应当 依法",
    "法律责任",
    "处罚 OR 许可",
    "合同 -担保",
    '"人民法院"',
    "国务院 NEAR/20 规定",
    "year:2021 机关",
]
PATHS = ["/?q={}"] * 4 + ["/api/v1/search?q={}&facets=year,issuer"] * 3 + ["/api/v1/search?q={}&page=3", "/reports?q={}", "/years?q={}"]
HEAVY = [
    " OR ".join(f"的 NEAR/200 {other}" for other in "一和应当人民法院行"),
    " OR ".join(f"， NEAR/{200 - less} 的" for less in range(10)),
    " OR ".join("法的政行机关人民规定应当由国务院部门和在"),
    "行政机关应当依法公开政府信息 -的",
]
HEAVY_PATHS = [
    "/?q={}",
    "/?q={}&collapse=1&sort=year",
    "/reports?q={}",
    "/concordance?q={}&context=right",
    "/matrix?q={}",
    "/api/v1/search?q={}&mode=any",
]
CSV = f"/api/v1/search.csv?q={quote('的')}"


@dataclass(slots=True)
class Attacker:
    """A single attacking client, which goes on until its time is over."""

    port: int
    end: float
    chance: random.Random
    original: str
    done: int = 0
    refused: int = 0

    def connected(self, receiving: int | None = None) -> socket.socket:
        """A new connection, optionally with a receive buffer of this size."""
        made = socket.socket()
        if receiving:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receiving)
        made.settimeout(60)
        made.connect(("127.0.0.1", self.port))
        return made

    def _goes_on(self) -> bool:
        return time.monotonic() < self.end

    def trickle(self, begin: bytes, then: bytes, pause: float) -> None:
        """Send `begin` at once and `then` a byte at a time."""
        with self.connected() as to:
            to.sendall(begin)
            for byte in then:
                if not self._goes_on():
                    return
                to.sendall(bytes([byte]))
                time.sleep(pause)

    def read_slowly(self, path: str) -> None:
        """Read a response at `SLOW` bytes per second."""
        with self.connected(2048) as to:
            to.sendall(_get(path))
            while self._goes_on() and (got := to.recv(256)):
                time.sleep(len(got) / SLOW)

    def read_whole(self, path: str) -> None:
        """Read a whole response as it arrives."""
        with self.connected() as to:
            to.sendall(_get(path, "Connection: close\r\n"))
            while self._goes_on() and to.recv(1 << 18):
                pass

    def run(self, act: Callable[[Attacker], None]) -> None:
        """Repeat an attack until the time is over."""
        while self._goes_on():
            try:
                act(self)
                self.done += 1
            except OSError:
                self.refused += 1
                time.sleep(0.05)


def _get(path: str, headers: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n".encode()


def slow_heads(attacker: Attacker) -> None:
    attacker.trickle(b"", _get("/?q=a", "X-A: " + "a" * 1000), 0.5)


def slow_bodies(attacker: Attacker) -> None:
    attacker.trickle(b"POST /verify HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n", b"a" * 1000, 0.3)


def many_headers(attacker: Attacker) -> None:
    with attacker.connected() as to:
        to.sendall(_get("/", "".join(f"A{number}: b\r\n" for number in range(6000))))
        to.recv(1000)


def heavy(attacker: Attacker) -> None:
    attacker.read_whole(attacker.chance.choice(HEAVY_PATHS).format(quote(attacker.chance.choice(HEAVY))))


def idle(attacker: Attacker) -> None:
    """Send one request and keep the connection open."""
    with attacker.connected() as to:
        to.sendall(_get("/healthz"))
        to.recv(2000)
        attacker.done += 1
        to.settimeout(max(0.1, attacker.end - time.monotonic()))
        to.recv(1)


ATTACKS: dict[str, tuple[int, Callable[[Attacker], None]]] = {
    "slow heads": (300, slow_heads),
    "slow bodies": (60, slow_bodies),
    "slow page readers": (40, lambda attacker: attacker.read_slowly(f"/?q={quote('的')}&per_page=100")),
    "6,000 headers": (4, many_headers),
    "heavy queries": (4, heavy),
    "whole CSVs": (4, lambda attacker: attacker.read_whole(CSV)),
    "originals": (4, lambda attacker: attacker.read_whole(attacker.original)),
    "slow CSV readers": (40, lambda attacker: attacker.read_slowly(CSV)),
    "idle connections": (1000, idle),
}
"""By name: the number of clients, and what each does repeatedly."""


def attack(name: str, port: int, seconds: float, original: str, said: multiprocessing.SimpleQueue[tuple[int, int]]) -> None:
    """Run an attack, in a process of its own, and report how many requests succeeded and how many were refused or cut off."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    clients, act = ATTACKS[name]
    end = time.monotonic() + seconds
    attackers = [Attacker(port, end, random.Random(number), original) for number in range(clients)]
    for attacker in attackers:
        threading.Thread(target=attacker.run, args=(act,), daemon=True).start()
    time.sleep(seconds)
    said.put((sum(one.done for one in attackers), sum(one.refused for one in attackers)))


def asked(port: int, path: str, due: float) -> float | None:
    """Seconds from `due` until the response to a request was read; None if it failed."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        reply = connection.getresponse()
        reply.read()
        return time.monotonic() - due if reply.status == 200 else None
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def ordinary(port: int, seconds: float) -> tuple[list[float | None], list[float | None]]:
    """The times of ordinary requests, and of requests to /healthz, one for every four of them."""
    chance, begun = random.Random(1), time.monotonic()
    with ThreadPoolExecutor(400) as pool:
        pages, health = [], []
        for number in range(int(A_SECOND * seconds)):
            due = begun + number / A_SECOND
            time.sleep(max(0.0, due - time.monotonic()))
            pages.append(pool.submit(asked, port, chance.choice(PATHS).format(quote(chance.choice(QUERIES))), due))
            if number % 4 == 0:
                health.append(pool.submit(asked, port, "/healthz", due))
        return [one.result() for one in pages], [one.result() for one in health]


def share(took: list[float | None], of: float) -> float:
    """The quantile `of` of the times, in milliseconds; a failed request counts as infinite."""
    ascending = sorted(float("inf") if one is None else one for one in took)
    return 1e3 * ascending[min(len(ascending) - 1, int(of * len(ascending)))]


def folder_of(texts: Path, passages: int, corpus: Path) -> None:
    """Write a folder with a file for each report."""
    corpus.mkdir()
    for report in reports_of_governments(list(rows(texts, passages))):
        lines = [report.title, *(passage.text for passage in report.passages if passage.kind != "title")]
        (corpus / f"{report.id}.txt").write_text("\n".join(lines), encoding="utf-8")


@contextmanager
def index_of(args: argparse.Namespace) -> Iterator[Path]:
    """The index given by the arguments, or one built from a folder made of their texts."""
    if args.index:
        yield args.index
        return
    with tempfile.TemporaryDirectory() as scratch:
        corpus, place = Path(scratch) / "corpus", Path(scratch) / "index"
        folder_of(args.texts, args.passages, corpus)
        subprocess.run([Path(sys.executable).with_name("reindex"), corpus, "--index", place, "-q"], check=False)
        yield place


def first_original(port: int) -> str:
    """The path of a report's original file on the server."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/api/v1/reports?per_page=1")
    found = json.loads(connection.getresponse().read())
    connection.close()
    return f"/reports/{quote(found['reports'][0]['id'], safe='')}/original"


def main() -> None:
    """Run the attacks and print a row for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--passages", type=int, default=20_000)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--limit", type=float, default=500, help="milliseconds")
    parser.add_argument("--only", nargs="+", choices=list(ATTACKS), default=list(ATTACKS), metavar="NAME", help=", ".join(ATTACKS))
    args = parser.parse_args()
    if not (args.texts or args.index):
        parser.error("--texts or --index")
    missed = False
    spawn = multiprocessing.get_context("spawn")
    with index_of(args) as place, serving([Path(sys.executable).with_name("webui"), "--index", place, "--port", "0"]) as server:
        original = first_original(server.port)
        ordinary(server.port, 2)  # warm up
        print("attack                      p50    p99  quiet p50    p99  failed  /healthz at most  done, refused")
        for name in args.only:
            before, _ = ordinary(server.port, args.seconds / 2)
            said = spawn.SimpleQueue()
            attacking = spawn.Process(target=attack, args=(name, server.port, args.seconds + 4, original, said))
            attacking.start()
            time.sleep(3)  # until the attack is under way
            took, health = ordinary(server.port, args.seconds)
            done, refused = said.get()
            attacking.join()
            failed = took.count(None)
            missed |= bool(failed) or share(took, 0.99) > args.limit
            figures = (
                f"{share(took, 0.5):5.0f}  {share(took, 0.99):5.0f}  {share(before, 0.5):9.0f}  {share(before, 0.99):5.0f}  {failed:6}"
            )
            print(f"{name:24}  {figures}  {share(health, 1):16.0f}  {done}, {refused}", flush=True)
    sys.exit(missed)


if __name__ == "__main__":
    main()
