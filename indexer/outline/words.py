"""Word lists as text, so that long ones stay readable."""

from __future__ import annotations


def words(text: str) -> tuple[str, ...]:
    """The words of a text, apart by white space."""
    return tuple(text.split())
