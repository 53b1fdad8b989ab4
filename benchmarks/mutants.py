"""How many small changes of a module its tests notice: `make mutants`.

A random sample, the same each time, is tried for a bounded time. First the tests that concern a part are run once, and it is noted
which of them runs which line; then each change is tried with the tests that run its line, the quickest first. mutmut and cosmic-ray
write each change into a copy of the project, start Python anew for it and know neither a sample nor a bound of time; with jieba,
numpy and Hypothesis to import that is seconds each. Here each change is tried in a fork of a process that has them imported. Time is
counted as processor time, so that other work on the machine makes no change count as noticed.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import pickle
import random
import resource
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.machinery import SourceFileLoader
from pathlib import Path

import coverage
import jieba  # noqa: F401 - imported once for all forks, as the next ones
import numpy as np  # noqa: F401
import pytest
import whoosh.index  # noqa: F401
from hypothesis import Phase, settings

ROOT = Path(__file__).parent.parent
TARGETS = {
    "indexer/query": ["tests/indexer/query", "tests/indexer/test_help_while_searching.py"],
    "indexer/matching.py": ["tests/indexer/test_matching.py", "tests/indexer/test_highlight.py"],
    "indexer/highlight.py": ["tests/indexer/test_highlight.py"],
    "indexer/parsing": [
        *(
            f"tests/indexer/parsing/test_{part}.py"
            for part in ("first_report", "frame", "headings", "identity", "opening", "pages", "pieces", "places", "rejoin", "titles")
        ),
        *(f"tests/indexer/test_{part}.py" for part in ("bodies", "levels", "placing")),
        "tests/indexer/outline",
    ],
    "indexer/engines/whoosh": ["tests/indexer/engines/test_search.py", "tests/indexer/engines/whoosh"],
}
ROOM = 4
"""A change counts as noticed, too, where its tests take so many times as much of the processor as without it, and `MORE_SECONDS`: it no
longer ends."""
MORE_SECONDS = 10
HANGS = 1800
"""Seconds on the clock after which what waits for ever ends."""
OPTIONS = ["-q", "-p", "no:cacheprovider", "-k", "not opensearch and not killed", "--hypothesis-seed=0"]
SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn,
    ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.Break: ast.Continue,
    ast.Continue: ast.Break,
}  # fmt: skip


def code_of(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node but annotations, decorators and docstrings, in order."""
    yield tree
    for name, value in ast.iter_fields(tree):
        if name in {"annotation", "returns", "decorator_list"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            docstring = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
            if isinstance(child, ast.AST) and not docstring:
                yield from code_of(child)


def change(node: ast.AST) -> bool:
    """Change a node in place, if there is a way to."""
    match node:
        case ast.Compare(ops=[only]) if type(only) in SWAPPED:
            node.ops = [SWAPPED[type(only)]()]  # type: ignore[list-item]
        case ast.BoolOp() | ast.BinOp() | ast.AugAssign() if type(node.op) in SWAPPED:
            node.op = SWAPPED[type(node.op)]()  # type: ignore[assignment]
        case ast.Break() | ast.Continue():
            node.__class__ = SWAPPED[type(node)]  # type: ignore[assignment]
        case ast.Constant(value=bool(value)):
            node.value = not value
        case ast.Constant(value=int(value)):
            node.value = value + 1
        case ast.Constant(value=str(value)) if value:
            node.value = "?" + value
        case ast.UnaryOp(op=ast.Not()):
            node.operand = ast.UnaryOp(ast.Not(), node.operand)
        case ast.If() | ast.IfExp() | ast.While() if not isinstance(node.test, ast.Compare | ast.BoolOp | ast.UnaryOp):
            node.test = ast.UnaryOp(ast.Not(), node.test)
        case ast.Return(value=ast.Constant(value=None)):
            return False
        case ast.Return(value=ast.expr()) | ast.Expr(value=ast.Call()):
            node.value = ast.Constant(None)
        case _:
            return False
    ast.fix_missing_locations(node)
    return True


def changes(path: Path) -> list[tuple[Path, int]]:
    """The nodes of a file that can be changed, each as its number."""
    nodes = code_of(ast.parse(path.read_text("utf-8")))
    return [(path, number) for number, node in enumerate(nodes) if change(copy.copy(node))]


def changed(path: Path, number: int) -> tuple[str, tuple[int, int], ast.Module]:
    """What is changed and in which lines, and the file's code with one node changed."""
    tree = ast.parse(path.read_text("utf-8"))
    node = list(code_of(tree))[number]
    before = ast.unparse(node).partition("\n")[0]
    change(node)
    after = ast.unparse(node).partition("\n")[0]
    line, column = getattr(node, "lineno", 0), getattr(node, "col_offset", -1) + 1
    last = getattr(node, "end_lineno", None) or line
    return f"{path.relative_to(ROOT)}:{line}:{column}: {before} -> {after}", (line, last), tree


@dataclass(slots=True)
class Runs:
    """Which tests run which lines."""

    seconds: dict[str, float] = field(default_factory=dict)
    """Of processor that each test takes, in the order in which they ran."""
    lines: dict[tuple[str, int], set[str]] = field(default_factory=lambda: defaultdict(set))
    """For a file's line the tests that run it, and the files of those whose fixtures do."""

    def of(self, path: Path, first: int, last: int) -> list[str]:
        """The tests that run one of these lines, the quickest first.

        What runs when a module is imported is anybody's: then those that run any line of the file.
        """
        name = str(path)
        found = {test for line in range(first, last + 1) for test in self.lines.get((name, line), ())}
        if not found:
            found = {test for (file, _), tests in self.lines.items() if file == name for test in tests}
        tests = [test for test in self.seconds if test in found or test.partition("::")[0] in found]
        return sorted(tests, key=lambda test: self.seconds[test])


class _Noting:
    """Notes for a part of the code which test runs which of its lines."""

    def __init__(self, target: str) -> None:
        part = ROOT / target
        self.runs = Runs()
        self._measured = coverage.Coverage(
            data_file=None, config_file=False, include=[str(part / "*") if part.is_dir() else str(part)], messages=False
        )
        self._measured.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Iterator[None]:
        # Fixtures that several tests share run with the first of them.
        self._measured.switch_context(item.nodeid.partition("::")[0])
        yield
        self._measured.switch_context("")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        self._measured.switch_context(item.nodeid)
        begun = time.process_time()
        yield
        self.runs.seconds[item.nodeid] = time.process_time() - begun
        self._measured.switch_context("")

    def pytest_sessionfinish(self) -> None:
        self._measured.stop()
        data = self._measured.get_data()
        for name in data.measured_files():
            for line, tests in data.contexts_by_lineno(name).items():
                self.runs.lines[name, line].update(filter(None, tests))


class _WithoutShrinking:
    """That an example fails is enough."""

    def pytest_collection_finish(self) -> None:
        settings.register_profile("noticed", deadline=None, phases=(Phase.explicit, Phase.generate))
        settings.load_profile("noticed")


def _in_a_fork(act: Callable[[], int]) -> int:
    """How an action ends in a process of its own, without a word: 0 or not."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    os.setpgid(0, 0)
    signal.alarm(HANGS)
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    os._exit(act())


def tests_of(target: str) -> Runs:
    """Run the tests that concern a part of the code, and note which run which lines.

    Raises:
        SystemExit: They fail already.
    """
    with tempfile.NamedTemporaryFile() as file:

        def note() -> int:
            noting = _Noting(target)
            failed = pytest.main(["-x", *OPTIONS, *TARGETS[target]], plugins=[_WithoutShrinking(), noting])
            Path(file.name).write_bytes(pickle.dumps(noting.runs))
            return int(failed)

        if _in_a_fork(note):
            sys.exit(f"{target}: its tests fail already, or one is not there")
        runs: Runs = pickle.loads(Path(file.name).read_bytes())
    return runs


def noticed(path: Path, tree: ast.Module, tests: list[str], seconds: float) -> bool:
    """Whether one of these tests fails when the file's code is this, or they do not end in so many seconds of processor."""

    def attempt() -> int:
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 1))
        original: Callable[..., object] = SourceFileLoader.get_code
        SourceFileLoader.get_code = lambda self, name: (  # type: ignore[method-assign]
            compile(tree, self.path, "exec") if Path(self.path) == path else original(self, name)
        )
        return int(pytest.main(["-x", *OPTIONS, *tests], plugins=[_WithoutShrinking()])) != 0

    return _in_a_fork(attempt) != 0


