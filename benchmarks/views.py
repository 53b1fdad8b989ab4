"""The time of every view of many reports: units by years, comparisons, plans, words, held reports, figures.

`python -m benchmarks.views --texts TEXTS.jsonl.gz [--reports 36000] [--rounds 20]`, or `--index FOLDER` instead of texts. The texts, with
variations, become annual reports of governments on twelve years each (36,000 reports: 3,000 units, a million passages). Each view is
requested from the application in this process, first right after its start, then again with other terms. All times are in ms.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from benchmarks.texts import A_REPORT, annual_reports, rows
from indexer import Index, Report, build_index, open_index
from webui import create_app

YEARS = range(2013, 2025)
TERMS = ("行政复议", "许可", "人民法院", "监督管理", "国发", "环境保护", "处罚", "登记", "安全生产", "责令改正", "仲裁", "县级以上")


def main() -> None:
    """Build an index if needed, request the views, print the times."""
    parser = argparse.ArgumentParser(allow_abbrev=False, description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--index", type=Path, help="an index that is there, or where to build one to keep")
    parser.add_argument("--reports", type=int, default=36_000)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = options.index or Path(folder, "index")
        if not place.exists():
            started = time.monotonic()
            build_index(place, annual_reports(rows(options.texts, options.reports * A_REPORT), YEARS))
            print(f"built in {time.monotonic() - started:.0f} s", flush=True)
        with open_index(str(place)) as index:
            print(f"{index.stats.passages} passages, {index.stats.reports} reports")
            measure(str(place), _some(index), options.rounds)


def _some(index: Index) -> list[Report]:
    """Some reports, for views of one or two."""
    return [hit.report for hit in index.search("行政", years=[2020], sort="region", collapse=True, per_page=100).hits]


def views(chance: random.Random, held: list[Report]) -> Iterator[tuple[str, str]]:
    """A random request to each view, with the view's name."""
    term, other = (quote(one) for one in chance.sample(TERMS, 2))
    year, report = chance.choice(YEARS), chance.choice(held).id
    yield "matrix", f"/matrix?q={term}"
    yield "matrix, all units", f"/api/v1/matrix?q={term}&per_page=100&sort=most"
    yield "matrix of a province", f"/matrix?q={other}&region=210000"
    yield "years", f"/years?q={term}"
    yield "compare", f"/compare?left={report}&right={chance.choice(held).id}"
    yield "promises", f"/promises?report={report}"
    yield "words of a year", f"/words?year={year}"
    yield "words of a province", "/words?region=210000&sort=ratio"
    yield "words of a query", f"/words?q={term}&of=subset&year={year}"
    yield "words near", f"/words?q={term}%20{other}&year={year}"
    yield "corpus", "/corpus"
    yield "units", "/units?q=" + quote("市")
    yield "statistics", "/statistics?indicator=" + quote("行政复议受理") + f"&year={year}&region=210000"
    yield "indicators", "/statistics"
    yield "instruments", "/instruments"
    yield "required", "/required"


def measure(place: str, held: list[Report], rounds: int) -> None:
    """Print the first time of each view, and the median and longest of the others, in ms."""
    chance = random.Random(1)
    app = create_app(place)
    client = app.test_client()
    times: dict[str, list[float]] = {}
    statuses: Counter[tuple[str, int]] = Counter()
    for _ in range(rounds + 1):
        for name, url in views(chance, held):
            started = time.perf_counter()
            reply = client.get(url)
            times.setdefault(name, []).append((time.perf_counter() - started) * 1000)
            statuses[name, reply.status_code] += 1
    for name, taken in times.items():
        codes = {code: count for (of, code), count in statuses.items() if of == name}
        print(
            f"{name:22} first {taken[0]:6.0f}  median {statistics.median(taken[1:]):6.0f}  longest {max(taken[1:]):6.0f}  {codes}",
            flush=True,
        )


if __name__ == "__main__":
    main()
