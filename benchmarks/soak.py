"""Memory under a long run of random requests: what the process holds must not grow with what strangers ask for.

`python -m benchmarks.soak --texts TEXTS.jsonl.gz [--passages 20000] [--requests 1000000] [--limit 50]`, or `--index FOLDER` in place of
texts. The requests of `benchmarks.worst`, half of them pages and half JSON, go to the application in this process; after a tenth of
them its memory is noted, and it ends with 1 where it has grown by more than the limit by the end. Linux alone says how much it is.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.worst import Requests, Tried, opened
from webui import create_app

PATHS = {
    "search": ("/", "/api/v1/search"),
    "reports": ("/reports", "/api/v1/reports"),
    "silent": ("/reports", "/api/v1/reports"),
    "years": ("/years", "/api/v1/years"),
    "lines": ("/concordance", "/api/v1/concordance"),
    "suggest": ("/api/v1/suggest", "/api/v1/suggest"),
}
NAMES = {"years": "year", "regions": "region", "issuers": "issuer", "sections": "section", "types": "type", "kinds": "kind"}


def address(tried: Tried, made: Requests) -> tuple[str, list[tuple[str, Any]]]:
    """Where a request is sent, with its arguments."""
    path = made.chance.choice(PATHS.get(tried.view, PATHS["search"]))
    args: list[tuple[str, Any]] = [("q", tried.query)]
    if path.endswith("suggest"):
        return path, args
    for name, value in tried.wanted:
        if name in NAMES:
            args += [(NAMES[name], "unknown" if one is None else one) for one in value]
        elif name not in ("facets", "collapse"):
            args.append((name, value))
    return path, args + ([("mention", "no")] if tried.view == "silent" else [])


def resident() -> float:
    """Megabytes of memory that this process has."""
    gc.collect()
    return int(Path("/proc/self/status").read_text("ascii").split("VmRSS:")[1].split()[0]) / 1024


def main() -> None:
    """See above."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--limit", type=float, default=50, help="megabytes")
    args, place, texts = opened(parser)
    client, made = create_app(place).test_client(), Requests(texts, args.seed)
    answers: dict[int, int] = {}
    before, start = 0.0, time.monotonic()
    for number in range(args.requests):
        if number == args.requests // 10:
            before = resident()
        path, query = address(made.new(), made)
        reply = client.get(path, query_string=query)
        answers[reply.status_code] = answers.get(reply.status_code, 0) + 1
        if number % max(1, args.requests // 20) == 0:
            print(f"{number:9} requests, {resident():.0f} MB, {time.monotonic() - start:.0f} s", flush=True)
    grown = resident() - before
    print(f"grown by {grown:.0f} MB since {before:.0f}; answers {answers}")
    sys.exit(grown > args.limit or any(status >= 500 for status in answers))


if __name__ == "__main__":
    main()
