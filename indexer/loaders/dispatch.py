"""Chooses the loader of a file by its extension and returns its `Document`. Change this to add a format."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from indexer.errors import RejectedFile
from indexer.loaders.document import Document
from indexer.loaders.fixed import is_fixed
from indexer.loaders.ocr import engine
from indexer.loaders.page_files import IMAGES, PageFiles, page_files
from indexer.loaders.scanned import NotYetRead, ScannedPage
from indexer.regular_files import NotRegular, open_regular

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
    ".png": ("image", "load_image"),
    ".jpg": ("image", "load_image"),
    ".jpeg": ("image", "load_image"),
    ".tif": ("image", "load_image"),
    ".tiff": ("image", "load_image"),
}
"""Module and function by extension; a module and its libraries are imported when the first such file is read."""
EXTENSIONS = frozenset(_LOADERS)
_WORD = {".docx": "docx", ".docm": "docx", ".dotx": "docx", ".doc": "doc", ".wps": "doc"}
_MAY_BE_SCANS = (".pdf", *IMAGES, *_WORD)
"""Extensions whose loaders accept pages read by OCR."""
_SIGNATURES = {
    b"%PDF-": ((".pdf",), "a PDF"),
    b"PK\x03\x04": ((".docx", ".docm", ".dotx", ".ofd"), "a packed file such as .docx"),
    b"\xd0\xcf\x11\xe0": ((".doc", ".wps"), "an old Word file"),
    b"{\\rtf": ((".rtf",), "an RTF file"),
    b"\x89PNG": (IMAGES, "a picture"),
    b"\xff\xd8\xff": ((".jpg", *IMAGES), "a picture"),
    b"II*\0": ((".tif", *IMAGES), "a picture"),
    b"MM\0*": ((".tif", *IMAGES), "a picture"),
    b"GIF8": ((), "a picture"),
}
"""By the first bytes of a file: the extensions that it may have, likeliest first, and what it is."""
_PICTURES = "there are pictures in it and no text: a scan put into a document; save it as PDF, or its pictures as .png"
_PICTURE_SIGNS = (b"\x89PNG", b"\xff\xd8\xff", b"word/media/")
_CHANGED = "it changed while it was read; run reindex again"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""The name of a stream in an encrypted .docx, which is an OLE file like an old Word file ([MS-OFFCRYPTO] 2.3.4.4)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits for reading one file."""

    seconds: float = 8.0
    memory: int = 1_500_000_000
    """Bytes of address space of the process that reads it; enforced on systems with resource limits."""
    file_size: int = 50_000_000
    """Bytes; a report has a few dozen kilobytes."""
    text: int = 3_000_000
    """Characters of text."""


def is_ignored(name: str) -> bool:
    """Whether a file with this name is skipped: hidden, an office program's lock file, README, LICENSE, or an unsupported format."""
    return name.startswith((".", "~$")) or name.upper().startswith(("README", "LICENSE")) or Path(name).suffix.lower() not in EXTENSIONS


def pages_beside(path: Path) -> PageFiles | None:
    """The pages of the report to which a picture file belongs, None if it is a report by itself."""
    if path.suffix.lower() not in IMAGES:
        return None
    return next((pages for pages in page_files(files_of(path.parent)) if path.name in pages.names), None)


def files_of(folder: Path) -> list[str]:
    """The names in a folder that are to be read as reports, sorted; none if the folder cannot be listed."""
    try:
        return sorted(name for name in os.listdir(folder) if not is_ignored(name) and not is_fixed(name))
    except OSError:
        return []


def sha256_of_pages(digests: Sequence[str]) -> str:
    """The digest of a report whose pages are several files, made from their SHA-256 digests."""
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def read_document(
    path: Path,
    limits: Limits,
    scanned: Mapping[int, ScannedPage] = MappingProxyType({}),
    digest: str = "",
    pages: PageFiles | None = None,
) -> Document:
    """Read a report file by its extension. Run this in a worker if the format is complicated.

    Args:
        path: The file.
        limits: Limits for reading it.
        scanned: The result of OCR by page number, if the file is a scan.
        digest: The SHA-256 that the file had when OCR read it; "" to skip the comparison.
        pages: The files of its pages, if the report is several picture files.

    Raises:
        NotYetRead: OCR must read pages of the file first.
        RejectedFile: The file cannot be read, is too large, has no text, or is not what its extension says.
    """
    extension = path.suffix.lower()
    if extension not in _LOADERS:
        raise RejectedFile(path, f"{extension or 'no extension'}: expected one of {', '.join(sorted(EXTENSIONS))}")
    if pages is not None:
        return _read_pages(path, limits, scanned, digest, pages)
    content = _read_bytes(path, limits)
    _check_digest(path, content, digest)
    _check_kind(path, content)
    try:
        document = loader_of(extension)(content, scanned) if extension in _MAY_BE_SCANS else loader_of(extension)(content)
    except NotYetRead as error:
        raise error.of_file(hashlib.sha256(content).hexdigest()) from None
    except ValueError as error:
        raise RejectedFile(path, str(error)) from error
    size = sum(len(line.text) for line in document.lines)
    if size == 0:
        raise RejectedFile(path, _PICTURES if any(sign in content for sign in _PICTURE_SIGNS) else "no text in it although it is not empty")
    size += sum(len(piece.text) for _, piece in document.left_out)
    if size > limits.text:
        raise RejectedFile(path, f"{size:,} characters of text; expected at most {limits.text:,}")
    return document


