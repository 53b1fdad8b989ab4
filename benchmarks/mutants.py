"""Mutation testing: how many small changes of a module its tests notice. `make mutants`

First the tests of a part are run once, recording which test runs which line. Then each change of a random sample, which is the same for
the same seed, is tried with the tests that run its line, fastest first, until one fails. mutmut and cosmic-ray write each change into a
copy of the project and start a new Python for it; importing jieba, numpy, Hypothesis and the tests takes seconds each time. Here each
change is tried in a fork of a process that has already collected the tests: existing functions get the changed code. Code that runs when
a module is imported is changed in a fork that has not imported it. Time limits are in processor time, so that no change counts as
noticed because of other load on the machine.

The changes are made by `changes`; those without any visible effect are counted separately.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import os
import pickle
import random
import resource
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from importlib import import_module
from importlib.machinery import SourceFileLoader
from itertools import accumulate
from pathlib import Path
from types import CodeType, FunctionType

import coverage
import jieba  # noqa: F401 - imported once for all forks, as the next ones
import numpy as np  # noqa: F401
import pytest
import whoosh.index  # noqa: F401
from _pytest.runner import runtestprotocol
from hypothesis import Phase, settings

from benchmarks.changes import ROOT, Change, changed, changes, equivalent_changes


def tests(folder: str, parts: str) -> list[str]:
    """The test files of some parts (separated by spaces) in a folder below `tests`."""
    return [f"tests/{folder}/test_{part}.py" for part in parts.split()]


TARGETS = {
    "indexer/query": ["tests/indexer/query", *tests("indexer", "help_while_searching")],
    "indexer/matching.py": tests("indexer", "matching highlight"),
    "indexer/highlight.py": tests("indexer", "highlight"),
    "indexer/parsing": ["tests/indexer/parsing", *tests("indexer", "corrections levels placing public_bodies"), "tests/indexer/outline"],
    "indexer/engines/whoosh": [
        *tests("indexer/engines", "batch boilerplate fields instruments search statistics units whole_results words"),
        "tests/indexer/engines/whoosh",
    ],
    "indexer/search": [
        *tests("indexer/engines", "batch boilerplate fields instruments matrix search statistics units whole_results words"),
        *tests("indexer", "around concordance contents earlier_versions held help_while_searching holdings last_year neighbours"),
        *tests("indexer", "promises similar spelling understood units versions"),
        "tests/indexer/drafts",
        "tests/indexer/quotations",
    ],
    "indexer/facts": ["tests/indexer/facts", "tests/indexer/drafts", *tests("indexer/engines", "instruments")],
    "indexer/quotations": ["tests/indexer/quotations"],
    "indexer/comparison": ["tests/indexer/comparison", *tests("webui", "compare")],
    "indexer/promises.py": tests("indexer", "promises"),
    "webui/adding.py": tests("webui", "adding"),
    "webui/feed.py": tests("webui", "feed"),
    "webui/links.py": tests("webui", "corpus links pages"),
    "webui/mcp": ["tests/webui/mcp"],
    "webui/params.py": tests("webui", "api params"),
    "webui/replies.py": tests("webui", "api exports reference"),
    "webui/tables.py": tests("webui", "exports language tables"),
}
ROOM = 4
"""A change also counts as noticed if a test takes more than so many times its usual processor time plus `MORE_SECONDS`: it no longer
ends."""
MORE_SECONDS = 4
MOST_SECONDS = 30
"""Processor seconds for all tests of a change, fastest first; a test that takes more by itself is left out."""
HANGS = 900
"""Seconds of wall time after which a change whose tests wait for ever counts as noticed."""
OPTIONS = [
    "-q",
    "-s",
    "-p",
    "no:cacheprovider",
    "-k",
    "not opensearch and not scan and not killed and not during_writes and not small_commits and not many_threads and not browser",
    "--hypothesis-seed=0",
]


@dataclass(slots=True)
class Runs:
    """Which tests run which lines."""

    seconds: dict[str, float] = field(default_factory=dict)
    """The processor seconds of each test, in the order in which they ran."""
    lines: dict[tuple[str, int], set[str]] = field(default_factory=lambda: defaultdict(set))
    """By line of a file: the tests that run it, and the test files whose fixtures do."""
    at_import: set[tuple[str, int]] = field(default_factory=set)
    """The lines that run outside of tests."""

    def of(self, path: Path, first: int, last: int) -> list[str]:
        """The tests that run one of these lines, fastest first, up to `MOST_SECONDS` in all.

        For lines that run only at import, these are the tests that run any line of the file.
        """
        name = str(path)
        found = {test for line in range(first, last + 1) for test in self.lines.get((name, line), ())}
        if not found:
            found = {test for (file, _), tests in self.lines.items() if file == name for test in tests}
        tests = [test for test in self.seconds if test in found or test.partition("::")[0] in found]
        tests.sort(key=lambda test: self.seconds[test])
        total = accumulate(self.seconds[test] for test in tests)
        return [test for test, seconds in zip(tests, total, strict=True) if seconds <= MOST_SECONDS]


class _Noting:
    """Records which test runs which lines of a part of the code."""

    def __init__(self, target: str) -> None:
        part = ROOT / target
        self.runs = Runs()
        self._measured = coverage.Coverage(
            data_file=None, config_file=False, include=[str(part / "*") if part.is_dir() else str(part)], messages=False
        )
        self._measured.start()
        self._begun = 0.0

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Iterator[None]:
        # Shared fixtures run with the first of their tests, so their lines are recorded for the test file.
        self._measured.switch_context(item.nodeid.partition("::")[0])
        self._begun = time.process_time()
        yield
        self._measured.switch_context("")

    # Before the hook in `tests/conftest.py`, which stops measuring.
    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        self._measured.switch_context(item.nodeid)
        yield
        self.runs.seconds[item.nodeid] = time.process_time() - self._begun
        self._measured.switch_context("")

    def pytest_sessionfinish(self) -> None:
        self._measured.stop()
        data = self._measured.get_data()
        for name in data.measured_files():
            for line, tests in data.contexts_by_lineno(name).items():
                self.runs.lines[name, line].update(filter(None, tests))
                if "" in tests:
                    self.runs.at_import.add((name, line))


class _Here:
    """Replaces the pool of processes that read files, since these would not have the changed code."""

    def __init__(self, limits: object, size: int) -> None:
        self._limits = limits
        self._workers = ()

    def submit(self, request: bytes, read: Callable[[bytes], object]) -> Future[object]:
        answer = import_module("indexer.workers.worker")._answer(json.loads(request), self._limits)
        done: Future[object] = Future()
        done.set_result(read(json.dumps(answer).encode("ascii")))
        return done

    def close(self) -> None:
        pass


class _Quick:
    """Reads files in this process, and lets Hypothesis stop at the first failing example."""

    def pytest_sessionstart(self) -> None:
        import_module("indexer.workers.files")._pool = _Here

    def pytest_collection_finish(self) -> None:
        settings.register_profile("noticed", deadline=None, phases=(Phase.explicit, Phase.generate))
        settings.load_profile("noticed")


class _Trying(_Quick):
    """Instead of running the collected tests once, tries each change in a fork with the tests that run its lines."""

    def __init__(self, tried: list[Change], runs: Runs, answer: Callable[[int, bool], None]) -> None:
        self._tried, self._runs, self._answer = tried, runs, answer
        self._functions: list[FunctionType] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        # Load the dictionary here, or each fork would have to.
        import_module("indexer.analysis.words").cut("依法行政")
        paths = {str(one.path) for one in self._tried}
        self._functions = [each for each in gc.get_objects() if isinstance(each, FunctionType) and each.__code__.co_filename in paths]
        # Garbage collection in a fork would copy all of the process's memory.
        gc.freeze()
        for number, one in enumerate(self._tried):
            tests = [items[name] for name in self._runs.of(one.path, one.line, one.last_line) if name in items]
            self._answer(number, _in_a_fork(lambda one=one, tests=tests: self._attempt(one, tests)) != 0)  # type: ignore[misc]
        return True

    def _attempt(self, one: Change, tests: list[pytest.Item]) -> int:
        _put_in(one, self._functions)
        for test, following in zip(tests, [*tests[1:], None], strict=True):
            _allow(self._runs.seconds[test.nodeid])
            if any(report.failed for report in runtestprotocol(test, log=False, nextitem=following)):
                return 1
        return 0


class _Limiting(_Quick):
    """Ends the process if a test takes too much processor time."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        _allow(self._runs.seconds[item.nodeid])


