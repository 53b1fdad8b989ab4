"""A tiny index with two states whose answers are known, and what a reader of it may see."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from indexer import Index, IndexCorrupt, NotFound, Report, open_index
from indexer.backends import open_writer
from indexer.catalogue import Catalogue
from tests.support import one_report

LONG = bool(os.environ.get("TORTURE"))
SEEDS = range(10)
"""Every torture is parted into so many tests."""


def rounds(long: int) -> range:
    """How often one test tries something: so often in all by `make torture`, 2,000 times in all in an ordinary run."""
    return range((long if LONG else 2_000) // len(SEEDS))


def _report(number: int, text: str) -> Report:
    return one_report(
        f"{text}有力推进。受理行政复议案件{number}件，依据《{text}条例》（国发〔2021〕{number}号）办结。",
        f"第{number}件事，依法行政。",
        issuer="阜新市人民政府",
        id=f"r{number}",
        year=2020 + number % 4,
        title=f"甲县第{number}号",
    )


OLD = {f"r{number}": _report(number, "行政复议") for number in range(6)}
NEW = {**{id: report for id, report in OLD.items() if id != "r3"}, "r1": _report(1, "法治政府"), "r9": _report(9, "行政复议公开")}
QUERIES = ["第 OR 政", "行政复议", "法治 -公开"] + ["依法行政", "复议有 -公开", "甲县", "year:2021", "第 NEAR/5 事"] * LONG
FACETED = ("year", "kind", "unit", "instrument", "indicator", "lacking")
FACTS: list[Callable[[Index], object]] = [
    lambda index: index.matrix("推进").matrix,
    lambda index: index.instruments(years=[2020, 2021]).instruments,
    lambda index: [(one.statistic, one.passage.text) for one in index.statistics("行政复议受理").statistics],
    lambda index: [
        (one.unit, one.listed.issuers, [(year.year, year.state, len(year.reports)) for year in one.years]) for one in index.units().units
    ],
]
"""What reads the columns of units, figures and names of rules."""

CORRUPT = "corrupt"


def publish(place: Path, held: dict[str, Report], *, rebuild: bool = False) -> None:
    """Bring an index to this state."""
    writer = open_writer(place, rebuild=rebuild)
    try:
        for id in OLD.keys() | NEW.keys():
            was = writer.report(id)
            if id not in held:
                writer.drop(id)
            elif was is None or was.passages != held[id].passages:
                writer.put(held[id])
    except BaseException:
        writer.abort()
        raise
    writer.commit(Catalogue({"corpus": "/corpus"}))


def answers(place: Path, queries: list[str] = QUERIES) -> list[object]:
    """What an index answers to each of these queries, and its reports; `CORRUPT` in place of what it refuses for damage.

    Any other error is a fault of ours, and comes through.
    """
    try:
        index = open_index(place)
    except IndexCorrupt:
        return [CORRUPT]
    found: list[object] = []
    with index:
        for number, query in enumerate(queries):
            try:
                # Every passage and column once; what other queries touch shows in their totals.
                page = index.search(query, per_page=2) if number else index.search(query, facets=FACETED)
                found.append((page.total, page.facets, [(hit.id, hit.text, hit.matches, hit.report.title) for hit in page.hits]))
            except IndexCorrupt:
                found.append(CORRUPT)
        for read in FACTS:
            try:
                found.append(read(index))
            except IndexCorrupt:
                found.append(CORRUPT)
        for id in OLD.keys() | NEW.keys():
            try:
                found.append([passage.text for passage in index.report(id).passages])
            except NotFound:
                found.append(None)
            except IndexCorrupt:
                found.append(CORRUPT)
    return found


def is_right(seen: list[object], *states: list[object]) -> bool:
    """Whether every answer is that of one of the states, or was refused."""
    return seen == [CORRUPT] or any(all(one in (CORRUPT, other) for one, other in zip(seen, state, strict=True)) for state in states)
