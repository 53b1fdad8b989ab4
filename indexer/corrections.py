"""What people wrote beside the reports: corrections of what was read wrong, and confirmations of what was in doubt.

A file `corrections.csv` in any folder of a corpus, UTF-8 or as Excel and WPS save it, has the columns path, field, value: the
report's path below that folder, one of `CORRECTED`, and the right value (empty: unknown). The type `ignore` makes `reindex` skip the file.
A file `checked.csv` there, with the columns path, code, closes all remarks of that code on the report: somebody checked that it is right.
A file `units.csv` there says whose reports belong together: with the columns alias, unit for all reports of an issuer below that folder,
or with path, unit for one report. The unit is given by its id or by its full name.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PureWindowsPath
from typing import Any

from indexer.analysis.fold import fold
from indexer.errors import BadPath, InvalidRequest
from indexer.fields import FIELDS
from indexer.loaders.encoding import decode
from indexer.model import Report
from indexer.places import Region, as_of
from indexer.remarks import KINDS, Remark
from indexer.units import Unit, unit_of_id

FILE_NAME = "corrections.csv"
CHECKED_FILE_NAME = "checked.csv"
HEADER = ["path", "field", "value"]
CHECKED_HEADER = ["path", "code"]
UNITS_FILE_NAME = "units.csv"
UNITS_HEADERS = ["alias", "unit"], ["path", "unit"]
COLLECTED_FILE_NAME = "collected.csv"
"""Written by `collect`."""
FILE_NAMES = (FILE_NAME, CHECKED_FILE_NAME, UNITS_FILE_NAME, COLLECTED_FILE_NAME)
"""The tables that lie among the reports and are not reports."""
IGNORE = ("type", "ignore")
"""Field and value of a line that excludes a file from the corpus."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One line."""

    line: int
    """The line's number in the file, from 1."""
    path: str
    """The report's path below the folder of the file, with "/"."""
    field: str
    value: str


CORRECTED = {name: field for name, field in FIELDS.items() if field.corrected}
"""The fields that can be corrected, by name."""


def read_corrections(path: Path) -> list[Correction]:
    """The corrections of a file in order.

    Raises:
        BadPath: The file cannot be read, or a line is wrong; names the line, what is wrong and what was expected.
    """
    found: dict[tuple[str, str], Correction] = {}

    def take(line: int, cells: dict[str, str]) -> None:
        correction = _read(line, cells["path"], cells["field"], cells["value"])
        before = found.setdefault((correction.path, correction.field), correction)
        if before is not correction:
            raise ValueError(f"{correction.field} of {correction.path} is corrected in line {before.line} already")

    _read_lines(path, [HEADER], take)
    return list(found.values())


def read_checked(path: Path) -> list[tuple[str, str]]:
    """Path and code of each line of a `checked.csv`, in order, without repetitions.

    Raises:
        BadPath: As `read_corrections`.
    """
    found: dict[tuple[str, str], None] = {}

    def take(line: int, cells: dict[str, str]) -> None:
        below, code = read_path(cells["path"]), cells["code"]
        if code not in KINDS:
            known = ", ".join(name for name, kind in KINDS.items() if kind.look)
            raise ValueError(f"code {code!r}; expected one of {known}")
        found[below, code] = None

    _read_lines(path, [CHECKED_HEADER], take)
    return list(found)


def read_units(path: Path) -> tuple[dict[str, str], dict[str, str]]:
    """The units that a `units.csv` names: by alias (see `alias_key`), and by path.

    Raises:
        BadPath: As `read_corrections`.
    """
    aliases: dict[str, str] = {}
    paths: dict[str, str] = {}
    lines: dict[str, int] = {}

    def take(line: int, cells: dict[str, str]) -> None:
        named, unit = cells.get("alias", cells.get("path", "")), cells["unit"]
        if not named:
            raise ValueError("no alias; write an issuer as reports print it, like 阜蒙县")
        if not unit:
            raise ValueError(f"no unit for {named}; write its id, like 210921, or its whole name")
        try:
            _value("unit", unit)
        except ValueError as error:
            raise ValueError(f"unit {unit!r}: {error}") from error
        key = alias_key(named) if "alias" in cells else read_path(named)
        if (before := lines.setdefault(key, line)) != line:
            raise ValueError(f"{named} has its unit in line {before} already")
        (aliases if "alias" in cells else paths)[key] = unit

    _read_lines(path, UNITS_HEADERS, take)
    return aliases, paths


def alias_key(name: str) -> str:
    """The key by which an alias is compared with an issuer's name: folded, without white space."""
    return "".join(fold(name).split())


