"""Columns: what each report or passage has of a field, as codes. Where one may have several values, its codes stand in a row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.declared import Value
from indexer.engines.whoosh.arrays.files import ArrayFile, Ints, blob, ends, narrow
from indexer.engines.whoosh.arrays.postings import Numbers

Mask = NDArray[np.bool_]

ALL = slice(None)


@dataclass(frozen=True, slots=True)
class Column:
    """The values of a field, at least one (None: unknown) for each row: a report or a passage."""

    values: list[Value]
    """Each once."""
    codes: Ints
    """Indices in `values`, row after row."""
    starts: Ints | None
    """Where the codes of each row begin and, last, where those of the last row end; None: each row has one."""

    @classmethod
    def of(cls, rows: Iterable[Sequence[Value]]) -> Column:
        """The column of these rows of different values."""
        code_of: dict[Value, int] = {}
        held = [[code_of.setdefault(value, len(code_of)) for value in row] for row in rows]
        several = any(len(row) != 1 for row in held)
        return cls(list(code_of), narrow([code for row in held for code in row]), ends([len(row) for row in held]) if several else None)

    @classmethod
    def joined(cls, columns: Sequence[Column], chosen: Sequence[Mask] | None = None) -> Column:
        """Columns one behind the other, only the chosen rows."""
        code_of: dict[Value, int] = {}
        codes: list[Ints] = []
        sizes: list[Ints] = []
        for at, column in enumerate(columns):
            new = np.array([code_of.setdefault(value, len(code_of)) for value in column.values], np.int64)
            own, own_sizes = column.codes, column._sizes()
            if chosen is not None:
                own, own_sizes = own[np.repeat(chosen[at], own_sizes)], own_sizes[chosen[at]]
            # What is only opened is mostly one segment, whose codes need no change.
            codes.append(new[own] if at else own)
            sizes.append(own_sizes)
        values, all_codes = list(code_of), _concatenated(codes)
        if chosen is not None:
            used, all_codes = np.unique(all_codes, return_inverse=True)
            values, all_codes = [values[code] for code in used.tolist()], narrow(all_codes)
        several = any(column.starts is not None for column in columns)
        return cls(values, all_codes, ends(_concatenated(sizes)) if several else None)

    @classmethod
    def read(cls, file: ArrayFile, name: str) -> Column:
        """The column of this name in a file."""
        return cls(json.loads(file[f"{name}.values"].tobytes()), file[f"{name}.codes"], file.get(f"{name}.starts"))

    def arrays(self, name: str) -> dict[str, NDArray[Any]]:
        """The arrays that `read` reads."""
        values = blob(json.dumps(self.values, ensure_ascii=False, separators=(",", ":")).encode())
        arrays: dict[str, NDArray[Any]] = {f"{name}.values": values, f"{name}.codes": self.codes}
        return arrays if self.starts is None else arrays | {f"{name}.starts": self.starts}

    def __len__(self) -> int:
        return len(self.codes) if self.starts is None else len(self.starts) - 1

    def _sizes(self) -> Numbers:
        return np.ones(len(self.codes), np.int64) if self.starts is None else self.starts[1:].astype(np.int64) - self.starts[:-1]

    def row(self, number: int) -> list[Value]:
        """The values of a row."""
        codes = self.codes[number : number + 1] if self.starts is None else self.codes[self.starts[number] : self.starts[number + 1]]
        return [self.values[code] for code in codes.tolist()]

    def holding(self, accepted: Mask, rows: Numbers | slice = ALL) -> Mask:
        """Which of these rows have one of the values accepted."""
        if self.starts is None:
            return accepted[self.codes[rows]]
        held: Mask = accepted[self.codes]
        return (np.logical_or.reduceat(held, self.starts[:-1].astype(np.int64)) if len(held) else held)[rows]

    def equal_to(self, value: Value, rows: Numbers | slice = ALL) -> Mask:
        """Which of these rows have this value."""
        return self.holding(np.array([own == value for own in self.values], np.bool_), rows)

    def counts(self, weights: Numbers) -> Numbers:
        """How much the rows that have each value weigh together."""
        weights = weights if self.starts is None else np.repeat(weights, self._sizes())
        return np.bincount(self.codes, weights, len(self.values)).astype(np.int64)

    def counts_in(self, rows: Numbers) -> Numbers:
        """How many of these rows have each value."""
        if self.starts is None:
            return np.bincount(self.codes[rows], minlength=len(self.values))
        firsts = self.starts[rows].astype(np.int64)
        sizes = self.starts[rows + 1].astype(np.int64) - firsts
        # The codes of all these rows: each row's first, then the next ones.
        steps = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return np.bincount(self.codes[np.repeat(firsts, sizes) + steps], minlength=len(self.values))

    def ranks(self) -> Numbers:
        """Where the most exact value of each row, its last, stands in the order of the values, unknown last."""
        order = sorted(range(len(self.values)), key=lambda code: (self.values[code] is None, self.values[code] or 0))
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        return rank[self.last_codes()]

    def last_codes(self) -> Numbers:
        """The code of the most exact value of each row, its last."""
        return (self.codes if self.starts is None else self.codes[self.starts[1:].astype(np.int64) - 1]).astype(np.int64)


def _concatenated(arrays: Sequence[Ints]) -> Ints:
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays) if arrays else np.empty(0, np.int64)
