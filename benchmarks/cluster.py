"""An index on a cluster: loading rate, size and query time, compared with the cluster on its own.

`python -m benchmarks.cluster --nodes 3 --texts TEXTS.jsonl.gz [--passages 80000]` starts and stops nodes on this machine,
`python -m benchmarks.cluster --index http://one:9200,two:9200/bench --texts TEXTS.jsonl.gz [--keep]` uses an existing cluster.

TEXTS has rows {doc, title, year, section, text}. Loading is compared with segmenting the words alone on the same cores, size with
an index in a folder, and a whole search (parsing the query, filters, facets, highlighting) with a bare `_search` of the same shape:
the phrase, twenty documents, two facets.

With `--apart`, this process has one core for itself and the nodes that it starts have the others, as if each had its own machine. Then
only loading is measured, compared with segmenting the words on that one core.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import resource
import statistics
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.texts import reports, rows
from indexer import Index, Report, build_index, fold, open_index
from indexer.analysis.segmentation import Segmentation
from indexer.engines.opensearch.address import Address
from indexer.engines.opensearch.cluster import Cluster
from tests.opensearch.nodes import Nodes

QUESTIONS = 300
FACETS = ("year", "section")


def main() -> None:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument("--index", help="an address on a cluster")
    place.add_argument("--nodes", type=int, help="start so many nodes on this machine")
    parser.add_argument("--heap", default="512m", help="memory of each JVM that is started")
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--passages", type=int, default=80_000)
    parser.add_argument("--warm", type=int, default=20_000, help="passages that are loaded before")
    parser.add_argument("--keep", action="store_true", help="do not load: ask what is there")
    parser.add_argument("--alone", action="store_true", help="compare neither with cutting the words alone nor with an index in a folder")
    parser.add_argument(
        "--apart", action="store_true", help="one core for this process and the others for the nodes; measure loading alone"
    )
    options = parser.parse_args()
    if options.apart and options.index:
        parser.error("--apart: only nodes that are started here can have cores of their own")
    if options.apart and cores_of_nodes() == set():
        parser.error("--apart: there is one core alone, or the system (Linux) gives none to a process")
    if options.index:
        measure(options, options.index)
        return
    with tempfile.TemporaryDirectory() as folder:
        jvm = (f"-Xms{options.heap}", f"-Xmx{options.heap}")
        with on_cores(cores_of_nodes() if options.apart else set()):
            nodes = Nodes(Path(folder), options.nodes, jvm)
        with nodes, on_cores(own_core() if options.apart else set()):
            measure(options, nodes.address("bench"))


def own_core() -> set[int]:
    """The first core, reserved for this process."""
    return set(sorted(os.sched_getaffinity(0))[:1])


def cores_of_nodes() -> set[int]:
    """All other cores; empty if the system cannot assign cores."""
    return os.sched_getaffinity(0) - own_core() if hasattr(os, "sched_setaffinity") else set()


@contextmanager
def on_cores(cores: set[int]) -> Iterator[None]:
    """Run this thread, and processes started meanwhile, on these cores only; on all if the set is empty."""
    if not cores:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def measure(options: argparse.Namespace, place: str) -> None:
    cluster = Cluster(Address.read(place))
    if not options.keep:
        # Warm up, so that the JVMs have compiled what loading needs, as in a cluster that has been running.
        build_index(place, reports(rows(options.texts, options.warm)))
        load(options, cluster, place)
    if options.apart:
        return
    with open_index(place) as index:
        ask(options, cluster, index)


def held(options: argparse.Namespace) -> Iterator[Report]:
    return reports(rows(options.texts, options.passages))


def load(options: argparse.Namespace, cluster: Cluster, place: str) -> None:
    # Once before and once after, because the machine's other load changes.
    cut = [seconds_to_cut(options)] if options.apart else []
    started, worked, theirs = time.perf_counter(), processor(), processor_of(cluster)
    build_index(place, held(options))
    loaded, worked, theirs = time.perf_counter() - started, processor() - worked, processor_of(cluster) - theirs
    with open_index(place) as index:
        passages, reports = index.stats.passages, index.stats.reports
    print(f"{passages} passages of {reports} reports loaded: {passages / loaded:.0f}/s in {loaded:.0f} s", end=", ")
    print(f"processor {worked:.0f} s here, {theirs:.0f} s of the nodes", flush=True)
    if not options.apart:
        measure_size(options, cluster, place, passages)
    if not options.alone:
        cut.append(seconds_to_cut(options))
        rates = ", ".join(f"{passages / wall:.0f}/s in {wall:.0f} s, processor {worked:.0f} s" for wall, worked in cut)
        print(f"words alone: {rates} ({statistics.mean(wall for wall, _ in cut) / loaded:.2f} x)", flush=True)


def seconds_to_cut(options: argparse.Namespace) -> tuple[float, float]:
    """Seconds of wall time and of processor time here for segmenting the words of the same reports and nothing else."""
    started, worked = time.perf_counter(), processor()
    segment(held(options))
    return time.perf_counter() - started, processor() - worked


def measure_size(options: argparse.Namespace, cluster: Cluster, place: str, passages: int) -> None:
    size = bytes_held(cluster)
    cluster.client.indices.forcemerge(index=cluster.address.name, max_num_segments=1, request_timeout=3600)
    merged = bytes_held(cluster)
    print(f"bytes a passage, one copy: {size / passages:.0f}, merged {merged / passages:.0f}", flush=True)
    if options.alone:
        return
    with tempfile.TemporaryDirectory() as folder:
        build_index(folder, held(options))
        small = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
        print(f"in a folder: {small / passages:.0f} ({merged / small:.2f} x)", flush=True)
        with open_index(place) as index, open_index(folder) as other:
            for mode in ("exact", "any"):
                print(f"overlap at 10, {mode}: {overlap(options, index, other, mode):.3f}", flush=True)


def overlap(options: argparse.Namespace, index: Index, other: Index, mode: str) -> float:
    """The share of the first ten texts that both indexes have in common, for queries of two terms from one text, or of a sentence."""
    chance = random.Random(7)
    texts = [passage.text for report in reports(rows(options.texts, 20_000)) for passage in report.paragraphs]
    shared = wanted = 0
    for _ in range(QUESTIONS):
        clauses = [clause for clause in re.split(r"\W+", chance.choice(texts)) if 4 <= len(clause) <= 30] or ["行政复议"]
        typed = chance.choice(clauses) if mode == "any" else " ".join(f'"{clause[:4]}"' for clause in chance.choices(clauses, k=2))
        ours, theirs = ([hit.text for hit in each.search(typed, mode=mode, per_page=10, collapse=True).hits] for each in (index, other))
        shared, wanted = shared + len({*ours} & {*theirs}), wanted + len(theirs)
    return shared / wanted


def processor() -> float:
    """Processor seconds used by this process and its finished children."""
    return sum(
        used.ru_utime + used.ru_stime for used in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


def processor_of(cluster: Cluster) -> float:
    """Processor seconds used by all nodes, as they report."""
    told = cluster.client.nodes.stats(metric="process")["nodes"]
    return sum(node["process"]["cpu"]["total_in_millis"] for node in told.values()) / 1e3


def segment(given: Iterator[Report]) -> None:
    segmentation = Segmentation()
    try:
        futures = deque(segmentation.submit([fold(passage.text) for passage in report.passages]) for report in given)
        while futures:
            futures.popleft().result()
    finally:
        segmentation.close()


def bytes_held(cluster: Cluster) -> int:
    """The size of one copy, once merging has settled; merged segments remain for readers until the next refresh."""
    seen = [-1]
    while seen[-1:] * 3 != seen[-3:]:
        time.sleep(2)
        cluster.client.indices.refresh(index=cluster.address.name)
        cluster.client.indices.flush(index=cluster.address.name)
        told = cluster.client.indices.stats(index=cluster.address.name, metric="store")
        seen.append(int(told["_all"]["primaries"]["store"]["size_in_bytes"]))
    return seen[-1]


def ask(options: argparse.Namespace, cluster: Cluster, index: Index) -> None:
    chance = random.Random(5)
    texts = [fold(passage.text) for report in reports(rows(options.texts, 20_000)) for passage in report.passages]
    for name, count in (("first", QUESTIONS), ("then", QUESTIONS)):
        whole: list[float] = []
        bare: list[float] = []
        while len(whole) < count:
            text = chance.choice(texts)
            start = chance.randrange(len(text))
            typed = text[start : start + chance.randint(2, 6)].strip()
            if len(typed) < 2:
                continue
            # Take turns in going first, because the second one finds warm caches.
            if len(whole) % 2:
                total, of_bare = timed_bare(cluster, typed)
                page_total, of_whole = timed_whole(index, typed)
            else:
                page_total, of_whole = timed_whole(index, typed)
                total, of_bare = timed_bare(cluster, typed)
            assert page_total == total, typed
            bare.append(of_bare)
            whole.append(of_whole)
        told = [f"{statistics.median(t) * 1e3:.1f}/{statistics.quantiles(t, n=20)[18] * 1e3:.1f}" for t in (whole, bare)]
        ratio = statistics.quantiles(whole, n=20)[18] / statistics.quantiles(bare, n=20)[18]
        print(f"{name} {count} questions: whole search {told[0]} ms, bare _search {told[1]} ms (median/p95), p95 {ratio:.2f} x", flush=True)


def timed_whole(index: Index, typed: str) -> tuple[int, float]:
    started = time.perf_counter()
    page = index.search(typed, mode="literal", facets=FACETS)
    return page.total.paragraphs, time.perf_counter() - started


def timed_bare(cluster: Cluster, typed: str) -> tuple[int, float]:
    body = {
        "query": {"match_phrase": {"chars": typed}},
        "size": 20,
        "track_total_hits": True,
        "aggs": {name: {"terms": {"field": name, "size": 1000}} for name in FACETS},
    }
    started = time.perf_counter()
    reply = cluster.client.search(index=cluster.address.name, body=body)
    return reply["hits"]["total"]["value"], time.perf_counter() - started


if __name__ == "__main__":
    main()