def main() -> None:
    """Try changes and print which were not noticed."""
    arguments = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    arguments.add_argument("targets", nargs="*", default=list(TARGETS), metavar="TARGET", help=", ".join(TARGETS))
    arguments.add_argument("--seconds", type=float, default=300, help="for each target")
    arguments.add_argument("--sample", type=int, default=None, help="changes tried of each target; default: as many as there is time for")
    wanted = arguments.parse_args()
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = tempfile.mkdtemp()
    for target in wanted.targets:
        files = sorted((ROOT / target).rglob("*.py")) or [ROOT / target]
        sample = [change for path in files for change in changes(path)]
        count = len(sample)
        random.Random(0).shuffle(sample)
        runs = tests_of(target)
        results = []
        end = time.monotonic() + wanted.seconds
        while sample and len(results) != wanted.sample and time.monotonic() < end:
            path, number = sample.pop()
            what, lines, tree = changed(path, number)
            tests = runs.of(path, *lines)
            seconds = ROOM * sum(runs.seconds[test] for test in tests) + MORE_SECONDS
            results.append(bool(tests) and noticed(path, tree, tests, seconds))
            if not results[-1]:
                print(f"  {len(results)}: not noticed by {len(tests)} tests: {what}", flush=True)
        print(f"{target}: {sum(results)} of {len(results)} noticed ({sum(results) / len(results):.0%}), of {count}", flush=True)


if __name__ == "__main__":
    main()
