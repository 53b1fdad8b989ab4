"""How many small changes of a module its tests notice: `make mutants`.

A random sample, the same each time, is tried for a bounded time, each with the tests that concern the module only. mutmut and
cosmic-ray write each change into a copy of the project, start Python anew for it and know neither a sample nor a bound of time; with
jieba, numpy and Hypothesis to import that is seconds each. Here each change is tried in a fork of a process that has them imported.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.machinery import SourceFileLoader
from pathlib import Path

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
            for part in ("bodies", "frame", "headings", "identity", "level", "opening", "rejoin", "titles")
        ),
        "tests/indexer/outline",
        "tests/indexer/parsing",
    ],
    "indexer/engines/whoosh": ["tests/indexer/engines/test_search.py", "tests/indexer/engines/whoosh"],
}
SECONDS_EACH = 120
"""After which a change counts as noticed: what it changed no longer ends."""
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


def changed(path: Path, number: int) -> tuple[str, ast.Module]:
    """The file's line and its code with one node changed."""
    tree = ast.parse(path.read_text("utf-8"))
    node = list(code_of(tree))[number]
    before = ast.unparse(node).partition("\n")[0]
    change(node)
    after = ast.unparse(node).partition("\n")[0]
    line, column = getattr(node, "lineno", 0), getattr(node, "col_offset", -1) + 1
    return f"{path.relative_to(ROOT)}:{line}:{column}: {before} -> {after}", tree


class _WithoutShrinking:
    """That an example fails is enough."""

    def pytest_collection_finish(self) -> None:
        settings.register_profile("noticed", deadline=None, phases=(Phase.explicit, Phase.generate))
        settings.load_profile("noticed")


def noticed(path: Path | None, tree: ast.Module | None, tests: list[str]) -> bool:
    """Whether a test fails when the file's code is this; in a process of its own."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] != 0
    os.setpgid(0, 0)
    signal.alarm(SECONDS_EACH)
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    original: Callable[..., object] = SourceFileLoader.get_code
    SourceFileLoader.get_code = lambda self, name: (  # type: ignore[method-assign]
        compile(tree, self.path, "exec") if tree and Path(self.path) == path else original(self, name)
    )
    options = ["-x", "-q", "-p", "no:cacheprovider", "-k", "not opensearch", "--hypothesis-seed=0"]
    os._exit(int(pytest.main([*options, *tests], plugins=[_WithoutShrinking()])) != 0)


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
        if noticed(None, None, TARGETS[target]):
            sys.exit(f"{target}: its tests fail already")
        results = []
        end = time.monotonic() + wanted.seconds
        while sample and len(results) != wanted.sample and time.monotonic() < end:
            path, number = sample.pop()
            what, tree = changed(path, number)
            results.append(noticed(path, tree, TARGETS[target]))
            if not results[-1]:
                print(f"  not noticed: {what}", flush=True)
        print(f"{target}: {sum(results)} of {len(results)} noticed ({sum(results) / len(results):.0%}), of {count}", flush=True)


if __name__ == "__main__":
    main()