def _read_lines(path: Path, headers: Sequence[list[str]], take: Callable[[int, dict[str, str]], None]) -> None:
    """Pass each non-empty line of a table to `take`: its number from 1, and its stripped cells by column name.

    Raises:
        BadPath: The file cannot be read, its header is another one, or `take` raised a `ValueError`; names the line.
    """
    try:
        text = _text(path.read_bytes())
    except (OSError, ValueError) as error:
        raise BadPath(f"{path}: {error}") from error
    reader = csv.reader(text.splitlines(), strict=True)
    rows = ([cell.strip() for cell in row] for row in reader)
    try:
        # A file without any line is as good as one with a header alone.
        header = next(rows, headers[0])
        if header not in headers:
            raise ValueError(f"expected the header {' or '.join(map(','.join, headers))}")
        for cells in filter(any, rows):
            if len(cells) != len(header):
                raise ValueError(f"{len(cells)} columns; expected {', '.join(header)}")
            take(reader.line_num, dict(zip(header, cells, strict=True)))
    except (ValueError, csv.Error) as error:
        raise BadPath(f"{path}, line {max(1, reader.line_num)}: {error}") from error


def _text(content: bytes) -> str:
    try:
        return decode(content)[0]
    except ValueError:
        # Too short a text for its encoding to be detected; text that is valid UTF-8 is hardly ever anything else.
        with suppress(UnicodeDecodeError):
            return content.decode("utf-8")
        raise


def read_path(cell: str) -> str:
    """The path of a report below the folder of the file that names it, with "/".

    Raises:
        ValueError: It does not name a file in that folder or below.
    """
    path = cell.replace("\\", "/")
    if not path or path.startswith("/") or PureWindowsPath(path).drive or ".." in path.split("/"):
        raise ValueError(f"path {path!r}; expected a file beside this one or below, like 2023/彰武县.html")
    return path


def _read(line: int, path: str, field: str, value: str) -> Correction:
    path = read_path(path)
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


def check_value(field: str, value: str) -> None:
    """Check that a value is possible for a field.

    Raises:
        ValueError: The field is not in `CORRECTED`, or cannot have this value.
    """
    _read(1, FILE_NAME, field, value)


def _value(field: str, value: str) -> Any:
    read = CORRECTED[field].read or str
    known = read(value) if value else None
    if isinstance(known, Unit) and not known.name:
        raise ValueError("expected the whole name of the unit, for no table tells the name of this id")
    return known


def corrected(report: Report, corrections: Mapping[str, str]) -> Report:
    """The report with these fields corrected and their names in `Report.corrected`."""
    if not corrections:
        return report
    values = {field: _value(field, value) for field, value in corrections.items()}
    report = replace(report, **values, corrected=tuple(sorted({*report.corrected, *values})))
    if report.region is not None:
        report = replace(report, region=as_of(report.region, report.year))
    if values.keys() & {"title", "issuer", "region", "year", "unit"}:
        report = report.with_unit_of_issuer()
    if "title" in values:
        # The title is also a passage, so that reports are found by it.
        passages = (replace(report.passages[0], text=report.title), *report.passages[1:])
        report = replace(report, passages=passages)
    # Setting the unit also settles doubts about the issuer's name.
    settled = {*values, "issuer"} if "unit" in values else {*values}
    return _closing(report, lambda remark: not settled.isdisjoint({remark.about, *remark.params}))


def names_of(report: Report) -> tuple[str, ...]:
    """The names by which an alias can match a report, as `alias_key` gives them: its issuer, and its unit unless that was set by hand."""
    names = (report.issuer, report.unit.name if report.unit else None)
    return tuple(dict.fromkeys(alias_key(name) for name in names if name))


def checked(report: Report, codes: Collection[str]) -> Report:
    """The report with its remarks of these codes closed."""
    return _closing(report, lambda remark: remark.code in codes)


def _closing(report: Report, looked_at: Callable[[Remark], bool]) -> Report:
    """The report with the remarks closed that express a doubt and for which `looked_at` holds."""
    remarks = tuple(remark.close() if remark.look and looked_at(remark) else remark for remark in report.remarks)
    return replace(report, remarks=remarks)


def lines_for(report: Report, code: str) -> dict[str, str]:
    """Lines that a user may add beside a report to settle its remarks of a code: file name to line, without line end.

    The lines for `corrections.csv` and `units.csv` contain the current value, to be edited; fields that cannot be corrected have none.
    Empty for a report that came from no file, and where the file itself has to be replaced.
    """
    if report.path is None or code == "file-unreadable":
        return {}
    below, field = report.path.partition("/")[2], KINDS[code].about
    lines = {FILE_NAME: _line(below, field, held_text(report, field))} if field in CORRECTED else {}
    if field == "issuer":
        lines[UNITS_FILE_NAME] = _line(below, held_text(report, "unit"))
    return {**lines, CHECKED_FILE_NAME: _line(below, code)}


def held_text(report: Report, field: str) -> str:
    """The value of a report's field as `corrections.csv` would have it; empty if it is unknown or not a correctable field."""
    match getattr(report, field, None) if field in CORRECTED else None:
        case None:
            return ""
        case Region(code=code):
            return code
        case Unit(id=id, name=name):
            return id if unit_of_id(id) else name
        case held:
            return str(held)


def _line(*cells: str) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()
