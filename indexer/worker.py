"""A process that reads files one after another: what a hostile file can take is its worker's time, memory and life, never ours.

`python -m indexer.worker` takes a path a line (JSON) and answers with a line of JSON: the report's record and its
passages, or the reason why the file is rejected. It is started by `reading`, and has nothing to do with the
caller's `__main__`.
"""

from __future__ import annotations

import json
import signal
import sys
from contextlib import suppress
from pathlib import Path

from indexer.errors import RejectedFile
from indexer.loaders import load
from indexer.parsing import parse_report
from indexer.records import passage_record, report_record

MAX_MEMORY = 1 << 30
"""Bytes of address space beyond what the process has when it starts."""
MAX_ANSWER = 64 << 20
"""Bytes of an answer."""


def answer(path: Path) -> str:
    """The line that answers for a file."""
    try:
        report = parse_report(load(path), path.name)
        line = json.dumps({"report": report_record(report), "passages": [passage_record(passage) for passage in report.passages]})
    except RejectedFile as error:
        return json.dumps({"rejected": error.reason})
    except (MemoryError, RecursionError) as error:
        return json.dumps({"rejected": f"reading it takes too much memory ({type(error).__name__}); it is no ordinary report"})
    if len(line) > MAX_ANSWER:
        return json.dumps({"rejected": f"more than {MAX_ANSWER:,} bytes of text; it is no ordinary report"})
    return line


def _limit_memory() -> None:
    """Where the system can limit a process's memory, let it."""
    try:
        import resource
    except ImportError:  # Windows has no such limit; time still ends a worker there
        return
    with suppress(ValueError, OSError):
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + MAX_MEMORY, used + MAX_MEMORY))


def main() -> None:
    """Answer until the caller closes the line."""
    # Ctrl-C reaches the whole group; the caller decides when a worker ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory()
    for line in sys.stdin:
        print(answer(Path(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