def _allow(seconds: float) -> None:
    """Limit this process's processor time to what a test that usually takes so many seconds may use from now on."""
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time() + ROOM * seconds + MORE_SECONDS), resource.RLIM_INFINITY))


def _put_in(one: Change, functions: Iterable[FunctionType]) -> None:
    """Give the functions of the changed file their changed code."""
    found: dict[tuple[str, int], CodeType] = {}

    def collect(code: CodeType) -> None:
        found[code.co_qualname, code.co_firstlineno] = code
        for inner in code.co_consts:
            if isinstance(inner, CodeType):
                collect(inner)

    collect(compile(one.tree, str(one.path), "exec"))
    for function in functions:
        code = function.__code__
        if code.co_filename == str(one.path):
            function.__code__ = found.get((code.co_qualname, code.co_firstlineno), code)


def _fork(act: Callable[[], int]) -> int:
    """Start a process that runs an action without output and exits with its result; returns the process id."""
    child = os.fork()
    if child:
        return child
    os.setpgid(0, 0)
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    try:
        os._exit(act())
    finally:
        os._exit(1)


def _in_a_fork(act: Callable[[], int], most: int = HANGS) -> int:
    """Run an action in a fork for at most so many seconds of wall time (0: no limit); returns 0 if it succeeded."""

    def bounded() -> int:
        signal.alarm(most)
        return act()

    return os.waitpid(_fork(bounded), 0)[1]


