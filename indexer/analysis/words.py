"""Words, by jieba: the one module that imports it. What ranks sentences; never what decides whether a passage matches.

jieba is imported and its dictionary read at the first word that is asked for, so exact search never waits for it.
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexer.analysis.lexicon import words, words_text

if TYPE_CHECKING:
    from collections.abc import Iterable


def segmenter() -> str:
    """What cuts words, and with which word list: part of an index's fingerprint."""
    return f"jieba 0.42.1 {hashlib.sha256(words_text().encode()).hexdigest()[:8]}"


@cache
def _tokenizer() -> Any:
    """Jieba's tokenizer with a cache file of its own: jieba would read a predictable name in the shared temp folder with `marshal`."""
    import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(_cache_folder())
    tokenizer.initialize()
    for word in words():
        tokenizer.add_word(word)
    return tokenizer


def _cache_folder() -> Path:
    """A folder that only this user can write; a throw-away one where there is no home."""
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or Path.home() / ".cache"
    folder = Path(base) / "fazhi-search"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError:
        return Path(tempfile.mkdtemp(prefix="fazhi-search-"))
    return folder


def is_wordlike(text: str) -> bool:
    """Whether `text` holds a letter, a digit or a Han character."""
    return any(char.isalnum() for char in text)


def cut(folded: str) -> list[str]:
    """The words of a folded text in order; joined they give it back."""
    return list(_tokenizer().cut(folded))


def search_words(folded: str) -> list[str]:
    """The words of a folded text and the shorter words inside long ones, as they are indexed.

    Those without a letter, digit or Han character are left out.
    """
    return [word for word in _tokenizer().cut_for_search(folded) if is_wordlike(word)]


def bigrams(folded: str) -> list[str]:
    """Every two neighbouring code points, in order; in a run of one character every second pair, as occurrences do not overlap."""
    pairs: list[str] = []
    free = 0
    for start in range(len(folded) - 1):
        pair = folded[start : start + 2]
        if pair[0] == pair[1]:
            if start < free:
                continue
            free = start + 2
        pairs.append(pair)
    return pairs


def distinct(texts: Iterable[str]) -> list[str]:
    """Each text once, in order of first appearance."""
    return list(dict.fromkeys(texts))
