"""Word segmentation by jieba or rjieba, its Rust port: the only module that imports them. Words rank sentences and never decide matches.

The segmenter is imported and its dictionary read when the first word is needed, so exact search never waits for it.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import sys
import tempfile
import threading
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, version
from operator import add
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexer.analysis.lexicon import words, words_text
from indexer.errors import BadPath

if TYPE_CHECKING:
    from collections.abc import Iterable


SEGMENTER_VARIABLE = "FAZHI_SEGMENTER"
"""Names the segmenter to use, `jieba` or `rjieba`; by default rjieba if it is installed."""

_LOADING = threading.Lock()


@cache
def segmenter() -> str:
    """The segmenter in use with its version: "jieba 0.42.1", or "rjieba …" with the extra `fast`; does not load it.

    Raises:
        BadPath: The variable names another segmenter, or one that is not installed.
    """
    wanted = os.environ.get(SEGMENTER_VARIABLE)
    for name in ("rjieba", "jieba"):
        if wanted in (None, name):
            try:
                return f"{name} {version(name)}"
            except PackageNotFoundError:
                continue
    raise BadPath(f"{SEGMENTER_VARIABLE}={wanted}: expected jieba, or rjieba where the extra `fast` is installed")


def word_list() -> str:
    """Identifies the dictionary: part of an index's fingerprint. Both segmenters have the same one."""
    return f"jieba {hashlib.sha256(words_text().encode()).hexdigest()[:8]}"


def prepare() -> None:
    """Begin to load the dictionary in the background; calls that need words wait until it is there.

    Raises:
        BadPath: See `segmenter`.
    """
    segmenter()
    threading.Thread(target=_tokenizer, daemon=True).start()


@cache
def _tokenizer() -> Any:
    """The segmenter; of several threads that need it first, one loads it and the others wait."""
    with _LOADING:
        return _loaded()


@cache
def _loaded() -> Any:
    """The segmenter with its dictionary loaded and our words added; safe to share between threads."""
    if segmenter().startswith("rjieba"):
        # The module has its own tokenizer, whose dictionary is read on import: a second one would take as long and 25 MB again.
        import rjieba

        tokenizer: Any = rjieba
    else:
        # If pkg_resources is available, jieba opens its files through it, and importing it takes a fifth of a second.
        hidden = "pkg_resources" not in sys.modules
        if hidden:
            sys.modules["pkg_resources"] = None  # type: ignore[assignment]  # marks a module as not being there
        try:
            import jieba
        finally:
            if hidden:
                del sys.modules["pkg_resources"]

        jieba.setLogLevel(logging.WARNING)
        tokenizer = jieba.Tokenizer()
        # By default jieba would load a file with a predictable name in the shared temp folder with `marshal`.
        tokenizer.tmp_dir = str(_cache_folder())
        tokenizer.initialize()
    for word in words():
        tokenizer.add_word(word, None, None)
    return tokenizer


def _cache_folder() -> Path:
    """A folder that only this user can write to; a temporary one if there is no home."""
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
    """The words of a folded text in order; joined, they are the text."""
    return [word for piece in _pieces(folded) for word in _tokenizer().cut(piece)]


def search_words(folded: str) -> list[str]:
    """The words of a folded text and the shorter words inside long ones, as they are indexed.

    Words without a letter, digit or Han character are left out.
    """
    return [word for word in raw_search_words(folded) if is_wordlike(word)]


def raw_search_words(folded: str) -> Iterable[str]:
    """`search_words`, including those without a letter, digit or Han character."""
    return (word for piece in _pieces(folded) for word in _tokenizer().cut_for_search(piece))


@lru_cache(100_000)
def inner_words(word: str) -> int:
    """How many shorter words `raw_search_words` yields for a word before the word itself."""
    tokenizer = _tokenizer()
    if (found := list(tokenizer.cut_for_search(word)))[-1] == word:
        return len(found) - 1
    # It is cut as one word only in context. The shorter words looked for in it are words of the dictionary.
    known = tokenizer.has_word if segmenter().startswith("rjieba") else tokenizer.FREQ.get
    sizes = (size for size in (2, 3) if size < len(word))
    return sum(bool(known(word[at : at + size])) for size in sizes for at in range(len(word) - size + 1))


MARKS = ',。;、:!?()《》“”‘’"\n '
"""Punctuation that no word spans, whatever the segmenter."""
_PIECE = re.compile(rf".{{1,1000}}(?<=[{MARKS}\s])|.{{1,1000}}", re.DOTALL)


def _pieces(folded: str) -> list[str]:
    """The text in pieces of at most 1,000 code points, cut after punctuation or white space where possible; words never span these.

    jieba's time for a run of unknown characters grows with the square of its length: 70,000 take more than a minute.
    """
    return [folded] if len(folded) <= 1000 else _PIECE.findall(folded)


_DOUBLED = re.compile(r"(.)\1", re.DOTALL)


def bigrams(folded: str) -> list[str]:
    """Every pair of neighbouring code points, in order; in a run of one character every second pair, so that occurrences do not overlap."""
    if _DOUBLED.search(folded) is None:
        return list(map(add, folded, folded[1:]))
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
