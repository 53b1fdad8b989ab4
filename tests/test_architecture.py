"""The direction of the arrows: who imports whom."""

import ast
import subprocess
import sys
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

import indexer
from indexer.pool import environment
from tests.support import ROOT

LAYERS = [
    "indexer.analysis.fold",
    "indexer.texts",
    "indexer.reasons",
    "indexer.problems",
    "indexer.errors",
    "indexer.logs",
    "indexer.settings",
    "indexer.cache",
    "indexer.pool",
    "indexer.regular_files",
    "indexer.remarks",
    "indexer.outline",
    "indexer.places",
    "indexer.public_bodies",
    "indexer.facts",
    "indexer.levels",
    "indexer.organs",
    "indexer.units",
    "indexer.contents",
    "indexer.declared",
    "indexer.model",
    "indexer.fields",
    "indexer.holdings",
    "indexer.records",
    "indexer.boilerplate",
    "indexer.request",
    "indexer.results",
    "indexer.analysis",
    "indexer.directory",
    "indexer.query",
    "indexer.matching",
    "indexer.joined",
    "indexer.wordlists",
    "indexer.neighbours",
    "indexer.ranking",
    "indexer.facets",
    "indexer.prepared",
    "indexer.highlight",
    "indexer.around",
    "indexer.loaders",
    "indexer.near_duplicates",
    "indexer.parsing",
    "indexer.placing",
    "indexer.last_year",
    "indexer.workers",
    "indexer.versions",
    "indexer.catalogue",
    "indexer.sources",
    "indexer.engines",
    "indexer.corrections",
    "indexer.corpus",
    "indexer.spelling",
    "indexer.stated",
    "indexer.comparison",
    "indexer.matrix",
    "indexer.batch",
    "indexer.promises",
    "indexer.understood",
    "indexer.doubts",
    "indexer.quotations",
    "indexer.drafts",
    "indexer.commented",
    "indexer.similar",
    "indexer.search",
    "indexer.backends",
    "indexer.spools",
    "indexer.reindex",
    "indexer.draftcheck",
    "indexer.lastrun",
    "indexer.filing",
    "indexer.adding",
    "indexer.renewing",
    "indexer.collect",
    "indexer.doctor",
    "indexer.cli",
    "indexer.public",
]
"""Each may import those above it and itself."""
PURE = [
    "indexer/remarks.py",
    "indexer/public_bodies.py",
    "indexer/levels.py",
    "indexer/organs.py",
    "indexer/units.py",
    "indexer/directory.py",
    "indexer/parsing",
    "indexer/placing.py",
    "indexer/last_year.py",
    "indexer/query",
    "indexer/highlight.py",
    "indexer/around.py",
    "indexer/holdings.py",
    "indexer/matching.py",
    "indexer/joined.py",
    "indexer/wordlists.py",
    "indexer/outline",
    "indexer/facts",
    "indexer/spelling.py",
    "indexer/comparison",
    "indexer/matrix.py",
    "indexer/versions.py",
    "indexer/batch.py",
    "indexer/promises.py",
    "indexer/drafts",
    "indexer/contents.py",
    "indexer/understood.py",
    "indexer/prepared.py",
    "indexer/boilerplate.py",
]
IMPURE = {"os", "io", "time", "pathlib", "subprocess", "socket", "random", "whoosh", "flask"}


@cache
def parsed(path: Path) -> ast.Module:
    """Read once for all tests: that takes the most of them."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def modules(*places: str) -> list[Path]:
    return [path for place in places for path in ([ROOT / place] if place.endswith(".py") else sorted((ROOT / place).rglob("*.py")))]


def layer(module: str) -> int | None:
    return next((number for number, name in enumerate(LAYERS) if module == name or module.startswith(name + ".")), None)


@pytest.mark.parametrize("path", modules("indexer"), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path):
    own = layer(".".join(path.relative_to(ROOT).with_suffix("").parts))
    if own is None:
        assert path == ROOT / "indexer" / "__init__.py"
        return
    for module in imports(path):
        # What is public of modules are some of these themselves.
        if module.startswith("indexer") and (path.stem, module) != ("public", "indexer"):
            assert layer(module) is not None, module
            assert layer(module) <= own, f"{path.name} imports {module}"


@pytest.mark.parametrize("path", modules("webui"), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_web_knows_only_what_the_package_exports(path):
    assert {module for module in imports(path) if module.startswith("indexer")} <= {"indexer"}


def test_no_public_name_is_hidden_by_a_module():
    """What imports the module would put it in the place of the name."""
    found = {name for name in indexer.__all__ if find_spec(f"indexer.{name}")}
    assert {name for name in found if getattr(indexer, name) is not import_module(f"indexer.{name}")} == set()


def test_processes_that_read_files_or_cut_words_import_no_engine():
    """A third of the time and half of the memory of all modules."""
    for module in ("indexer.workers.worker", "indexer.analysis.segmentation"):
        code = f"import sys, {module}; print(*sys.modules)"
        loaded = subprocess.run(
            [sys.executable, "-P", "-c", code], env=environment(), capture_output=True, text=True, check=True
        ).stdout.split()
        assert module in loaded
        assert not {"indexer.public", "indexer.engines", "indexer.search"} & set(loaded)


@pytest.mark.parametrize("path", modules(*PURE), ids=lambda path: str(path.relative_to(ROOT)))
def test_pure_modules_touch_no_files_and_no_clock(path):
    assert not {module.split(".")[0] for module in imports(path)} & IMPURE


@pytest.mark.parametrize("path", modules("benchmarks"), ids=lambda path: path.stem)
def test_benchmarks_import_what_there_is(path):
    """No other test runs them: a name that was changed would be missed only when a figure is wanted."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("indexer", "webui")):
            module = import_module(node.module)
            for alias in node.names:
                assert hasattr(module, alias.name) or find_spec(f"{node.module}.{alias.name}"), f"{node.module}.{alias.name}"


def test_no_process_looks_for_modules_in_the_current_folder():
    """There may be anything in it; -P leaves it out."""
    lists = [node for path in modules("indexer", "webui", "bundle") for node in ast.walk(parsed(path)) if isinstance(node, ast.List)]
    starts = [node for node in lists if node.elts and ast.unparse(node.elts[0]) == "sys.executable"]
    assert starts
    assert {ast.unparse(node.elts[1]) for node in starts} == {"'-P'"}


@pytest.mark.parametrize(
    ("package", "home"),
    [
        ("jieba", "indexer/analysis/words.py"),
        ("whoosh", "indexer/engines/whoosh"),
        ("numba", "indexer/engines/whoosh/arrays/loops.py"),
    ],
)
def test_engines_and_segmenter_are_imported_in_one_place(package, home):
    users = [path for path in modules("indexer", "webui") if package in {module.split(".")[0] for module in imports(path)}]
    assert users
    assert all(str(path.relative_to(ROOT)).startswith(home) for path in users)


def test_the_map_names_every_module_of_the_pages():
    described = (ROOT / "docs" / "architecture.md").read_text("utf-8").partition("## webui")[2].partition("## bundle")[0]
    for path in (ROOT / "webui").iterdir():
        if (path.suffix == ".py" or (path / "__init__.py").exists()) and not path.stem.startswith("_") and path.stem != "cli":
            assert f"`{path.stem}`" in described, path.stem
