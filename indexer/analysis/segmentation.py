"""Segments many texts into words, in worker processes on all cores.

A request is a pickled list of texts, a reply pickled `Words`; this module is both ends.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.words import cut, inner_words, is_wordlike, raw_search_words
from indexer.pool import Pool, cores, serve

WORTH_WORKERS = 400_000
"""Fewer code points than this are segmented in this process: a worker takes half a second to read the dictionary."""

SECONDS = 600.0
"""Limit of processor time for one batch; three million characters, the most that a file may hold, take ten seconds."""


@dataclass(frozen=True, slots=True)
class Words:
    """The indexed words of some texts: the distinct words, and for all texts in sequence the index of each word."""

    distinct: list[str]
    order: NDArray[np.uint32]
    sizes: NDArray[np.uint32]
    """The number of words of each text."""
    begins: NDArray[np.bool_]
    """For each code point of the texts, one after the other, whether a word begins there."""


def words_of(texts: Sequence[str]) -> Words:
    """The words of folded texts, as `indexer.analysis.words.search_words` gives them."""
    indices: dict[str, int] = {}
    order: list[int] = []
    sizes = []
    for text in texts:
        before = len(order)
        order += [indices.setdefault(word, len(indices)) for word in raw_search_words(text)]
        sizes.append(len(order) - before)
    # Tested once per distinct word instead of once per occurrence.
    wordlike = np.fromiter(map(is_wordlike, indices), np.bool_, len(indices))
    numbers = np.array(order, np.uint32)
    counted = wordlike[numbers] if len(numbers) else np.zeros(0, np.bool_)
    owners = np.repeat(np.arange(len(texts)), sizes)[counted]
    renumbered = (np.cumsum(wordlike) - 1).astype(np.uint32)
    distinct = [word for word, good in zip(indices, wordlike, strict=True) if good]
    of_texts = np.bincount(owners, minlength=len(texts)).astype(np.uint32)
    return Words(distinct, renumbered[numbers[counted]], of_texts, _begins(texts, list(indices), numbers))


def _begins(texts: Sequence[str], distinct: list[str], numbers: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """`Words.begins`, from the segmenter's words for searching: `numbers` index `distinct`, and the words inside a word precede it."""
    inner = np.fromiter((inner_words(word) if len(word) > 2 else 0 for word in distinct), np.int64, len(distinct))[numbers]
    # Words inside a word precede it, also in nested form; so a word that no later word counts among these is in the text itself.
    inside = (np.bincount(np.arange(len(inner)) - inner, minlength=len(inner)) - 1).cumsum() > 0
    lengths = np.fromiter(map(len, distinct), np.int64, len(distinct))[numbers[~inside]]
    sizes = np.fromiter(map(len, texts), np.int64, len(texts))
    begins = _at_starts(lengths, int(sizes.sum()))
    firsts = (sizes.cumsum() - sizes)[sizes > 0]
    if lengths.sum() == len(begins) and begins[firsts].all():
        return begins
    return _at_starts(np.array([len(word) for text in texts for word in cut(text)], np.int64), len(begins))


def _at_starts(lengths: NDArray[np.int64], size: int) -> NDArray[np.bool_]:
    begins = np.zeros(size, np.bool_)
    starts = lengths.cumsum() - lengths
    begins[starts[starts < size]] = True
    return begins


def joined(parts: Iterable[Words]) -> Words:
    """The words of several batches of texts combined into one."""
    indices: dict[str, int] = {}
    orders = [np.zeros(0, np.uint32)]
    sizes = [np.zeros(0, np.uint32)]
    begins = [np.zeros(0, np.bool_)]
    for part in parts:
        numbers = np.array([indices.setdefault(word, len(indices)) for word in part.distinct], np.uint32)
        orders.append(numbers[part.order] if len(numbers) else part.order)
        sizes.append(part.sizes)
        begins.append(part.begins)
    return Words(list(indices), np.concatenate(orders), np.concatenate(sizes), np.concatenate(begins))


class Batch:
    """Texts that are being segmented, or will be when their words are requested."""

    def __init__(self, texts: list[str]) -> None:
        self._texts: list[str] = texts
        self._future: Future[Words] | None = None

    def begin(self, pool: Pool) -> None:
        """Segment them in a worker."""
        self._future = pool.submit(pickle.dumps(self._texts, pickle.HIGHEST_PROTOCOL), pickle.loads)
        self._texts = []

    def result(self) -> Words:
        """The words; waits for the worker.

        Raises:
            WorkerDied: The worker ended, for example for lack of memory.
        """
        return self._future.result() if self._future is not None else words_of(self._texts)


class Segmentation:
    """Segments batches of folded texts in as many processes as there are cores; `close` ends them.

    Workers start once there is enough for them to do; until then texts are segmented in this process, on request.
    """

    def __init__(self, processes: int | None = None) -> None:
        self._processes = processes or cores()
        self._waiting: list[Batch] = []
        self._length = 0
        self._pool: Pool | None = None

    def submit(self, texts: list[str]) -> Batch:
        """A batch of these folded texts."""
        batch = Batch(texts)
        if self._pool is not None:
            batch.begin(self._pool)
            return batch
        self._waiting.append(batch)
        self._length += sum(map(len, texts))
        if self._length >= WORTH_WORKERS and self._processes > 1:
            self._pool = Pool("indexer.analysis.segmentation", size=self._processes, seconds=SECONDS)
            for each in self._waiting:
                each.begin(self._pool)
            self._waiting = []
        return batch

    def close(self) -> None:
        """End the workers; pending batches are dropped."""
        if self._pool is not None:
            self._pool.close()


def main() -> None:
    """Answer requests until the parent closes the pipe."""
    # Run as __main__, this is not the module that the parent imported, and pickles refer to classes by module.
    from indexer.analysis.segmentation import words_of as answer

    serve(lambda request: pickle.dumps(answer(pickle.loads(request)), pickle.HIGHEST_PROTOCOL), SECONDS)


if __name__ == "__main__":
    main()
