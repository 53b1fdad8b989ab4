"""The `collect` command line: turns arguments into one call, its outcomes into text or JSON, and errors into exit codes."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from tqdm import tqdm

from indexer.collect.collecting import Collector, Outcome, State
from indexer.collect.fetching import Fetcher, Manners
from indexer.collect.records import read_wanted
from indexer.errors import BadPath, IndexerError
from indexer.filing import ASIDE
from indexer.logs import add_log_format, configure_logging, printable, write_chinese
from indexer.settings import DEFAULT_CORPUS, corpus_location
from indexer.texts import ENGLISH, speaking
from indexer.texts import gettext as _

log = logging.getLogger(__name__)

DONE, UNEXPECTED, REFUSED, BUSY, BAD_PATH, INTERRUPTED = 0, 1, 3, 4, 5, 130
LEAST_PAUSE, DEFAULT_PAUSE = 0.5, 2
"""Seconds."""


def collect_command() -> None:
    """The console script."""
    write_chinese()
    sys.exit(main())


def main(argv: list[str] | None = None) -> int:
    """Run `collect`; returns its exit code."""
    with speaking(ENGLISH):
        options = parser().parse_args(argv)
        configure_logging(options.log_format, logging.WARNING, "%(message)s")
        # Single failed attempts to connect are not worth a log line.
        logging.getLogger("urllib3").setLevel(logging.ERROR)
        try:
            return _collect(options)
        except KeyboardInterrupt:
            log.error("collect: %s", _("interrupted; files already fetched are kept"))
            return INTERRUPTED
        except BadPath as error:
            return _fail(error, BAD_PATH)
        except Timeout:
            log.error("collect: %s", _("another collect is running in this folder; wait for it to finish, then try again"))
            return BUSY
        except (IndexerError, OSError) as error:
            return _fail(error, UNEXPECTED)
        except Exception:  # the last resort: whatever happened, the exit code must say so
            log.exception("collect: unexpected error")
            return UNEXPECTED


def parser() -> argparse.ArgumentParser:
    """The flags of `collect`."""
    made = argparse.ArgumentParser(
        prog="collect",
        allow_abbrev=False,
        description=_("Fetch pages and their attachments, unmodified, into the reports folder; run reindex afterwards."),
        epilog=_(
            "Exit codes: 0 done, 1 unexpected error, 2 usage error, 3 done but some addresses were refused, 4 another collect is "
            "running, 5 bad path, 130 interrupted."
        ),
    )
    made.add_argument("list", metavar="URLS.CSV", help=_("CSV table of addresses, with a column url and optionally unit, year and title"))
    made.add_argument(
        "--into", metavar="FOLDER", help=_("folder of the reports (default: $FAZHI_CORPUS or %(default)s/)", default=DEFAULT_CORPUS)
    )
    made.add_argument(
        "--pause",
        type=_pause,
        default=DEFAULT_PAUSE,
        metavar="SECONDS",
        help=_(
            "time between two requests to the same host; longer if its robots.txt says so (default: %(seconds)s)", seconds=DEFAULT_PAUSE
        ),
    )
    made.add_argument(
        "--contact", default="", metavar="TEXT", help=_("contact address to send with each request, for the operators of the servers")
    )
    made.add_argument("--no-attachments", action="store_true", help=_("fetch only the pages"))
    made.add_argument("--allow-private", action="store_true", help=_("also fetch from this machine and from private networks"))
    made.add_argument("--json", action="store_true", help=_("print one JSON object instead of text"))
    made.add_argument("-q", "--quiet", action="store_true", help=_("print neither progress nor a summary"))
    add_log_format(made)
    return made


def _pause(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not LEAST_PAUSE <= seconds <= 3600:
        raise argparse.ArgumentTypeError(
            _("%(value)s: expected a number of seconds, %(least)s or more", value=repr(text), least=str(LEAST_PAUSE))
        )
    return seconds


def _collect(options: argparse.Namespace) -> int:
    corpus = Path(corpus_location(options.into)).absolute()
    if not corpus.is_dir():
        raise BadPath(_("%(path)s: no such folder; create it, or choose another with --into", path=str(corpus)))
    if any(ord(char) < 0x20 or ord(char) > 0x7E for char in options.contact):
        raise BadPath(_("--contact: expected printable ASCII, such as a mail address"))
    wanted = read_wanted(Path(options.list))
    (corpus / ASIDE).mkdir(mode=0o700, exist_ok=True)
    outcomes: list[Outcome] = []
    with FileLock(corpus / ASIDE / "COLLECTS", timeout=0):
        manners = Manners(options.pause, options.contact, options.allow_private)
        collector = Collector(corpus, Fetcher(manners), attachments=not options.no_attachments)
        # disable=None: a bar only on a terminal.
        with tqdm(total=len(wanted), unit=_(" addresses"), desc=_("fetching"), disable=True if options.quiet else None) as bar:
            for outcome in collector.collect(wanted):
                outcomes.append(outcome)
                if outcome.state is State.REFUSED:
                    log.warning(_("refused: %(reason)s", reason=printable(outcome.reason or "")), extra={"url": outcome.url})
                elif outcome.reason:
                    log.warning(_("no report in %(path)s: %(reason)s", path=printable(outcome.path or ""), reason=outcome.reason))
                if outcome.page is None:
                    bar.update()
    counts = Counter(outcome.state for outcome in outcomes)
    if options.json:
        _print_json(outcomes, counts)
    elif not options.quiet:
        _print_text(outcomes, counts)
    return REFUSED if counts[State.REFUSED] else DONE


def _print_json(outcomes: Sequence[Outcome], counts: Counter[State]) -> None:
    listed = [{name: value for name, value in asdict(outcome).items() if value not in (None, False)} for outcome in outcomes]
    summary: dict[str, Any] = {**{state.value: counts[state] for state in State}, "addresses": listed}
    print(json.dumps(summary, ensure_ascii=sys.stdout.encoding.lower().replace("-", "") != "utf8"))


def _print_text(outcomes: Sequence[Outcome], counts: Counter[State]) -> None:
    for outcome in outcomes:
        if outcome.state in (State.NEW, State.CHANGED):
            title = outcome.title or _("no report in it")
            print(printable(f"{outcome.state.value}: {outcome.path} ({title})"))
    print(
        _(
            "%(new)s new, %(changed)s changed, %(unchanged)s unchanged, %(refused)s refused",
            **{state.value: counts[state] for state in State},
        )
    )
    if counts[State.NEW] or counts[State.CHANGED]:
        print(_("run reindex to make them searchable"))


def _fail(error: Exception, code: int) -> int:
    log.error("collect: %s", error)
    return code