def tests_of(target: str) -> Runs:
    """Run the tests of a part of the code, recording which test runs which lines.

    Raises:
        SystemExit: The tests fail without any change.
    """
    with tempfile.NamedTemporaryFile() as file:

        def note() -> int:
            noting = _Noting(target)
            failed = pytest.main(["-x", *OPTIONS, *TARGETS[target]], plugins=[_Quick(), noting])
            Path(file.name).write_bytes(pickle.dumps(noting.runs))
            return int(failed)

        if _in_a_fork(note, most=0):
            sys.exit(f"{target}: its tests fail already, or one is not there")
        runs: Runs = pickle.loads(Path(file.name).read_bytes())
    return runs


def noticed(one: Change, runs: Runs) -> bool:
    """Whether a test fails or does not end when the file is imported with this change."""
    tests = runs.of(one.path, one.line, one.last_line)

    def attempt() -> int:
        original: Callable[..., object] = SourceFileLoader.get_code
        SourceFileLoader.get_code = lambda self, name: (  # type: ignore[method-assign]
            compile(one.tree, self.path, "exec") if Path(self.path) == one.path else original(self, name)
        )
        _allow(0)
        return int(pytest.main(["-x", *OPTIONS, *tests], plugins=[_Limiting(runs)])) != 0

    return bool(tests) and _in_a_fork(attempt) != 0


def attempts(target: str, sample: list[Change], runs: Runs) -> Iterator[tuple[Change, bool]]:
    """Each change, with whether it was noticed."""
    warm, cold = [], []
    for one in sample:
        lines = {(str(one.path), line) for line in range(one.line, one.last_line + 1)}
        (warm if one.function and not lines & runs.at_import else cold).append(one)
    read, write = os.pipe()

    def serve() -> int:
        def answer(number: int, was: bool) -> None:
            os.write(write, bytes([number % 256, was]))

        return int(pytest.main([*OPTIONS, *TARGETS[target]], plugins=[_Trying(warm, runs, answer)]))

    server = _fork(serve)
    os.close(write)
    with open(read, "rb") as answers:
        for one in warm:
            if not (answer := answers.read(2)):
                sys.exit(f"{target}: the process that tries changes ended")
            yield one, bool(answer[1])
    os.waitpid(server, 0)
    for one in cold:
        yield one, noticed(one, runs)


def main() -> None:
    """Try changes and print those not noticed."""
    arguments = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    arguments.add_argument("targets", nargs="*", default=list(TARGETS), metavar="TARGET", help=", ".join(TARGETS))
    arguments.add_argument("--sample", type=int, default=80, help="changes tried of each target")
    arguments.add_argument("--seed", type=int, default=0, help="of the sample")
    wanted = arguments.parse_args()
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = tempfile.mkdtemp()
    equivalent = equivalent_changes()
    for target in wanted.targets:
        files = sorted((ROOT / target).rglob("*.py")) or [ROOT / target]
        every = [change for path in files for change in changes(path)]
        sample = [changed(*one) for one in random.Random(wanted.seed).sample(every, min(wanted.sample, len(every)))]
        tried = [one for one in sample if one.key not in equivalent]
        runs = tests_of(target)
        results = []
        for one, was in attempts(target, tried, runs):
            results.append(was)
            if not was:
                print(f"  not noticed: {one}", flush=True)
        share = f"{sum(results)} of {len(results)} noticed ({sum(results) / len(results):.0%})"
        print(f"{target}: {share}, {len(sample) - len(tried)} without a difference, of {len(every)}", flush=True)


if __name__ == "__main__":
    main()
