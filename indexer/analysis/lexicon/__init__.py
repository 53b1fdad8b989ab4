"""The two reviewed word lists: words for the segmenter, and ways to write the same thing. Text files, to be edited."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from indexer.analysis.fold import fold


def words_text() -> str:
    """The list of words as it stands in the file."""
    return files(__name__).joinpath("words.txt").read_text(encoding="utf-8")


def words() -> list[str]:
    """The words, folded."""
    return [fold(line) for line in _lines(words_text())]


@cache
def synonyms() -> dict[str, tuple[str, ...]]:
    """For each folded writing the other folded writings of its group, in the order of the file."""
    found: dict[str, tuple[str, ...]] = {}
    for line in _lines(files(__name__).joinpath("synonyms.txt").read_text(encoding="utf-8")):
        group = [fold(part) for part in line.split("=")]
        for writing in group:
            others = tuple(other for other in group if other != writing)
            found[writing] = tuple(dict.fromkeys((*found.get(writing, ()), *others)))
    return found


def _lines(text: str) -> list[str]:
    return [line for line in map(str.strip, text.splitlines()) if line and not line.startswith("#")]
