"""A cache of OCR results by the content of the file, so that no page is read twice: small files in a folder."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from contextlib import suppress
from pathlib import Path

import msgspec

from indexer.loaders import ScannedPage

log = logging.getLogger(__name__)

_LARGEST = 4_000_000
"""Largest entry in bytes; pages of real scans have 5,000 to 20,000."""
_MOST = 300_000_000
"""Limit of all entries in bytes; the least recently used are deleted first."""
_DIGEST = 64
_VERSION = 1
"""Raise it when `indexer.loaders.scans` draws or reads pages differently: cached pages are then read again."""

# As in `indexer.records`: prepared while modules are imported, in one thread.
_decoder = msgspec.json.Decoder(ScannedPage)


class PageMemory:
    """The pages that an engine read, in a folder that is created with the first entry.

    Each file begins with the SHA-256 of the rest: an entry damaged by a power failure or changed by anybody is ignored, and
    the page is read again.
    """

    def __init__(self, folder: Path, engine: str, *, writes: bool = True) -> None:
        self._folder, self._engine, self._writes = folder, engine, writes

    def get(self, digest: str, page: int) -> ScannedPage | None:
        """A page of the file with this SHA-256; None if it is not cached."""
        path = self._path(digest, page)
        try:
            with path.open("rb") as file:
                content = file.read(_LARGEST + 1)
            if len(content) > _LARGEST or content[:_DIGEST] != _sha256(content[_DIGEST:]):
                raise ValueError("not what was written")
            found = _decoder.decode(content[_DIGEST:])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, msgspec.MsgspecError) as error:
            log.info("%s: %s; the page is read again", path, error)
            return None
        if self._writes:
            with suppress(OSError):
                os.utime(path)
        return found

    def put(self, digest: str, page: int, found: ScannedPage) -> None:
        """Store a page. If that fails, for example on a full disk, the page is read again another time."""
        if not self._writes:
            return
        body = msgspec.json.encode(found)
        path = self._path(digest, page)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
                try:
                    file.write(_sha256(body) + body)
                    file.flush()
                    os.fsync(file.fileno())
                    file.close()
                    os.replace(file.name, path)
                except BaseException:
                    os.unlink(file.name)
                    raise
        except OSError as error:
            log.warning("what OCR read cannot be remembered: %s", error)

    def prune(self, most: int = _MOST) -> None:
        """Delete the least recently used entries until the rest has at most this many bytes."""
        if not self._writes:
            return
        known = []
        for path in self._folder.glob("*/*"):
            with suppress(OSError):
                found = path.stat()
                known.append((found.st_mtime_ns, found.st_size, path))
        held = sum(size for _, size, _ in known)
        for _, size, path in sorted(known):
            if held <= most:
                break
            with suppress(OSError):
                path.unlink()
                held -= size

    def _path(self, digest: str, page: int) -> Path:
        name = hashlib.sha256(f"{_VERSION}\n{self._engine}\n{digest}\n{page}".encode()).hexdigest()
        return self._folder / name[:2] / name


def _sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode("ascii")
