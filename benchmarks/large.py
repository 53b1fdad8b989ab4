"""How an index scales: a nation's reports on one machine, in stages of millions of passages.

`python -m benchmarks.large --texts TEXTS.jsonl.gz [--stages 1 3 10] [--base 200000] [--folder FOLDER] [--keep]`

The texts, repeated with one character in forty changed, become annual reports of governments on twelve years each, with 40 paragraphs
per report. This base is indexed in full, and its rate is printed. Each stage repeats the base's segments as often as needed, each time as
the reports of another department of each place: with other ids, units and issuers, but the same texts. So there are realistic numbers of
lists, columns, reports, units and files without segmenting anything twice; unrealistic is only that every sentence has that many copies.
The catalogue has a file for each report. Everything is measured in newly started processes.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.nation import MILLION, YEARS, build_base, build_stage
from indexer import Index, open_index
from indexer.request import SearchRequest


def main() -> None:
    """Build the stages, measure each, print."""
    parser = argparse.ArgumentParser(allow_abbrev=False, description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--stages", type=float, nargs="*", default=[1, 3], help="millions of passages")
    parser.add_argument("--base", type=int, default=200_000, help="paragraphs that are indexed in full")
    parser.add_argument("--folder", type=Path, help="where the indexes are built; what stands there already is measured again")
    parser.add_argument("--keep", action="store_true", help="leave the indexes there")
    parser.add_argument("--measure", type=Path, help="measure one index that is there, in this process")
    options = parser.parse_args()
    if options.measure:
        measure(options.measure)
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch)
        base = folder / "base"
        if not base.exists():
            build_base(base, options.texts, options.base)
        for millions in options.stages:
            index = folder / f"{millions:g}m"
            if not index.exists():
                build_stage(base, index, int(millions * MILLION))
            subprocess.run([sys.executable, "-m", "benchmarks.large", "--measure", str(index)], check=True)
            add_one(index)
            if not options.keep:
                shutil.rmtree(index)


QUERIES = 150
"""Number of queries, made of texts of the index."""
FEW = 20_000
"""Queries with up to so many matches have one goal, queries with more another."""
NEW = """{who}{year}年法治政府建设工作报告

一、主要举措和成效

{who}坚持依法行政，全年办理行政复议案件{number}件，审结{number}件，开展执法检查{number}次。

二、下一步安排

