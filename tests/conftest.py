"""Fixtures that tests share: small indexes on every engine."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import settings

from indexer import Index, Report, build_index, open_index
from indexer.engines.scan import ScanEngine

# Both segmenters are installed for tests; all but those of the other one use the reference.
os.environ["FAZHI_SEGMENTER"] = "jieba"
# The first word that is cut waits for the dictionary.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

MakeIndex = Callable[[Iterable[Report]], Index]


@pytest.fixture(params=["scan", "whoosh"])
def make_index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterable[MakeIndex]:
    """Builds an index of reports on each engine in turn."""
    made: list[Index] = []

    def make(reports: Iterable[Report]) -> Index:
        if request.param == "scan":
            index = Index(ScanEngine(reports))
        else:
            place = tmp_path / f"index{len(made)}"
            build_index(place, reports)
            index = open_index(place)
        made.append(index)
        return index

    yield make
    for index in made:
        index.close()
