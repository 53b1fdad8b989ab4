"""Word lists as text, which keeps long ones readable."""

from __future__ import annotations


def words(text: str) -> tuple[str, ...]:
    """The words of a text, separated by white space."""
    return tuple(text.split())
