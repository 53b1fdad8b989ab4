"""Compares pages and JSON replies over HTTP with an empty Flask view on the same server, and with another checkout.

`python -m benchmarks.http --texts TEXTS.jsonl.gz [--passages 20000] [--rounds 7] [--workers 1 2] [--beside CHECKOUT]`

TEXTS has rows {doc, title, year, section, text}; CHECKOUT is a folder with a version of this repository and its `.venv`, which builds an
index of its own. Each server is a `webui` with an access log. The queries are words that 20 to 500 passages contain, so every reply has a
whole page of hits. No query is sent twice to a server, except for the kind "json, a class", where everybody searches for the same 40
words. In each round all servers are measured one after another. This prints medians over the rounds: requests per second, their ratio to
the first server's, and the server's processor time per reply in milliseconds (Linux), on which other load has little effect. Then each
server gets half of its maximum rate of JSON requests, at fixed times, and the delay of the replies is printed.
"""

from __future__ import annotations

import argparse
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from flask import Flask

from benchmarks.texts import reports, rows
from indexer import build_index, open_index
from indexer.analysis.words import search_words
from webui.access import AccessLog
from webui.server import Configuration, listen, serve

REQUESTS = 100
"""Requests of each kind in a round, on one connection or on several together."""
CONNECTIONS = (1, 16)
CLASS = "json, a class"
OF_A_CLASS = 40
"""Different queries of the kind `CLASS`."""
FEW_LATE = 640
"""Requests whose delay is measured; their queries are new, except for those of a class."""
TARGETS = {
    "empty": "/?q={}",
    "json": "/api/v1/search?q={}",
    CLASS: "/api/v1/search?q={}",
    "json with facets": "/api/v1/search?q={}&facets=year,section,type",
    "page": "/?q={}",
}
"""The URL of each kind of request; the first goes to the empty view, the others to the search."""


def queries(place: Path, texts: Sequence[str]) -> list[str]:
    """Words that 20 to 500 passages contain, in a fixed random order."""
    words = (word for text in texts for word in set(search_words(text)))
    held = Counter(word for word in words if len(word) > 1 and all("\u4e00" <= char <= "\u9fff" for char in word))
    with open_index(place) as index:
        found = [word for word in sorted(held) if 5 < held[word] < 500 and 20 <= index.rank(word, top=1).total < 500]
    random.Random(4).shuffle(found)
    return found


class Empty(Configuration):
    """An application with an empty view and an access log."""

    def application(self) -> AccessLog:
        """See `Configuration`."""
        app = Flask("empty")
        app.add_url_rule("/", view_func=lambda: "")
        return AccessLog(app)


def serve_empty(workers: int) -> None:
    """Serve the empty view until stopped; prints the address like `webui`."""
    Empty().configure_logging()
    listening = listen("127.0.0.1", 0)
    serve(listening, workers, Empty(), lambda: print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True))


@dataclass(frozen=True, slots=True)
class Server:
    """A running server with its workers."""

    port: int
    pid: int

    def processor(self) -> float:
        """Processor seconds used so far; 0 if the system does not say."""
        if sys.platform != "linux":
            return 0.0
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="ascii").split()
        fields = (Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(") ")[2].split() for pid in (self.pid, *children))
        return sum(int(field) for stat in fields for field in stat[11:13]) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(command: Sequence[str | Path]) -> Iterator[Server]:
    """A server in a process of its own."""
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment) as process:
        try:
            assert process.stdout is not None
            yield Server(int(process.stdout.readline().rpartition(":")[2]), process.pid)
        finally:
            process.terminate()


def build_in(checkout: Path, place: Path, texts: Path, passages: int) -> None:
    """Let a checkout build an index of the same texts in its own format."""
    code = (
        "import sys; from pathlib import Path; from benchmarks.texts import reports, rows; from indexer import build_index; "
        "build_index(Path(sys.argv[1]), reports(list(rows(Path(sys.argv[2]), int(sys.argv[3])))))"
    )
    command = [checkout / ".venv" / "bin" / "python", "-c", code, place, texts.resolve(), str(passages)]
    subprocess.run(command, check=True, cwd=checkout)


