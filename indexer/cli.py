"""The `reindex` command: turns arguments into one library call, its summary into text or JSON, its errors into exit codes."""

from __future__ import annotations

import argparse
import json
import logging
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tqdm import tqdm

from indexer.backends import check_location, damaged_files, open_index
from indexer.doctor import examine, is_well, print_checks
from indexer.errors import BadPath, IndexBusy, IndexerError
from indexer.fields import as_json, of_reports
from indexer.lastrun import LastRun, note_run
from indexer.logs import add_log_format, configure_logging, printable, write_chinese
from indexer.model import Report
from indexer.reindex import Options, Outcome, ReadReport, Summary, reindex
from indexer.remarks import KINDS
from indexer.request import SearchRequest
from indexer.settings import DEFAULT_CORPUS, DEFAULT_INDEX, corpus_location, index_location
from indexer.texts import ENGLISH, N_, speaking
from indexer.texts import gettext as _
from indexer.texts.names import name_of

log = logging.getLogger(__name__)

DONE, UNEXPECTED, USAGE, REJECTED, BUSY, BAD_PATH, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130
WATCH_STEP = 200
"""Milliseconds between two checks for changes."""
RETRY_AFTER = 10
"""Seconds after which a run that failed while watching is tried again."""


def main(argv: list[str] | None = None) -> int:
    """Run `reindex`; returns its exit code."""
    with speaking(ENGLISH):
        return _run(argv)


def _run(argv: list[str] | None) -> int:
    options = parser().parse_args(argv)
    informed = options.verbose or options.log_format == "json"
    configure_logging(options.log_format, logging.INFO if informed else logging.WARNING, "%(message)s")
    index = index_location(options.index)
    code = _guarded(options, index)
    if code in (UNEXPECTED, BAD_PATH, INTERRUPTED) and not (options.doctor or options.verify or options.dry_run):
        note_run(index, LastRun.now(code))
    return code


def _guarded(options: argparse.Namespace, index: str) -> int:
    """Run what the options ask for; every exception becomes an exit code."""
    try:
        if "" in (index, *options.paths):
            raise BadPath(_("an empty path; expected a folder or a file (is a variable unset?)"))
        check_location(index)
        if options.doctor:
            return _doctor(options, index)
        if options.verify:
            return _verify(index, options.json)
        return _watch(options, index) if options.watch else _reindex(options, index)
    except KeyboardInterrupt:
        log.error("reindex: %s", _("interrupted; the old index is still live"))
        return INTERRUPTED
    except IndexBusy as error:
        return _fail(error, BUSY)
    except BadPath as error:
        return _fail(error, BAD_PATH)
    except IndexerError as error:
        return _fail(error, UNEXPECTED)
    except OSError as error:
        return _fail(error, BAD_PATH if isinstance(error, PermissionError | NotADirectoryError | FileExistsError) else UNEXPECTED)
    except Exception:  # the last resort: the exit code must report any failure
        log.exception("reindex: unexpected error")
        return UNEXPECTED


def reindex_command() -> None:
    """The console script."""
    write_chinese()
    sys.exit(main())


def parser() -> argparse.ArgumentParser:
    """The flags of `reindex`."""
    made = argparse.ArgumentParser(
        prog="reindex",
        allow_abbrev=False,
        description=_("Read annual reports and update the search index. Searches use the old index until the new one is complete."),
        epilog=_(
            "Exit codes: 0 done, 1 unexpected error, 2 usage error, 3 done but some files were rejected, 4 another reindex is "
            "writing, 5 bad path, 130 interrupted."
        ),
    )
    made.add_argument(
        "paths", nargs="*", metavar="PATH", help=_("folders or files (default: $FAZHI_CORPUS or %(default)s/)", default=DEFAULT_CORPUS)
    )
    made.add_argument(
        "--index", metavar="FOLDER", help=_("location of the index (default: $FAZHI_INDEX or %(default)s)", default=DEFAULT_INDEX)
    )
    made.add_argument("--full", action="store_true", help=_("read every file again, even if it has not changed"))
    made.add_argument("--verify", action="store_true", help=_("verify all checksums of the index and do nothing else"))
    made.add_argument(
        "--doctor", action="store_true", help=_("check disk, memory, permissions and versions, and say how to fix what is wrong")
    )
    made.add_argument("--dry-run", action="store_true", help=_("show what would be done without writing anything"))
    made.add_argument("--json", action="store_true", help=_("print one JSON object instead of text"))
    made.add_argument("--strict", action="store_true", help=_("keep the old index live if any file is rejected"))
    made.add_argument("--no-prune", action="store_true", help=_("keep reports whose file is gone"))
    made.add_argument("--jobs", type=_positive, metavar="N", help=_("number of files to read in parallel (default: one per core)"))
    made.add_argument("--watch", action="store_true", help=_("keep running and reindex whenever a file changes; stop with Ctrl-C"))
    made.add_argument("-q", "--quiet", action="store_true", help=_("print neither progress nor a summary"))
    made.add_argument("-v", "--verbose", action="store_true", help=_("also list ignored files and what was recognised in each report"))
    add_log_format(made)
    return made


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) > 0):
        raise argparse.ArgumentTypeError(_("%(value)s: expected a number, 1 or more", value=repr(text)))
    return int(text)


