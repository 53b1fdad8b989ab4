"""What the figures of a segment's passages count, a row for each figure: those of one label are known without opening a passage."""

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
    """Of each figure its label, folded, `DETAIL`, and its indicator, empty where it is of none."""
    values: Column
    """Of each figure its `FigureValue`, "value|to|unit"."""

    @classmethod
    def of(cls, passages: Iterable[Sequence[CountedFigure]]) -> CountedFigures:
        """Those of these passages."""
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
        """Those of the chosen passages of each part, one behind the other."""
        chosen = [np.repeat(passages, own.sizes) for own, passages in parts]
        return cls(
            np.concatenate([own.sizes[passages] for own, passages in parts]),
            Column.joined([own.labels for own, _ in parts], chosen),
            Column.joined([own.values for own, _ in parts], chosen),
        )

    @classmethod
    def read(cls, file: ArrayFile) -> CountedFigures | None:
        """Those of a file, None where it was written before they were stored."""
        sizes, labels, values = cls.read_sizes(file), _read(file, _LABELS), _read(file, _VALUES)
        return None if sizes is None or labels is None or values is None else cls(sizes, labels, values)

    @staticmethod
    def read_sizes(file: ArrayFile) -> Numbers | None:
        """How many figures each passage of a file states, None where it was written before that was stored."""
        return None if (packed := file.get(_SIZES)) is None else read_counts(packed)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays that `read` reads."""
        return {_SIZES: packed_counts(self.sizes), **_packed(_LABELS, self.labels), **_packed(_VALUES, self.values)}

    def of_label(self, passages: Numbers, label: str, indicators: Set[str] | None) -> tuple[Numbers, list[FigureValue]]:
        """The figures of some passages that have a label, folded, and are of these indicators if any.

        Of each figure where in `passages` its passage stands, ascending, and its value.
        """
        meant = np.array([_is_meant(str(held), label, indicators) for held in self.labels.values], np.bool_)
        ends, sizes = self.sizes.cumsum()[passages], self.sizes[passages]
        every = ranges(ends - sizes, ends)
        held = meant[self.labels.codes[every]]
        codes, of_figure = np.unique(self.values.codes[every[held]], return_inverse=True)
        values = [_value_of(str(self.values.values[code])) for code in codes.tolist()]
        return np.repeat(np.arange(len(passages)), sizes)[held], [values[code] for code in of_figure.tolist()]


def _packed(name: str, column: Column) -> dict[str, NDArray[Any]]:
    # Few labels and values stand for most figures: compressed the codes take a third.
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
