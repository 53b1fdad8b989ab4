"""Fixtures that tests share: small indexes on every engine."""

from __future__ import annotations

import importlib
import os
import pkgutil
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import coverage
import pytest
from hypothesis import settings

import indexer
import webui
from indexer import Index, Report, build_index, open_index
from indexer.workers.files import _lasting_reader
from tests.opensearch.nodes import Nodes, NotPossibleError
from tests.scan import ScanEngine
from tests.support import read_in_one_process

# Both segmenters are installed for tests; all but those of the other one use the reference.
os.environ["FAZHI_SEGMENTER"] = "jieba"
# The first word that is cut waits for the dictionary.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

MakeIndex = Callable[[Iterable[Report]], Index]


LONG = (
    "indexer/engines/test_same_answers.py",
    "torture/test_mutations.py",
    "torture/test_power_loss.py",
    "torture/test_faults.py",
    "webui/test_clients.py",
    "webui/test_server.py",
    "scans/test_reading.py",
    "indexer/engines/whoosh/test_readers.py",
    "indexer/loaders/test_hostile_files.py",
    "webui/test_browser.py",
)
"""Files of tests that take long, the longest ones first: several processes take them file by file, and none should begin with one at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests that take long first."""
    ranks = {Path(__file__).parent / name: rank for rank, name in enumerate(LONG)}
    items.sort(key=lambda item: ranks.get(item.path, len(LONG)))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Measure no coverage while tests are collected, which takes three times as long: what the package does when it is imported is done before."""
    measuring = coverage.Coverage.current()
    if measuring is None:
        return (yield)
    for package in (indexer, webui):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            # What is not installed is not tested.
            with suppress(ImportError):
                importlib.import_module(module.name)
    measuring.stop()
    try:
        return (yield)
    finally:
        measuring.start()


def pytest_sessionfinish() -> None:
    """Let the process that reads files one by one end by itself where coverage is measured: one that is killed leaves no figures."""
    if coverage.Coverage.current() is not None:
        for worker in _lasting_reader(os.getpid())._pool._workers:
            if worker._process is not None:
                worker._process.stdin.close()
                worker._process.wait(60)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Measure no coverage in tests marked as `unmeasured`."""
    measuring = coverage.Coverage.current()
    if measuring is None or item.get_closest_marker("unmeasured") is None:
        return (yield)
    measuring.stop()
    try:
        return (yield)
    finally:
        measuring.start()


@pytest.fixture
def lasting_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets each `reindex` in this process read with one process."""
    read_in_one_process(monkeypatch)


@pytest.fixture(scope="session")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    """One real OpenSearch node for all tests; with OPENSEARCH_NODES so many, and no excuse."""
    wanted = os.environ.get("OPENSEARCH_NODES")
    try:
        started = Nodes(tmp_path_factory.mktemp("opensearch"), int(wanted or 1))
    except NotPossibleError as error:
        if wanted:
            raise
        pytest.skip(f"OpenSearch cannot run here: {error}")
    with started:
        yield started


@pytest.fixture(scope="session")
def places(nodes: Nodes) -> Iterator[Callable[[], str]]:
    """Gives addresses on the node that nothing was published at."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAZHI_OPENSEARCH_SHARDS", "2")
        yield lambda: nodes.address(f"t{uuid.uuid4().hex[:12]}")


@pytest.fixture(scope="session")
def build_on_cluster(places: Callable[[], str]) -> Callable[[Iterable[Report]], str]:
    """Builds an index of reports on the node, once for the same reports; gives its address."""
    built: dict[str, str] = {}

    def build(reports: Iterable[Report]) -> str:
        held = list(reports)
        if repr(held) not in built:
            place = places()
            build_index(place, held)
            built[repr(held)] = place
        return built[repr(held)]

    return build


@pytest.fixture(params=["scan", "whoosh", "opensearch"])
def make_index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterable[MakeIndex]:
    """Builds an index of reports on each engine in turn."""
    made: list[Index] = []
    on_cluster = request.getfixturevalue("build_on_cluster") if request.param == "opensearch" else None

    def make(reports: Iterable[Report]) -> Index:
        if request.param == "scan":
            index = Index(ScanEngine(reports))
        elif on_cluster:
            index = open_index(on_cluster(reports))
        else:
            place = tmp_path / f"index{len(made)}"
            build_index(place, reports)
            index = open_index(place)
        made.append(index)
        return index

    yield make
    for index in made:
        index.close()
