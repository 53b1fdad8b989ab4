"""Parts of one query worked on side by side, by the thread that wants them and a few others: numpy lets others run while it computes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import TypeVar

import numpy as np

from indexer.engines.whoosh.arrays.columns import Mask
from indexer.pool import cores

Part = TypeVar("Part")
Done = TypeVar("Done")

MOST = 4
"""Threads that work on one query, the one that wants it among them: all of them read from the same memory."""

TOGETHER = 50_000
"""Postings that are worked on together, by one of the threads of a large index: so many, eight bytes each, and what is made of them stay in
the processor's cache."""

COMPILED_TOGETHER = 200_000
"""The same by compiled loops, which write little of what they read: so many, for each call has some steps of Python before and after it."""


class Threads:
    """A few threads that help those who ask. None is started before there is work for two; one that is busy elsewhere is not waited for."""

    def __init__(self, most: int = MOST) -> None:
        """At most so many, and no more than there are cores, work on one query."""
        self._helpers = min(most, cores()) - 1
        self._pool = ThreadPoolExecutor(max(1, self._helpers), thread_name_prefix="evaluation")

    def close(self) -> None:
        """End the threads once they have done what they began; from then on everybody works alone."""
        self._helpers = 0
        self._pool.shutdown(wait=False, cancel_futures=True)

    def each(self, work: Callable[[Part], Done], parts: Sequence[Part]) -> list[Done]:
        """What is made of each part, in the order of the parts.

        Raises:
            BaseException: What `work` raises for a part; those that were begun are finished first, and no other one is begun.
        """
        if len(parts) < 2:
            return [*map(work, parts)]
        waiting = deque(enumerate(parts))
        over: SimpleQueue[tuple[int, Done | None, BaseException | None]] = SimpleQueue()

        def work_on() -> None:
            while (one := _next(waiting)) is not None:
                at, part = one
                try:
                    over.put((at, work(part), None))
                except BaseException as error:  # raised again where the parts were wanted
                    over.put((at, None, error))
                    while (left := _next(waiting)) is not None:
                        over.put((left[0], None, None))

        self._help(work_on, len(parts) - 1)
        work_on()
        # Each part comes here once, whoever had it.
        found = sorted((over.get() for _ in parts), key=lambda one: one[0])
        for _, _, error in found:
            if error is not None:
                raise error
        return [done for _, done, _ in found]  # type: ignore[misc]  # without an error each is done

    def _help(self, work_on: Callable[[], None], wanted: int) -> None:
        try:
            for _ in range(min(self._helpers, wanted)):
                self._pool.submit(work_on)
        except RuntimeError:
            # Closed meanwhile by another thread, or the system starts no more of them.
            self.close()


def _next(waiting: deque[tuple[int, Part]]) -> tuple[int, Part] | None:
    """The first that waits, taken away; None where none does. No two threads get the same one."""
    try:
        return waiting.popleft()
    except IndexError:
        return None


def parts(count: int) -> list[slice]:
    """So many numbers in parts that are worked on side by side, `TOGETHER` each or fewer."""
    return [slice(first, min(first + TOGETHER, count)) for first in range(0, max(1, count), TOGETHER)]


def groups(segments: int, postings: int, *, compiled: bool) -> list[Mask | None]:
    """So many segments in groups of neighbours, each of about `TOGETHER` of all postings, or one of all: None."""
    count = min(segments, postings // (COMPILED_TOGETHER if compiled else TOGETHER))
    if count < 2:
        return [None]
    group_of = np.arange(segments) * count // segments
    return [group_of == group for group in range(count)]
