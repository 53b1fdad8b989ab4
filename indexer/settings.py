"""Where the reports and the index are: as given to a command, otherwise as in the environment, otherwise in the default place."""

from __future__ import annotations

import os

CORPUS_VARIABLE, INDEX_VARIABLE = "FAZHI_CORPUS", "FAZHI_INDEX"
DEFAULT_CORPUS, DEFAULT_INDEX = "corpus", "var/index"


def corpus_location(named: str | None = None) -> str:
    """The folder of the reports; `named` is what the command was given, None for nothing."""
    return named if named is not None else os.environ.get(CORPUS_VARIABLE) or DEFAULT_CORPUS


def index_location(named: str | None = None) -> str:
    """The folder or address of the index; `named` is what the command was given, None for nothing."""
    return named if named is not None else os.environ.get(INDEX_VARIABLE) or DEFAULT_INDEX
