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
import itertools
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.texts import Row, rows
from indexer import Index, Report, open_index
from indexer.analysis.words import segmenter
from indexer.backends import open_writer
from indexer.catalogue import Catalogue, Source
from indexer.engines.common import fingerprint
from indexer.engines.whoosh.arrays.files import ArrayFile, packed_values, read_values, write_arrays
from indexer.engines.whoosh.arrays.stored import Pieces, packed_record, piece_arrays, read_record
from indexer.engines.whoosh.catalogues import read_catalogue, write_catalogue
from indexer.engines.whoosh.generations import Generation, current_name, new_folder, publish, write_twice, writing
from indexer.engines.whoosh.segment.codec import TABLE, ArrayCodec, ArraySegment, read_table, written_table
from indexer.engines.whoosh.segment.schema import SCHEMA_VERSION, new_schema
from indexer.engines.whoosh.segment.segments import EXTENSION, INDEX_NAME
from indexer.model import short_hash
from indexer.near_duplicates import sample
from indexer.places import governments, name_of_code
from indexer.request import SearchRequest
from indexer.units import unit_of_id
from indexer.versions import stamped, time_after

YEARS = range(2013, 2025)
PARAGRAPHS = 40
"""Paragraphs per report, as in published ones."""
MILLION = 1_000_000
ORGANS = tuple(
    f"{stem}{kind}"
    for kind in ("局", "委员会", "中心")
    for stem in (
        *(
            "司法",
            "公安",
            "民政",
            "财政",
            "教育",
            "审计",
            "统计",
            "信访",
            "水利",
            "住房和城乡建设",
            "交通运输",
            "农业农村",
            "商务",
            "应急管理",
        ),
        *(
            "市场监督管理",
            "自然资源",
            "生态环境",
            "卫生健康",
            "医疗保障",
            "人力资源和社会保障",
            "文化和旅游",
            "城市管理",
            "林业和草原",
            "科学技术",
        ),
    )
)


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


