"""Real paragraphs for measuring: from a file, repeated with variations to any number."""

from __future__ import annotations

import gzip
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from indexer import Report

Row = dict[str, Any]


def rows(path: Path, limit: int) -> Iterator[Row]:
    """`limit` rows {doc, title, year, section, text}.

    Past the end of the file they repeat as other documents of other years, with one Han character in forty changed.
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
