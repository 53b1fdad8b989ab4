"""Columns give back the rows they were made of, joined and cut down."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.engines.whoosh.arrays.columns import Column
from indexer.engines.whoosh.arrays.files import ArrayFile, narrowest, write_arrays

values = st.one_of(st.none(), st.sampled_from(["甲", "乙", "丙"]), st.integers(1, 3))
several = st.lists(st.lists(values, min_size=1, max_size=4, unique=True), max_size=8)
single = st.lists(values.map(lambda value: [value]), max_size=8)
tables = several | single


def rows(column):
    return [column.row(number) for number in range(len(column))]


@given(tables, tables, st.randoms())
def test_joined_columns_hold_the_rows_kept(one, other, chance):
    kept = [np.array([chance.random() < 0.6 for _ in table], np.bool_) for table in (one, other)]
    joined = Column.joined([Column.of(one), Column.of(other)])
    assert rows(joined) == [*one, *other]
    cut = Column.joined([Column.of(one), Column.of(other)], kept)
    right = [row for table, good in zip((one, other), kept, strict=True) for row, keep in zip(table, good.tolist(), strict=True) if keep]
    assert rows(cut) == right
    assert sorted(map(str, cut.values)) == sorted({str(value) for row in right for value in row})


@given(tables, st.randoms())
def test_counts_and_masks_are_those_of_the_rows(table, chance):
    column = Column.of(table)
    some = np.array(sorted(chance.sample(range(len(table)), k=len(table) // 2)), np.int64)
    counted = dict(zip(column.values, column.counts_in(some).tolist(), strict=True))
    assert {value: count for value, count in counted.items() if count} == Counter(value for at in some.tolist() for value in table[at])
    weights = np.arange(len(table))
    weighed = dict(zip(column.values, column.counts(weights).tolist(), strict=True))
    assert weighed == {value: sum(at for at, row in enumerate(table) if value in row) for value in column.values}
    for value in (None, "甲", 2):
        assert column.equal_to(value).tolist() == [value in row for row in table]
        assert column.equal_to(value, some).tolist() == [value in table[at] for at in some.tolist()]


@given(st.lists(st.lists(st.none() | st.integers(1, 9), min_size=1, max_size=3, unique=True), max_size=8))
def test_rows_are_sorted_by_their_last_value_unknown_last(table):
    order = np.argsort(Column.of(table).ranks(), kind="stable").tolist()
    assert order == sorted(range(len(table)), key=lambda at: (table[at][-1] is None, table[at][-1] or 0))


def test_a_column_is_read_as_it_was_written(tmp_path):
    tables = {"one": [["甲"], [None]], "several": [["甲", "乙"], [None], ["乙"]], "none": []}
    arrays = {key: array for name, table in tables.items() for key, array in Column.of(table).arrays(name).items()}
    write_arrays(tmp_path / "x.arrays", arrays)
    file = ArrayFile(tmp_path / "x.arrays")
    assert {name: rows(Column.read(file, name)) for name in tables} == tables


@given(st.lists(st.just([None]) | st.lists(values, min_size=1, max_size=3, unique=True), max_size=30) | single)
def test_a_column_that_is_mostly_unknown_is_read_as_it_was_written(table):
    column = Column.read(Column.of(table).arrays("it"), "it")
    assert rows(column) == table
    assert column.counts_in(np.arange(len(table))).sum() == sum(map(len, table))


def test_of_a_column_that_is_mostly_unknown_only_the_rest_is_written():
    arrays = Column.of([[None]] * 1000 + [["甲", "乙"]] + [[None]] * 1000).arrays("it")
    assert {name: len(array) for name, array in arrays.items() if name != "it.values"} == {"it.rows": 2, "it.codes": 2, "it.starts": 2}


@pytest.mark.parametrize(
    ("largest", "kind"),
    [(255, "u1"), (256, "<u2"), (65_535, "<u2"), (65_536, "<u4"), (2**32 - 1, "<u4"), (2**32, "<u8")],
)
def test_numbers_take_no_more_bytes_than_the_largest_needs(largest, kind):
    assert narrowest(largest) == np.dtype(kind)


@pytest.mark.parametrize("unknown", range(7))
def test_the_rows_that_are_known_are_named_where_they_are_fewer_than_half(unknown):
    table = [["甲"]] * (6 - unknown) + [[None]] * unknown
    arrays = Column.of(table).arrays("it")
    assert ("it.rows" in arrays) == (unknown > 3)
    assert rows(Column.read(arrays, "it")) == table
