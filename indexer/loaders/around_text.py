"""Detects what is printed around the text of pages: footnotes, page numbers, running heads, repeated table heads. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from statistics import median

from indexer.loaders.reflow import join
from indexer.loaders.sheets import Printed

_UNFINISHED = 8
"""A cell of so many characters without closing punctuation may continue on the next page; a shorter one is a figure or a name."""
_PROSE = re.compile("[。；]|，.*，|^[^，]{12,}，")
"""Matches lines of running text, which are never running heads, however often they repeat."""
_PAGE_NUMBER = re.compile(r"[-—–－·\s]*+(?:第?\s*+(\d{1,3})\s*+页?(?:\s*+[/，,共of]*+\s*+\d{1,3}\s*+页?)?)[-—–－·\s]*+")
NOTE = re.compile(r"[①-⑳*＊†]|\[\d+\]|〔\d+〕|注\d*[:：]|\d{1,2}\s*(?=[^\d.、．年月])")
_NOTE_SIZE = 0.9
"""Footnotes are set smaller than this share of the text's font size."""


def with_notes(lines: Sequence[Printed]) -> list[Printed]:
    """The lines, with footnotes marked: small lines at the bottom of a page, from the first with a note mark on."""
    sizes = [line.size for line in lines if line.left_out is None and line.table is None for _ in line.text]
    if not sizes:
        return list(lines)
    limit = _NOTE_SIZE * median(sizes)
    marked = list(lines)
    by_page: dict[int, list[int]] = defaultdict(list)
    for at, line in enumerate(lines):
        if line.left_out is None and not (line.edge and _PAGE_NUMBER.fullmatch(line.text)):
            by_page[line.page].append(at)
    for own in by_page.values():
        foot: list[int] = []
        for at in sorted(own, key=lambda at: -lines[at].top):
            if lines[at].table is not None or lines[at].size > limit:
                break
            foot.append(at)
        if len(foot) < len(own) and foot:
            first = next((at for at in reversed(foot) if NOTE.match(lines[at].text)), None)
            for at in foot:
                if first is not None and lines[at].top >= lines[first].top:
                    marked[at] = replace(lines[at], note=True)
    return marked


def with_furniture(lines: Sequence[Printed]) -> Iterator[Printed]:
    """The lines, with page numbers and lines that repeat at the edge of most pages marked as left out."""
    pages = len({line.page for line in lines})
    edges = {(line.page, _pattern(line.text)) for line in lines if line.edge}
    repeated = Counter(pattern for _, pattern in edges)
    anywhere = Counter((line.text, round(line.top), round(line.left)) for line in lines if line.table is None)
    counted = Counter((line.edge, count[1]) for line in lines if (count := _counted(line)))
    for line in lines:
        count = _counted(line)
        if line.left_out is not None:
            yield line
        elif count and (count[0] or counted[line.edge, count[1]] > 1 or (line.edge == "bottom" and count[1] == 0)):
            yield replace(line, left_out="page-number")
        elif not _PROSE.search(line.text) and (
            (line.edge and pages > 1 and repeated[_pattern(line.text)] > max(1, pages // 2) and not count)
            or (pages > 2 and anywhere[line.text, round(line.top), round(line.left)] == pages)
        ):
            yield replace(line, left_out="running-head")
        else:
            yield line


def _counted(line: Printed) -> tuple[bool, int] | None:
    """For a possible page number: whether it is decorated (such as "- 3 -"), and its difference from the number of the page; else None."""
    number = _PAGE_NUMBER.fullmatch(line.text) if line.edge and line.left_out is None else None
    return (not line.text.strip().isdigit(), int(number[1]) - line.page) if number else None


def _pattern(text: str) -> str:
    return re.sub(r"\d+", "0", text)


def without_repeated_heads(lines: Iterator[Printed]) -> Iterator[Printed]:
    """The lines; where a table continues from the previous page, a first row that repeats its head is marked as left out."""
    head: Printed | None = None
    previous: Printed | None = None
    for line in lines:
        if line.left_out is None:
            begins = line.table is not None and (previous is None or previous.table != line.table)
            goes_on = begins and previous is not None and previous.table is not None and line.page == previous.page + 1
            previous = line
            if goes_on and head is not None and line.text == head.text:
                yield replace(line, left_out="repeated")
                continue
            if begins and not goes_on:
                head = line
        yield line


def with_rows_whole(lines: Iterable[Printed]) -> list[Printed]:
    """The lines, with table rows joined that continue on the next page: there some cells are empty and the others begin in mid-sentence."""
    found: list[Printed] = []
    last: int | None = None
    for line in lines:
        if line.left_out is None:
            above = found[last] if last is not None else None
            if above is not None and last is not None and line.table is not None and line.table != above.table and _goes_on_in(above, line):
                cells = tuple(join(one, other) for one, other in zip(above.cells, line.cells, strict=True))
                found[last] = replace(above, text=" | ".join(cells), cells=cells, until=line.page, scanned=above.scanned or line.scanned)
                continue
            last = len(found)
        found.append(line)
    return found


def _goes_on_in(above: Printed, row: Printed) -> bool:
    """Whether `row`, the first of a page's table, continues `above`, the last row of the previous page."""
    if row.page != (above.until or above.page) + 1 or len(row.cells) != len(above.cells):
        return False
    begun = [one for one, other in zip(above.cells, row.cells, strict=True) if other]
    return len(begun) < len(row.cells) and all(len(one) >= _UNFINISHED and one[-1] not in "。；！？" for one in begun)
