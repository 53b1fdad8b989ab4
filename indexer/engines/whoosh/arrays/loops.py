"""Loops compiled by numba that read the mapped posting lists and offsets of pairs in place: nothing is decoded, copied or merged.

`positions` describes the arrays. All segments are in one table (`described`), so that one call, which releases the GIL, goes through all
segments that a thread works on. numba is an optional dependency: only `indexer.engines.whoosh.evaluation.compiled` imports this module,
and does without it if necessary. numba compiles Python whose types it knows; so there are loops here where elsewhere there are array
operations, and memory is read by address.

Every block must be compared with its checksum before it is read, see `arrays.files`: a loop that meets an unchecked block stops without
reading it, and reports that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numba import carray, njit, types
from numba.core import cgutils
from numba.extending import intrinsic, register_jitable
from numpy.typing import NDArray

from indexer.engines.whoosh.arrays.files import BLOCK, Address
from indexer.engines.whoosh.arrays.positions import EVERY, START_BITS, START_MASK
from indexer.engines.whoosh.arrays.postings import MOST, Numbers

if (BLOCK, EVERY, START_BITS, MOST) != (1024, 16, 32, 255):
    # numba reuses its compiled code as long as this file is unchanged, whatever these constants are elsewhere: so change them here as well.
    raise ImportError("what files, positions and postings define is not what these loops were compiled for")

ARRAYS = (
    "bigrams.seconds",
    "bigrams.starts",
    "bigrams.firsts",
    "bigrams.ids",
    "bigrams.counts",
    "bigrams.large",
    "bigrams.large_counts",
    "bigrams.places",
)
_SECONDS, _STARTS, _FIRSTS, _IDS, _COUNTS, _LARGE, _LARGE_COUNTS, _OFFSETS = range(len(ARRAYS))
_SEGMENTS, _FOUND = range(2)
"""The progress of `hold`: segments done, and passages found in them."""
DONE, UNCHECKED, FULL = range(3)
"""The results of `hold`."""
_START, _END, _FIRST, _LAST = range(4)
"""Where a pair is in a segment: begin and end of its postings, and of its offsets."""

SPARSE = 16
"""A list so many times longer than what is looked up in it is searched rather than scanned."""

Function = TypeVar("Function", bound=Callable[..., Any])


class _Array(NamedTuple):
    """An array of a segment, see `CheckedArray.address`. Not a row of the table: passing an array costs more than reading its values."""

    address: int
    width: int
    length: int
    unread: int


def described(segments: Sequence[Sequence[Address]]) -> NDArray[np.int64]:
    """The table of some arrays of these segments (at least one): `ARRAYS`, or `KeyedReader.addresses`. The arrays must outlive it."""
    return np.array(segments, np.int64)


def _part(function: Function) -> Function:
    """Mark a function that compiled ones call."""
    return register_jitable(function)


@intrinsic  # type: ignore[untyped-decorator]
def _pointer(context: Any, address: Any) -> Any:
    def made(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], cgutils.voidptr_t)

    return types.voidptr(types.int64), made


@_part
def _array(table: NDArray[np.int64], segment: int, which: int) -> _Array:
    return _Array(table[segment, which, 0], table[segment, which, 1], table[segment, which, 2], table[segment, which, 3])


@_part
def _bytes(array: _Array, start: int, end: int) -> Any:
    """The values of an array of bytes from `start` to before `end`."""
    return carray(_pointer(array.address + start), end - start, np.uint8)


@_part
def _shorts(array: _Array, start: int, end: int) -> Any:
    """The values of an array of two-byte numbers from `start` to before `end`."""
    return carray(_pointer(array.address + 2 * start), end - start, np.uint16)


@_part
def _value(array: _Array, index: int) -> Any:
    """A value of an array of any width."""
    address = array.address + array.width * index
    if array.width == 1:
        return np.int64(carray(_pointer(address), 1, np.uint8)[0])
    if array.width == 2:
        return np.int64(carray(_pointer(address), 1, np.uint16)[0])
    if array.width == 4:
        return np.int64(carray(_pointer(address), 1, np.uint32)[0])
    return carray(_pointer(address), 1, np.int64)[0]


@_part
def _values(array: _Array, start: int, end: int) -> Any:
    """A copy of the values of an array of any width from `start` to before `end`."""
    values = np.empty(end - start, np.int64)
    for at in range(start, end):
        values[at - start] = _value(array, at)
    return values


@_part
def _checked(array: _Array, start: int, end: int) -> bool:
    """Whether all blocks with the values from `start` to before `end` have been checked."""
    for block in range(start * array.width // BLOCK, (end * array.width + BLOCK - 1) // BLOCK):
        if carray(_pointer(array.unread + block), 1, np.uint8)[0]:
            return False
    return True


@_part
def _searched(array: _Array, low: int, high: int, wanted: int) -> int:
    """Like `bisect_left`, for an array of any width."""
    while low < high:
        middle = (low + high) >> 1
        if _value(array, middle) < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@_part
def _count(large: _Array, large_counts: _Array, posting: int) -> int:
    """How often the pair occurs in a passage whose stored count is `MOST`, which means `MOST` or more."""
    at = _searched(large, 0, large.length, posting)
    if at < large.length and _value(large, at) == posting:
        return _value(large_counts, at)
    return MOST


@_part
def _total(counts: Any, large: _Array, large_counts: _Array, start: int) -> int:
    """How often the pair occurs in all these postings, the first of which is the posting `start` of the segment."""
    total = 0
    for count in counts:
        total += int(count)
    if large.length:
        first = _searched(large, 0, large.length, start)
        for at in range(first, _searched(large, first, large.length, start + len(counts))):
            total += _value(large_counts, at) - MOST
    return total


def _locate(
    table: NDArray[np.int64],
    segments: Numbers,
    begins: Numbers,
    ends: Numbers,
    seconds: Numbers,
    done: int,
    with_offsets: bool,
    located: NDArray[np.int64],
) -> int:
    """See `locate`."""
    for at in range(done, len(segments)):
        segment = segments[at]
        located[at, :] = 0
        of_seconds = _array(table, segment, _SECONDS)
        if not _checked(of_seconds, begins[at], ends[at]):
            return at
        pair = _searched(of_seconds, begins[at], ends[at], seconds[at])
        if pair == ends[at] or _value(of_seconds, pair) != seconds[at]:
            continue
        starts, ids, counts = _array(table, segment, _STARTS), _array(table, segment, _IDS), _array(table, segment, _COUNTS)
        every = pair // EVERY
        if not _checked(starts, every * EVERY if with_offsets else pair, pair + 2):
            return at
        # Never read beyond an array, not even if its file has just been overwritten.
        start, end = _value(starts, pair), min(_value(starts, pair + 1), ids.length)
        if not (_checked(ids, start, end) and _checked(counts, start, end)):
            return at
        if start >= end:
            continue
        if with_offsets:
            firsts, offsets = _array(table, segment, _FIRSTS), _array(table, segment, _OFFSETS)
            large, large_counts = _array(table, segment, _LARGE), _array(table, segment, _LARGE_COUNTS)
            before = _value(starts, every * EVERY)
            if not (
                _checked(firsts, every, every + 1)
                and _checked(counts, before, start)
                and _checked(large, 0, large.length)
                and _checked(large_counts, 0, large.length)
            ):
                return at
            first = _value(firsts, every) + _total(_bytes(counts, before, start), large, large_counts, before)
            last = min(first + _total(_bytes(counts, start, end), large, large_counts, start), offsets.length)
            if not _checked(offsets, first, last):
                return at
            if first >= last:
                continue
            located[at, _FIRST], located[at, _LAST] = first, last
        located[at, _START], located[at, _END] = start, end
    return len(segments)


@_part
def _list(ids: Any, counts: Any, base: int, numbers: Numbers, written: Any, found: int) -> bool:
    most = 0
    for posting in range(len(ids)):
        numbers[found + posting] = base + np.int64(ids[posting])
        count = counts[posting]
        written[found + posting] = count
        most = max(most, int(count))
    return most < MOST


def _gather(
    table: NDArray[np.int64], segments: Numbers, bases: Numbers, located: NDArray[np.int64], numbers: Numbers, counts: NDArray[np.uint8]
) -> bool:
    """See `gather`."""
    found = 0
    for at in range(len(segments)):
        segment = segments[at]
        start, end = located[at, _START], located[at, _END]
        ids, of_bytes = _array(table, segment, _IDS), _bytes(_array(table, segment, _COUNTS), start, end)
        if ids.width == 2:
            sure = _list(_shorts(ids, start, end), of_bytes, bases[segment], numbers, counts, found)
        else:
            sure = _list(_values(ids, start, end), of_bytes, bases[segment], numbers, counts, found)
        if not sure:
            return False
        found += end - start
    return True


@_part
def _spread_list(
    ids: Any, counts: Any, offsets: Any, start: int, large: _Array, large_counts: _Array, base: int, starts: Numbers, found: int
) -> int:
    at = 0
    for posting in range(len(ids)):
        passage = (base + np.int64(ids[posting])) << START_BITS
        count = int(counts[posting])
        if count == MOST:
            count = _count(large, large_counts, start + posting)
        for _ in range(min(count, len(offsets) - at)):
            starts[found] = passage + np.int64(offsets[at])
            at += 1
            found += 1
    return found


def _spread(table: NDArray[np.int64], segments: Numbers, bases: Numbers, located: NDArray[np.int64], starts: Numbers) -> int:
    """See `spread`."""
    found = 0
    for at in range(len(segments)):
        segment = segments[at]
        start, end, first, last = located[at]
        ids, offsets = _array(table, segment, _IDS), _array(table, segment, _OFFSETS)
        counts = _bytes(_array(table, segment, _COUNTS), start, end)
        rest = start, _array(table, segment, _LARGE), _array(table, segment, _LARGE_COUNTS), bases[segment], starts, found
        # The widths of nearly all segments are read in place, others are copied.
        if ids.width == 2 and offsets.width == 2:
            found = _spread_list(_shorts(ids, start, end), counts, _shorts(offsets, first, last), *rest)
        else:
            found = _spread_list(_values(ids, start, end), counts, _values(offsets, first, last), *rest)
    return found


@_part
def _skipped(ids: Any, posting: int, wanted: int) -> int:
    """The first posting from this one on with the passage `wanted` or a later one, by galloping search."""
    low, step, end = posting, 8, len(ids)
    while low + step < end and np.int64(ids[low + step]) < wanted:
        low += step
        step *= 2
    high = min(low + step, end)
    while low < high:
        middle = (low + high) >> 1
        if np.int64(ids[middle]) < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@_part
def _follow_few(
    ids: Any,
    counts: Any,
    offsets: Any,
    start: int,
    large: _Array,
    large_counts: _Array,
    base: int,
    starts: Any,
    behind: int,
    followed: Numbers,
    found: int,
) -> int:
    """`follow` for few passages, each searched in a much longer list."""
    posting = at = 0
    for begin in starts:
        passage = (begin >> START_BITS) - base
        reached = _skipped(ids, posting, passage)
        at += _total(counts[posting:reached], large, large_counts, start + posting)
        posting = reached
        if posting == len(ids):
            break
        if np.int64(ids[posting]) == passage:
            count = _total(counts[posting : posting + 1], large, large_counts, start + posting)
            wanted = (begin & START_MASK) + behind
            for offset in range(at, min(at + count, len(offsets))):
                if np.int64(offsets[offset]) == wanted:
                    followed[found] = begin
                    found += 1
                    break
    return found


@_part
def _follow_many(
    ids: Any,
    counts: Any,
    offsets: Any,
    start: int,
    large: _Array,
    large_counts: _Array,
    base: int,
    starts: Any,
    behind: int,
    followed: Numbers,
    found: int,
    postings: Any,
    ends: Any,
) -> int:
    """`follow` for many passages, by a table from passage to posting: merging both lists would take an unpredictable branch per step."""
    postings[:] = 0
    # Posting 0 stands for passages without the pair, and has no offsets.
    ends[0] = ends[1] = at = 0
    for posting in range(len(ids)):
        passage = np.int64(ids[posting])
        if passage < len(postings):
            postings[passage] = posting + 1
        count = int(counts[posting])
        if count == MOST:
            count = _count(large, large_counts, start + posting)
        at = min(at + count, len(offsets))
        ends[posting + 2] = at
    # First keep the starts whose passage contains the pair, without branches: others are overwritten by the next one.
    last = found
    for begin in starts:
        followed[last] = begin
        last += postings[(begin >> START_BITS) - base] != 0
    for index in range(found, last):
        begin = followed[index]
        posting = postings[(begin >> START_BITS) - base]
        wanted = (begin & START_MASK) + behind
        followed[found] = begin
        holds = False
        for offset in range(ends[posting], ends[posting + 1]):
            holds |= np.int64(offsets[offset]) == wanted
        found += holds
    return found


def _follow(
    table: NDArray[np.int64],
    segments: Numbers,
    bases: Numbers,
    located: NDArray[np.int64],
    starts: Numbers,
    bounds: Numbers,
    behind: int,
    followed: Numbers,
) -> int:
    """See `follow`."""
    found = passages = longest = 0
    for at in range(len(segments)):
        passages = max(passages, bases[segments[at] + 1] - bases[segments[at]])
        longest = max(longest, located[at, _END] - located[at, _START])
    postings, ends = np.empty(passages, np.uint32), np.empty(longest + 2, np.uint32)
    for at in range(len(segments)):
        segment = segments[at]
        start, end, first, last = located[at]
        own = starts[bounds[segment] : bounds[segment + 1]]
        if start == end or not len(own):
            continue
        ids, offsets = _array(table, segment, _IDS), _array(table, segment, _OFFSETS)
        counts = _bytes(_array(table, segment, _COUNTS), start, end)
        large, large_counts = _array(table, segment, _LARGE), _array(table, segment, _LARGE_COUNTS)
        rest = start, large, large_counts, bases[segment], own, behind, followed, found
        if ids.width != 2 or offsets.width != 2:
            found = _follow_few(_values(ids, start, end), counts, _values(offsets, first, last), *rest)
        elif len(own) * SPARSE < len(counts):
            found = _follow_few(_shorts(ids, start, end), counts, _shorts(offsets, first, last), *rest)
        else:
            scratch = postings[: bases[segment + 1] - bases[segment]], ends
            found = _follow_many(_shorts(ids, start, end), counts, _shorts(offsets, first, last), *rest, *scratch)
    return found


def _hold(
    table: NDArray[np.int64], leading: Numbers, rests: Numbers, segments: Numbers, which: Numbers, ids: Numbers, done: Numbers
) -> int:
    """See `hold`."""
    for segment in range(done[_SEGMENTS], len(table)):
        found = done[_FOUND]
        starts, of_rests, of_ids = _array(table, segment, 0), _array(table, segment, 1), _array(table, segment, 2)
        for key in range(len(leading)):
            begin, end = _value(starts, leading[key]), min(_value(starts, leading[key] + 1), of_rests.length, of_ids.length)
            if begin >= end:
                continue
            if not _checked(of_rests, begin, end):
                return UNCHECKED
            at = _searched(of_rests, begin, end, rests[key])
            while at < end and _value(of_rests, at) == rests[key]:
                if not _checked(of_ids, at, at + 1):
                    return UNCHECKED
                if found == len(ids):
                    return FULL
                segments[found], which[found], ids[found] = segment, key, _value(of_ids, at)
                found += 1
                at += 1
        done[_SEGMENTS], done[_FOUND] = segment + 1, found
    return DONE


def _compiled(function: Function, signature: Any) -> Function:
    """The compiled function, cached on disk if numba finds a folder for that (`NUMBA_CACHE_DIR`)."""
    try:
        compiled: Function = njit(signature, nogil=True, cache=True)(function)
    except (RuntimeError, OSError):
        compiled = njit(signature, nogil=True)(function)
    return compiled


_BYTES = types.Array(types.uint8, 1, "C")
_NUMBERS, _TABLE, _LOCATED = (types.Array(types.int64, dimensions, "C") for dimensions in (1, 3, 2))
_READ_NUMBERS = types.Array(types.int64, 1, "C", readonly=True)

locate = _compiled(_locate, types.int64(_TABLE, _NUMBERS, _NUMBERS, _NUMBERS, _NUMBERS, types.int64, types.boolean, _LOCATED))
"""Find a pair in the segments that have both of its characters, from the index `done` on. For each segment, `begins` and `ends` bound
the pairs that begin with the first character, and `seconds` is the number of the second. Offsets are only located if `with_offsets`.
Returns the index of the first segment with a block that must be checked before it is read, or the number of segments."""
gather = _compiled(_gather, types.boolean(_TABLE, _NUMBERS, _NUMBERS, _LOCATED, _NUMBERS, _BYTES))
"""Write the passages, ascending, that contain a pair located in these segments, and how often each does; returns whether all counts are
below `MOST` and so complete."""
spread = _compiled(_spread, types.int64(_TABLE, _NUMBERS, _NUMBERS, _LOCATED, _NUMBERS))
"""Write the starts of a pair located in these segments, ascending; returns how many there are."""
follow = _compiled(_follow, types.int64(_TABLE, _NUMBERS, _NUMBERS, _LOCATED, _READ_NUMBERS, _NUMBERS, types.int64, _NUMBERS))
"""Write the starts that have a pair, located in these segments, `behind` characters further on; `bounds` divide the starts by segment of
the index. Returns how many there are."""
hold = _compiled(_hold, types.int64(_TABLE, _NUMBERS, _NUMBERS, _NUMBERS, _NUMBERS, _NUMBERS, _NUMBERS))
"""Write the passages that contain sentences with some keys, like `KeyedReader.gathered`, continuing from `done`. Returns `UNCHECKED` if a
block of the next segment must be checked before it is read, `FULL` if the arrays have no room for its passages, or `DONE`."""
