"""Files to text: bytes end here. A module per format; each gives a `Document`, lines in the order of the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from indexer.errors import RejectedFile

MAX_BYTES = 50_000_000
"""A report is a few dozen kilobytes; what is larger than this is no report."""


@dataclass(frozen=True, slots=True)
class Document:
    """The text of a file as lines; what is a line is what the format says: a line, a block, a table row."""

    lines: list[str]
    """Stripped, not empty, in order."""
    encoding: str | None
    format: str
    titles: list[str] = field(default_factory=list)
    """What the file itself calls its title, likeliest first."""
    body_start: int = 0
    """The number of the first line of what the page is about; before it stand navigation and metadata."""


def load(path: Path) -> Document:
    """The text of a report file, by its extension.

    Raises:
        RejectedFile: It cannot be read, is too large, holds no text, or is of a kind that is not read.
    """
    loader = _LOADERS.get(path.suffix.lower())
    if loader is None:
        raise RejectedFile(path, f"{path.suffix or 'no extension'}: expected one of {', '.join(sorted(EXTENSIONS))}")
    try:
        if not path.is_file():
            raise RejectedFile(path, "it is no ordinary file; put the report here as a file")
        if (size := path.stat().st_size) > MAX_BYTES:
            raise RejectedFile(path, f"{size:,} bytes; expected at most {MAX_BYTES:,}")
        content = path.read_bytes()
    except OSError as error:
        raise RejectedFile(path, f"it cannot be opened: {error.strerror or error}") from error
    if not content.strip():
        raise RejectedFile(path, "the file is empty")
    try:
        document = loader(content)
    except ValueError as error:
        raise RejectedFile(path, str(error)) from error
    if not document.lines:
        raise RejectedFile(path, "no text in it although it is not empty")
    return document


def _load_text(content: bytes) -> Document:
    from indexer.loaders.text import load_text

    return load_text(content)


def _load_html(content: bytes) -> Document:
    # selectolax is needed for web pages alone.
    from indexer.loaders.html import load_html

    return load_html(content)


_LOADERS: dict[str, Callable[[bytes], Document]] = {
    ".txt": _load_text,
    ".html": _load_html,
    ".htm": _load_html,
}
EXTENSIONS = frozenset(_LOADERS)

__all__ = ["EXTENSIONS", "MAX_BYTES", "Document", "load"]
