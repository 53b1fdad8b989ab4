"""Which texts are nearly the same: by a sample of their sentences."""

from __future__ import annotations

import hashlib
import re

from indexer.analysis.fold import fold
from indexer.model import Report

SAMPLE = 16
"""Sentences of a sample: those whose hashes are smallest, so that like texts have like samples (Broder, "On the resemblance and
containment of documents", 1997)."""
ALIKE = 10
"""Common sentences from which two texts are nearly the same. By the binomial law two texts that share 95 % of their sentences are missed
once in 2,700 times, and two that share 30 % are taken for the same once in 12,000."""

_SENTENCES = re.compile("[。;!?]")
_SHORT = 10
"""Code points below which a sentence tells nothing."""


def sample(report: Report) -> tuple[str, ...]:
    """Eight hexadecimal digits for each sampled sentence of a report's body; fewer than `SAMPLE` where it is short."""
    sentences = {sentence for passage in report.paragraphs for sentence in _SENTENCES.split(fold(passage.text)) if len(sentence) >= _SHORT}
    return tuple(sorted(hashlib.blake2b(sentence.encode(), digest_size=4).hexdigest() for sentence in sentences)[:SAMPLE])


class Likeness:
    """Samples by name; finds the one that a new one is like."""

    def __init__(self) -> None:
        self._samples: dict[str, tuple[str, ...]] = {}
        self._names: dict[str, set[str]] = {}

    def add(self, name: str, sampled: tuple[str, ...]) -> None:
        """Remember a sample, instead of the one of this name."""
        for sentence in self._samples.get(name, ()):
            self._names[sentence].discard(name)
        self._samples[name] = sampled
        for sentence in sampled:
            self._names.setdefault(sentence, set()).add(name)

    def nearest(self, name: str, sampled: tuple[str, ...]) -> tuple[str, int] | None:
        """The name of the likest other sample and how many sentences of this one it has, None where fewer than `ALIKE`."""
        counts: dict[str, int] = {}
        for sentence in sampled:
            for other in self._names.get(sentence, ()):
                if other != name:
                    counts[other] = counts.get(other, 0) + 1
        best = min(counts.items(), key=lambda entry: (-entry[1], entry[0]), default=None)
        return best if best and best[1] >= ALIKE else None
