"""The process in which files are read: `python -m indexer.workers.worker`, started and watched over by `processes`.

It says `READY`, and takes its limits as an argument and a JSON string per line on stdin, each a path; for each it writes the length of the
reply (eight bytes, big-endian) and the reply, JSON again: {"report": …} or {"rejected": "why"}.
"""

from __future__ import annotations

import faulthandler
import json
import os
import sys
from pathlib import Path
from typing import Any, BinaryIO

from indexer.errors import RejectedFile
from indexer.loaders import Limits, read_document
from indexer.parsing import parse_report
from indexer.records import whole_record
from indexer.workers.processes import READY


def main(limits: Limits) -> None:
    """Answer until stdin ends."""
    with _private_stdout() as out:
        _limit_memory(limits.memory)
        out.write(READY)
        out.flush()
        for line in sys.stdin:
            # Should whoever started this be gone, the process still ends itself.
            faulthandler.dump_traceback_later(2 * limits.seconds, exit=True)
            reply, is_well = _answer(Path(json.loads(line)), limits)
            faulthandler.cancel_dump_traceback_later()
            content = json.dumps(reply).encode("ascii")
            out.write(len(content).to_bytes(8, "big") + content)
            out.flush()
            if not is_well:
                return


def _answer(path: Path, limits: Limits) -> tuple[dict[str, Any], bool]:
    """The reply for a file, and whether the process is fit to read another one."""
    try:
        return {"report": whole_record(parse_report(read_document(path, limits), path.name))}, True
    except RejectedFile as error:
        return {"rejected": error.reason}, True
    except MemoryError:
        return {"rejected": f"it takes more than {limits.memory // 1_000_000:,} MB of memory to read; no report does"}, False
    except RecursionError:
        return {"rejected": "it is nested too deep; no report is"}, True
    except Exception as error:  # parsers of other people's formats raise anything at all on damaged files
        return {"rejected": f"it is damaged ({type(error).__name__}: {str(error)[:120]}); open it in its program and save it anew"}, True


def _private_stdout() -> BinaryIO:
    """The pipe to whoever started this; what libraries print goes to stderr instead."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return out


def _limit_memory(size: int) -> None:
    if sys.platform == "win32":  # it has no resource limits; those on time and output still hold
        return
    import resource

    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (size if hard == resource.RLIM_INFINITY else min(size, hard), hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


if __name__ == "__main__":
    main(Limits(**json.loads(sys.argv[1])))
