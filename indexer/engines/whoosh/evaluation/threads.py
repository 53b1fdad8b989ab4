"""Runs parts of one query in parallel, in the calling thread and a few others: numpy releases the GIL while it computes."""

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
"""At most so many threads work on one query, the calling one included: they share the memory's bandwidth."""

TOGETHER = 50_000
"""Postings in one part of the work in a large index: so few that they, eight bytes each, and the results stay in the processor's cache."""

COMPILED_TOGETHER = 200_000
"""The same for compiled loops, which write little of what they read; more, because each call has some Python steps around it."""


class Threads:
    """A few threads that help the calling one. They start only when there is work for two, and a caller never waits for a busy one."""

    def __init__(self, most: int = MOST) -> None:
        """At most `most` threads, and no more than there are cores, work on one query."""
        self._helpers = min(most, cores()) - 1
        self._pool = ThreadPoolExecutor(max(1, self._helpers), thread_name_prefix="evaluation")

    def close(self) -> None:
        """End the threads once they have finished their current part; from then on each caller works alone."""
        self._helpers = 0
        self._pool.shutdown(wait=False, cancel_futures=True)

    def each(self, work: Callable[[Part], Done], parts: Sequence[Part]) -> list[Done]:
        """The results of `work` for each part, in the order of the parts.

        Raises:
            BaseException: Whatever `work` raises for a part; parts already begun are finished first, and no others are begun.
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
                except BaseException as error:  # raised again in the calling thread
                    over.put((at, None, error))
                    while (left := _next(waiting)) is not None:
                        over.put((left[0], None, None))

        self._help(work_on, len(parts) - 1)
        work_on()
        # Each part arrives here once, whichever thread had it.
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
            # Another thread has closed the pool, or the system cannot start more threads.
            self.close()


def _next(waiting: deque[tuple[int, Part]]) -> tuple[int, Part] | None:
    """Take the first waiting part, None if there is none. No two threads get the same part."""
    try:
        return waiting.popleft()
    except IndexError:
        return None


def parts(count: int) -> list[slice]:
    """Slices of at most `TOGETHER` that together cover `range(count)`, to be worked on in parallel."""
    return [slice(first, min(first + TOGETHER, count)) for first in range(0, max(1, count), TOGETHER)]


def groups(segments: int, postings: int, *, compiled: bool) -> list[Mask | None]:
    """Masks that divide the segments into groups of neighbours with about `TOGETHER` of the postings each; [None] for one group of all."""
    count = min(segments, postings // (COMPILED_TOGETHER if compiled else TOGETHER))
    if count < 2:
        return [None]
    group_of = np.arange(segments) * count // segments
    return [group_of == group for group in range(count)]
