"""Reports that are nearly the same, found by a sample of their sentences; `reindex` warns of them. Open it where it warns wrongly."""

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
"""Sentences of a sample: those whose hashes are smallest, so that like texts have like samples (Broder, "On the resemblance and
containment of documents", 1997)."""
ALIKE = 10
"""Common sentences from which two texts are nearly the same. By the binomial law two texts that share 95 % of their sentences are missed
once in 2,700 times, and two that share 30 % are taken for the same once in 12,000."""

DIGITS = 8
"""Hexadecimal digits that stand for a sentence."""

_SENTENCES = re.compile("[。;!?]")
_SHORT = 10
"""Code points below which a sentence tells nothing."""


def sample(report: Report) -> tuple[str, ...]:
    """`DIGITS` hexadecimal digits for each sampled sentence of a report's body; fewer than `SAMPLE` where it is short."""
    sentences = {sentence for passage in report.paragraphs for sentence in _SENTENCES.split(fold(passage.text)) if len(sentence) >= _SHORT}
    return tuple(sorted(hashlib.blake2b(sentence.encode(), digest_size=DIGITS // 2).hexdigest() for sentence in sentences)[:SAMPLE])


class NearDuplicates:
    """Samples by name; finds the one that a new one is most like.

    Args:
        recorded: The samples known at first, each as its sentences' digits joined.
        stored: The names of further samples that have a sentence, for those that are too many to be read.
    """

    def __init__(self, recorded: Mapping[str, str] = MappingProxyType({}), stored: Callable[[str], Iterable[str]] = lambda _: ()) -> None:
        self._recorded, self._stored = recorded, stored
        self._replaced: set[str] = set()
        """Of those recorded or stored."""
        self._samples: dict[str, tuple[str, ...]] = {}
        self._names: dict[str, set[str]] = {}

    @cached_property
    def _sorted(self) -> tuple[list[str], NDArray[np.uint32], NDArray[np.int64]]:
        """The recorded names; the sentences of all their samples, ascending, and of which name each is."""
        sentences = np.frombuffer(bytes.fromhex("".join(self._recorded.values())), ">u4").astype(np.uint32)
        order = np.argsort(sentences, kind="stable")
        owners = np.repeat(np.arange(len(self._recorded)), [len(sampled) // DIGITS for sampled in self._recorded.values()])
        return list(self._recorded), sentences[order], owners[order]

    def _having(self, sentence: str) -> Iterator[str]:
        """The names whose samples have a sentence."""
        yield from self._names.get(sentence, ())
        yield from (name for name in self._stored(sentence) if name not in self._replaced)
        names, sentences, owners = self._sorted
        wanted = np.uint32(int(sentence, 16))
        first, last = sentences.searchsorted(wanted), sentences.searchsorted(wanted, "right")
        yield from (name for name in map(names.__getitem__, owners[first:last].tolist()) if name not in self._replaced)

    def add(self, name: str, sampled: tuple[str, ...]) -> None:
        """Remember a sample, instead of the one of this name."""
        self._replaced.add(name)
        for sentence in self._samples.get(name, ()):
            self._names[sentence].discard(name)
        self._samples[name] = sampled
        for sentence in sampled:
            self._names.setdefault(sentence, set()).add(name)

    def nearest(self, name: str, sampled: tuple[str, ...]) -> tuple[str, int] | None:
        """The name of the other sample that shares most sentences with this one, and how many; None where fewer than `ALIKE`."""
        counts: dict[str, int] = {}
        for sentence in sampled:
            for other in self._having(sentence):
                if other != name:
                    counts[other] = counts.get(other, 0) + 1
        best = min(counts.items(), key=lambda entry: (-entry[1], entry[0]), default=None)
        return best if best and best[1] >= ALIKE else None
