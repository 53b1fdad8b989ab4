"""An index on a cluster: how fast it loads, how large it is, how fast it answers, beside what the cluster does bare.

`python -m benchmarks.cluster --index http://one:9200,two:9200/bench --texts TEXTS.jsonl.gz [--passages 80000] [--keep]`

TEXTS has rows {doc, title, year, section, text}. Loading is compared with cutting the words alone on the same cores, size with
an index of one machine, and a whole search (query read, filters, facets, marks) with a bare `_search` of the same shape: the
phrase, twenty documents, two facets.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.texts import reports, rows
from indexer import Index, Report, build_index, fold, open_index
from indexer.analysis.segmentation import Segmentation
from indexer.engines.opensearch.address import Address
from indexer.engines.opensearch.cluster import Cluster
from indexer.engines.opensearch.schema import char_tokens

QUESTIONS = 300
FACETS = ("year", "section")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--index", required=True)
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--passages", type=int, default=80_000)
    parser.add_argument("--keep", action="store_true", help="do not load: ask what is there")
    parser.add_argument("--no-folder", action="store_true", help="do not build an index of one machine to compare sizes with")
    options = parser.parse_args()
    cluster = Cluster(Address.read(options.index))
    if not options.keep:
        load(options, cluster)
    ask(options, cluster)


def held(options: argparse.Namespace) -> list[Report]:
    return list(reports(rows(options.texts, options.passages)))


def load(options: argparse.Namespace, cluster: Cluster) -> None:
    given = held(options)
    passages = sum(len(report.passages) for report in given)
    started = time.perf_counter()
    segment(given)
    cut = time.perf_counter() - started
    started = time.perf_counter()
    build_index(options.index, iter(given))
    loaded = time.perf_counter() - started
    print(f"{passages} passages: words alone {passages / cut:.0f}/s, loaded {passages / loaded:.0f}/s ({cut / loaded:.2f} x)")
    size = bytes_held(cluster)
    cluster.client.indices.forcemerge(index=options.index.rpartition("/")[2], max_num_segments=1, request_timeout=3600)
    merged = bytes_held(cluster)
    print(f"bytes a passage, one copy: {size / passages:.0f}, merged {merged / passages:.0f}")
    if not options.no_folder:
        with tempfile.TemporaryDirectory() as folder:
            build_index(folder, iter(given))
            small = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
        print(f"in a folder: {small / passages:.0f} ({merged / small:.2f} x)")


def segment(given: list[Report]) -> None:
    segmentation = Segmentation()
    try:
        futures = [segmentation.submit([fold(passage.text) for passage in report.passages]) for report in given]
        segmentation.flush()
        for future in futures:
            future.result()
    finally:
        segmentation.close()


def bytes_held(cluster: Cluster) -> int:
    """Of one copy, once what is being merged away is gone."""
    seen = [-1]
    while seen[-1:] * 3 != seen[-3:]:
        time.sleep(2)
        cluster.client.indices.flush(index=cluster.address.name)
        told = cluster.client.indices.stats(index=cluster.address.name, metric="store")
        seen.append(int(told["_all"]["primaries"]["store"]["size_in_bytes"]))
    return seen[-1]


def ask(options: argparse.Namespace, cluster: Cluster) -> None:
    chance = random.Random(5)
    texts = [fold(passage.text) for report in reports(rows(options.texts, 20_000)) for passage in report.passages]
    with open_index(options.index) as index:
        for name, few in (("all", 10**9), ("under 20,000 passages", 20_000)):
            whole: list[float] = []
            bare: list[float] = []
            while len(whole) < QUESTIONS:
                text = chance.choice(texts)
                start = chance.randrange(len(text))
                typed = text[start : start + chance.randint(2, 6)].strip()
                if len(typed) < 2:
                    continue
                total, of_bare = timed_bare(cluster, typed)
                page_total, of_whole = timed_whole(index, typed)
                assert page_total == total, typed
                if total < few:
                    bare.append(of_bare)
                    whole.append(of_whole)
            told = [f"{statistics.median(t) * 1e3:.1f}/{statistics.quantiles(t, n=20)[18] * 1e3:.1f}" for t in (whole, bare)]
            ratio = statistics.quantiles(whole, n=20)[18] / statistics.quantiles(bare, n=20)[18]
            print(f"{name}: whole search {told[0]} ms, bare _search {told[1]} ms (median/p95), p95 {ratio:.2f} x")


def timed_whole(index: Index, typed: str) -> tuple[int, float]:
    started = time.perf_counter()
    page = index.search(typed, mode="literal", facets=FACETS)
    return page.total.paragraphs, time.perf_counter() - started


def timed_bare(cluster: Cluster, typed: str) -> tuple[int, float]:
    body = {
        "query": {"match_phrase": {"chars": char_tokens(typed)}},
        "size": 20,
        "track_total_hits": True,
        "aggs": {name: {"terms": {"field": name, "size": 1000}} for name in FACETS},
    }
    started = time.perf_counter()
    reply = cluster.client.search(index=cluster.address.name, body=body)
    return reply["hits"]["total"]["value"], time.perf_counter() - started


if __name__ == "__main__":
    main()
