"""Soak test: the memory of the process must not grow over a long run of random requests.

`python -m benchmarks.soak --texts TEXTS.jsonl.gz --passages 500 [--requests 1000000] [--limit 50] [--caches 1]`, or `--index FOLDER`
instead of texts. Leaks do not depend on the size of the index, but caches need many requests to fill: `--caches 0.05` reduces each to a
twentieth of its size, so that a short run shows what else grows. The requests of `benchmarks.worst`, half of them pages and half JSON, go
to the application in this process; half go to views of facts and units, some to comparisons of reports and to quotations. Memory is
recorded after a tenth of the requests, and the exit code is 1 if it has grown by more than the limit at the end. For each URL the longest
processor time of a request is printed. Memory can only be measured on Linux.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask.testing import FlaskClient

from benchmarks.worst import Requests, Tried, opened
from indexer import SearchRequest, neighbours, open_index, quotations
from indexer.engines.whoosh.evaluation import made, occurrences, passages
from indexer.search import facts
from webui import create_app
from webui.repeated import MOST_BYTES, Repeated

OF_FACTS = tuple(f"{root}{view}" for root in ("/", "/api/v1/") for view in ("units", "corpus", "matrix", "instruments", "statistics"))
OF_FACTS += ("/remarks", "/required", "/api/v1/required", "/api/v1/indicators")
"""Views of all reports, which accept the filters of a search."""
TAKEN = {
    "/units": ("q", "region"),
    "/corpus": ("year", "region", "type"),
    "/remarks": ("year", "region", "type"),
    "/required": ("year", "region"),
    "/words": ("q", "mode", "year", "region", "section", "page"),
    "/matrix": ("q", "mode", "year", "region", "section", "page"),
}
"""The accepted arguments of views that do not accept all of a search."""
OF_REPORTS = ("/compare", "/api/v1/compare", "/promises", "/api/v1/promises")
OF_TWO = 0.005
"""The share of these views: each request takes as long as forty others, and a million requests should end within two hours."""
PATHS = {
    "search": ("/", "/api/v1/search"),
    "reports": ("/reports", "/api/v1/reports"),
    "silent": ("/reports", "/api/v1/reports"),
    "years": ("/years", "/api/v1/years"),
    "lines": ("/concordance", "/api/v1/concordance"),
    "neighbours": ("/words", "/api/v1/words"),
    "suggest": ("/api/v1/suggest", "/api/v1/suggest"),
}
NAMES = {"years": "year", "regions": "region", "issuers": "issuer", "sections": "section", "types": "type", "kinds": "kind"}


def address(tried: Tried, made: Requests) -> tuple[str, list[tuple[str, Any]]]:
    """The path and arguments of a request."""
    path = made.chance.choice(made.chance.choice([PATHS.get(tried.view, PATHS["search"]), OF_FACTS]))
    args: list[tuple[str, Any]] = [("q", tried.query)]
    if path.endswith("suggest"):
        return path, args
    if path.endswith("statistics") and made.chance.random() < 0.5:
        args[0] = ("label", tried.query)
    for name, value in tried.wanted:
        if name in NAMES:
            args += [(NAMES[name], "unknown" if one is None else one) for one in value]
        elif name not in ("facets", "collapse"):
            args.append((name, value))
    if taken := next((names for view, names in TAKEN.items() if path.endswith(view)), None):
        args = [(name, value) for name, value in args if name in taken]
    return path, args + ([("mention", "no")] if tried.view == "silent" else [])


def sent(client: FlaskClient, made: Requests, ids: list[str]) -> tuple[str, int]:
    """Send one random request; returns its path and the status of the reply."""
    chance, tried = made.chance, made.new()
    if chance.random() < 0.05:
        units = [f"{chance.choice(ids)}", "210921", f"210921-{tried.query or '局'}", tried.query or "局"]
        return "/units/<id>", client.get(f"/units/{quote(chance.choice(units), safe='')}").status_code
    if chance.random() < 0.05:
        path = chance.choice(("/verify", "/api/v1/verify"))
        body = (tried.query or "法") * chance.choice([1, 5, 100])
        return path, client.post(path, data={"text": body} if path == "/verify" else body, content_type=_FORM.get(path)).status_code
    if chance.random() < OF_TWO:
        path = chance.choice(OF_REPORTS)
        names = ("left", "right") if "compare" in path else ("report",)
        return path, client.get(path, query_string={name: chance.choice(ids) for name in names}).status_code
    path, query = address(tried, made)
    return path, client.get(path, query_string=query).status_code


_FORM = {"/verify": "application/x-www-form-urlencoded", "/api/v1/verify": "text/plain"}


def resident() -> float:
    """Megabytes of resident memory of this process."""
    gc.collect()
    return int(Path("/proc/self/status").read_text("ascii").split("VmRSS:")[1].split()[0]) / 1024


def shrink(share: float) -> None:
    """Reduce the limit of every cache of requested things to this share; call this before an index is opened."""
    for module, names in {
        made: ("LIMIT",),
        passages: ("REPORT_CACHE", "PASSAGE_CACHE", "CACHED_IDS"),
        occurrences: ("CACHED_SIZES",),
        quotations: ("BARE_CACHED", "OFFSETS_CACHED"),
        facts: ("FIGURES_CACHED", "LISTS_CACHED"),
        neighbours: ("CUT_CACHED",),
    }.items():
        for name in names:
            setattr(module, name, int(getattr(module, name) * share))
    Repeated.__init__.__defaults__ = (int(MOST_BYTES * share),)


def main() -> None:
    """Send the requests, print the results and exit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--limit", type=float, default=50, help="megabytes")
    parser.add_argument("--caches", type=float, default=1, metavar="SHARE", help="of the size of each cache")
    args, place, texts = opened(parser)
    shrink(args.caches)
    client, made = create_app(place).test_client(), Requests(texts, args.seed)
    with open_index(place) as index:
        ids = [report.id for report in index.reports(SearchRequest())]
    answers: dict[int, int] = {}
    slowest: dict[str, float] = {}
    before, start = 0.0, time.monotonic()
    for number in range(args.requests):
        if number == args.requests // 10:
            before = resident()
        begun = time.process_time()
        path, status = sent(client, made, ids)
        slowest[path] = max(slowest.get(path, 0.0), time.process_time() - begun)
        answers[status] = answers.get(status, 0) + 1
        if number % max(1, args.requests // 20) == 0:
            print(f"{number:9} requests, {resident():.0f} MB, {time.monotonic() - start:.0f} s", flush=True)
    grown = resident() - before
    for path in sorted(slowest, key=lambda path: -slowest[path]):
        print(f"{slowest[path] * 1e3:7.0f} ms of processor at most: {path}")
    print(f"grown by {grown:.0f} MB since {before:.0f}; answers {answers}")
    sys.exit(grown > args.limit or any(status >= 500 for status in answers))


if __name__ == "__main__":
    main()
