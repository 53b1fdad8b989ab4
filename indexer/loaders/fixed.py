"""Text corrected by hand, stored beside the file that it replaces: `x.fixed.txt` beside `x.html`."""

from __future__ import annotations

from pathlib import Path

FIXED = ".fixed.txt"
"""Suffix of the corrected text's file name, after the original's name without extension."""


def is_fixed(name: str) -> bool:
    """Whether a file of this name is a corrected text."""
    return name.endswith(FIXED)


def fixed_beside(path: Path) -> Path | None:
    """The corrected text that replaces a file's own, None without one. Links are ignored: they may lead out of the corpus."""
    fixed = path.with_name(path.stem + FIXED)
    return fixed if not is_fixed(path.name) and fixed.is_file() and not fixed.is_symlink() else None
