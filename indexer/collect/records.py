"""Reads the list of URLs to fetch, and reads and writes the table of fetched files, `collected.csv` in the folder of reports."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from indexer.collect.targets import Refused, Target
from indexer.corrections import COLLECTED_FILE_NAME, check_value
from indexer.errors import BadPath
from indexer.filing import replace_with
from indexer.loaders.encoding import decode

COLUMNS = ("url", "unit", "year", "title")
MOST_LINES = 100_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line of the list."""

    url: str
    unit: str = ""
    """The unit's id or full name; "" to use the report's own."""
    year: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Collected:
    """A file fetched from a URL."""

    url: str
    """As in the list or on the page."""
    path: str
    """Relative to the folder, with "/"."""
    received: str
    """When its content was received, in UTC: 2026-11-26T08:00:00Z."""
    sha256: str
    address: str = ""
    """The final URL, after redirects."""
    page: str = ""
    """The URL of its page if it is an attachment."""
    etag: str = ""
    last_modified: str = ""


def read_wanted(path: Path) -> list[Wanted]:
    """The distinct URLs of a list: CSV in UTF-8 or as Excel and WPS save it, with the column url and any of unit, year, title.

    Raises:
        BadPath: The list cannot be read, or a line is wrong; names the line, the error and what was expected.
    """
    found: dict[str, Wanted] = {}
    number = 1
    try:
        rows = _rows(path)
        head = [cell.strip().lower() for cell in rows[0][1]] if rows else []
        if "url" not in head or not set(head) <= set(COLUMNS) or len(set(head)) != len(head):
            raise ValueError(f"expected the header url, and any of {', '.join(COLUMNS[1:])}")
        for number, row in rows[1:]:  # noqa: B007 - named where a line is wrong
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            if len(cells) != len(head):
                raise ValueError(f"{len(cells)} columns; expected {', '.join(head)}")
            wanted = Wanted(**dict(zip(head, cells, strict=True)))
            _check(wanted)
            if found.setdefault(wanted.url, wanted) != wanted:
                raise ValueError(f"{wanted.url} stands in the list already, with other values")
        if len(found) > MOST_LINES:
            raise ValueError(f"{len(found):,} addresses; at most {MOST_LINES:,}")
    except (OSError, ValueError, csv.Error, Refused) as error:
        raise BadPath(f"{path}, line {number}: {error}") from error
    return list(found.values())


def _check(wanted: Wanted) -> None:
    Target.of(wanted.url)
    for name in COLUMNS[1:]:
        if value := getattr(wanted, name):
            try:
                check_value(name, value)
            except ValueError as error:
                raise ValueError(f"{name} {value!r}: {error}") from error
    if wanted.year and not re.fullmatch("(?:19|20)[0-9]{2}", wanted.year):
        raise ValueError(f"year {wanted.year!r}; expected one like 2022")


def read_collected(corpus: Path) -> dict[str, Collected]:
    """The files fetched earlier, by URL.

    Raises:
        BadPath: The table cannot be read.
    """
    path = corpus / COLLECTED_FILE_NAME
    if not path.exists():
        return {}
    names = [field.name for field in fields(Collected)]
    number = 1
    try:
        rows = _rows(path)
        if not rows or rows[0][1] != names:
            raise ValueError(f"expected the header {','.join(names)}")
        found = {}
        for number, row in rows[1:]:  # noqa: B007 - named where a line is wrong
            if any(row):
                one = Collected(*row) if len(row) == len(names) else None
                if one is None:
                    raise ValueError(f"{len(row)} columns; expected {len(names)}")
                found[one.url] = one
    except (OSError, ValueError, csv.Error) as error:
        raise BadPath(f"{path}, line {number}: {error}; fix it, or delete it to fetch everything again") from error
    return found


def write_collected(corpus: Path, collected: dict[str, Collected]) -> None:
    """Replace the table atomically.

    Raises:
        OSError: It cannot be written.
    """
    out = io.StringIO()
    table = csv.DictWriter(out, [field.name for field in fields(Collected)], lineterminator="\n")
    table.writeheader()
    table.writerows(asdict(one) for one in collected.values())
    replace_with(out.getvalue().encode(), corpus / COLLECTED_FILE_NAME)


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    """Each row with its line number, from 1."""
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = decode(content)[0]
    # Not `splitlines`, which also splits at characters such as U+0085 that occur in values from servers.
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    return [(reader.line_num, row) for row in reader]
