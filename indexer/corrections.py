"""Corrections that somebody wrote beside the reports: what was read wrong, and what is right.

A file `corrections.csv` in any folder of a corpus, UTF-8 or as Excel and WPS save it, with the columns path, field, value: the
report's path below that folder, one of `CORRECTED`, and what is right (empty: unknown). The type `ignore` is that of a file to pass over.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PureWindowsPath
from typing import Any

from indexer.errors import BadPath, InvalidRequest
from indexer.fields import FIELDS
from indexer.loaders.encoding import decode
from indexer.model import Report

FILE_NAME = "corrections.csv"
HEADER = ["path", "field", "value"]
IGNORE = ("type", "ignore")
"""Field and value of a line that says of a file that it is none of the corpus."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One line."""

    line: int
    """Of the file, from 1."""
    path: str
    """Below the folder of the file, with "/"."""
    field: str
    value: str


CORRECTED = {name: field for name, field in FIELDS.items() if field.corrected}
"""What can be corrected."""


def read_corrections(path: Path) -> list[Correction]:
    """The corrections of a file in order.

    Raises:
        BadPath: The file cannot be read, or a line is wrong; names the line, what is wrong and what was expected.
    """
    try:
        text = _text(path.read_bytes())
    except (OSError, ValueError) as error:
        raise BadPath(f"{path}: {error}") from error
    reader = csv.reader(text.splitlines(), strict=True)
    found: dict[tuple[str, str], Correction] = {}
    try:
        for number, row in enumerate(reader):
            if number == 0:
                if [cell.strip() for cell in row] != HEADER:
                    raise ValueError(f"expected the header {','.join(HEADER)}")
            elif any(cell.strip() for cell in row):
                correction = _read(reader.line_num, row)
                before = found.setdefault((correction.path, correction.field), correction)
                if before is not correction:
                    raise ValueError(f"{correction.field} of {correction.path} is corrected in line {before.line} already")
    except (ValueError, csv.Error) as error:
        raise BadPath(f"{path}, line {max(1, reader.line_num)}: {error}") from error
    return list(found.values())


def _text(content: bytes) -> str:
    try:
        return decode(content)[0]
    except ValueError:
        # A few characters tell too little of their encoding; what reads as UTF-8 is hardly anything else.
        with suppress(UnicodeDecodeError):
            return content.decode("utf-8")
        raise


def _read(line: int, row: list[str]) -> Correction:
    if len(row) != len(HEADER):
        raise ValueError(f"{len(row)} columns; expected {', '.join(HEADER)}")
    path, field, value = (cell.strip() for cell in row)
    path = path.replace("\\", "/")
    if not path or path.startswith("/") or PureWindowsPath(path).drive or ".." in path.split("/"):
        raise ValueError(f"path {path!r}; expected a file beside this one or below, like 2023/彰武县.html")
    if field not in CORRECTED:
        raise ValueError(f"field {field!r}; expected one of {', '.join(CORRECTED)}")
    if (field, value) == IGNORE:
        return Correction(line, path, field, value)
    if not value and not CORRECTED[field].may_be_unknown:
        raise ValueError(f"{field} cannot be unknown; write what is right")
    try:
        _value(field, value)
    except InvalidRequest as error:
        raise ValueError(f"{field} {value!r}: expected a code or name of one place ({error})") from error
    except ValueError as error:
        raise ValueError(f"{field} {value!r}: {error}") from error
    return Correction(line, path, field, value)


def _value(field: str, value: str) -> Any:
    read = CORRECTED[field].read or str
    return read(value) if value else None


def corrected(report: Report, corrections: Mapping[str, str]) -> Report:
    """The report with these fields set right, and with their names in `Report.corrected`."""
    if not corrections:
        return report
    values = {field: _value(field, value) for field, value in corrections.items()}
    report = replace(report, **values, corrected=tuple(sorted({*report.corrected, *values})))
    if "title" in values:
        # The title is a passage too, and is found by what the report is called.
        passages = (replace(report.passages[0], text=report.title), *report.passages[1:])
        report = replace(report, passages=passages)
    return report
