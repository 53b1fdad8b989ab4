"""The words of many texts, cut in worker processes on all cores.

A worker is `python -m indexer.analysis.segmentation`, whatever the caller is: a script without a `__main__` guard, a server,
a notebook. It reads pickled lists of texts and writes pickled `Words`; both ends are this module.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.words import is_wordlike, raw_search_words

WORTH_WORKERS = 400_000
"""Code points below which the words are cut here: a worker takes half a second to read the dictionary."""


@dataclass(frozen=True, slots=True)
class Words:
    """The indexed words of some texts: each distinct word once, and for all texts one after another which word stands there."""

    distinct: list[str]
    order: NDArray[np.uint32]
    sizes: NDArray[np.uint32]
    """How many words each text has."""


def words_of(texts: Sequence[str]) -> Words:
    """The words of folded texts, as `indexer.analysis.words.search_words` has them."""
    places: dict[str, int] = {}
    order: list[int] = []
    sizes = []
    for text in texts:
        before = len(order)
        order += [places.setdefault(word, len(places)) for word in raw_search_words(text)]
        sizes.append(len(order) - before)
    # Asked once a distinct word instead of once a word.
    wordlike = np.fromiter(map(is_wordlike, places), np.bool_, len(places))
    numbers = np.array(order, np.uint32)
    kept = wordlike[numbers] if len(numbers) else np.zeros(0, np.bool_)
    owners = np.repeat(np.arange(len(texts)), sizes)[kept]
    renumbered = (np.cumsum(wordlike) - 1).astype(np.uint32)
    distinct = [word for word, good in zip(places, wordlike, strict=True) if good]
    return Words(distinct, renumbered[numbers[kept]], np.bincount(owners, minlength=len(texts)).astype(np.uint32))


def joined(parts: Iterable[Words]) -> Words:
    """The words of several lots of texts as those of one."""
    places: dict[str, int] = {}
    orders = [np.zeros(0, np.uint32)]
    sizes = [np.zeros(0, np.uint32)]
    for part in parts:
        numbers = np.array([places.setdefault(word, len(places)) for word in part.distinct], np.uint32)
        orders.append(numbers[part.order] if len(numbers) else part.order)
        sizes.append(part.sizes)
    return Words(list(places), np.concatenate(orders), np.concatenate(sizes))


class Segmentation:
    """Lots of texts to the futures of their words, in as many processes as there are cores; `close` ends them.

    The first lots are held back: where no more come, they are cut in this process when `flush` is called.
    """

    def __init__(self, processes: int | None = None) -> None:
        self._processes = processes or _cores()
        self._held: list[tuple[Future[Words], list[str]]] = []
        self._held_length = 0
        self._threads: ThreadPoolExecutor | None = None
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        self._workers: list[_Worker] = []

    def submit(self, texts: list[str]) -> Future[Words]:
        """The future of the words of folded texts."""
        if self._threads is not None:
            return self._threads.submit(self._cut, texts)
        future: Future[Words] = Future()
        self._held.append((future, texts))
        self._held_length += sum(map(len, texts))
        if self._held_length >= WORTH_WORKERS and self._processes > 1:
            self._start()
        return future

    def flush(self) -> None:
        """See to it that all futures come true although no more texts may follow."""
        for future, texts in self._held:
            future.set_result(words_of(texts))
        self._held, self._held_length = [], 0

    def close(self) -> None:
        """End the workers; what is not cut yet is not cut any more."""
        if self._threads is not None:
            self._threads.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.end()

    def _start(self) -> None:
        self._threads = ThreadPoolExecutor(self._processes)
        for _ in range(self._processes):
            self._workers.append(_Worker())
            self._idle.put(self._workers[-1])
        for future, texts in self._held:
            self._threads.submit(self._cut, texts).add_done_callback(_handing_on(future))
        self._held, self._held_length = [], 0

    def _cut(self, texts: list[str]) -> Words:
        worker = self._idle.get()
        try:
            return worker.ask(texts)
        finally:
            self._idle.put(worker)


def _cores() -> int:
    """How many this process may use; not every system tells."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _handing_on(future: Future[Words]) -> Any:
    def hand_on(done: Future[Words]) -> None:
        if done.cancelled():
            future.cancel()
        elif (error := done.exception()) is not None:
            future.set_exception(error)
        else:
            future.set_result(done.result())

    return hand_on


class _Worker:
    """A process that cuts words; one question at a time."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "indexer.analysis.segmentation"]
        # The package is found there as it was here, also by a script that put it on `sys.path` itself.
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)

    def ask(self, texts: list[str]) -> Words:
        """The words of folded texts; an error where the process died (for want of memory, say)."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            pickle.dump(texts, self._process.stdin, pickle.HIGHEST_PROTOCOL)
            self._process.stdin.flush()
            words = pickle.load(self._process.stdout)
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            raise RuntimeError(f"a process that cuts words ended (exit code {self._process.poll()}); is there enough memory?") from error
        assert isinstance(words, Words)
        return words

    def end(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()


def main() -> None:
    """Answer until the asking process closes its end."""
    # Ctrl-C reaches the whole group; the asking process ends this one in its own time.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A run of this module is another module than the one that the asking process imported, and pickles name modules.
    from indexer.analysis.segmentation import words_of as answer

    while True:
        try:
            texts = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        pickle.dump(answer(texts), sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