def base_reports(given: Iterator[Row], count: int) -> Iterator[Report]:
    """`count` reports of governments from all over the country, one government after another."""
    wanted = -(-count // len(YEARS))
    codes = governments(YEARS[0])[:: max(1, len(governments(YEARS[0])) // wanted)]
    for code, year in itertools.islice(itertools.product(codes, YEARS), count):
        yield _report(code, year, list(itertools.islice(given, PARAGRAPHS)))


def _report(code: str, year: int, group: list[Row]) -> Report:
    def section(at: int) -> str:
        return "二、下一步安排" if at > PARAGRAPHS * 0.8 else f"（{'一二三四'[at // 9]}）" + _heading(group[at // 9 * 9])

    def stated(at: int) -> str:
        row = group[at]
        rule = f"《{row['title'] or '办法'}》（国发〔{year}〕{at}号）"
        return f"{row['text']}受理行政复议案件{year - 2000 + at}件，根据{rule}办结{at * 7}件。" if at % 4 == 0 else str(row["text"])

    blocks = [((section(at),), stated(at)) for at in range(len(group))]
    who = name_of_code(code)
    return Report.from_blocks(title=f"{who}{year}年法治政府建设工作报告", year=year, issuer=who, region=code, blocks=blocks)


def _heading(row: Row) -> str:
    return re.split("[，。；：、]", str(row["text"]))[0][:16] or "工作"


def key_of(unit: str, year: int) -> str:
    """The key of a report's file."""
    return f"large/{year}/{unit}-{year}.txt"


def build_base(index: Path, texts: Path, paragraphs: int) -> None:
    """Index so many paragraphs in full, and print the rate and, separately, the time for making the reports."""
    writer = open_writer(index, rebuild=True)
    now = time_after(None)
    catalogue = Catalogue(folders={"large": str(index.parent / "large")})
    passages = 0
    made = 0.0
    started = time.monotonic()
    used = sum(os.times()[:4])
    given = base_reports(rows(texts, paragraphs), paragraphs // PARAGRAPHS)
    while True:
        before = time.process_time()
        report = next(given, None)
        if report is not None and report.unit is not None and report.year is not None:
            key = key_of(report.unit.id, report.year)
            report = stamped(replace(report, id=short_hash(key.encode()), path=key), None, now)
            catalogue.sources[key] = _source(report)
        made += time.process_time() - before
        if report is None:
            break
        writer.put(report)
        passages += len(report.passages)
    catalogue.note(now, None, None, (), ())
    writer.commit(catalogue)
    taken, work = time.monotonic() - started, sum(os.times()[:4]) - used - made
    print(
        f"base: {passages} passages of {len(catalogue.sources)} reports in {taken:.0f} s; making the reports {made:.0f} s of processor,"
        f" indexing them {work:.0f} s, {passages / work:.0f} passages/s on one core; {segmenter()}; {_megabytes(index):.0f} MB",
        flush=True,
    )


def _source(report: Report) -> Source:
    """The catalogue's entry for the report's file."""
    assert report.unit
    return Source(
        report.id,
        len(report.passages) * 500,
        (1, 1),
        str(report.sha256),
        "".join(sample(report)),
        names=(report.unit.name,),
        place=report.unit.place,
        unit=report.unit.id,
        year=report.year,
        added=report.added,
        changed=report.changed,
        content=report.sha256,
    )


def build_stage(base: Path, index: Path, passages: int) -> None:
    """Write the base's segments as often as needed for so many passages."""
    started = time.monotonic()
    generation = Generation.named(base, str(current_name(base)))
    table = read_table(generation.content(TABLE))
    recorded = read_catalogue(generation)
    catalogue = replace(recorded, sources={})
    with writing(index):
        folder = new_folder(index)
        segments: list[ArraySegment] = []
        held = reports = 0
        units: set[str] = set()
        for organ in (None, *ORGANS):
            for old in table:
                if held >= passages:
                    break
                # Skip a half-empty segment, which would have been merged.
                if organ and old.doc_count() < MILLION // 50:
                    continue
                segment = ArrayCodec().new_segment(None, INDEX_NAME)
                path = folder / segment.make_filename(EXTENSION)
                ids = _write_again(generation.folder / old.make_filename(EXTENSION), path, organ)
                segment.set_doc_count(old.doc_count())
                segments.append(segment)
                held += old.doc_count()
                reports += len(ids)
                for was, (key, unit) in ids.items():
                    units.add(unit)
                    source = recorded.sources[was]
                    catalogue.sources[key] = replace(source, report=short_hash(key.encode()), unit=unit)
        write_twice(folder / TABLE, written := written_table(new_schema(), segments))
        write_catalogue(folder, catalogue, None, ())
        assert written
        figures = {"reports": reports, "paragraphs": held, "passages": held, "years": list(YEARS), "issuers": len(units)}
        publish(index, folder, fingerprint(SCHEMA_VERSION), figures, None, {}, segmenter())
    size = _megabytes(index)
    print(
        f"{index.name}: {held} passages of {reports} reports of {len(units)} units, {len(segments)} segments, {size:.0f} MB,"
        f" written in {time.monotonic() - started:.0f} s",
        flush=True,
    )


def _write_again(source: Path, target: Path, organ: str | None) -> dict[str, tuple[str, str]]:
    """Write a segment again for other units; returns each report's new key and unit by its old key."""
    file = ArrayFile(source)
    arrays: dict[str, NDArray[Any]] = {name: file[name] for name in file.names()}
    found: dict[str, tuple[str, str]] = {}
    ids: dict[str, str] = {}
    records = []
    for packed in Pieces(file, "records"):
        record = read_record(packed)
        was = record["path"]
        unit = _under(record["unit"]["id"], organ)
        named = unit_of_id(unit)
        name = named.name if named else unit
        key = key_of(unit, record["year"])
        ids[record["id"]] = short_hash(key.encode())
        found[was] = key, unit
        record = {**record, "id": ids[record["id"]], "path": key, "unit": {"id": unit, "name": name}, "issuer": name}
        records.append(packed_record(record))
    arrays |= piece_arrays("records", records)
    arrays |= piece_arrays("ids", (ids[id.decode()].encode() for id in Pieces(file, "ids")))
    for field, sign in (("unit", "-"), ("issuer", "")):
        values = read_values(file[f"field.{field}.values"])
        arrays[f"field.{field}.values"] = packed_values([(value and organ and f"{value}{sign}{organ}") or value for value in values])
    write_arrays(target, arrays)
    return found


def _under(unit: str, organ: str | None) -> str:
    return f"{unit}-{organ}" if organ else unit


def _megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


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
