"""The share of figures and named rules in the time of reading files: `python -m benchmarks.facts [FILES…] [--rounds N] [--warm]`.

Without files, the corpus and 60 generated reports as .txt and .html are read. Each is read as by `reindex`, in this process, and the
time spent on facts is summed. Caches of clauses are cleared before each file, unless `--warm` is given.
"""

from __future__ import annotations

import argparse
import gc
import tempfile
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from time import process_time
from typing import Any

from benchmarks.made import made_reports
from indexer.facts import indicators, instruments, labels
from indexer.loaders import Limits, read_document
from indexer.model import layout
from indexer.parsing import report as parsing

_REPORTS = 60


class Clock:
    """Sums the processor seconds of functions, including everything they call."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.figures = 0

    def around(self, module: Any, name: str) -> None:
        """Replace a module's function by one that is timed."""
        function: Callable[..., Any] = getattr(module, name)

        def timed(*args: Any) -> Any:
            start = process_time()
            found = function(*args)
            if isinstance(found, Iterator):
                found = list(found)
            self.seconds += process_time() - start
            self.figures += len(found) if name == "find_statistics" else 0
            return found

        setattr(module, name, timed)


def forget() -> None:
    """Clear the caches of clauses, labels and names."""
    for module in (indicators, instruments, labels):
        for function in vars(module).values():
            if hasattr(function, "cache_parameters") and function.cache_parameters()["maxsize"]:
                function.cache_clear()


def _read(path: Path) -> None:
    parsing.parse_report(read_document(path, Limits()), path.name)


def written(folder: Path) -> list[Path]:
    """Write the generated reports as files."""
    files = []
    for number, report in enumerate(made_reports(_REPORTS)):
        lines = [report.title, *(passage.text for passage in report.passages[1:])]
        text = folder / f"{number}.txt"
        text.write_text("\n".join(lines), "utf-8")
        page = folder / f"{number}.html"
        body = "".join(f"<p>{escape(line)}</p>" for line in lines[1:])
        page.write_text(f"<html><head><title>{lines[0]}</title></head><body><h1>{lines[0]}</h1>{body}</body></html>", "utf-8")
        files += [text, page]
    return files


def main() -> None:
    parser = argparse.ArgumentParser(allow_abbrev=False, description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--warm", action="store_true", help="remember clauses from file to file")
    args = parser.parse_args()
    clock = Clock()
    with tempfile.TemporaryDirectory() as scratch:
        corpus = sorted((Path(__file__).parent.parent / "corpus").glob("*.txt"))
        files = args.files or [*corpus, *written(Path(scratch))]
        for path in files:
            _read(path)
        for module, name in ((layout, "find_statistics"), (layout, "name_instruments"), (parsing, "remarks_on_figures")):
            clock.around(module, name)
        spent: dict[str, list[float]] = {}
        for _ in range(args.rounds):
            for path in files:
                if not args.warm:
                    forget()
                gc.collect()
                group = path.name if args.files or path in corpus else f"made reports, {path.suffix}"
                clock.seconds, clock.figures = 0.0, 0
                start = process_time()
                _read(path)
                taken = process_time() - start
                one = spent.setdefault(group, [0.0, 0.0, 0.0, 0.0])
                for at, value in enumerate((taken, clock.seconds, clock.figures, 1)):
                    one[at] += value
    print("| | read, ms a file | facts, ms | share | µs a figure |\n| --- | ---: | ---: | ---: | ---: |")
    for group, (whole, facts, figures, count) in spent.items():
        each = f"{facts / figures * 1e6:.0f}" if figures else "–"
        print(f"| {group} | {whole / count * 1e3:.1f} | {facts / count * 1e3:.2f} | {facts / whole:.1%} | {each} |")


if __name__ == "__main__":
    main()
