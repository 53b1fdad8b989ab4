"""A file's bytes to its `Document`, by extension; open it to add a format."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from indexer.errors import RejectedFile
from indexer.loaders.document import Document

_LOADERS = {
    ".txt": ("text", "load_text"),
    ".md": ("text", "load_markdown"),
    ".html": ("html", "load_html"),
    ".htm": ("html", "load_html"),
    ".xhtml": ("html", "load_html"),
    ".shtml": ("html", "load_html"),
    ".mhtml": ("mhtml", "load_mhtml"),
    ".mht": ("mhtml", "load_mhtml"),
    ".docx": ("docx", "load_docx"),
    ".docm": ("docx", "load_docx"),
    ".dotx": ("docx", "load_docx"),
    ".doc": ("doc", "load_doc"),
    ".wps": ("doc", "load_doc"),
    ".rtf": ("rtf", "load_rtf"),
    ".pdf": ("pdf", "load_pdf"),
    ".ofd": ("ofd", "load_ofd"),
}
"""Module and function; a format's library is loaded when its first file comes."""
EXTENSIONS = frozenset(_LOADERS)
_SIGNATURES = {
    b"%PDF-": ((".pdf",), "a PDF"),
    b"PK\x03\x04": ((".docx", ".docm", ".dotx", ".ofd"), "a packed file such as .docx"),
    b"\xd0\xcf\x11\xe0": ((".doc", ".wps"), "an old Word file"),
    b"{\\rtf": ((".rtf",), "an RTF file"),
    b"\x89PNG": ((), "a picture"),
    b"\xff\xd8\xff": ((), "a picture"),
    b"GIF8": ((), "a picture"),
}
"""By how a file of a kind begins: the extensions that it may have, likeliest first, and what it is."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""What an encrypted .docx holds, packed as old Word files are ([MS-OFFCRYPTO] 2.3.4.4)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost."""

    seconds: float = 8.0
    memory: int = 1_500_000_000
    """Bytes of address space of the process that reads it; kept on systems with resource limits."""
    file_size: int = 50_000_000
    """Bytes; a report is a few dozen kilobytes."""
    text: int = 3_000_000
    """Characters that come out."""


def read_document(path: Path, limits: Limits) -> Document:
    """The text of a report file, by its extension. Run it in a worker where the format is complicated.

    Raises:
        RejectedFile: It cannot be read, is too large, holds no text, or is not what its extension says.
    """
    extension = path.suffix.lower()
    if extension not in _LOADERS:
        raise RejectedFile(path, f"{extension or 'no extension'}: expected one of {', '.join(sorted(EXTENSIONS))}")
    content = _read_bytes(path, limits)
    if not content.strip():
        raise RejectedFile(path, "the file is empty")
    for signature, (belongs_to, kind) in _SIGNATURES.items():
        if content.startswith(signature) and extension not in belongs_to:
            if _ENCRYPTED in content:
                raise RejectedFile(path, "it is encrypted with a password; open it in Word and save it without one")
            raise RejectedFile(
                path, f"it is {kind}, not {extension}; " + (f"name it {belongs_to[0]}" if belongs_to else "give the report's text")
            )
    try:
        document = _loader(extension)(content)
    except ValueError as error:
        raise RejectedFile(path, str(error)) from error
    size = sum(len(line.text) for line in document.lines)
    if size == 0:
        raise RejectedFile(path, "no text in it although it is not empty")
    size += sum(len(piece.text) for _, piece in document.left_out)
    if size > limits.text:
        raise RejectedFile(path, f"{size:,} characters of text; expected at most {limits.text:,}")
    return document


def _loader(extension: str) -> Callable[[bytes], Document]:
    module, function = _LOADERS[extension]
    loader: Callable[[bytes], Document] = getattr(import_module(f"indexer.loaders.{module}"), function)
    return loader


def _read_bytes(path: Path, limits: Limits) -> bytes:
    """The content of an ordinary file; a pipe or a device is not waited for."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(handle, "rb") as file:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                raise RejectedFile(path, "it is no ordinary file; put the report here as a file")
            if status.st_size > limits.file_size:
                raise RejectedFile(path, f"{status.st_size:,} bytes; expected at most {limits.file_size:,}")
            content = file.read(limits.file_size + 1)
            if len(content) != status.st_size:
                raise RejectedFile(path, "it changed while it was read; run reindex again", passing=True)
            return content
    except OSError as error:
        raise RejectedFile(path, f"it cannot be opened: {error.strerror or error}", passing=True) from error
    except ValueError as error:
        raise RejectedFile(path, f"it cannot be opened: {error}") from error
