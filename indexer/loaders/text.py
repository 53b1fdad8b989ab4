"""Plain text: decoding that is exact or refuses, and lines."""

from __future__ import annotations

import re

from indexer.loaders import Document

_LINE_ENDS = re.compile(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def load_text(content: bytes) -> Document:
    """A text file's lines.

    Raises:
        ValueError: It is no UTF-8 text.
    """
    text, encoding = decode(content)
    return Document(lines_of(text), encoding, "txt")


def decode(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding.

    Raises:
        ValueError: It cannot be decoded, or holds what no text holds.
    """
    encoding = "utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "utf-8"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise ValueError(f"it is no UTF-8 text (byte {error.start + 1}); save it as UTF-8") from error
    if control := _CONTROLS.search(text):
        raise ValueError(f"it holds the control character U+{ord(control[0]):04X}; expected text")
    return text, encoding


def lines_of(text: str) -> list[str]:
    """The lines that hold something, white space at their ends stripped."""
    return [line for line in map(str.strip, _LINE_ENDS.split(text)) if line]
