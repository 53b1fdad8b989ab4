"""Real paragraphs for measurements: read from a file, repeated with variations to any number, as they are or as governments' reports."""

from __future__ import annotations

import gzip
import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from indexer import Report
from indexer.places import governments, name_of_code

Row = dict[str, Any]


def rows(path: Path, limit: int) -> Iterator[Row]:
    """`limit` rows {doc, title, year, section, text}.

    After the end of the file they repeat as other documents of other years, with one Han character in forty changed.
    """
    for lap in itertools.count():
        count = 0
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                if limit <= 0:
                    return
                limit, count = limit - 1, count + 1
                yield row if lap == 0 else _variant(row, lap)
        if not count:
            return


def _variant(row: Row, lap: int) -> Row:
    text = "".join(_changed(char, lap) if at % 40 == lap % 40 else char for at, char in enumerate(row["text"]))
    return row | {"doc": f"{row['doc']}-{lap}", "year": (row["year"] or 2000) - lap % 40, "text": text}


def _changed(char: str, lap: int) -> str:
    return chr(0x4E00 + (ord(char) - 0x4E00 + 7 * lap) % 0x5000) if "\u4e00" <= char <= "\u9dff" else char


def reports(given: Iterator[Row] | list[Row]) -> Iterator[Report]:
    """One report for each run of rows of one document."""
    for _, group in itertools.groupby(given, key=lambda row: row["doc"]):
        held = list(group)
        first = held[0]
        blocks = [((row["section"],) if row["section"] else (), row["text"]) for row in held]
        yield Report.from_blocks(title=first["title"] or "无题", year=first["year"] or None, blocks=blocks)


A_REPORT = 25
"""Paragraphs per report of a government."""
YEARS = range(2019, 2025)
LONGEST_COMPARED, LONGEST = 57_000, 190_000
"""Code points of two reports of one government, close to the limit for comparing, and of another's report, close to that for reading."""


def reports_of_governments(given: list[Row]) -> Iterator[Report]:
    """The rows as annual reports of governments, with figures, names of rules and plans; three reports of two governments are very long."""
    groups = [given[at : at + A_REPORT] for at in range(0, len(given), A_REPORT)]
    for number, group in enumerate(groups):
        yield _annual(number // len(YEARS), YEARS[number % len(YEARS)], group)
    texts = itertools.cycle(given)
    for unit, year, longest in ((1, YEARS[0], LONGEST_COMPARED), (1, YEARS[1], LONGEST_COMPARED), (2, YEARS[0], LONGEST)):
        long: list[Row] = []
        size = 0
        while size < longest:
            long.append(next(texts))
            size += len(long[-1]["text"]) + 60
        yield _annual(len(groups) // len(YEARS) + unit, year, long, YEARS[0])


def annual_reports(given: Iterable[Row], years: Sequence[int]) -> Iterator[Report]:
    """The rows as annual reports, one government after another with a report on each of these years; the rows are read lazily."""
    rest = iter(given)
    groups = iter(lambda: list(itertools.islice(rest, A_REPORT)), [])
    for number, group in enumerate(groups):
        yield _annual(number // len(years), years[number % len(years)], group)


def _annual(unit: int, year: int, group: list[Row], numbered_in: int | None = None) -> Report:
    """The report of a government on a year; `unit` is its index among the governments of that year, or of `numbered_in`."""
    code = governments(numbered_in or year)[unit]
    blocks = [
        (
            ("二、下一步安排",) if at > len(group) * 0.7 else ("一、主要举措和成效",),
            f"{row['text']}受理行政复议案件{year - 2000 + at}件，根据《{row['title'] or '办法'}》（国发〔{year}〕{at}号）办结{at * 7}件。",
        )
        for at, row in enumerate(group)
    ]
    return Report.from_blocks(title=f"{name_of_code(code)}{year}年法治政府建设工作报告", year=year, region=code, blocks=blocks)
