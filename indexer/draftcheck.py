"""The `draftcheck` command: what somebody should look at in a draft before it is published. Nothing is stored."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Collection
from pathlib import Path

from indexer.backends import check_location, open_index
from indexer.commented import commented
from indexer.drafts import KINDS, Background, Finding, check
from indexer.errors import BadPath, IndexerError, IndexMissing, NotFound
from indexer.logs import write_chinese
from indexer.model import Report, report_and_anchor
from indexer.settings import index_location
from indexer.texts import CHINESE, ENGLISH, speaking
from indexer.texts import gettext as _
from indexer.units import unit_of_id
from indexer.workers import parse_file

NOTHING, UNEXPECTED, USAGE, FOUND, BAD_PATH = 0, 1, 2, 3, 5


class _NoUnit(Exception):
    """No unit has this id."""


def main(argv: list[str] | None = None) -> int:
    """Run `draftcheck`; returns its exit code."""
    with speaking(ENGLISH):
        options = parser().parse_args(argv)
        try:
            if not Path(options.file).is_file():
                raise BadPath(_("%(path)s: no such file", path=options.file))
            if options.docx and Path(options.docx).exists() and Path(options.docx).samefile(options.file):
                raise BadPath(_("%(path)s: this is the draft itself", path=options.docx))
            report = parse_file(options.file)
            background, findings = _checked(report, options.index, options.unit, options.year, options.without)
        except _NoUnit:
            return _fail(_("there is no unit %(id)s", id=options.unit), USAGE)
        except BadPath as error:
            return _fail(str(error), BAD_PATH)
        except (IndexerError, OSError) as error:
            return _fail(str(error), UNEXPECTED)
    # Authors of reports read Chinese.
    with speaking(CHINESE):
        if options.docx:
            original = Path(options.file).read_bytes() if Path(options.file).suffix.lower() == ".docx" else None
            try:
                Path(options.docx).write_bytes(commented(report, findings, original))
            except OSError as error:
                return _fail(str(error), BAD_PATH)
        if options.json:
            print(json.dumps(background.as_json(options.file, findings), ensure_ascii=False, indent=2))
        else:
            _print(report, findings)
    return FOUND if findings else NOTHING


def draftcheck_command() -> None:
    """The console script."""
    write_chinese()
    sys.exit(main())


def _checked(
    report: Report, index: str | None, unit: str | None, year: int | None, without: Collection[str]
) -> tuple[Background, list[Finding]]:
    """What is known besides the draft, and the findings; without an index, only what the draft itself says."""
    location = index_location(index or None)
    check_location(location)
    try:
        with open_index(location) as opened:
            try:
                background = opened.background(report, unit, year)
            except NotFound as error:
                raise _NoUnit from error
            return background, check(report, background, without)
    except IndexMissing as error:
        if index is not None:
            raise BadPath(str(error)) from error
    known = unit_of_id(unit) if unit else None
    if unit and known is None:
        raise _NoUnit
    background = Background.of(report, known, year)
    return background, check(report, background, without)


def _print(report: Report, findings: list[Finding]) -> None:
    texts = {passage.anchor: passage.text for passage in report.passages}
    for number, one in enumerate(findings, 1):
        print(f"{number}. {one.text}")
        print(f"   {one.advice}")
        text = texts[report_and_anchor(one.passage)[1]]
        start, end = max(0, one.start - 20), min(len(text), one.end + 20)
        print(f"   {'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}")


def _fail(reason: str, code: int) -> int:
    print(f"draftcheck: {reason}", file=sys.stderr)
    return code


def _year(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1900 <= int(text) <= 2999):
        raise argparse.ArgumentTypeError(_("%(value)s: expected a year like 2023", value=repr(text)))
    return int(text)


def parser() -> argparse.ArgumentParser:
    """The flags of `draftcheck`."""
    made = argparse.ArgumentParser(
        prog="draftcheck",
        allow_abbrev=False,
        description=_(
            "List what should be checked in a draft before it is published. Nothing is stored; a finding is a hint, not a verdict."
        ),
        epilog=_("Exit codes: 0 nothing found, 3 something found, 1 unexpected error or unreadable draft, 2 usage error, 5 bad path."),
    )
    made.add_argument("file", metavar="FILE", help=_("the draft, in any format that reindex reads"))
    made.add_argument(
        "--index", metavar="URL", help=_("index to compare the draft with (default: $FAZHI_INDEX or var/index, if there is an index)")
    )
    made.add_argument("--unit", metavar="ID", help=_("id of the unit that issues the report (default: the unit named in the draft)"))
    made.add_argument("--year", metavar="Y", type=_year, help=_("year the report is about (default: the year stated in the draft)"))
    made.add_argument(
        "--without", metavar="CODE", action="append", default=[], choices=list(KINDS), help=_("leave out findings with this code")
    )
    made.add_argument(
        "--docx",
        metavar="OUT",
        help=_("write the draft to this file as .docx with the findings as comments; a .docx draft is otherwise left unchanged"),
    )
    made.add_argument("--json", action="store_true", help=_("print one JSON object instead of text"))
    return made
