"""Open files that somebody else may have replaced: a pipe or device must neither block the reader nor feed it for ever."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path


class NotRegular(OSError):
    """The path does not lead to a regular file."""


def open_regular(path: Path) -> int:
    """Open a regular file for reading bytes and return its handle.

    Raises:
        NotRegular: The path leads to a pipe, a device or a folder.
        OSError: It cannot be opened.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise NotRegular(errno.EINVAL, "it is no regular file", str(path))
    return handle


def read_regular(path: Path) -> bytes:
    """The content of a regular file.

    Raises:
        NotRegular: The path leads to a pipe, a device or a folder.
        OSError: It cannot be read.
    """
    with open(open_regular(path), "rb") as file:
        return file.read()