继续推进严格规范公正文明执法，落实行政规范性文件合法性审核机制，加强普法宣传教育。
"""


def measure(index: Path) -> None:
    """Print the times of opening, searches and views of many reports, and this process's own memory.

    Times are wall times, with processor times in brackets.
    """
    _forget(index)
    _opened(index, "files on disk").close()
    with _opened(index, "files in memory") as opened:
        print(f"{opened.stats.passages} passages, {opened.stats.reports} reports")
        chance = random.Random(1)
        queries = list(_queries(opened, chance))
        searches: dict[str, Callable[[str], Any]] = {
            "whole search": lambda query: opened.search(query, per_page=20, facets=("year", "section")),
            "page's facets": lambda query: opened.search(query, per_page=20, facets=("year", "region", "level", "type", "section")),
            "newest first": lambda query: opened.search(query, per_page=20, sort="-year"),
            "rank": lambda query: opened.rank(query),
            "list_reports": lambda query: opened.list_reports(opened.read(_request(query))),
        }
        for name, ask in searches.items():
            _timed(name, opened, ask, queries)
        others: dict[str, Callable[[], Any]] = {
            "list_reports, all": lambda: opened.list_reports(_request("")),
            "list_reports, silent": lambda: opened.list_reports(_request("行政复议"), mention=False),
            "matrix": lambda: opened.matrix("行政复议"),
            "units": lambda: opened.units("司法局"),
            "years": lambda: opened.years(_request("行政复议")),
            "newest of a unit": lambda: opened.search("行政复议", units=["110000"], sort="-year"),
        }
        for name, look in others.items():
            first, second = _taken(look), _taken(look)
            print(f"{name:24} first {_shown(first)}, then {_shown(second)}", flush=True)
        print(f"after all: {_own_megabytes()}", flush=True)


def _opened(index: Path, state: str) -> Index:
    held: list[Index] = []
    opening = _taken(lambda: held.append(open_index(str(index))))
    first = _taken(lambda: held[0].search("行政复议", per_page=20, facets=("year", "section")))
    print(f"opening, {state}: {_shown(opening)}; first search {_shown(first)}; {_own_megabytes()}", flush=True)
    return held[0]


def _request(query: str) -> SearchRequest:
    return SearchRequest.of(query, per_page=20)


def _queries(opened: Index, chance: random.Random) -> Iterator[tuple[str, int]]:
    """Queries with their number of matching passages: pieces of two to six characters, alone, two joined by AND, or three by OR."""
    hits = [hit for year in YEARS for hit in opened.search("", years=[year], sort="year", per_page=100).hits]
    texts = [text for hit in hits if len(text := hit.passage.text) > 40]
    found = 0
    while found < QUERIES:
        terms = []
        for _ in range(found % 3 + 1):
            text = chance.choice(texts)
            at, size = chance.randrange(len(text) - 6), chance.choice((2, 2, 2, 3, 4, 6))
            terms.append(text[at : at + size])
        if all(map(str.isalpha, terms)):
            query = ("", " ", " OR ")[found % 3].join(terms)
            yield query, opened.rank(query).total
            found += 1


def _timed(name: str, opened: Index, ask: Callable[[str], Any], queries: list[tuple[str, int]]) -> None:
    for label, some in (
        (f"below {FEW}", [query for query, total in queries if 0 < total <= FEW]),
        ("above", [query for query, total in queries if total > FEW]),
    ):
        if taken := [_taken(lambda query=query: ask(query)) for query in some]:  # type: ignore[misc]
            median, p95 = (tuple(np.quantile(taken, share, axis=0, method="higher").tolist()) for share in (0.5, 0.95))
            print(f"{name + ', ' + label:26} {len(taken):4} queries: median {_shown(median)}, p95 {_shown(p95)}", flush=True)


Taken = tuple[float, float]
"""Milliseconds of wall time and of processor time; on a shared machine only the second is meaningful."""


def _taken(ask: Callable[[], object]) -> Taken:
    started, used = time.perf_counter(), time.process_time()
    ask()
    return (time.perf_counter() - started) * 1000, (time.process_time() - used) * 1000


def _shown(taken: Taken) -> str:
    return f"{taken[0]:.1f} ms ({taken[1]:.1f})"


def _own_megabytes() -> str:
    """This process's private memory; pages of files that it has read belong to the system and are shared by all workers."""
    lines = Path("/proc/self/smaps_rollup").read_text(encoding="utf-8").splitlines()
    size = {name: int(rest.split()[0]) / 1000 for name, _, rest in (line.partition(":") for line in lines[1:])}
    return f"{size['Private_Dirty']:.0f} MB of its own, {size['Rss']:.0f} with the files' pages"


def _forget(index: Path) -> None:
    """Drop the files' pages from the system's cache, unless another process has them mapped."""
    for path in index.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def add_one(index: Path) -> None:
    """Print the time of `reindex` for one more report, three times."""
    folder = index.parent / "large"
    for number in range(3):
        path = folder / "2024" / f"{index.name}-{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(NEW.format(who="海州区司法局", year=2001 + number, number=17 + number), encoding="utf-8")
        started, used = time.perf_counter(), sum(os.times()[2:4])
        done = subprocess.run(
            [Path(sys.executable).with_name("reindex"), "--index", index, path], capture_output=True, text=True, check=False
        )
        taken = (time.perf_counter() - started) * 1000, (sum(os.times()[2:4]) - used) * 1000
        print(f"one report added: {_shown(taken)}, {done.stdout.splitlines()[:1]} {done.stderr.strip()[-300:]}", flush=True)


if __name__ == "__main__":
    main()
