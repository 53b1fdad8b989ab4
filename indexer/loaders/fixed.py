"""A text set right by hand, saved beside the file that it stands for: `x.fixed.txt` beside `x.html`."""

from __future__ import annotations

from pathlib import Path

FIXED = ".fixed.txt"
"""How its name ends; before that it is called as the file is without its extension."""


def is_fixed(name: str) -> bool:
    """Whether a file of this name is such a text."""
    return name.endswith(FIXED)


def fixed_beside(path: Path) -> Path | None:
    """The text that stands for that of a file, None without one. A link is none: it may lead out of the corpus."""
    fixed = path.with_name(path.stem + FIXED)
    return fixed if not is_fixed(path.name) and fixed.is_file() and not fixed.is_symlink() else None