def _paths(options: argparse.Namespace) -> list[Path]:
    return [Path(path) for path in options.paths or [corpus_location()]]


def _watch(options: argparse.Namespace, index: str) -> int:
    """Run now and after every change, until interrupted; from the second run on, errors are logged and the run is tried again."""
    # Imported here because only --watch needs it.
    from watchfiles import watch

    if not all(path.exists() for path in _paths(options)):
        return _reindex(options, index)  # this reports what is missing
    changes = watch(*_paths(options), raise_interrupt=True, yield_on_timeout=True, rust_timeout=WATCH_STEP)
    next(changes)  # from here on changes are noticed, also those during the first run
    code = _reindex(options, index)
    failed: float | None = None
    for changed in changes:
        if changed or (failed is not None and time.monotonic() - failed > RETRY_AFTER):
            try:
                code, failed = _reindex(options, index), None
            except (IndexerError, OSError) as error:
                log.error("reindex: %s", _("%(error)s; trying again in %(seconds)s s", error=str(error), seconds=RETRY_AFTER))
                failed = time.monotonic()
                note_run(index, LastRun.now(UNEXPECTED))
    return code


def _reindex(options: argparse.Namespace, index: str) -> int:
    paths = _paths(options)
    bars: list[Any] = []

    def progress(outcomes: Iterable[Outcome], total: int) -> Iterable[Outcome]:
        # disable=None: show a bar only on a terminal.
        bars.append(tqdm(outcomes, total=total, unit=_(" files"), desc=_("reading"), disable=True if options.quiet else None))
        return bars[-1]  # type: ignore[no-any-return]

    def on_page(path: Path, read: int, pages: int) -> None:
        for bar in bars[-1:]:
            bar.set_postfix_str(_("%(file)s: page %(read)s of %(pages)s", file=printable(path.name), read=read, pages=pages))

    wanted = Options(
        full=options.full,
        prune=not options.no_prune,
        strict=options.strict,
        dry_run=options.dry_run,
        jobs=options.jobs,
        on_page=on_page,
    )

    summary = reindex(paths, index, wanted, progress)
    for key, reason in summary.rejected:
        log.warning(_("rejected: %(file)s: %(reason)s", file=printable(key), reason=reason), extra={"path": key, "reason": reason})
    for warning in summary.warnings:
        log.warning(_("warning: %(text)s", text=printable(warning)))
    if options.log_format == "json":
        log.info("reindexed", extra={**_counts(summary), "generation": summary.generation, "seconds": round(summary.seconds, 3)})
    if options.json:
        _print_json(_as_json(summary))
    elif not options.quiet:
        _print_summary(summary, options.verbose, list(_still_in_doubt(summary, index)) if options.verbose else [])
    code = REJECTED if summary.rejected else DONE
    if not options.dry_run:
        note_run(index, LastRun.now(code, summary.seconds, len(summary.rejected)))
    return code


def _still_in_doubt(summary: Summary, index: str) -> Iterator[Report]:
    """The reports of unchanged files that somebody should look at; no other reports are read."""
    if summary.unchanged:
        look = [code for code, kind in KINDS.items() if kind.look]
        with open_index(index) as opened:
            yield from (report for report in opened.reports(SearchRequest.of(remarks=look)) if report.path in summary.unchanged)