def _check_kind(path: Path, content: bytes) -> None:
    """Reject a file that is empty, or not what its extension says."""
    extension = path.suffix.lower()
    if not content.strip():
        raise RejectedFile(path, "the file is empty")
    for signature, (belongs_to, kind) in _SIGNATURES.items():
        if content.startswith(signature) and extension not in belongs_to:
            if _ENCRYPTED in content:
                raise RejectedFile(path, "it is encrypted with a password; open it in Word and save it without one")
            raise RejectedFile(
                path, f"it is {kind}, not {extension}; " + (f"name it {belongs_to[0]}" if belongs_to else "give the report's text")
            )


def _read_pages(path: Path, limits: Limits, scanned: Mapping[int, ScannedPage], digest: str, pages: PageFiles) -> Document:
    """The text of a report whose pages are several picture files, with one file in memory at a time."""
    digests: list[str] = []

    def files() -> Iterator[tuple[str, bytes]]:
        for name in pages.names:
            try:
                content = _read_bytes(path.with_name(name), limits)
                _check_kind(path.with_name(name), content)
            except RejectedFile as error:
                raise RejectedFile(path, f"{name}: {error.reason}", passing=error.passing) from error
            digests.append(hashlib.sha256(content).hexdigest())
            yield name, content

    try:
        document: Document = import_module("indexer.loaders.image").load_images(files(), scanned)
    except NotYetRead as error:
        raise error.of_file(sha256_of_pages(digests)) from None
    except ValueError as error:
        raise RejectedFile(path, str(error)) from error
    if digest and digest != sha256_of_pages(digests):
        raise RejectedFile(path, _CHANGED, passing=True)
    return replace(document, remarks=[*document.remarks, *pages.remarks()])


def read_scanned_page(path: Path, page: int, limits: Limits, digest: str) -> ScannedPage:
    """Read a page of a scan, numbered from 1, by OCR. Run this in a worker.

    Raises:
        RejectedFile: The file cannot be opened, or does not have this SHA-256.
    """
    content = _read_bytes(path, limits)
    if kind := _WORD.get(path.suffix.lower()):
        content = _picture_in(path, content, kind, digest)
    _check_digest(path, content, digest)
    try:
        # The libraries that render and read pictures are imported when the first scan is read.
        from indexer.loaders.pictures import picture_of
        from indexer.loaders.scans import read_picture

        return read_picture(picture_of(content, page), engine())
    except ValueError as error:
        return ScannedPage(0.0, 0.0, unreadable=str(error))


def _picture_in(path: Path, content: bytes, kind: str, digest: str) -> bytes:
    """The picture with this SHA-256 in a Word file, or the file's own content if there is none."""
    pictures = getattr(import_module(f"indexer.loaders.{kind}"), f"pictures_in_{kind}")
    try:
        return next((picture for picture in pictures(content) if hashlib.sha256(picture).hexdigest() == digest), content)
    except ValueError as error:
        raise RejectedFile(path, str(error)) from error


def _check_digest(path: Path, content: bytes, digest: str) -> None:
    if digest and hashlib.sha256(content).hexdigest() != digest:
        raise RejectedFile(path, _CHANGED, passing=True)


def loader_of(extension: str) -> Callable[..., Document]:
    """What reads files of a kind; its module and those that it needs are imported when it is first wanted."""
    module, function = _LOADERS[extension]
    loader: Callable[..., Document] = getattr(import_module(f"indexer.loaders.{module}"), function)
    return loader


def _read_bytes(path: Path, limits: Limits) -> bytes:
    """The content of a regular file; never blocks on a pipe or a device."""
    try:
        with open(open_regular(path), "rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > limits.file_size:
                raise RejectedFile(path, f"{size:,} bytes; expected at most {limits.file_size:,}")
            content = file.read(limits.file_size + 1)
            if len(content) != size:
                raise RejectedFile(path, _CHANGED, passing=True)
            return content
    except NotRegular as error:
        raise RejectedFile(path, "it is no ordinary file; put the report here as a file") from error
    except OSError as error:
        raise RejectedFile(path, f"it cannot be opened: {error.strerror or error}", passing=True) from error
    except ValueError as error:
        raise RejectedFile(path, f"it cannot be opened: {error}") from error
