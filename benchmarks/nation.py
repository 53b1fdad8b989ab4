"""Makes the indexes that `large` measures: a base, indexed in full, and stages that repeat its segments as other departments' reports."""

from __future__ import annotations

import itertools
import os
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from benchmarks.texts import Row, rows
from indexer import Report
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
