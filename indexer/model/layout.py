"""Lays out headings and paragraphs as sections and passages, in the same way for parsed files and structured text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from indexer.errors import InvalidReport
from indexer.facts import find_statistics, name_instruments
from indexer.model.passages import Kind, Passage, Section
from indexer.outline import OTHER_PART, PLANS, find_items, part_of, read_number


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as the parser found it; `run_in` if its text opens the paragraph that follows."""

    level: int
    """As `HeadingNumber.level`."""
    number: str | None
    heading: str
    text: str
    run_in: bool = False
    page: int | None = None
    """The page on which it begins, as `Passage.page`."""
    ocr: bool = False
    """As `Passage.ocr`."""


@dataclass(frozen=True, slots=True)
class Body:
    """A body paragraph as the parser found it."""

    text: str
    start: int = 0
    """Where its own text begins, after a run-in heading."""
    piece: int = 1
    """The number of this piece of a paragraph too long for one passage, from 1; the other pieces follow it."""
    page: int | None = None
    """The page on which it begins, as `Passage.page`."""
    ocr: bool = False
    """As `Passage.ocr`."""


Nested = tuple[int, "Heading | Body"]
"""The index of a block's section, in order of appearance from 0, or -1 for none; and the block."""


def nest_by_level(blocks: Iterable[Heading | Body]) -> Iterator[Nested]:
    """The blocks in text order, each below the nearest heading before it (a heading: the nearest of a smaller level)."""
    opened: list[tuple[int, int]] = []
    count = 0
    for block in blocks:
        if isinstance(block, Heading):
            while opened and opened[-1][0] >= block.level:
                opened.pop()
        yield opened[-1][1] if opened else -1, block
        if isinstance(block, Heading):
            opened.append((block.level, count))
            count += 1


def nest_by_path(rows: Iterable[tuple[tuple[str, ...], str]]) -> Iterator[Nested]:
    """The blocks of rows as `Report.from_blocks` takes them: a heading where its path first appears, then the paragraph."""
    numbers: dict[tuple[str, ...], int] = {(): -1}
    for path, text in rows:
        if not text.strip():
            raise InvalidReport("a paragraph is empty: leave it out")
        for depth in range(1, len(path) + 1):
            if path[:depth] not in numbers:
                if not path[depth - 1].strip():
                    raise InvalidReport(f"a heading of {path!r} is empty: leave it out")
                yield numbers[path[: depth - 1]], _read_heading(path[depth - 1], depth)
                numbers[path[:depth]] = len(numbers) - 1
        yield numbers[path], Body(text)


def _read_heading(text: str, depth: int) -> Heading:
    number = read_number(text)
    if number is None:
        return Heading(depth, None, text.strip().rstrip("。"), text)
    return Heading(number.level, number.shown, text[number.length :].strip().rstrip("。"), text)


def lay_out(
    title: str, blocks: Iterable[Nested], page: int | None = None, ocr: bool = False
) -> tuple[tuple[Section, ...], tuple[Passage, ...]]:
    """Sections and passages with their anchors, standard parts and facts.

    `page` and `ocr` are the title's.
    """
    blocks = list(blocks)
    level_of = _levels({block.level for _, block in blocks if isinstance(block, Heading)})
    sections: list[Section] = []
    paths: list[tuple[Section, ...]] = []
    passages = [Passage(Kind.TITLE, "t", title, (), [], page, ocr)]
    subsections: Counter[int] = Counter()
    paragraphs: Counter[int] = Counter()
    for under, block in blocks:
        path = paths[under] if under >= 0 else ()
        if isinstance(block, Heading):
            subsections[under] += 1
            anchor = f"{path[-1].anchor}.{subsections[under]}" if path else str(subsections[under])
            part = part_of(block.heading) or (path[-1].part if path else OTHER_PART)
            section = Section(level_of[block.level], block.number, block.heading, block.text, anchor, part)
            sections.append(section)
            paths.append((*path, section))
            if not block.run_in:
                passages.append(
                    Passage(Kind.HEADING, anchor, block.text, paths[-1], [], block.page, block.ocr, find_statistics(block.text))
                )
        else:
            paragraphs[under] += block.piece == 1
            anchor = f"{path[-1].anchor if path else 0}.p{paragraphs[under]}" + (f"-{block.piece}" if block.piece > 1 else "")
            items = find_items(block.text, block.start)
            is_plan = any(section.part == PLANS for section in path)
            statistics = find_statistics(block.text, path[-1].heading if path else "", is_plan)
            passages.append(Passage(Kind.PARAGRAPH, anchor, block.text, path, items, block.page, block.ocr, statistics))
    return tuple(sections), tuple(_with_instruments(passages))


def _levels(found: Collection[int]) -> dict[int, int]:
    """Maps each level of a report's headings to its level from 1; levels above 一、 move the others down."""
    above = sorted(level for level in found if level < 1)
    return {level: above.index(level) + 1 if level < 1 else level + len(above) for level in found}


def _with_instruments(passages: Sequence[Passage]) -> Iterator[Passage]:
    """The passages with the instruments they name; that depends on what earlier passages defined."""
    for passage, named in zip(passages, name_instruments(passage.text for passage in passages), strict=True):
        yield replace(passage, instruments=named) if named else passage
