"""The process in which files are read, started by `files`.

Its argument is the limits. Requests and replies are JSON:

{"path": …}: {"report": …}, or {"scan": [{"page": …, …}], "digest": …} if OCR has to read these pages first
{"path": …, "digest": …, "page": number}: {"page": …}, what OCR read on it
{"path": …, "digest": …, "scanned": {number: page}}: {"report": …}
the first and the last with "pages" if the report's pages are several files
{"prepare": true}: {}, once everything that reading most reports needs is imported, compiled and loaded
any of them: {"rejected": "why", "passing": …}, with "traceback" if the fault is ours
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from indexer.errors import RejectedFile
from indexer.loaders import (
    Document,
    Limits,
    Line,
    NotYetRead,
    PageFiles,
    ScannedPage,
    fixed_beside,
    loader_of,
    name_of,
    read_document,
    read_scanned_page,
)
from indexer.model import Report
from indexer.parsing import parse_report, with_text
from indexer.pool import serve
from indexer.records import whole_record
from indexer.workers.files import OUT_OF_MEMORY

_PACKAGE = str(Path(__file__).parents[1])
_SAMPLE = (
    "阜新市彰武县2022年法治政府建设情况报告",
    "2022年，彰武县人民政府贯彻《法治政府建设实施纲要（2021—2025年）》，现将有关情况报告如下：",
    "一、主要举措和成效",
    "一是全年受理行政复议案件12件，办结10件，办结率83.3%，同比增长5%。",
)
"""What all reports need to be read: places, what may be counted, names of rules, contents."""


def main(limits: Limits) -> None:
    """Answer requests until the parent closes the pipe."""
    # What libraries print about damaged files is of no use.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    _limit_memory(limits.memory)
    serve(lambda request: json.dumps(_answer(json.loads(request), limits)).encode("ascii"), limits.seconds)


def _answer(request: dict[str, Any], limits: Limits) -> dict[str, Any]:
    if "prepare" in request:
        loader_of(".docx")
        parse_report(Document([Line(text) for text in _SAMPLE], "txt"), "report.txt")
        return {}
    path, digest = Path(request["path"]), request.get("digest", "")
    try:
        if "page" in request:
            return {"page": msgspec.to_builtins(read_scanned_page(path, request["page"], limits, digest))}
        scanned = msgspec.convert(request.get("scanned", {}), dict[int, ScannedPage], str_keys=True, strict=False)
        pages = msgspec.convert(request.get("pages"), PageFiles | None)
        return {"report": whole_record(_report(path, limits, scanned, digest, pages))}
    except NotYetRead as scan:
        return {"scan": msgspec.to_builtins(scan.pictures), "digest": scan.digest}
    except RejectedFile as error:
        return {"rejected": error.reason, "passing": error.passing}
    except MemoryError:
        # The memory left would not do for another file, perhaps not even for a reply.
        os._exit(OUT_OF_MEMORY)
    except RecursionError:
        return {"rejected": "it is nested too deep; no report is", "passing": False}
    except Exception as error:  # parsers of other people's formats raise anything at all on damaged files
        if type(error).__name__ == "SelectolaxError":
            # Lexbor parses any text as HTML; it fails only without memory.
            os._exit(OUT_OF_MEMORY)
        what = f"{type(error).__name__}: {str(error)[:120]}"
        if traceback.extract_tb(error.__traceback__)[-1].filename.startswith(_PACKAGE):
            reason = f"internal error while it was read ({what}); please report it"
            return {"rejected": reason, "passing": True, "traceback": traceback.format_exc()}
        return {"rejected": f"it is damaged ({what}); open it in its program and save it anew", "passing": False}


def _report(path: Path, limits: Limits, scanned: Mapping[int, ScannedPage], digest: str, pages: PageFiles | None) -> Report:
    """The report of a file; if there is a corrected text beside it, the report of that text, whether or not the file can be read."""
    fixed = fixed_beside(path)
    name = name_of(pages, path.parent.name) if pages else path.name
    if fixed is None:
        return parse_report(read_document(path, limits, scanned, digest, pages), name)
    text = parse_report(read_document(fixed, limits), name)
    try:
        read = parse_report(read_document(path, limits), name)
    except (RejectedFile, NotYetRead, ValueError):  # OCR is not worth it for the little that the text does not say
        read = None
    return with_text(read, text, fixed.name)


def _limit_memory(size: int) -> None:
    if sys.platform == "win32":  # no resource limits there; those on time and output still hold
        return
    import resource

    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (size if hard == resource.RLIM_INFINITY else min(size, hard), hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


if __name__ == "__main__":
    main(Limits(**json.loads(sys.argv[1])))