def _print_summary(summary: Summary, verbose: bool, in_doubt: list[Report]) -> None:
    for report in in_doubt:
        print(_("%(file)s: unchanged", file=printable(str(report.path))))
        for remark in report.remarks:
            if remark.look:
                print("  " + _("to be checked: %(remark)s", remark=printable(remark.shown)))
    for read in (*summary.added, *summary.changed) if verbose else ():
        report = read.report
        year, issuer = report.year or _("year unknown"), report.issuer or _("issuer unknown")
        print(printable(f"{report.path}: {report.title} ({year}, {issuer})"))
        for remark in report.remarks:
            print("  " + (_("to be checked: %(remark)s", remark=remark.shown) if remark.look else remark.shown))
        for piece in report.left_out:
            print(printable("  " + _("omitted (%(reason)s): %(text)s", reason=piece.reason, text=piece.text)))
        if report.corrected:
            print("  " + _("corrected: %(fields)s", fields=report.corrected))
    for name in summary.ignored if verbose else ():
        print(_("ignored: %(file)s", file=printable(name)))
    counts = _counts(summary)
    done = _("%(added)s added, %(changed)s changed, %(removed)s removed, %(unchanged)s unchanged", **counts)
    print(_("%(done)s, %(ignored)s ignored, %(rejected)s rejected", done=done, **counts))
    _print_understood([read.report for read in (*summary.added, *summary.changed)])
    print(_("generation %(name)s, %(seconds)s s", name=str(summary.generation), seconds=str(round(summary.seconds, 1))))


def _counts(summary: Summary) -> dict[str, int]:
    return {
        "added": len(summary.added),
        "changed": len(summary.changed),
        "removed": len(summary.removed),
        "unchanged": len(summary.unchanged),
        "ignored": len(summary.ignored),
        "rejected": len(summary.rejected),
    }


def _print_understood(reports: list[Report]) -> None:
    """Print what was read in this run and what a person should look at; `-v` names the reports."""
    if not reports:
        return
    types = Counter(report.type.value for report in reports)
    years = [report.year for report in reports if report.year is not None]
    found = [
        _("%(count)s %(name)s", count=count, name=name_of("type" if count == 1 else "types", type)) for type, count in types.most_common()
    ]
    if years:
        first, last = min(years), max(years)
        found.append(_("of %(year)s", year=first) if first == last else _("of %(first)s to %(last)s", first=first, last=last))
    print(_("recognised: %(found)s", found=found))
    subjects = Counter(about for report in reports for about in {remark.about for remark in report.remarks if remark.look})
    doubts = [
        (N_("%(count)s without a year"), sum(report.year is None for report in reports)),
        (N_("%(count)s without an issuer"), sum(report.issuer is None for report in reports)),
        (N_("%(count)s of no known place"), sum(report.region is None for report in reports)),
        (N_("%(count)s of half a year or of several"), sum(report.period is not None for report in reports)),
        (N_("%(count)s corrected"), sum(bool(report.corrected) for report in reports)),
    ]
    doubtful = [_(message, count=count) for message, count in doubts if count]
    doubtful += [
        _("%(count)s with a doubtful %(field)s", count=subjects[about], field=name_of("field", about)) for about in sorted(subjects)
    ]
    if doubtful:
        print(_("to be checked: %(found)s (-v lists them)", found=doubtful))


def _as_json(summary: Summary) -> dict[str, Any]:
    return {
        "generation": summary.generation,
        **_counts(summary),
        "rejected": [{"path": key, "reason": reason} for key, reason in summary.rejected],
        "seconds": round(summary.seconds, 3),
        "reports": [_report_as_json(read) for read in (*summary.added, *summary.changed)],
        "warnings": summary.warnings,
    }


def _report_as_json(read: ReadReport) -> dict[str, Any]:
    report = read.report
    return {
        **{field.name: as_json(getattr(report, field.name)) for field in of_reports()},
        "sections": [{"level": s.level, "number": s.number, "heading": s.heading} for s in report.sections],
        "paragraphs": read.paragraphs,
        "items": read.items,
        "statistics": read.statistics,
        "instruments": read.instruments,
        "warnings": list(report.warnings),
    }


def _print_json(value: object) -> None:
    # ASCII if stdout is not UTF-8: programs that read JSON expect nothing else.
    print(json.dumps(value, ensure_ascii=sys.stdout.encoding.lower().replace("-", "") != "utf8"))


def _doctor(options: argparse.Namespace, index: str) -> int:
    checks = examine(index, _paths(options))
    if options.json:
        _print_json({"checks": [asdict(check) for check in checks]})
    else:
        print_checks(checks)
    return DONE if is_well(checks) else BAD_PATH


def _verify(index: str, as_json: bool) -> int:
    generation, damaged = damaged_files(index)
    if as_json:
        _print_json({"generation": generation, "damaged": damaged})
    else:
        name = str(generation)
        print(
            _("generation %(name)s: damaged: %(files)s", name=name, files=damaged)
            if damaged
            else _("generation %(name)s: whole", name=name)
        )
    return UNEXPECTED if damaged else DONE


def _fail(error: Exception, code: int) -> int:
    log.error("reindex: %s", error)
    return code
