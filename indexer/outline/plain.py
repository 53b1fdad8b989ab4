"""The form of a text on which the reading rules are tried, so that they need to know one way of writing only."""

from __future__ import annotations

# The traditional forms of the characters that the rules of `outline` and `parsing` are written with; a test keeps this complete.
_TRADITIONAL = ""
_TABLE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_TABLE |= {ord(old): ord(new) for old, new in zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True)}
_TABLE |= {ord(space): ord(" ") for space in "\u3000\xa0\u2002\u2003\u2002\u2009\t"}


def plain(text: str) -> str:
    """The same text, code point for code point: ASCII for full-width forms and spaces, simplified for traditional characters."""
    return text.translate(_TABLE)
