"""What opening an index reads, and what only who wants it."""

import pytest

from indexer.backends import build_index
from indexer.engines.whoosh.engine import WhooshEngine
from indexer.search import Index
from tests.support import one_report


@pytest.fixture
def engine(tmp_path):
    build_index(tmp_path, [one_report(f"第{number}件行政复议", id=f"r{number}", title="甲") for number in range(3)])
    return WhooshEngine(tmp_path)


def read(engine):
    """The arrays that something was taken from."""
    return {name for segment in engine._passages.segments for name, array in segment._file._arrays.items() if array._unread.find(0) >= 0}


def test_units_texts_and_lists_are_read_when_they_are_wanted(engine):
    assert not [name for name in read(engine) if not name.startswith(("field.kind", "field.year", "length", "sizes"))]
    assert Index(engine).rank("行政复议").total == 3
    assert not [name for name in read(engine) if name.startswith(("field.unit", "field.issuer", "words.", "printed"))]
    Index(engine).search("行政复议", facets=("unit",))
    assert {"field.unit.values", "printed"} <= read(engine)


def test_texts_are_read_together_up_to_a_number_of_passages(engine):
    assert engine.texts_holding([["行政复议"]], 3) is not None
    assert engine.texts_holding([["行政复议"]], 2) is None


def test_every_value_has_an_example_the_first_report_s_too(tmp_path):
    build_index(tmp_path / "index", [one_report("文", id=f"r{year}", year=year) for year in (2020, 2021)])
    found = WhooshEngine(tmp_path / "index").examples("year", {2020, 2021})
    assert {value: report.id for value, report in found.items()} == {2020: "r2020", 2021: "r2021"}
