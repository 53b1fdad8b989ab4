"""What the figures of a segment's passages count, with a row per figure, so that those of one label are found without reading passages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.fold import fold
from indexer.declared import DETAIL
from indexer.engines.whoosh.arrays.columns import Column, Mask
from indexer.engines.whoosh.arrays.files import ArrayFile, packed_counts, packed_values, read_counts, read_values
from indexer.engines.whoosh.arrays.postings import Numbers
from indexer.facts import FigureValue
from indexer.joined import ranges
from indexer.records import CountedFigure

_SIZES, _LABELS, _VALUES = "figures", "figures.label", "figures.value"


@dataclass(frozen=True, slots=True)
class CountedFigures:
    """What each figure counts, and its value, in the order of their passages."""

    sizes: Numbers
    """How many figures each passage states."""
    labels: Column
    """For each figure its folded label, `DETAIL`, and its indicator, "" if it has none."""
    values: Column
    """For each figure its `FigureValue`, as "value|to|unit"."""

    @classmethod
    def of(cls, passages: Iterable[Sequence[CountedFigure]]) -> CountedFigures:
        """The figures of these passages."""
        folded = lru_cache(maxsize=10_000)(fold)
        sizes: list[int] = []
        labels: list[tuple[str]] = []
        values: list[tuple[str]] = []
        for figures in passages:
            sizes.append(len(figures))
            labels += [(f"{folded(one.label)}{DETAIL}{one.indicator or ''}",) for one in figures]
            values += [("|".join(one.counted),) for one in figures]
        return cls(np.array(sizes, np.int64), Column.of(labels), Column.of(values))

    @classmethod
    def joined(cls, parts: Sequence[tuple[CountedFigures, Mask]]) -> CountedFigures:
        """The figures of the chosen passages of each part, concatenated."""
        chosen = [np.repeat(passages, own.sizes) for own, passages in parts]
        return cls(
            np.concatenate([own.sizes[passages] for own, passages in parts]),
            Column.joined([own.labels for own, _ in parts], chosen),
            Column.joined([own.values for own, _ in parts], chosen),
        )

    @classmethod
    def read(cls, file: ArrayFile) -> CountedFigures | None:
        """The figures stored in a file, None if it was written before they were stored."""
        sizes, labels, values = cls.read_sizes(file), _read(file, _LABELS), _read(file, _VALUES)
        return None if sizes is None or labels is None or values is None else cls(sizes, labels, values)

    @staticmethod
    def read_sizes(file: ArrayFile) -> Numbers | None:
        """How many figures each passage of a file states, None if it was written before this was stored."""
        return None if (packed := file.get(_SIZES)) is None else read_counts(packed)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays that `read` reads."""
        return {_SIZES: packed_counts(self.sizes), **_packed(_LABELS, self.labels), **_packed(_VALUES, self.values)}

    def of_label(self, passages: Numbers, label: str, indicators: Set[str] | None) -> tuple[Numbers, list[FigureValue]]:
        """The figures in some passages with a folded label and, if given, one of these indicators.

        Returns, for each figure, the index of its passage in `passages`, ascending, and its value.
        """
        meant = np.array([_is_meant(str(held), label, indicators) for held in self.labels.values], np.bool_)
        ends, sizes = self.sizes.cumsum()[passages], self.sizes[passages]
        every = ranges(ends - sizes, ends)
        held = meant[self.labels.codes[every]]
        codes, of_figure = np.unique(self.values.codes[every[held]], return_inverse=True)
        values = [_value_of(str(self.values.values[code])) for code in codes.tolist()]
        return np.repeat(np.arange(len(passages)), sizes)[held], [values[code] for code in of_figure.tolist()]


def _packed(name: str, column: Column) -> dict[str, NDArray[Any]]:
    # Most figures share few labels and values, so compressing the codes reduces them to a third.
    return {f"{name}.values": packed_values(column.values), f"{name}.codes": packed_counts(column.codes)}


def _read(file: ArrayFile, name: str) -> Column | None:
    if (codes := file.get(f"{name}.codes")) is None:
        return None
    return Column(read_values(file[f"{name}.values"]), read_counts(codes), None)


def _is_meant(held: str, label: str, indicators: Set[str] | None) -> bool:
    if not held.startswith(label):
        return False
    own, _, indicator = held.rpartition(DETAIL)
    return own == label and (indicators is None or indicator in indicators)


def _value_of(held: str) -> FigureValue:
    value, to, unit = held.split("|")
    return value, to, unit
