"""A lecture hall: many connections at once while `reindex` runs in a loop, with no error and no reply that mixes generations.

`python -m benchmarks.hall --texts TEXTS.jsonl.gz [--passages 20000] [--connections 200] [--seconds 300] [--workers 2] [--queries 40]`

Every connection stays open and sends one query after another. Each run of `reindex` adds one paragraph to a certain report. For every
reply this checks the status, that replies of one generation to one request are identical to the byte, whichever worker sent them, and
that queries about the changed report count what that generation has. Exits with 1 if a check fails.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks.http import Connection, percentile, queries, serving
from benchmarks.texts import Row, rows

MARK = "轮次标记"
"""A text that only the changing report contains."""


def write_corpus(folder: Path, given: Sequence[Row]) -> None:
    """Write a file for each document."""
    for number, (_, group) in enumerate(itertools.groupby(given, key=lambda row: row["doc"])):
        held = list(group)
        lines = [f"# {held[0]['title'] or '无题'}{held[0]['year'] or ''}", *(row["text"] for row in held)]
        Path(folder, f"{number}.md").write_text("\n\n".join(lines), encoding="utf-8")


def write_turn(folder: Path, turn: int) -> None:
    """Write the changing report with so many paragraphs."""
    lines = ["# 某县2023年法治政府建设工作报告", *(f"{MARK}第{number}段，推进行政复议。" for number in range(turn))]
    Path(folder, "turn.md").write_text("\n\n".join(lines), encoding="utf-8")


class Hall:
    """Collects the replies to all connections, and the errors found in them."""

    def __init__(self, port: int, targets: Sequence[str], end: float) -> None:
        self.port, self.targets, self.end = port, targets, end
        self.marked = f"/api/v1/search?q={quote(MARK)}"
        self.wrong: list[str] = []
        self.seconds: list[float] = []
        self._seen: dict[tuple[str, str], str] = {}
        self._marks: dict[str, set[int]] = defaultdict(set)
        self._lock = threading.Lock()

    def sit(self, seat: int) -> None:
        """Send queries on a connection of its own until the end."""
        chosen = random.Random(seat)
        try:
            with Connection(self.port) as connection:
                while time.monotonic() < self.end:
                    target = self.marked if chosen.random() < 0.1 else chosen.choice(self.targets)
                    began = time.perf_counter()
                    status, content = connection.ask(target)
                    took = time.perf_counter() - began
                    self._look(target, status, content, took)
        except (OSError, ValueError) as error:
            self.wrong.append(f"a connection ended: {error!r}")

    def _look(self, target: str, status: int, content: bytes, took: float) -> None:
        if status != 200:
            self.wrong.append(f"{target}: {status}")
            return
        reply: dict[str, Any] = json.loads(content)
        generation, digest = reply["index"]["generation"], hashlib.sha256(content).hexdigest()
        with self._lock:
            self.seconds.append(took)
            if self._seen.setdefault((generation, target), digest) != digest:
                self.wrong.append(f"{target}: two answers of generation {generation}")
            if target == self.marked:
                self._marks[generation].add(reply["total"]["paragraphs"])

    def compare(self, known: dict[str, int]) -> None:
        """Record counts of the changing report that differ from the generation's own."""
        for generation, counts in self._marks.items():
            if counts != {known.get(generation)}:
                self.wrong.append(f"generation {generation} has {known.get(generation)} marks, counted were {counts}")

    @property
    def generations(self) -> int:
        """How many generations were answered from."""
        return len(self._marks)


def reindex(folder: Path, index: Path) -> str:
    """Run `reindex` and return the name of the new generation."""
    command = [Path(sys.executable).with_name("reindex"), folder, "--index", index, "--json"]
    ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, text=True)
    return str(json.loads(ended.stdout)["generation"])


def main() -> int:
    """Write, build, serve, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--passages", type=int, default=20_000)
    parser.add_argument("--connections", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--queries", type=int, default=40)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder, index = Path(scratch, "corpus"), Path(scratch, "index")
        folder.mkdir()
        given = list(rows(wanted.texts, wanted.passages))
        write_corpus(folder, given)
        write_turn(folder, 1)
        known = {reindex(folder, index): 1}
        targets = [f"/api/v1/search?q={quote(word)}" for word in queries(index, [row["text"] for row in given])[: wanted.queries]]
        webui = Path(sys.executable).with_name("webui")
        with serving([webui, "--index", index, "--port", "0", "--workers", str(wanted.workers)]) as server:
            print(f"serving {wanted.passages:,} paragraphs", flush=True)
            hall = Hall(server.port, targets, time.monotonic() + wanted.seconds)
            seats = [threading.Thread(target=hall.sit, args=(seat,)) for seat in range(wanted.connections)]
            for seat in seats:
                seat.start()
            turns = 1
            while time.monotonic() < hall.end:
                turns += 1
                write_turn(folder, turns)
                known[reindex(folder, index)] = turns
            for seat in seats:
                seat.join()
        hall.compare(known)
    p50, p99 = (1000 * percentile(hall.seconds, share) for share in (0.5, 0.99))
    print(
        f"{wanted.connections} connections, {wanted.seconds} s, {wanted.workers} workers: {len(hall.seconds):,} replies, "
        f"{len(hall.seconds) / wanted.seconds:.0f} a second, p50 {p50:.0f} ms, "
        f"p99 {p99:.0f} ms; {turns - 1} runs of reindex, {hall.generations} generations answered from, "
        f"{len(hall.wrong)} wrong"
    )
    for line in hall.wrong[:20]:
        print(line)
    return 1 if hall.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
