"""The page and the JSON over HTTP beside an empty Flask view on the same server.

`python -m benchmarks.http --texts TEXTS.jsonl.gz [--passages 20000] [--rounds 7]`

TEXTS has rows {doc, title, year, section, text}. Each server is a process of its own, access log included. The queries are words of
the texts that 20 to 500 passages hold, so every reply has a whole page of hits, and none is asked twice. In each round the three are
measured one after another; printed are medians over the rounds, of requests a second and of how many times fewer than of the empty view.
"""

from __future__ import annotations

import argparse
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from flask import Flask

from benchmarks.texts import reports, rows
from indexer import build_index, configure_logging, open_index
from indexer.analysis.words import search_words
from webui import create_app
from webui.server import make_server

REQUESTS = 150
"""Of each kind in a round, on one connection or on several together."""
CONNECTIONS = 4
TARGETS = {
    "empty": "/?q={}",
    "json": "/api/v1/search?q={}",
    "json with facets": "/api/v1/search?q={}&facets=year,section,type",
    "page": "/?q={}",
}
"""What is asked of which; all but the first are asked of the search."""


def queries(place: Path, texts: Sequence[str]) -> list[str]:
    """Words that 20 to 500 passages hold, in a random order that is always the same."""
    words = (word for text in texts for word in set(search_words(text)))
    held = Counter(word for word in words if len(word) > 1 and all("\u4e00" <= char <= "\u9fff" for char in word))
    with open_index(place) as index:
        found = [word for word in sorted(held) if 5 < held[word] < 500 and 20 <= index.rank(word, top=1).total < 500]
    random.Random(4).shuffle(found)
    return found


def serve(place: str) -> None:
    """Serve the index of this folder, or an empty view where it has no name, until stopped; prints the port."""
    if place:
        app = create_app(place)
    else:
        app = Flask("empty")
        app.add_url_rule("/", view_func=lambda: "")
    configure_logging("plain", 20, "%(asctime)s %(levelname)s %(name)s: %(message)s")
    server = make_server(app, "127.0.0.1", 0)
    server.prepare()
    print(server.bind_addr[1], flush=True)
    server.serve()


@contextmanager
def serving(place: str) -> Iterator[int]:
    """The port of a server in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.http", "--serve", place]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline())
        finally:
            process.kill()


def ask(port: int, targets: Sequence[str]) -> None:
    """Ask for one after another on one connection that stays open, by hand: a client library takes longer than an empty view."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as sent:
        sent.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        reply = sent.makefile("rb")
        for target in targets:
            sent.sendall(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            if not (status := reply.readline()).startswith(b"HTTP/1.1 200"):
                raise SystemExit(f"{target}: {status!r}")
            length = -1
            while (line := reply.readline()) != b"\r\n":
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            reply.read(length)


def rate(port: int, targets: list[str], connections: int) -> float:
    """Requests a second."""
    shares = [targets[number::connections] for number in range(connections)]
    with ThreadPoolExecutor(connections) as pool:
        start = time.perf_counter()
        list(pool.map(lambda share: ask(port, share), shares))
        return len(targets) / (time.perf_counter() - start)


def measure(empty: int, search: int, words: Iterator[str], connections: int, rounds: int) -> dict[str, list[float]]:
    """Requests a second of each kind in each round."""
    found: dict[str, list[float]] = {name: [] for name in TARGETS}
    for number in range(rounds + 1):
        for name, target in TARGETS.items():
            asked = [target.format(quote(next(words))) for _ in range(REQUESTS)]
            once = rate(empty if name == "empty" else search, asked, connections)
            # The first round warms up.
            if number:
                found[name].append(once)
    return found


def report(found: dict[str, list[float]], connections: int) -> None:
    """Print a table."""
    print(f"\n{connections} connection{'s' * (connections > 1)}\n\n| | requests/s | empty ÷ this |\n|---|---|---|")
    for name, rates in found.items():
        times = statistics.median(e / own for e, own in zip(found["empty"], rates, strict=True))
        print(f"| {name} | {statistics.median(rates):.0f} | {times:.1f} |")


def main() -> None:
    """Build, serve, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--passages", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.serve is not None:
        serve(wanted.serve)
        return
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch) / "index"
        given = list(rows(wanted.texts, wanted.passages))
        build_index(place, reports(given))
        words = queries(place, [row["text"] for row in given])
        print(f"{wanted.passages:,} paragraphs, {len(words):,} different queries")
        with serving("") as empty, serving(str(place)) as search:
            for connections in (1, CONNECTIONS):
                report(measure(empty, search, iter(words), connections, wanted.rounds), connections)


if __name__ == "__main__":
    main()
