"""Where reports and index are: where a command says so, else where the environment does, else where everybody has them."""

from __future__ import annotations

import os

CORPUS_VARIABLE, INDEX_VARIABLE = "FAZHI_CORPUS", "FAZHI_INDEX"
DEFAULT_CORPUS, DEFAULT_INDEX = "corpus", "var/index"


def corpus_location(named: str | None = None) -> str:
    """The folder of the reports; None: it was not named."""
    return named if named is not None else os.environ.get(CORPUS_VARIABLE) or DEFAULT_CORPUS


def index_location(named: str | None = None) -> str:
    """The folder or address of the index; None: it was not named."""
    return named if named is not None else os.environ.get(INDEX_VARIABLE) or DEFAULT_INDEX
