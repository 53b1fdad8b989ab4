"""Joins printed lines into paragraphs and rows, using the widths of text blocks and the distances between lines. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from indexer.loaders.around_text import NOTE
from indexer.loaders.document import Line
from indexer.loaders.reflow import Row, join, paragraphs
from indexer.loaders.sheets import Printed

_LEADERS = re.compile(r"[.…·‥・_]{3}\s*+\d{1,3}$")
"""How entries of a table of contents end."""


@dataclass(frozen=True, slots=True)
class _Measure:
    """The left and right edge to which lines are set."""

    left: float
    right: float


def lines_of(printed: Sequence[Printed]) -> Iterator[Line]:
    """Paragraphs and rows in order; footnotes follow the paragraph in which or below which they appear."""
    prose = [line for line in printed if line.table is None and not line.note]
    size = median(line.size for line in prose) if prose else 10.0
    measures = _measures(prose, size)
    pitch = {key: _pitch([line for line in prose if line.measure == key], size) for key in {line.measure for line in prose}}
    run: list[Printed] = []
    notes: list[tuple[int, Printed]] = []
    for line in printed:
        if line.note:
            notes.append((len(run), line))
        elif line.table is not None:
            yield from _paragraphs(run, notes, measures, pitch, size)
            run, notes = [], []
            yield Line(line.text.strip(), page=line.page, turns=line.until is not None, ocr=line.scanned)
        else:
            run.append(line)
    yield from _paragraphs(run, notes, measures, pitch, size)


def _paragraphs(
    run: Sequence[Printed],
    notes: Sequence[tuple[int, Printed]],
    measures: dict[tuple[int, int], _Measure],
    pitch: dict[tuple[int, ...], float],
    size: float,
) -> Iterator[Line]:
    """The paragraphs of lines without a table between them, with the footnotes, each given with the number of lines before it."""
    waiting = list(notes)
    if run:
        widest = max((measures[line.block].right - measures[line.block].left) / size for line in run)
        rows = []
        previous: Printed | None = None
        for line in run:
            measure = measures[line.block]
            end = widest - (measure.right - line.right) / size
            rows.append(
                Row(line.text, (line.left - measure.left) / size, end, _is_apart(previous, line, pitch, size), _turns(previous, line))
            )
            previous = line
        starts = paragraphs(rows, widest)
        for (start, text), after in zip(starts, [*(start for start, _ in starts[1:]), len(rows)], strict=True):
            ocr = any(line.scanned for line in run[start:after])
            yield Line(text, page=run[start].page, turns=run[after - 1].page != run[start].page, ocr=ocr)
            while waiting and waiting[0][0] <= after:
                yield from _note(waiting)
    while waiting:
        yield from _note(waiting)


def _note(waiting: list[tuple[int, Printed]]) -> Iterator[Line]:
    """Take the first footnote from the list: its lines up to the next one that begins with a note mark."""
    _, line = waiting.pop(0)
    text = line.text
    while waiting and waiting[0][1].page == line.page and not NOTE.match(waiting[0][1].text):
        text = join(text, waiting.pop(0)[1].text)
    yield Line(text, page=line.page, note=True, ocr=line.scanned)


def _is_apart(previous: Printed | None, line: Printed, pitch: dict[tuple[int, ...], float], size: float) -> bool:
    """Whether a line does not continue the one before: there is a gap, another size, another width, or an entry of a table of contents."""
    if previous is None:
        return True
    if previous.measure != line.measure and (len(previous.measure), previous.measure[:2]) != (len(line.measure), line.measure[:2]):
        return True
    gap = line.block == previous.block and line.top - previous.top > 1.3 * pitch[line.measure]
    return gap or abs(line.size - previous.size) > 0.1 * size or _LEADERS.search(previous.text) is not None


def _turns(previous: Printed | None, line: Printed) -> bool:
    return previous is not None and previous.block != line.block


def _measures(prose: Sequence[Printed], size: float) -> dict[tuple[int, int], _Measure]:
    """The measure of each block: its own if enough lines are full, else the common one of all lines with the same layout."""
    alike: dict[tuple[int, ...], list[Printed]] = defaultdict(list)
    own: dict[tuple[int, int], list[Printed]] = defaultdict(list)
    for line in prose:
        alike[line.measure].append(line)
        own[line.block].append(line)
    common = {measure: _common(measure, lines, size) for measure, lines in alike.items()}
    found = {}
    for block, lines in own.items():
        measure = _measure(lines)
        flush = sum(measure.right - line.right < size for line in lines)
        found[block] = measure if flush >= 3 and flush >= 0.2 * len(lines) else common[lines[0].measure]
    return found


def _common(measure: tuple[int, ...], lines: Sequence[Printed], size: float) -> _Measure:
    """The common measure of lines with the same layout. If lines across the page are never full, the right margin equals the left one."""
    found = _measure(lines)
    opposite = 5.0 * measure[0] - found.left
    full = sum(found.right - line.right < size for line in lines)
    return _Measure(found.left, opposite) if len(measure) == 2 and full < 3 and found.right < opposite - 3 * size else found


def _measure(lines: Sequence[Printed]) -> _Measure:
    widest = max(line.right - line.left for line in lines)
    wide = [line for line in lines if line.right - line.left > 0.5 * widest]
    return _Measure(min(line.left for line in wide), max(line.right for line in wide))


def _pitch(lines: Sequence[Printed], size: float) -> float:
    """The usual distance from line to line."""
    steps = [
        below.top - above.top
        for above, below in pairwise(lines)
        if above.block == below.block and 0.5 * size < below.top - above.top < 5 * size
    ]
    return Counter(round(step, 0) for step in steps).most_common(1)[0][0] if steps else 1.5 * size
