"""Finds picture files that are the pages of one report: scan-1.png and scan-2.png, 第1页.jpg and 第2页.jpg, a folder of nothing else."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.outline import chinese_number
from indexer.remarks import Remark

IMAGES = (".png", ".jpg", ".jpeg", ".tif", ".tiff")
_NUMBERED = re.compile(
    r"(?P<before>.*?)(?P<number>\d{1,4}|(?<=第)[一二三四五六七八九十]{1,3}(?=页))(?P<behind>\s*[页頁张)）\]】pP]?)", re.ASCII
)
_YEAR = range(1949, 2100)
_OTHER_THINGS = re.compile(r"(?:附件|附表|附录|附|图|表)\s*[-—_.]?$|\d$|\d{4}\s*[-—_.年]\s*\d{1,2}\s*[-—_.月]$", re.ASCII)
"""Numbers after these words do not count pages; nor do the last digits of a longer number or of a date."""
_NAMED = 12


@dataclass(frozen=True, slots=True)
class PageFiles:
    """The files of a folder that are the pages of one report: names in order, and the numbers in the names."""

    names: tuple[str, ...]
    numbers: tuple[int, ...]

    @property
    def first(self) -> str:
        """The name of the file that stands for the report."""
        return self.names[0]

    def among(self, names: Collection[str]) -> PageFiles | None:
        """The pages with these names only, None if fewer than two remain."""
        kept = [(name, number) for name, number in zip(self.names, self.numbers, strict=True) if name in names]
        return PageFiles(tuple(name for name, _ in kept), tuple(number for _, number in kept)) if len(kept) > 1 else None

    def remarks(self) -> Iterator[Remark]:
        """A remark that the files were taken for one report, and remarks on repeated and missing numbers."""
        yield Remark("page-files", count=len(self.names), first=self.names[0], last=self.names[-1])
        for number in sorted({number for number in self.numbers if self.numbers.count(number) > 1}):
            yield Remark("page-files-repeated", number=number)
        distinct = sorted(set(self.numbers))
        if distinct != list(range(distinct[0], distinct[0] + len(distinct))) or distinct[0] > 1:
            shown = ", ".join(map(str, distinct[:_NAMED])) + (", …" if len(distinct) > _NAMED else "")
            yield Remark("page-files-missing", numbers=shown)


def page_files(names: Collection[str]) -> list[PageFiles]:
    """The reports that consist of several picture files, among all files of a folder that are to be read.

    Files belong together if their names differ only in a number, which is not a year, and the lowest is 0 or 1. If the folder has no
    other files to be read, the numbers may begin anywhere, as those of cameras do.
    """
    groups: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for name in (name for name in names if Path(name).suffix.lower() in IMAGES):
        if match := _NUMBERED.fullmatch(Path(name).stem):
            number = int(match["number"]) if match["number"].isdecimal() else chinese_number(match["number"])
            if number is not None and not _OTHER_THINGS.search(match["before"]):
                groups.setdefault((match["before"].lower(), match["behind"].strip().lower()), []).append((number, name))
    found = []
    for group in groups.values():
        pages = sorted(group)
        numbers = tuple(number for number, _ in pages)
        alone = len(pages) == len(names)
        if len(set(numbers)) > 1 and not all(number in _YEAR for number in numbers) and (numbers[0] <= 1 or alone):
            found.append(PageFiles(tuple(name for _, name in pages), numbers))
    return found


def name_of(pages: PageFiles, folder: str) -> str:
    """The name of a report of several files: the common part of their names, or else the name of their folder."""
    match = _NUMBERED.fullmatch(Path(pages.first).stem)
    common = re.sub(r"[\s\-—_.(（\[【第]+$", "", match["before"]) if match else ""
    return (common or folder) + Path(pages.first).suffix
