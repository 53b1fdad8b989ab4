"""Columns: the values of a field for each report or passage, as codes. A row may have several values, whose codes are consecutive."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.declared import Value
from indexer.engines.whoosh.arrays.files import ArrayFile, Ints, concatenated, ends, narrow, packed_values, read_values
from indexer.engines.whoosh.arrays.postings import Numbers

Mask = NDArray[np.bool_]

ALL = slice(None)

FEW = 8
"""With at most so many values, comparing all codes with each value in turn is faster than counting all at once, for any number of rows,
since codes are bytes then."""


@dataclass(frozen=True, slots=True)
class Column:
    """The values of a field, at least one (None: unknown) for each row, which is a report or a passage."""

    values: list[Value]
    """The distinct values."""
    codes: Ints
    """Indices into `values`, row after row."""
    starts: Ints | None
    """Where the codes of each row begin and, at the end, the number of codes; None if each row has one code."""

    @classmethod
    def of(cls, rows: Iterable[Sequence[Value]]) -> Column:
        """The column of these rows; the values of a row must be distinct."""
        code_of: dict[Value, int] = {}
        held = [[code_of.setdefault(value, len(code_of)) for value in row] for row in rows]
        several = any(len(row) != 1 for row in held)
        return cls(list(code_of), narrow([code for row in held for code in row]), ends([len(row) for row in held]) if several else None)

    @classmethod
    def joined(cls, columns: Sequence[Column], chosen: Sequence[Mask] | None = None) -> Column:
        """The concatenation of columns, restricted to the chosen rows."""
        code_of: dict[Value, int] = {}
        codes: list[Ints] = []
        sizes: list[Ints] = []
        for at, column in enumerate(columns):
            new = np.array([code_of.setdefault(value, len(code_of)) for value in column.values], np.int64)
            own, own_sizes = column.codes, column._sizes()
            if chosen is not None:
                own, own_sizes = own[np.repeat(chosen[at], own_sizes)], own_sizes[chosen[at]]
            # The first column keeps its codes; mostly it is the only one.
            codes.append(new[own] if at else own)
            sizes.append(own_sizes)
        values, all_codes = list(code_of), concatenated(codes)
        if chosen is not None:
            used, all_codes = np.unique(all_codes, return_inverse=True)
            values, all_codes = [values[code] for code in used.tolist()], narrow(all_codes)
        several = any(column.starts is not None for column in columns)
        return cls(values, all_codes, ends(concatenated(sizes)) if several else None)

    @classmethod
    def read(cls, file: ArrayFile, name: str) -> Column:
        """Read the column with this name from a file."""
        values: list[Value] = read_values(file[f"{name}.values"])
        codes, starts, rows = file[f"{name}.codes"], file.get(f"{name}.starts"), file.get(f"{name}.rows")
        if rows is None:
            return cls(values, codes, starts)
        # Rows that are not listed are unknown, with code 0; the last number is the number of all rows.
        known = np.zeros(int(rows[-1]), np.bool_)
        known[rows[:-1]] = True
        sizes = np.ones(len(known), np.int64)
        sizes[known] = _sizes(starts, len(rows) - 1)
        of_all = np.zeros(int(sizes.sum()), codes.dtype)
        of_all[np.repeat(known, sizes)] = codes
        return cls(values, of_all, None if starts is None else ends(sizes))

    def arrays(self, name: str) -> dict[str, NDArray[Any]]:
        """The arrays that `read` reads. If most rows are unknown, only the others are stored."""
        column = self._unknown_first()
        sizes, codes, starts = column._sizes(), column.codes, column.starts
        arrays: dict[str, NDArray[Any]] = {}
        if column.values[:1] == [None]:
            known = (sizes != 1) | (codes[np.cumsum(sizes) - sizes] != 0)
            if 2 * np.count_nonzero(known) < len(known):
                arrays[f"{name}.rows"] = narrow([*np.flatnonzero(known).tolist(), len(known)])
                codes = codes[np.repeat(known, sizes)]
                starts = None if starts is None else ends(sizes[known])
        arrays |= {f"{name}.values": packed_values(column.values), f"{name}.codes": codes}
        return arrays if starts is None else arrays | {f"{name}.starts": starts}

    def _unknown_first(self) -> Column:
        """The same column with code 0 for None, if it has None."""
        if None not in self.values or self.values[0] is None:
            return self
        at = self.values.index(None)
        swapped = np.arange(len(self.values))
        swapped[[0, at]] = at, 0
        values = list(self.values)
        values[0], values[at] = values[at], values[0]
        return Column(values, narrow(swapped[self.codes]), self.starts)

    def __len__(self) -> int:
        return len(self.codes) if self.starts is None else len(self.starts) - 1

    def _sizes(self) -> Numbers:
        return _sizes(self.starts, len(self.codes))

    def row(self, number: int) -> list[Value]:
        """The values of a row."""
        if self.starts is None:
            return [self.values[self.codes[number]]]
        return [self.values[code] for code in self.codes[self.starts[number] : self.starts[number + 1]].tolist()]

    def holding(self, accepted: Mask, rows: Numbers | slice = ALL) -> Mask:
        """Which of these rows have an accepted value; `accepted` is a mask over `values`."""
        if self.starts is None:
            return accepted[self.codes[rows]]
        held: Mask = accepted[self.codes]
        return (np.logical_or.reduceat(held, self.starts[:-1].astype(np.int64)) if len(held) else held)[rows]

    def equal_to(self, value: Value, rows: Numbers | slice = ALL) -> Mask:
        """Which of these rows have this value."""
        return self.holding(np.array([own == value for own in self.values], np.bool_), rows)

    def counts(self, weights: Numbers) -> Numbers:
        """For each value, the sum of the weights of the rows that have it."""
        weights = weights if self.starts is None else np.repeat(weights, self._sizes())
        return np.bincount(self.codes, weights, len(self.values)).astype(np.int64)

    def counts_in(self, rows: Numbers) -> Numbers:
        """For each value, how many of these rows have it."""
        if self.starts is None:
            codes = self.codes[rows]
            if len(self.values) <= FEW:
                return np.array([np.count_nonzero(codes == code) for code in range(len(self.values))], np.int64)
            return np.bincount(codes, minlength=len(self.values))
        return np.bincount(self.pairs(rows)[0], minlength=len(self.values))

    def pairs(self, rows: Numbers) -> tuple[Numbers, Numbers]:
        """Each code of each of these rows, and the index of its row in `rows`."""
        if self.starts is None:
            return self.codes[rows].astype(np.int64), np.arange(len(rows))
        firsts = self.starts[rows].astype(np.int64)
        sizes = self.starts[rows + 1].astype(np.int64) - firsts
        # The position of each code within its row.
        steps = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return self.codes[np.repeat(firsts, sizes) + steps].astype(np.int64), np.repeat(np.arange(len(rows)), sizes)

    def ranks(self) -> Numbers:
        """For each row, the rank of its most specific value, the last, in the order of values, unknown last."""
        order = sorted(range(len(self.values)), key=lambda code: (self.values[code] is None, self.values[code] or 0))
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        return rank[self.last_codes()]

    def last_codes(self) -> Numbers:
        """The code of the most specific value of each row, its last."""
        return (self.codes if self.starts is None else self.codes[self.starts[1:].astype(np.int64) - 1]).astype(np.int64)


def _sizes(starts: Ints | None, rows: int) -> Numbers:
    """How many codes each row has."""
    return np.ones(rows, np.int64) if starts is None else starts[1:].astype(np.int64) - starts[:-1]
