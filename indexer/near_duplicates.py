"""Finds reports that are nearly the same by a sample of their sentences; `reindex` warns of them. Look here if it warns wrongly."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.fold import fold
from indexer.model import Report

SAMPLE = 16
"""Sentences per sample: those with the smallest hashes, so that similar texts have similar samples (Broder, "On the resemblance and
containment of documents", 1997)."""
ALIKE = 10
"""Shared sentences from which two texts count as nearly the same. By the binomial distribution, two texts that share 95 % of their
sentences are missed once in 2,700 times, and two that share 30 % are taken for the same once in 12,000."""

DIGITS = 8
"""Hexadecimal digits per sentence."""

_SENTENCES = re.compile("[。;!?]")
_SHORT = 10
"""Sentences shorter than this, in code points, are ignored."""


def sample(report: Report) -> tuple[str, ...]:
    """`DIGITS` hexadecimal digits for each sampled sentence of a report's body; fewer than `SAMPLE` if it is short."""
    sentences = {sentence for passage in report.paragraphs for sentence in _SENTENCES.split(fold(passage.text)) if len(sentence) >= _SHORT}
    return tuple(sorted(hashlib.blake2b(sentence.encode(), digest_size=DIGITS // 2).hexdigest() for sentence in sentences)[:SAMPLE])


class NearDuplicates:
    """Samples by name; finds the one most similar to a new one.

    Args:
        recorded: The initial samples, each the concatenated digits of its sentences.
        stored: Finds the names of further samples that have a sentence, if these are too many to load.
    """

    def __init__(self, recorded: Mapping[str, str] = MappingProxyType({}), stored: Callable[[str], Iterable[str]] = lambda _: ()) -> None:
        self._recorded, self._stored = recorded, stored
        self._replaced: set[str] = set()
        """Names whose recorded or stored sample no longer counts."""
        self._samples: dict[str, tuple[str, ...]] = {}
        self._names: dict[str, set[str]] = {}

    @cached_property
    def _sorted(self) -> tuple[list[str], NDArray[np.uint32], NDArray[np.int64]]:
        """The recorded names; all sentences of their samples, ascending; and for each sentence the index of its name."""
        sentences = np.frombuffer(bytes.fromhex("".join(self._recorded.values())), ">u4").astype(np.uint32)
        order = np.argsort(sentences, kind="stable")
        owners = np.repeat(np.arange(len(self._recorded)), [len(sampled) // DIGITS for sampled in self._recorded.values()])
        return list(self._recorded), sentences[order], owners[order]

    def _having(self, sentence: str) -> Iterator[str]:
        """The names whose samples contain a sentence."""
        yield from self._names.get(sentence, ())
        yield from (name for name in self._stored(sentence) if name not in self._replaced)
        names, sentences, owners = self._sorted
        wanted = np.uint32(int(sentence, 16))
        first, last = sentences.searchsorted(wanted), sentences.searchsorted(wanted, "right")
        yield from (name for name in map(names.__getitem__, owners[first:last].tolist()) if name not in self._replaced)

    def add(self, name: str, sampled: tuple[str, ...]) -> None:
        """Add a sample, replacing any earlier one of this name."""
        self._replaced.add(name)
        for sentence in self._samples.get(name, ()):
            self._names[sentence].discard(name)
        self._samples[name] = sampled
        for sentence in sampled:
            self._names.setdefault(sentence, set()).add(name)

    def nearest(self, name: str, sampled: tuple[str, ...]) -> tuple[str, int] | None:
        """The name of the other sample that shares the most sentences, and how many it shares; None if fewer than `ALIKE`."""
        counts: dict[str, int] = {}
        for sentence in sampled:
            for other in self._having(sentence):
                if other != name:
                    counts[other] = counts.get(other, 0) + 1
        best = min(counts.items(), key=lambda entry: (-entry[1], entry[0]), default=None)
        return best if best and best[1] >= ALIKE else None