class Connection:
    """A connection that stays open; written by hand because a client library takes longer than an empty view."""

    def __init__(self, port: int) -> None:
        self._sent = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._sent.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._reply = self._sent.makefile("rb")

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *error: object) -> None:
        self._reply.close()
        self._sent.close()

    def ask(self, target: str) -> tuple[int, bytes]:
        """Status and content of a reply.

        Raises:
            OSError, ValueError: There was no valid reply.
        """
        self._sent.sendall(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        _, status, *_ = self._reply.readline().split()
        length = -1
        while (line := self._reply.readline()) != b"\r\n":
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return int(status), self._reply.read(length)


def ask(port: int, targets: Sequence[str]) -> None:
    """Send requests one after another on one connection."""
    with Connection(port) as connection:
        for target in targets:
            status, _ = connection.ask(target)
            if status != 200:
                raise SystemExit(f"{target}: {status}")


def rate(port: int, targets: list[str], connections: int) -> float:
    """Requests per second."""
    shares = [targets[number::connections] for number in range(connections)]
    with ThreadPoolExecutor(connections) as pool:
        start = time.perf_counter()
        list(pool.map(lambda share: ask(port, share), shares))
        return len(targets) / (time.perf_counter() - start)


def lateness(port: int, targets: Sequence[str], connections: int, a_second: float) -> list[float]:
    """For each request, the seconds from the time when it was due to its reply."""
    taken, late = iter(enumerate(targets)), []
    lock, start = threading.Lock(), time.perf_counter()

    def sit() -> None:
        with Connection(port) as connection:
            while True:
                with lock:
                    number, target = next(taken, (-1, ""))
                if number < 0:
                    return
                due = start + number / a_second
                time.sleep(max(0.0, due - time.perf_counter()))
                connection.ask(target)
                late.append(time.perf_counter() - due)

    with ThreadPoolExecutor(connections) as pool:
        for seat in [pool.submit(sit) for _ in range(connections)]:
            seat.result()
    return late


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


Found = dict[tuple[str, str], list[tuple[float, float]]]
"""By kind and server, for each round: requests per second, and processor milliseconds per reply."""


def measure(servers: dict[str, Server], words: Sequence[str], fresh: dict[str, Iterator[str]], connections: int, rounds: int) -> Found:
    """Send requests of each kind to each server in each round; `fresh` has each server's unused queries."""
    found: Found = defaultdict(list)
    for number in range(rounds + 1):
        for kind, target in TARGETS.items():
            for name, server in servers.items():
                if (kind == "empty") is not name.startswith("empty"):
                    continue
                asked = [target.format(quote(word)) for word in _words(kind, words, fresh[name])]
                before = server.processor()
                once = rate(server.port, asked, connections)
                spent = 1000 * (server.processor() - before) / len(asked)
                # The first round warms up.
                if number:
                    found[kind, name].append((once, spent))
    return found


def _words(kind: str, words: Sequence[str], fresh: Iterator[str]) -> list[str]:
    """The queries of a round: new ones or, for a class, the same ones again."""
    if kind == CLASS:
        return [words[-1 - number % OF_A_CLASS] for number in range(REQUESTS)]
    return [next(fresh) for _ in range(REQUESTS)]


def report_lateness(servers: dict[str, Server], words: Sequence[str], found: Found, connections: int) -> None:
    """Print the delay of replies at half of the maximum rate."""
    print(f"\n{connections} connections, half of the most requests a second")
    print("\n| | server | requests/s | p50, ms | p99, ms |\n|---|---|---|---|---|")
    for kind in ("json", CLASS):
        for name, server in servers.items():
            if name.startswith("empty"):
                continue
            half = statistics.median(once for once, _ in found[kind, name]) / 2
            chosen = words[-FEW_LATE:-OF_A_CLASS] if kind == "json" else words[-OF_A_CLASS:] * (FEW_LATE // OF_A_CLASS)
            late = lateness(server.port, [TARGETS[kind].format(quote(word)) for word in chosen], connections, half)
            p50, p99 = (1000 * percentile(late, share) for share in (0.5, 0.99))
            print(f"| {kind} | {name} | {half:.0f} | {p50:.0f} | {p99:.0f} |")


def report(found: Found, connections: int) -> None:
    """Print the rates as a table."""
    print(f"\n{connections} connection{'s' * (connections > 1)}")
    print("\n| | server | requests/s | × the first | processor, ms |\n|---|---|---|---|---|")
    first: dict[str, list[float]] = {}
    for (kind, name), rounds in found.items():
        rates = [once for once, _ in rounds]
        spent = statistics.median(spent for _, spent in rounds)
        base = first.setdefault(kind, rates)
        times = statistics.median(own / other for other, own in zip(base, rates, strict=True))
        print(f"| {kind} | {name} | {statistics.median(rates):.0f} | {times:.2f} | {spent:.1f} |")


def main() -> None:
    """Build, serve, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--passages", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--workers", type=int, nargs="+", default=[1])
    parser.add_argument("--beside", type=Path, metavar="CHECKOUT")
    parser.add_argument("--serve-empty", type=int, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.serve_empty:
        serve_empty(wanted.serve_empty)
        return
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as stack:
        place, other = Path(scratch) / "index", Path(scratch) / "other"
        given = list(rows(wanted.texts, wanted.passages))
        build_index(place, reports(given))
        words = queries(place, [row["text"] for row in given])
        print(f"{wanted.passages:,} paragraphs, {len(words):,} different queries")
        servers = {}
        if wanted.beside:
            build_in(wanted.beside, other, wanted.texts, wanted.passages)
            webui = wanted.beside / ".venv" / "bin" / "webui"
            servers[f"{wanted.beside.name}"] = stack.enter_context(
                serving([webui, "--index", other, "--port", "0", "--workers", str(max(wanted.workers))])
            )
        for workers in wanted.workers:
            webui = Path(sys.executable).with_name("webui")
            command = [webui, "--index", place, "--port", "0", "--workers", str(workers)]
            servers[f"{workers} workers"] = stack.enter_context(serving(command))
            command = [sys.executable, "-m", "benchmarks.http", "--serve-empty", str(workers)]
            servers[f"empty, {workers} workers"] = stack.enter_context(serving(command))
        fresh = {name: iter(words[:-FEW_LATE]) for name in servers}
        for connections in CONNECTIONS:
            found = measure(servers, words, fresh, connections, wanted.rounds)
            report(found, connections)
        report_lateness(servers, words, found, max(CONNECTIONS))


if __name__ == "__main__":
    main()
