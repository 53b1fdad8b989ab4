"""The reviewed word lists, to be edited by hand: words for the segmenter, synonyms, plain words with their official equivalents."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from indexer.analysis.fold import fold


def words_text() -> str:
    """The content of the word list."""
    return files(__name__).joinpath("words.txt").read_text(encoding="utf-8")


def words() -> list[str]:
    """The words, folded."""
    return [fold(line) for line in _lines(words_text())]


@cache
def synonyms() -> dict[str, tuple[str, ...]]:
    """Maps each folded term to the other folded terms of its group of synonyms, in the order of the file."""
    found: dict[str, tuple[str, ...]] = {}
    for line in _lines(files(__name__).joinpath("synonyms.txt").read_text(encoding="utf-8")):
        group = [fold(part) for part in line.split("=")]
        for writing in group:
            others = tuple(other for other in group if other != writing)
            found[writing] = tuple(dict.fromkeys((*found.get(writing, ()), *others)))
    return found


@cache
def official_words() -> dict[str, tuple[str, ...]]:
    """Maps each folded plain word to the folded official words that reports use for it; the file names the sources."""
    found: dict[str, tuple[str, ...]] = {}
    for line in _lines(files(__name__).joinpath("plain.tsv").read_text(encoding="utf-8")):
        plain, official, _source = line.split("\t")
        found[fold(plain)] = (*found.get(fold(plain), ()), fold(official))
    return found


@cache
def other_writings() -> dict[str, tuple[str, ...]]:
    """Maps each folded term to all that may be searched for as well: official words first, then synonyms."""
    official, same = official_words(), synonyms()
    return {writing: tuple(dict.fromkeys((*official.get(writing, ()), *same.get(writing, ())))) for writing in {**official, **same}}


def _lines(text: str) -> list[str]:
    return [line for line in map(str.strip, text.splitlines()) if line and not line.startswith("#")]
